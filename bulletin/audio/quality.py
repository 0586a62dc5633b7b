"""A finished file -> what a listener gets: length, loudness, peaks, silences, faults. Any format that decodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bulletin.audio.id3 import id3_size, read_chapters
from bulletin.audio.loudness import Floats, Meter
from bulletin.audio.mp3frame import read_length
from bulletin.errors import AudioError
from bulletin.model import Chapter
from bulletin.pcm import Samples, read_blocks

SILENT_DBFS = -50.0
LONGEST_SILENCE_S = 1.5
_MOST_DC = 1e-3
_SILENCE_STEPS_PER_S = 20
_CLIPPED_AT = 0.999
_CLIPPED_RUN = 3
"""Neighbours at full scale that make a flat top; one alone may be a peak that just fits."""
_CHAPTER_HEARD_S = 0.5
_MISSING_S = 0.1
"""Encoders that say nothing of their delay promise up to two frames too much."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a bulletin must keep to; None: does not matter."""

    loudness_lufs: float | None = None
    loudness_tolerance_lu: float = 0.5
    true_peak_dbtp: float | None = None
    duration_s: float | None = None
    duration_tolerance_s: float = 0.1


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
    """Start and end of each stretch under SILENT_DBFS that lasts longer than LONGEST_SILENCE_S."""
    clipped: int
    """Flat tops at full scale."""
    dc_offset: float
    """The largest mean of a channel; full scale is 1."""
    mono_loss_lu: float
    """How much louder it is in stereo than on one loudspeaker; out of phase loses much."""
    chapters: tuple[Chapter, ...] = ()
    faults: tuple[str, ...] = ()
    """Why it should not go out."""
    warnings: tuple[str, ...] = ()

    @property
    def is_fit(self) -> bool:
        return not self.faults


def inspect(path: Path, *, limits: Limits | None = None) -> QualityReport:
    """
    Decode a file and measure it. Raises AudioError when it cannot be read from start to end.

    Without `limits` only what is wrong in any file counts: cut short, silences, clipping, chapters
    that lie outside or where nothing is heard.
    """
    gauge = _listen(path)
    chapters, promised = _read_head(path)
    report = gauge.report(path, chapters)
    faults = [
        *_length_faults(report, promised),
        *_sound_faults(report, unsound=gauge.unsound),
        *_chapter_faults(report, gauge.levels),
        *_limit_faults(report, limits or Limits()),
    ]
    warnings = []
    if report.dc_offset > _MOST_DC:
        warnings.append(f"the sound is off centre by {report.dc_offset:.4f} of full scale")
    if report.mono_loss_lu > 4.0:
        warnings.append(f"on one loudspeaker it is {report.mono_loss_lu:.1f} LU less loud")
    return replace(report, faults=tuple(faults), warnings=tuple(warnings))


@dataclass(slots=True)
class _Gauge:
    """Takes a sound block by block."""

    rate_hz: int
    meter: Meter
    mono: Meter
    sums: Floats
    frames: int = 0
    clipped: int = 0
    unsound: int = 0
    """Values that are no numbers."""
    _levels: list[Floats] = field(default_factory=list)
    _rest: Samples | None = None

    def feed(self, block: Samples) -> None:
        if not np.isfinite(block).all():
            self.unsound += int(np.count_nonzero(~np.isfinite(block)))
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        self.meter.feed(block)
        self.mono.feed(block.mean(axis=1, keepdims=True, dtype=np.float32))
        self.sums += block.sum(axis=0, dtype=np.float64)
        self.clipped += sum(_flat_tops(block[:, n]) for n in range(block.shape[1]))
        joined = block if self._rest is None else np.concatenate([self._rest, block])
        step = max(1, self.rate_hz // _SILENCE_STEPS_PER_S)
        count = len(joined) // step
        framed = joined[: count * step].reshape(count, step * joined.shape[1])
        self._levels.append(np.square(framed, dtype=np.float64).mean(axis=1))
        self._rest = joined[count * step :]
        self.frames += len(block)

    @property
    def levels(self) -> Floats:
        """Level of each twentieth of a second in dBFS."""
        return np.asarray(10.0 * np.log10(np.maximum(np.concatenate(self._levels), 1e-12)))

    def report(self, path: Path, chapters: tuple[Chapter, ...]) -> QualityReport:
        channels = len(self.sums)
        # One loudspeaker is compared with two that play the same.
        on_one = self.mono.integrated_lufs + 10.0 * float(np.log10(channels))
        return QualityReport(
            path=path,
            duration_s=self.frames / self.rate_hz,
            rate_hz=self.rate_hz,
            channels=channels,
            loudness_lufs=self.meter.integrated_lufs,
            short_term_max_lufs=self.meter.short_term_max_lufs,
            range_lu=self.meter.range_lu,
            true_peak_dbtp=self.meter.true_peak_dbtp,
            silences=_silences(self.levels, self.rate_hz),
            clipped=self.clipped,
            dc_offset=float(np.abs(self.sums / self.frames).max()),
            mono_loss_lu=self.meter.integrated_lufs - on_one,
            chapters=chapters,
        )


def _listen(path: Path) -> _Gauge:
    gauge: _Gauge | None = None
    for block, rate_hz in read_blocks(path):
        if gauge is None:
            channels = block.shape[1]
            gauge = _Gauge(
                rate_hz=rate_hz,
                meter=Meter(rate_hz=rate_hz, channels=channels),
                mono=Meter(rate_hz=rate_hz, channels=1),
                sums=np.zeros(channels),
            )
        gauge.feed(block)
    if gauge is None:
        raise AudioError(f"{path}: holds no sound")
    return gauge


def _read_head(path: Path) -> tuple[tuple[Chapter, ...], int | None]:
    """Chapters of its tag, and the samples that its first frame promises."""
    try:
        with path.open("rb") as file:
            size = id3_size(file.read(10))
            file.seek(0)
            tag, first = file.read(size), file.read(4096)
    except OSError as error:
        raise AudioError(f"{path}: cannot be read ({error.strerror})") from error
    return read_chapters(tag), read_length(first)


def _flat_tops(side: Samples) -> int:
    """Runs of at least three neighbours at full scale."""
    high = np.abs(side) >= _CLIPPED_AT
    if not high.any():
        return 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], high, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2] >= _CLIPPED_RUN).sum())


def _silences(levels: Floats, rate_hz: int) -> tuple[Span, ...]:
    step_s = max(1, rate_hz // _SILENCE_STEPS_PER_S) / rate_hz
    quiet = np.concatenate([[False], levels < SILENT_DBFS, [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet)) * step_s
    spans = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return tuple((start, end) for start, end in spans if end - start > LONGEST_SILENCE_S)


def _length_faults(report: QualityReport, promised: int | None) -> list[str]:
    if promised is None:
        return []
    missing_s = promised / report.rate_hz - report.duration_s
    if missing_s < _MISSING_S:
        return []
    return [f"it lasts {report.duration_s:.3f} s, and its header says {promised / report.rate_hz:.3f} s"]


def _sound_faults(report: QualityReport, *, unsound: int) -> list[str]:
    faults = [f"nothing is heard from {start:.1f} to {end:.1f} s" for start, end in report.silences]
    if report.clipped:
        faults.append(f"it is clipped at {report.clipped} places")
    if unsound:
        faults.append(f"it holds {unsound} values that are no numbers")
    return faults


def _chapter_faults(report: QualityReport, levels: Floats) -> list[str]:
    """Chapters come in the order of time, lie inside, and something is heard where they start."""
    faults = []
    starts = [chapter.start_s for chapter in report.chapters]
    if starts != sorted(starts):
        faults.append("its chapters are not in the order of time")
    for chapter in report.chapters:
        if chapter.end_s > report.duration_s + 0.1 or chapter.end_s <= chapter.start_s:
            faults.append(f'chapter "{chapter.title}" lies outside')
        elif not _is_heard(levels, chapter.start_s):
            faults.append(
                f'nothing is heard where chapter "{chapter.title}" starts ({chapter.start_s:.1f} s)'
            )
    return faults


def _is_heard(levels: Floats, at_s: float) -> bool:
    first = int(at_s * _SILENCE_STEPS_PER_S)
    near: Sequence[float] = levels[first : first + round(_CHAPTER_HEARD_S * _SILENCE_STEPS_PER_S)].tolist()
    return any(level > SILENT_DBFS for level in near)


def _limit_faults(report: QualityReport, limits: Limits) -> list[str]:
    faults = []
    if limits.loudness_lufs is not None:
        off_lu = report.loudness_lufs - limits.loudness_lufs
        if abs(off_lu) > limits.loudness_tolerance_lu:
            faults.append(f"{report.loudness_lufs:.1f} LUFS, not {limits.loudness_lufs:.1f}")
    if limits.true_peak_dbtp is not None and report.true_peak_dbtp > limits.true_peak_dbtp + 0.05:
        faults.append(
            f"its peaks reach {report.true_peak_dbtp:.1f} dBTP, not {limits.true_peak_dbtp:.1f} at most"
        )
    if limits.duration_s is not None:
        off_s = report.duration_s - limits.duration_s
        if abs(off_s) > limits.duration_tolerance_s:
            faults.append(f"it lasts {report.duration_s:.1f} s, not {limits.duration_s:.1f}")
    return faults
