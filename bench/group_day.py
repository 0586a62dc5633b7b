"""
A day of a group of stations under seeded faults: real processes, PostgreSQL and S3 server, a turned clock.

    python -m bench.group_day [--hours 24] [--stations 20] [--workers 2] [--seed 1] [--faults 2] [--keep FOLDER]
    python -m bench.group_day --write-page     the same, with its table in docs/FAULTS.md

Every hour all stations are due. The clock of planners, workers and editors jumps from slot to slot (libfaketime);
leases follow the clock of the database, which is real. Faults are drawn with the seed, so that each comes equally
often; feeds or a voice fail in some hours, and an editor kills, withdraws and corrects stories that are on air.

Each slot is checked at its moment by the database's clock: the file on air is of this slot, and of the level that it
must have (bench/group_levels.py). So is each prepared stand-by. At the end every published file is checked against its
checksum, length and slot; each text against the kills before it. A worker that is frozen in a mix wakes when another
one has claimed its piece, and its late result must be refused: results that were accepted, and a day whose freezes led
to no refusal, are errors. A worker or planner that was ready may end with exit code 0 only, unless a fault kills it; a
worker takes less than 600 MB with its parser processes. Exits with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.group_checks import (
    Findings,
    check_deliveries,
    check_files,
    check_kills,
    check_still_on_air,
)
from bench.group_editor import Editor, draw_edits, uncorrected
from bench.group_faults import FEEDS_AWAY, FREEZE, draw_faults, draw_sources
from bench.group_history import FEEDS, begin_history, keep_history
from bench.group_hour import Campaign, Hour
from bench.group_process_checks import REFUSED, check_ends, check_late_results, check_memory
from bench.group_processes import Group
from bench.group_table import PAGE, describe, describe_member, summarize, write_section
from bench.performance.ways.feed_server import BEGIN
from bench.performance.ways.service import publisher
from bench.session_memory import watching_memory
from bench.turned_clock import TurnedClock
from tests.speech.engines.openai_server import SpeechServer

_PROFILE = """\
name = "Valley Radio {number}"
time_zone = "UTC"
length = "0:30"
{feeds}
[group]
database = "env:GROUP_DATABASE"
store = "env:GROUP_STORE"
name = "valley"
[fetch]
host_gap_s = 0
[clock]
slots = [{{ at = "00:00-23:00" }}]
[speech]
chain = {chain}
{engine}
[script]
headlines = 0
opening = "The news at {{time}}."
disclosure = ""
[standby]
max_age_h = {max_age_h}
[outputs]
make = ["fm", "podcast"]
[outputs.fm]
format = "mp3"
{delivery}
"""
_FEED = '[[feeds]]\nurl = "http://127.0.0.1:{port}/feed/{number}"\nname = "Feed {number}"\nprivate = true\nweight = {weight}\n'
_ENGINE = '[speech.engines.openai]\nbase_url = "{url}"\nvoices = ["alloy"]\ntimeout_s = 5\n'
_DELIVERY = '[[deliveries]]\nkind = "folder"\npath = "{folder}"\nrendition = "fm"\n'
_MAX_AGES_H = (2.0, 1.0, 0.5, 2.0)
"""Greatest age of a last bulletin that airs again, by station: some must have an evergreen where others repeat."""
_WHOLE_H = 24
_MUST_HAPPEN = (
    "prepared stand-bys",
    "texts told before their kill",
    REFUSED,
    "deliveries",
    "files",
)
_SERVED_EVERY = 4
"""Every fourth station has the voice of a server first, and one in four a delivery to a playout's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stations:
    """The stations of the group, by their ids."""

    profiles: tuple[Path, ...]
    max_ages_h: dict[str, float]
    voices: dict[str, str]
    playout: dict[str, Path]


def write_profiles(folder: Path, port: int, *, stations: int, voice_url: str) -> Stations:
    """Profiles; each has all feeds, in its own order."""
    profiles = folder / "feeds"
    profiles.mkdir()
    written = Stations(profiles=(), max_ages_h={}, voices={}, playout={})
    paths = []
    for number in range(stations):
        path = profiles / f"valley-{number:02}.toml"
        is_served, is_delivered = number % _SERVED_EVERY == 3, number % _SERVED_EVERY == 0
        order = random.Random(number).sample(range(FEEDS), FEEDS)
        playout = folder / "playout" / path.stem
        if is_delivered:
            playout.mkdir(parents=True)
            written.playout[path.stem] = playout
        written.max_ages_h[path.stem] = _MAX_AGES_H[number % len(_MAX_AGES_H)]
        written.voices[path.stem] = "openai" if is_served else "tone"
        text = _PROFILE.format(
            number=number,
            feeds="".join(
                _FEED.format(port=port, number=feed, weight=1.0 + 0.5 * place)
                for place, feed in enumerate(order)
            ),
            chain='["openai", "tone"]' if is_served else '["tone"]',
            engine=_ENGINE.format(url=voice_url) if is_served else "",
            max_age_h=written.max_ages_h[path.stem],
            delivery=_DELIVERY.format(folder=playout) if is_delivered else "",
        )
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return Stations(
        profiles=tuple(paths), max_ages_h=written.max_ages_h, voices=written.voices, playout=written.playout
    )


def draw_day(hours: int, *, seed: int, most_faults: int) -> list[Hour]:
    """Faults, failing sources and edits of each hour, by the seed; without faults only plain hours."""
    dues = [BEGIN + number * timedelta(hours=1) for number in range(hours)]
    if not most_faults:
        return [Hour(due=due) for due in dues]
    faults = draw_faults(hours, seed=seed, most=most_faults)
    sources, edits = draw_sources(hours, seed=seed), draw_edits(hours, seed=seed)
    chance = random.Random(f"prepared {seed}")
    return [
        Hour(
            due=due,
            faults=faults[number],
            source=sources[number],
            kill=edits[number][0],
            edit=edits[number][1],
            is_prepared=bool(number) and (sources[number] == FEEDS_AWAY or chance.random() < 0.3),
        )
        for number, due in enumerate(dues)
    ]


def play(
    folder: Path, hours: Sequence[Hour], *, stations: int, workers: int, seed: int
) -> tuple[Findings, Editor, list[str]]:
    """Play the day; what was found, the editor, and notes about the processes."""
    clock = TurnedClock(folder, begin=BEGIN - timedelta(minutes=20))
    with ExitStack() as parts:
        port, voice = parts.enter_context(publisher(folder)), parts.enter_context(SpeechServer())
        made = write_profiles(folder, port, stations=stations, voice_url=voice.base_url)
        group = Group(folder, profiles=folder / "feeds", clock=clock, workers=workers, planners=2)
        parts.enter_context(group)
        memory = parts.enter_context(watching_memory(group.worker_pids))
        group.wait_until_up()
        begin_history(group)
        editor, found = Editor(group=group, profiles=made.profiles), Findings()
        campaign = Campaign(
            group=group,
            clock=clock,
            feeds_port=port,
            voice=voice,
            profiles=made.profiles,
            max_ages_h=made.max_ages_h,
            voices=made.voices,
            editor=editor,
            found=found,
            chance=random.Random(seed),
        )
        for hour in hours:
            campaign.play(hour)
            check_deliveries(made.playout, editor.history(), group.objects(), found)
            check_late_results(group, found)
            print("\n".join([describe(hour), *found.news()]), flush=True)
            keep_history(group, folder / "history.tsv")
        _check_day(group, editor, found)
        check_memory(memory.together_mb, found)
        check_ends(group.members, found)
        found.other += unproved(found) if len(hours) >= _WHOLE_H else unmet_freezes(hours, found)
        notes = [describe_member(member, memory) for member in group.members]
    return found, editor, notes


def _check_day(group: Group, editor: Editor, found: Findings) -> None:
    history, store = editor.history(), group.objects()
    check_files(history, store, found)
    check_kills(history, store, found)
    for kill, done_at in editor.done:
        found.after_kill += check_still_on_air(kill, done_at, history, store)
    found.other += [*editor.failures, *uncorrected(editor, history)]


def unproved(found: Findings) -> list[str]:
    """Checks of a whole day that looked at nothing, and so prove nothing."""
    return [
        f"{name}: none, so nothing is proved about them" for name in _MUST_HAPPEN if not found.checked[name]
    ]


def unmet_freezes(hours: Sequence[Hour], found: Findings) -> list[str]:
    """Freezes in hours with news of which none ended in a refused late result."""
    freezes = sum(
        fault.name == FREEZE for hour in hours if hour.source != FEEDS_AWAY for fault in hour.faults
    )
    if not freezes or found.checked[REFUSED]:
        return []
    return [f"{REFUSED}: none of {freezes} freezes, so nothing is proved about them"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--stations", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=2, help="most faults of an hour; 0: none, and no edits")
    parser.add_argument("--keep", type=Path, help="folder for the logs and the history of the database")
    parser.add_argument("--write-page", action="store_true", help="write the results into docs/FAULTS.md")
    given = parser.parse_args()
    began = time.monotonic()
    hours = draw_day(given.hours, seed=given.seed, most_faults=given.faults)
    with tempfile.TemporaryDirectory(prefix="group-day-") as name:
        folder = Path(name)
        try:
            found, editor, notes = play(
                folder, hours, stations=given.stations, workers=given.workers, seed=given.seed
            )
        finally:
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                for log in (*folder.glob("*.log"), *folder.glob("history.tsv")):
                    (given.keep / log.name).write_bytes(log.read_bytes())
    figures, minutes = summarize(hours, found, editor), (time.monotonic() - began) / 60
    print("\n".join([*notes, *found.news(), f"{minutes:.1f} minutes"]))
    print(json.dumps(figures))
    if given.write_page:
        section = write_section(hours, figures, stations=given.stations, seed=given.seed, minutes=minutes)
        PAGE.write_text(section, encoding="utf-8")
        write_faults_page()
    return int(bool(found.problems))


def write_faults_page() -> None:
    """Write docs/FAULTS.md again, with the section."""
    from tests.faults.cases import render

    page = Path(__file__).parents[1] / "docs" / "FAULTS.md"
    page.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
