"""Folder of clips: each sound under the hash of its content, with a JSON side file of its facts."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bulletin.model import RecordedClip
from bulletin.runtime.files.atomic_write import write_atomically

CLIPS = "clips"
"""Folder in the private folder of the output."""
PART = "part-"
"""Beginning of the name of a file that is not complete."""
_CLIP = TypeAdapter(RecordedClip)


def clip_path(folder: Path, clip: RecordedClip) -> Path | None:
    """Path of the clip's sound; None where it is missing."""
    path = folder / clip.file_name
    return path if path.is_file() else None


def keep_clip(sound: Path, clip: RecordedClip, *, folder: Path) -> None:
    """
    Move a finished sound into the folder under its hash, and write its side file. Raises OSError.

    The same sound again replaces nothing but the side file, or a damaged file, and counts as new.
    """
    target = folder / clip.file_name
    if is_undamaged(target, clip.sha256):
        sound.unlink()
        os.utime(target)
    else:
        with sound.open("rb+") as file:
            os.fsync(file.fileno())
        sound.replace(target)
    facts = asdict(clip)
    write_atomically(
        target.with_suffix(".json"), json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )


def read_clip(folder: Path, sha256: str) -> RecordedClip | None:
    """Facts of a stored clip; None for an unknown one and for one whose sound or side file is missing."""
    if len(sha256) != 64 or not all(sign in "0123456789abcdef" for sign in sha256):
        return None
    path = folder / f"{sha256}.json"
    try:
        clip = _CLIP.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    return clip if clip.sha256 == sha256 and clip_path(folder, clip) else None


def is_undamaged(path: Path, sha256: str) -> bool:
    """Whether a file can be read and has that hash."""
    try:
        return hash_file(path) == sha256
    except OSError:
        return False


def hash_file(path: Path) -> str:
    """SHA-256 of a file in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def delete_unused_clips(folder: Path, *, used: Collection[str], before: datetime) -> int:
    """
    Delete clips whose hash is not in `used`, and left-over parts, if written before that moment; returns their number.

    A clip that was imported a moment ago belongs to a story that is not saved yet.
    """
    deleted = 0
    for path in sorted(folder.glob("*")):
        with suppress(OSError):
            if path.stat().st_mtime >= before.timestamp() or path.stem in used:
                continue
            path.unlink()
            deleted += path.suffix == ".wav" and not path.name.startswith(PART)
    return deleted
