"""`bulletin outbox`: deliveries that are pending or failed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxItem, OutboxState
from bulletin.cli import shared_options as options
from bulletin.cli.output.print_delivery_results import sent_lines
from bulletin.cli.output.text_or_json_answer import Answer, to_data
from bulletin.config.load_profile import LoadedProfile, load_profile, station_id
from bulletin.delivery.retry_deliveries import find_delivery, retry_deliveries, revive, why
from bulletin.delivery.send_deliveries import Sender
from bulletin.errors import BulletinError, OutletError
from bulletin.station.open_archive import open_archive_of, open_archive_of_all
from bulletin.station.open_sender import open_sender

_ALL = "all"


@click.group("outbox", cls=options.VerbGroup, default="list", old_options={"--retry": "retry"})
def command() -> None:
    """
    Show, retry or remove pending deliveries to a station's [[deliveries]].

    \b
    Exit codes: 0 everything is delivered, 7 a delivery failed and waits, or was
    given up and neither retried nor removed.
    """


@command.command("list")
@options.station_argument
@options.output_option
@options.all_option(also="deliveries of other stations")
@click.option("--drop", multiple=True, hidden=True, help="bulletin outbox remove")
@options.answer_options
def list_(station: str | None, output: Path, everything: bool, drop: tuple[str, ...], answer: Answer) -> None:
    """Show pending and failed deliveries, and the last ones that were made."""
    if drop:
        options.old_spelling("bulletin outbox --drop", "bulletin outbox remove")
    _work(station, output, everything=everything, drop=drop, answer=answer)


@command.command("retry")
@click.argument("names", nargs=-1, metavar="[NUMBER] [STATION]")
@click.option("--station", metavar="STATION", help="Same as the argument STATION.")
@options.output_option
@options.answer_options
def retry(names: tuple[str, ...], station: str | None, output: Path, answer: Answer) -> None:
    """
    Retry pending deliveries now, or delivery NUMBER even if it was given up or removed.

    If the password of a delivery is not set in this environment, the service retries it immediately. The deliveries of
    a group are retried by its workers.
    """
    numbers = [name for name in names if name.isdecimal()]
    stations = [name for name in (*names, station) if name and not name.isdecimal()]
    if len(numbers) > 1 or len(stations) > 1:
        raise click.UsageError("write one NUMBER and one STATION at most; see `bulletin outbox`")
    _work(next(iter(stations), None), output, retry=numbers[0] if numbers else _ALL, answer=answer)


@command.command("remove")
@click.argument("names", nargs=-1, metavar="NUMBER|STATION...")
@click.option("--station", metavar="STATION", help="Same as the argument STATION.")
@options.output_option
@options.answer_options
def remove(names: tuple[str, ...], station: str | None, output: Path, answer: Answer) -> None:
    """
    Remove delivery NUMBER, or all pending deliveries of STATION, without making them.

    Beside a NUMBER, STATION is only the station whose deliveries are listed after the removal.
    """
    numbers = [name for name in names if name.isdecimal()]
    stations = list(dict.fromkeys(name for name in (*names, station) if name and name not in numbers))
    if not (numbers or stations) or (len(stations) > 1 and (station or numbers)):
        raise click.UsageError("write NUMBER or one STATION; `bulletin outbox` prints the numbers")
    # with its suffix a station whose name is a number is no delivery
    drop = numbers or [f"{name.removesuffix('.toml')}.toml" for name in stations]
    _work(stations[0] if numbers and stations else None, output, drop=drop, answer=answer)


def _work(
    station: str | None,
    output: Path,
    *,
    everything: bool = False,
    retry: str = "",
    drop: Sequence[str] = (),
    answer: Answer,
) -> None:
    """Retry or remove deliveries, then list the outbox; exits with 7 while a delivery needs attention."""
    loaded = None if everything or (drop and not station) else load_profile(station, only_looks=True)
    if loaded is None or not loaded.profile.group.is_on:
        options.require_state(output)
    opened = open_archive_of(loaded, output=output) if loaded else open_archive_of_all(output)
    with opened as archive:
        outbox = Outbox(archive)
        retried = list(_retry(loaded, archive, output, retry)) if loaded and retry else []
        removed = list(_remove(outbox, drop))
        rows = outbox.rows(loaded.id if loaded else None)
        orphans = _orphans(outbox, loaded) if loaded else []
    lines = (*removed, *retried, *orphans, *_lines(rows))
    answer.print({"pieces": to_data(rows)}, lines, everything=everything)
    waiting = any(piece.state is OutboxState.WAITING and piece.tries for piece in rows)
    if waiting or any(piece.state is OutboxState.GIVEN_UP for piece in rows):
        sys.exit(OutletError.exit_code)


def _orphans(outbox: Outbox, loaded: LoadedProfile) -> list[str]:
    """Deliveries of stations without a profile: renamed or deleted ones, which no other command shows."""
    known = {loaded.id, *(station_id(path) for path in loaded.path.parent.glob("*.toml"))}
    return [
        f'"{name}" has deliveries in the outbox, but no profile beside {loaded.path}; if the station was '
        f"renamed or deleted: `bulletin outbox remove {name}` (`bulletin outbox list --all` shows them)."
        for name in outbox.stations()
        if name not in known
    ]


def _retry(loaded: LoadedProfile, archive: Archive, output: Path, number: str) -> Iterator[str]:
    """A line for each result; a delivery whose secret is not set here is left to the service, a group's to its workers."""
    sender = open_sender(loaded, output=output, archive=archive)
    unset = {route.name: loaded.lacks("deliveries", n) for n, route in enumerate(sender.routes)}
    unable = [name for name, secrets in unset.items() if secrets]
    chosen = None if number == _ALL else int(number)
    if loaded.profile.group.is_on:
        yield from _leave_to_workers(sender, chosen)
        return
    yield from sent_lines(retry_deliveries(sender, number=chosen, now=datetime.now(UTC), without=unable))
    for name, secrets in unset.items():
        if secrets and sender.outbox.hasten(sender.station, name, now=datetime.now(UTC)):
            yield f"{name}: not retried here, because {' and '.join(secrets)} is not set; the service retries now"


def _leave_to_workers(sender: Sender, number: int | None) -> Iterator[str]:
    """A line for each destination: the files on this machine may be older, or placeholders."""
    now = datetime.now(UTC)
    if number is not None:
        revive(sender, number, now=now)
    for route in sender.routes:
        if sender.outbox.hasten(sender.station, route.name, now=now):
            yield f"{route.name}: not retried here, because a worker of the group retries now"


def _remove(outbox: Outbox, names: Iterable[str]) -> Iterator[str]:
    """A line for each removed delivery."""
    for name in names:
        station = station_id(Path(f"{name.removesuffix('.toml')}.toml"))
        pieces = (find_delivery(outbox, int(name)),) if name.isdecimal() else outbox.troubles(station)
        if not pieces:
            raise BulletinError(
                f'station "{station}" has no pending deliveries; `bulletin outbox list --all` lists those of all'
            )
        for piece in pieces:
            if piece.state not in (OutboxState.WAITING, OutboxState.GIVEN_UP):
                raise BulletinError(f"delivery {name}: nothing to remove, it waits no more ({piece.state})")
            note = f"removed by hand ({piece.note})".removesuffix(" ()")
            outbox.finish(piece, now=datetime.now(UTC), state=OutboxState.DROPPED, note=note)
            still = ": it stays there" if piece.action is OutboxAction.WITHDRAW else ""
            yield f"removed {piece.id}  {piece.station}  {piece.delivery}  {_what(piece)}{still}"


def _lines(rows: tuple[OutboxItem, ...]) -> Iterator[str]:
    """Deliveries that need attention first, then the last ones that were made."""
    pending = [piece for piece in rows if piece.state in (OutboxState.WAITING, OutboxState.GIVEN_UP)]
    ended = [piece for piece in reversed(rows) if piece not in pending]
    for piece in (*pending, *ended):
        when = f"{piece.done_at or piece.next_try_at:%d %b %H:%M} UTC"
        times = {0: "not tried yet", 1: "tried once"}.get(piece.tries, f"tried {piece.tries} times")
        again = f", again {when}" if piece.tries else ""
        tried = f" {when}" if piece.done_at else f"; {times}{again}"
        what = _what(piece)
        yield f"{piece.id}  {piece.station}  {piece.delivery}  {what}  {piece.state}{tried}{why(piece)}"
    if all(piece.state is not OutboxState.WAITING for piece in rows):
        yield "No pending deliveries."


def _what(piece: OutboxItem) -> str:
    return f"{'' if piece.action is OutboxAction.PUBLISH else 'withdraw '}{piece.title or piece.guid}"
