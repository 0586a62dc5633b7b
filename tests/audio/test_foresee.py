from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.audio.foresee import foresee_script
from bulletin.audio.imaging.package import default_jingles
from bulletin.audio.mix import Jingles
from bulletin.model import Cut, Passage, Role, Script, Sentence, StoryScript
from tests.factories import NOW, make_article, make_story, make_words

PACE_WPS = 3.0


def words(count: int) -> Sentence:
    text = " ".join(["word"] * count) + "."
    return Sentence(text=text, spoken=text)


def told(number: int) -> StoryScript:
    """15, 25 and 35 seconds at three words a second, each the beginning of the next."""
    story = make_story(make_article(id=str(number), title=f"Story {number}"))
    sentences = (words(45), words(30), words(30))
    cuts = tuple(
        Passage(role=Role.STORY, sentences=sentences[: n + 1], story_id=story.id, cut=cut)
        for n, cut in enumerate(Cut)
    )
    return StoryScript(story=story, cuts=cuts)


def script(stories: int) -> Script:
    own = Passage(role=Role.OPENING, sentences=(words(15),))
    return Script(
        station=make_words(),
        title="7am news",
        at=NOW,
        opening=own,
        stories=tuple(told(number) for number in range(stories)),
        closing=Passage(role=Role.CLOSING, sentences=(words(15),)),
    )


def jingles() -> Jingles:
    ours = default_jingles()
    return Jingles(ident=ours.ident, bed=ours.bed, sting=ours.sting, closing=ours.closing)


def seconds(script: Script) -> float:
    """Of the longest cut of each story, as it would be spoken."""
    return sum(len(item.cuts[-1].spoken.split()) for item in script.stories) / PACE_WPS


@pytest.mark.parametrize("target_s", [60.0, 120.0, 300.0])
def test_little_more_is_spoken_than_airs(target_s: float) -> None:
    whole = script(20)

    kept = foresee_script(whole, jingles=jingles(), target_s=target_s, gap_s=0.6, pace_wps=PACE_WPS).script

    assert seconds(kept) < 1.4 * target_s + 20
    assert len(kept.stories) < len(whole.stories)
    assert [item.story.id for item in kept.stories] == [str(n) for n in range(len(kept.stories))]


def test_what_cannot_fit_is_told(tmp_path: Path) -> None:
    whole = script(20)

    foreseen = foresee_script(whole, jingles=Jingles(), target_s=60.0, gap_s=0.6, pace_wps=PACE_WPS)

    assert len(foreseen.script.stories) + len(foreseen.dropped) == 20
    assert {left.reason for left in foreseen.dropped} == {"no room"}


def test_a_bulletin_with_too_little_news_keeps_it_all() -> None:
    whole = script(2)

    foreseen = foresee_script(whole, jingles=jingles(), target_s=600.0, gap_s=0.6, pace_wps=PACE_WPS)

    assert foreseen.script == whole
    assert foreseen.dropped == ()


def test_a_jingle_that_cannot_be_read_is_no_hindrance(tmp_path: Path) -> None:
    lost = Jingles(ident=tmp_path / "nowhere.wav")

    foreseen = foresee_script(script(5), jingles=lost, target_s=60.0, gap_s=0.6, pace_wps=PACE_WPS)

    assert foreseen.script.stories
