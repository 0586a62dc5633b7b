"""Actions on stories: found by number, id and title; for the bulletin that can still be changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.errors import KilledStoryError, NewsroomError, UnknownStoryError
from bulletin.model import Cut, Slot
from bulletin.newsroom.actions.edit_stories import (
    drop_story,
    lengthen_story,
    move_story,
    pin_story,
    shorten_story,
)
from bulletin.newsroom.actions.own_stories import OwnStory, add_own_story
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.decisions.preview_file import load_preview, save_preview
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, newsroom, prepare


def airing(desk: Desk) -> list[str]:
    return [story.id for story in coming_bulletin(desk).stories]


def test_a_pinned_story_airs_beside_better_ones(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        candidate = coming_bulletin(desk).others[-1]
        answer = pin_story(desk, story=str(candidate.number))

        assert (answer.counts_for, answer.note) == (NOW + HOUR, "")
        assert candidate.id in airing(desk)
        assert coming_bulletin(desk).find(candidate.id).is_required


@pytest.mark.slow
def test_a_story_under_embargo_is_pinned_only_in_a_bulletin_after_it(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        story = OwnStory(title="Mayor resigns", text="The mayor resigned.", not_before=NOW + 2 * HOUR)
        own = add_own_story(desk, story)
        prepare(desk.loaded, desk.output, now=desk.now(), due=NOW + HOUR)
        with pytest.raises(NewsroomError, match=r"under embargo until .*: pin it in a bulletin after that"):
            pin_story(desk, story=own.id)

        assert pin_story(desk, story="mayor resigns", due=NOW + 2 * HOUR).counts_for == NOW + 2 * HOUR


def test_a_dropped_story_is_replaced_and_listed_with_the_editors_name(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        first = coming_bulletin(desk).stories[0]
        drop_story(desk, story=first.title)

        assert first.id not in airing(desk)
        assert coming_bulletin(desk).find(first.id).why_not == "dropped by ann"


def test_a_moved_candidate_airs_only_when_it_is_pinned_and_the_answer_says_so(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        candidate = coming_bulletin(desk).others[0].id
        assert "It does not air yet" in move_story(desk, story=candidate, position=0).note
        assert candidate not in airing(desk)

        assert pin_story(desk, story=candidate).note == ""
        assert airing(desk)[0] == candidate


def test_a_shortened_repeat_has_one_length_because_it_aired(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        preview = load_preview(desk.state, desk.station)
        assert preview
        first, *others = preview.script.stories
        repeat = replace(first, story=replace(first.story, times_aired=2), cuts=first.cuts[:1])
        save_preview(desk.state, replace(preview, script=replace(preview.script, stories=(repeat, *others))))

        with pytest.raises(
            NewsroomError, match="it has aired 2 times already, and a repeat is short; reword it"
        ):
            lengthen_story(desk, story=first.story.id)


def test_a_moved_story_has_its_position(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        *others, last = airing(desk)
        move_story(desk, story=last, position=0)
        assert airing(desk) == [last, *others]

        move_story(desk, story=last, position=99)
        assert airing(desk)[-1] == last


def test_a_lengthened_and_a_shortened_story_air_in_that_cut(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        bridge = coming_bulletin(desk).find("bridge")
        shorten_story(desk, story="bridge")
        assert coming_bulletin(desk).find("bridge").cut is Cut.SHORT

        lengthen_story(desk, story="bridge")
        longest = max(bridge.cuts_s, key=bridge.cuts_s.__getitem__)
        assert coming_bulletin(desk).find("bridge").cut is longest


def test_an_edit_for_a_bulletin_that_is_being_made_counts_for_the_next_one(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        slots = SlotLedger(desk.archive)
        slots.plan([Slot(station="hill", due=NOW + HOUR, length_s=60.0)])
        slots.claim("hill", NOW + HOUR, owner="w", now=NOW, lease=timedelta(minutes=9))

        answer = pin_story(desk, story="1")

        assert answer.counts_for == NOW + 2 * HOUR
        assert answer.note == "The 08:00 bulletin is being made already: this counts for the 09:00 bulletin."


def test_an_unknown_story_is_named_with_the_nearest(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk, pytest.raises(UnknownStoryError, match="Ferry runs aground"):
        pin_story(desk, story="Fery runs agruond")


def test_a_killed_story_cannot_be_edited(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        pin_story(desk, story="ferry")
        desk.archive.add_kill("hill", Kill(entry="Sallow Point", added_at=NOW))

        assert "ferry" not in airing(desk)
        with pytest.raises(
            KilledStoryError, match=r'on the kill list: "Sallow Point", .*; unblock the entry'
        ):
            pin_story(desk, story="ferry")


def test_a_time_without_a_slot_is_refused_with_the_next_ones(tmp_path: Path) -> None:
    with (
        newsroom(tmp_path) as desk,
        pytest.raises(NewsroomError, match="07:45 is no slot of hill; the next ones are 08:00"),
    ):
        pin_story(desk, story="1", due=NOW + 0.75 * HOUR)


def test_two_editors_see_each_others_edits(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        bens = replace(desk, editor="ben")
        drop_story(bens, story="1")
        assert [item.edit.editor for item in coming_bulletin(desk).edits] == ["ben"]


def test_an_edit_of_a_bulletin_that_is_being_made_cannot_be_undone(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        drop_story(desk, story="1")
        slots = SlotLedger(desk.archive)
        slots.plan([Slot(station="hill", due=NOW + HOUR, length_s=60.0)])
        slots.claim("hill", NOW + HOUR, owner="w", now=NOW, lease=timedelta(minutes=9))

        with pytest.raises(NewsroomError, match="The 08:00 bulletin is being made, or was made"):
            undo_edit(desk)
        assert len(desk.edits.history("hill")) == 1
