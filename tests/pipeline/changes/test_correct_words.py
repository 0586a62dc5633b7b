"""Corrected words of a story that has aired: published bulletins are replaced, or nothing is changed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.errors import BulletinError, KilledStoryError, NewsroomError, SpeechError, UnknownRecordError
from bulletin.model import EditConflictError
from bulletin.pipeline.changes.correct_words import correct_words
from bulletin.pipeline.changes.withdraw_story import Corrected, withdraw_story
from bulletin.station.build_station_object import Station
from tests.cli.newsroom.test_withdraw import (  # noqa: F401 - fixtures
    HOUR,
    NOW,
    everything_readable,
    items,
    make,
    profile,
    sounds,
    station,
    story,
)

pytestmark = pytest.mark.slow

OLD = "The bridge over the River Wex closes next month for six weeks of repairs."
NEW = "The bridge over the River Wex closes next month for eight weeks of repairs."
CHANGES = (ChangedWords(aired=OLD, text=NEW),)


def correct(
    station: Station, changes: tuple[ChangedWords, ...] = CHANGES, *, key: str = "k"
) -> tuple[Corrected, ...]:
    return correct_words(
        station, story(station, "bridge"), changes, editor="ann", key=key, now=NOW + 3 * HOUR
    )


def folder_state(station: Station) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in station.folder.rglob("*") if path.is_file()}


@pytest.fixture
def aired(station: Station) -> Station:
    make(station, "school", "bridge", after=0 * HOUR)
    make(station, "school", after=HOUR)
    make(station, "bridge", "solar", after=2 * HOUR)
    return station


def test_the_words_are_replaced_everywhere_and_held_for_later_bulletins(aired: Station) -> None:
    aired.archive.remove_own_story("hill", "bridge", at=NOW)  # the source has left its feed
    before, addresses = sounds(aired), {path.name for path in aired.folder.glob("hill-*.mp3")}

    done = correct(aired)

    assert [(change.is_made_again, change.is_out, change.problem) for change in done] == [
        (True, False, "")
    ] * 2
    assert "six weeks" not in everything_readable(aired)
    assert everything_readable(aired).count("eight weeks") >= 4
    assert {path.name for path in aired.folder.glob("hill-*.mp3")} >= addresses, "old addresses answer"
    assert len(before & sounds(aired)) == 1, "only the bulletin without the story kept its sound"
    assert sum(title.startswith("Correction: ") for title, _ in items(aired)) == 2
    pages = "".join(path.read_text("utf-8") for path in aired.folder.glob("hill-*corrected*.html"))
    assert "Correction: Bridge to close. Corrected at <time" in pages
    assert "Correction: Bridge to close" in (aired.folder / "feed.xml").read_text("utf-8")
    check_records(aired)

    later = make(aired, "bridge", after=5 * HOUR)
    assert NEW in [sentence.text for passage in later.aired for sentence in passage.sentences]
    assert OLD not in everything_readable(aired)


def check_records(aired: Station) -> None:
    """The edit says who, when and what; the log keeps what was broadcast beside the correction."""
    (edit,) = EditLedger(aired.archive).edits("hill")
    assert (edit.editor, edit.made_at, edit.replaced, edit.text) == ("ann", NOW + 3 * HOUR, OLD, NEW)
    assert edit.sources, "the sentence of the source stays beside it"
    records = RunJournal(aired.archive).tellings("hill", ["bridge"])
    said = {record.id: [s for p in record.running_order for s in p.sentences] for record in records}
    first = next(record for record in records if record.corrects_id is None)
    second = next(record for record in records if record.corrects_id == first.id)
    assert OLD in [sentence.text for sentence in said[first.id]]
    (corrected,) = (sentence for sentence in said[second.id] if sentence.text == NEW)
    assert (corrected.editor, corrected.replaced) == ("ann", OLD)
    assert corrected.origins
    assert any(note.startswith("corrected by ann at 2026-") for note in second.notes)


def test_a_correction_can_be_corrected_and_repeating_one_publishes_nothing_more(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    correct(station)
    again = "The bridge over the River Wex closes next month for nine weeks of repairs."
    with pytest.raises(EditConflictError, match="eight weeks"):
        correct(station, (ChangedWords(aired=NEW, text=again, seen=0),), key="k2")
    assert len(correct(station, (ChangedWords(aired=NEW, text=again),), key="k2")) == 1
    assert "eight weeks" not in everything_readable(station)
    before = folder_state(station)
    assert correct(station, (ChangedWords(aired=NEW, text=again),), key="k2") == ()
    assert folder_state(station) == before
    edits = EditLedger(station.archive).edits("hill")
    assert [(edit.replaced, edit.text) for edit in edits] == [(OLD, NEW), (OLD, again)]

    withdraw_story(station, story(station, "bridge"), now=NOW + 4 * HOUR)
    with pytest.raises(KilledStoryError):
        correct(station, (ChangedWords(aired=again, text="Other words."),), key="k4")


def test_a_correction_that_fails_changes_nothing(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    before = folder_state(station)
    with pytest.raises(UnknownRecordError, match="aired"):
        correct(station, (ChangedWords(aired="Never said.", text="Other words."),))
    with pytest.raises(NewsroomError, match="nothing is left"):
        correct(station, (ChangedWords(aired=OLD, text=""),))
    for target, fault, message in (
        ("bulletin.speech.engines.tone_for_tests.ToneEngine.synthesize", silent, "no voice could read"),
        ("bulletin.publishing.atomic_file_batch.shutil.disk_usage", full, "MB are needed"),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(target, fault)
            with pytest.raises(BulletinError, match=message):
                correct(station)
    assert folder_state(station) == before
    assert EditLedger(station.archive).edits("hill") == ()
    assert not any(r.withdrawn_at or r.corrects_id for r in station.archive.bulletins("hill"))


def test_a_new_title_is_on_pages_and_in_notes(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    correct(station, (ChangedWords(aired="Bridge to close", text="Bridge to close for longer"),))
    notes = (station.folder / "feed.xml").read_text("utf-8")
    assert "Correction: Bridge to close for longer" in notes
    assert EditLedger(station.archive).edits("hill") == (), "later bulletins have the title of their headline"


def silent(*args: object, **kwargs: object) -> None:
    raise SpeechError("broken for this test")


def full(path: object) -> object:
    return SimpleNamespace(free=1000)
