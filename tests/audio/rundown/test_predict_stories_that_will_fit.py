from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bulletin.audio.mixing.mix_bulletin import StationJingles
from bulletin.audio.music.load_jingles import read_timings
from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget
from bulletin.audio.rundown.plan_rundown import Plan, plan_rundown
from bulletin.audio.rundown.predict_stories_that_will_fit import (
    PredictedScript,
    RenditionLength,
    is_enough,
    passage_key,
    predict_script,
)
from bulletin.imaging.find_shipped_jingle_sets import default_jingles
from bulletin.model import Clip, Cut, Passage, RecordedClip, Role, Script, Sentence, Spoken, StoryScript
from tests.audio.sounds import VOICE
from tests.support.factories import NOW, make_article, make_story, make_words

LETTERS_PER_S = 12.0
"""Reading speed: three words of four letters a second."""


def words(count: int) -> Sentence:
    text = " ".join(["word"] * count) + "."
    return Sentence(text=text, spoken=text)


def make_story_script(number: int) -> StoryScript:
    """A story of 15, 25 and 35 s at three words a second; each cut begins with the shorter one."""
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
        stories=tuple(make_story_script(number) for number in range(stories)),
        closing=Passage(role=Role.CLOSING, sentences=(words(15),)),
    )


def jingles() -> StationJingles:
    ours = default_jingles()
    return StationJingles(ident=ours["ident"], bed=ours["bed"], sting=ours["sting"], closing=ours["closing"])


def predict(script: Script, target_s: float, **changes: Any) -> PredictedScript:
    aim = make_aim(target_s, **{n: changes.pop(n) for n in ("bed", "is_up_to", "is_later") if n in changes})
    fields: dict[str, Any] = {"jingles": jingles(), "letters_per_s": LETTERS_PER_S}
    return predict_script(script, [aim, *changes.pop("others", [])], **(fields | changes))


def make_aim(target_s: float, *, is_later: bool = False, **changes: Any) -> RenditionLength:
    wishes = LengthTarget(target_s=target_s, gap_s=0.6, rate_hz=44_100, bend=0.05, **changes)
    return RenditionLength(length=wishes, is_later=is_later)


def spoken_seconds(script: Script) -> float:
    """Spoken duration of the longest cuts of all stories."""
    return sum(len(item.cuts[-1].spoken.split()) for item in script.stories) / 3.0


def plan(script: Script, target_s: float, *, hurry: float = 1.0) -> Plan:
    """Plan of the mix when the voice reads `hurry` times as fast as predicted."""
    clips = tuple(
        Clip(
            passage=passage,
            path=Path("nowhere.wav"),
            duration_s=len(passage.spoken.split()) / 3.0 / hurry,
            rate_hz=24_000,
        )
        for passage in script.passages()
    )
    return plan_rundown(
        script,
        Spoken(clips=clips, voice=VOICE, attempts=()),
        read_timings(jingles()),
        LengthTarget(target_s=target_s, gap_s=0.6, rate_hz=44_100, bend=0.05),
    )


@pytest.mark.parametrize("target_s", [90.0, 120.0, 300.0])
def test_little_more_is_spoken_than_airs(target_s: float) -> None:
    whole = script(20)

    kept = predict(whole, target_s).script

    aired = sum(len(p.spoken.split()) for p in plan(kept, target_s).aired if p.role is Role.STORY) / 3.0
    assert spoken_seconds(kept) <= 1.25 * aired
    assert len(kept.stories) < len(whole.stories)
    assert [item.story.id for item in kept.stories] == [str(n) for n in range(len(kept.stories))]


@pytest.mark.parametrize("target_s", [60.0, 90.0, 120.0, 180.0, 300.0])
@pytest.mark.parametrize("hurry", [0.96, 1.0, 1.04])
def test_the_spoken_part_is_enough_for_the_length(target_s: float, hurry: float) -> None:
    kept = predict(script(20), target_s).script

    assert plan(kept, target_s, hurry=hurry).rundown.duration_s == pytest.approx(target_s, abs=0.05)


def test_up_to_a_length_needs_no_reserve() -> None:
    exact, at_most = predict(script(20), 120.0), predict(script(20), 120.0, is_up_to=True)

    assert spoken_seconds(at_most.script) <= spoken_seconds(exact.script)
    assert at_most.lasts_s <= 120.0


def test_the_opening_without_the_time_counts_where_it_is_the_one_that_airs() -> None:
    """Forty words fewer leave thirteen seconds for another story."""
    long = Passage(role=Role.OPENING, sentences=(words(55),))
    short = Passage(role=Role.OPENING, sentences=(words(15),))
    both = replace(script(20), opening=long, opening_later=short)

    timed, later = predict(both, 120.0), predict(both, 120.0, is_later=True)

    assert spoken_seconds(later.script) > spoken_seconds(timed.script)
    assert (later.script.opening, later.script.opening_later) == (long, short)


def test_without_music_there_is_time_for_more() -> None:
    assert spoken_seconds(predict(script(20), 120.0, bed="none").script) > spoken_seconds(
        predict(script(20), 120.0).script
    )


def test_the_durations_of_bulletin_and_passages_are_predicted() -> None:
    foreseen = predict(script(20), 120.0)

    assert foreseen.lasts_s == pytest.approx(120.0, abs=0.05)
    assert foreseen.passages_s[Role.STORY, "0", Cut.SHORT] == pytest.approx(15.0)
    assert set(foreseen.passages_s) == {passage_key(passage) for passage in foreseen.script.passages()}


def test_stories_without_room_are_listed() -> None:
    foreseen = predict(script(20), 60.0, jingles=StationJingles())

    assert len(foreseen.script.stories) + len(foreseen.dropped) == 20
    assert {left.reason for left in foreseen.dropped} == {"no room"}


def test_a_bulletin_with_too_little_news_keeps_it_all() -> None:
    whole = script(2)

    foreseen = predict(whole, 600.0)

    assert foreseen.script == whole
    assert foreseen.dropped == ()


def test_a_lead_that_airs_as_its_headline_is_spoken_in_its_shortest_cut_too() -> None:
    """The shortest cut is spoken too, because the voice may be faster than predicted."""
    head = Passage(role=Role.HEADLINE, sentences=(words(6),), story_id="0")
    whole = script(3)
    lead = replace(whole.stories[0], headline=head)

    foreseen = predict(replace(whole, stories=(lead, *whole.stories[1:])), 20.0, jingles=StationJingles())

    assert foreseen.script.stories[0].cuts == lead.cuts[:1]


def test_a_jingle_that_cannot_be_read_is_no_hindrance(tmp_path: Path) -> None:
    lost = StationJingles(ident=tmp_path / "nowhere.wav")

    assert predict(script(5), 60.0, jingles=lost).script.stories


def spoken(script: Script, *, hurry: float = 1.0, only: int | None = None) -> Spoken:
    passages = tuple(script.passages())[:only]
    clips = tuple(
        Clip(
            passage=p, path=Path("nowhere.wav"), duration_s=len(p.spoken.split()) / 3 / hurry, rate_hz=24_000
        )
        for p in passages
    )
    return Spoken(clips=clips, voice=VOICE, attempts=())


@pytest.mark.parametrize(("hurry", "enough"), [(0.9, True), (1.0, True), (1.2, False)])
def test_too_little_was_spoken_when_the_voice_was_quick(hurry: float, enough: bool) -> None:
    kept = predict(script(20), 120.0).script

    assert is_enough(kept, spoken(kept, hurry=hurry), [make_aim(120.0)], jingles=jingles()) is enough


def test_up_to_a_length_a_tenth_less_is_enough() -> None:
    kept = predict(script(20), 120.0).script

    for target_s, enough in ((130.0, True), (160.0, False)):
        aim = make_aim(target_s, is_up_to=True)
        assert is_enough(kept, spoken(kept), [aim], jingles=jingles()) is enough


def test_a_rendition_that_has_more_time_for_the_same_stories_gets_longer_cuts() -> None:
    """Without music half a minute is free; the stories stay those of the first rendition."""
    dry = make_aim(120.0, bed="none")

    alone, both = predict(script(20), 120.0), predict(script(20), 120.0, others=[dry])

    assert [item.story.id for item in both.script.stories] == [item.story.id for item in alone.script.stories]
    assert spoken_seconds(both.script) > spoken_seconds(alone.script)
    assert not is_enough(alone.script, spoken(alone.script), [make_aim(120.0), dry], jingles=jingles())
    assert is_enough(both.script, spoken(both.script), [make_aim(120.0), dry], jingles=jingles())


def test_known_clips_count_with_their_real_durations() -> None:
    """The voice is 20 % faster than predicted: spoken clips count with their real durations."""
    whole = script(20)
    first = predict(whole, 120.0).script

    more = predict(
        whole, 120.0, letters_per_s=1.2 * LETTERS_PER_S, known_clips=spoken(first, hurry=1.2).clips
    )

    assert spoken_seconds(more.script) > spoken_seconds(first)
    assert plan(more.script, 120.0, hurry=1.2).rundown.duration_s == pytest.approx(120.0, abs=0.05)
    for clip in spoken(first, hurry=1.2).clips:
        key = passage_key(clip.passage)
        assert more.passages_s.get(key, clip.duration_s) == pytest.approx(clip.duration_s)
    longer = more.passages_s[Role.STORY, "0", Cut.NORMAL] - more.passages_s[Role.STORY, "0", Cut.SHORT]
    assert longer == pytest.approx(10.0 / 1.2)


def test_a_recorded_voice_counts_with_its_own_length_also_in_a_longer_cut() -> None:
    clip = RecordedClip(sha256="a" * 64, duration_s=9.0, words="We waited.")
    said = Sentence(text=clip.words, spoken="", recording=clip)
    whole = script(3)
    lead = whole.stories[0]
    lead = replace(
        lead, cuts=tuple(replace(cut, sentences=(*cut.sentences, said, words(6))) for cut in lead.cuts)
    )
    whole = replace(whole, stories=(lead, *whole.stories[1:]))
    short = lead.cuts[0]
    measured = Clip(passage=short, path=Path("a.wav"), duration_s=28.0, rate_hz=48_000)

    predicted = predict(whole, 120.0)
    known = predict(whole, 120.0, known_clips=[measured])

    assert predicted.passages_s[passage_key(short)] == pytest.approx(15.0 + 9.0 + 2.0)
    assert known.passages_s[passage_key(short)] == 28.0
    assert known.passages_s[Role.STORY, "0", Cut.NORMAL] == pytest.approx(28.0 + 10.0)
    assert predicted.lasts_s == pytest.approx(120.0, abs=1.0)
