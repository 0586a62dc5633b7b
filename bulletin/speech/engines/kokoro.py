"""Kokoro-82M with British voices: the best local sound, 90 times slower than hibari."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import numpy as np

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.suggest_install_command import command_for_package
from bulletin.speech.installing.kokoro_files import MODEL, STYLES, kokoro_folder
from bulletin.speech.installing.voice_files import fault_of, size_fault_of
from bulletin.speech.lexicon_phonemes import fingerprint_of
from bulletin.speech.phoneme_speech_engine_base import PhonemeEngine, forbid_telemetry
from bulletin.speech.split_text_at_engine_limit import split_text

_TOKENS_AT_MOST = 400
"""The model takes 510; near that limit its pace suffers."""
_STYLE_WIDTH = 256
_INSTALL = "bulletin voices install kokoro"
_HEXGRAD = Attribution(
    name="Kokoro-82M by hexgrad", licence="Apache-2.0", url="https://huggingface.co/hexgrad/Kokoro-82M"
)
_WHO = {
    "bf_emma": ("woman, British", 3.1),
    "bm_george": ("man, British", 2.6),
    "bm_daniel": ("man, British", 3.0),
}
"""Name -> description, words a second."""


class KokoroEngine(PhonemeEngine):
    """Uses hibari's British dictionary: with that of espeak, listeners misheard twice as many words."""

    name = "kokoro"
    at_once = min(4, os.cpu_count() or 1)
    """A second thread of onnxruntime gains nothing; a second sentence doubles the throughput."""

    @property
    def fingerprint(self) -> str:
        return f"{MODEL.sha256[:12]} speed={self._speed:.4f}{fingerprint_of(self._phonemes)}"

    def check(self) -> None:
        if not find_spec("onnxruntime"):
            raise EngineUnavailableError(
                f"kokoro: onnxruntime is not installed; {command_for_package('onnxruntime')}"
            )
        folder = kokoro_folder(self._folder)
        if fault := size_fault_of(folder, MODEL):
            raise EngineUnavailableError(f"kokoro: {folder / MODEL.name} {fault}; run `{_INSTALL}`")
        super().check()

    def voices(self) -> tuple[Voice, ...]:
        folder = kokoro_folder(self._folder)
        absent = bool(size_fault_of(folder, MODEL))
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language="en-GB",
                description=description,
                attribution=_HEXGRAD,
                pace_wps=pace_wps * self._speed,
                install=_INSTALL if absent or size_fault_of(folder, STYLES[name]) else "",
            )
            for name, (description, pace_wps) in _WHO.items()
        )

    def _say(self, text: str, voice: Voice) -> list[Samples]:
        with _loading:
            self.check()
            path = kokoro_folder(self._folder) / MODEL.name
            model = _load_model(path, path.stat().st_mtime_ns)
            style = self._style(voice.name)
        pieces = split_text(model.pronounce(text) or "", most=_TOKENS_AT_MOST)
        return [model.infer(phonemes, style, speed=self._speed) for phonemes in pieces]

    def _style(self, name: str) -> Samples:
        folder = kokoro_folder(self._folder)
        if fault := fault_of(folder, STYLES[name]):
            raise EngineUnavailableError(f"kokoro: voice {name} {fault}; run `{_INSTALL}`")
        try:
            return np.fromfile(folder / STYLES[name].name, dtype="<f4").reshape(-1, _STYLE_WIDTH)
        except OSError as error:
            raise EngineUnavailableError(
                f"kokoro: voice {name} cannot be read ({error}); run `{_INSTALL}`"
            ) from error


class _Model:
    """Network and dictionary, shared by all engines of a process: a service builds an engine for every bulletin."""

    def __init__(self, path: Path) -> None:
        forbid_telemetry()
        import onnxruntime
        from hibari.g2p import G2P
        from hibari.tts import ASSETS

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.pronounce: Callable[[str], str | None] = G2P(british=True)
        self.pronounce("Wexcombe.")  # loads the network for unknown words here, under the lock
        # Kokoro and hibari share one alphabet.
        self._alphabet: dict[str, int] = json.loads(Path(ASSETS, "vocab.json").read_text(encoding="utf-8"))

    def infer(self, phonemes: str, style: Samples, *, speed: float) -> Samples:
        """Samples of a piece of phonemes; empty when the alphabet has none of them."""
        ids = [self._alphabet[sign] for sign in phonemes if sign in self._alphabet]
        if not ids:
            return np.zeros(0, dtype=np.float32)
        feed = {
            "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
            "style": style[min(len(ids), len(style)) - 1][None],
            "speed": np.array([speed], dtype=np.float32),
        }
        try:
            return np.asarray(self._session.run(None, feed)[0], dtype=np.float32).ravel()
        except Exception as error:
            raise BadSpeechError(f"kokoro: the model failed ({error})") from error


_loading = Lock()


@lru_cache(maxsize=1)
def _load_model(path: Path, changed_ns: int) -> _Model:
    """
    The model, loaded once per process and file; call it under the lock.

    `bulletin voices install` may replace the file while a service runs.
    """
    if fault := fault_of(path.parent, MODEL):
        raise EngineUnavailableError(f"kokoro: {path} {fault}; run `{_INSTALL}`")
    try:
        return _Model(path)
    except Exception as error:
        raise EngineUnavailableError(
            f"kokoro: the model cannot be loaded ({error}); run `{_INSTALL}`"
        ) from error
