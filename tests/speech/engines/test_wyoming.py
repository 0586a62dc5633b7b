"""Voices of the network against a real server of the Wyoming protocol."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletin.errors import BadSpeechError, ConfigError, EngineUnavailableError, SpeechError
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.engines.tone_for_tests import ToneEngine
from bulletin.speech.engines.wyoming import WyomingEngine
from bulletin.speech.speak_script import speak_script
from tests.speech.engines.google import speech_samples
from tests.speech.engines.wyoming_server import WyomingStandIn, voice
from tests.speech.test_speak_script import make_script, passage
from tests.support.free_ports import free_port

SENTENCE = "The bridge over the River Wex closes on Monday."


@pytest.fixture
def server() -> Iterator[WyomingStandIn]:
    with WyomingStandIn() as running:
        yield running


def engine_for(server: WyomingStandIn, *voices: str, **options: Any) -> WyomingEngine:
    return WyomingEngine(uri=server.uri, voices=voices, **options)


def say(engine: WyomingEngine, folder: Path) -> Path:
    path = folder / "said.wav"
    engine.synthesize(SENTENCE, engine.voices()[0], path)
    return path


@pytest.mark.parametrize("mode", ["ok", "stereo"])
def test_a_sentence_is_synthesized(server: WyomingStandIn, tmp_path: Path, mode: str) -> None:
    server.mode = mode

    samples, rate_hz = read_sound(say(engine_for(server), tmp_path))

    assert rate_hz == 24_000
    assert len(samples) == pytest.approx(len(speech_samples(SENTENCE)), abs=20)
    assert [asked.text for asked in server.asked] == [SENTENCE]


@pytest.mark.parametrize(
    ("voices", "language", "asked"),
    [
        ((), "en-GB", ("en_GB-alba-medium", None, None)),
        (("en_GB-vctk-medium#p239",), "en-GB", ("en_GB-vctk-medium", "p239", None)),
        ((), "de", ("de_DE-thorsten-medium", None, None)),
        ((), "cy", (None, None, "cy")),
    ],
)
def test_the_voice_is_asked_for_by_name_speaker_or_language(
    server: WyomingStandIn, tmp_path: Path, voices: tuple[str, ...], language: str, asked: tuple[Any, ...]
) -> None:
    say(engine_for(server, *voices, language=language), tmp_path)

    wanted = server.asked[0].voice
    assert wanted
    assert (wanted.name, wanted.speaker, wanted.language) == asked


@pytest.mark.parametrize(
    ("mode", "error", "says"),
    [
        pytest.param(
            *("hang", EngineUnavailableError, r"no whole answer from .* in 0\.2 s"), marks=pytest.mark.slow
        ),
        ("no end", EngineUnavailableError, r"no whole answer from .* in 0\.2 s"),
        ("closed", EngineUnavailableError, 'closed the connection before "audio-stop"'),
        ("half", BadSpeechError, "words may be missing"),
        ("rates", BadSpeechError, "changes within a sentence"),
        ("silent", BadSpeechError, "sent no sound"),
        ("torn", BadSpeechError, "cut off"),
        ("telephone", BadSpeechError, "4000 Hz"),
        ("error", EngineUnavailableError, "model not loaded"),
        ("http", BadSpeechError, "does not speak the Wyoming protocol"),
        ("list", BadSpeechError, "does not speak the Wyoming protocol"),
        ("no type", BadSpeechError, "does not speak the Wyoming protocol"),
        ("huge", BadSpeechError, "answer over"),
    ],
)
def test_each_failure_raises_its_error(
    server: WyomingStandIn, tmp_path: Path, mode: str, error: type[SpeechError], says: str
) -> None:
    server.mode = mode
    engine = engine_for(server, timeout_s=0.2 if "no whole answer" in says else 10.0)

    with pytest.raises(error, match=says):
        list(say_sentences([SENTENCE], engine=engine, voice=engine.voices()[0]))


def test_a_server_that_is_down_is_reported() -> None:
    with pytest.raises(EngineUnavailableError, match=r"cannot be reached .*start the server"):
        WyomingEngine(uri=f"tcp://127.0.0.1:{free_port()}").check()


@pytest.mark.parametrize(
    ("voices", "language", "says"),
    [
        (
            ("en_GB-jo-medium",),
            "en-GB",
            r'no voice "en_GB-jo-medium"; the server has en_GB-alba-medium \(en-GB\)',
        ),
        (("de_DE-thorsten-medium",), "en-GB", "de_DE-thorsten-medium speaks de-DE, not en-GB"),
        (("en_GB-vctk-medium#p1",), "en-GB", r'no speaker "p1" \(known: p225, p239\)'),
        ((), "cy", r"name a voice in \[speech\.engines\.wyoming\] voices; the server has no voice for cy"),
    ],
)
def test_the_check_refuses_a_voice_that_cannot_read_the_bulletin(
    server: WyomingStandIn, voices: tuple[str, ...], language: str, says: str
) -> None:
    with pytest.raises(EngineUnavailableError, match=says):
        engine_for(server, *voices, language=language).check()


def test_the_check_accepts_any_accent_of_the_language(server: WyomingStandIn) -> None:
    engine_for(server, "en_GB-alba-medium", "en_GB-vctk-medium#p225", language="en-IE").check()
    server.voices = (voice("only", "cy"),)
    engine_for(server, language="cy").check()


def test_the_notes_list_the_voices_of_the_server(server: WyomingStandIn) -> None:
    (note,) = engine_for(server).notes()

    assert note.endswith(
        "has en_GB-alba-medium (en-GB), en_GB-vctk-medium (en-GB; speakers p225, p239) "
        "(of 3 voices; languages: de, en)"
    )


@pytest.mark.parametrize("uri", ["http://127.0.0.1:10200", "tcp://127.0.0.1", "tcp://host:no", "unix:///"])
def test_an_invalid_address_is_refused(uri: str) -> None:
    with pytest.raises(ConfigError, match=r"uri = .*must be like"):
        WyomingEngine(uri=uri)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["half", "closed", "hang"])
def test_the_next_voice_reads_the_whole_bulletin(server: WyomingStandIn, tmp_path: Path, mode: str) -> None:
    server.mode = mode
    engine, tone = engine_for(server, timeout_s=0.2 if mode == "hang" else 10.0), ToneEngine()
    readers = [VoiceReader(engine=each, voice=each.voices()[0]) for each in (engine, tone)]
    script = make_script(passage("Good morning."), passage(SENTENCE))

    spoken = speak_script(
        script, chain=readers, cache=SpeechCache(tmp_path / "cache"), folder=tmp_path / "clips"
    )

    assert spoken.voice.engine == "tone"
    assert len(spoken.clips) == 4
    assert [attempt.ok for attempt in spoken.attempts] == [False, True]


@pytest.mark.slow
def test_a_server_in_another_process_speaks(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "tests.speech.engines.wyoming_server", str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        engine = WyomingEngine(uri=f"tcp://127.0.0.1:{port}")
        engine.check()

        assert read_sound(say(engine, tmp_path))[1] == 24_000
        server.kill()

    with pytest.raises(EngineUnavailableError, match="cannot be reached"):
        say(engine, tmp_path / "again")
