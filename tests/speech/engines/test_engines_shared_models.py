"""Models of local voices: loaded once a process for all engines of a service."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.read_sound_file import read_sound
from bulletin.speech.engines import hibari_offline_voice, kokoro


@pytest.mark.slow
def test_hibari_is_loaded_once_for_many_engines(tmp_path: Path) -> None:
    lengths = []
    for number in range(3):
        engine = hibari_offline_voice.HibariEngine(speed=1.0 + number / 10)
        path = tmp_path / f"{number}.wav"
        engine.synthesize("Good morning.", engine.voices()[0], path)
        lengths.append(len(read_sound(path)[0]))

    assert hibari_offline_voice._load_model.cache_info().misses == 1
    assert lengths == sorted(lengths, reverse=True), "each keeps its own speed"


@pytest.mark.slow
def test_kokoro_is_loaded_once(tmp_path: Path) -> None:
    kokoro._load_model.cache_clear()
    for number in range(3):
        engine = kokoro.KokoroEngine(folder=data_folder())
        try:
            engine.check()
        except EngineUnavailableError as error:
            pytest.skip(str(error))
        engine.synthesize("Good morning.", engine.voices()[number], tmp_path / f"{number}.wav")

    assert kokoro._load_model.cache_info().misses == 1
