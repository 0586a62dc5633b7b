"""`bulletin outbox`: what is on its way to places elsewhere, and what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.options import json_option, output_option, station_argument

if TYPE_CHECKING:
    from bulletin.archive.outbox import Piece
    from bulletin.sending import Sent

DELIVERIES_WITHIN_S = 180.0
"""What takes longer stays in the outbox, for the next run or the service."""
_SHOWN = 10


@click.command("outbox")
@station_argument
@output_option
@click.option("--all", "shows_all", is_flag=True, help="Of every station of the output folder.")
@click.option("--retry", is_flag=True, help="Try what waits now, however long its pause.")
@json_option
def command(station: str | None, output: Path, shows_all: bool, retry: bool, as_json: bool) -> None:
    """
    Show what waits for the places of STATION's [[deliveries]], and what last went where.

    Exits 7 when something could not be delivered.
    """
    from bulletin.archive.outbox import Outbox, State
    from bulletin.cli.data import print_json
    from bulletin.config.load import load_profile
    from bulletin.errors import OutletError
    from bulletin.sending import sender_of
    from bulletin.station import STATE, open_archive

    if not (output / STATE).is_dir():
        raise click.UsageError(f"{output}: no bulletin was made there yet; or name the folder with --output")
    loaded = None if shows_all else load_profile(station)
    with open_archive(output) as archive:
        sent: tuple[Sent, ...] = ()
        if loaded:
            folder, state = output / loaded.id, output / STATE
            sender = sender_of(loaded, folder=folder, state=state, archive=archive)
            if retry:
                sender.note()
                sent = sender.send(is_asked=True)
        rows = Outbox(archive).rows(loaded.id if loaded else None)
    if as_json:
        print_json({"pieces": [_data(piece) for piece in rows]})
    else:
        for line in (*tell_sent(sent), *_lines(rows)):
            click.echo(line)
    is_bad = any(
        piece.state is State.GIVEN_UP or (piece.state is State.WAITING and piece.tries) for piece in rows
    )
    if is_bad and rows:
        sys.exit(OutletError.exit_code)


def tell_sent(sent: Iterable[Sent]) -> Iterator[str]:
    """What just went out, and what did not, in a line each."""
    from bulletin.sending import Result

    for one in sent:
        what = "withdrawn from" if one.action.value == "withdraw" else "delivered to"
        if one.result is Result.SENT:
            yield f"{what} {one.delivery}: {one.title}"
        elif one.result is not Result.SKIPPED:
            yield f"not {what} {one.delivery}: {one.note}"


def _lines(rows: tuple[Piece, ...]) -> Iterator[str]:
    waiting = [piece for piece in rows if piece.state.value == "waiting"]
    ended = [piece for piece in rows if piece.state.value != "waiting"][-_SHOWN:]
    for piece in (*ended, *waiting):
        at = piece.done_at or piece.next_try_at
        when = f"{at:%d %b %H:%M} UTC"
        what = "" if piece.action.value == "publish" else "withdraw "
        tried = f"; tried {piece.tries} times, again {when}" if piece.done_at is None else f" {when}"
        note = f": {piece.note}" if piece.note else ""
        yield f"{piece.station}  {piece.delivery}  {what}{piece.title or piece.guid}  {piece.state}{tried}{note}"
    if not waiting:
        yield "Nothing waits."


def _data(piece: Piece) -> dict[str, Any]:
    return {
        "station": piece.station,
        "delivery": piece.delivery,
        "guid": piece.guid,
        "action": piece.action.value,
        "title": piece.title,
        "due": piece.due.isoformat() if piece.due else None,
        "state": piece.state.value,
        "tries": piece.tries,
        "next_try_at": piece.next_try_at.isoformat(),
        "note": piece.note,
        "created_at": piece.created_at.isoformat(),
        "done_at": piece.done_at.isoformat() if piece.done_at else None,
    }
