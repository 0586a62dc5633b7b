"""Results of `bench.group_day` as a section of docs/FAULTS.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.group_checks import Findings
from bench.group_editor import Editor
from bench.group_faults import NEWS, possible_faults
from bench.group_hour import Hour
from bench.group_process_checks import (
    ACCEPTED,
    DIED,
    ENDS_EARLY,
    ENDS_WELL,
    FAILED,
    FROZEN,
    HELD,
    MEMORY,
    REFUSED,
)
from bench.group_processes import Member
from bench.session_memory import MemoryWatch

PAGE = Path(__file__).parent / "data" / "group-day.md"
"""The section, which docs/FAULTS.md holds."""


def describe(hour: Hour) -> str:
    """A line for the terminal."""
    levels = ", ".join(f"{count} {level}" for level, count in sorted(hour.levels.items()))
    planted = [fault.name for fault in hour.faults] + [
        name for name in (hour.source, hour.kill, hour.edit) if name
    ]
    ready = f"ready in {hour.ready_s:.0f} s" if hour.ready_s is not None else ""
    prepared = f"{hour.prepared} stand-bys prepared" if hour.is_prepared else ""
    missed = f"{hour.missed} MISSED" if hour.missed else ""
    parts = ("; ".join(planted) or "none", levels, ready, prepared, missed, f"{hour.seconds:.0f} s")
    return " | ".join([f"{hour.due:%H:%M}", *filter(None, parts)])


def describe_member(member: Member, memory: MemoryWatch) -> str:
    """A line about a worker or planner at the end of the day; memory of workers only."""
    codes = sorted({end.code for end in member.ends})
    line = f"{member.name}: {member.starts} starts, exit codes {codes}"
    if member.name not in memory.together_mb:
        return line
    together_mb, alone_mb = memory.together_mb[member.name], memory.alone_mb[member.name]
    return f"{line}, {together_mb:.0f} MB with its parser processes, {alone_mb:.0f} MB alone"


def summarize(hours: Sequence[Hour], found: Findings, editor: Editor) -> dict[str, int]:
    """Figures of the day; those whose names begin with "wrong" or "missed", and late results accepted, must be 0."""
    checked = found.checked
    return {
        "hours": len(hours),
        "slots": sum(found.levels.values()) + len(found.missed),
        **{f"on air: {level}": count for level, count in sorted(found.levels.items())},
        "missed": len(found.missed),
        "wrong levels": len(found.wrong_levels),
        "prepared stand-bys": checked["prepared stand-bys"],
        "files": checked["files"],
        "wrong files": len(found.wrong_files),
        "kills": len(editor.done),
        "texts": checked["texts"],
        "texts told before their kill": checked["texts told before their kill"],
        "stories aired after a kill": len(found.after_kill),
        FROZEN: checked[FROZEN],
        REFUSED: checked[REFUSED],
        ACCEPTED: checked[ACCEPTED],
        FAILED: checked[FAILED],
        HELD: checked[HELD],
        DIED: checked[DIED],
        "deliveries": checked["deliveries"],
        ENDS_WELL: checked[ENDS_WELL],
        ENDS_EARLY: checked[ENDS_EARLY],
        "wrong exit codes": len(found.wrong_ends),
        MEMORY: checked[MEMORY],
        "other errors": len(found.other),
    }


def write_section(
    hours: Sequence[Hour], figures: dict[str, int], *, stations: int, seed: int, minutes: float
) -> str:
    """The section, with the figures and how often each fault came."""
    planted: Counter[str] = Counter(dict.fromkeys(possible_faults(), 0))
    for hour in hours:
        names = [fault.name for fault in hour.faults] + [hour.source, hour.kill, hour.edit]
        planted.update(name for name in names if name != NEWS)
    lines = [
        (
            "A day of a group under faults, with real processes, PostgreSQL and an S3 server: two planners, two workers and "
            f"{stations} stations with bulletins of 0:30; {len(hours)} hours of seed {seed} in {minutes:.0f} minutes: "
            f"`python -m bench.group_day --hours {len(hours)} --stations {stations} --seed {seed}`"
        ),
        "",
        "| figure | count |",
        "|---|---|",
        *(f"| {name} | {count} |" for name, count in figures.items()),
        "",
        "| fault or edit | hours |",
        "|---|---|",
        *(f"| {name} | {count} |" for name, count in sorted(planted.items())),
    ]
    return "\n".join(lines) + "\n"
