"""On-air files and the record of their bulletin -> OnAirSound: what is heard now, with chapters and transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.config.load_profile import LoadedProfile
from bulletin.model import Level, Passage, Role
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds
from bulletin.publishing.json_sidecar_file import SideFile
from bulletin.publishing.media_types import media_type_of
from bulletin.publishing.pages.bulletin_page_data import PageFacts, PagePart, PageSentence, read_facts

_LATEST = "latest"
"""Stem of the podcast's newest bulletin under a fixed name."""
_NEWS = (Level.FRESH, Level.PARTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnAirSound:
    """The bulletin that is on air, as it can be heard in a browser."""

    path: Path
    """The podcast's file if it is the same bulletin: it is small. Else the on-air file."""
    media_type: str
    title: str
    due: datetime
    """Its slot; aware, as all moments here."""
    made: datetime | None = None
    valid_until: datetime | None = None
    level: Level = Level.FRESH
    duration_s: float = 0.0
    wave: tuple[int, ...] = ()
    """Heights of the waveform, 1 to 100; empty: not measured yet (`sound_peaks.py`)."""
    parts: tuple[PagePart, ...] = ()
    """Chapters with their sentences; empty: there is no record of its words."""

    @property
    def is_news(self) -> bool:
        return self.level in _NEWS

    @property
    def version(self) -> str:
        """Changes with the file, for its address: a browser keeps the sound of an address."""
        about = self.path.stat()
        return f"{about.st_mtime_ns:x}-{about.st_size:x}"


def find_on_air_sound(
    loaded: LoadedProfile, *, output: Path, archive: Archive, now: datetime
) -> OnAirSound | None:
    """
    The sound that the playout reads now; of a station without on-air renditions, the newest of its podcast.

    None: nothing has been published, or its file is gone. Raises ArchiveError.
    """
    folder = output / loaded.id
    side_files = [(kind, SideFile.read(folder / f"{kind}.json")) for kind in on_air_kinds(loaded.profile)]
    latest = SideFile.read(folder / f"{_LATEST}.json")
    on_air = next((side for _, side in side_files if side.due and side.sound_in(folder)), None)
    side = on_air or latest
    path = side.sound_in(folder)
    if path is None or side.due is None:
        return None
    facts = _page_facts(folder, latest, due=side.due) if (side.level or Level.FRESH) in _NEWS else None
    if facts:
        return _from_page(side, folder / facts.audio, facts)
    return OnAirSound(
        path=path,
        media_type=media_type_of(path.name) or "application/octet-stream",
        title=side.title,
        due=side.due,
        made=side.made,
        valid_until=side.valid_until,
        level=side.level or Level.FRESH,
        duration_s=side.duration_s or 0.0,
        parts=_parts_of_record(archive, loaded.id, side, path),
    )


def _page_facts(folder: Path, latest: SideFile, *, due: datetime) -> PageFacts | None:
    """Facts of the podcast's newest bulletin if it is that of the slot and its sound is still there."""
    if latest.due != due or not latest.audio:
        return None
    facts = read_facts(folder / f"{Path(latest.audio).stem}.page.json")
    return facts if facts and (folder / Path(facts.audio).name).is_file() else None


def _from_page(side: SideFile, path: Path, facts: PageFacts) -> OnAirSound:
    return OnAirSound(
        path=path,
        media_type=facts.media_type,
        title=facts.title,
        due=facts.due,
        made=side.made,
        valid_until=side.valid_until,
        level=side.level or Level.FRESH,
        duration_s=facts.duration_s,
        wave=facts.wave,
        parts=facts.parts,
    )


def _parts_of_record(archive: Archive, station: str, side: SideFile, path: Path) -> tuple[PagePart, ...]:
    """Passages of the recorded bulletin with their starts, if these are known for this file."""
    if side.due is None:
        return ()
    query = JournalQuery(since=side.due, until=side.due + timedelta(seconds=1))
    records = [*RunJournal(archive).aired(station, query, everything=True)]
    of_file = [record for record in records if _is_first_rendition(record, path)]
    return parts_of_record(of_file[-1], duration_s=side.duration_s or 0.0) if of_file else ()


def _is_first_rendition(record: BulletinRecord, path: Path) -> bool:
    """Whether the starts of the record are those of this file."""
    return bool(record.renditions) and record.renditions[0].get("file") == path.name


def parts_of_record(record: BulletinRecord, *, duration_s: float) -> tuple[PagePart, ...]:
    """
    Chapters of a recorded bulletin: a story each; headlines, opening and closing by themselves.

    A sentence has the time of its passage, because records hold no times of sentences. Empty where a start is unknown.
    """
    starts_s: Sequence[float | None] = record.starts_s
    timed = [
        (start, passage)
        for start, passage in zip(starts_s, record.running_order, strict=False)
        if start is not None
    ]
    ends_s = [*(start for start, _ in timed[1:]), duration_s]
    parts: list[PagePart] = []
    for (start_s, passage), end_s in zip(timed, ends_s, strict=True):
        sentences = tuple(
            PageSentence(start_s=start_s, end_s=end_s, text=sentence.text) for sentence in passage.sentences
        )
        part = PagePart(
            title=_title_of(passage),
            start_s=start_s,
            end_s=end_s,
            said=sentences,
            story_id=passage.story_id if passage.role is Role.STORY else "",
        )
        parts.append(part)
    return _join_headlines(parts)


def _title_of(passage: Passage) -> str:
    names = {
        Role.IDENT: "Ident",
        Role.OPENING: "Opening",
        Role.HEADLINE: "Headlines",
        Role.CLOSING: "Closing",
    }
    return names.get(passage.role) or passage.title


def _join_headlines(parts: Sequence[PagePart]) -> tuple[PagePart, ...]:
    """Neighbours with the same title that are no stories, as one part."""
    joined: list[PagePart] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before and not part.story_id and before.title == part.title:
            joined[-1] = PagePart(
                title=part.title, start_s=before.start_s, end_s=part.end_s, said=(*before.said, *part.said)
            )
        else:
            joined.append(part)
    return tuple(joined)
