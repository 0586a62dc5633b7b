"""What is worth speaking, and a little more for a voice that is quicker than foretold; without mixing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget
from bulletin.audio.rundown.predict_aired_part_of_script import PredictedScript, RenditionLength, is_enough
from bulletin.config.load_profile import load_profile
from bulletin.errors import SpeechError
from bulletin.language.english_grammar_parser import parser_problem
from bulletin.model import Script, Spoken
from bulletin.pipeline.make_bulletin import draft_bulletin
from bulletin.pipeline.speak_script_to_length import predict_length, read_aloud
from bulletin.runtime.deadline import Deadline
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.engine_interface import VoiceReader
from bulletin.station.build_station_object import Station, open_station, overrides_from
from tests.support.fake_engines import CountingEngine, FailingEngine

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)


LETTERS_PER_S = 14
"""Of the engine `tone` with the demo's words, without the pauses between them."""
SLOW = 0.85
"""As which a voice is known that reads faster: more is wanting than gaps and music make good."""


def reader(engine: CountingEngine) -> VoiceReader:
    return VoiceReader(engine=engine, voice=engine.voices()[0])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Station, Script]]:
    """The demo, and all that was written for it."""
    loaded = load_profile("demo")
    overrides = overrides_from(loaded.profile, voice="tone")
    with open_station(loaded, output=tmp_path_factory.mktemp("demo"), overrides=overrides) as built:
        yield built, draft_bulletin(built, now=NOW).whole


class Desk:
    """The demo's words, read by somebody, and how that went."""

    def __init__(
        self,
        demo: tuple[Station, Script],
        folder: Path,
        *engines: CountingEngine,
        foretold: float = 1.0,
        second: CountingEngine | None = None,
        up_to: bool = False,
    ) -> None:
        """`foretold`: as how much quicker than it is a voice is known."""
        built, self.whole = demo
        cache = SpeechCache(folder / "speech", limit_mb=100)
        for engine in (*engines, *([second] if second else [])):
            cache.learn_pace(
                engine.voices()[0],
                words=1,
                seconds=1.0,
                letters=round(LETTERS_PER_S * foretold),
                fingerprint=engine.fingerprint,
            )
        self.station = replace(
            built,
            readers=tuple(reader(engine) for engine in engines),
            second=reader(second) if second else None,
            profile=built.profile.model_copy(update={"up_to": up_to}),
            cache=cache,
        )
        self.folder = folder

    def read(self, *, deadline: Deadline | None = None) -> tuple[PredictedScript, PredictedScript, Spoken]:
        """What was foreseen, what came of it, and the speech."""
        before = predict_length(self.station, self.whole)
        after, spoken = read_aloud(
            self.station,
            before,
            whole=self.whole,
            folder=self.folder / "clips",
            progress=lambda *_: None,
            deadline=deadline,
        )
        return before, after, spoken

    def fills(self, foreseen: PredictedScript, spoken: Spoken) -> bool:
        """Whether all renditions can have their length."""
        up_to = self.station.profile.up_to
        wishes = LengthTarget(target_s=120.0, gap_s=0.6, rate_hz=1000, bend=0.05, is_up_to=up_to)
        aims = [RenditionLength(length=wishes), RenditionLength(length=wishes, is_later=True)]
        return is_enough(foreseen.script, spoken, aims, jingles=self.station.jingles)


def test_a_voice_as_quick_as_foretold_is_asked_once(demo: tuple[Station, Script], tmp_path: Path) -> None:
    desk = Desk(demo, tmp_path, CountingEngine())

    before, after, spoken = desk.read()

    assert after == before
    assert len(spoken.attempts) == 1
    assert desk.fills(after, spoken)


@pytest.mark.slow
def test_a_quicker_voice_is_asked_for_what_is_wanting_and_for_nothing_twice(
    demo: tuple[Station, Script], tmp_path: Path
) -> None:
    engine = CountingEngine()
    desk = Desk(demo, tmp_path, engine, foretold=SLOW)

    before, after, spoken = desk.read()

    assert letters(after) > letters(before)
    assert after.lasts_s == before.lasts_s
    assert before.passages_s.items() <= after.passages_s.items()
    assert [attempt.ok for attempt in spoken.attempts] == [True, True]
    assert len(engine.said) == len(set(engine.said))
    assert {clip.passage for clip in spoken.clips} == set(after.script.passages())
    assert desk.fills(after, spoken)


def letters(foreseen: PredictedScript) -> int:
    return sum(len(item.cuts[-1].spoken) for item in foreseen.script.stories)


@pytest.mark.slow
def test_a_slower_voice_has_said_enough(demo: tuple[Station, Script], tmp_path: Path) -> None:
    _, _, spoken = Desk(demo, tmp_path, CountingEngine(), foretold=1.2).read()

    assert len(spoken.attempts) == 1


@pytest.mark.slow
def test_the_next_time_its_pace_is_known(demo: tuple[Station, Script], tmp_path: Path) -> None:
    desk = Desk(demo, tmp_path, CountingEngine(), foretold=SLOW)
    desk.read()

    _, after, spoken = desk.read()

    assert len(spoken.attempts) == 1
    assert desk.fills(after, spoken)


@pytest.mark.slow
def test_the_voice_that_stepped_in_is_the_one_that_is_asked_again(
    demo: tuple[Station, Script], tmp_path: Path
) -> None:
    broken = FailingEngine(SpeechError("out of order"), name="broken")
    desk = Desk(demo, tmp_path, broken, CountingEngine(name="quick"), foretold=SLOW)

    _, after, spoken = desk.read()

    asked = [(attempt.engine, attempt.ok) for attempt in spoken.attempts]
    assert asked == [("broken", False), ("quick", True), ("quick", True)]
    assert desk.fills(after, spoken)


@pytest.mark.slow
def test_a_voice_that_dies_when_asked_again_leaves_a_shorter_bulletin(
    demo: tuple[Station, Script], tmp_path: Path
) -> None:
    once = predict_length(Desk(demo, tmp_path, CountingEngine(), foretold=SLOW).station, demo[1])
    enough = {s.spoken for passage in once.script.passages() for s in passage.sentences}
    dying = FailingEngine(SpeechError("gone"), name="dying", after=len(enough))
    desk = Desk(demo, tmp_path, dying, foretold=SLOW)

    before, after, spoken = desk.read()

    assert len(dying.said) == len(enough)
    assert after == before
    assert spoken.voice.engine == "dying"
    assert not desk.fills(after, spoken)


@pytest.mark.slow
def test_nobody_is_asked_again_when_the_time_is_over(demo: tuple[Station, Script], tmp_path: Path) -> None:
    engine = CountingEngine()
    desk = Desk(demo, tmp_path, engine, foretold=SLOW)
    before, *_ = desk.read()  # all that is wanted comes from the cache, however late it is

    after, spoken = read_aloud(
        desk.station,
        before,
        whole=desk.whole,
        folder=tmp_path / "late",
        progress=lambda *_: None,
        deadline=Deadline.after(0.0),
    )

    assert after == before
    assert len(spoken.attempts) == 1


@pytest.mark.skipif(bool(parser_problem()), reason="without the parser the demo has too little to say")
@pytest.mark.parametrize(("foretold", "asked"), [pytest.param(0.98, 1, marks=pytest.mark.slow), (0.8, 2)])
def test_up_to_a_length_a_tenth_less_will_do(
    demo: tuple[Station, Script], tmp_path: Path, foretold: float, asked: int
) -> None:
    desk = Desk(demo, tmp_path, CountingEngine(), foretold=foretold, up_to=True)

    _, after, spoken = desk.read()

    assert len(spoken.attempts) == asked
    assert desk.fills(after, spoken)


@pytest.mark.parametrize("foretold", [pytest.param(1.0, marks=pytest.mark.slow), SLOW])
def test_two_readers_take_turns_in_what_is_spoken(
    demo: tuple[Station, Script], tmp_path: Path, foretold: float
) -> None:
    one, two = CountingEngine(name="one"), CountingEngine(name="two")
    desk = Desk(demo, tmp_path, one, second=two, foretold=foretold)

    _, after, spoken = desk.read()

    turns = [item.cuts[0].by_second for item in after.script.stories]
    assert turns == [bool(number % 2) for number in range(len(turns))]
    assert (spoken.voice.engine, spoken.second and spoken.second.engine) == ("one", "two")
    assert {clip.passage for clip in spoken.clips} == set(after.script.passages())
    assert desk.fills(after, spoken)
