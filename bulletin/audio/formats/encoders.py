"""AudioFormat -> its encoder, sampling rate, media type and file name suffix."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from bulletin.audio.formats.dither import Bits
from bulletin.audio.formats.flac_opus import CompressedEncoder
from bulletin.audio.formats.id3_write import Tags, make_id3
from bulletin.audio.formats.mp3_encoder import Mp3Encoder, overshoot_db
from bulletin.audio.formats.vorbis_comments import Comments, make_comments
from bulletin.audio.formats.wav.riff_wave import Chunk, WaveEncoder
from bulletin.errors import AudioError
from bulletin.model import Chapter
from bulletin.runtime.sound_file import Samples

AudioFormat = Literal["mp3", "wav", "flac", "opus"]

RATES_HZ: dict[AudioFormat, int] = {"mp3": 44_100, "wav": 48_000, "flac": 48_000, "opus": 48_000}
"""Sampling rates: podcasts at that of the CD, broadcast files at 48 kHz (EBU R 128 s1), the rate of Opus."""
MEDIA_TYPES: dict[AudioFormat, str] = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "opus": "audio/ogg; codecs=opus",
}
SUFFIXES: dict[AudioFormat, str] = {"mp3": ".mp3", "wav": ".wav", "flac": ".flac", "opus": ".opus"}


class Encoder(Protocol):
    """Writes one file from blocks of samples."""

    def write(self, block: Samples) -> None:
        """Take the next frames, (frames, channels), full scale 1.0. Raises AudioError, OSError."""

    def close(self) -> None:
        """Finish the file. Raises AudioError, OSError."""

    def abandon(self) -> None:
        """Release threads and the file, which stays unfinished: the caller deletes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Tags in the encodings of all formats."""

    id3: bytes = b""
    """For MP3: the complete tag."""
    chunks: tuple[Chunk, ...] = ()
    """For WAV: bext and cart, in this order, before the sound."""
    comments: Comments = ()
    """For FLAC and Opus."""


def make_head(
    tags: Tags,
    *,
    title: str,
    lyrics: str = "",
    duration_s: float = 0.0,
    chapters: Sequence[Chapter] = (),
    chunks: Sequence[Chunk] = (),
) -> Head:
    """The same tags for every format; `chunks` are for WAV only."""
    return Head(
        id3=make_id3(tags, title=title, lyrics=lyrics, duration_s=duration_s, chapters=chapters),
        chunks=tuple(chunks),
        comments=make_comments(tags, title=title, chapters=chapters),
    )


def peak_room_db(fmt: AudioFormat, kbps: int) -> float:
    """
    Margin between the limiter's ceiling and the true peak of the decoded file.

    Opus exceeds a hard ceiling as MP3 does (measured: 1.0 dB at 128 kbps, 0.7 at 192, 3 at 64, all on a
    mix driven 8 dB into the limiter); rounding to 16 bits by less than 0.01 dB.
    """
    return overshoot_db(kbps) if fmt in ("mp3", "opus") else 0.01


def make_encoder(
    fmt: AudioFormat,
    path: Path,
    *,
    rate_hz: int,
    channels: int = 2,
    kbps: int = 128,
    bits: Bits = 16,
    head: Head | None = None,
) -> Encoder:
    """
    Start a file at `path` (a `part-` name; the caller renames it when it is closed).

    `close` returns when the file is on the disk (fsync). `kbps` is for MP3 and Opus, `bits` for WAV and
    FLAC. Raises AudioError, OSError.
    """
    head = head or Head()
    if fmt in ("flac", "opus"):
        return _Synced(
            path,
            CompressedEncoder(
                path,
                kind="flac" if fmt == "flac" else "opus",
                rate_hz=rate_hz,
                channels=channels,
                bits=bits,
                kbps=kbps,
                comments=head.comments,
            ),
        )
    file = path.open("wb")
    try:
        return _Synced(path, _open_encoder(fmt, file, rate_hz, channels, kbps, bits, head), file)
    except BaseException:
        file.close()
        raise


def _open_encoder(
    fmt: AudioFormat, file: BinaryIO, rate_hz: int, channels: int, kbps: int, bits: Bits, head: Head
) -> Encoder:
    if fmt == "wav":
        return WaveEncoder(file, rate_hz=rate_hz, channels=channels, bits=bits, chunks=head.chunks)
    if fmt == "mp3":
        file.write(head.id3)
        return Mp3Encoder(file, rate_hz=rate_hz, channels=channels, kbps=kbps)
    raise AudioError(f"there is no format {fmt!r}; use mp3, wav, flac or opus")


class _Synced:
    """An encoder that closes its file and syncs it to the disk."""

    def __init__(self, path: Path, encoder: Encoder, file: BinaryIO | None = None) -> None:
        self._path = path
        self._encoder = encoder
        self._file = file

    def write(self, block: Samples) -> None:
        self._encoder.write(block)

    def close(self) -> None:
        self._encoder.close()
        if self._file:
            self._file.close()
        with self._path.open("r+b") as written:
            os.fsync(written.fileno())

    def abandon(self) -> None:
        self._encoder.abandon()
        if self._file:
            self._file.close()
