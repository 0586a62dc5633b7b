"""`bulletin status`: status of stations, whether or not a service runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bulletin.cli.output.text_or_json_answer import Answer
from bulletin.cli.shared_options import answer_options, output_option, require_state, stations_argument
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.service.is_station_served import is_kept
from bulletin.service.monitoring.station_health import StationHealth, health_data, read_health
from bulletin.service.resources.disk_space_reserve import free_bytes
from bulletin.station.open_archive import open_archive_of


@click.command("status")
@stations_argument
@output_option
@click.option("--check", is_flag=True, help="Exit with 1 when a station missed its last slot.")
@answer_options
def command(stations: tuple[str, ...], output: Path, check: bool, answer: Answer) -> None:
    """
    Show station status: last and next slot, the last 24 hours, voice, failing feeds and outlets, free space.

    It is read from the archive, as /readyz and /metrics are.
    """
    loaded = [load_profile(name, only_looks=True) for name in stations or (None,)]
    now = datetime.now(UTC)
    data, lines, are_ready = [], [], True
    for each in loaded:
        in_group = each.profile.group.is_on
        if not in_group:
            require_state(output)
        with open_archive_of(each, output=output, only_to_read=True) as archive:
            # the files of a group are in its store, not here
            served = is_kept(each, output=output, archive=archive)
            health = read_health(archive, each, now=now, output=None if in_group else output)
        data.append(health_data(health, now=now) | {"served": served})
        lines += _lines(each, health, is_served=served, now=now)
        are_ready = are_ready and health.is_ready
    room = free_bytes(output)
    lines.append(f"{room / 1024**3:.1f} GB free in {output}")
    answer.print({"stations": data, "free_bytes": room}, lines)
    if check and not are_ready:
        sys.exit(1)


def _lines(loaded: LoadedProfile, health: StationHealth, *, is_served: bool, now: datetime) -> list[str]:
    zone = ZoneInfo(loaded.profile.time_zone)
    service = "service running" if is_served else "no service running"
    lines = [f"{loaded.id}: {loaded.profile.name} ({service})"]
    if health.trouble:
        return [*lines, f"  trouble    {health.trouble}"]
    missing, doubt = ", ".join(health.missing), health.kill_list_doubt
    gone = f"{missing}: deleted since it was made; `bulletin make {health.station}` makes a new one"
    rows = (
        ("last slot", _last_slot(health, zone)),
        ("missing", gone if missing else ""),
        ("last news", _moment(health.last_good_at, zone, now) or "none yet"),
        ("next slot", _moment(health.next_due, zone, now) or "none: no [[clock.slots]]"),
        ("24 hours", _day(health)),
        ("voice", _voice(health)),
        ("feeds", _feeds(health)),
        ("outlets", _outlets(health)),
        ("last run", _stages(health.timings)),
        ("kill list", f"may be incomplete: {doubt}" if doubt else ""),
    )
    return [*lines, *(f"  {name:<10} {text}" for name, text in rows if text)]


def _last_slot(health: StationHealth, zone: ZoneInfo) -> str:
    last = health.last
    if last is None:
        return ""
    text = f"{last.due.astimezone(zone):%H:%M} {last.level or last.state}"
    if last.ready_at:
        ahead_s = (last.due - last.ready_at).total_seconds()
        text += f", ready {_span(abs(ahead_s))} {'before' if ahead_s >= 0 else 'after'}"
    return f"{text}; {last.note}" if last.note else text


def _moment(at: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    if at is None:
        return ""
    gap_s, clock = (at - now).total_seconds(), f"{at.astimezone(zone):%a %H:%M}"
    return f"{clock}, in {_span(gap_s)}" if gap_s > 0 else f"{clock}, {_span(-gap_s)} ago"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"


def _day(health: StationHealth) -> str:
    levels = [f"{count} {level}" for level, count in health.levels.items()]
    if not levels and not health.missed:
        return ""
    late = [f"{health.late} late"] if health.late else []
    return ", ".join([*levels, *late, f"{health.missed} missed"])


def _voice(health: StationHealth) -> str:
    if not health.engine:
        return ""
    voice = f"{health.engine} {health.voice}".strip()
    return voice if health.is_first_voice else f"{voice} (not the first voice of the chain)"


def _feeds(health: StationHealth) -> str:
    failing = ", ".join(f"{name} ({count} in a row)" for name, count in health.failing_feeds.items())
    answering = f"{health.feeds - len(health.failing_feeds)} of {health.feeds} answer"
    return f"{answering}; failing: {failing}" if failing else answering


def _outlets(health: StationHealth) -> str:
    if not health.outlets and not health.failing_outlets:
        return ""
    working = f"{max(0, health.outlets - len(health.failing_outlets))} of {health.outlets} take bulletins"
    failing = [
        f"{name} ({outlet.waiting} wait, {outlet.given_up} given up): {outlet.note.removeprefix(f'{name}: ')}"
        for name, outlet in health.failing_outlets.items()
    ]
    return "; ".join([working, *failing, "see `bulletin outbox`"] if failing else [working])


def _stages(timings: Mapping[str, float]) -> str:
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in timings.items())
    return f"{sum(timings.values()):.1f} s ({stages})" if timings else ""
