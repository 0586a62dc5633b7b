"""Approval: exactly the approved words air, a later edit withdraws it, and nothing airs unapproved where that is required."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.errors import ApprovalMissingError, NewsroomError
from bulletin.model import Edit, EditAction, RecordedClip, Slot
from bulletin.newsroom.actions.approve_bulletin import approve_bulletin
from bulletin.newsroom.actions.attach_clips import attach_clip
from bulletin.newsroom.actions.edit_stories import drop_story, move_story, pin_story
from bulletin.newsroom.actions.respell_names import save_respelling
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.speech.clips.clip_folder import CLIPS, clip_path, keep_clip
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, NEWS, add_news, newsroom, open_hill, prepare

pytestmark = pytest.mark.slow

REQUIRED = '[newsroom]\napproval = "required"\n'
BY_DEADLINE = '[newsroom]\napproval = "by-deadline"\n'


def draft(desk: Desk, *, hours: float = 1) -> Draft:
    with open_hill(desk.loaded, desk.output) as station:
        now, due = NOW + HOUR * (hours - 0.1), NOW + HOUR * hours
        return draft_bulletin(station, now=now, due=due, must_be_approved=True)


def airing(drafted: Draft) -> list[str]:
    return [passage.text for passage in drafted.foreseen.aired if passage.story_id]


@contextmanager
def approved(tmp_path: Path, extra: str = REQUIRED) -> Iterator[tuple[Desk, list[str]]]:
    """A desk whose editor has edited and approved, and the passages that were approved."""
    with newsroom(tmp_path, extra) as desk:
        reword_sentence(desk, story="bridge", sentence="1", text="Corn Bridge is shut.")
        coming = coming_bulletin(desk)
        approve_bulletin(desk, fingerprint=coming.fingerprint)
        yield desk, [passage.text for passage in coming.aired if passage.story_id]


def test_exactly_the_approved_words_air_whatever_the_feeds_bring_since(tmp_path: Path) -> None:
    with approved(tmp_path) as (desk, words):
        changed = [(name, title, text.replace("six weeks", "nine weeks")) for name, title, text in NEWS[:1]]
        add_news(desk.archive, [*changed, ("fire", "Fire at the castle", NEWS[1][2])], now=NOW + HOUR / 2)

        drafted = draft(desk)
        assert airing(drafted) == words
        assert [(item.edit.action, item.state) for item in drafted.edits] == [
            ("reword", "applied"),
            ("approve", "applied"),
        ]
        prepare(desk.loaded, desk.output, now=NOW + HOUR * 0.6, due=NOW + HOUR)
        assert coming_bulletin(desk).approval.holds
        assert [p.text for p in coming_bulletin(desk).aired if p.story_id] == words


def test_a_name_that_is_respelled_after_the_approval_is_said_so_in_the_same_words(tmp_path: Path) -> None:
    with approved(tmp_path) as (desk, words):
        save_respelling(desk, name="Corn", respelling="Kawn")
        drafted = draft(desk)

        assert airing(drafted) == words
        assert any("Kawn Bridge" in passage.spoken for passage in drafted.foreseen.aired)


def test_an_approved_sentence_has_its_sources_beside_it_and_no_false_hint(tmp_path: Path) -> None:
    with newsroom(tmp_path, REQUIRED) as desk:
        first = coming_bulletin(desk).find("bridge").sentences[0]
        reword_sentence(desk, story="bridge", sentence="1", text=first.text.replace("will be", "is to be"))
        before = coming_bulletin(desk).find("bridge")
        approve_bulletin(desk)
        after = coming_bulletin(desk).find("bridge")

    assert [sentence.hints for sentence in after.sentences] == [each.hints for each in before.sentences]
    assert [article.text for article in after.sources] == [article.text for article in before.sources] != [""]


def test_an_approved_bulletin_leaves_the_other_candidates_to_choose_from(tmp_path: Path) -> None:
    with newsroom(tmp_path, REQUIRED) as desk:
        others = [story.id for story in coming_bulletin(desk).others]
        approve_bulletin(desk)
        listed = [story.id for story in coming_bulletin(desk).others]
        text = "A lifeboat rescued four people from a trawler off Sallow Head on Monday. The coastguard said it had lost its engine."
        add_news(desk.archive, [("boat", "Lifeboat rescues crew", text)], now=NOW + HOUR / 2)
        prepare(desk.loaded, desk.output, now=NOW + HOUR * 0.6, due=NOW + HOUR)
        pinned = pin_story(desk, story="lifeboat")

    assert sorted(listed) == sorted(others)
    assert pinned.note == "The approval by ann no longer holds: approve the bulletin again."


def test_an_approval_is_for_one_bulletin(tmp_path: Path) -> None:
    with approved(tmp_path) as (desk, _), pytest.raises(ApprovalMissingError, match="nobody has approved"):
        draft(desk, hours=2)


def test_a_bulletin_that_is_made_without_approval_can_be_approved_no_more(tmp_path: Path) -> None:
    with newsroom(tmp_path, BY_DEADLINE) as desk:
        slots, due = SlotLedger(desk.archive), NOW + HOUR
        slots.plan([Slot(station="hill", due=due, length_s=60.0)])
        slots.claim("hill", due, owner="w", now=NOW, lease=timedelta(minutes=9))

        answer = approve_bulletin(desk)
        assert answer.counts_for == due + HOUR
        assert "is being made already: this counts for the" in answer.note


@pytest.mark.parametrize("change", ["drop", "reword", "undo"])
def test_a_later_edit_withdraws_the_approval_and_says_whose_it_was(tmp_path: Path, change: str) -> None:
    with approved(tmp_path) as (desk, _):
        ben = replace(desk, editor="ben")
        if change == "drop":
            drop_story(ben, story="1")
        elif change == "reword":
            answer = reword_sentence(ben, story="1", sentence="1", text="Other words.")
            assert answer.note == "The approval by ann no longer holds: approve the bulletin again."
        else:
            assert "no longer holds" in undo_edit(ben, number=1).note
        state = coming_bulletin(desk).approval

        assert (state.holds, state.editor, state.withdrawn_by) == (False, "ann", "ben")
        with pytest.raises(ApprovalMissingError, match="the approval by ann was withdrawn by edit"):
            draft(desk)


def test_words_that_come_while_the_bulletin_is_made_withdraw_no_approval_and_count_for_the_next(
    tmp_path: Path,
) -> None:
    with approved(tmp_path) as (desk, words):
        slots, due = SlotLedger(desk.archive), NOW + HOUR
        slots.plan([Slot(station="hill", due=due, length_s=60.0)])
        slots.claim("hill", due, owner="w", now=NOW, lease=timedelta(minutes=9))
        late = reword_sentence(replace(desk, editor="ben"), story="bridge", sentence="1", text="Later words.")
        slots.release("hill", due, owner="w", note="its process died")  # the next try has the same words

        assert (late.counts_for, "is being made already" in late.note) == (due + HOUR, True)
        assert airing(draft(desk)) == words
        assert coming_bulletin(desk, due + HOUR).find("bridge").sentences[0].text == "Later words."


def test_a_reworded_story_of_another_bulletin_leaves_the_approval(tmp_path: Path) -> None:
    with approved(tmp_path) as (desk, _):
        other = coming_bulletin(desk).others[-1]
        reword_sentence(desk, story=other.id, sentence="1", text="Other words.")
        coming = coming_bulletin(desk)
        assert coming.approval.holds
        assert [item.state for item in coming.edits] == ["applied", "waiting"]


def test_by_deadline_an_unapproved_bulletin_airs_as_it_stands(tmp_path: Path) -> None:
    with newsroom(tmp_path, BY_DEADLINE) as desk:
        drop_story(desk, story="nurses")
        words = airing(draft(desk))

        assert words
        assert not any("Nurses" in text for text in words)


def test_a_killed_story_leaves_the_approved_bulletin(tmp_path: Path) -> None:
    with approved(tmp_path) as (desk, words):
        desk.archive.add_kill("hill", Kill(entry="Corn Bridge", added_at=NOW))
        left = [text for text in words if "Corn Bridge" not in text and "Engineers" not in text]

        assert airing(draft(desk)) == left
        coming = coming_bulletin(desk)
        assert [p.text for p in coming.aired if p.story_id] == left
        assert [(item.edit.story_id, item.state) for item in coming.edits] == [("bridge", "refused")]


def test_an_approved_story_whose_recording_is_lost_is_left_out_with_the_remedy(tmp_path: Path) -> None:
    with newsroom(tmp_path, REQUIRED) as desk:
        folder = desk.state / CLIPS
        folder.mkdir()
        sound = folder / "part-new.wav"
        sound.write_bytes(b"sound")
        clip = RecordedClip(
            sha256=hashlib.sha256(b"sound").hexdigest(),
            duration_s=4.0,
            words="I object.",
            source_name="mayor.m4a",
        )
        keep_clip(sound, clip, folder=folder)
        attach_clip(desk, story="bridge", recording=clip)
        approve_bulletin(desk)
        heard = airing(draft(desk))
        clip_path(folder, clip).unlink()  # type: ignore[union-attr]
        drafted = draft(desk)

    assert any("I object." in text for text in heard)
    assert airing(drafted) == [
        text for text in heard if "Corn Bridge" not in text and "I object." not in text
    ]
    assert [left.reason for left in drafted.whole.left if left.article_id == "bridge"] == [
        'its recording "mayor.m4a" is missing or damaged; attach it again'
    ]


def test_a_bulletin_that_changed_since_it_was_read_is_not_approved(tmp_path: Path) -> None:
    with newsroom(tmp_path, REQUIRED) as desk:
        seen = coming_bulletin(desk).fingerprint
        move_story(replace(desk, editor="ben"), story="3", position=0)
        with pytest.raises(NewsroomError, match="has changed since you read it"):
            approve_bulletin(desk, fingerprint=seen)
        assert not coming_bulletin(desk).approval.number


def test_the_approval_waits_for_a_bulletin_that_is_tried_and_not_for_one_that_was_made(
    tmp_path: Path,
) -> None:
    with newsroom(tmp_path, REQUIRED) as desk:
        slots, due = SlotLedger(desk.archive), NOW + HOUR
        slots.plan([Slot(station="hill", due=due, length_s=60.0)])
        slots.claim("hill", due, owner="w", now=NOW, lease=timedelta(minutes=9))
        assert approve_bulletin(desk).counts_for == due

        slots.finish("hill", due, owner="w", level="fresh", now=NOW)
        assert approve_bulletin(desk).counts_for == due + HOUR


def test_approval_that_is_off_names_the_option(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk, pytest.raises(NewsroomError, match=r"\[newsroom\] approval = "):
        approve_bulletin(desk)


def test_edits_of_stories_that_are_not_in_it_hinder_no_approval(tmp_path: Path) -> None:
    with newsroom(tmp_path, REQUIRED) as desk:
        coming_bulletin(desk)
        words = {"action": EditAction.REWORD, "text": "Words.", "replaced": "A sentence of last week."}
        other = Edit(
            station="hill", editor="ben", made_at=NOW, key="k", story_id="old", article_ids=("old",), **words
        )
        desk.edits.record(other)

        assert approve_bulletin(desk).counts_for == NOW + HOUR
        assert coming_bulletin(desk).approval.holds
