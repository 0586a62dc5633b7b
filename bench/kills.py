"""A hundred times kill -9, over every stage of a real run, each followed by a restart."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import Level, SlotRecord, SlotState
from tests.articles.feed_texts import item, rss
from tests.faults.poller import Poller
from tests.faults.station_process import REPO, WORDS

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")]

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
"""Kills by stage, most while files are renamed; a few runs end before their kill."""
SEED = 20261125
HITS = 100
LEAST = 5
"""Least number of kills that must hit each stage."""
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

    def row(self, due: datetime) -> SlotRecord:
        """Ledger row, read by opening the archive as a newly started program does."""
        with Archive.open(self.folder / "output" / ".bulletin" / "archive.sqlite") as archive:
            assert archive.notes == ()
            (row,) = SlotLedger(archive).rows(since=due, until=due + timedelta(seconds=1))
            return row

    def parts_after_sweep(self, due: datetime) -> list[Path]:
        """Temporary files that remain after a run, when those in the speech cache are three hours old."""
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


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    station = Victim(tmp_path)
    yield station
    station.close()


def test_a_hundred_kills_leave_no_incomplete_file_and_miss_no_slot(victim: Victim) -> None:
    rng, hit, due = random.Random(SEED), Counter[str](), FIRST
    lengths = measure(victim, due)
    public = victim.folder / "output" / "valley"
    with Poller(public) as poller:
        for pair in pairs_to_kill(hit, rng):
            due += timedelta(hours=1)
            for stage in pair:  # the restart is killed as well
                begin = due - timedelta(minutes=30 if stage == "stand-by" else 1)
                # includes the first and last moment of each stage, and some just after it
                after_s = rng.choice((0.0, rng.uniform(0.0, 1.05) * lengths[stage]))
                ended = victim.run(begin, stage=stage, after_s=after_s)
                if ended["status"] == signal.SIGKILL:
                    hit[ended["stage"]] += 1
            victim.run(due - timedelta(seconds=50))
            row = victim.row(due)
            assert (row.state, row.level) == (SlotState.DONE, Level.FRESH), (pair, row)
            side_file = json.loads((public / "fm.json").read_bytes())
            assert datetime.fromisoformat(side_file["due"]) == due, pair

    print("kills that hit each stage:", dict(hit), "files read:", poller.contents_read)
    assert poller.problems == []
    assert missed_stages(hit) == []
    assert sum(hit.values()) >= HITS
    assert list(public.rglob("part-*")) == []
    assert victim.parts_after_sweep(due + timedelta(hours=1)) == []


def pairs_to_kill(hit: Counter[str], rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Stages of the kills; then more kills for stages that were missed on a machine of varying speed."""
    yield from batched_pairs([stage for stage, count in KILLS.items() for _ in range(count)], rng)
    for _ in range(MORE):
        if not (missed := missed_stages(hit)) and sum(hit.values()) >= HITS:
            return
        yield from batched_pairs(missed or ["mix", "publish"], rng)


def missed_stages(hit: Counter[str]) -> list[str]:
    return [stage for stage in KILLS if stage != "start" and hit[stage] < LEAST]


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
