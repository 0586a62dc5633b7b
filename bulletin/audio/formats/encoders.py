"""AudioFormat -> its encoder, sampling rate, media type and file name suffix."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from bulletin.audio.formats.flac_and_opus_encoder import CompressedEncoder
from bulletin.audio.formats.mp3_encoder import Mp3Encoder, overshoot_db
from bulletin.audio.formats.vorbis_comments import make_comments
from bulletin.audio.formats.wav.info import make_info
from bulletin.audio.formats.wav.riff_wave import Chunk, WaveEncoder
from bulletin.audio.formats.write_id3_tags import Head, Tags, make_id3
from bulletin.runtime.read_sound_file import Samples

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
    head: Head | None = None,
) -> Encoder:
    """
    Start a file at `path` (a `part-` name; the caller renames it when it is closed).

    `close` returns when the file is on the disk (fsync). `kbps` is for MP3 and Opus. Raises AudioError, OSError.
    """
    if fmt in ("flac", "opus"):
        comments = make_comments(head) if head else ()
        return _Synced(
            path,
            CompressedEncoder(
                path, kind=fmt, rate_hz=rate_hz, channels=channels, kbps=kbps, comments=comments
            ),
        )
    file = path.open("wb")
    try:
        if fmt == "wav":
            chunks = (*head.chunks, *_info_of(head.tags)) if head else ()
            return _Synced(path, WaveEncoder(file, rate_hz=rate_hz, channels=channels, chunks=chunks), file)
        file.write(make_id3(head) if head else b"")
        return _Synced(path, Mp3Encoder(file, rate_hz=rate_hz, channels=channels, kbps=kbps), file)
    except BaseException:
        file.close()
        raise


def _info_of(tags: Tags) -> tuple[Chunk, ...]:
    """The statement of a cloned voice; other files have no such chunk, since broadcast systems read bext."""
    cloned = f"CLONED_VOICE={tags.cloned_voice}" if tags.cloned_voice else ""
    return make_info(ICMT=f"{tags.comment} {cloned}")


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
