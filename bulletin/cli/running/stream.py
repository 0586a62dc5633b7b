"""`bulletin stream`: a bulletin on the station's live stream."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bulletin.cli.output.answer import Answer
from bulletin.cli.shared_options import answer_options, output_option, parse_at, station_argument

if TYPE_CHECKING:
    from bulletin.config.load_profile import LoadedProfile
    from bulletin.service.streams.stream_slot import Find, ReadyBulletin
    from bulletin.streaming.stream_port import StreamSent


@click.command("stream")
@station_argument
@output_option
@click.option("--at", callback=parse_at, metavar="HH:MM", help="Time on air, instead of the next slot.")
@click.option("--now", "is_now", is_flag=True, help="Send it at once.")
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Send this sound file, instead of the newest valid bulletin.",
)
@answer_options
def command(
    station: str | None, output: Path, at: str | None, is_now: bool, file: Path | None, answer: Answer
) -> None:
    """
    Wait for STATION's next slot and put the newest valid bulletin on its stream, exactly on time.

    The stream is [stream] of the profile; `bulletin serve` does this at every slot. A slot of up to `late_s`
    ago (a minute) still counts.

    \b
    Exit codes: 0 sent to its end, 3 bad configuration, 7 no valid bulletin, or
    the stream refused it.
    """
    from datetime import UTC, timedelta

    from bulletin.config.load_profile import load_profile
    from bulletin.errors import ConfigError
    from bulletin.service.streams.stream_slot import Clock, air_at
    from bulletin.station.factories import stream_of

    if is_now and at:
        raise click.UsageError("--now and --at are two times; name one")
    loaded = load_profile(station)
    stream = stream_of(loaded)
    if stream is None:
        raise ConfigError(
            f"{loaded.path}: has no stream (docs/LIVE.md); add, for instance:\n"
            '  [stream]\n  url = "http://127.0.0.1:8000/bulletin.mp3"\n  password = "env:STREAM_PASSWORD"'
        )
    now, late = datetime.now(UTC), timedelta(seconds=loaded.profile.stream.late_s)
    due = now if is_now else _due(loaded, at, since=now - late)
    if due > now and answer.is_text:
        is_today = _local(due, loaded).date() == _local(now, loaded).date()
        click.echo(
            f"waiting for {_local(due, loaded).strftime('%H:%M' if is_today else '%A %H:%M')}", err=True
        )
    find = _find(loaded, output, file, due=due, is_now=is_now)
    if is_now:
        late = timedelta(0)
    ready, sent = air_at(stream, find, due=due, late=late, clock=Clock())
    answer.print(_data(loaded, due, ready, sent), [_line(ready, sent)])


def _due(loaded: LoadedProfile, at: str | None, *, since: datetime) -> datetime:
    from bulletin.errors import ConfigError
    from bulletin.service.streams.stream_slot import next_slot, next_time

    if at:
        return next_time(at, zone=loaded.profile.time_zone, since=since)
    due = next_slot(loaded, since=since)
    if due is None:
        raise ConfigError(
            f"{loaded.path}: its clock has no slot for the stream in the next days; use --at HH:MM or --now, "
            "or add [[clock.slots]]"
        )
    return due


def _find(loaded: LoadedProfile, output: Path, file: Path | None, *, due: datetime, is_now: bool) -> Find:
    from bulletin.config.tables.stream_options import stream_kind
    from bulletin.publishing.swap_standby import prepared_folder
    from bulletin.service.streams.stream_slot import find_ready, take_file
    from bulletin.station.station import STATE

    if file:
        return lambda: take_file(file, title=f"{loaded.profile.name} News", due=due)
    profile = loaded.profile
    kind = stream_kind(profile.stream, profile.outputs)
    aside = prepared_folder(output / STATE, loaded.id)
    return lambda: find_ready(output / loaded.id, kind, at=due, is_slot=not is_now, aside=aside)


def _local(moment: datetime, loaded: LoadedProfile) -> datetime:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(loaded.profile.time_zone))


def _data(loaded: LoadedProfile, due: datetime, ready: ReadyBulletin, sent: StreamSent) -> dict[str, Any]:
    return {
        "station": loaded.id,
        "at": due.isoformat(),
        "title": ready.item.title,
        "file": str(ready.item.path),
        "due": ready.due.isoformat(),
        "level": str(ready.level),
        "duration_s": round(ready.duration_s or sent.duration_s, 3),
        "late_s": round(sent.late_s, 3),
        "breaks": sent.breaks,
        "handed_over": sent.is_handed_over,
    }


def _line(ready: ReadyBulletin, sent: StreamSent) -> str:
    from bulletin.service.streams.stream_slot import describe_sent

    minutes, seconds = divmod(round(ready.duration_s or sent.duration_s), 60)
    length = f" ({minutes}:{seconds:02})" if minutes or seconds else ""
    return f"{ready.item.title}{length}: {describe_sent(sent)}"
