"""QualityLimits and QualityReport: requirements for a sound file, and its measurements."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bulletin.audio.metering.measure_sound_file import FileMeasurements
from bulletin.model import Chapter

DEAD_LUFS = -50.0
"""Loudness under which sound is dead air."""
LONGEST_SILENCE_S = 1.5

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLimits:
    """Limits of a bulletin; None: no limit."""

    loudness_lufs: float | None = None
    loudness_tolerance_lu: float = 0.5
    true_peak_dbtp: float | None = None
    true_peak_tolerance_db: float = 0.05
    duration_s: float | None = None
    duration_tolerance_s: float = 0.1
    has_artwork: bool = False
    """Its tag must have a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport(FileMeasurements):
    """Measurements of one file, and the judgement on it."""

    path: Path
    short_term_max_lufs: float
    range_lu: float
    silences: tuple[Span, ...]
    """Start and end of each stretch under DEAD_LUFS that is longer than LONGEST_SILENCE_S."""
    quiet_start_s: float
    """Silence at the start."""
    quiet_end_s: float
    """Silence at the end."""
    dropouts: tuple[Span, ...]
    """Short gaps in the middle of loud sound."""
    mono_loss_lu: float
    """Loss of loudness in mono; channels out of phase lose much."""
    title: str = ""
    artist: str = ""
    has_picture: bool = False
    chapters: tuple[Chapter, ...] = ()
    first_words_s: tuple[float | None, ...] = ()
    """Time of the first word of each chapter, None without one near it; empty when it cannot be measured."""
    faults: tuple[str, ...] = ()
    """Reasons not to air it."""
    warnings: tuple[str, ...] = ()

    @property
    def is_fit(self) -> bool:
        return not self.faults


def clock(seconds: float) -> str:
    """83.46 -> "1:23.5"."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"
