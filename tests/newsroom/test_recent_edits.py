"""Edits kept in memory: those of the last days, whatever is older."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.recent_edits import recent_edits
from tests.support.newsroom_desk import newsroom

FORTNIGHT = timedelta(days=15)


def test_an_edit_of_a_fortnight_ago_holds_no_more_and_bars_no_new_one(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        long_ago = replace(desk, now=lambda: desk.now() - FORTNIGHT)
        first = coming_bulletin(desk).find("bridge").sentences[0].text
        reword_sentence(long_ago, story="bridge", sentence="1", text="Words of long ago.")

        assert [recent_edits(desk) for _ in range(3)] == [(), (), ()]
        assert coming_bulletin(desk).find("bridge").sentences[0].text == first

        answer = reword_sentence(desk, story="bridge", sentence="1", text="Words of now.", seen_id=0)
        assert recent_edits(desk) == (answer.edit,)
