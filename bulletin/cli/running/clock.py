"""`bulletin clock`: the station's slots, and a rehearsal of a day."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from io import StringIO
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bulletin.cli.number_ranges import WholeNumber
from bulletin.cli.output.text_or_json_answer import StationCall, pick, to_data
from bulletin.cli.shared_options import Moment, MomentParam, all_option, in_zone, station_command
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ConfigError
from bulletin.model import Slot
from bulletin.pipeline.describe_stage_results import counted
from bulletin.schedule.plan_slots import slots_of
from bulletin.service.rehearsal.rehearse_day import UNKNOWN_RUN, Rehearsal, rehearse_day
from bulletin.service.worker_base_classes import lead_s
from bulletin.station.build_station_object import ARCHIVE, STATE
from bulletin.station.open_archive import open_archive_of

_RUNS = 20


@click.command("clock")
@station_command(only_looks=True)
@click.option("--days", type=WholeNumber(1, 400), default=7, show_default=True, help="Number of days shown.")
@click.option("--from", "since", type=MomentParam(), help="First day; by default today.")
@click.option(
    "--rehearse",
    type=MomentParam(),
    help="Simulate the service on DATE, and show whether each slot gets its bulletin in time.",
)
@all_option()
def command(
    call: StationCall, days: int, since: Moment | None, rehearse: Moment | None, everything: bool
) -> None:
    """
    Print the next slots of STATION's clock, in local time.

    Daylight saving, holidays and single dates are counted in; an hour that comes twice is shown twice.
    A rehearsal runs the real scheduler on a simulated clock, with the timing of the last runs in place of the
    work. Exits 0 only when every slot is met.
    """
    zone, path = call.zone, call.loaded.path
    example = '  [[clock.slots]]\n  at = "06:00-19:00"\n  days = "weekdays"'
    has_slots = bool(call.loaded.profile.clock.slots)
    if rehearse is not None:
        if not has_slots:
            raise ConfigError(f"{path}: has no slots; add, for instance:\n{example}")
        _rehearse(call, in_zone(rehearse, zone), everything=everything)
        return
    start = datetime.now(zone).replace(second=0, microsecond=0) if since is None else in_zone(since, zone)
    # A station's day goes from midnight to midnight on its clock, which is not always 24 hours.
    end = (start + timedelta(days=days)).replace(hour=0, minute=0)
    slots = slots_of(call.loaded, since=start, until=end)
    keys = ("due", "length_s", "sections", "outputs")
    rows = [pick(s, *keys, up_to="is_up_to") | {"local": to_data(s.due, zone=zone)} for s in slots]
    call.print({"station": call.id, "slots": rows}, _lines(slots, zone), everything=everything)
    if call.is_text:
        count = counted(len(slots), "slot")
        click.echo(count if has_slots else f"{path}: no slots yet; add, for instance:\n{example}", err=True)


def _lines(slots: Iterable[Slot], zone: ZoneInfo) -> Iterator[str]:
    """A line for each run of equal slots of a day."""
    rows = (_day_time_rest(slot, zone) for slot in slots)
    for (day, rest), group in groupby(rows, key=lambda row: (row[0], row[2])):
        yield f"{day} {' '.join(time for _, time, _ in group)}  {rest}"


def _day_time_rest(slot: Slot, zone: ZoneInfo) -> tuple[str, str, str]:
    local = slot.due.astimezone(zone)
    minutes, seconds = divmod(round(slot.length_s), 60)
    rest = [f"{'up to ' if slot.is_up_to else ''}{minutes}:{seconds:02}", ", ".join(slot.outputs)]
    if len(slot.sections) < 4:
        rest.append(", ".join(slot.sections) + " only")
    # in the repeated hour the time alone is ambiguous
    is_twice = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    time = f"{local:%H:%M %Z}" if is_twice else f"{local:%H:%M}"
    return f"{local:%a} {local.day:2} {local:%b %Y}", time, "  ".join(rest)


def _rehearse(call: StationCall, day: datetime, *, everything: bool) -> None:
    """
    Simulate the day that begins at `day`, midnight of the station; exits with 1 unless every slot is met.

    Missed slots come first where the list is cut.
    """
    runs = _known_runs(call.loaded, call.output)
    end = (day + timedelta(days=1)).replace(hour=0)
    # Without a terminal click prints only the label; with --json or --quiet the program prints no progress.
    file = sys.stderr if call.is_text else StringIO()
    with click.progressbar(range(100), label="Simulating the day", file=file) as bar:

        def progress(done: float) -> None:
            bar.update(int(100 * done) - bar.pos)

        slots = rehearse_day(call.loaded, since=day, until=end, runs=runs, progress=progress)
    met = sum(slot.record.is_met for slot in slots)
    data = [_rehearsal_data(slot, call.zone) for slot in slots]
    shown = slots if everything else sorted(slots, key=lambda slot: slot.record.is_met)
    lines = [_rehearsal_line(slot, call.zone) for slot in shown]
    answer = {"station": call.id, "runs": len(runs), "met": met, "slots": data}
    call.print(answer, lines, everything=everything)
    if call.is_text:
        click.echo(_summary(met, len(slots), runs), err=True)
    if met < len(slots):
        sys.exit(1)


def _known_runs(loaded: LoadedProfile, output: Path) -> list[Mapping[str, float]]:
    """Seconds per stage of the station's last runs here, newest first."""
    if not loaded.profile.group.is_on and not (output / STATE / ARCHIVE).is_file():
        return []
    with open_archive_of(loaded, output=output, only_to_read=True) as archive:
        return [record.timings for record in archive.bulletins(loaded.id) if record.timings][:_RUNS]


def _rehearsal_data(slot: Rehearsal, zone: ZoneInfo) -> dict[str, object]:
    row = slot.record
    return {
        **pick(row, "due", "state", "level", "standby", "note", met="is_met", ready="ready_at"),
        "local": to_data(row.due, zone=zone),
        "began": to_data(slot.began_at),
    }


def _rehearsal_line(slot: Rehearsal, zone: ZoneInfo) -> str:
    row = slot.record
    local = row.due.astimezone(zone)
    parts = [f"{local:%a} {local.day:2} {local:%b %Y %H:%M %Z}", "met   " if row.is_met else "MISSED"]
    if slot.began_at:
        parts.append(f"began {slot.began_at.astimezone(zone):%H:%M:%S}")
    if row.ready_at and row.level:
        ahead_s = (row.due - row.ready_at).total_seconds()
        when = f"{abs(ahead_s):.0f} s {'early' if ahead_s >= 0 else 'late'}"
        parts.append(f"{row.level} {row.ready_at.astimezone(zone):%H:%M:%S} ({when})")
    if row.standby:
        parts.append(f"stand-by before it: {row.standby}")
    return "  ".join(filter(None, [*parts, row.note]))


def _summary(met: int, slots: int, runs: Sequence[Mapping[str, float]]) -> str:
    timing = (
        f"the usual times of the last {counted(len(runs), 'run')}"
        if runs
        else f"{sum(UNKNOWN_RUN.values()):.0f} s for each bulletin, an estimate, because no run was timed yet"
    )
    lead = lead_s([sum(run.values()) for run in runs])
    return (
        f"{met} of {slots} slots would get a bulletin in time; the work for a slot begins {lead:.0f} s plus "
        "[clock] margin_s before the slot\n"
        f"Simulated with {timing}"
    )
