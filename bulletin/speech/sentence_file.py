"""Samples of a sentence -> WAV file, written atomically."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bulletin.errors import BadSpeechError
from bulletin.runtime.sound_file import Samples, write_wav
from bulletin.speech.clean_speech import join_parts


def write_sentence(parts: Sequence[Samples], path: Path, *, rate_hz: int, engine: str, text: str) -> None:
    """Join the parts of a sentence and write them to `path`. Raises BadSpeechError when all are empty."""
    audible = [part for part in parts if part.size]
    if not audible:
        raise BadSpeechError(f'{engine}: finds nothing to say in "{text[:60]}"')
    write_whole_wav(path, join_parts(audible, rate_hz=rate_hz), rate_hz=rate_hz)


def write_whole_wav(path: Path, samples: Samples, *, rate_hz: int) -> None:
    """Write a WAV file that is complete or missing. Raises OSError."""
    part_path = path.with_name(f"part-{path.name}")
    try:
        write_wav(part_path, samples, rate_hz=rate_hz)
        part_path.replace(path)
    finally:
        part_path.unlink(missing_ok=True)
