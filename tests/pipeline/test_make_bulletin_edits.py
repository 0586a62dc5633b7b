"""Edits through the pipeline: they are applied after every new reading of the feeds, and recorded with the bulletin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.model import Edit, EditAction, EditState, Role
from bulletin.newsroom.actions.edit_stories import drop_story, lengthen_story, move_story, pin_story
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.station.build_station_object import Station
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, NEWS, add_news, newsroom, open_hill

WORDS = "Corn Bridge is shut, and nobody can cross it."


@contextmanager
def station_of(tmp_path: Path, *stories: str, words: str = "") -> Iterator[Station]:
    """The station at its next slot, after an editor pinned stories and reworded the bridge."""
    with newsroom(tmp_path) as desk:
        for name in stories:
            pin_story(desk, story=name)
        if words:
            reword_sentence(desk, story="bridge", sentence="1", text=words)
    with open_hill(desk.loaded, desk.output) as station:
        yield station


def draft(station: Station, **wanted: Any) -> Draft:
    return draft_bulletin(station, now=NOW + HOUR * 0.9, due=NOW + HOUR, **wanted)


def states(drafted: Draft) -> list[EditState]:
    return [item.state for item in drafted.edits]


def written(drafted: Draft, story: str) -> list[str]:
    return [s.text for i in drafted.script.stories if i.story.id == story for s in i.cuts[-1].sentences]


@pytest.mark.slow
def test_a_pinned_story_is_in_the_bulletin_of_its_slot_and_not_in_the_next(tmp_path: Path) -> None:
    with station_of(tmp_path, "mill") as station:
        drafted = draft(station)
        later = draft_bulletin(station, now=NOW + HOUR * 1.9, due=NOW + 2 * HOUR)

    assert "mill" in {passage.story_id for passage in drafted.foreseen.aired}
    assert states(drafted) == [EditState.APPLIED]
    assert later.edits == ()


@pytest.mark.slow
def test_a_bulletin_between_slots_has_the_edits_of_the_coming_slot(tmp_path: Path) -> None:
    with station_of(tmp_path, "mill") as station:
        drafted = draft_bulletin(station, now=NOW + HOUR / 2, due=NOW + HOUR / 2)

    assert states(drafted) == [EditState.APPLIED]


@pytest.mark.slow
def test_moves_give_the_order_that_the_editor_saw_however_often_the_script_is_written(tmp_path: Path) -> None:
    with newsroom(tmp_path, length="1:30") as desk:  # stories of the reserve are admitted in a second round
        first, _, third, *_ = [story.id for story in coming_bulletin(desk).stories]
        move_story(desk, story=third, position=1)
        move_story(desk, story=first, position=2)
        seen = [story.id for story in coming_bulletin(desk).stories]
        with open_hill(desk.loaded, desk.output) as station:
            drafted = draft(station)

    assert seen.index(third) == 0
    assert seen.index(first) == 2
    assert [passage.story_id for passage in drafted.foreseen.aired if passage.role is Role.STORY] == seen
    assert [story.id for story in drafted.chosen.stories][: len(seen)] == seen


@pytest.mark.slow
def test_words_hold_in_later_bulletins_and_when_the_source_changes(tmp_path: Path) -> None:
    name, title, text = NEWS[0]
    with station_of(tmp_path, words=WORDS) as station:
        assert written(draft(station), "bridge")[0] == WORDS
        add_news(station.archive, [(name, title, text.replace("six weeks", "nine weeks")), *NEWS[1:]])
        changed = draft_bulletin(station, now=NOW + HOUR * 1.9, due=NOW + 2 * HOUR)

    assert written(changed, "bridge")[0] == WORDS
    assert not any("nine weeks" in text for text in written(changed, "bridge"))
    assert states(changed) == [EditState.NEEDS_LOOK]
    assert any("needs a look" in note and "nine weeks" in note for note in changed.notes)


@pytest.mark.slow
def test_a_kill_beats_every_edit_and_the_note_says_so(tmp_path: Path) -> None:
    with station_of(tmp_path, "bridge", words=WORDS) as station:
        station.archive.add_kill("hill", Kill(entry="Corn Bridge", added_at=NOW))
        drafted = draft(station)

    assert written(drafted, "bridge") == []
    assert states(drafted) == [EditState.REFUSED, EditState.WAITING]
    assert any('was refused: the story is on the kill list: "Corn Bridge"' in note for note in drafted.notes)


def test_a_word_blocked_after_the_edit_takes_the_edited_story_off(tmp_path: Path) -> None:
    with station_of(tmp_path, words="Ann Fox crossed Corn Bridge.") as station:
        station.archive.add_kill("hill", Kill(entry="Ann Fox", added_at=NOW))
        drafted = draft(station)

    assert written(drafted, "bridge") == []
    assert states(drafted) == [EditState.REFUSED]


@pytest.mark.slow
def test_more_pinned_stories_than_fit_air_in_their_order_and_the_rest_is_named(tmp_path: Path) -> None:
    names = [name for name, _, _ in NEWS]
    with station_of(tmp_path, *names) as station:
        drafted = draft(station)
    aired = [p.story_id for p in drafted.foreseen.aired if p.story_id and p.role == "story"]
    order = [item.story.id for item in drafted.whole.stories]

    assert aired == order[: len(aired)]
    assert EditState.REFUSED in states(drafted)
    assert any("no room" in note for note in drafted.notes)


@pytest.mark.slow
def test_edits_of_a_station_without_slots_hold_for_its_next_bulletin(tmp_path: Path) -> None:
    with newsroom(tmp_path, clock="") as desk:
        answer = pin_story(desk, story="mill")
        assert answer.counts_for is None
    with open_hill(desk.loaded, desk.output) as station:
        assert states(draft(station)) == [EditState.APPLIED]


@pytest.mark.slow
def test_edits_made_for_a_slot_that_was_taken_from_the_clock_count_for_the_next(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        edit = Edit(
            station="hill",
            action=EditAction.DROP,
            editor="ann",
            made_at=NOW,
            key="k",
            due=NOW + HOUR * 0.75,
            story_id="bridge",
            article_ids=("bridge",),
        )
        desk.edits.record(edit)
    with open_hill(desk.loaded, desk.output) as station:
        assert written(draft(station), "bridge") == []


@pytest.mark.slow
def test_the_bulletin_airs_with_exactly_the_edits_and_the_archive_names_the_editor(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        pin_story(desk, story="mill")
        move_story(desk, story="mill", position=0)
        drop_story(desk, story="nurses")
        lengthen_story(desk, story="bridge")
        reword_sentence(desk, story="bridge", sentence="1", text=WORDS)
        planned = [story.id for story in coming_bulletin(desk).stories]
    with open_hill(desk.loaded, desk.output) as station:
        run = make_bulletin(station, now=NOW + HOUR * 0.9, due=NOW + HOUR)
        (record,) = station.archive.bulletins("hill")
        lines = [line for line in station_log(station) if line.startswith("edit ")]
        again = EditLedger(station.archive).edits("hill", due=NOW + HOUR)

    stories = [p for p in run.bulletin.aired if p.role == "story"]
    assert [p.story_id for p in stories] == planned
    assert planned[0] == "mill"
    assert "nurses" not in planned
    bridge = next(p for p in record.running_order if p.role == "story" and p.story_id == "bridge")
    assert (bridge.sentences[0].text, bridge.sentences[0].editor) == (WORDS, "ann")
    assert bridge.sentences[0].origins
    assert len(bridge.sentences) == 4
    assert len(lines) == len(again) == 5
    assert abs(run.bulletin.renditions[0].duration_s - 60) < timedelta(seconds=1).total_seconds()


def station_log(station: Station) -> tuple[str, ...]:
    return tuple(RunJournal(station.archive).runs("hill", limit=1)[0].log)
