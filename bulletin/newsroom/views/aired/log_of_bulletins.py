"""Log: what aired, newest first; a bulletin with the sources of each sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.model import Origin, Passage, Role
from bulletin.newsroom.views.aired.as_run_log import FRESH, passage_sources, shown_passages
from bulletin.recognition.describe_doubts import is_doubt

ON_PAGE = 20
"""Bulletins of one page."""


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSearch:
    """Fields of the search form; empty ones match everything."""

    words: str = ""
    """Words of the title or of the spoken text, or the id of a story."""
    source: str = ""
    """Part of the name of a publisher, of a feed, or of a link."""
    first: date | None = None
    """First day, on the station's clock."""
    last: date | None = None
    """Last day, included."""
    replaced: bool = False
    """Also stand-bys that were replaced, and bulletins that were kept back."""

    def query(self, zone: ZoneInfo) -> JournalQuery:
        """Days are whole, also days of 23 and 25 hours."""
        since = _midnight(self.first, zone) if self.first else None
        until = _midnight(min(self.last, _LAST_DAY) + timedelta(days=1), zone) if self.last else None
        return JournalQuery(since=since, until=until, story=self.words.strip(), source=self.source.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedStory:
    """A story of a bulletin in the log."""

    id: str
    title: str
    sources: tuple[str, ...]
    """Names of publishers."""
    at: datetime | None
    """Its first word on air, on the station's clock; None: unknown, or a correction."""
    start_s: float | None
    editors: tuple[str, ...] = ()
    """Who reworded a sentence of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedBulletin:
    """A bulletin in the log; times are on the station's clock."""

    id: int
    at: datetime
    made_at: datetime
    title: str
    level: str
    is_fresh: bool
    is_correction: bool
    withdrawn_at: datetime | None
    duration_s: float
    voice: str
    outputs: tuple[str, ...]
    stories: tuple[LoggedStory, ...]
    doubts: int
    """Sentences that recognisers heard otherwise before it aired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """One page of the log."""

    bulletins: tuple[LoggedBulletin, ...]
    older: int | None
    """Id from which the next page goes on; None: this is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedSentence:
    """A sentence that aired, with the sentences of the sources beside it."""

    text: str
    spoken: str
    editor: str
    """Who wrote it; empty: the program, from its sources."""
    replaced: str
    """The program's own sentence, where an editor replaced one."""
    origins: tuple[Origin, ...]
    is_recording: bool = False
    """A recorded voice said it."""
    doubts: tuple[str, ...] = ()
    """How recognisers heard it before it aired, where that differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedPassage:
    """A passage that aired."""

    role: str
    story_id: str
    title: str
    start_s: float | None
    at: datetime | None
    sentences: tuple[LoggedSentence, ...]
    sources: tuple[tuple[str, str], ...]
    """Name and link of each publisher."""

    @property
    def is_story(self) -> bool:
        return self.role == Role.STORY


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinDetails:
    """A bulletin of the log in full."""

    bulletin: LoggedBulletin
    passages: tuple[LoggedPassage, ...]
    notes: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...]
    """Title and reason of each story that did not fit."""
    sounds: tuple[tuple[str, str], ...]
    """Rendition and file name of each sound."""
    loudness_lufs: float | None
    corrected_by: int | None
    corrects: int | None


def read_log(
    archive: Archive, station: str, search: LogSearch, *, zone: ZoneInfo, before: int | None = None
) -> LogPage:
    """A page of the log, newest first, older than the bulletin `before`. Raises ArchiveError."""
    query = search.query(zone)
    records = RunJournal(archive).newest(
        station, query, limit=ON_PAGE + 1, before=before, everything=search.replaced
    )
    shown = records[:ON_PAGE]
    return LogPage(
        bulletins=tuple(_logged(record, query, zone) for record in shown),
        older=shown[-1].id if len(records) > ON_PAGE else None,
    )


def read_bulletin(archive: Archive, station: str, number: int, *, zone: ZoneInfo) -> BulletinDetails | None:
    """A bulletin in full; None where the station has none with that id. Raises ArchiveError."""
    journal = RunJournal(archive)
    record = journal.bulletin(station, number)
    if record is None:
        return None
    everything = JournalQuery()
    loudness = next((made.get("loudness_lufs") for made in record.renditions), None)
    return BulletinDetails(
        bulletin=_logged(record, everything, zone),
        passages=tuple(
            _passage(record, passage, start_s, zone)
            for passage, start_s in shown_passages(record, everything)
        ),
        notes=record.notes,
        dropped=tuple((left.title, left.reason) for left in record.dropped),
        sounds=tuple((str(made["kind"]), str(made["file"])) for made in record.renditions),
        loudness_lufs=float(loudness) if loudness is not None else None,
        corrected_by=journal.correction_of(station, number),
        corrects=record.corrects_id,
    )


def _logged(record: BulletinRecord, query: JournalQuery, zone: ZoneInfo) -> LoggedBulletin:
    return LoggedBulletin(
        id=record.id,
        at=record.at.astimezone(zone),
        made_at=record.made_at.astimezone(zone),
        title=record.title,
        level=str(record.level),
        is_fresh=record.level in FRESH,
        is_correction=record.corrects_id is not None,
        withdrawn_at=record.withdrawn_at and record.withdrawn_at.astimezone(zone),
        duration_s=record.duration_s,
        voice=f"{record.engine} {record.voice}".strip(),
        outputs=tuple(dict.fromkeys(str(made["kind"]) for made in record.renditions)),
        stories=tuple(_stories(record, query, zone)),
        doubts=sum(map(is_doubt, record.notes)),
    )


def _stories(record: BulletinRecord, query: JournalQuery, zone: ZoneInfo) -> Iterator[LoggedStory]:
    for passage, start_s in shown_passages(record, query):
        if passage.role is Role.STORY:
            yield LoggedStory(
                id=passage.story_id,
                title=passage.title,
                sources=tuple(dict.fromkeys(source.name for source in passage_sources(record, passage))),
                at=_moment(record, start_s, zone),
                start_s=start_s,
                editors=tuple(dict.fromkeys(s.editor for s in passage.sentences if s.editor)),
            )


def _passage(
    record: BulletinRecord, passage: Passage, start_s: float | None, zone: ZoneInfo
) -> LoggedPassage:
    return LoggedPassage(
        role=str(passage.role),
        story_id=passage.story_id,
        title=passage.title,
        start_s=start_s,
        at=_moment(record, start_s, zone),
        sentences=tuple(
            LoggedSentence(
                text=sentence.text,
                spoken=sentence.spoken,
                editor=sentence.editor,
                replaced=sentence.replaced,
                is_recording=sentence.recording is not None,
                origins=sentence.origins,
                doubts=tuple(note for note in record.notes if is_doubt(note, sentence=sentence.text)),
            )
            for sentence in passage.sentences
        ),
        sources=tuple(
            dict.fromkeys((source.name, source.link) for source in passage_sources(record, passage))
        ),
    )


def _moment(record: BulletinRecord, start_s: float | None, zone: ZoneInfo) -> datetime | None:
    return None if start_s is None else (record.at + timedelta(seconds=start_s)).astimezone(zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The day's first moment; days of other millennia, which no calendar can turn into UTC, are brought into this one."""
    day = min(max(day, _FIRST_DAY), _LAST_DAY)
    return datetime(day.year, day.month, day.day, tzinfo=zone)
