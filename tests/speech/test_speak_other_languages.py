"""One voice for each language of a bulletin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.model import Spoken
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.speak_script import speak_script
from tests.speech.test_speak_script import make_script, passage
from tests.support.fake_engines import CountingEngine, FailingEngine

FIRE, FLOOD = "Zwei Menschen starben in Köln.", "Bonn sperrt eine Brücke über den Rhein."


def reader(engine: CountingEngine) -> VoiceReader:
    return VoiceReader(engine=engine, voice=engine.voices()[0])


def speak(tmp_path: Path, english: CountingEngine, *german: CountingEngine) -> Spoken:
    fire, flood = (replace(passage(text), language="de") for text in (FIRE, FLOOD))
    script = make_script(passage("Two people died."))
    story = script.stories[0]
    stories = (story, replace(story, cuts=(fire,)), replace(story, cuts=(flood,)))
    return speak_script(
        replace(script, stories=stories),
        chain=[reader(english)],
        others={"de": [reader(engine) for engine in german]},
        cache=SpeechCache(tmp_path / "cache"),
        folder=tmp_path / "clips",
    )


def test_each_language_has_its_voice_throughout(tmp_path: Path) -> None:
    english, german = CountingEngine(name="english"), CountingEngine(name="german")

    spoken = speak(tmp_path, english, german)

    assert german.spoken_texts == [FIRE, FLOOD]
    assert not {FIRE, FLOOD} & set(english.spoken_texts)
    assert (spoken.voice.engine, [(tag, voice.engine) for tag, voice in spoken.others]) == (
        "english",
        [("de", "german")],
    )
    assert spoken.unread == ()
    assert [clip.passage.language for clip in spoken.clips] == ["", "", "de", "de", ""]


def test_the_next_voice_reads_all_stories_of_the_language(tmp_path: Path) -> None:
    english, german = CountingEngine(name="english"), CountingEngine(name="german")
    broken = FailingEngine(EngineUnavailableError("gone"), name="broken", after=1)

    spoken = speak(tmp_path, english, broken, german)

    assert broken.spoken_texts == [FIRE]
    assert german.spoken_texts == [FIRE, FLOOD]
    assert spoken.others[0][1].engine == "german"
    assert len(spoken.clips) == 5
    assert [attempt.language for attempt in spoken.attempts] == ["", "de", "de"]


@pytest.mark.parametrize("count", [0, 1])
def test_without_a_voice_the_stories_of_the_language_have_no_clips(tmp_path: Path, count: int) -> None:
    broken = [FailingEngine(EngineUnavailableError("gone"), name="broken") for _ in range(count)]

    spoken = speak(tmp_path, CountingEngine(), *broken)

    assert spoken.unread == ("de",)
    assert [clip.passage.language for clip in spoken.clips] == ["", "", ""]
