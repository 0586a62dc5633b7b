"""`bulletin clock --rehearse`: a simulated day of the service, line by line."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bulletin.cli.output.json_output import print_json
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ConfigError
from bulletin.pipeline.stage_summaries import counted
from bulletin.service.rehearsal.rehearse_day import UNKNOWN_RUN, Rehearsal, rehearse_day
from bulletin.service.service_ports import lead_s

_RUNS = 20


def play_day(loaded: LoadedProfile, *, day: datetime, output: Path, as_json: bool) -> None:
    """
    Simulate the day that begins at `day`, midnight of the station; exits with 1 unless every slot is met.

    Raises ConfigError for a station without slots.
    """
    if not loaded.profile.clock.slots:
        raise ConfigError(
            f'{loaded.path}: has no slots; add, for instance:\n  [[clock.slots]]\n  at = "06:00-19:00"'
        )
    runs = _known_runs(loaded.id, output)
    end = (day + timedelta(days=1)).replace(hour=0)
    with click.progressbar(range(100), label="Simulating the day", file=sys.stderr) as bar:
        is_shown = sys.stderr.isatty() and not as_json
        progress = (lambda done: bar.update(int(100 * done) - bar.pos)) if is_shown else (lambda done: None)
        slots = rehearse_day(loaded, since=day, until=end, runs=runs, progress=progress)
    met = sum(slot.record.is_met for slot in slots)
    local = ZoneInfo(loaded.profile.time_zone)
    if as_json:
        print_json(
            {
                "station": loaded.id,
                "runs": len(runs),
                "met": met,
                "slots": [_as_data(slot, local) for slot in slots],
            }
        )
    else:
        for slot in slots:
            click.echo(_line(slot, local))
        click.echo(_summary(met, len(slots), runs), err=True)
    if met < len(slots):
        sys.exit(1)


def _known_runs(station: str, output: Path) -> tuple[Mapping[str, float], ...]:
    """Seconds per stage of the station's last runs here, newest first."""
    from bulletin.archive.archive import Archive
    from bulletin.station.station import STATE

    path = output / STATE / "archive.sqlite"
    if not path.is_file():
        return ()
    with Archive.open(path) as archive:
        made = [record.timings for record in archive.bulletins(station) if record.timings]
    return tuple(made[:_RUNS])


def _as_data(slot: Rehearsal, local: ZoneInfo) -> dict[str, object]:
    row = slot.record
    return {
        "due": row.due.isoformat(),
        "local": row.due.astimezone(local).isoformat(),
        "met": row.is_met,
        "state": str(row.state),
        "level": str(row.level) if row.level else None,
        "standby": str(row.standby) if row.standby else None,
        "began": slot.began_at.isoformat() if slot.began_at else None,
        "ready": row.ready_at.isoformat() if row.ready_at else None,
        "note": row.note,
    }


def _line(slot: Rehearsal, local: ZoneInfo) -> str:
    row = slot.record
    shown = row.due.astimezone(local)
    parts = [f"{shown:%a} {shown.day:2} {shown:%b %Y %H:%M %Z}", "met   " if row.is_met else "MISSED"]
    if slot.began_at:
        parts.append(f"began {slot.began_at.astimezone(local):%H:%M:%S}")
    if row.ready_at and row.level:
        ahead_s = (row.due - row.ready_at).total_seconds()
        when = f"{ahead_s:.0f} s early" if ahead_s >= 0 else f"{-ahead_s:.0f} s late"
        parts.append(f"{row.level} {row.ready_at.astimezone(local):%H:%M:%S} ({when})")
    if row.standby:
        parts.append(f"stand-by before it: {row.standby}")
    if row.note:
        parts.append(row.note)
    return "  ".join(parts)


def _summary(met: int, slots: int, runs: Sequence[Mapping[str, float]]) -> str:
    lead = lead_s([sum(run.values()) for run in runs])
    work = (
        f"the timing of the last {counted(len(runs), 'run')}"
        if runs
        else f"{sum(UNKNOWN_RUN.values()):.0f} s a bulletin, since none was made here yet"
    )
    return (
        f"{met} of {slots} slots met; work begins {lead:.0f} s and the margin before each\n"
        f"Simulated with {work}"
    )
