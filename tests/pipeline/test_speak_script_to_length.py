"""Speaking a script to its length, with more sentences for a voice quicker than predicted; without mixing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget
from bulletin.audio.rundown.predict_stories_that_will_fit import PredictedScript, RenditionLength, is_enough
from bulletin.config.load_profile import load_profile
from bulletin.errors import SpeechError
from bulletin.language.english_grammar_parser import parser_problem
from bulletin.model import Script, Spoken
from bulletin.pipeline.pieces.draft_bulletin import draft_bulletin
from bulletin.pipeline.speak_script_to_length import predict_length, read_aloud
from bulletin.runtime.deadline import Deadline
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.engine_interface import VoiceReader
from bulletin.station.build_station_object import Station, open_station, overrides_from
from tests.support.fake_engines import CountingEngine, FailingEngine

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 6, 52, tzinfo=UTC)


LETTERS_PER_S = 14
"""Pace of the engine `tone` in the demo, without pauses."""
SLOW = 0.85
"""Recorded pace relative to the real one; more text is missing than gaps and music can fill."""


def reader(engine: CountingEngine) -> VoiceReader:
    return VoiceReader(engine=engine, voice=engine.voices()[0])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Station, Script]]:
    """The demo station and its full script."""
    loaded = load_profile("demo")
    overrides = overrides_from(loaded.profile, voice="tone")
    with open_station(loaded, output=tmp_path_factory.mktemp("demo"), overrides=overrides) as built:
        yield built, draft_bulletin(built, now=NOW).whole


class SpeakingRun:
    """The demo's script, read by given engines."""

    def __init__(
        self,
        demo: tuple[Station, Script],
        folder: Path,
        *engines: CountingEngine,
        recorded_pace: float = 1.0,
        second: CountingEngine | None = None,
        up_to: bool = False,
    ) -> None:
        """`recorded_pace` of the voices is a multiple of their real pace."""
        built, self.full_script = demo
        cache = SpeechCache(folder / "speech", limit_mb=100)
        for engine in (*engines, *([second] if second else [])):
            cache.learn_pace(
                engine.voices()[0],
                words=1,
                seconds=1.0,
                letters=round(LETTERS_PER_S * recorded_pace),
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
        """Prediction before speaking, prediction after it, and the speech."""
        before = predict_length(self.station, self.full_script)
        after, spoken = read_aloud(
            self.station,
            before,
            whole=self.full_script,
            folder=self.folder / "clips",
            progress=lambda *_: None,
            deadline=deadline,
        )
        return before, after, spoken

    def fills(self, foreseen: PredictedScript, spoken: Spoken) -> bool:
        """Whether all renditions can reach their length."""
        up_to = self.station.profile.up_to
        wishes = LengthTarget(target_s=120.0, gap_s=0.6, rate_hz=1000, bend=0.05, is_up_to=up_to)
        aims = [RenditionLength(length=wishes), RenditionLength(length=wishes, is_later=True)]
        return is_enough(foreseen.script, spoken, aims, jingles=self.station.jingles)


def test_a_voice_of_the_predicted_pace_speaks_once(demo: tuple[Station, Script], tmp_path: Path) -> None:
    desk = SpeakingRun(demo, tmp_path, CountingEngine())

    before, after, spoken = desk.read()

    assert after == before
    assert len(spoken.attempts) == 1
    assert desk.fills(after, spoken)


@pytest.mark.slow
def test_a_quicker_voice_speaks_the_missing_sentences_and_none_twice(
    demo: tuple[Station, Script], tmp_path: Path
) -> None:
    engine = CountingEngine()
    desk = SpeakingRun(demo, tmp_path, engine, recorded_pace=SLOW)

    before, after, spoken = desk.read()

    assert letters(after) > letters(before)
    assert after.lasts_s == before.lasts_s
    assert before.passages_s.items() <= after.passages_s.items()
    assert [attempt.ok for attempt in spoken.attempts] == [True, True]
    assert len(engine.spoken_texts) == len(set(engine.spoken_texts))
    assert {clip.passage for clip in spoken.clips} == set(after.script.passages())
    assert desk.fills(after, spoken)


def letters(foreseen: PredictedScript) -> int:
    return sum(len(item.cuts[-1].spoken) for item in foreseen.script.stories)


@pytest.mark.slow
def test_a_slower_voice_speaks_once(demo: tuple[Station, Script], tmp_path: Path) -> None:
    _, _, spoken = SpeakingRun(demo, tmp_path, CountingEngine(), recorded_pace=1.2).read()

    assert len(spoken.attempts) == 1


@pytest.mark.slow
def test_the_pace_is_known_in_the_next_run(demo: tuple[Station, Script], tmp_path: Path) -> None:
    desk = SpeakingRun(demo, tmp_path, CountingEngine(), recorded_pace=SLOW)
    desk.read()

    _, after, spoken = desk.read()

    assert len(spoken.attempts) == 1
    assert desk.fills(after, spoken)


@pytest.mark.slow
def test_the_replacement_voice_speaks_the_missing_sentences(
    demo: tuple[Station, Script], tmp_path: Path
) -> None:
    broken = FailingEngine(SpeechError("out of order"), name="broken")
    desk = SpeakingRun(demo, tmp_path, broken, CountingEngine(name="quick"), recorded_pace=SLOW)

    _, after, spoken = desk.read()

    attempts = [(attempt.engine, attempt.ok) for attempt in spoken.attempts]
    assert attempts == [("broken", False), ("quick", True), ("quick", True)]
    assert desk.fills(after, spoken)


@pytest.mark.slow
def test_a_voice_that_fails_at_the_second_attempt_leaves_a_shorter_bulletin(
    demo: tuple[Station, Script], tmp_path: Path
) -> None:
    once = predict_length(SpeakingRun(demo, tmp_path, CountingEngine(), recorded_pace=SLOW).station, demo[1])
    enough = {s.spoken for passage in once.script.passages() for s in passage.sentences}
    dying = FailingEngine(SpeechError("gone"), name="dying", after=len(enough))
    desk = SpeakingRun(demo, tmp_path, dying, recorded_pace=SLOW)

    before, after, spoken = desk.read()

    assert len(dying.spoken_texts) == len(enough)
    assert after == before
    assert spoken.voice.engine == "dying"
    assert not desk.fills(after, spoken)


@pytest.mark.slow
def test_there_is_no_second_attempt_after_the_deadline(demo: tuple[Station, Script], tmp_path: Path) -> None:
    engine = CountingEngine()
    desk = SpeakingRun(demo, tmp_path, engine, recorded_pace=SLOW)
    before, *_ = desk.read()  # this run fills the cache, so the late run needs no engine

    after, spoken = read_aloud(
        desk.station,
        before,
        whole=desk.full_script,
        folder=tmp_path / "late",
        progress=lambda *_: None,
        deadline=Deadline.after(0.0),
    )

    assert after == before
    assert len(spoken.attempts) == 1


@pytest.mark.skipif(bool(parser_problem()), reason="without the parser the demo has too little to say")
@pytest.mark.parametrize(
    ("recorded_pace", "attempts"), [pytest.param(0.98, 1, marks=pytest.mark.slow), (0.8, 2)]
)
def test_up_to_a_length_a_tenth_less_is_enough(
    demo: tuple[Station, Script], tmp_path: Path, recorded_pace: float, attempts: int
) -> None:
    desk = SpeakingRun(demo, tmp_path, CountingEngine(), recorded_pace=recorded_pace, up_to=True)

    _, after, spoken = desk.read()

    assert len(spoken.attempts) == attempts
    assert desk.fills(after, spoken)


@pytest.mark.parametrize("recorded_pace", [pytest.param(1.0, marks=pytest.mark.slow), SLOW])
def test_two_readers_alternate_by_story(
    demo: tuple[Station, Script], tmp_path: Path, recorded_pace: float
) -> None:
    first, second_engine = CountingEngine(name="one"), CountingEngine(name="two")
    desk = SpeakingRun(demo, tmp_path, first, second=second_engine, recorded_pace=recorded_pace)

    _, after, spoken = desk.read()

    turns = [item.cuts[0].by_second for item in after.script.stories]
    assert turns == [bool(number % 2) for number in range(len(turns))]
    assert (spoken.voice.engine, spoken.second and spoken.second.engine) == ("one", "two")
    assert {clip.passage for clip in spoken.clips} == set(after.script.passages())
    assert desk.fills(after, spoken)
