"""hibari-tts: the embedded voice; part of the installation, needs no network."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import Any

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.installation import command_for_package, command_to_repair
from bulletin.runtime.sound_file import Samples
from bulletin.speech.clean_speech import trim_silence
from bulletin.speech.lexicon_phonemes import fingerprint_of, link_phonemes
from bulletin.speech.sentence_file import write_sentence
from bulletin.speech.servers.onnx_setup import forbid_telemetry

_RATE_HZ = 24_000
_PACKAGE = "hibari-tts"
_HEART = Attribution(
    name="hibari-tts, after Kokoro-82M's voice af_heart",
    licence="Apache-2.0",
    url="https://github.com/MMWilliams/hibari",
)


class HibariEngine:
    """109 times real time on one core; "heart" is the only voice in the package."""

    name = "hibari"
    suffix = ".wav"
    is_local = True

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        phonemes: Mapping[str, str] | None = None,
        seed: int = 0,
    ) -> None:
        # The documented range of the model.
        self._speed = min(2.0, max(0.5, speed))
        self._language = language
        self._phonemes = dict(phonemes or {})
        self._seed = seed

    @property
    def at_once(self) -> int:
        """One onnxruntime thread per sentence: it releases the GIL, and a second thread gains nothing."""
        return min(8, os.cpu_count() or 1)

    @cached_property
    def fingerprint(self) -> str:
        return f"{_PACKAGE} {_version()} speed={self._speed:.4f} seed={self._seed}{fingerprint_of(self._phonemes)}"

    def check(self) -> None:
        if not _version():
            raise EngineUnavailableError(f"hibari: not installed; {command_for_package(_PACKAGE)}")
        if not self._language.startswith("en"):
            raise EngineUnavailableError(
                f"hibari: speaks English, not {self._language}; put another engine into the chain"
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

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        with _loading:
            model = _load_model()
        # A fixed seed makes the samples, and so all later files, repeatable.
        parts = [trim_silence(part, rate_hz=_RATE_HZ) for part in self._say(model, text)]
        write_sentence(parts, path, rate_hz=_RATE_HZ, engine=self.name, text=text)

    def _say(self, model: Any, text: str) -> list[Samples]:
        try:
            return list(model.stream(link_phonemes(text, self._phonemes), speed=self._speed, seed=self._seed))
        except Exception as error:
            raise BadSpeechError(f'hibari: failed at "{text[:60]}" ({error!r})') from error


_loading = Lock()


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

        model = Hibari(voice="heart", threads=1)
        model.g2p("Warm.")  # loads the lexicons here, under the lock, not in every thread
    except Exception as error:  # errors of onnxruntime have no common base class
        remedy = command_to_repair(_PACKAGE, "onnxruntime")
        raise EngineUnavailableError(f"hibari: cannot be loaded ({error}); {remedy}") from error
    return model


def _version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return ""
