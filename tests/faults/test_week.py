"""
Seven days of an hourly station on a clock that is turned, with faults drawn from a seed.

The keeper, the ledger, the post and the whole road from feed to file are real; the voices hum. The test
knows of each hour what must lie there, and how good it must be.
"""

from __future__ import annotations

import errno
import gc
import logging
import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledger import Ledger
from bulletin.config.load import load_profile
from bulletin.model import Level, SlotRecord, SlotState
from bulletin.pcm import read_sound
from bulletin.service.keeper import Keeper
from bulletin.service.lies import look_at
from bulletin.service.post import StationPost
from bulletin.service.roles import Outcome
from tests.articles.feeds import item, rss
from tests.faults import voices

START = datetime(2026, 12, 28, 0, tzinfo=UTC)
"""A Monday; the week has a new year in it."""
HOURS = 168
SETTLED = 80
"""Hours after which nothing may grow."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
YOUNG = 2 * HOUR
PROFILE = """\
name = "Valley Radio"
time_zone = "UTC"
length = "up to 0:30"
[clock]
slots = [{ at = "00:00-23:00" }]
[[feeds]]
url = "gazette.rss"
[[feeds]]
url = "herald.rss"
[stories]
repeats = 0
most = 2
[script]
headlines = 0
[speech]
chain = ["tests.faults.voices:First", "tests.faults.voices:Second"]
cache_mb = 2
[imaging]
bed = "none"
closing = "closing.wav"
[outputs]
make = ["fm"]
[outputs.fm]
format = "wav"
"""
SUBJECTS = ("bridge", "harbour", "library", "market", "station", "hospital", "theatre", "quarry", "orchard")
DEEDS = ("closes for repairs", "opens after two years", "wins a national prize", "needs more volunteers")
PLACES = ("Wexcombe", "Marlbridge", "Thornley", "Coldharbour", "Ashwick", "Penrow", "Saltby", "Gorsedown")

FAULTS = {
    "none": 40,
    "one feed is gone": 8,
    "all feeds are gone": 8,
    "all feeds are garbage": 6,
    "nothing is new": 6,
    "first voice is dead": 8,
    "all voices are dead": 8,
    "jingle is gone": 5,
    "disk is full": 7,
    "killed at work, back at once": 10,
    "killed at work, back too late": 7,
    "machine off between slots": 6,
    "machine off over the slot": 7,
    "clock set back by an hour": 3,
}
FRESH = {
    "none",
    "one feed is gone",
    "nothing is new",  # what was told comes back: better than no news at all
    "first voice is dead",
    "jingle is gone",
    "killed at work, back at once",
    "machine off between slots",
    "clock set back by an hour",
}


@dataclass
class Week:
    """The machine, its disk, its clock, and what was found at each hour."""

    folder: Path
    seed: int
    now: datetime = START - HOUR + 12 * MINUTE
    keeper: Keeper | None = None
    archive: Archive | None = None
    lives: int = 0
    told: Counter[str] = field(default_factory=Counter)
    newest: int = 0
    """The hour whose news stands in the feeds."""

    # -- told by the keeper

    def met(self, record: SlotRecord) -> None:
        self.told["met"] += 1

    def missed(self, record: SlotRecord) -> None:
        self.told["missed"] += 1

    def prepared(self, station: str, due: datetime, outcome: Outcome) -> None:
        self.told["prepared"] += 1

    def failed(self, station: str, what: str, error: BaseException) -> None:
        self.told[f"failed {what}"] += 1

    # -- the machine

    def clock(self) -> datetime:
        return self.now

    def switch_on(self) -> None:
        self.lives += 1
        self.archive = Archive.open(self.folder / "output" / ".bulletin" / "archive.sqlite")
        loaded = load_profile(str(self.folder / "valley.toml"))
        post = StationPost(
            loaded=loaded, output=self.folder / "output", archive=self.archive, clock=self.clock
        )
        self.keeper = Keeper(
            ledger=Ledger(self.archive),
            posts=[post],
            owner=f"life {self.lives}",
            hire=lambda work: work(),
            watcher=self,
            now=self.clock,
        )
        self.keeper.begin()

    def switch_off(self) -> None:
        assert self.archive is not None
        self.archive.close()
        self.keeper = self.archive = None

    def run(self, until: datetime, *, step: timedelta = 20 * timedelta(seconds=1)) -> None:
        while self.now < until:
            if self.keeper:
                try:
                    self.keeper.tick()
                except KeyboardInterrupt:  # as sudden as a kill for whatever was at work
                    self.switch_off()
                    return
            self.now = min(self.now + step, until)

    # -- its world

    def write_feeds(self, hour: int) -> None:
        """Each hour has news that no hour before had."""
        chance = random.Random(f"{self.seed} {hour}")
        place, subject = chance.choice(PLACES), chance.choice(SUBJECTS)
        title = f"{place} {subject} {chance.choice(DEEDS)}"
        words = (
            f"The {subject} in {place} will cost {1000 + 2 * hour} pounds, the town council said. "
            f"Councillors meet in room {hour + 3} to talk about it."
        )
        date = format_datetime(START + hour * HOUR - HOUR)
        for name in ("gazette", "herald"):  # the same entry: one story
            entry = item(title, n=hour + 1, words=words, date=date)
            (self.folder / f"{name}.rss").write_text(rss(entry), encoding="utf-8")

    def files(self) -> int:
        """Public files, and whatever a run may leave behind; the cache has a limit of its own."""
        output = self.folder / "output"
        return sum(1 for path in output.rglob("*") if path.is_file() and "speech" not in path.parts)

    def cached_bytes(self) -> int:
        return sum(path.stat().st_size for path in (self.folder / "output").rglob("speech/*/*.wav"))


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Week]:
    (tmp_path / "valley.toml").write_text(PROFILE, encoding="utf-8")
    voices.DEAD.clear()
    voices.KILL_AFTER.clear()
    # What pytest keeps of the log holds tracebacks, and those hold the sound of every run that was killed.
    logging.disable(logging.CRITICAL)
    made = Week(folder=tmp_path, seed=int(os.environ.get("BULLETIN_WEEK_SEED", "2026")))
    made.switch_on()
    yield made
    if made.archive:
        made.switch_off()
    logging.disable(logging.NOTSET)
    voices.DEAD.clear()


@contextmanager
def fault(week: Week, name: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The fault as long as it lasts: from half past until after the slot."""
    with ExitStack() as over:
        feeds = [week.folder / "gazette.rss", week.folder / "herald.rss"]
        if name == "one feed is gone":
            feeds[0].unlink()
        elif name == "all feeds are gone":
            for path in feeds:
                path.unlink()
        elif name == "all feeds are garbage":
            for path in feeds:
                path.write_bytes(b"\x1f\x8b not a feed \xff" * 50)
        elif name.endswith("dead"):
            voices.DEAD.update({"first"} if name.startswith("first") else {"first", "second"})
            over.callback(voices.DEAD.clear)
        elif name == "disk is full":
            held = over.enter_context(patch.context())
            held.setattr("bulletin.outlets.files._flush", _no_room)
        yield


def _no_room(_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def live_through(week: Week, hour: int, name: str, patch: pytest.MonkeyPatch) -> None:
    """From ten past the hour before until a minute past the slot."""
    due = START + hour * HOUR
    week.newest = week.newest if name == "nothing is new" else hour
    week.write_feeds(week.newest)
    week.run(due - 48 * MINUTE, step=MINUTE)  # the stand-by is put in place
    with fault(week, name, patch):
        _go_wrong(week, name, due)
        week.run(due - 3 * MINUTE, step=5 * MINUTE)
        week.run(due + timedelta(seconds=1))


def _go_wrong(week: Week, name: str, due: datetime) -> None:
    """What is done to the machine and its clock."""
    if name == "machine off between slots":
        week.switch_off()
        week.run(due - 20 * MINUTE, step=10 * MINUTE)
        week.switch_on()
    elif name == "machine off over the slot":
        week.run(due - 5 * MINUTE, step=5 * MINUTE)
        week.switch_off()
    elif name == "clock set back by an hour":
        week.run(due - 30 * MINUTE, step=5 * MINUTE)
        week.now -= HOUR
        week.run(due - 30 * MINUTE, step=10 * MINUTE)
    elif name.startswith("killed at work"):
        voices.KILL_AFTER[:] = [2]
        week.run(due - 3 * MINUTE, step=5 * MINUTE)
        week.run(due)
        assert week.keeper is None, "nobody was killed"
        if name.endswith("at once"):
            week.now += timedelta(seconds=8)
            week.switch_on()


def back_to_normal(week: Week, hour: int) -> None:
    """What was away comes back long after the slot."""
    if week.keeper is None:
        week.now = START + hour * HOUR + 11 * MINUTE
        week.switch_on()


def census() -> tuple[int, int, int]:
    """Threads, descriptors, and resident memory in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return (
        threading.active_count(),
        len(list(Path("/proc/self/fd").iterdir())),
        pages * os.sysconf("SC_PAGE_SIZE") // 2**20,
    )


def expected(name: str, *, young: bool) -> Level:
    if name in FRESH:
        return Level.FRESH
    return Level.LAST_GOOD if young else Level.EVERGREEN


@pytest.mark.faults
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="counts descriptors and memory by /proc")
def test_seven_days_with_faults_have_every_slot(week: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(week.seed)
    drawn = chance.choices(list(FAULTS), list(FAULTS.values()), k=HOURS)
    drawn[:1] = ["none"]
    last_fresh = START - 100 * HOUR
    wrong: list[str] = []
    counts: dict[int, tuple[int, int, int]] = {}
    files: dict[int, int] = {}

    for hour, name in enumerate(drawn):
        due = START + hour * HOUR
        live_through(week, hour, name, monkeypatch)
        found = look_at(week.folder / "output" / "valley", ["fm"])["fm"]
        wanted = expected(name, young=due - last_fresh <= YOUNG)
        if found is None or (found.due, found.level) != (due, wanted):
            wrong.append(f"{due:%a %H:%M} {name}: {wanted} was wanted, {found} was found")
        samples, _ = read_sound(week.folder / "output" / "valley" / "fm.wav")
        assert len(samples)
        if name == "clock set back by an hour" or wanted is Level.FRESH:
            last_fresh = due
        back_to_normal(week, hour)
        if hour in (SETTLED, HOURS - 1):
            counts[hour], files[hour] = census(), week.files()

    assert wrong == [], "\n".join(wrong)
    week.run(START + HOURS * HOUR - HOUR + 20 * MINUTE, step=MINUTE)
    assert week.archive is not None
    rows = Ledger(week.archive).rows(since=START, until=START + HOURS * HOUR)
    assert [row.state for row in rows] == [SlotState.DONE] * HOURS
    assert all(row.is_met for row in rows)
    assert "missed" not in week.told
    early, late = counts.values()
    assert late[:2] <= (early[0] + 1, early[1] + 3)
    # Undisturbed hours: 209 MB after 20, 218 after 80, 219 after 140. Python's and the libraries' caches have
    # limits and fill slowly (memray finds nothing that grows); a kept bulletin would be 4 MB an hour.
    assert late[2] - early[2] < 20
    assert files[HOURS - 1] <= files[SETTLED] + 2
    assert week.cached_bytes() <= 2e6
