"""Samples -> a RIFF/WAVE file of PCM, with its other chunks before the sound, as playouts want them."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from bulletin.audio.formats.dither import Bits, Dither, to_24
from bulletin.errors import AudioError
from bulletin.runtime.sound_file import Samples

_PCM = 1
_MOST = 2**32 - 1
"""Bytes that a RIFF can tell of."""
_STREAMED = 0x7FFFF000
"""What programs write that send a file before they know how long it is: this, or all ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A part of a RIFF file."""

    name: bytes
    """Four characters: b"bext"."""
    data: bytes
    """Without name and length."""


class WaveEncoder:
    """
    Writes PCM, format and other chunks first, then the sound.

    The format chunk is the plain one of 16 bytes, for 24 bits too: old playouts know no other.
    """

    def __init__(
        self, file: BinaryIO, *, rate_hz: int, channels: int, bits: Bits = 16, chunks: Sequence[Chunk] = ()
    ) -> None:
        self._file = file
        self._start = file.tell()
        self._frame_bytes = channels * bits // 8
        self._dither = Dither() if bits == 16 else None
        self._sound_bytes = 0
        bytes_s = rate_hz * self._frame_bytes
        form = struct.pack("<HHIIHH", _PCM, channels, rate_hz, bytes_s, self._frame_bytes, bits)
        head = b"RIFF" + bytes(4) + b"WAVE" + _pack(b"fmt ", form)
        head += b"".join(_pack(chunk.name, chunk.data) for chunk in chunks)
        self._head_bytes = len(head) + 8
        file.write(head + b"data" + bytes(4))

    def write(self, block: Samples) -> None:
        """Take the next frames, of shape (frames, channels). Raises AudioError past four gigabytes, OSError."""
        data = self._to_bytes(block)
        self._sound_bytes += len(data)
        if self._head_bytes + self._sound_bytes > _MOST:
            raise AudioError("a WAV file holds four gigabytes at most; make it shorter, or FLAC")
        self._file.write(data)

    def close(self) -> None:
        """Write the sizes."""
        padding = self._sound_bytes % 2
        self._file.write(bytes(padding))
        end = self._file.tell()
        self._file.seek(self._start + 4)
        self._file.write(struct.pack("<I", self._head_bytes + self._sound_bytes + padding - 8))
        self._file.seek(self._start + self._head_bytes - 4)
        self._file.write(struct.pack("<I", self._sound_bytes))
        self._file.seek(end)

    def abandon(self) -> None:
        """Nothing runs beside it: the file stays as it is, without its sizes."""

    def _to_bytes(self, block: Samples) -> bytes:
        if self._dither:
            return self._dither.to_16(block).astype("<i2", copy=False).tobytes()
        four = to_24(block).astype("<i4", copy=False).reshape(-1, 1).view(np.uint8)
        three = np.empty((len(four), 3), dtype=np.uint8)
        for byte in range(3):  # by columns: twice as fast as [:, :3]
            three[:, byte] = four[:, byte]
        return three.tobytes()


def read_chunks(path: Path) -> dict[bytes, bytes]:
    """
    All chunks but the sound, by name, the first of each; of the sound an empty one.

    Raises AudioError for a file that is no RIFF/WAVE, or torn.
    """
    with _open(path, "rb") as file:
        found: dict[bytes, bytes] = {}
        for name, _, size in _walk(file, path):
            found.setdefault(name, b"" if name == b"data" else file.read(size))
        return found


def walk_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """
    Name and promised length of each chunk of somebody's file, the file standing at its first byte.

    What is torn or odd is told as it stands; lengths that nobody knew when they were written are left out.
    """
    at = 12
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = struct.unpack("<4sI", head)
        if size >= _STREAMED:
            return
        yield name, size
        at += 8 + size + size % 2


def replace_chunk(path: Path, chunk: Chunk) -> None:
    """
    Put other data of the same length into a finished file: what is known only when it has been heard.

    Raises AudioError when there is no chunk of that name and length.
    """
    with _open(path, "r+b") as file:
        for name, start, size in _walk(file, path):
            if name == chunk.name and size == len(chunk.data):
                file.seek(start)
                file.write(chunk.data)
                file.flush()
                os.fsync(file.fileno())
                return
    raise AudioError(f"{path}: has no chunk {chunk.name.decode('latin-1')!r} of {len(chunk.data)} bytes")


def _pack(name: bytes, data: bytes) -> bytes:
    """A chunk begins at an even byte; its length doesn't count what that takes."""
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _walk(file: BinaryIO, path: Path) -> Iterator[tuple[bytes, int, int]]:
    """Name, first byte and length of each chunk, the file standing at that byte."""
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise AudioError(f"{path}: is no WAV file")
    total = path.stat().st_size
    at = 12
    while at + 8 <= total:
        file.seek(at)
        name, size = struct.unpack("<4sI", file.read(8))
        if at + 8 + size > total:
            raise AudioError(f"{path}: ends in the middle of a chunk; make it again")
        yield name, at + 8, size
        at += 8 + size + size % 2


def _open(path: Path, mode: str) -> BinaryIO:
    try:
        return path.open(mode)  # type: ignore[return-value]
    except OSError as error:
        raise AudioError(f"{path}: cannot be opened ({error.strerror or error})") from error
