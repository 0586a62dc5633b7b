"""Limits of recordings, and the checks that need no decoder or only samples. Pure."""

from __future__ import annotations

import numpy as np

from bulletin.errors import AudioError
from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.clips.sniff_sound_type import SoundType, describe_no_sound, sniff_sound_type
from bulletin.speech.clips.trim_recording import FRAME_S, frame_levels_db, silence_below_db

MOST_BYTES = 120_000_000
"""Largest file: ten minutes of stereo WAV at 48 kHz and 16 bits."""
MOST_SOURCE_S = 600.0
"""Longest recording that is read; a clip in a bulletin lasts less than a minute."""
LEAST_S = 0.7
"""Shortest clip: "No." and its breaths."""
MOST_CLIP_S = 180.0
"""Longest clip that is stored, however long the bulletin."""
_CLIP_SHARE = 0.4
"""Most of a bulletin that one clip may take: opening, closing and another story need the rest."""
HEAD_BYTES = 64
"""Bytes that tell the type of a file."""

_ROUNDED_S = 0.3
"""Announced lengths are rounded, and with an encoder's padding."""
_SILENT_DB = -60.0
_LOUDEST = 0.99
"""Quantile of the samples whose level is the top of a recording: a codec lifts single samples above it."""
_NEAR_TOP = 0.8
_MOST_NEAR_TOP = 0.07
"""Share of samples near the top that only distorted sound has: see `distortion`."""
_LEAST_SPREAD_DB = 1.0
"""Spread of the levels of a voice: 5 to 9 dB, 2.4 after clipping by 40 dB; of a beep 0.1."""


class RecordingError(AudioError):
    """A recording cannot be used: what is wrong with it, and the remedy; exit code 6."""


def most_clip_s(bulletin_s: float) -> float:
    """
    Longest clip in seconds for a bulletin of that length.

    >>> most_clip_s(120.0)
    48.0
    """
    return min(MOST_CLIP_S, _CLIP_SHARE * bulletin_s)


def check_size(size_bytes: int) -> None:
    """Raise RecordingError for an empty or oversized file, by its size alone."""
    if not size_bytes:
        raise RecordingError("the file is empty; record again, or name another file")
    if size_bytes > MOST_BYTES:
        raise RecordingError(
            f"{size_bytes / 1e6:.0f} MB, more than {MOST_BYTES / 1e6:.0f}; save the passage that you need as MP3"
        )


def check_type(head: bytes) -> SoundType:
    """Type of a recording by its first bytes. Raises RecordingError for anything that is no known sound."""
    kind = sniff_sound_type(head)
    if kind is None:
        raise RecordingError(
            f"this is no recording: {describe_no_sound(head)}; save as WAV, MP3, FLAC, Ogg, M4A or WebM"
        )
    return kind


def check_is_complete(head: bytes, size_bytes: int) -> None:
    """
    Raise RecordingError for a WAV or AIFF file that is shorter than its header says: an upload or copy was cut off.

    A recorder that streams writes no length (0 or all bits set).
    """
    length = int.from_bytes(head[4:8], "big" if head[:4] == b"FORM" else "little")
    if head[:4] == b"RF64":  # EBU Tech 3306: the length is in the chunk "ds64"
        length = int.from_bytes(head[20:28], "little")
    if head[:4] not in (b"RIFF", b"RF64", b"FORM") or length in (0, 0xFFFFFFFF):
        return
    if length + 8 > size_bytes + 1:
        raise incomplete(f"{size_bytes:,} of {length + 8:,} bytes are there")


def incomplete(what: str) -> RecordingError:
    """The error for a file that was cut off; `what` says what is there or missing."""
    return RecordingError(
        f"the file is incomplete: {what}; copy or upload it again, or save what is there as WAV"
    )


def check_is_all(read_s: float, announced_s: float, *, is_certain: bool = True) -> None:
    """
    Raise RecordingError where fewer seconds were decoded than the file's header announces.

    Not `is_certain`: the decoder gave up, so the file may be damaged instead.
    """
    if read_s >= announced_s - _ROUNDED_S:
        return
    share = f"{read_s:.1f} of {announced_s:.1f} s can be read"
    if is_certain:
        raise incomplete(share)
    raise RecordingError(
        f"the file is incomplete or damaged: {share}; copy or upload it again, or save what is there as WAV"
    )


def check_sound(mono: Samples) -> None:
    """Raise RecordingError for silence and damaged samples."""
    if not mono.size:
        raise RecordingError("there is no sound in it; record again")
    if not np.isfinite(mono).all():
        raise RecordingError("its samples are damaged; save it again from the recorder")
    peak = float(np.abs(mono).max())
    if peak < 10 ** (_SILENT_DB / 20):
        raise RecordingError("it is silent; check the microphone and record again")


def check_distortion(mono: Samples, *, rate_hz: int) -> None:
    """Raise RecordingError for a recording whose peaks were cut off, also before it was encoded."""
    if distortion(mono, rate_hz=rate_hz) > _MOST_NEAR_TOP:
        raise RecordingError(
            "it is distorted: the recording level was too high and its peaks are cut off; record again with a lower level"
        )


def distortion(mono: Samples, *, rate_hz: int) -> float:
    """
    Share of the voice's samples near its top level: speech is rarely there, clipped speech stays there.

    Measured on five voices: 0.02 to 0.05, also with a telephone's automatic level; after clipping by 12 dB
    0.08 to 0.18, whether as WAV, MP3, Vorbis or telephone band. Flat tops as such are rounded by a codec.
    A steady tone is always near its top and counts as 0.
    """
    hop = max(1, round(rate_hz * FRAME_S))
    levels_db = frame_levels_db(mono, rate_hz=rate_hz)
    is_loud = levels_db > silence_below_db(levels_db)
    if not is_loud.any() or levels_db[is_loud].std() < _LEAST_SPREAD_DB:
        return 0.0
    is_voice = np.repeat(is_loud, hop)
    voice = np.abs(mono[: is_voice.size][is_voice])
    return float((voice > _NEAR_TOP * np.quantile(voice, _LOUDEST)).mean()) if voice.size else 0.0


def check_length(duration_s: float) -> None:
    """Raise RecordingError for a recording that is too short to be a clip."""
    if duration_s < LEAST_S:
        raise RecordingError(
            f"it has only {duration_s:.1f} s of sound, too short for a clip; record at least a sentence"
        )


def too_long(duration_s: float, most_s: float) -> RecordingError:
    """The error for a clip that is longer than its place in the bulletin."""
    return RecordingError(
        f"it lasts {duration_s:.1f} s, longer than the {most_s:.0f} s that this bulletin has for a clip; cut it, or allow a cut at a breath (--may-cut)"
    )
