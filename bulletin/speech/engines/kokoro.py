"""Kokoro-82M: British, Spanish, Italian, Brazilian and French voices; 90 times slower than hibari."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import numpy as np

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.installing.verified_files import fault_of, size_fault_of
from bulletin.runtime.processors import usable_processors
from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.suggest_install_command import command_for_package
from bulletin.speech.installing.kokoro_files import MODEL, STYLES, kokoro_folder
from bulletin.speech.lexicon_phonemes import fingerprint_of
from bulletin.speech.phoneme_speech_engine_base import (
    PROSODY,
    RATE_HZ,
    PhonemeEngine,
    SpokenPiece,
    forbid_telemetry,
)
from bulletin.speech.phonemes.phonemize_sentence import LANGUAGES, phonemize_sentence
from bulletin.speech.phonemes.sound_out_word import version_of_rules
from bulletin.speech.prosody.open_model_tensor import open_tensor
from bulletin.speech.prosody.pauses_at_commas import quieten_commas
from bulletin.speech.prosody.question_rise import rise_factors, rises_at_end, signs_to_last_sonorant
from bulletin.speech.split_text_at_engine_limit import split_text

_TOKENS_AT_MOST = 400
"""The model takes 510; near that limit its pace suffers."""
_STYLE_WIDTH = 256
_PITCH_CURVE = "/encoder/Squeeze_output_0"
"""Tensor of the model: Hz in each of 80 frames a second, a few Hz where there is no voice."""
_PITCHES_PER_S = 80
_LENGTHS = "/encoder/Round_output_0"
"""Tensor of the model: frames of each sign, 40 a second."""
_LENGTHS_PER_S = 40
_COMMA_FRAMES = 6.0
"""150 ms, and the space behind it 50: the model's own commas have 25 to 100 ms, which no listener takes for a pause."""
_QUESTION_TOP, _QUESTION_BEND = 7.0, 1.3
"""Semitones from the middle pitch to the end of a question; it rises late."""
_INSTALL = "bulletin voices install kokoro"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    """A voice; its paces are medians of news."""

    name: str
    language: str
    description: str
    pace_wps: float
    sounds_per_s: float
    """Vowels and consonants a second, without pauses; 0 where it was not measured."""


_HEXGRAD = Attribution(
    name="Kokoro-82M by hexgrad", licence="Apache-2.0", url="https://huggingface.co/hexgrad/Kokoro-82M"
)
_WHO = (
    _Who(name="bf_emma", language="en-GB", description="woman, British", pace_wps=3.1, sounds_per_s=13.8),
    _Who(name="bf_isabella", language="en-GB", description="woman, British", pace_wps=3.1, sounds_per_s=13.7),
    _Who(name="bm_george", language="en-GB", description="man, British", pace_wps=2.6, sounds_per_s=12.0),
    _Who(name="bm_daniel", language="en-GB", description="man, British", pace_wps=3.0, sounds_per_s=13.2),
    _Who(name="bm_fable", language="en-GB", description="man, British", pace_wps=2.9, sounds_per_s=13.4),
    _Who(name="ef_dora", language="es-ES", description="woman, Spanish", pace_wps=2.8, sounds_per_s=14.8),
    _Who(name="em_alex", language="es-ES", description="man, Spanish", pace_wps=3.0, sounds_per_s=14.0),
    _Who(name="if_sara", language="it-IT", description="woman, Italian", pace_wps=2.8, sounds_per_s=14.8),
    _Who(name="im_nicola", language="it-IT", description="man, Italian", pace_wps=2.8, sounds_per_s=12.7),
    _Who(name="pf_dora", language="pt-BR", description="woman, Brazilian", pace_wps=2.9, sounds_per_s=14.5),
    _Who(name="pm_alex", language="pt-BR", description="man, Brazilian", pace_wps=2.9, sounds_per_s=14.4),
    _Who(name="ff_siwis", language="fr-FR", description="woman, French", pace_wps=2.8, sounds_per_s=12.3),
)


class KokoroEngine(PhonemeEngine):
    """Uses hibari's British dictionary: with that of espeak, listeners misheard twice as many words."""

    name = "kokoro"
    languages = ("en", *LANGUAGES)
    at_once = min(4, usable_processors())
    """A second thread of onnxruntime gains nothing; a second sentence doubles the throughput."""

    @property
    def fingerprint(self) -> str:
        tongue = f"{self._tongue}{version_of_rules(self._tongue)}"
        return f"{MODEL.sha256[:12]} prosody={PROSODY} {tongue} speed={self._speed:.4f}{fingerprint_of(self._phonemes)}"

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
        """Those of the station's language; the English ones where it has none."""
        folder = kokoro_folder(self._folder)
        absent = bool(size_fault_of(folder, MODEL))
        tongue = self._tongue if self._tongue in self.languages else "en"
        return tuple(
            Voice(
                name=who.name,
                engine=self.name,
                language=who.language,
                description=who.description,
                attribution=_HEXGRAD,
                pace_wps=who.pace_wps * self._speed,
                install=_INSTALL if absent or size_fault_of(folder, STYLES[who.name]) else "",
            )
            for who in _WHO
            if who.language.startswith(tongue)
        )

    def sounds_per_s(self, voice: Voice) -> float:
        return next(who.sounds_per_s for who in _WHO if who.name == voice.name)

    def _read(self, text: str, voice: Voice) -> list[str]:
        with _loading:
            read = (
                self._model().english
                if self._tongue == "en"
                else partial(phonemize_sentence, language=self._tongue)
            )
            return list(split_text(read(text) or "", most=_TOKENS_AT_MOST))

    def _say(self, text: str, voice: Voice, speed: float) -> list[SpokenPiece]:
        pieces = self._read(text, voice)
        rising = len(pieces) - 1 if self._tongue == "en" and rises_at_end(text) else None
        with _loading:
            model, style = self._model(), self._style(voice.name)
        return [
            SpokenPiece(phonemes=piece, samples=model.infer(piece, style, speed=speed, rises=at == rising))
            for at, piece in enumerate(pieces)
        ]

    def _model(self) -> _Model:
        """Call it under the lock."""
        self.check()
        path = kokoro_folder(self._folder) / MODEL.name
        return _load_model(path, path.stat().st_mtime_ns)

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
        from hibari.tts import ASSETS

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        model, self._curve = open_tensor(
            path.read_bytes(), tensor=_PITCH_CURVE, change="pitch_gain", operation="Mul"
        )
        model, self._lengths = open_tensor(model, tensor=_LENGTHS, change="least_frames", operation="Max")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._english: Callable[[str], str | None] | None = None
        # Kokoro and hibari share one alphabet.
        self._alphabet: dict[str, int] = json.loads(Path(ASSETS, "vocab.json").read_text(encoding="utf-8"))

    def english(self, text: str) -> str | None:
        """British phonemes of a sentence; call it under the lock."""
        if self._english is None:
            from hibari.g2p import G2P

            self._english = G2P(british=True)
            self._english("Wexcombe.")  # loads the network for unknown words
        return self._english(text)

    def infer(self, phonemes: str, style: Samples, *, speed: float, rises: bool = False) -> Samples:
        """
        Samples of a piece of phonemes; empty when the alphabet has none of them.

        A piece that rises is computed twice: the first time for its pitch.
        """
        ids = [self._alphabet[sign] for sign in phonemes if sign in self._alphabet]
        if not ids:
            return np.zeros(0, dtype=np.float32)
        feed = {
            "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
            "style": style[min(len(ids), len(style)) - 1][None],
            "speed": np.array([speed], dtype=np.float32),
            "pitch_gain": np.ones((1, 1), dtype=np.float32),
            "least_frames": np.array([[0.0, *map(self._least_frames, ids), 0.0]], dtype=np.float32),
        }
        try:
            outputs = ["audio", self._curve, self._lengths]
            samples, [pitch_hz], [lengths] = self._session.run(outputs, feed)
            frames = np.maximum(lengths, feed["least_frames"][0])
            if rises:
                known = "".join(sign for sign in phonemes if sign in self._alphabet)
                sonorant_s = frames[: 1 + signs_to_last_sonorant(known)].sum() / _LENGTHS_PER_S
                feed["pitch_gain"] = rise_factors(
                    pitch_hz,
                    top=_QUESTION_TOP,
                    bend=_QUESTION_BEND,
                    sonorant_frames=round(sonorant_s * _PITCHES_PER_S),
                )[None]
                [samples] = self._session.run(["audio"], feed)
        except Exception as error:
            raise BadSpeechError(f"kokoro: the model failed ({error})") from error
        is_comma = [False, *(sign == self._alphabet[","] for sign in ids), False]
        sound = np.asarray(samples, dtype=np.float32).ravel()
        return quieten_commas(sound, frames, is_comma=is_comma, rate_hz=RATE_HZ)

    def _least_frames(self, sign: int) -> float:
        return _COMMA_FRAMES if sign == self._alphabet[","] else 0.0


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
