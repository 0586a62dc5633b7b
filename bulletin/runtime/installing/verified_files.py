"""Installed files, each with its size and SHA-256: what is wrong with one, and writing it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bulletin.errors import EngineUnavailableError
from bulletin.runtime.files.atomic_write import atomic_file

Progress = Callable[[int, int, str], None]
"""Called with (bytes so far, bytes in all, what is done now)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedFile:
    """One file of a model or a voice."""

    name: str
    """Relative to the folder of its engine."""
    size: int
    """Bytes."""
    sha256: str


def fault_of(folder: Path, file: VerifiedFile) -> str:
    """What is wrong with an installed file; empty when it is complete and its checksum is right."""
    if fault := size_fault_of(folder, file):
        return fault
    try:
        sha256 = sha256_of(folder / file.name)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return "" if sha256 == file.sha256 else f"has sha256 {sha256[:12]}…, not {file.sha256[:12]}…"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content. Raises OSError."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def size_fault_of(folder: Path, file: VerifiedFile) -> str:
    """As `fault_of`, by the size alone: no byte is read."""
    try:
        size = (folder / file.name).stat().st_size
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return "" if size == file.size else f"has {size:,} bytes instead of {file.size:,}"


def write_verified(file: VerifiedFile, pieces: Iterable[IO[bytes]], folder: Path) -> None:
    """Write `file` completely and verified, or not at all. Raises EngineUnavailableError."""
    path = folder / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as part:
        with part.open("wb") as out:
            for piece in pieces:
                shutil.copyfileobj(piece, out)
        written = VerifiedFile(name=part.name, size=file.size, sha256=file.sha256)
        if fault := fault_of(part.parent, written):
            raise EngineUnavailableError(
                f"{file.name} is not the expected file: it {fault}; nothing was installed, try again later"
            )
