"""Recording of any type -> samples at one rate, block by block; runs in the importer process only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import Samples, read_blocks
from bulletin.runtime.resampling import Resampler
from bulletin.speech.clips.check_file_end import flac_s
from bulletin.speech.clips.recording_checks import MOST_SOURCE_S, RecordingError, check_is_all
from bulletin.speech.clips.sniff_sound_type import SoundType

RATE_HZ = 48_000
"""Rate of every stored clip."""
_BLOCK_S = 0.5
_MOST_CHANNELS = 8
_RATES_HZ = (6_000, 384_000)


def decode_recording(path: Path, kind: SoundType) -> Samples:
    """
    All samples at RATE_HZ: (frames, 1) or (frames, 2); further channels are averaged into the second.

    Raises RecordingError for a damaged file, an impossible rate, and for more than MOST_SOURCE_S seconds.
    """
    sound: Samples = np.zeros((0, 1), dtype=np.float32)
    frames = 0
    for block in _resampled(_read(path, kind)):
        if not frames:  # memory is taken as it is filled: lists of blocks would need it twice
            sound = np.empty((round(MOST_SOURCE_S * RATE_HZ), block.shape[1]), dtype=np.float32)
        end = frames + len(block)
        if end > len(sound):
            raise RecordingError(
                f"it is longer than {MOST_SOURCE_S / 60:.0f} minutes; save only the passage that you need"
            )
        sound[frames:end] = block
        frames = end
    if not frames:
        raise RecordingError("there is no sound in it; record again")
    return sound[:frames]


def _read(path: Path, kind: SoundType) -> Iterator[tuple[Samples, int]]:
    if kind.needs_pyav:
        from bulletin.speech.clips.decode_with_pyav import read_with_pyav

        yield from read_with_pyav(path)
        return
    announced_s = read_s = 0.0
    try:
        announced_s = flac_s(path) if kind is SoundType.FLAC else 0.0
        for samples, rate_hz in read_blocks(path, block_s=_BLOCK_S):
            read_s += len(samples) / rate_hz
            yield samples, rate_hz
        check_is_all(read_s, announced_s)
    except RecordingError:
        raise
    except AudioError as error:
        check_is_all(read_s, announced_s, is_certain=False)
        raise RecordingError(
            f"it is damaged: its header says {kind}, but the sound in it cannot be read; save or copy it again"
        ) from error


def _resampled(blocks: Iterator[tuple[Samples, int]]) -> Iterator[Samples]:
    """Blocks at RATE_HZ with one or two channels, as one stream."""
    resamplers: list[Resampler] = []
    for samples, rate_hz in blocks:
        if samples.shape[1] > _MOST_CHANNELS:
            raise RecordingError(f"it has {samples.shape[1]} channels; save it as mono or stereo")
        if not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
            raise RecordingError(f"its sampling rate of {rate_hz} Hz is no recording's; save it at 48000 Hz")
        channels = _one_or_two(samples)
        resamplers = resamplers or [
            Resampler(rate_hz=rate_hz, to_hz=RATE_HZ) for _ in range(channels.shape[1])
        ]
        yield _feed(resamplers, channels, is_last=False)
    if resamplers:
        yield _feed(resamplers, np.zeros((0, len(resamplers)), dtype=np.float32), is_last=True)


def _one_or_two(samples: Samples) -> Samples:
    if samples.shape[1] <= 2:
        return samples
    return np.stack([samples[:, 0], samples[:, 1:].mean(axis=1)], axis=1)


def _feed(resamplers: list[Resampler], channels: Samples, *, is_last: bool) -> Samples:
    fed = [
        resampler.feed(np.ascontiguousarray(channels[:, number]), is_last=is_last)
        for number, resampler in enumerate(resamplers)
    ]
    return np.stack(fed, axis=1)
