"""Aired story and an editor's words -> every published bulletin with it remade with these words and replaced."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.archive.ledgers.search_aired_stories import KnownStory
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.edits.correct_aired_words import (
    ChangedWords,
    base_edit,
    correct_passages,
    edits_of_correction,
    list_aired_words,
)
from bulletin.errors import BulletinError, KilledStoryError, NewsroomError, UnknownRecordError
from bulletin.model import Bulletin, Edit
from bulletin.pipeline.changes.make_corrected_bulletin import CorrectedWords, make_correction
from bulletin.pipeline.changes.unpublish_bulletins import PublishedBulletins, corrected_before, published_by
from bulletin.pipeline.changes.withdraw_story import Corrected
from bulletin.pipeline.stage_timer import SILENT, Listener
from bulletin.publishing.atomic_file_batch import check_folder
from bulletin.publishing.move_standby_files_on_air import discard_stand_bys
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.script.editors_words import EditorsWords
from bulletin.station.build_station_object import Station
from bulletin.station.sign_bulletin_mp3s import SIGNED

_COPIES = 4
"""Copies of a sound on the disk while it replaces another: its own, latest.mp3, the old address and a part file."""
_ROOM_BYTES = 20_000_000
"""Room for pages, transcripts and the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remade:
    """A bulletin with the corrected words, not published yet."""

    record: BulletinRecord
    versions: tuple[BulletinRecord, ...]
    """The bulletin, and those that it corrected."""
    out: tuple[tuple[str, str], ...]
    """Outlet and guid of each version that is to be replaced."""
    bulletin: Bulletin
    signed: Path


def correct_words(
    station: Station,
    story: KnownStory,
    changes: Sequence[ChangedWords],
    *,
    editor: str,
    key: str,
    now: datetime,
    listener: Listener = SILENT,
) -> tuple[Corrected, ...]:
    """
    Put an editor's words into every published bulletin that aired others; report on each, newest first.

    First all bulletins are spoken and mixed: if one fails, nothing is changed. Then the words are recorded as edits,
    which later bulletins with the story have, and the bulletins are replaced under the publish lock. Idempotent: a
    second call finishes an interrupted one. Raises UnknownRecordError where no bulletin aired these words,
    EditConflictError where somebody changed a sentence since, KilledStoryError for a withdrawn story, NewsroomError
    where nothing is left of the story or a bulletin cannot be remade, OutletError, LockedError, ArchiveError.
    """
    published, journal = published_by(station), RunJournal(station.archive)
    station.fetch_published_files()
    records = journal.tellings(station.words.id, story.ids)
    edits = _edits(station, story, changes, records=records, editor=editor, key=key, now=now)
    with ExitStack() as stack:
        remade = tuple(
            _remake(station, versions, out, story, changes, editor=editor, listener=listener, stack=stack)
            for versions, out in _find_published(published, journal, records, story, changes)
        )
        sizes = sum(r.path.stat().st_size for item in remade for r in item.bulletin.renditions)
        check_folder(station.folder, room_bytes=_COPIES * sizes + _ROOM_BYTES if remade else 0)
        with published.changing(guid for item in remade for _, guid in item.out):
            remade = _check_unchanged(published, journal, remade, story)
            _record(station, edits)
            discard_stand_bys(station.state, station.words.id)  # they have the old words
            journal.withdraw(
                station.words.id,
                bulletins=[item.record.id for item in remade],
                guids=[guid for item in remade for _, guid in item.out],
                kills=(),
                at=now,
            )
            replaced = tuple(_replace(published, item, editor=editor, now=now) for item in remade)
            return (*_aired_meanwhile(published, journal, records, story, changes), *replaced)


def _edits(
    station: Station,
    story: KnownStory,
    changes: Sequence[ChangedWords],
    *,
    records: Sequence[BulletinRecord],
    editor: str,
    key: str,
    now: datetime,
) -> tuple[Edit, ...]:
    """The edits of the correction, from the newest bulletin with each sentence."""
    aired = [passage for record in reversed(records) for passage in record.running_order]
    known = {words.text for words in list_aired_words(aired, story_ids=story.ids)}
    if missing := next((change.aired for change in changes if change.aired not in known), None):
        raise UnknownRecordError(
            f'no bulletin of {station.words.id} aired "{missing[:200]}" in "{story.title}"'
        )
    base = base_edit(
        station=station.words.id,
        editor=editor,
        made_at=now,
        key=key,
        story_id=story.id,
        title=story.title,
        ids=story.ids,
    )
    numbers = [record.id for record in records]
    return edits_of_correction(aired, changes, base=base, details={"corrects": numbers})


def _find_published(
    published: PublishedBulletins,
    journal: RunJournal,
    records: Sequence[BulletinRecord],
    story: KnownStory,
    changes: Sequence[ChangedWords],
) -> Iterator[tuple[tuple[BulletinRecord, ...], tuple[tuple[str, str], ...]]]:
    """Bulletins with the words that can still be fetched, newest first: their versions, outlets and guids."""
    done, by_id = journal.corrections(published.station), {record.id: record for record in records}
    wrong = {change.aired for change in changes}
    for record in reversed(records):
        said = {words.text for words in list_aired_words(record.running_order, story_ids=story.ids)}
        is_wrong = record.id not in done and bool(said & wrong)
        versions = (record, *corrected_before(record, by_id))
        out = published.still_out(versions) if is_wrong else ()
        if out:
            yield versions, out


def _aired_meanwhile(
    published: PublishedBulletins,
    journal: RunJournal,
    before: Sequence[BulletinRecord],
    story: KnownStory,
    changes: Sequence[ChangedWords],
) -> Iterator[Corrected]:
    """Bulletins that were published with the old words while the others were spoken."""
    known = {record.id for record in before}
    records = [r for r in journal.tellings(published.station, story.ids) if r.corrects_id is None]
    new = [record for record in records if record.id not in known]
    for (record, *_), out in _find_published(published, journal, new, story, changes):
        yield Corrected(
            title=record.title,
            at=record.at,
            outlets=tuple(dict.fromkeys(name for name, _ in out)),
            is_made_again=False,
            problem="it was published with the old words meanwhile",
            is_out=True,
        )


def _remake(
    station: Station,
    versions: tuple[BulletinRecord, ...],
    out: tuple[tuple[str, str], ...],
    story: KnownStory,
    changes: Sequence[ChangedWords],
    *,
    editor: str,
    listener: Listener,
    stack: ExitStack,
) -> _Remade:
    """Speak and mix one bulletin in a scratch folder of `stack`. Raises BulletinError; nothing is changed then."""
    record = versions[0]
    own = EditorsWords(station=station.words, lexicon=station.lexicon)
    passages = correct_passages(
        record.running_order,
        changes,
        story_ids=story.ids,
        editor=editor,
        say=own.say,
        split=own.split,
    )
    title = next((p.title for p in passages if p.story_id in story.ids and p.title), story.title)
    signed = station.state / SIGNED / station.words.id / str(record.id)
    try:
        bulletin = make_correction(
            station,
            record,
            words=CorrectedWords(passages=passages, title=title),
            kinds={name for name, _ in out},
            folder=stack.enter_context(scratch_folder(station.state)),
            signed=signed,
            listener=listener,
        )
    except BulletinError as error:
        raise NewsroomError(f"{record.title} could not be remade, so nothing was changed: {error}") from error
    if lost := bulletin.dropped:
        raise NewsroomError(
            f"the words are too long for {record.title}: {lost[0].title} would have no room; shorten them"
        )
    return _Remade(record=record, versions=versions, out=out, bulletin=bulletin, signed=signed)


def _check_unchanged(
    published: PublishedBulletins, journal: RunJournal, remade: Sequence[_Remade], story: KnownStory
) -> tuple[_Remade, ...]:
    """
    The bulletins with the outlets that still have them: a slot may have replaced the file on air meanwhile.

    Raises NewsroomError where an editor withdrew or corrected something while the bulletins were spoken. The caller holds the publish lock.
    """
    if {kill.entry for kill in published.archive.kills(published.station)} & story.ids:
        raise KilledStoryError(f'"{story.title}" was withdrawn, so it is not corrected; nothing was changed')
    done = journal.corrections(published.station)
    if changed := next((item.record for item in remade if item.record.id in done), None):
        raise NewsroomError(
            f"{changed.title} was corrected by somebody else meanwhile, so nothing was changed; read it again in the "
            "log, then correct what is still wrong"
        )
    still = (replace(item, out=published.still_out(item.versions)) for item in remade)
    return tuple(item for item in still if item.out)


def _record(station: Station, edits: Sequence[Edit]) -> None:
    """Record the edits; where an editor saw an older version of a sentence, the first one raises EditConflictError."""
    ledger = EditLedger(station.archive)
    for edit in edits:
        ledger.record(edit, seen_id=edit.details.get("seen"))


def _replace(published: PublishedBulletins, item: _Remade, *, editor: str, now: datetime) -> Corrected:
    """Replace one bulletin at its outlets; record the correction when all succeeded."""
    record = item.record
    note = f"corrected by {editor} at {now:%Y-%m-%d %H:%M} UTC: {item.bulletin.script.correction}"
    bulletin = replace(item.bulletin, notes=(*item.bulletin.notes, note))
    episodes, failed = published.replace(item.out, bulletin)
    if not failed:
        # corrections sort right after the bulletins that they replace
        after = record.made_at + timedelta(milliseconds=1)
        published.archive.record_bulletin(
            published.station, bulletin, episodes, made_at=after, timings={}, corrects_id=record.id
        )
        shutil.rmtree(item.signed, ignore_errors=True)  # the correction is complete
    return Corrected(
        title=record.title,
        at=record.at,
        outlets=tuple(dict.fromkeys(name for name, _ in item.out)),
        is_made_again=True,
        problem="; ".join(failed),
        is_out=bool(failed),
    )
