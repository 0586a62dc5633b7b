"""hibari-tts: the embedded voice; part of the installation, needs no network."""

from __future__ import annotations

import os
from functools import cache, cached_property
from importlib.metadata import version
from threading import Lock
from typing import Any

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.suggest_install_command import command_to_repair
from bulletin.speech.lexicon_phonemes import fingerprint_of
from bulletin.speech.phoneme_speech_engine_base import PhonemeEngine, forbid_telemetry

_PACKAGE = "hibari-tts"
_HEART = Attribution(
    name="hibari-tts, after Kokoro-82M's voice af_heart",
    licence="Apache-2.0",
    url="https://github.com/MMWilliams/hibari",
)


class HibariEngine(PhonemeEngine):
    """109 times real time on one core; "heart" is the only voice in the package."""

    name = "hibari"
    at_once = min(8, os.cpu_count() or 1)
    """One onnxruntime thread per sentence: it releases the GIL, and a second thread gains nothing."""

    @cached_property
    def fingerprint(self) -> str:
        return (
            f"{_PACKAGE} {version(_PACKAGE)} speed={self._speed:.4f} seed=0{fingerprint_of(self._phonemes)}"
        )

    def voices(self) -> tuple[Voice, ...]:
        return (
            Voice(
                name="heart",
                engine=self.name,
                language="en-US",
                description="woman, American",
                attribution=_HEART,
                pace_wps=3.0 * self._speed,
            ),
        )

    def _say(self, text: str, voice: Voice) -> list[Samples]:
        with _loading:
            model = _load_model()
        try:
            # A fixed seed makes the samples, and so all later files, repeatable.
            return list(model.stream(text, speed=self._speed, seed=0))
        except Exception as error:
            raise BadSpeechError(f'hibari: failed at "{text[:60]}" ({error!r})') from error


def read_name(name: str) -> tuple[str, bool]:
    """
    Phonemes of a name as the voice reads it, in misaki's alphabet, and whether its dictionary has the name.

    The first call in a process takes two thirds of a second. Raises EngineUnavailableError.
    """
    with _loading:
        reader = _load_reader()
        return str(reader(name)), bool(reader.lexicon.is_known(name, "NNP"))


_loading = Lock()


@cache
def _load_reader() -> Any:
    """The voice's dictionaries and rules, without the voice; call it under the lock."""
    forbid_telemetry()
    try:
        from hibari.g2p import G2P

        reader = G2P()
        reader("Warm.")  # loads the lexicons here, under the lock, not in every thread
    except Exception as error:  # errors of onnxruntime have no common base class
        raise _unavailable(error) from error
    return reader


@cache
def _load_model() -> Any:
    """
    The model, loaded once per process; call it under the lock.

    A service opens its stations anew for every bulletin: to load a model each time would take as long as to
    speak, and would leak memory.
    """
    forbid_telemetry()
    try:
        from hibari import Hibari

        model = Hibari(voice="heart", threads=1, g2p=_load_reader())
    except Exception as error:  # errors of onnxruntime have no common base class
        raise _unavailable(error) from error
    return model


def _unavailable(error: Exception) -> EngineUnavailableError:
    if isinstance(error, EngineUnavailableError):
        return error
    remedy = command_to_repair(_PACKAGE, "onnxruntime")
    return EngineUnavailableError(f"hibari: cannot be loaded ({error}); {remedy}")
