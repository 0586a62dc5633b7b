"""Kokoro specifics; the rest is in the contract tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.speech.call_speech_engine import say_sentences
from bulletin.speech.engines.kokoro import KokoroEngine
from bulletin.speech.installing.kokoro_files import MODEL, STYLES, kokoro_folder
from bulletin.speech.voice_factory import build_chain


@pytest.mark.parametrize(
    ("size", "message"), [(100, "has 100 bytes"), (STYLES["bf_emma"].size, "has sha256")]
)
def test_a_damaged_voice_is_named_with_the_remedy(tmp_path: Path, size: int, message: str) -> None:
    (path := kokoro_folder(tmp_path) / STYLES["bf_emma"].name).parent.mkdir(parents=True)
    path.write_bytes(bytes(size))
    engine = KokoroEngine(folder=tmp_path)

    with pytest.raises(EngineUnavailableError, match=f"bf_emma {message}.*bulletin voices install kokoro"):
        engine._style("bf_emma")


@pytest.mark.parametrize(
    ("size", "message"),
    [(None, "is missing"), (1000, r"has 1,000 bytes instead of 92,361,271"), (MODEL.size, "has sha256")],
)
def test_half_a_model_is_named_with_the_remedy(tmp_path: Path, size: int | None, message: str) -> None:
    model = kokoro_folder(tmp_path) / MODEL.name
    model.parent.mkdir(parents=True)
    if size is not None:
        with model.open("wb") as made:
            made.truncate(size)  # a sparse file: no byte is written
    engine = KokoroEngine(folder=tmp_path)

    with pytest.raises(EngineUnavailableError, match=rf"{message}.*bulletin voices install kokoro"):
        engine.synthesize("Good morning.", engine.voices()[0], tmp_path / "said.wav")


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en-GB", "bf_emma"),
        ("es", "ef_dora"),
        ("it-IT", "if_sara"),
        ("pt-BR", "pf_dora"),
        ("fr-FR", "ff_siwis"),
    ],
)
def test_the_language_of_the_station_chooses_the_voice(language: str, voice: str, tmp_path: Path) -> None:
    [reader] = build_chain(["kokoro"], engines={}, speed=1.0, language=language, folder=tmp_path)

    assert reader.voice.name == voice
    assert reader.voice.language[:2] == language[:2]


def test_a_voice_of_another_language_never_reads(tmp_path: Path) -> None:
    [reader] = build_chain(["kokoro:ff_siwis"], engines={}, speed=1.0, language="en-GB", folder=tmp_path)

    with pytest.raises(
        EngineUnavailableError, match=r"ff_siwis speaks fr-FR, not en-GB; kokoro has bf_emma, "
    ):
        reader.engine.check()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El puente sobre el río se cierra el lunes durante seis semanas."),
        ("it", "Il ponte sul fiume chiude lunedì per sei settimane."),
        ("pt", "A ponte sobre o rio fecha na segunda-feira por seis semanas."),
        ("fr", "Le pont sur la rivière ferme lundi pour six semaines."),
    ],
)
def test_every_language_is_spoken_in_its_usual_time(language: str, text: str) -> None:
    engine = KokoroEngine(language=language, folder=data_folder())
    try:
        engine.check()
    except EngineUnavailableError as error:
        pytest.skip(str(error))

    for voice in engine.voices():
        [(_, samples, _)] = say_sentences([text], engine=engine, voice=voice)  # its length is checked
        assert samples.size
