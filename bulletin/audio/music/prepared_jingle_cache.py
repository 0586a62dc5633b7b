"""Jingle cache: jingles as the mix needs them, in a folder, so that each version of a file is decoded once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bulletin import __version__
from bulletin.audio.metering.loudness import Floats
from bulletin.audio.place_sounds_on_timeline import JingleTiming
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.read_sound_file import Samples

MOST_BYTES = 256 * 2**20
"""Limit of a folder; the jingles that were not used for the longest time are deleted first."""

_TIMES = tuple(field.name for field in fields(JingleTiming))


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedJingle:
    """A jingle ready for the mix: stereo, at the mixing rate, at its level relative to the voice."""

    samples: Samples
    """(frames, 2); each channel is contiguous in memory."""
    powers: Floats
    """K-weighted power of each tenth of a second."""
    timing: JingleTiming
    notes: tuple[str, ...] = ()
    """Defects of the file, for the editor."""
    clicks_s: tuple[float, ...] = ()
    """Times at which it may click, from its start."""


def cached_jingle(
    folder: Path | None, source: Iterable[object], prepare: Callable[[], PreparedJingle]
) -> PreparedJingle:
    """
    The jingle that an earlier run stored in `folder`, else what `prepare` makes, which is stored.

    `source` is all that it is made from, by repr. A damaged file is replaced; a folder that cannot be written
    costs time only. Raises what `prepare` raises.
    """
    if not folder:
        return prepare()
    key = hashlib.sha256(repr((__version__, *source)).encode("utf-8", "surrogateescape")).hexdigest()
    path = folder / f"{key}.npz"
    with suppress(OSError, EOFError, ValueError, KeyError, BadZipFile):
        return _read(path)
    jingle = prepare()
    with suppress(OSError):
        _store(path, jingle)
    return jingle


def _read(path: Path) -> PreparedJingle:
    """The zip file's checksums find every damage."""
    with path.open("rb") as file, np.load(file) as arrays:
        jingle = PreparedJingle(
            samples=arrays["planes"].T,
            powers=arrays["powers"],
            timing=JingleTiming(**dict(zip(_TIMES, arrays["timing"].tolist(), strict=True))),
            notes=tuple(arrays["notes"].tolist()),
            clicks_s=tuple(arrays["clicks"].tolist()),
        )
    os.utime(path)
    return jingle


def _store(path: Path, jingle: PreparedJingle) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as part:
        timing, notes = np.array(astuple(jingle.timing)), np.array(jingle.notes, dtype=str)
        clicks = np.array(jingle.clicks_s, dtype=np.float64)
        np.savez(
            part, planes=jingle.samples.T, powers=jingle.powers, timing=timing, notes=notes, clicks=clicks
        )
    left = MOST_BYTES
    for file in sorted(path.parent.iterdir(), key=lambda file: -file.stat().st_mtime):
        left -= file.stat().st_size
        if left < 0:
            file.unlink()
