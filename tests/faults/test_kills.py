"""kill -9 at 200 moments, in two halves, spread over every stage of a real run, each followed by a restart."""

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
    "start": 0,  # the opening of archive and profile: hit by those that come before their stage
    "gather": 20,
    "choose": 22,  # over so soon that many hit what comes behind it
    "write": 16,
    "speak": 24,
    "mix": 24,
    "examine": 18,
    "publish": 54,
    "after": 14,
    "stand-by": 20,
}
"""Most where files change their names; a few runs are over before they are hit."""
HALVES = (20261125, 20261126)
"""Seeds; each half has every second kill, so that two processors share them."""
HITS = 100
LEAST = 5
"""Kills of a half that must have hit each stage."""
MORE = 20
"""Rounds, at most, for stages that were missed."""
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
    """A station whose service dies again and again."""

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
        """Of the ledger, by opening the archive as a program would that is started now."""
        with Archive.open(self.folder / "output" / ".bulletin" / "archive.sqlite") as archive:
            assert archive.notes == ()
            (row,) = SlotLedger(archive).rows(since=due, until=due + timedelta(seconds=1))
            return row

    def swept(self, due: datetime) -> list[Path]:
        """Parts that are still there when those in the cache, which may be another run's, are three hours old."""
        for kept in (self.folder / "output").rglob("speech/*/*.wav"):
            kept.unlink()  # a cache is swept by a run that speaks
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
    made = Victim(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("seed", HALVES)
def test_a_hundred_kills_leave_nothing_half_and_miss_nothing(victim: Victim, seed: int) -> None:
    rng, hit, due = random.Random(seed), Counter[str](), FIRST
    lengths = measure(victim, due)
    public = victim.folder / "output" / "valley"
    with Poller(public) as poller:
        for pair in pairs_to_kill(hit, rng):
            due += timedelta(hours=1)
            for stage in pair:  # the restart is killed as well
                begin = due - timedelta(minutes=30 if stage == "stand-by" else 1)
                # the first and the last moment of each stage too, and some just behind it
                after_s = rng.choice((0.0, rng.uniform(0.0, 1.05) * lengths[stage]))
                ended = victim.run(begin, stage=stage, after_s=after_s)
                if ended["status"] == signal.SIGKILL:
                    hit[ended["stage"]] += 1
            victim.run(due - timedelta(seconds=50))
            row = victim.row(due)
            assert (row.state, row.level) == (SlotState.DONE, Level.FRESH), (pair, row)
            told = json.loads((public / "fm.json").read_bytes())
            assert datetime.fromisoformat(told["due"]) == due, pair

    print("kills that hit each stage:", dict(hit), "files read:", poller.read)
    assert poller.problems == []
    assert missed_stages(hit) == []
    assert sum(hit.values()) >= HITS
    assert list(public.rglob("part-*")) == []
    assert victim.swept(due + timedelta(hours=1)) == []


def pairs_to_kill(hit: Counter[str], rng: random.Random) -> Iterator[tuple[str, ...]]:
    """A half's share; then, on a machine that was now slow and now quick, more of what was missed."""
    yield from batched_pairs([stage for stage, count in KILLS.items() for _ in range(count // 2)], rng)
    for _ in range(MORE):
        if not (missed := missed_stages(hit)) and sum(hit.values()) >= HITS:
            return
        yield from batched_pairs(missed or ["mix", "publish"], rng)


def missed_stages(hit: Counter[str]) -> list[str]:
    return [stage for stage in KILLS if stage != "start" and hit[stage] < LEAST]


def batched_pairs(stages: list[str], rng: random.Random) -> list[tuple[str, ...]]:
    """Any two of them after one another; a stand-by is put in place before the slot's own work."""
    rng.shuffle(stages)
    pairs = [tuple(stages[place : place + 2]) for place in range(0, len(stages), 2)]
    return [tuple(sorted(pair, key=lambda stage: stage != "stand-by")) for pair in pairs]


def measure(victim: Victim, due: datetime) -> dict[str, float]:
    """Seconds of each stage when nobody disturbs it; a stand-by and the end are as long as they are."""
    victim.run(due - timedelta(minutes=30))
    done = victim.run(due - timedelta(seconds=50))
    assert done["status"] == 0
    lengths: dict[str, float] = json.loads(done["stage"])
    return lengths | {"after": 0.05, "stand-by": lengths["mix"] + lengths["examine"], "start": 0.1}
