"""Music as it is played <-> files in the state folder: decoded, resampled and levelled once, not in every run."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bulletin.audio.layout import PlacedTune
from bulletin.audio.metering.loudness import Floats
from bulletin.runtime.sound_file import Samples

_VERSION = 2
"""To be counted up with any change to what becomes of a jingle's file (jingles.py)."""
_SUFFIX = ".record"
_MAGIC = b"bulletin record\n"
_WORD = 8
"""Bytes of a length, and of what the sum is made of."""
_MOST_HEAD = 4096
KEPT_BYTES = 256_000_000
"""Of all stations of an output folder; what was played longest ago goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedMusic:
    """Music ready to be played: stereo, at the mixing rate, as loud as it should be beside the voice."""

    samples: Samples
    """(frames, 2), channel after channel in memory."""
    powers: Floats
    """K-weighted, of each tenth of a second."""
    tune: PlacedTune
    file_s: float = 0.0
    """What of its file is used."""
    is_longer: bool = False
    """There is more of it in the file."""
    is_clipped: bool = False
    """As it lies in the file."""
    ends_after_s: float | None = None
    """Where its file breaks off; None: it is whole, or nobody needs its end."""
    promised_s: float = 0.0
    """How long a file that breaks off says that it is; 0 when it doesn't."""


class MusicCache:
    """
    Keeps records in a folder, each under a name that tells of the bytes and wishes it was made from.

    A file there that is torn or damaged is as good as none, and a folder that cannot be written is done without.
    """

    def __init__(self, folder: Path | None, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._folder = folder
        self._kept_bytes = kept_bytes

    def name(self, path: Path, *wishes: object) -> str | None:
        """What the record of a file is called, however the file is; None when it cannot be read, or nothing is kept."""
        if not self._folder:
            return None
        digest = hashlib.blake2b(repr((_VERSION, wishes)).encode(), digest_size=16)
        try:
            with path.open("rb") as file:
                while block := file.read(2**20):
                    digest.update(block)
        except OSError:
            return None
        return digest.hexdigest() + _SUFFIX

    def find(self, name: str | None) -> CachedMusic | None:
        """The record of that name, if it lies there whole."""
        if not self._folder or not name:
            return None
        path = self._folder / name
        try:
            record = _read(path)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        with suppress(OSError):
            os.utime(path)
        return record

    def keep(self, name: str | None, record: CachedMusic) -> None:
        """Write it down, whole or not at all; what is more than may be kept is deleted."""
        if not self._folder or not name or record.samples.nbytes > self._kept_bytes // 3:
            return
        part = self._folder / f"part-{os.getpid()}-{name}"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                _write(part, record)
                part.replace(self._folder / name)
            finally:
                part.unlink(missing_ok=True)
            _forget(self._folder, most_bytes=self._kept_bytes)


def _forget(folder: Path, *, most_bytes: int) -> None:
    files = [(path.stat(), path) for path in folder.glob(f"*{_SUFFIX}")]
    for status, path in sorted(files, key=lambda one: one[0].st_mtime, reverse=True):
        most_bytes -= status.st_size
        if most_bytes < 0:
            path.unlink(missing_ok=True)


def _write(path: Path, record: CachedMusic) -> None:
    plane = np.ascontiguousarray(record.samples.T, dtype="<f4")
    powers = np.ascontiguousarray(record.powers, dtype="<f8")
    body = powers.tobytes() + plane.tobytes()
    told = asdict(record.tune) | {
        "frames": plane.shape[1],
        "hops": len(powers),
        "file_s": record.file_s,
        "is_longer": record.is_longer,
        "is_clipped": record.is_clipped,
        "ends_after_s": record.ends_after_s,
        "promised_s": record.promised_s,
        "sum": _sum(body),
    }
    head = json.dumps(told).encode()
    head += b" " * (-(len(head) + _WORD) % _WORD)
    with path.open("wb") as file:
        file.write(_MAGIC + hashlib.blake2b(head, digest_size=_WORD).digest())
        file.write(len(head).to_bytes(_WORD, "little") + head + body)
        file.flush()
        # After a power cut a file may have its name and none of its bytes.
        os.fsync(file.fileno())


def _read(path: Path) -> CachedMusic:
    """Read, not mapped: a disk that fails is an error here, and the end of the process there."""
    start = len(_MAGIC) + 2 * _WORD
    with path.open("rb") as file:
        begin = file.read(start)
        head = file.read(min(int.from_bytes(begin[-_WORD:], "little"), _MOST_HEAD))
        sealed = hashlib.blake2b(head, digest_size=_WORD).digest()
        if begin[:-_WORD] != _MAGIC + sealed:
            raise ValueError(f"{path}: is no record")
        told = json.loads(head)
        body = np.fromfile(file, dtype=np.uint8)
    hops, frames = told["hops"], told["frames"]
    if len(body) != hops * 8 + frames * 8 or _sum(body) != told["sum"]:
        raise ValueError(f"{path}: is damaged")
    return CachedMusic(
        samples=body[hops * 8 :].view("<f4").reshape(2, frames).T,
        powers=body[: hops * 8].view("<f8"),
        tune=PlacedTune(**{name: told[name] for name in ("length_s", "talk_from_s", "talk_until_s")}),
        file_s=told["file_s"],
        is_longer=told["is_longer"],
        is_clipped=told["is_clipped"],
        ends_after_s=told["ends_after_s"],
        promised_s=told["promised_s"],
    )


def _sum(body: bytes | npt.NDArray[np.uint8]) -> int:
    """Of the words of eight bytes, as quick as reading: no single change is missed, nor are zeros in place of sound."""
    return int(np.add.reduce(np.frombuffer(body, dtype="<u8")))
