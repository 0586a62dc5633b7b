"""Kokoro-82M with British voices: the best local sound, 90 times the work of hibari."""

from __future__ import annotations

import atexit
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.pcm import Samples, write_wav
from bulletin.speech.clean import join_parts, trim_silence
from bulletin.speech.kokoro_files import MODEL, STYLES, kokoro_folder, missing_files
from bulletin.speech.phonemes import fingerprint_of, link_phonemes

_RATE_HZ = 24_000
_TOKENS_AT_MOST = 400
"""The model takes 510; its pace suffers near the end of what it can take."""
_STYLE_WIDTH = 256
_HEXGRAD = Attribution(
    name="Kokoro-82M by hexgrad", licence="Apache-2.0", url="https://huggingface.co/hexgrad/Kokoro-82M"
)
_WHO = {
    "bf_emma": ("woman, British", 3.1),
    "bm_george": ("man, British", 2.6),
    "bm_daniel": ("man, British", 3.0),
}
"""Name -> description, words a second."""


class KokoroEngine:
    """Pronounces with hibari's British dictionary: with espeak's, listeners misheard twice as many words."""

    name = "kokoro"
    suffix = ".wav"
    is_local = True

    def __init__(
        self,
        *,
        speed: float = 1.0,
        language: str = "en-GB",
        folder: Path | None = None,
        phonemes: Mapping[str, str] | None = None,
    ) -> None:
        self._speed = min(2.0, max(0.5, speed))
        self._language = language
        self._phonemes = dict(phonemes or {})
        self._folder = kokoro_folder(folder)
        self._loading = Lock()
        self._runs: set[Any] = set()
        self._new_run: Callable[[], Any]

    @property
    def at_once(self) -> int:
        """onnxruntime's second thread gains nothing, a second sentence doubles the throughput."""
        return min(4, os.cpu_count() or 1)

    @property
    def fingerprint(self) -> str:
        return f"{MODEL.sha256[:12]} speed={self._speed:.4f}{fingerprint_of(self._phonemes)}"

    def check(self) -> None:
        packages = {"onnxruntime": "onnxruntime", "hibari": "hibari-tts"}
        lacking = [package for module, package in packages.items() if not find_spec(module)]
        if lacking:
            raise EngineUnavailableError(
                f"kokoro: {' and '.join(lacking)} not installed; pip install {' '.join(lacking)}"
            )
        absent = missing_files(self._folder)
        if absent:
            raise EngineUnavailableError(
                f"kokoro: {', '.join(absent)} not in {self._folder}; bulletin voices install kokoro"
            )
        if not self._language.startswith("en"):
            raise EngineUnavailableError(
                f"kokoro: speaks English, not {self._language}; put another engine into the chain"
            )

    def voices(self) -> tuple[Voice, ...]:
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language="en-GB",
                description=description,
                attribution=_HEXGRAD,
                pace_wps=pace_wps * self._speed,
            )
            for name, (description, pace_wps) in _WHO.items()
        )

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        with self._loading:
            session, pronounce, style = self._session, self._pronounce, self._style(voice.name)
        parts = []
        for phonemes in _clauses(pronounce(link_phonemes(text, self._phonemes)) or ""):
            samples = self._infer(session, phonemes, style)
            parts.append(trim_silence(samples, rate_hz=_RATE_HZ))
        parts = [part for part in parts if part.size]
        if not parts:
            raise BadSpeechError(f'kokoro: finds nothing to say in "{text[:60]}"')
        part_path = path.with_name(f"part-{path.name}")
        write_wav(part_path, join_parts(parts, rate_hz=_RATE_HZ), rate_hz=_RATE_HZ)
        part_path.replace(path)

    def _infer(self, session: Any, phonemes: str, style: Samples) -> Samples:
        ids = [self._alphabet[sign] for sign in phonemes if sign in self._alphabet]
        if not ids:
            return np.zeros(0, dtype=np.float32)
        feed = {
            "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
            "style": style[min(len(ids), len(style)) - 1][None],
            "speed": np.array([self._speed], dtype=np.float32),
        }
        run = self._new_run()
        self._runs.add(run)
        try:
            return np.asarray(session.run(None, feed, run)[0], dtype=np.float32).ravel()
        except Exception as error:
            raise BadSpeechError(f"kokoro: the model failed ({error})") from error
        finally:
            self._runs.discard(run)

    def _break_off(self) -> None:
        """At the program's end nobody waits for a long sentence."""
        for run in tuple(self._runs):
            run.terminate = True

    @cached_property
    def _session(self) -> Any:
        self.check()
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(
                str(self._folder / MODEL.name), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise EngineUnavailableError(
                f"kokoro: the model cannot be loaded ({error}); bulletin voices install kokoro"
            ) from error
        self._new_run = onnxruntime.RunOptions
        atexit.register(self._break_off)
        return session

    @cached_property
    def _pronounce(self) -> Any:
        from hibari.g2p import G2P

        pronounce = G2P(british=True)
        pronounce("Wexcombe.")  # loads the network for unknown words here, under the lock
        return pronounce

    @cached_property
    def _alphabet(self) -> dict[str, int]:
        """Kokoro's signs are the ones that hibari was taught with."""
        from hibari.tts import ASSETS

        found: dict[str, int] = json.loads(Path(ASSETS, "vocab.json").read_text(encoding="utf-8"))
        return found

    def _style(self, name: str) -> Samples:
        try:
            return np.fromfile(self._folder / STYLES[name].name, dtype="<f4").reshape(-1, _STYLE_WIDTH)
        except (OSError, ValueError) as error:
            raise EngineUnavailableError(
                f"kokoro: voice {name} cannot be read ({error}); bulletin voices install kokoro"
            ) from error


def _clauses(phonemes: str) -> Iterator[str]:
    """Pieces that the model takes at once, cut after a comma where that is possible, else between words."""
    rest = phonemes.strip()
    while len(rest) > _TOKENS_AT_MOST:
        head = rest[:_TOKENS_AT_MOST]
        commas = [match.end() for match in re.finditer(r"[,;:—.!?](?= )", head)]
        cut = commas[-1] if commas and commas[-1] > _TOKENS_AT_MOST // 4 else head.rfind(" ")
        cut = cut if cut > 0 else _TOKENS_AT_MOST
        yield rest[:cut].strip()
        rest = rest[cut:].strip()
    if rest:
        yield rest
