"""The OpenAI-compatible engine against a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletin.errors import BadSpeechError, ConfigError, EngineBusyError, EngineUnavailableError, SpeechError
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.engines.openai import OpenaiEngine
from tests.speech.engines.google import speech_samples
from tests.speech.engines.openai_server import SpeechServer

SENTENCE = "The bridge over the River Wex closes on Monday."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SpeechServer]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with SpeechServer() as running:
        yield running


def engine_for(server: SpeechServer, **options: Any) -> OpenaiEngine:
    return OpenaiEngine(
        **({"base_url": server.base_url, "model": "kokoro", "voices": ("bf_emma",)} | options)
    )


def say(engine: OpenaiEngine, folder: Path) -> Path:
    path = folder / "said.wav"
    engine.synthesize(SENTENCE, engine.voices()[0], path)
    return path


@pytest.mark.parametrize("mode", ["ok", "mp3", "flac", "endless"])
def test_a_sentence_is_synthesized(server: SpeechServer, tmp_path: Path, mode: str) -> None:
    server.mode = mode
    engine = engine_for(server)
    engine.check()

    samples, rate_hz = read_sound(say(engine, tmp_path))

    # LAME adds up to 0.1 s of padding around an MP3.
    assert len(samples) / rate_hz == pytest.approx(len(speech_samples(SENTENCE)) / 24_000, abs=0.12)


def test_the_audio_is_requested_in_one_piece(server: SpeechServer, tmp_path: Path) -> None:
    say(engine_for(server, speed=1.1), tmp_path)

    assert server.asked == [
        {
            "model": "kokoro",
            "input": SENTENCE,
            "voice": "bf_emma",
            "response_format": "wav",
            "speed": 1.1,
            "stream": False,
        }
    ]


@pytest.mark.parametrize(
    ("mode", "error", "says"),
    [
        ("429", EngineBusyError, "too many requests"),
        ("401", EngineUnavailableError, "key refused .*; set another in OPENAI_API_KEY"),
        ("400", BadSpeechError, "HTTP 400"),
        ("503", EngineUnavailableError, "HTTP 503"),
        ("302", EngineUnavailableError, "HTTP 302"),
        ("html", BadSpeechError, "not a sound file"),
        ("cut", EngineUnavailableError, "Protocol"),
    ],
)
def test_each_failure_raises_its_error(
    server: SpeechServer, tmp_path: Path, mode: str, error: type[SpeechError], says: str
) -> None:
    server.mode = mode

    with pytest.raises(error, match=says):
        say(engine_for(server), tmp_path)

    assert not list(tmp_path.iterdir())


def test_the_pause_is_taken_from_the_server(server: SpeechServer, tmp_path: Path) -> None:
    server.mode = "429"

    with pytest.raises(EngineBusyError) as caught:
        say(engine_for(server), tmp_path)

    assert caught.value.retry_after_s == 7


def test_a_dripping_body_is_abandoned(server: SpeechServer, tmp_path: Path) -> None:
    server.mode = "drip"

    with pytest.raises(EngineUnavailableError, match=r"no answer in 0\.3 s"):
        say(engine_for(server, timeout_s=0.3), tmp_path)


def test_the_key_comes_from_the_environment_and_never_leaks(
    server: SpeechServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATION_KEY", "sk-very-secret")
    server.mode = "400"

    with pytest.raises(BadSpeechError) as caught:
        say(engine_for(server, key_env="STATION_KEY"), tmp_path)

    assert server.keys == ["Bearer sk-very-secret"]
    assert "secret" not in str(caught.value)


def test_openai_itself_requires_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(EngineUnavailableError, match="OPENAI_API_KEY is not set"):
        OpenaiEngine().check()


def test_a_server_that_is_down_is_reported(server: SpeechServer) -> None:
    with pytest.raises(EngineUnavailableError, match="cannot be reached"):
        OpenaiEngine(base_url="http://127.0.0.1:1/v1").check()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "127.0.0.1:8880", "http://me:secret@host/v1"])
def test_an_invalid_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="base_url") as caught:
        OpenaiEngine(base_url=address)

    assert "secret" not in str(caught.value)


def test_an_unusable_proxy_is_reported(
    server: SpeechServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "socks9://127.0.0.1:1")

    with pytest.raises(EngineUnavailableError, match="proxy"):
        say(engine_for(server), tmp_path)
