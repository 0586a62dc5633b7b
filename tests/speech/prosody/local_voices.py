"""Engines of local voices for tests that listen to their prosody."""

from __future__ import annotations

import pytest

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.installing.data_folder import data_folder
from bulletin.speech.engines.hibari_offline_voice import HibariEngine
from bulletin.speech.engines.kokoro import KokoroEngine
from bulletin.speech.phoneme_speech_engine_base import PhonemeEngine


def local_engine(name: str) -> PhonemeEngine:
    """hibari, or Kokoro where it is installed; skips the test where it is not."""
    if name == "hibari":
        return HibariEngine()
    engine = KokoroEngine(folder=data_folder())
    try:
        engine.check()
    except EngineUnavailableError as error:
        pytest.skip(str(error))
    return engine
