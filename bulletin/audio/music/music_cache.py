"""PreparedJingle <-> NumPy archive in the state folder: decoded, resampled and levelled once, not in every run."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bulletin.audio.metering.loudness import Floats
from bulletin.audio.rundown_layout import JingleTiming
from bulletin.runtime.sound_file import Samples

_VERSION = 3
"""Increase with every change to the way that load_jingles.py prepares a jingle."""
_SUFFIX = ".record"
CACHE_BYTES = 256_000_000
"""Limit for all stations of an output folder; the jingle that aired longest ago is deleted first."""


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


class MusicCache:
    """
    Prepared jingles in a folder, each under a key of its file's bytes and the options it was prepared with.

    A torn or damaged entry counts as missing, and a folder that cannot be written is ignored.
    """

    def __init__(self, folder: Path | None, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._folder = folder
        self._cache_bytes = cache_bytes

    def make_key(self, path: Path, *options: object) -> str | None:
        """File name of the entry of a jingle; None without a folder, or when the jingle cannot be read."""
        if not self._folder:
            return None
        digest = hashlib.blake2b(repr((_VERSION, path.name, options)).encode(), digest_size=16)
        try:
            with path.open("rb") as file:
                while block := file.read(2**20):
                    digest.update(block)
        except OSError:
            return None
        return digest.hexdigest() + _SUFFIX

    def load(self, key: str | None) -> PreparedJingle | None:
        """The entry of that key; None when it is missing or damaged."""
        if not self._folder or not key:
            return None
        path = self._folder / key
        try:
            jingle = _read(path)
        except (OSError, ValueError, TypeError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile):
            return None
        with suppress(OSError):
            os.utime(path)
        return jingle

    def store(self, key: str | None, jingle: PreparedJingle) -> None:
        """Write an entry, whole or not at all, and delete the oldest ones beyond the limit."""
        if not self._folder or not key or jingle.samples.nbytes > self._cache_bytes // 3:
            return
        part = self._folder / f"part-{os.getpid()}-{key}"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                _write(part, jingle)
                part.replace(self._folder / key)
            finally:
                part.unlink(missing_ok=True)
            _delete_oldest(self._folder, limit_bytes=self._cache_bytes)


def _delete_oldest(folder: Path, *, limit_bytes: int) -> None:
    entries = [(path.stat(), path) for path in folder.glob(f"*{_SUFFIX}")]
    for status, path in sorted(entries, key=lambda entry: entry[0].st_mtime, reverse=True):
        limit_bytes -= status.st_size
        if limit_bytes < 0:
            path.unlink(missing_ok=True)


def _write(path: Path, jingle: PreparedJingle) -> None:
    head = json.dumps({"timing": asdict(jingle.timing), "notes": jingle.notes}).encode()
    planes = np.ascontiguousarray(jingle.samples.T)
    with path.open("wb") as file:
        np.savez(file, head=np.frombuffer(head, dtype=np.uint8), powers=jingle.powers, planes=planes)
        file.flush()
        # After a power cut a file may have its name and none of its bytes.
        os.fsync(file.fileno())


def _read(path: Path) -> PreparedJingle:
    """Read and checked by the checksums of ZIP; not mapped, since a failing disk would then end the process."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        head = json.loads(arrays["head"].tobytes())
        return PreparedJingle(
            samples=arrays["planes"].T,
            powers=arrays["powers"],
            timing=JingleTiming(**head["timing"]),
            notes=tuple(head["notes"]),
        )
