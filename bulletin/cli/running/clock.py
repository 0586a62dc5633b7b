"""`bulletin clock`: the station's slots, and a rehearsal of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli.shared_options import MomentParam, json_option, output_option, station_argument

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bulletin.model import Slot


@click.command("clock")
@station_argument
@click.option(
    "--days", type=click.IntRange(1, 400), default=7, show_default=True, help="Number of days shown."
)
@click.option("--from", "since", type=MomentParam(), help="First day; by default today.")
@click.option(
    "--rehearse",
    type=MomentParam(),
    help="Simulate the service on that day, in seconds, and show the result for each slot.",
)
@output_option
@json_option
def command(
    station: str | None,
    days: int,
    since: datetime | None,
    rehearse: datetime | None,
    output: Path,
    as_json: bool,
) -> None:
    """
    Print the next slots of STATION's clock, in local time.

    Daylight saving, holidays and single dates are counted in; an hour that comes twice is shown twice.
    A rehearsal runs the real scheduler on a simulated clock, with the timing of the last runs in place of the
    work. Exits 0 only when every slot is met.
    """
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    from bulletin.cli.output.json_output import print_json
    from bulletin.config.load_profile import load_profile
    from bulletin.pipeline.stage_summaries import counted
    from bulletin.schedule.timetable import slots_of

    loaded = load_profile(station, only_looks=True)
    local = ZoneInfo(loaded.profile.time_zone)
    if rehearse:
        from bulletin.cli.running.rehearsal_lines import play_day

        play_day(loaded, day=rehearse.replace(tzinfo=local), output=output, as_json=as_json)
        return
    start = (since or datetime.now(local)).replace(tzinfo=local)
    if since is None:
        start = start.replace(second=0, microsecond=0)
    # A day of a station is midnight to midnight of its own clock, which is not always 24 hours.
    end = (start + timedelta(days=days)).replace(hour=0, minute=0)
    slots = slots_of(loaded, since=start, until=end)
    if as_json:
        print_json({"station": loaded.id, "slots": [_as_data(slot, local) for slot in slots]})
        return
    for line in _lines(slots, local):
        click.echo(line)
    if not loaded.profile.clock.slots:
        click.echo(
            f"{loaded.path}: no slots yet; add, for instance:\n"
            '  [[clock.slots]]\n  at = "06:00-19:00"\n  days = "weekdays"',
            err=True,
        )
    else:
        click.echo(counted(len(slots), "slot"), err=True)


def _as_data(slot: Slot, local: ZoneInfo) -> dict[str, object]:
    return {
        "due": slot.due.isoformat(),
        "local": slot.due.astimezone(local).isoformat(),
        "length_s": slot.length_s,
        "up_to": slot.is_up_to,
        "sections": [str(section) for section in slot.sections],
        "outputs": list(slot.outputs),
    }


def _lines(slots: Sequence[Slot], local: ZoneInfo) -> list[str]:
    """A line for each run of equal slots of a day."""
    runs: list[tuple[str, list[str], str]] = []
    before: tuple[object, ...] = ()
    for slot in slots:
        shown = slot.due.astimezone(local)
        minutes, seconds = divmod(round(slot.length_s), 60)
        rest = [f"{'up to ' if slot.is_up_to else ''}{minutes}:{seconds:02}", ", ".join(slot.outputs)]
        if len(slot.sections) < 4:
            rest.append(", ".join(slot.sections) + " only")
        alike = (shown.date(), *rest)
        # in the hour that comes twice the time alone is ambiguous
        is_twice = shown.replace(fold=1 - shown.fold).utcoffset() != shown.utcoffset()
        time = f"{shown:%H:%M %Z}" if is_twice else f"{shown:%H:%M}"
        if alike == before:
            runs[-1][1].append(time)
        else:
            runs.append((f"{shown:%a} {shown.day:2} {shown:%b %Y}", [time], "  ".join(rest)))
        before = alike
    return [f"{day} {' '.join(times)}  {rest}" for day, times, rest in runs]
