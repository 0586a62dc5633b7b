"""Stored clip -> its words, by Whisper base."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bulletin.runtime.restrained_process import Limits
from bulletin.runtime.whisper_models import RecogniserError, check_models, load_model, transcribe
from bulletin.speech.clips.recording_checks import RecordingError
from bulletin.speech.clips.restrained_process import UndecodableError, decode_restrained

_EXTRA = "transcripts"
_LIMITS = Limits(memory_bytes=4_000_000_000, cpu_s=240.0)
"""Three minutes of speech take 30 s, loading the model two."""
_MOST_LETTERS = 6000


def check_recogniser() -> None:
    """Raise RecordingError with the remedy when recogniser or model is not installed."""
    try:
        check_models("base", extra=_EXTRA)
    except RecogniserError as error:
        text = f"recognising its words {error}, or write what is said (--words)"
        raise RecordingError(text) from error


def transcribe_recording(path: Path, *, language: str) -> str:
    """
    Words of a stored clip in a language ("en-GB"), recognised in a restrained process; empty when it hears none.

    A person has to read them: names are often spelt wrong. Raises RecordingError.
    """
    check_recogniser()
    facts = {"source": str(path.absolute()), "language": language.partition("-")[0].lower()}
    try:
        answer = decode_restrained(f"{__name__}:transcribe_from_facts", facts, limits=_LIMITS)
    except UndecodableError as error:
        raise RecordingError(
            "its words cannot be recognised here: this machine is too slow or has too little memory; "
            "import it without, and give its words yourself"
        ) from error
    return str(answer["words"])[:_MOST_LETTERS]


def transcribe_from_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The recognition, in the restrained process. Raises RecogniserError, OSError."""
    return {"words": transcribe(load_model("base"), facts["source"], language=facts["language"])}
