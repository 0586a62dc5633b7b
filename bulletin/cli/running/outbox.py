"""`bulletin outbox`: what is on its way to places elsewhere, and what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.shared_options import json_option, output_option, station_argument

if TYPE_CHECKING:
    from bulletin.archive.archive import Archive
    from bulletin.archive.ledgers.outbox import Outbox, OutboxItem
    from bulletin.config.load_profile import LoadedProfile
    from bulletin.delivery.delivery_result import DeliveryResult
    from bulletin.delivery.sender import Sender

DELIVERIES_WITHIN_S = 180.0
"""What takes longer stays in the outbox, for the next run or the service."""
_SHOWN = 10


_ALL = "all"


@click.command("outbox")
@station_argument
@output_option
@click.option("--all", "shows_all", is_flag=True, help="Of every station of the output folder.")
@click.option(
    "--retry",
    is_flag=False,
    flag_value=_ALL,
    metavar="[NUMBER]",
    help="Try what waits now, however long its pause; or this piece, though it was given up or dropped.",
)
@click.option(
    "--drop",
    multiple=True,
    metavar="NUMBER|STATION",
    help="Strike a piece, or all that a station has in the outbox: it will not be there, and you know.",
)
@json_option
def command(
    station: str | None,
    output: Path,
    shows_all: bool,
    retry: str | None,
    drop: tuple[str, ...],
    as_json: bool,
) -> None:
    """
    Show what waits for the places of STATION's [[deliveries]], and what last went where.
    A place whose password is not set here is left to the service, which is told to try it now.

    \b
    Exit codes: 0 all is where it should be, 7 something waits after a failure,
    or was given up and neither tried again nor dropped.
    """
    from bulletin.archive.ledgers.outbox import Outbox, OutboxState
    from bulletin.cli.output.json_output import print_json
    from bulletin.config.load_profile import load_profile
    from bulletin.errors import OutletError
    from bulletin.station.station import STATE, open_archive

    if not (output / STATE).is_dir():
        raise click.UsageError(f"{output}: no bulletin was made there yet; or name the folder with --output")
    station, number = _read_retry(station, retry)
    if retry and (drop or shows_all):
        raise click.UsageError("--retry is for one station, and goes neither with --drop nor with --all")
    loaded = None if shows_all or (drop and not station) else load_profile(station, only_looks=True)
    with open_archive(output) as archive:
        outbox = Outbox(archive)
        tried = list(_retry(loaded, archive, output, number)) if loaded and retry else []
        dropped = _drop(outbox, drop)
        rows = outbox.rows(loaded.id if loaded else None)
        orphans = _orphans(outbox, loaded) if loaded else []
    if as_json:
        print_json({"pieces": [_data(piece) for piece in rows]})
    else:
        for line in (*dropped, *tried, *_lines(rows), *orphans):
            click.echo(line)
    if any(
        piece.state is OutboxState.GIVEN_UP or (piece.state is OutboxState.WAITING and piece.tries)
        for piece in rows
    ):
        sys.exit(OutletError.exit_code)


def _orphans(outbox: Outbox, loaded: LoadedProfile) -> list[str]:
    """What is left of stations that were renamed, or are no more: nobody else would tell of it."""
    from bulletin.config.load_profile import station_id

    known = {loaded.id, *(station_id(path) for path in loaded.path.parent.glob("*.toml"))}
    return [
        f'Of "{name}", which has no profile beside {loaded.path}, something is left in the outbox: '
        f"if it was renamed or is no more, `bulletin outbox --drop {name}`; `bulletin outbox --all` shows what it is."
        for name in outbox.stations()
        if name not in known
    ]


def _read_retry(station: str | None, retry: str | None) -> tuple[str | None, int | None]:
    """`--retry hill.toml`: what follows the option need not be its number."""
    if retry is None or retry == _ALL:
        return station, None
    if retry.isdecimal():
        return station, int(retry)
    if station:
        raise click.UsageError(
            f'--retry "{retry}": the number of a piece is wanted, as `bulletin outbox` shows it'
        )
    return retry, None


def _retry(loaded: LoadedProfile, archive: Archive, output: Path, number: int | None) -> Iterator[str]:
    """What came of it, place by place; where a secret is not set here, the service shall try it at once."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from bulletin.delivery.sender import sender_of
    from bulletin.station.station import STATE

    sender = sender_of(loaded, folder=output / loaded.id, state=output / STATE, archive=archive)
    sender.note()
    if number is not None:
        _revive(sender.outbox, sender, number)
    wants = {route.name: loaded.lacks("deliveries", n) for n, route in enumerate(sender.routes)}
    able = tuple(route for route in sender.routes if not wants[route.name])
    yield from tell_sent(replace(sender, routes=able).send(is_asked=True))
    for name, secrets in wants.items():
        if secrets and sender.outbox.hasten(sender.station, name, now=datetime.now(UTC)):
            yield f"left to the service, which tries it at once: {name}, for want of {' and '.join(secrets)} here"


def _revive(outbox: Outbox, sender: Sender, number: int) -> None:
    from datetime import UTC, datetime

    from bulletin.archive.ledgers.outbox import OutboxAction, OutboxState

    piece = _find(outbox, number)
    route = next((one for one in sender.routes if one.name == piece.delivery), None)
    if piece.station != sender.station:
        raise click.UsageError(
            f'--retry {number}: that piece is of the station "{piece.station}", not "{sender.station}"; '
            f"name its profile, or strike it: --drop {number}"
        )
    if route is None:
        raise click.UsageError(
            f'--retry {number}: the profile has no delivery "{piece.delivery}" any more; strike it: --drop {number}'
        )
    if piece.state is OutboxState.DONE:
        raise click.UsageError(f"--retry {number}: that piece is done{_why(piece)}; nothing is to be tried")
    known = outbox.known(piece.station, piece.delivery, OutboxAction.PUBLISH)
    is_past = any(one.id > piece.id and one.state is OutboxState.DONE for one in known)
    if piece.action is OutboxAction.PUBLISH and route.delivery.is_newest_only and is_past:
        raise click.UsageError(
            f"--retry {number}: a newer bulletin is at {piece.delivery} already; strike it: --drop {number}"
        )
    if piece.state is not OutboxState.WAITING:
        outbox.revive(piece, now=datetime.now(UTC))


def _drop(outbox: Outbox, wanted: Iterable[str]) -> list[str]:
    from datetime import UTC, datetime

    from bulletin.archive.ledgers.outbox import OutboxState

    told = []
    for one in wanted:
        if one.isdecimal():
            pieces: tuple[OutboxItem, ...] = (_find(outbox, int(one)),)
            if pieces[0].state not in (OutboxState.WAITING, OutboxState.GIVEN_UP):
                raise click.UsageError(
                    f"--drop {one}: that piece is {pieces[0].state}{_why(pieces[0])}; nothing is to be struck"
                )
        else:
            pieces = outbox.troubles(one.removesuffix(".toml"))
            if not pieces:
                raise click.UsageError(
                    f'--drop "{one}": nothing of such a station waits or was given up; '
                    "`bulletin outbox --all` shows what does"
                )
        for piece in pieces:
            outbox.finish(
                piece,
                now=datetime.now(UTC),
                state=OutboxState.DROPPED,
                note=f"dropped by hand; {piece.note}".rstrip("; "),
            )
            still = ": it stays there" if piece.action.value == "withdraw" else ""
            told.append(f"dropped {piece.id}  {piece.station}  {piece.delivery}  {_what(piece)}{still}")
    return told


def _find(outbox: Outbox, number: int) -> OutboxItem:
    piece = outbox.find(number)
    if piece is None:
        raise click.UsageError(f"{number}: the outbox has no such piece; `bulletin outbox --all` shows all")
    return piece


def tell_sent(sent: Iterable[DeliveryResult]) -> Iterator[str]:
    """What just went out, and what did not, in a line each."""
    from bulletin.delivery.delivery_result import DeliveryOutcome

    for one in sent:
        what = "withdrawn from" if one.action.value == "withdraw" else "delivered to"
        if one.result is DeliveryOutcome.SENT:
            yield f"{what} {one.delivery}: {one.title or 'the folder as it is now'}"
        elif one.result is not DeliveryOutcome.SKIPPED:
            yield f"not {what} {one.delivery}: {one.note.removeprefix(f'{one.delivery}: ')}"


def exit_if_undelivered(sent: Iterable[DeliveryResult]) -> None:
    """Exit code 7 where a place of [[deliveries]] has not got what is published here."""
    if code := undelivered_code(sent):
        click.echo(
            "bulletin: published here, but not delivered everywhere: the outbox keeps it, and the service or the next "
            "run tries again (`bulletin outbox --retry` at once)",
            err=True,
        )
        sys.exit(code)


def undelivered_code(sent: Iterable[DeliveryResult]) -> int:
    """0 when every place has got everything."""
    from bulletin.errors import DeliveryError

    return DeliveryError.exit_code if any(one.is_missing for one in sent) else 0


def sent_data(sent: Iterable[DeliveryResult]) -> list[dict[str, Any]]:
    """For `--json`."""
    return [
        {
            "delivery": one.delivery,
            "action": one.action.value,
            "title": one.title,
            "result": one.result.value,
            "note": one.note,
            "tries": one.tries,
        }
        for one in sent
    ]


def _lines(rows: tuple[OutboxItem, ...]) -> Iterator[str]:
    waiting = [piece for piece in rows if piece.state.value == "waiting"]
    ended = [piece for piece in rows if piece.state.value != "waiting"]
    given_up = [piece for piece in ended[:-_SHOWN] if piece.state.value == "given-up"]
    for piece in (*given_up, *ended[-_SHOWN:], *waiting):
        at = piece.done_at or piece.next_try_at
        when = f"{at:%d %b %H:%M} UTC"
        times = {0: "not tried yet", 1: "tried once"}.get(piece.tries, f"tried {piece.tries} times")
        tried = f"; {times}, again {when}" if piece.tries else f"; {times}"
        tried = tried if piece.done_at is None else f" {when}"
        yield (
            f"{piece.id}  {piece.station}  {piece.delivery}  {_what(piece)}  {piece.state}{tried}{_why(piece)}"
        )
    if not waiting:
        yield "Nothing waits."


def _what(piece: OutboxItem) -> str:
    return f"{'' if piece.action.value == 'publish' else 'withdraw '}{piece.title or piece.guid}"


def _why(piece: OutboxItem) -> str:
    return f": {piece.note.removeprefix(f'{piece.delivery}: ')}" if piece.note else ""


def _data(piece: OutboxItem) -> dict[str, Any]:
    return {
        "id": piece.id,
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
