"""A finished file -> what a listener gets: length, loudness, peaks, silences, faults. Any format that decodes."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bulletin.audio.formats.file_metadata import FileMetadata, read_said
from bulletin.audio.metering.loudness import db_to_gain, lufs_to_power, range_lu, short_term_max_lufs
from bulletin.audio.metering.measure_file import (
    CELLS_PER_S,
    STEPS_PER_S,
    FileMeasurements,
    NoticedDefects,
    measure_file,
)
from bulletin.audio.metering.quality_report import (
    DEAD_LUFS,
    LONGEST_SILENCE_S,
    QualityLimits,
    QualityReport,
    Span,
)
from bulletin.audio.quality.file_damage import describe_format
from bulletin.audio.quality.quality_faults import (
    find_faults,
    find_warnings,
    length_faults,
    made_faults,
    made_warnings,
)
from bulletin.audio.quality.word_onset import can_tell, find_voice, first_word_s
from bulletin.errors import AudioError
from bulletin.model import Chapter, Quality, Rendition
from bulletin.runtime.sound_file import Samples

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.tables.output_options import RenditionOptions

__all__ = ["QualityLimits", "QualityReport", "examine", "inspect", "limits_of"]

_IN_FULL_SWING_LU, _GONE_DB = -14.5, -24.0
"""Samples over the loudness of the whole that a voice reaches all the time; a dropout is so far under them."""
_LEAST_GAP_S, _MOST_GAP_S = 0.01, 0.25
"""Shorter is a click; longer is the silence between two clips, of a voice that ends suddenly."""
_EDGE_CELLS = 2
"""A voice that pauses dies away in more cells than these."""


def limits_of(
    options: RenditionOptions, *, duration_s: float | None = None, has_artwork: bool = False
) -> QualityLimits:
    """
    What the gate asks of a rendition.

    Its making aims at 0.2 LU and at the peak itself, and tells when it missed; what is further off than here
    is broken, not merely a little off.
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

    Without `limits` only what is wrong in any file counts.
    """
    if path.is_dir():
        raise AudioError(f"{path}: is a folder; name a sound file")
    # Before a decoder looks at it: libmpg123 complains of every byte of a text on standard error.
    if kind := describe_format(path):
        raise AudioError(f"{path}: is {kind}; name a WAV, FLAC, OGG, Opus or MP3 file")
    heard = measure_file(path, closely=True)
    noticed, said = _noticed(heard), read_said(path)
    asked = limits or QualityLimits()
    report = _measure(path, heard, noticed, said, chapters=_ended(said, heard))
    return replace(
        report,
        faults=(*length_faults(report, said), *find_faults(report, noticed, asked)),
        warnings=tuple(find_warnings(report, asked)),
    )


def examine(rendition: Rendition, *, limits: QualityLimits, heard: FileMeasurements | None = None) -> Quality:
    """
    What a rendition was found to be; `heard` is what is known of it already, or it is decoded.

    Raises AudioError when it cannot be read from start to end.
    """
    known = heard if heard and heard.noticed else measure_file(rendition.path, closely=True)
    began = time.thread_time()
    noticed, said = _noticed(known), read_said(rendition.path)
    report = _measure(rendition.path, known, noticed, said, chapters=rendition.chapters)
    faults = (*made_faults(report, noticed, said, rendition), *find_faults(report, noticed, limits))
    return Quality(
        short_term_max_lufs=report.short_term_max_lufs,
        range_lu=report.range_lu,
        clipped=report.clipped,
        dc_offset=report.dc_offset,
        mono_loss_lu=report.mono_loss_lu,
        faults=faults,
        warnings=(*find_warnings(report, limits, rendition.cues), *made_warnings(said, limits)),
        seconds=noticed.seconds + time.thread_time() - began,
    )


def _ended(said: FileMetadata | None, heard: FileMeasurements) -> tuple[Chapter, ...]:
    """Chapters of which a file tells only the start last until the next one, or its end."""
    chapters = (said.chapters if said else None) or ()
    return tuple(replace(one, end_s=heard.duration_s) if math.isinf(one.end_s) else one for one in chapters)


def _noticed(heard: FileMeasurements) -> NoticedDefects:
    if not heard.noticed:
        raise ValueError("it was not listened to closely")
    return heard.noticed


def _measure(
    path: Path,
    heard: FileMeasurements,
    noticed: NoticedDefects,
    said: FileMetadata | None,
    *,
    chapters: tuple[Chapter, ...],
) -> QualityReport:
    """All but the verdict."""
    silences = _silences(noticed)
    voice = find_voice(heard, noticed)
    told = said or FileMetadata()
    return QualityReport(
        path=path,
        duration_s=heard.duration_s,
        rate_hz=heard.rate_hz,
        channels=heard.channels,
        loudness_lufs=heard.loudness_lufs,
        short_term_max_lufs=short_term_max_lufs(heard.powers),
        range_lu=range_lu(heard.powers),
        true_peak_dbtp=heard.true_peak_dbtp,
        silences=tuple((start, end) for start, end in silences if end - start > LONGEST_SILENCE_S),
        quiet_start_s=silences[0][1] if silences and silences[0][0] == 0.0 else 0.0,
        quiet_end_s=_quiet_end_s(noticed, silences),
        dropouts=_dropouts(noticed.peaks, loudness_lufs=heard.loudness_lufs),
        clicks_s=noticed.clicks_s,
        clipped=noticed.clipped,
        dc_offset=noticed.dc_offset,
        mono_loss_lu=_mono_loss_lu(heard, noticed),
        title=told.title,
        artist=told.artist,
        has_picture=bool(told.has_picture),
        chapters=chapters,
        first_words_s=tuple(first_word_s(voice, one.start_s) for one in chapters) if can_tell(voice) else (),
        heard=heard,
    )


def _silences(noticed: NoticedDefects) -> list[Span]:
    quiet = np.concatenate([[False], noticed.levels < lufs_to_power(DEAD_LUFS), [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet)) / STEPS_PER_S
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _quiet_end_s(noticed: NoticedDefects, silences: list[Span]) -> float:
    is_last = silences and silences[-1][1] == len(noticed.levels) / STEPS_PER_S
    return silences[-1][1] - silences[-1][0] if is_last else 0.0


def _dropouts(peaks: Samples, *, loudness_lufs: float) -> tuple[Span, ...]:
    """
    Where a sound in full swing is gone within 5 ms, and in full swing again within 5 ms.

    A voice dies away before a pause, and a pause before a plosive ends suddenly, but does not begin so.
    """
    full = db_to_gain(loudness_lufs + _IN_FULL_SWING_LU)
    gone = np.concatenate([[False], peaks < full * db_to_gain(_GONE_DB), [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(gone))
    return tuple(
        (start / CELLS_PER_S, end / CELLS_PER_S)
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        if _LEAST_GAP_S * CELLS_PER_S - 1 <= end - start <= _MOST_GAP_S * CELLS_PER_S
        and peaks[max(0, start - _EDGE_CELLS) : start].max(initial=0.0) > full
        and peaks[end : end + _EDGE_CELLS].max(initial=0.0) > full
    )


def _mono_loss_lu(heard: FileMeasurements, noticed: NoticedDefects) -> float:
    """
    One loudspeaker is compared with as many as there are channels, which play the same.

    Only where it is loud on those: else the music would stand for a voice that has cancelled out.
    """
    loud = noticed.levels > lufs_to_power(heard.loudness_lufs) / 10.0
    both, one = float(noticed.levels[loud].sum()), float(noticed.middle[loud].sum()) * heard.channels
    return 10.0 * math.log10(both / max(one, both * 1e-10)) if both else 0.0
