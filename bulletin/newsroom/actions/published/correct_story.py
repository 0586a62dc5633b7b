"""Correction of a story that has aired: its words, what a change of them will do, and the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.editor_edits import HELD, find_version
from bulletin.archive.ledgers.find_story_by_id import find_story_by_id
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger
from bulletin.archive.ledgers.search_aired_stories import KnownStory
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.edits.correct_aired_words import AiredWords, ChangedWords, correct_passages, list_aired_words
from bulletin.errors import KilledStoryError, NewsroomError, UnknownRecordError, UnknownStoryError
from bulletin.model import Edit, EditConflictError, Origin, Role
from bulletin.newsroom.actions.ask_service import RequestAnswer
from bulletin.newsroom.actions.published.ask_urgently import ask_urgently
from bulletin.newsroom.check_words import check_words, clean_words
from bulletin.newsroom.choose_slot import choose_slot
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.sentence_hints import find_hints
from bulletin.newsroom.views.aired.say_consequences import (
    KEEP_DOWNLOADS,
    Consequences,
    count_bulletins,
    delivery_lines,
    name_bulletins,
    outlet_lines,
)
from bulletin.newsroom.views.aired.withdrawal_plan import PlannedBulletin, plan_withdrawal
from bulletin.service.is_station_served import is_kept

TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectableWords:
    """A sentence, the headline or the title of a story, as it aired."""

    name: str
    """ "1" for the first sentence, "headline", "title"."""
    text: str
    spoken: str
    editor: str
    """Whose words it is; empty: the program's."""
    version: int
    """Id of the last edit of the sentence; 0: none."""
    is_recording: bool
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AiredStory:
    """A story in a bulletin that aired, for its correction."""

    id: str
    title: str
    bulletin: int
    """Number of the bulletin in the log, the latest correction of it."""
    at: datetime
    """Hour of the bulletin, UTC."""
    words: tuple[CorrectableWords, ...]

    def find(self, name: str) -> CorrectableWords:
        """The words with that name, or with that text. Raises UnknownRecordError."""
        found = next((w for w in self.words if name.strip().casefold() == w.name or name == w.text), None)
        if found is None:
            names = ", ".join(words.name for words in self.words)
            raise UnknownRecordError(f'"{self.title}" has no sentence "{name[:200]}"; it has {names}')
        return found


def aired_story(desk: Desk, *, story: str, bulletin: int | None = None) -> AiredStory:
    """
    The words of a story as they aired, in a bulletin or in the newest one that had it.

    Raises UnknownStoryError, UnknownRecordError, ArchiveError.
    """
    known, records = _find(desk, story)
    record = _choose(desk, known, records, bulletin)
    edits = _edits(desk)
    words, number = [], 0
    for item in list_aired_words(record.running_order, story_ids=known.ids):
        number += item.role == Role.STORY
        words.append(
            _correctable(item, known, edits, name=str(number) if item.role == Role.STORY else item.role)
        )
    title = next((w.text for w in words if w.name == TITLE), known.title)
    return AiredStory(id=known.id, title=title, bulletin=record.id, at=record.at, words=tuple(words))


def consequences_of_correction(desk: Desk, *, story: str, changes: Sequence[ChangedWords]) -> Consequences:
    """
    What `correct_story` will do. It raises the same errors, so that a change that is refused is refused here.
    """
    known, records = _find(desk, story)
    changes = _check(desk, known, records, changes)
    lines = tuple(_lines(desk, known, records, changes))
    return Consequences(title=known.title, lines=(*lines, *_hints(desk, known, records, changes)))


def check_correction(desk: Desk, *, story: str, changes: Sequence[ChangedWords]) -> tuple[ChangedWords, ...]:
    """The changes in clean words, without those that change nothing. Raises as `correct_story`."""
    return _check(desk, *_find(desk, story), changes)


def correct_story(desk: Desk, *, story: str, changes: Sequence[ChangedWords], key: str = "") -> RequestAnswer:
    """
    Put other words into a story that has aired: every bulletin that carried the old ones is remade and replaced.

    A running service does it at once, before all else; without one it is done here, before the answer. If it fails,
    nothing is changed. Later bulletins with the story have the new words, too. Raises UnknownStoryError,
    KilledStoryError for a withdrawn story, UnknownRecordError for words that did not air, EditConflictError where
    another editor has changed a sentence since, UnfitTextError, NewsroomError, OutletError, ArchiveError.
    """
    if asked := RequestLedger(desk.archive).of_key(desk.station, key):
        served = is_kept(desk.loaded, output=desk.output, archive=desk.archive)
        return RequestAnswer(request=asked, is_served=served)
    known, records = _find(desk, story)
    checked = _check(desk, known, records, changes)
    details = {"story": known.id, "changes": [asdict(change) for change in checked]}
    answer = ask_urgently(desk, RequestKind.CORRECT_STORY, details, key=key)
    slot = choose_slot(desk).note
    return replace(answer, note=" ".join(filter(None, (answer.note, slot))))


def _find(desk: Desk, story: str) -> tuple[KnownStory, tuple[BulletinRecord, ...]]:
    known = find_story_by_id(desk.archive, desk.station, story)
    records = RunJournal(desk.archive).tellings(desk.station, known.ids) if known else ()
    if known is None or not records:
        raise UnknownStoryError(f'no story "{story}" has aired on {desk.station}; look it up in the log')
    return known, records


def _choose(
    desk: Desk, known: KnownStory, records: Sequence[BulletinRecord], number: int | None
) -> BulletinRecord:
    """The latest correction of a bulletin, or the newest one. Raises UnknownRecordError."""
    if number is None:
        return records[-1]
    later = {record.corrects_id: record for record in records if record.corrects_id is not None}
    record = next((record for record in records if record.id == number), None)
    if record is None:
        raise UnknownRecordError(
            f'bulletin {number} of {desk.station} has no story "{known.title}"; look it up in the log'
        )
    while record.id in later:
        record = later[record.id]
    return record


def _correctable(
    item: AiredWords, known: KnownStory, edits: Sequence[Edit], *, name: str
) -> CorrectableWords:
    sentence = item.sentence
    replaced = (sentence.replaced or sentence.text) if sentence else ""
    version = find_version(edits, article_ids=known.ids, replaced=replaced) if replaced else None
    return CorrectableWords(
        name=name,
        text=item.text,
        spoken=sentence.spoken if sentence else "",
        editor=sentence.editor if sentence else "",
        version=version.id if version else 0,
        is_recording=bool(sentence and sentence.recording),
        origins=sentence.origins if sentence else (),
    )


def _edits(desk: Desk) -> tuple[Edit, ...]:
    return desk.edits.edits(desk.station, since=desk.now() - HELD, with_undone=True)


def _check(
    desk: Desk, known: KnownStory, records: Sequence[BulletinRecord], changes: Sequence[ChangedWords]
) -> tuple[ChangedWords, ...]:
    """As `check_correction`."""
    kills = tuple(kill.entry for kill in desk.archive.kills(desk.station))
    if known.ids & set(kills):
        raise KilledStoryError(f'"{known.title}" was withdrawn, so there is nothing to correct')
    aired = [passage for record in reversed(records) for passage in record.running_order]
    listed = {words.text: words for words in list_aired_words(aired, story_ids=known.ids)}
    edits, checked = _edits(desk), []
    for change in changes:
        words = listed.get(change.aired)
        if words is None:
            raise UnknownRecordError(
                f'no bulletin of {desk.station} aired "{change.aired[:200]}" in "{known.title}"'
            )
        text = clean_words(change.text)
        if text == clean_words(change.aired):
            continue
        _check_words(desk, text, words, kills=(*desk.loaded.profile.stories.kill, *kills))
        _check_version(words, known, edits, seen=change.seen)
        checked.append(replace(change, text=text))
    if not checked:
        raise NewsroomError(f'no word of "{known.title}" was changed; write other words for a sentence')
    correct_passages(aired, checked, story_ids=known.ids, editor=desk.editor, say=lambda text, _: text)
    return tuple(checked)


def _check_words(desk: Desk, text: str, words: AiredWords, *, kills: Sequence[str]) -> None:
    """Raise NewsroomError for words that cannot stand there, UnfitTextError for words that cannot air."""
    if words.role != Role.STORY and not text:
        raise NewsroomError(f"The {words.role} cannot be empty; write other words")
    if words.sentence and words.sentence.recording and text:
        raise NewsroomError("This is a recording: a newsreader's words cannot stand for it. Leave it out")
    check_words(text, say=desk.say, kills=kills)


def _check_version(words: AiredWords, known: KnownStory, edits: Sequence[Edit], *, seen: int | None) -> None:
    sentence = words.sentence
    if seen is None or sentence is None:
        return
    replaced = sentence.replaced or sentence.text
    last = find_version(edits, article_ids=known.ids, replaced=replaced)
    if last and last.id != seen:
        raise EditConflictError(last)


def _lines(
    desk: Desk, known: KnownStory, records: Sequence[BulletinRecord], changes: Sequence[ChangedWords]
) -> Iterator[str]:
    for change in changes:
        yield f'"{change.aired}" ' + (f'becomes "{change.text}"' if change.text else "is left out.")
    plan = plan_withdrawal(desk.loaded, desk.archive, known.id, output=desk.output)
    out = [item for item in plan.bulletins if item.outlets] if plan else []
    wrong = {change.aired for change in changes}
    said = {
        record.id: {words.text for words in list_aired_words(record.running_order, story_ids=known.ids)}
        for record in records
    }
    remade = [item for item in out if said[item.id] & wrong]
    yield from _published_lines(desk, remade, destinations=plan.destinations if plan else ())
    if others := [item for item in out if not said[item.id] & wrong]:
        yield f"Unchanged, because the story has other words there: {name_bulletins(others)}."
    yield "What was broadcast stays in the log as it aired, with the correction beside it."
    titles = {
        words.text
        for record in records
        for words in list_aired_words(record.running_order, story_ids=known.ids)
        if words.sentence is None
    }
    if wrong & titles:
        yield "A new title holds in these bulletins only; later ones take theirs from the headline or the source."
    if wrong - titles:
        yield " ".join(
            filter(None, ("Later bulletins with the story have your words.", choose_slot(desk).note))
        )


def _published_lines(
    desk: Desk, remade: Sequence[PlannedBulletin], *, destinations: Sequence[str]
) -> Iterator[str]:
    if not remade:
        yield "No bulletin that can still be heard has these words."
        return
    yield f"{count_bulletins(remade)} remade with your words, and replaced: {name_bulletins(remade)}."
    outlets = {outlet for item in remade for outlet in item.outlets}
    yield from outlet_lines(desk, outlets, is_gone=False)
    if outlets & {"podcast", "page"}:
        yield "Notes and pages say that the bulletin was corrected, pages with the time."
    yield from delivery_lines(destinations)
    yield "All of them are spoken first: without a voice, or without room on the disk, nothing is changed."
    yield KEEP_DOWNLOADS


def _hints(
    desk: Desk, known: KnownStory, records: Sequence[BulletinRecord], changes: Sequence[ChangedWords]
) -> Iterator[str]:
    """Hints on the words, such as a figure that the source does not have."""
    aired = [passage for record in reversed(records) for passage in record.running_order]
    listed = {words.text: words for words in list_aired_words(aired, story_ids=known.ids)}
    told_in = next((passage.language for passage in aired if passage.story_id in known.ids), "")
    for change in changes:
        sentence = listed[change.aired].sentence
        if sentence and change.text:
            source = tuple(origin.text for origin in sentence.origins)
            hints = find_hints(
                change.text, source=source, language=told_in or desk.loaded.profile.language, is_edited=True
            )
            yield from map(str, hints)
