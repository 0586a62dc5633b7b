"""Sound file -> the same sound in another format, cached until the file changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import numpy as np

from bulletin.audio.formats.encoders import make_encoder, peak_room_db
from bulletin.audio.metering.loudness import SILENT_LUFS, Meter, db_to_gain
from bulletin.audio.mixing.limiter import limit_blocks
from bulletin.config.tables.output_options import RenditionOptions
from bulletin.errors import AudioError
from bulletin.publishing.atomic_file_batch import PART
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.read_sound_file import Samples, read_blocks
from bulletin.runtime.resampling import Resampler

_KEPT = 6
"""Converted files in the cache; the oldest is deleted first."""
_MP3_KBPS = 192
_AIR_HZ = 48_000

Format = Literal["mp3", "wav"]


def convert(source: Path, fmt: Format, *, folder: Path, levels: RenditionOptions | None = None) -> Path:
    """
    Decode and encode a sound, block by block, into `folder`, unless the cache has it.

    With `levels` it is resampled to 48 kHz and levelled too; else rate and loudness stay. Raises AudioError for a file without
    sound, OSError where the folder cannot be written.
    """
    about = source.stat()
    target = levels and (levels.loudness_lufs, levels.true_peak_dbtp)
    key = f"{source}|{about.st_mtime_ns}|{about.st_size}|{target}".encode()
    path = folder / f"{hashlib.sha256(key).hexdigest()[:20]}.{fmt}"
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_file(path) as part:
        _encode(source, fmt, part, levels=levels)
    _sweep(folder)
    return path


def _encode(source: Path, fmt: Format, part: Path, *, levels: RenditionOptions | None) -> None:
    encoder = None
    try:
        for block, rate_hz in _levelled(source, levels, fmt=fmt) if levels else read_blocks(source):
            if encoder is None:
                encoder = make_encoder(fmt, part, rate_hz=rate_hz, channels=block.shape[1], kbps=_MP3_KBPS)
            encoder.write(block)
        if encoder is None:
            raise AudioError(f"{source}: contains no sound")
        encoder.close()
    except BaseException:
        if encoder:
            encoder.abandon()
        raise


def _levelled(source: Path, levels: RenditionOptions, *, fmt: Format) -> Iterator[tuple[Samples, int]]:
    """Read the source twice: for its loudness, then for its samples."""
    loudness_lufs = _loudness(source)
    if loudness_lufs <= SILENT_LUFS:
        raise AudioError(f"{source}: is silent")
    gain = np.float32(db_to_gain(levels.loudness_lufs - loudness_lufs))
    ceiling_dbtp = levels.true_peak_dbtp - peak_room_db(fmt, _MP3_KBPS)
    blocks = (gain * block for block in _resampled(source, _AIR_HZ))
    for block in limit_blocks(blocks, rate_hz=_AIR_HZ, ceiling_dbtp=ceiling_dbtp):
        yield block, _AIR_HZ


def _loudness(source: Path) -> float:
    meter = None
    for block, rate_hz in read_blocks(source):
        meter = meter or Meter(rate_hz=rate_hz, channels=block.shape[1])
        meter.feed(block)
    return meter.integrated_lufs if meter else SILENT_LUFS


def _resampled(source: Path, to_hz: int) -> Iterator[Samples]:
    channels: list[Resampler] = []
    for block, rate_hz in read_blocks(source):
        channels = channels or [Resampler(rate_hz=rate_hz, to_hz=to_hz) for _ in block.T]
        yield _feed(channels, block, is_last=False)
    if channels:  # the rest in the filter
        yield _feed(channels, np.empty((0, len(channels)), np.float32), is_last=True)


def _feed(channels: list[Resampler], block: Samples, *, is_last: bool) -> Samples:
    pairs = zip(channels, block.T, strict=True)
    return np.stack([channel.feed(mono, is_last=is_last) for channel, mono in pairs], 1)


def _sweep(folder: Path) -> None:
    with suppress(OSError):  # another thread sweeps
        files = sorted(folder.glob("*.*"), key=lambda path: path.stat().st_mtime)
        for path in [path for path in files if not path.name.startswith(PART)][:-_KEPT]:
            path.unlink()
