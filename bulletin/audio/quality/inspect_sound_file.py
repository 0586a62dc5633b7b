"""Finished file -> QualityReport or Quality: length, loudness, peaks, silences, faults. Any format that decodes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bulletin.audio.formats.read_sound_file_tags import FileMetadata, read_metadata
from bulletin.audio.metering.loudness import SHORT_TERM, db_to_gain, loudest_lufs, lufs_to_power, range_lu
from bulletin.audio.metering.measure_sound_file import (
    CELLS_PER_S,
    STEPS_PER_S,
    FileMeasurements,
    find_runs,
    measure_file,
)
from bulletin.audio.metering.quality_report import (
    DEAD_LUFS,
    LONGEST_SILENCE_S,
    QualityLimits,
    QualityReport,
    Span,
)
from bulletin.audio.quality.detect_file_damage import describe_format
from bulletin.audio.quality.find_first_word_time import find_voice, first_word_s, has_speech_and_pauses
from bulletin.audio.quality.find_quality_faults import (
    find_faults,
    find_warnings,
    length_faults,
    own_file_faults,
    own_file_warnings,
)
from bulletin.errors import AudioError
from bulletin.model import Chapter, Quality, Rendition

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.tables.output_options import RenditionOptions

__all__ = ["QualityLimits", "QualityReport"]

_IN_FULL_SWING_LU, _GONE_DB = -14.5, -24.0
"""Peak level that a voice reaches all the time, relative to the loudness of the file; and a dropout, relative to that."""
_LEAST_GAP_S, _MOST_GAP_S = 0.01, 0.25
"""Lengths of a dropout: shorter is a click, longer a pause between two clips."""
_EDGE_CELLS = 2
"""Cells in which a dropout sets in; a voice that pauses dies away in more."""
_SAME_S = 0.01
"""Most that a gap of the file exceeds the same gap of the clip at each end: two cells for each, and the encoder's delay."""


def limits_of(
    options: RenditionOptions, *, duration_s: float | None = None, has_artwork: bool = False
) -> QualityLimits:
    """
    Limits of the quality gate for a rendition.

    The mixer hits loudness within 0.2 LU and the exact peak, or notes that it missed; a file beyond these
    limits is broken.
    """
    return QualityLimits(
        loudness_lufs=options.loudness_lufs,
        true_peak_dbtp=options.true_peak_dbtp,
        true_peak_tolerance_db=0.5,
        duration_s=duration_s,
        has_artwork=has_artwork,
    )


def inspect(path: Path, *, limits: QualityLimits | None = None) -> QualityReport:
    """
    Decode a file and measure it. Raises AudioError when it cannot be read from start to end.

    Without `limits` only faults of any file count.
    """
    if path.is_dir():
        raise AudioError(f"{path}: is a folder; name a sound file")
    # Before decoding: libmpg123 complains of every byte of a text on standard error.
    if kind := describe_format(path):
        raise AudioError(f"{path}: is {kind}; name a WAV, FLAC, OGG, Opus or MP3 file")
    measured, metadata = measure_file(path), read_metadata(path)
    limits = limits or QualityLimits()
    report = _report(path, measured, metadata, chapters=_end_chapters(metadata, measured))
    return replace(
        report,
        faults=(*length_faults(report, metadata), *find_faults(report, limits)),
        warnings=tuple(find_warnings(report, limits)),
    )


def examine(
    rendition: Rendition,
    *,
    limits: QualityLimits,
    measured: FileMeasurements | None = None,
    stops: Callable[[], Sequence[Span]] = tuple,
) -> Quality:
    """
    Quality of a rendition; the file is decoded unless it was `measured` already.

    `stops` gives the gaps within the words of a robotic voice, which are no dropouts; it is called if there are any.
    Raises AudioError when it cannot be read from start to end.
    """
    measured = measured or measure_file(rendition.path)
    began = time.thread_time()
    metadata = read_metadata(rendition.path)
    report = _report(rendition.path, measured, metadata, chapters=rendition.chapters)
    if report.dropouts:
        report = replace(report, dropouts=_without_stops(report.dropouts, stops()))
    faults = (*own_file_faults(report, metadata, rendition), *find_faults(report, limits))
    return Quality(
        short_term_max_lufs=report.short_term_max_lufs,
        range_lu=report.range_lu,
        clipped=report.clipped,
        dc_offset=report.dc_offset,
        mono_loss_lu=report.mono_loss_lu,
        faults=faults,
        warnings=(*find_warnings(report, limits, rendition.cues), *own_file_warnings(metadata, limits)),
        seconds=measured.seconds + time.thread_time() - began,
    )


def _end_chapters(metadata: FileMetadata | None, measured: FileMeasurements) -> tuple[Chapter, ...]:
    """Chapters with an end: the last one without an end lasts until the end of the file."""
    chapters = (metadata.chapters if metadata else None) or ()
    return tuple(
        replace(chapter, end_s=measured.duration_s) if math.isinf(chapter.end_s) else chapter
        for chapter in chapters
    )


def _report(
    path: Path, measured: FileMeasurements, metadata: FileMetadata | None, *, chapters: tuple[Chapter, ...]
) -> QualityReport:
    """Report without its faults and warnings."""
    silences = _spans(measured.levels < lufs_to_power(DEAD_LUFS))
    end_s = len(measured.levels) / STEPS_PER_S
    voice = find_voice(measured)
    tags = metadata or FileMetadata()
    return QualityReport(
        **{field.name: getattr(measured, field.name) for field in fields(measured)},
        path=path,
        short_term_max_lufs=loudest_lufs(measured.powers, hops=SHORT_TERM),
        range_lu=range_lu(measured.powers),
        silences=tuple((start, end) for start, end in silences if end - start > LONGEST_SILENCE_S),
        quiet_start_s=sum(end - start for start, end in silences[:1] if start == 0.0),
        quiet_end_s=sum(end - start for start, end in silences[-1:] if end == end_s),
        dropouts=_dropouts(measured),
        mono_loss_lu=_mono_loss_lu(measured),
        title=tags.title,
        artist=tags.artist,
        has_picture=bool(tags.has_picture),
        chapters=chapters,
        first_words_s=tuple(first_word_s(voice, chapter.start_s) for chapter in chapters)
        if has_speech_and_pauses(voice)
        else (),
    )


def _spans(is_quiet: npt.NDArray[np.bool_]) -> list[Span]:
    """Start and end of each quiet stretch, in seconds."""
    return [(start / STEPS_PER_S, end / STEPS_PER_S) for start, end in find_runs(is_quiet)]


def _dropouts(measured: FileMeasurements) -> tuple[Span, ...]:
    """
    Gaps that begin and end within 5 ms in the middle of loud sound.

    A voice dies away before a pause; the pause before a plosive ends suddenly, but does not begin so.
    """
    peaks, cell_s = measured.peaks, measured.cell_s
    full = db_to_gain(measured.loudness_lufs + _IN_FULL_SWING_LU)
    return tuple(
        (start * cell_s, end * cell_s)
        for start, end in find_runs(peaks < full * db_to_gain(_GONE_DB))
        if _LEAST_GAP_S * CELLS_PER_S - 1 <= end - start <= _MOST_GAP_S * CELLS_PER_S
        and peaks[max(0, start - _EDGE_CELLS) : start].max(initial=0.0) > full
        and peaks[end : end + _EDGE_CELLS].max(initial=0.0) > full
    )


def _without_stops(dropouts: Sequence[Span], stops: Sequence[Span]) -> tuple[Span, ...]:
    """Dropouts that lie in none of the stops."""
    return tuple(
        (start, end)
        for start, end in dropouts
        if not any(first - _SAME_S <= start and end <= last + _SAME_S for first, last in stops)
    )


def _mono_loss_lu(measured: FileMeasurements) -> float:
    """
    Loss of loudness in mono, compared with the same signal on all channels.

    Measured in loud steps only: else music would hide a voice that has cancelled out.
    """
    loud = measured.levels > lufs_to_power(measured.loudness_lufs) / 10.0
    stereo = float(measured.levels[loud].sum())
    mono = float(measured.middle[loud].sum()) * measured.channels
    return 10.0 * math.log10(stereo / max(mono, stereo * 1e-10)) if stereo else 0.0
