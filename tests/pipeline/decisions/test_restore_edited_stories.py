"""Edited stories that left the feeds before the slot: they air as the newsroom last saw them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.archive.record_dataclasses import Kill
from bulletin.model import EditState
from bulletin.newsroom.actions.edit_stories import pin_story
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from tests.support.factories import NOW
from tests.support.newsroom_desk import CLOCK, HOUR, newsroom, open_hill, prepare

CLOCK_AND_FEED = f'{CLOCK}[[feeds]]\nurl = "gazette.rss"\nname = "gazette"\n'
WORDS = "A ferry is aground, and all are safe."


def draft(desk: Desk) -> Draft:
    with open_hill(desk.loaded, desk.output) as station:
        return draft_bulletin(station, now=NOW + HOUR * 0.9, due=NOW + HOUR)


def written(drafted: Draft) -> list[str]:
    return [s.text for i in drafted.script.stories if i.story.id == "ferry" for s in i.cuts[-1].sentences]


def edit_ferry(desk: Desk) -> None:
    pin_story(desk, story="ferry")
    reword_sentence(desk, story="ferry", sentence="1", text=WORDS)


@pytest.mark.slow
def test_a_pinned_and_reworded_story_airs_though_its_feed_has_dropped_it(tmp_path: Path) -> None:
    with newsroom(tmp_path, clock=CLOCK_AND_FEED) as desk:
        edit_ferry(desk)
        desk.archive.remove_own_story("hill", "ferry", at=NOW)
        first = draft(desk)
        prepare(desk.loaded, desk.output, now=NOW + HOUR * 0.7, due=NOW + HOUR)
        shown = coming_bulletin(desk).find("ferry")
        second = draft(desk)

    for drafted in (first, second):
        assert written(drafted)[0] == WORDS
        assert [item.state for item in drafted.edits] == [EditState.NEEDS_LOOK, EditState.NEEDS_LOOK]
        assert "it airs as the newsroom last saw it" in drafted.notes[0]
    assert (shown.airs, shown.sentences[0].text) == (True, WORDS)
    assert {item.state for item in shown.edits} == {EditState.NEEDS_LOOK}


@pytest.mark.slow
def test_a_killed_story_does_not_come_back(tmp_path: Path) -> None:
    with newsroom(tmp_path, clock=CLOCK_AND_FEED) as desk:
        edit_ferry(desk)
        desk.archive.remove_own_story("hill", "ferry", at=NOW)
        desk.archive.add_kill("hill", Kill(entry="Sallow Point", added_at=NOW))
        assert written(draft(desk)) == []


def test_a_story_of_the_stations_own_that_was_removed_does_not_come_back(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        edit_ferry(desk)
        desk.archive.remove_own_story("hill", "ferry", at=NOW)
        assert written(draft(desk)) == []
