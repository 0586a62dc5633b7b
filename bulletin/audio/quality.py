"""A finished file -> what a listener gets: length, loudness, peaks, silences, faults. Any format that decodes."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bulletin.audio.id3 import id3_size, read_chapters
from bulletin.audio.listen import STEPS_PER_S, Heard, Noticed, listen
from bulletin.audio.loudness import SILENT_LUFS, Floats, lufs_to_power, range_lu, short_term_max_lufs
from bulletin.audio.mp3frame import read_length
from bulletin.errors import AudioError
from bulletin.model import Chapter, Quality, Rendition

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.outputs import RenditionOptions

DEAD_LUFS = -50.0
"""Quieter than this is dead air."""
LONGEST_SILENCE_S = 1.5
_MOST_DC = 1e-3
_MOST_MONO_LOSS_LU = 4.0
_NEAR_LU, _NEAR_DB = 0.2, 0.05
"""Further from what was asked for than this is told."""
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
    true_peak_tolerance_db: float = 0.05
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
    """Start and end of each stretch under DEAD_LUFS that lasts longer than LONGEST_SILENCE_S."""
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


def limits_of(options: RenditionOptions, *, duration_s: float | None = None) -> Limits:
    """
    What the gate asks of a rendition.

    Its making aims at 0.2 LU and at the peak itself, and tells when it missed; what is further off than here
    is broken, not merely a little off.
    """
    return Limits(
        loudness_lufs=options.loudness_lufs,
        true_peak_dbtp=options.true_peak_dbtp,
        true_peak_tolerance_db=0.5,
        duration_s=duration_s,
    )


def inspect(path: Path, *, limits: Limits | None = None) -> QualityReport:
    """
    Decode a file and measure it. Raises AudioError when it cannot be read from start to end.

    Without `limits` only what is wrong in any file counts: cut short, silences, clipping, chapters
    that lie outside or where nothing is heard.
    """
    return _report(path, listen(path, closely=True), limits or Limits())


def examine(rendition: Rendition, *, limits: Limits, heard: Heard | None = None) -> Quality:
    """
    What a rendition was found to be; `heard` is what is known of it already, or it is decoded.

    Raises AudioError when it cannot be read from start to end.
    """
    known = heard if heard and heard.noticed else listen(rendition.path, closely=True)
    began = time.thread_time()
    report = _report(rendition.path, known, limits)
    return Quality(
        short_term_max_lufs=report.short_term_max_lufs,
        range_lu=report.range_lu,
        clipped=report.clipped,
        dc_offset=report.dc_offset,
        mono_loss_lu=report.mono_loss_lu,
        faults=report.faults,
        warnings=report.warnings,
        seconds=known.noticed.seconds + time.thread_time() - began if known.noticed else 0.0,
    )


def _report(path: Path, heard: Heard, limits: Limits) -> QualityReport:
    noticed = heard.noticed
    assert noticed, "it was not listened to closely"
    chapters, promised = _read_head(path)
    report = QualityReport(
        path=path,
        duration_s=heard.duration_s,
        rate_hz=heard.rate_hz,
        channels=heard.channels,
        loudness_lufs=heard.loudness_lufs,
        short_term_max_lufs=short_term_max_lufs(heard.powers),
        range_lu=range_lu(heard.powers),
        true_peak_dbtp=heard.true_peak_dbtp,
        silences=_silences(noticed.levels),
        clipped=noticed.clipped,
        dc_offset=noticed.dc_offset,
        mono_loss_lu=_mono_loss_lu(heard, noticed),
        chapters=chapters,
    )
    faults = [
        *_length_faults(report, promised),
        *_sound_faults(report, unsound=noticed.unsound),
        *_chapter_faults(report, noticed.levels),
        *_limit_faults(report, limits),
    ]
    return replace(report, faults=tuple(faults), warnings=tuple(_warnings(report, limits)))


def _mono_loss_lu(heard: Heard, noticed: Noticed) -> float:
    """One loudspeaker is compared with as many as there are channels, which play the same."""
    if heard.loudness_lufs <= SILENT_LUFS:
        return 0.0
    return heard.loudness_lufs - noticed.mono_lufs - 10.0 * float(np.log10(heard.channels))


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


def _silences(levels: Floats) -> tuple[Span, ...]:
    quiet = np.concatenate([[False], levels < lufs_to_power(DEAD_LUFS), [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet)) / STEPS_PER_S
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
    first = int(at_s * STEPS_PER_S)
    near = levels[first : first + round(_CHAPTER_HEARD_S * STEPS_PER_S)]
    return bool((near > lufs_to_power(DEAD_LUFS)).any())


def _limit_faults(report: QualityReport, limits: Limits) -> list[str]:
    faults = []
    if limits.loudness_lufs is not None:
        off_lu = report.loudness_lufs - limits.loudness_lufs
        if abs(off_lu) > limits.loudness_tolerance_lu:
            faults.append(f"{report.loudness_lufs:.1f} LUFS, not {limits.loudness_lufs:.1f}")
    if _over_db(report, limits) > limits.true_peak_tolerance_db:
        faults.append(
            f"its peaks reach {report.true_peak_dbtp:.1f} dBTP, not {limits.true_peak_dbtp:.1f} at most"
        )
    if limits.duration_s is not None:
        off_s = report.duration_s - limits.duration_s
        if abs(off_s) > limits.duration_tolerance_s:
            faults.append(f"it lasts {report.duration_s:.1f} s, not {limits.duration_s:.1f}")
    return faults


def _warnings(report: QualityReport, limits: Limits) -> list[str]:
    warnings = []
    if report.dc_offset > _MOST_DC:
        warnings.append(f"the sound is off centre by {report.dc_offset:.4f} of full scale")
    if report.mono_loss_lu > _MOST_MONO_LOSS_LU:
        warnings.append(f"on one loudspeaker it is {report.mono_loss_lu:.1f} LU less loud")
    if limits.loudness_lufs is not None:
        off_lu = abs(report.loudness_lufs - limits.loudness_lufs)
        if _NEAR_LU < off_lu <= limits.loudness_tolerance_lu:
            warnings.append(f"{report.loudness_lufs:.1f} LUFS, not quite {limits.loudness_lufs:.1f}")
    if _NEAR_DB < _over_db(report, limits) <= limits.true_peak_tolerance_db:
        warnings.append(
            f"its peaks reach {report.true_peak_dbtp:.1f} dBTP, a little over {limits.true_peak_dbtp:.1f}"
        )
    return warnings


def _over_db(report: QualityReport, limits: Limits) -> float:
    """How far the peaks are over their limit; under it when negative."""
    return -np.inf if limits.true_peak_dbtp is None else report.true_peak_dbtp - limits.true_peak_dbtp
