"""
Station with machine, disk and clock for a week with a fault in each hour.

The reconciler, the ledger, the worker and the whole pipeline from feed to file are real, the feeds come over HTTP
from loopback, and the voices hum.
"""

from __future__ import annotations

import errno
import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.config.load_profile import load_profile
from bulletin.model import Level, SlotRecord
from bulletin.service.open_archive_or_fallback import ServiceArchive, open_service_archive
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import SlotOutcome
from tests.articles.feed_texts import item, rss
from tests.articles.site import Site
from tests.faults import voices
from tests.faults.locks import locked

START = datetime(2026, 12, 28, 0, tzinfo=UTC)
"""A Monday; the week includes New Year."""
HOURS = 168
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
YOUNG = 2 * HOUR
PROFILE = """\
name = "Valley Radio"
time_zone = "UTC"
length = "up to 0:30"
[clock]
slots = [{{ at = "00:00-23:00" }}]
{feeds}
[fetch]
timeout_s = 1
host_gap_s = 0
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
FEED = '[[feeds]]\nurl = "{url}"\nprivate = true\npages = false\n'
SUBJECTS = ("bridge", "harbour", "library", "market", "station", "hospital", "theatre", "quarry", "orchard")
DEEDS = ("closes for repairs", "opens after two years", "wins a national prize", "needs more volunteers")
TOWNS = ("Wexcombe", "Marlbridge", "Thornley", "Coldharbour", "Ashwick", "Penrow", "Saltby", "Gorsedown")

FAULTS = {
    "none": 40,
    "one feed is gone": 6,
    "one feed is slow": 6,
    "all feeds are gone": 6,
    "all feeds are slow": 6,
    "all feeds are garbage": 5,
    "nothing is new": 6,
    "first voice is dead": 6,
    "first voice breaks off": 6,
    "first voice is noise": 6,
    "all voices are dead": 5,
    "all voices are noise": 5,
    "archive is locked": 6,
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
    "one feed is slow",
    "nothing is new",  # aired stories are repeated, which is better than no news
    "first voice is dead",
    "first voice breaks off",
    "first voice is noise",
    "archive is locked",  # without the record of aired stories; written when the lock is gone
    "jingle is gone",
    "killed at work, back at once",
    "machine off between slots",
    "clock set back by an hour",
}


@dataclass
class Week:
    """The machine, its disk, its clock, and the events of the week."""

    folder: Path
    seed: int
    sites: tuple[Site, ...]
    """Servers of the publishers."""
    now: datetime = START - HOUR + 12 * MINUTE
    reconciler: SlotReconciler | None = None
    archive: Archive | None = None
    memory: ServiceArchive | None = None
    lives: int = 0
    events: Counter[str] = field(default_factory=Counter)
    newest: int = 0
    """Hour of the news in the feeds."""

    # -- reported by the reconciler

    def met(self, record: SlotRecord) -> None:
        self.events["met"] += 1

    def missed(self, record: SlotRecord) -> None:
        self.events["missed"] += 1

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        self.events["prepared"] += 1

    def failed(self, station: str, what: str, error: BaseException) -> None:
        self.events[f"failed {what}"] += 1

    def note_archive_state(self, text: str, is_over: bool) -> None:
        self.events["archive is back" if is_over else "archive is away"] += 1

    # -- the machine

    def clock(self) -> datetime:
        return self.now

    def switch_on(self) -> None:
        self.lives += 1
        output = self.folder / "output"
        self.archive = open_service_archive(output)
        self.memory = ServiceArchive(archive=self.archive, output=output, report=self.note_archive_state)
        loaded = load_profile(str(self.folder / "valley.toml"))
        worker = StationWorker(loaded=loaded, output=output, archive=self.archive, clock=self.clock)
        self.reconciler = SlotReconciler(
            ledger=SlotLedger(self.archive),
            workers=[worker],
            owner=f"life {self.lives}",
            submit=lambda work: work(),
            watcher=self,
            now=self.clock,
        )
        self.reconciler.begin()

    def switch_off(self) -> None:
        assert self.archive is not None
        self.archive.close()
        self.reconciler = self.archive = self.memory = None

    def run(self, until: datetime, *, step: timedelta = 20 * timedelta(seconds=1)) -> None:
        while self.now < until:
            if self.reconciler:
                try:
                    self._tick(self.reconciler)
                except KeyboardInterrupt:  # as sudden as a kill
                    self.switch_off()
                    return
            self.now = min(self.now + step, until)

    def _tick(self, reconciler: SlotReconciler) -> None:
        assert self.memory
        if self.memory.check(self.now, is_idle=reconciler.is_idle):
            reconciler.begin()
        reconciler.reconcile()

    # -- profile, feeds and files

    def write_profile(self) -> None:
        feeds = "".join(FEED.format(url=site.url("/feed")) for site in self.sites)
        (self.folder / "valley.toml").write_text(PROFILE.format(feeds=feeds), encoding="utf-8")

    def write_feeds(self, hour: int) -> None:
        """Write feeds with news of this hour, different from every earlier hour."""
        chance = random.Random(f"{self.seed} {hour}")
        town, subject = chance.choice(TOWNS), chance.choice(SUBJECTS)
        deed = chance.choice(DEEDS)
        title = f"{town} {subject} {deed}"
        words = (
            f"The {subject} in {town} {deed}, which costs {1000 + 2 * hour} pounds, the town council said. "
            f"Councillors meet in room {hour + 3} to talk about it."
        )
        date = format_datetime(START + hour * HOUR - HOUR)
        for site in self.sites:  # the same entry: one story
            site.asked.clear()
            site.reply("/feed", rss(item(title, n=hour + 1, words=words, date=date)), etag=f'"{hour}"')

    @property
    def database(self) -> Path:
        return self.folder / "output" / ".bulletin" / "archive.sqlite"

    def files(self) -> int:
        """Number of public files and leftovers of runs, without the cache, which has its own limit."""
        output = self.folder / "output"
        return sum(1 for path in output.rglob("*") if path.is_file() and "speech" not in path.parts)

    def make_scan_of_cache_due(self) -> None:
        """Date back the last scan of the speech cache: its pause is real time, an hour here is two seconds of it."""
        for stamp in (self.folder / "output").rglob("speech/pruned"):
            os.utime(stamp, (0, 0))

    def cached_bytes(self) -> int:
        return sum(path.stat().st_size for path in (self.folder / "output").rglob("speech/*/*.wav"))


@contextmanager
def fault(week: Week, name: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The fault for as long as it lasts: from half past until after the slot."""
    with ExitStack() as stack:
        who, _, what = name.partition(" ")
        if " feed" in name:
            for site in week.sites[:1] if who == "one" else week.sites:
                _spoil(site, what.split()[-1])
        elif " voice" in name:
            stack.callback(voices.repair_voices)
            voices.break_voices(("first",) if who == "first" else ("first", "second"), what.split()[-1])
        elif name == "disk is full":
            patched = stack.enter_context(patch.context())
            patched.setattr("bulletin.publishing.atomic_file_batch._flush", _no_room)
        yield


def _spoil(site: Site, how: str) -> None:
    """Let a publisher's server fail until the next hour's news is written."""
    if how == "gone":
        site.reply("/feed", status=404)
    elif how == "slow":
        site.reply("/feed", site.replies["/feed"].body, drip_s=0.4)
    else:
        assert how == "garbage"
        site.reply("/feed", b"\x1f\x8b not a feed \xff" * 50)


def _no_room(_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def live_through(week: Week, hour: int, name: str, patch: pytest.MonkeyPatch) -> None:
    """Run from ten past the hour before until just after the slot, with this fault."""
    due = START + hour * HOUR
    week.newest = week.newest if name == "nothing is new" else hour
    week.write_feeds(week.newest)
    week.run(due - 48 * MINUTE, step=MINUTE)  # the stand-by is prepared
    with fault(week, name, patch):
        _go_wrong(week, name, due)
        week.run(due - 4 * MINUTE, step=5 * MINUTE)
        with locked(week.database) if name == "archive is locked" else nullcontext():
            week.run(due + timedelta(seconds=1))


def _go_wrong(week: Week, name: str, due: datetime) -> None:
    """Apply a fault of the machine or its clock."""
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
        voices.KILL_AFTER[:] = [1]
        week.run(due - 3 * MINUTE, step=5 * MINUTE)
        week.run(due)
        assert week.reconciler is None, "nobody was killed"
        if name.endswith("at once"):
            week.now += timedelta(seconds=8)
            week.switch_on()


def back_to_normal(week: Week, hour: int) -> None:
    """Switch the machine on again, long after the slot."""
    if week.reconciler is None:
        week.now = START + hour * HOUR + 11 * MINUTE
        week.switch_on()


def expected(name: str, *, young: bool) -> Level:
    if name in FRESH:
        return Level.FRESH
    return Level.LAST_GOOD if young else Level.EVERGREEN
