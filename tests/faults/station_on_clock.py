"""
Station on air in this process, on a simulated clock: which file is on air at the hour?

Reconciler, ledger, worker and the whole pipeline are real. The voice hums unless a test names another, there is no
music unless a test adds some, and the playout file is FLAC, as these tests do not judge the sound.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.model import Level, SlotRecord, SlotState
from bulletin.pipeline.read_json_of_on_air_files import OnAirFile, read_on_air
from bulletin.pipeline.stage_timer import Listener
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.read_sound_file import read_sound
from bulletin.service.open_archive_or_fallback import ServiceArchive, open_service_archive
from bulletin.service.slots.reconcile_slot_ledger import SlotReconciler
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import SlotOutcome
from tests.articles.feed_texts import item, rss

SEVEN = datetime(2026, 11, 25, 7, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EIGHT = SEVEN + HOUR
AT_WORK = timedelta(seconds=63)
"""Time before a slot at which its work begins, once the station has measured its speed."""
MARGIN = timedelta(seconds=20)
PROFILE = """\
name = "Valley Radio"
time_zone = "UTC"
length = "up to 0:30"
repeats_freely = true
{feeds}
[stories]
max_age_h = 336
[script]
headlines = 0
[clock]
margin_s = 20
slots = [{{ at = "00:00-23:00" }}]
[fetch]
timeout_s = 1
host_gap_s = 0
{fetch}
[speech]
chain = [{chain}]
{tables}
[imaging]
{imaging}
[outputs]
make = ["fm"]
[outputs.fm]
format = "flac"
"""
NO_MUSIC = 'ident = "none"\nbed = "none"\nsting = "none"\nclosing = "none"'
GAZETTE = '[[feeds]]\nurl = "gazette.rss"\npages = false\n'
DEEDS = (
    "closes for repairs after the storm",
    "wins a national prize for its garden",
    "needs forty volunteers before Easter",
    "sold to a family from Norway",
    "opens its doors to schoolchildren",
    "gets a new roof made of copper",
    "loses its licence to sell beer",
)
SUBJECTS = ("bridge", "library", "harbour", "market", "theatre", "quarry", "orchard", "hospital")


def feed(url: str) -> str:
    """Profile table of a feed; `private` allows a server on loopback."""
    return f'[[feeds]]\nurl = "{url}"\nprivate = true\npages = false\n'


def news(*, first: int = 0, count: int = 1, at: datetime = SEVEN) -> str:
    """A feed of `count` stories, an hour old, each about another event."""
    date = format_datetime(at - HOUR)
    return rss(*(_entry(number, date) for number in range(first, first + count)))


def _entry(number: int, date: str) -> str:
    subject, town = SUBJECTS[number % len(SUBJECTS)], f"Wex{_letters(number)}combe"
    deed = DEEDS[number % len(DEEDS)]
    words = (
        f"The {subject} in {town} {deed}, the town council said on Tuesday. "
        f"The mayor of {town} said {1000 + 2 * number} people had asked for it."
    )
    return item(f"{town} {subject} {deed}", n=number + 1, words=words, date=date)


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


@dataclass
class Air:
    """The machine, its clock, and the events that the reconciler reported."""

    folder: Path
    now: datetime = SEVEN - AT_WORK
    listener: Listener | None = None
    submit: Callable[[Callable[[], None]], None] = lambda work: work()
    lives: int = 0
    events: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    reconciler: SlotReconciler | None = None
    archive: Archive | None = None
    memory: ServiceArchive | None = None
    answers: ResponseCache = field(default_factory=lambda: ResponseCache(kept_s=0.0))

    # -- reported by the reconciler

    def met(self, record: SlotRecord) -> None:
        self.events["met"] += 1
        self.notes.append(record.note)

    def missed(self, record: SlotRecord) -> None:
        self.events["missed"] += 1

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        self.events["prepared"] += 1

    def failed(self, station: str, what: str, error: BaseException) -> None:
        self.events[f"failed {what}"] += 1
        self.notes.append(str(error))

    def note_archive_state(self, text: str, is_over: bool) -> None:
        self.events["archive is back" if is_over else "archive is away"] += 1
        if not is_over:
            self.notes.append(text)

    # -- files and folders

    def write(
        self,
        *,
        feeds: str = GAZETTE,
        chain: str = '"tone"',
        imaging: str = NO_MUSIC,
        tables: str = "",
        fetch: str = "",
    ) -> Path:
        """Write the profile."""
        path = self.folder / "valley.toml"
        text = PROFILE.format(feeds=feeds, chain=chain, imaging=imaging, tables=tables, fetch=fetch)
        path.write_text(text, encoding="utf-8")
        return path

    def write_news(self, *, first: int = 0, count: int = 1) -> None:
        (self.folder / "gazette.rss").write_text(
            news(first=first, count=count, at=self.now), encoding="utf-8"
        )

    def write_feeds(self, count: int, *, stories: int) -> str:
        """Write `count` feed files with different stories; their tables for the profile."""
        for number in range(count):
            text = news(first=stories * number, count=stories, at=self.now)
            (self.folder / f"{number}.rss").write_text(text, encoding="utf-8")
        return "".join(GAZETTE.replace("gazette", str(number)) for number in range(count))

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def public(self) -> Path:
        return self.output / "valley"

    @property
    def aside(self) -> Path:
        """Folder of the stand-by until its slot."""
        return prepared_folder(self.output / ".bulletin", "valley")

    @property
    def database(self) -> Path:
        return self.output / ".bulletin" / "archive.sqlite"

    def worker_of(self, loaded: LoadedProfile) -> StationWorker:
        assert self.archive
        return StationWorker(
            loaded=loaded,
            output=self.output,
            archive=self.archive,
            clock=lambda: self.now,
            listener=self.listener,
            answers=self.answers,
        )

    def switch_on(self) -> SlotReconciler:
        self.lives += 1
        loaded = load_profile(str(self.folder / "valley.toml"))
        self.archive = open_service_archive(self.output)
        self.memory = ServiceArchive(archive=self.archive, output=self.output, report=self.note_archive_state)
        self.reconciler = SlotReconciler(
            ledger=SlotLedger(self.archive),
            workers=[self.worker_of(loaded)],
            owner=f"life {self.lives}",
            submit=self.submit,
            watcher=self,
            now=lambda: self.now,
        )
        self.reconciler.begin()
        return self.reconciler

    def switch_off(self) -> None:
        if self.archive:
            self.archive.close()
        self.reconciler = self.archive = self.memory = None

    # -- time

    def tick(self, at: datetime) -> None:
        """One tick of the service at this time."""
        self.now = at
        assert self.reconciler
        assert self.memory
        if self.memory.check(at, is_idle=self.reconciler.is_idle):
            self.reconciler.begin()
        self.reconciler.reconcile()

    def stand_by(self, due: datetime) -> None:
        """A tick at a quarter past the hour before: prepares the stand-by and leaves the file on air."""
        self.tick(due - 45 * MINUTE)

    def slot(self, due: datetime) -> None:
        """Ticks at the start of the work, just after, at the time to be ready, and when the slot is due."""
        self.tick(due - AT_WORK)
        self.tick(due - AT_WORK + timedelta(seconds=8))
        self.tick(due - MARGIN)
        self.tick(due + timedelta(seconds=1))

    # -- the file on air

    def on_air_file(self) -> OnAirFile | None:
        """File on air by its side file; raises when the sound beside it is incomplete."""
        on_air = read_on_air(self.public, ["fm"])["fm"]
        if on_air is not None:
            samples, rate_hz = read_sound(io.BytesIO((self.public / "fm.flac").read_bytes()))
            assert len(samples) / rate_hz > 3
        assert list(self.public.glob("part-*")) == []
        return on_air

    def length_s(self) -> float:
        samples, rate_hz = read_sound(self.public / "fm.flac")
        return len(samples) / rate_hz

    def voices(self) -> list[str]:
        """Engines that read the bulletins, newest first."""
        with Archive.open(self.database) as archive:
            return [record.engine for record in archive.bulletins("valley")]

    def row(self, due: datetime) -> SlotRecord:
        with Archive.open(self.database) as archive:
            (row,) = SlotLedger(archive).rows(since=due, until=due + timedelta(seconds=1))
            return row

    def expect(self, level: Level, *, due: datetime, is_written: bool = True) -> None:
        """Assert that exactly this level is on air for the slot, in time, and is recorded in the ledger."""
        on_air = self.on_air_file()
        assert on_air, self.notes
        assert (on_air.due, on_air.level) == (due, level), (on_air, self.notes)
        if is_written:
            self.expect_row(level, due=due)

    def expect_row(self, level: Level, *, due: datetime) -> None:
        """Assert that the ledger in the archive itself has this record."""
        row = self.row(due)
        assert (row.state, row.level, row.is_met) == (SlotState.DONE, level, True), (row, self.notes)

    def expect_late(self, level: Level, *, due: datetime) -> None:
        """Assert that this level is on air now, but became ready after its slot."""
        on_air, row = self.on_air_file(), self.row(due)
        assert on_air, self.notes
        assert (on_air.due, on_air.level) == (due, level), (on_air, self.notes)
        assert (row.state, row.level) == (SlotState.DONE, level), (row, self.notes)
        assert row.ready_at
        assert row.ready_at > due
