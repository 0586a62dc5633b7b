"""`bulletin stream`: a bulletin on the station's live stream."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bulletin.cli.output.text_or_json_answer import StationCall, pick
from bulletin.cli.shared_options import FILE, parse_at, station_command
from bulletin.config.tables.stream_options import stream_kind
from bulletin.errors import ConfigError
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.service.streams.stream_at_slot import (
    Clock,
    Find,
    air_at,
    describe_sent,
    find_ready,
    next_slot,
    next_time,
    take_file,
)
from bulletin.station.build_components_from_profile import stream_of
from bulletin.station.build_station_object import STATE


@click.command("stream")
@station_command()
@click.option("--at", callback=parse_at, metavar="HH:MM", help="Send at this time, not at the next slot.")
@click.option("--now", "is_now", is_flag=True, help="Send the bulletin now, without waiting for a slot.")
@click.option("--file", type=FILE, help="Send this sound file, instead of the newest valid bulletin.")
def command(call: StationCall, at: str | None, is_now: bool, file: Path | None) -> None:
    """
    Wait for STATION's next slot and put the newest valid bulletin on its stream, exactly on time.

    The stream is [stream] of the profile; `bulletin serve` does this at every slot. A slot of up to `late_s`
    ago (a minute) still counts.

    \b
    Exit codes: 0 sent to its end, 3 bad configuration, 7 no valid bulletin, or
    the stream refused it.
    """
    if is_now and at:
        raise click.UsageError("--now and --at exclude each other; use one")
    loaded = call.loaded
    stream = stream_of(loaded)
    if stream is None:
        raise ConfigError(
            f"{loaded.path}: has no stream (docs/LIVE.md); add, for instance:\n"
            '  [stream]\n  url = "http://127.0.0.1:8000/bulletin.mp3"\n  password = "env:STREAM_PASSWORD"'
        )
    now = datetime.now(UTC)
    late = timedelta(0) if is_now else timedelta(seconds=loaded.profile.stream.late_s)
    due = now if is_now else _due(call, at, since=now - late)
    if due > now and call.is_text:
        local = due.astimezone(call.zone)
        is_today = local.date() == now.astimezone(call.zone).date()
        click.echo(f"waiting for {local.strftime('%H:%M' if is_today else '%A %H:%M')}", err=True)
    ready, sent = air_at(stream, _find(call, file, due=due, is_now=is_now), due=due, late=late, clock=Clock())
    length_s = ready.duration_s or sent.duration_s
    data = {
        "station": call.id,
        "at": due,
        **pick(ready.item, "title", file="path"),
        **pick(ready, "due", "level"),
        "duration_s": length_s,
        **pick(sent, "late_s", "breaks", handed_over="is_handed_over"),
    }
    minutes, seconds = divmod(round(length_s), 60)
    length = f" ({minutes}:{seconds:02})" if minutes or seconds else ""
    call.print(data, [f"{ready.item.title}{length}: {describe_sent(sent)}"])


def _due(call: StationCall, at: str | None, *, since: datetime) -> datetime:
    if at:
        return next_time(at, zone=call.loaded.profile.time_zone, since=since)
    due = next_slot(call.loaded, since=since)
    if due is None:
        raise ConfigError(
            f"{call.loaded.path}: no slot of the clock makes a bulletin for the stream in the next 8 days; "
            "choose a time with --at HH:MM or --now, or add [[clock.slots]]"
        )
    return due


def _find(call: StationCall, file: Path | None, *, due: datetime, is_now: bool) -> Find:
    profile = call.loaded.profile
    if file:
        return lambda: take_file(file, title=f"{profile.name} News", due=due)
    kind = stream_kind(profile.stream, profile.outputs)
    aside = prepared_folder(call.output / STATE, call.id)
    return lambda: find_ready(call.output / call.id, kind, at=due, is_slot=not is_now, aside=aside)
