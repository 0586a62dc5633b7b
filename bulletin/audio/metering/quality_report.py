"""What is asked of a file, and what it was found to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bulletin.audio.metering.measure_file import FileMeasurements
from bulletin.model import Chapter

DEAD_LUFS = -50.0
"""Quieter than this is dead air."""
LONGEST_SILENCE_S = 1.5

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLimits:
    """What a bulletin must keep to; None: does not matter."""

    loudness_lufs: float | None = None
    loudness_tolerance_lu: float = 0.5
    true_peak_dbtp: float | None = None
    true_peak_tolerance_db: float = 0.05
    duration_s: float | None = None
    duration_tolerance_s: float = 0.1
    has_artwork: bool = False
    """A picture must be in its tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """One file, decoded from start to end."""

    path: Path
    duration_s: float
    rate_hz: int
    channels: int
    loudness_lufs: float
    short_term_max_lufs: float
    range_lu: float
    true_peak_dbtp: float
    silences: tuple[Span, ...]
    """Start and end of each stretch under DEAD_LUFS that lasts longer than LONGEST_SILENCE_S."""
    quiet_start_s: float
    """Before anything is heard."""
    quiet_end_s: float
    """After the last that is heard."""
    dropouts: tuple[Span, ...]
    """Where the sound is gone in the middle of a sound, and as suddenly there again."""
    clicks_s: tuple[float, ...]
    """When it may click."""
    clipped: int
    """Flat tops at full scale."""
    dc_offset: float
    """The largest mean of a channel; full scale is 1."""
    mono_loss_lu: float
    """How much louder it is in stereo than on one loudspeaker; out of phase loses much."""
    title: str = ""
    artist: str = ""
    has_picture: bool = False
    chapters: tuple[Chapter, ...] = ()
    first_words_s: tuple[float | None, ...] = ()
    """When the first word of each chapter is heard; None: nobody begins to speak near it. Empty: it cannot be told."""
    heard: FileMeasurements
    faults: tuple[str, ...] = ()
    """Why it should not go out."""
    warnings: tuple[str, ...] = ()

    @property
    def is_fit(self) -> bool:
        return not self.faults


def clock(seconds: float) -> str:
    """83.46 -> "1:23.5"."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"
