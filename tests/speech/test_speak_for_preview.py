"""Previews: which voice speaks, and how many sentences a change costs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError, NoVoiceError
from bulletin.model import Voice
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.engine_interface import Engine, VoiceReader
from bulletin.speech.speak_for_preview import PreviewVoices
from tests.support.fake_engines import CountingEngine, FailingEngine

STORY = ("The bridge closes on Monday.", "It needs six weeks of repairs.", "Drivers use the other road.")
CHANGED = "The bridge closes on Tuesday."


def reader(engine: Engine) -> VoiceReader:
    return VoiceReader(engine=engine, voice=engine.voices()[0])


def no_network(name: str = "first", **options: bool) -> FailingEngine:
    return FailingEngine(EngineUnavailableError(f"{name}: no network"), name=name, **options)


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "speech")


def test_a_changed_sentence_costs_one_sentence(cache: SpeechCache) -> None:
    engine = CountingEngine()
    PreviewVoices().speak(STORY, chain=[reader(engine)], cache=cache)
    engine.spoken_texts.clear()

    lines = PreviewVoices().speak((CHANGED, *STORY[1:]), chain=[reader(engine)], cache=cache)

    assert engine.spoken_texts == [CHANGED]
    assert [lines[text].is_new for text in (CHANGED, *STORY[1:])] == [True, False, False]


def test_the_voice_that_read_most_of_the_story_reads_the_change(cache: SpeechCache) -> None:
    first, second = CountingEngine(name="first"), CountingEngine(name="second")
    PreviewVoices().speak(STORY, chain=[reader(second)], cache=cache)

    lines = PreviewVoices().speak((CHANGED, *STORY), chain=[reader(first), reader(second)], cache=cache)

    assert first.spoken_texts == []
    assert {line.reader.engine.name for line in lines.values()} == {"second"}


def test_a_new_sentence_is_read_by_the_first_voice_of_the_chain(cache: SpeechCache) -> None:
    first, second = CountingEngine(name="first"), CountingEngine(name="second")

    PreviewVoices().speak([CHANGED], chain=[reader(first), reader(second)], cache=cache)

    assert (first.spoken_texts, second.spoken_texts) == ([CHANGED], [])


def test_a_voice_that_fails_costs_no_sentence_twice(cache: SpeechCache) -> None:
    """Its cached sentences stay in its voice; only the changed one has another."""
    local = CountingEngine(name="local")
    PreviewVoices().speak(STORY, chain=[reader(CountingEngine(name="first"))], cache=cache)

    lines = PreviewVoices().speak((CHANGED, *STORY), chain=[reader(no_network()), reader(local)], cache=cache)

    assert local.spoken_texts == [CHANGED]
    assert lines[STORY[0]].reader.engine.name == "first"


def test_a_voice_that_failed_is_asked_last_for_a_minute(cache: SpeechCache) -> None:
    class Broken(CountingEngine):
        def check(self) -> None:
            self.spoken_texts.append("asked")
            raise EngineUnavailableError("no network")

    broken, voices = Broken(name="broken"), PreviewVoices()
    chain = [reader(broken), reader(CountingEngine(name="local"))]
    for text in STORY:
        voices.speak([text], chain=chain, cache=cache)
    assert broken.spoken_texts == ["asked"]

    voices.skipped_s = 0.0
    voices.speak([CHANGED], chain=chain, cache=cache)

    assert broken.spoken_texts == ["asked", "asked"]


def test_a_slow_voice_is_replaced(cache: SpeechCache) -> None:
    class Slow(CountingEngine):
        def synthesize(self, text: str, voice: Voice, path: Path) -> None:
            time.sleep(0.2)

    slow, local = Slow(name="slow"), CountingEngine(name="local")

    PreviewVoices(others_wait_s=0.02).speak([CHANGED], chain=[reader(slow), reader(local)], cache=cache)

    assert local.spoken_texts == [CHANGED]


def test_without_any_voice_the_message_names_every_reason(cache: SpeechCache) -> None:
    chain = [reader(no_network("gtts")), reader(no_network("hibari", error_at_check=True))]

    with pytest.raises(
        NoVoiceError, match=r"^no voice can read this now: gtts: no network; hibari: no network$"
    ):
        PreviewVoices().speak([CHANGED], chain=chain, cache=cache)


def test_an_empty_chain_names_the_remedy(cache: SpeechCache) -> None:
    with pytest.raises(NoVoiceError, match=r'chain = \["hibari"\] needs no network'):
        PreviewVoices().speak([CHANGED], chain=[], cache=cache)
