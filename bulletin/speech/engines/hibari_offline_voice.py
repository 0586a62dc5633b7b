"""hibari-tts: the embedded voice, part of the installation; its other voices once they are installed."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from bulletin.errors import BadSpeechError, EngineUnavailableError
from bulletin.model import Attribution, Voice
from bulletin.runtime.installing.verified_files import VerifiedFile, fault_of
from bulletin.runtime.processors import usable_processors
from bulletin.runtime.read_sound_file import Samples
from bulletin.runtime.suggest_install_command import command_to_repair
from bulletin.speech.installing.hibari_files import PACKAGE, hibari_folder, is_installed, read_record
from bulletin.speech.lexicon_phonemes import fingerprint_of
from bulletin.speech.phoneme_speech_engine_base import (
    PROSODY,
    PhonemeEngine,
    SpokenPiece,
    forbid_telemetry,
)
from bulletin.speech.prosody.question_rise import rise_factors, rises_at_end

_DEFAULT = "heart"
_VOICES = {
    _DEFAULT: ("af_heart", "en-US", "woman, American", 3.0),
    "emma": ("bf_emma", "en-GB", "woman, British", 3.1),
    "fable": ("bm_fable", "en-GB", "man, British", 3.0),
    "kore": ("af_kore", "en-US", "woman, American", 3.0),
    "fenrir": ("am_fenrir", "en-US", "man, American", 3.0),
}
"""Name -> Kokoro's voice that it was distilled from, language, description, words a second."""
_QUESTION_TOP = 9.0
"""Semitones from the middle pitch to the end of a question."""
_SOUNDS_PER_S = {_DEFAULT: 13.8}
"""Vowels and consonants a second, without pauses: median of 80 sentences of news."""


class HibariEngine(PhonemeEngine):
    """109 times real time on one core; "heart" is in the package, the others come by `bulletin voices install`."""

    name = "hibari"
    corrections = 3
    follows_least = 0.25
    fewest_sounds = 32  # its pauses at commas shrink with a quicker pace
    at_once = min(8, usable_processors())
    """One onnxruntime thread per sentence: it releases the GIL, and a second thread gains nothing."""

    @cached_property
    def fingerprint(self) -> str:
        return f"{PACKAGE} {version(PACKAGE)} prosody={PROSODY} speed={self._speed:.4f} seed=0{fingerprint_of(self._phonemes)}"

    def voices(self) -> tuple[Voice, ...]:
        return tuple(
            Voice(
                name=name,
                engine=self.name,
                language=language,
                description=description,
                attribution=Attribution(
                    name=f"hibari-tts, after Kokoro-82M's voice {teacher}",
                    licence="Apache-2.0",
                    url="https://github.com/MMWilliams/hibari",
                ),
                pace_wps=pace_wps * self._speed,
                install="" if self._is_there(name) else _install_command(name),
            )
            for name, (teacher, language, description, pace_wps) in _VOICES.items()
        )

    def _is_there(self, name: str) -> bool:
        return name == _DEFAULT or is_installed(hibari_folder(self._folder), name)

    def sounds_per_s(self, voice: Voice) -> float:
        return _SOUNDS_PER_S.get(voice.name, 0.0)

    def _read(self, text: str, voice: Voice) -> list[str]:
        with _loading:
            return list(self._model(voice).phonemize(text))

    def _say(self, text: str, voice: Voice, speed: float) -> list[SpokenPiece]:
        with _loading:
            model = self._model(voice)
        try:
            # A fixed seed makes the samples, and so all later files, repeatable.
            noise = np.random.default_rng(0)
            pieces = model.phonemize(text)
            rising = len(pieces) - 1 if rises_at_end(text) else None
            return [
                SpokenPiece(phonemes=piece, samples=_speak(model, piece, speed, noise, rises=at == rising))
                for at, piece in enumerate(pieces)
            ]
        except Exception as error:
            raise BadSpeechError(f'hibari: failed at "{text[:60]}" ({error!r})') from error

    def _model(self, voice: Voice) -> Any:
        """The model of a voice; call it under the lock. Raises EngineUnavailableError for a missing or damaged one."""
        if voice.name == _DEFAULT:
            return _load_model()
        folder = hibari_folder(self._folder)
        file = read_record(folder, voice.name)
        if file is None or not (folder / file.name).is_file():
            raise EngineUnavailableError(
                f"hibari: voice {voice.name} is not installed; run `{_install_command(voice.name)}`"
            )
        changed_ns = (folder / file.name).stat().st_mtime_ns
        return _load_installed_model(
            folder, file, changed_ns, voice=voice.name, is_british=voice.language == "en-GB"
        )


def _speak(model: Any, phonemes: str, speed: float, noise: np.random.Generator, *, rises: bool) -> Samples:
    """As the library's own synthesis, which has no melody for a question: its network gives the pitch of each frame."""
    signs = model.ids(phonemes)
    if not rises:
        return np.asarray(model.from_ids(signs, speed, noise), dtype=np.float32)
    from hibari import dsp

    feed = {"ids": np.array([signs], dtype=np.int64), "speed": np.array([speed], dtype=np.float32)}
    *spectra, pitch_hz = (output[0] for output in model.sess.run(None, feed))
    return np.asarray(
        dsp.synth(*spectra, pitch_hz * rise_factors(pitch_hz, top=_QUESTION_TOP), noise), dtype=np.float32
    )


def _install_command(name: str) -> str:
    return f"bulletin voices install hibari:{name}"


def read_name(name: str) -> tuple[str, bool]:
    """
    Phonemes of a name as the voice reads it, in misaki's alphabet, and whether its dictionary has the name.

    The first call in a process takes two thirds of a second. Raises EngineUnavailableError.
    """
    with _loading:
        reader = _load_reader(is_british=False)
        return str(reader(name)), bool(reader.lexicon.is_known(name, "NNP"))


_loading = Lock()


@cache
def _load_reader(*, is_british: bool) -> Any:
    """The voice's dictionaries and rules, without the voice; call it under the lock."""
    forbid_telemetry()
    try:
        from hibari.g2p import G2P

        reader = G2P(british=is_british)
        reader("Warm.")  # loads the lexicons here, under the lock, not in every thread
    except Exception as error:  # errors of onnxruntime have no common base class
        raise _unavailable(error) from error
    return reader


@cache
def _load_model() -> Any:
    """
    The voice of the package, loaded once per process; call it under the lock.

    A service opens its stations anew for every bulletin: to load a model each time would take as long as to
    speak, and would leak memory.
    """
    return _open_model(None, is_british=False)


@lru_cache(maxsize=4)
def _load_installed_model(
    folder: Path, file: VerifiedFile, changed_ns: int, *, voice: str, is_british: bool
) -> Any:
    """A downloaded voice, loaded once per process and change of its file, and verified before."""
    if fault := fault_of(folder, file):
        raise EngineUnavailableError(
            f"hibari: voice {voice}: {folder / file.name} {fault}; run `{_install_command(voice)}`"
        )
    return _open_model(folder / file.name, is_british=is_british)


def _open_model(path: Path | None, *, is_british: bool) -> Any:
    forbid_telemetry()
    try:
        from hibari import Hibari

        model = str(path) if path else None
        return Hibari(voice=_DEFAULT, model=model, threads=1, g2p=_load_reader(is_british=is_british))
    except Exception as error:  # errors of onnxruntime have no common base class
        raise _unavailable(error) from error


def _unavailable(error: Exception) -> EngineUnavailableError:
    if isinstance(error, EngineUnavailableError):
        return error
    remedy = command_to_repair(PACKAGE, "onnxruntime")
    return EngineUnavailableError(f"hibari: cannot be loaded ({error}); {remedy}")
