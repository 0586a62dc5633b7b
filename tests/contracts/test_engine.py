"""Contract tests that every speech engine passes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bulletin.errors import EngineUnavailableError, SpeechError
from bulletin.model import Voice
from bulletin.runtime.find_plugins import find_part
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.read_sound_file import read_sound, to_mono
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engine_interface import ENGINES, Engine
from bulletin.speech.measure_reading_pace import plausible_seconds
from bulletin.speech.trim_and_level_speech import LEVEL_LUFS, loudness_lufs
from tests.speech.engines.elevenlabs_server import KEY, ElevenlabsStandIn
from tests.speech.engines.google import Google
from tests.speech.engines.openai_server import SpeechServer
from tests.speech.engines.wyoming_server import WyomingStandIn

SENTENCE = "The bridge over the River Wex closes on Monday for six weeks."
SHORT = "Good morning."
LONG = (
    "The county council said that drivers should use the other road while the work goes on, that "
    "buses would run every ten minutes from the station, which stays open, and that people who live "
    "near the river, where the water rose quickly on Sunday night, could ask for help at the town hall."
)

_WHERE = {"kokoro": pytest.mark.slow, "pico": pytest.mark.slow, "elevenlabs": pytest.mark.slow}


@pytest.fixture(params=[pytest.param(name, marks=_WHERE.get(name, ())) for name in ENGINES])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each built-in engine; network engines with a server on loopback."""
    make = find_part("engines", request.param, ENGINES)
    if request.param == "gtts":
        yield from _with_google(make, request)
        return
    if request.param == "openai":
        with SpeechServer() as server:
            yield make(base_url=server.base_url)
        return
    if request.param == "elevenlabs":
        request.getfixturevalue("monkeypatch").setenv("ELEVENLABS_API_KEY", KEY)
        with ElevenlabsStandIn() as stand_in:
            yield make(base_url=stand_in.root, folder=request.getfixturevalue("tmp_path") / "data")
        return
    if request.param == "wyoming":
        with WyomingStandIn() as server:
            yield make(uri=server.uri)
        return
    built = _local(request.param)
    try:
        built.check()
    except EngineUnavailableError as error:
        assert request.param not in ("tone", "hibari")
        pytest.skip(str(error))
    yield built


@cache
def _local(name: str) -> Engine:
    """Local engine, made once since a model takes a while to load."""
    engine: Engine = find_part("engines", name, ENGINES)(folder=data_folder())
    return engine


def _with_google(make: type, request: pytest.FixtureRequest) -> Iterator[Engine]:
    folder = request.getfixturevalue("tmp_path") / "data"
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    with Google() as server:
        patch.setenv("https_proxy", server.proxy)
        yield make(folder=folder, gap_s=0.0, ca_file=server.write_ca(folder.parent))


@pytest.fixture
def voice(engine: Engine) -> Voice:
    return engine.voices()[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "output"
    path.mkdir()
    return path


def test_an_engine_that_passes_its_check_works(engine: Engine) -> None:
    engine.check()


def test_an_engine_has_a_name_and_voices(engine: Engine) -> None:
    voices = engine.voices()

    assert ENGINES[engine.name]
    assert engine.suffix in (".wav", ".mp3", ".flac", ".ogg")
    assert engine.at_once >= 1
    assert engine.fingerprint
    assert voices
    assert len({voice.name for voice in voices}) == len(voices)
    for voice in voices:
        assert voice.engine == engine.name
        assert voice.attribution
        assert voice.attribution.licence
        assert 1.5 < voice.pace_wps < 4.5


def test_an_engine_writes_one_audio_file(engine: Engine, voice: Voice, folder: Path) -> None:
    path = folder / f"said{engine.suffix}"

    engine.synthesize(SENTENCE, voice, path)

    assert list(folder.iterdir()) == [path]
    samples, rate_hz = read_sound(path)
    assert rate_hz >= 16_000
    assert np.abs(samples).max() > 0.01


@pytest.mark.parametrize(
    "text", [SHORT, SENTENCE, LONG, "— and finally: it\u2019s \u201cover\u201d, she said…"]
)
def test_the_speech_passes_the_speech_check(engine: Engine, voice: Voice, text: str) -> None:
    [(spoken_text, samples, rate_hz)] = say_sentences([text], engine=engine, voice=voice)

    assert spoken_text == text
    assert loudness_lufs(samples, rate_hz=rate_hz) == pytest.approx(LEVEL_LUFS, abs=0.5)
    least_s, most_s = plausible_seconds(text, pace_wps=voice.pace_wps)
    assert least_s < samples.size / rate_hz < most_s


def test_the_same_text_gives_the_same_audio(engine: Engine, voice: Voice, folder: Path) -> None:
    paths = [folder / f"{number}{engine.suffix}" for number in (1, 2)]
    for path in paths:
        engine.synthesize(SHORT, voice, path)

    first, second = (to_mono(read_sound(path)[0]) for path in paths)

    assert np.array_equal(first, second)


def test_a_higher_speed_takes_less_time(engine: Engine, folder: Path) -> None:
    if engine.name in ("gtts", "openai", "elevenlabs", "wyoming"):
        pytest.skip("the server decides")
    make = find_part("engines", engine.name, ENGINES)
    lengths = []
    for speed in (0.8, 1.25):
        path = folder / f"{speed}{engine.suffix}"
        quick: Engine = make(speed=speed)
        quick.synthesize(SENTENCE, quick.voices()[0], path)
        lengths.append(len(read_sound(path)[0]))

    # An engine's speed is not linear, so it is measured.
    assert lengths[1] < 0.8 * lengths[0]


@pytest.mark.parametrize("text", ["…", "🙂", " — ", ""])
def test_an_empty_text_is_an_error_without_a_file(
    engine: Engine, voice: Voice, folder: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    with pytest.raises(SpeechError):
        list(say_sentences([text], engine=engine, voice=voice))

    assert list(folder.iterdir()) == []


def test_parallel_sentences_equal_sequential_ones(engine: Engine, voice: Voice) -> None:
    texts = [SHORT, SENTENCE, "Police are asking drivers to avoid the main road.", "And the weather."]
    together = {text: samples for text, samples, _ in say_sentences(texts, engine=engine, voice=voice)}

    for text in texts:
        [(_, alone, _)] = say_sentences([text], engine=engine, voice=voice)

        assert np.array_equal(alone, together[text])


def test_a_text_is_never_an_option_or_a_command(engine: Engine, voice: Voice, folder: Path) -> None:
    text = "-w /dev/null; touch said.txt & echo <break/> $(id)"

    engine.synthesize(text, voice, folder / f"said{engine.suffix}")

    assert not Path("said.txt").exists()


def test_espeak_is_found_through_the_path(tmp_path: Path) -> None:
    program = shutil.which("espeak-ng")
    make = find_part("engines", "espeak", ENGINES)
    with pytest.raises(EngineUnavailableError, match="apt install espeak-ng"):
        make(program=str(tmp_path / "espeak-ng")).check()
    if program and os.access(program, os.X_OK):
        make(program=program).check()
