"""A sound file -> the same in another format, kept as long as the file is the same."""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Literal

from bulletin.audio.encoders import make_encoder
from bulletin.errors import AudioError
from bulletin.outlets.files import PART
from bulletin.pcm import read_blocks

_KEPT = 6
"""Converted files that stay in the folder; the oldest goes first."""


def convert(source: Path, fmt: Literal["mp3", "wav"], *, folder: Path) -> Path:
    """
    Decode and encode it, block by block, into `folder`; what is there already is taken.

    Raises AudioError where it is no sound, OSError where the folder cannot be written.
    """
    about = source.stat()
    told = f"{source}|{about.st_mtime_ns}|{about.st_size}".encode()
    path = folder / f"{hashlib.sha256(told).hexdigest()[:20]}.{fmt}"
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{PART}{uuid.uuid4().hex[:12]}-{path.name}"
    try:
        _encode(source, fmt, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sweep(folder)
    return path


def _encode(source: Path, fmt: Literal["mp3", "wav"], part: Path) -> None:
    encoder = None
    try:
        for block, rate_hz in read_blocks(source):
            if encoder is None:
                encoder = make_encoder(fmt, part, rate_hz=rate_hz, channels=block.shape[1], kbps=192)
            encoder.write(block)
        if encoder is None:
            raise AudioError(f"{source}: holds no sound")
        encoder.close()
    except BaseException:
        if encoder:
            encoder.abandon()
        raise


def _sweep(folder: Path) -> None:
    def age(path: Path) -> float:
        with suppress(OSError):
            return path.stat().st_mtime
        return 0.0

    files = sorted((path for path in folder.glob("*.*") if not path.name.startswith(PART)), key=age)
    for path in files[:-_KEPT]:
        with suppress(OSError):
            path.unlink()
