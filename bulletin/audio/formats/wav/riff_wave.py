"""Samples and Chunk -> RIFF/WAVE file of PCM, with its chunks before the sound, as playouts need them."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bulletin.audio.formats.dither import Dither
from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import Samples

_PCM = 1
_MOST_BYTES = 2**32 - 1
"""Size limit of RIFF."""
_STREAMED = 0x7FFFF000
"""Least size that means "unknown", in files that are streamed while they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Chunk of a RIFF file."""

    name: bytes
    """Four characters: b"bext"."""
    data: bytes
    """Data without name and size."""


class WaveEncoder:
    """
    Writes PCM of 16 bits, dithered: the format and other chunks first, then the sound.

    The format chunk has 16 bytes: old playouts read no other.
    """

    def __init__(self, file: BinaryIO, *, rate_hz: int, channels: int, chunks: Sequence[Chunk] = ()) -> None:
        self._file = file
        self._start = file.tell()
        self._dither = Dither()
        self._sound_bytes = 0
        frame_bytes = 2 * channels
        form = struct.pack("<HHIIHH", _PCM, channels, rate_hz, rate_hz * frame_bytes, frame_bytes, 16)
        head = b"RIFF" + bytes(4) + b"WAVE" + _pack(b"fmt ", form)
        head += b"".join(_pack(chunk.name, chunk.data) for chunk in chunks)
        self._head_bytes = len(head) + 8
        file.write(head + b"data" + bytes(4))

    def write(self, block: Samples) -> None:
        """Take the next frames, of shape (frames, channels). Raises AudioError past four gigabytes, OSError."""
        data = self._dither.to_16(block).astype("<i2", copy=False).tobytes()
        self._sound_bytes += len(data)
        if self._head_bytes + self._sound_bytes > _MOST_BYTES:
            raise AudioError("a WAV file holds four gigabytes at most; shorten the bulletin, or write FLAC")
        self._file.write(data)

    def close(self) -> None:
        """Write the sizes."""
        end = self._file.tell()
        self._file.seek(self._start + 4)
        self._file.write(struct.pack("<I", self._head_bytes + self._sound_bytes - 8))
        self._file.seek(self._start + self._head_bytes - 4)
        self._file.write(struct.pack("<I", self._sound_bytes))
        self._file.seek(end)

    def abandon(self) -> None:
        """Nothing to release; the file stays without its sizes."""


def walk_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """
    Name, first byte and promised size of each chunk; the file is positioned at that byte.

    Sizes are as written, even in a torn file; a streamed file ends at its chunk of unknown size.
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
        yield name, at + 8, size
        at += 8 + size + size % 2


def replace_chunk(path: Path, chunk: Chunk) -> None:
    """
    Replace the data of a chunk in a finished file by data of the same size.

    Raises AudioError when there is no chunk of that name and size.
    """
    try:
        with path.open("r+b") as file:
            for name, start, size in walk_chunks(file):
                if name == chunk.name and size == len(chunk.data):
                    file.seek(start)
                    file.write(chunk.data)
                    file.flush()
                    os.fsync(file.fileno())
                    return
    except OSError as error:
        raise AudioError(f"{path}: cannot be opened ({error.strerror or error}); check its folder") from error
    label = chunk.name.decode("latin-1")
    raise AudioError(
        f"{path}: is incomplete (WAV chunk {label!r} is missing or cut off); make the bulletin again"
    )


def _pack(name: bytes, data: bytes) -> bytes:
    """Chunk with a padding byte after odd data, which its size does not count."""
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
