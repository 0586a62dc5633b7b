"""ElevenLabs against a stand-in on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletin.errors import BadSpeechError, ConfigError, EngineBusyError, EngineUnavailableError, SpeechError
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.cache.speech_cache import SpeechCache
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engine_interface import VoiceReader
from bulletin.speech.engines.elevenlabs import ElevenlabsEngine
from bulletin.speech.engines.tone_for_tests import ToneEngine
from bulletin.speech.speak_script import speak_script
from tests.speech.engines.elevenlabs_server import GEORGE, JO, KEY, ElevenlabsStandIn
from tests.speech.engines.google import speech_samples
from tests.speech.test_speak_script import make_script, passage

SENTENCE = "The bridge over the River Wex closes on Monday."

Make = Callable[..., ElevenlabsEngine]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ElevenlabsStandIn]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ELEVENLABS_API_KEY", KEY)
    with ElevenlabsStandIn() as running:
        yield running


@pytest.fixture
def make(tmp_path: Path, server: ElevenlabsStandIn) -> Make:
    return lambda **options: ElevenlabsEngine(
        **({"base_url": server.root, "folder": tmp_path / "data"} | options)
    )


def say(engine: ElevenlabsEngine, folder: Path) -> Path:
    path = folder / "said.wav"
    engine.synthesize(SENTENCE, engine.voices()[0], path)
    return path


@pytest.mark.parametrize("sound_format", ["pcm_24000", "mp3_44100_128", "wav_24000"])
def test_a_sentence_is_synthesized(make: Make, tmp_path: Path, sound_format: str) -> None:
    engine = make(format=sound_format)
    engine.check()

    samples, rate_hz = read_sound(say(engine, tmp_path))

    # LAME adds up to 0.1 s of padding around an MP3.
    assert len(samples) / rate_hz == pytest.approx(len(speech_samples(SENTENCE)) / 24_000, abs=0.12)


def test_the_request_names_voice_model_and_settings(
    server: ElevenlabsStandIn, make: Make, tmp_path: Path
) -> None:
    say(make(), tmp_path)
    say(make(voices=(f"jo={JO}",), model="eleven_flash_v2_5", stability=0.4, speed=1.3), tmp_path)

    assert [path for path in server.paths if "speech" in path] == [
        f"/v1/text-to-speech/{GEORGE}",
        f"/v1/text-to-speech/{JO}",
    ]
    assert server.asked == [
        {"text": SENTENCE, "model_id": "eleven_multilingual_v2", "seed": 1},
        {
            "text": SENTENCE,
            "model_id": "eleven_flash_v2_5",
            "seed": 1,
            "voice_settings": {"stability": 0.4, "speed": 1.2},
            "language_code": "en",
        },
    ]


@pytest.mark.parametrize(
    ("mode", "sound_format", "error", "says"),
    [
        ("401", "pcm_24000", EngineUnavailableError, "key refused .*set another in ELEVENLABS_API_KEY"),
        ("quota", "pcm_24000", EngineUnavailableError, "plan or its characters .*quota exceeded"),
        ("402", "pcm_24000", EngineUnavailableError, "raise the plan"),
        ("422", "pcm_24000", BadSpeechError, "refuses this .HTTP 422."),
        ("429", "pcm_24000", EngineBusyError, "too many requests"),
        ("500", "pcm_24000", EngineUnavailableError, "HTTP 500"),
        ("empty", "pcm_24000", BadSpeechError, "sent no sound"),
        ("html", "pcm_24000", BadSpeechError, "no sound but text/html"),
        ("cut", "pcm_24000", EngineUnavailableError, "no full answer"),
        ("torn", "pcm_24000", BadSpeechError, "cut off"),
        ("torn", "mp3_44100_128", BadSpeechError, "cut off"),
        ("half", "mp3_44100_128", BadSpeechError, "words may be missing"),
        pytest.param(
            *("hang", "pcm_24000", EngineUnavailableError, r"no answer in 0\.2 s"), marks=pytest.mark.slow
        ),
    ],
)
def test_each_failure_raises_its_error(
    server: ElevenlabsStandIn,
    make: Make,
    caplog: pytest.LogCaptureFixture,
    mode: str,
    sound_format: str,
    error: type[SpeechError],
    says: str,
) -> None:
    server.mode = mode
    engine = make(format=sound_format, timeout_s=0.2 if mode == "hang" else 10.0)

    with pytest.raises(error, match=says) as caught:
        list(say_sentences([SENTENCE], engine=engine, voice=engine.voices()[0]))

    assert KEY not in str(caught.value) + caplog.text + repr(engine)


def test_a_busy_server_is_asked_again_if_it_names_a_short_wait(
    server: ElevenlabsStandIn, make: Make, tmp_path: Path
) -> None:
    server.mode, server.retry_after = "429 once", "0"

    say(make(), tmp_path)

    assert len(server.asked) == 2


def test_a_busy_server_is_left_alone_for_the_time_it_names(
    server: ElevenlabsStandIn, make: Make, tmp_path: Path
) -> None:
    server.mode, server.retry_after = "429", "900"

    with pytest.raises(EngineBusyError, match="too many requests"):
        say(make(), tmp_path)
    with pytest.raises(EngineBusyError, match="paused until"):
        make().check()

    assert len(server.asked) == 1


def test_the_budget_is_kept_across_runs(server: ElevenlabsStandIn, make: Make, tmp_path: Path) -> None:
    budget = 2 * len(SENTENCE) + 10
    for _ in range(2):
        say(make(budget_per_day=budget), tmp_path)

    with pytest.raises(EngineBusyError, match=r"budget of 104 characters is used up until 00:00 UTC"):
        say(make(budget_per_day=budget), tmp_path)
    with pytest.raises(EngineBusyError, match="budget_per_day"):
        make(budget_per_day=budget).check()

    assert len(server.asked) == 2
    say(make(budget_per_day=10 * budget), tmp_path)  # raised by the station


@pytest.mark.parametrize(
    ("mode", "charged"), [("ok", 47), ("cheap", 23), ("401", 0), ("429", 0), ("empty", 47), ("cut", 47)]
)
def test_only_what_may_have_been_charged_is_counted(
    server: ElevenlabsStandIn, make: Make, tmp_path: Path, mode: str, charged: int
) -> None:
    server.mode = mode
    engine = make(price_per_1000=0.3)
    if mode in ("ok", "cheap"):
        say(engine, tmp_path)
    else:
        with pytest.raises(SpeechError):
            say(engine, tmp_path)
    receipt = f"{charged} characters charged, about 0.01 USD; {20_000 - charged:,} of today's 20,000 left"

    assert engine.receipt() == (receipt if charged else "")
    assert engine.receipt() == ""
    server.mode = "ok"
    assert f"charged today {charged} of 20,000 characters" in make().notes()[0]


def test_the_notes_tell_cost_and_account(make: Make) -> None:
    assert make(price_per_1000=0.3).notes() == (
        "charged today 0 of 20,000 characters (budget_per_day), about 0.30 USD for 1,000",
        "the account has used 1,200 of 30,000 characters; new ones on 1 December",
    )


def test_a_key_that_may_only_speak_suffices(server: ElevenlabsStandIn, make: Make, tmp_path: Path) -> None:
    server.may_read_account = False
    engine = make()
    engine.check()
    say(engine, tmp_path)

    assert len(engine.notes()) == 1


def test_an_account_that_is_used_up_is_not_begun(server: ElevenlabsStandIn, make: Make) -> None:
    server.used = 30_000

    with pytest.raises(EngineUnavailableError, match=r"all its 30,000 characters; .* on 1 December"):
        make().check()


def test_a_key_may_end_with_a_line_and_one_that_is_none_is_not_quoted(
    server: ElevenlabsStandIn, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ELEVENLABS_API_KEY", f" {KEY}\n")
    make().check()

    for wrong in (f"{KEY}\nmore", f"“{KEY}”"):
        monkeypatch.setenv("ELEVENLABS_API_KEY", wrong)
        with pytest.raises(EngineUnavailableError, match="ELEVENLABS_API_KEY is no key") as caught:
            make().check()
        assert KEY not in str(caught.value)


def test_nothing_is_sent_without_a_key_or_a_count(
    server: ElevenlabsStandIn, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineUnavailableError, match=r"cannot be kept.*BULLETIN_DATA"):
        say(make(folder=tmp_path / "file"), tmp_path)
    monkeypatch.delenv("ELEVENLABS_API_KEY")
    with pytest.raises(EngineUnavailableError, match="ELEVENLABS_API_KEY is not set"):
        make().check()

    assert server.asked == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"base_url": "http://me:secret@host/"}, "base_url"),
        ({"format": "ulaw_8000"}, "pcm_24000"),
        ({"budget_per_day": 0}, "at least 1"),
        ({"voices": ("../../user",)}, "is no voice"),
    ],
)
def test_a_wrong_option_is_refused(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        ElevenlabsEngine(**options)

    assert "secret" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["401", "quota", "empty", "budget"])
def test_the_next_voice_reads_the_whole_bulletin(
    server: ElevenlabsStandIn, make: Make, tmp_path: Path, mode: str
) -> None:
    server.mode = mode
    if mode == "budget":
        server.mode = "ok"
    engine, tone = make(budget_per_day=60, at_once=1), ToneEngine()
    readers = [VoiceReader(engine=each, voice=each.voices()[0]) for each in (engine, tone)]
    script = make_script(passage("Good morning."), passage(SENTENCE))

    spoken = speak_script(
        script, chain=readers, cache=SpeechCache(tmp_path / "cache"), folder=tmp_path / "clips"
    )

    assert spoken.voice.engine == "tone"
    assert len(spoken.clips) == 4
    assert server.characters <= 60
    assert spoken.attempts[0].cost.endswith("of today's 60 left" if mode in ("empty", "budget") else "")
