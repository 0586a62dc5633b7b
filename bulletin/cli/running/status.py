"""`bulletin status`: how stations do, whether or not a service runs."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bulletin.cli.shared_options import json_option, output_option

if TYPE_CHECKING:
    from bulletin.config.load_profile import LoadedProfile
    from bulletin.service.monitoring.station_health import StationHealth

NOT_READY = 1


@click.command("status")
@click.argument("stations", nargs=-1, metavar="[STATION]...")
@output_option
@click.option("--check", is_flag=True, help="Exit with 1 when the last slot of a station had nothing.")
@json_option
def command(stations: tuple[str, ...], output: Path, check: bool, as_json: bool) -> None:
    """
    Show how STATIONs do: last and next slot, the last 24 hours, who speaks, which feeds and outlets fail, room left.

    It reads the archive, as the service does for /readyz and /metrics.
    """
    from datetime import UTC

    from bulletin.cli.output.json_output import print_json
    from bulletin.config.load_profile import load_profile
    from bulletin.service.monitoring.station_health import free_bytes, health_data, read_health
    from bulletin.service.run_service import is_served
    from bulletin.station.station import STATE, open_archive

    loaded = [load_profile(name, only_looks=True) for name in stations or (None,)]
    now = datetime.now(UTC)
    if not (output / STATE).is_dir():
        raise click.UsageError(
            f"{output}: no bulletin was made there yet; `bulletin make`, or name the folder with --output"
        )
    with open_archive(output, only_to_read=True) as archive:
        found = [
            (one, read_health(archive, one, now=now, output=output), is_served(output, one.id))
            for one in loaded
        ]
    room = free_bytes(output)
    if as_json:
        data = [health_data(health, now=now) | {"served": served} for _, health, served in found]
        print_json({"stations": data, "free_bytes": room})
    else:
        for one, health, served in found:
            for line in _lines(one, health, is_served=served, now=now):
                click.echo(line)
        click.echo(f"{room / 1024**3:.1f} GB free in {output}")
    if check and not all(health.is_ready for _, health, _ in found):
        sys.exit(NOT_READY)


def _lines(loaded: LoadedProfile, health: StationHealth, *, is_served: bool, now: datetime) -> list[str]:
    zone = ZoneInfo(loaded.profile.time_zone)
    service = "a service keeps it on air" if is_served else "no service runs"
    lines = [f"{loaded.id}: {loaded.profile.name} ({service})"]
    if health.trouble:
        return [*lines, f"  trouble    {health.trouble}"]
    rows = (
        ("last slot", _last_slot(health, zone)),
        ("missing", _missing(health)),
        ("last news", _moment(health.last_good_at, zone, now) if health.last_good_at else "none yet"),
        ("next slot", _moment(health.next_due, zone, now) if health.next_due else "none: no [[clock.slots]]"),
        ("24 hours", _day(health)),
        ("voice", _voice(health)),
        ("feeds", _feeds(health)),
        ("outlets", _outlets(health)),
        ("last run", _stages(health)),
        ("kill list", f"may be incomplete: {health.kill_list_doubt}" if health.kill_list_doubt else ""),
    )
    return [*lines, *(f"  {name:<10} {text}" for name, text in rows if text)]


def _last_slot(health: StationHealth, zone: ZoneInfo) -> str:
    last = health.last
    if last is None:
        return ""
    told = f"{last.due.astimezone(zone):%H:%M} {last.level or last.state}"
    if last.ready_at:
        ahead_s = (last.due - last.ready_at).total_seconds()
        told += f", ready {_span(abs(ahead_s))} {'before' if ahead_s >= 0 else 'after'}"
    return f"{told}; {last.note}" if last.note else told


def _missing(health: StationHealth) -> str:
    if not health.missing:
        return ""
    return f"{', '.join(health.missing)}: made, and not there any more; `bulletin make {health.station}` makes it anew"


def _moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    gap = at - now
    told = f"{at.astimezone(zone):%a %H:%M}"
    return (
        f"{told}, in {_span(gap.total_seconds())}"
        if gap > timedelta(0)
        else (f"{told}, {_span(-gap.total_seconds())} ago")
    )


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"


def _day(health: StationHealth) -> str:
    told = [f"{count} {level}" for level, count in health.levels.items()]
    if not told and not health.missed:
        return ""
    late = [f"{health.late} late"] if health.late else []
    return ", ".join([*told, *late, f"{health.missed} missed"])


def _voice(health: StationHealth) -> str:
    if not health.engine:
        return ""
    who = f"{health.engine} {health.voice}".strip()
    return who if health.is_first_voice else f"{who} (not the first of the chain)"


def _feeds(health: StationHealth) -> str:
    failing = ", ".join(f"{name} ({count} in a row)" for name, count in health.failing_feeds.items())
    told = f"{health.feeds - len(health.failing_feeds)} of {health.feeds} answer"
    return f"{told}; failing: {failing}" if failing else told


def _outlets(health: StationHealth) -> str:
    if not health.outlets and not health.failing_outlets:
        return ""
    told = f"{max(0, health.outlets - len(health.failing_outlets))} of {health.outlets} take bulletins"
    failing = [
        f"{name} ({one.waiting} wait, {one.given_up} given up): {one.note.removeprefix(f'{name}: ')}"
        for name, one in health.failing_outlets.items()
    ]
    return "; ".join([told, *failing, "see `bulletin outbox`"] if failing else [told])


def _stages(health: StationHealth) -> str:
    total = sum(health.timings.values())
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in health.timings.items())
    return f"{total:.1f} s ({stages})" if health.timings else ""
