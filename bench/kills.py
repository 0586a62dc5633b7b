"""
Kill the service of a station at random moments of each stage of its work, each followed by a restart.

    python -m bench.kills [--kills 106] [--seed 20261125]

The restart is killed as well, then the service starts once more. Pipeline, ledger, archive and files are real; the
clock is simulated; a reader polls all public files the whole time. After each pair of kills the archive must open
without a message and the slot must have fresh news; in the end there must be no incomplete file and no temporary
file. 106 kills take about seven minutes; a seeded sample is a test (tests/faults/test_kills.py). The exit code is 1
when a check fails.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Level, SlotRecord, SlotState
from tests.articles.feed_texts import item, rss
from tests.faults.poller import Poller
from tests.faults.station_process import REPO, WORDS

KILLS = {
    "start": 0,  # opening archive and profile: hit by kills that come before their stage
    "gather": 10,
    "choose": 11,  # so short that many kills hit the next stage
    "write": 8,
    "speak": 12,
    "mix": 12,
    "examine": 9,
    "publish": 27,
    "after": 7,
    "stand-by": 10,
}
"""Kills by stage, most while files are renamed."""
ALL = sum(KILLS.values())
SEED = 20261125
MORE = 20
"""Most extra rounds for stages that were missed."""
FIRST = datetime(2026, 11, 25, 0, tzinfo=UTC)
PROFILE = """\
name = "Valley Radio"
time_zone = "UTC"
length = "0:30"
repeats_freely = true
[stories]
max_age_h = 336
[clock]
margin_s = 20
[[clock.slots]]
at = "00:00-23:00"
[[feeds]]
url = "gazette.rss"
pages = false
[speech]
chain = ["tone"]
[imaging]
ident = "none"
bed = "none"
sting = "none"
closing = "none"
[outputs]
make = ["fm", "podcast"]
[outputs.fm]
format = "flac"
"""


class Victim:
    """Station whose service is killed again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "valley.toml").write_text(PROFILE)
        titles = ("Bridge over the Wex to close", "Library opens after repairs", "Ferry runs again on Monday")
        stories = (
            item(title, n=n, words=f"{title} this week. {WORDS}", date="Tue, 24 Nov 2026 22:00:00 GMT")
            for n, title in enumerate(titles)
        )
        (folder / "gazette.rss").write_text(rss(*stories))
        self.zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killed", (FIRST - timedelta(seconds=50)).isoformat()],
            cwd=folder,
            env=os.environ
            | {"PYTHONPATH": str(REPO), "BULLETIN_DATA": str(folder / "data"), "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, now: datetime, *, stage: str = "", after_s: float = 0.0) -> dict[str, Any]:
        assert self.zygote.stdin
        assert self.zygote.stdout
        order = {"now": now.isoformat(), "stage": stage, "after_s": after_s}
        self.zygote.stdin.write(json.dumps(order) + "\n")
        self.zygote.stdin.flush()
        data: dict[str, Any] = json.loads(self.zygote.stdout.readline())
        return data

    def row(self, due: datetime) -> tuple[SlotRecord, tuple[str, ...]]:
        """Ledger row and messages of opening the archive as a newly started program does."""
        with Archive.open(self.folder / "output" / ".bulletin" / "archive.sqlite") as archive:
            (row,) = SlotLedger(archive).rows(since=due, until=due + timedelta(seconds=1))
            return row, tuple(map(str, archive.notes))

    def parts_after_sweep(self, due: datetime) -> list[Path]:
        """Temporary files that remain after the first run of a new day, when they are three hours old."""
        for sound in (self.folder / "output").rglob("speech/*/*.wav"):
            sound.unlink()  # only a run that speaks deletes old parts of the cache
        long_ago = time.time() - 3 * 3600
        for part in (self.folder / "output").rglob("part-*"):
            os.utime(part, (long_ago, long_ago))
        self.run(due - timedelta(seconds=50))
        return list((self.folder / "output").rglob("part-*"))

    def close(self) -> None:
        self.zygote.kill()
        self.zygote.communicate()


@dataclass(frozen=True, slots=True)
class KillReport:
    """Kills that hit each stage, files that were read meanwhile, and what went wrong."""

    hit: Counter[str]
    contents_read: int
    faults: list[str]


def kill_and_restart(folder: Path, *, kills: int = ALL, seed: int = SEED) -> KillReport:
    """
    Kill a station's service about `kills` times; see the head of this file.

    Each stage is hit by at least a twentieth of the kills, and once at least.
    """
    rng, hit, due, faults = random.Random(seed), Counter[str](), FIRST, []
    plan = {stage: max(1, round(count * kills / ALL)) for stage, count in KILLS.items() if count}
    public = folder / "output" / "valley"
    with contextlib.closing(Victim(folder)) as victim, Poller(public) as poller:
        lengths = measure(victim, due)
        for pair in pairs_to_kill(plan, hit, rng):
            due += timedelta(hours=1)
            for stage in pair:  # the restart is killed as well
                begin = due - timedelta(minutes=30 if stage == "stand-by" else 1)
                # includes the first and last moment of each stage, and some just after it
                after_s = rng.choice((0.0, rng.uniform(0.0, 1.05) * lengths[stage]))
                ended = victim.run(begin, stage=stage, after_s=after_s)
                if ended["status"] == signal.SIGKILL:
                    hit[ended["stage"]] += 1
            victim.run(due - timedelta(seconds=50))
            faults += faults_of_slot(victim, public, due, pair)
        faults += [f"incomplete file: {path}" for path in public.rglob("part-*")]
        faults += [f"temporary file: {path}" for path in victim.parts_after_sweep(due + timedelta(hours=25))]
    faults += [f"stage {stage} was hit too seldom" for stage in missed_stages(plan, hit)]
    return KillReport(hit, poller.contents_read, [*poller.problems, *faults])


def faults_of_slot(victim: Victim, public: Path, due: datetime, pair: tuple[str, ...]) -> list[str]:
    row, notes = victim.row(due)
    told = datetime.fromisoformat(json.loads((public / "fm.json").read_bytes())["due"])
    faults = [f"{pair}: {note}" for note in notes]
    if (row.state, row.level) != (SlotState.DONE, Level.FRESH):
        faults.append(f"{pair}: {row}")
    if told != due:
        faults.append(f"{pair}: the file on air is of {told}, not {due}")
    return faults


def pairs_to_kill(plan: dict[str, int], hit: Counter[str], rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Stages of the kills; then more kills for stages that were missed on a machine of varying speed."""
    yield from batched_pairs([stage for stage, count in plan.items() for _ in range(count)], rng)
    for _ in range(MORE):
        if not (missed := missed_stages(plan, hit)):
            return
        yield from batched_pairs(missed, rng)


def missed_stages(plan: dict[str, int], hit: Counter[str]) -> list[str]:
    """Stages with too few hits; the work of a start is so short that few kills hit it."""
    least = max(1, sum(plan.values()) // 20)
    return [stage for stage in KILLS if stage != "start" and hit[stage] < least]


def batched_pairs(stages: list[str], rng: random.Random) -> list[tuple[str, ...]]:
    """Stages in random pairs; a stand-by comes before the work on the slot itself."""
    rng.shuffle(stages)
    pairs = [tuple(stages[index : index + 2]) for index in range(0, len(stages), 2)]
    return [tuple(sorted(pair, key=lambda stage: stage != "stand-by")) for pair in pairs]


def measure(victim: Victim, due: datetime) -> dict[str, float]:
    """Seconds of each stage without a kill; estimates for "after", "stand-by" and "start"."""
    victim.run(due - timedelta(minutes=30))
    done = victim.run(due - timedelta(seconds=50))
    assert done["status"] == 0
    lengths: dict[str, float] = json.loads(done["stage"])
    return lengths | {"after": 0.05, "stand-by": lengths["mix"] + lengths["examine"], "start": 0.1}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).strip().splitlines()[0])
    parser.add_argument("--kills", type=int, default=ALL)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        report = kill_and_restart(Path(folder), kills=options.kills, seed=options.seed)
    print(f"{report.hit.total()} kills: {dict(report.hit)}; {report.contents_read} files read meanwhile")
    print(*(report.faults or ["no fault"]), sep="\n")
    return 1 if report.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
