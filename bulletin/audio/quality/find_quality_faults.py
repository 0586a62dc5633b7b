"""QualityReport -> faults, which stop a file, and warnings. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletin.audio.formats.read_sound_file_tags import FileMetadata
from bulletin.audio.metering.loudness import SILENT_LUFS, lufs_to_power
from bulletin.audio.metering.measure_sound_file import STEPS_PER_S
from bulletin.audio.metering.quality_report import (
    DEAD_LUFS,
    LONGEST_SILENCE_S,
    QualityLimits,
    QualityReport,
    clock,
)
from bulletin.audio.quality.detect_file_damage import MISSING_S
from bulletin.audio.quality.find_first_word_time import cue_shift_s, find_voice, has_speech_and_pauses
from bulletin.model import Chapter, Cue, Rendition

_NEAR_LU, _NEAR_DB = 0.2, 0.05
"""Deviations from the limits that are worth a warning."""
_EDGE_S = 1.0
"""Silence at an end without a warning: a closing jingle may ring out."""
_LEAP_LU = 5.0
"""Most short-term loudness over the target (EBU R 128 s1: -18 of -23 LUFS in short programmes)."""
_MOST_RANGE_LU = 15.0
"""Largest loudness range; speech with music has three or four (EBU Tech 3343)."""
_DC, _MOST_DC = 1e-3, 0.05
_MONO_LOSS_LU, _MOST_MONO_LOSS_LU = 4.0, 10.0
"""Loss in mono of a warning and of a fault: wide music loses three, a voice out of phase more than ten."""
_CHAPTER_S = 0.3
"""Largest distance of a first word from the start of its chapter."""
_SAME_S = 0.05
_HEARD_S = 0.5
"""Longest silence at the start of a chapter."""
_MOST_TIMES = 5
"""Most times that a message lists; of more it gives the number."""
_MOST_DROPOUTS_A_MINUTE = 15
"""More are the silent stops of a formant synthesizer (`mixing.silent_stops`): a German bulletin of espeak had 40 a minute."""


def find_faults(report: QualityReport, limits: QualityLimits) -> Iterator[str]:
    """Faults of any file, and limits that it does not keep."""
    if not report.silences and not bool((report.levels > lufs_to_power(DEAD_LUFS)).any()):
        yield "the file is silent"
    for start, end in report.silences:
        yield f"dead air from {start:.1f} to {end:.1f} s"
    if report.clipped:
        yield f"clipped at {report.clipped} places"
    if report.not_finite:
        yield f"{report.not_finite} samples are no numbers (NaN or infinite)"
    starts = [chapter.start_s for chapter in report.chapters]
    if starts != sorted(starts):
        yield "chapters are not in order of time"
    for chapter in report.chapters:
        if chapter.end_s > report.duration_s + 0.1 or chapter.end_s <= chapter.start_s:
            yield f'chapter "{chapter.title}" ends after the file, or before it starts'
        elif not _is_audible(report, chapter.start_s):
            yield f"silence where {_name(chapter)} starts"
    yield from (text for text, is_fault in _grade_levels(report, limits) if is_fault)


def find_warnings(report: QualityReport, limits: QualityLimits, cues: Sequence[Cue] = ()) -> Iterator[str]:
    """Defects that an editor should know of, but that do not stop the file; `cues` of our own files."""
    for quiet_s, where in ((report.quiet_start_s, "start"), (report.quiet_end_s, "end")):
        if _EDGE_S < quiet_s <= LONGEST_SILENCE_S:
            yield f"{quiet_s:.1f} s of silence at the {where}"
    if report.clicks_s:
        yield f"possible clicks: {len(report.clicks_s)}, at {_list_times(report.clicks_s)}"
    if report.dropouts:
        gaps = _list_times([start for start, _ in report.dropouts])
        is_voice = len(report.dropouts) > _MOST_DROPOUTS_A_MINUTE * max(1.0, report.duration_s / 60)
        yield (
            f"gaps within words: {gaps}: a robotic voice such as espeak has them, in any other file sound is lost"
            if is_voice
            else f"dropouts: {gaps}"
        )
    yield from _chapter_warnings(report, cues)
    if report.range_lu > _MOST_RANGE_LU:
        yield f"loudness range {report.range_lu:.1f} LU: quiet parts are lost in a car"
    yield from (text for text, is_fault in _grade_levels(report, limits) if not is_fault)


def length_faults(report: QualityReport, metadata: FileMetadata | None) -> Iterator[str]:
    """Faults of length in a file of any encoder: a missing end, but not a frame too much."""
    if metadata and metadata.promised_frames is not None:
        promised_s = metadata.promised_frames / report.rate_hz
        if promised_s - report.duration_s >= MISSING_S:
            yield f"{report.duration_s:.3f} s of sound, its header says {promised_s:.3f} s"
    yield from _truncation_faults(report, metadata)


def own_file_faults(
    report: QualityReport, metadata: FileMetadata | None, rendition: Rendition
) -> Iterator[str]:
    """Faults of our own file: the times of its words, its tags and its header are known."""
    if rendition.cues and has_speech_and_pauses(voice := find_voice(report)):
        late_s = cue_shift_s(voice, rendition.cues)
        if abs(late_s) > _CHAPTER_S:
            yield f"all words are {abs(late_s):.1f} s {'late' if late_s > 0 else 'early'}"
    if not metadata:
        return
    yield from _truncation_faults(report, metadata)
    if metadata.promised_frames not in (None, report.frames):
        yield f"{report.frames} frames of sound, its header says {metadata.promised_frames}"
    yield from _cart_faults(report, metadata)
    if metadata.chapters is None:
        return
    if len(metadata.chapters) != len(rendition.chapters):
        yield f"its tag has {len(metadata.chapters)} chapters, not {len(rendition.chapters)}"
    for written, true in zip(metadata.chapters, rendition.chapters, strict=False):
        if abs(written.start_s - true.start_s) > _SAME_S:
            yield (
                f'its tag has chapter "{written.title}" at {clock(written.start_s)}, '
                f"and it starts at {clock(true.start_s)}"
            )


def own_file_warnings(metadata: FileMetadata | None, limits: QualityLimits) -> Iterator[str]:
    """Fields that the tag of our own file lacks."""
    if not metadata:
        return
    for name, value in (("title", metadata.title), ("artist", metadata.artist)):
        if not value:
            yield f"its tag has no {name}"
    if metadata.has_picture is False and limits.has_artwork:
        yield "its tag has no picture"


def _truncation_faults(report: QualityReport, metadata: FileMetadata | None) -> Iterator[str]:
    if metadata and not metadata.has_end:
        yield f"breaks off after {report.duration_s:.3f} s: its end is missing"


def _cart_faults(report: QualityReport, metadata: FileMetadata) -> Iterator[str]:
    """Faults of the cart chunk with which a playout would cut the file off, or never play it."""
    if not metadata.cart:
        return
    for usage, frame in metadata.cart.timers:
        if frame > report.frames:
            yield f"cart timer {usage} is after the end, at frame {frame}"
    starts, expires = metadata.cart.starts, metadata.cart.expires
    if starts and expires and expires <= starts:
        yield f"cart expires at {expires:%H:%M}, before it may air at {starts:%H:%M}"


def _grade_levels(report: QualityReport, limits: QualityLimits) -> Iterator[tuple[str, bool]]:
    """Levels and lengths out of line, and whether each is a fault; else it is a warning."""
    if report.dc_offset > _DC:
        yield f"DC offset of {report.dc_offset:.4f} of full scale", report.dc_offset > _MOST_DC
    if report.mono_loss_lu > _MONO_LOSS_LU:
        loss = f"{report.mono_loss_lu:.1f} LU quieter" if report.mono_loss_lu < 60 else "silent"
        is_out = report.mono_loss_lu > _MOST_MONO_LOSS_LU
        yield f"{loss} in mono" + (": its channels are out of phase" if is_out else ""), is_out
    if limits.loudness_lufs is not None:
        off_lu = abs(report.loudness_lufs - limits.loudness_lufs)
        if off_lu > min(_NEAR_LU, limits.loudness_tolerance_lu):
            is_quiet = report.loudness_lufs <= SILENT_LUFS
            loudness = "too quiet to measure" if is_quiet else f"{report.loudness_lufs:.1f} LUFS"
            yield f"{loudness}, target {limits.loudness_lufs:.1f}", off_lu > limits.loudness_tolerance_lu
        if report.short_term_max_lufs > limits.loudness_lufs + _LEAP_LU:
            yield f"the loudest three seconds reach {report.short_term_max_lufs:.1f} LUFS", False
    if limits.true_peak_dbtp is not None:
        over_db = report.true_peak_dbtp - limits.true_peak_dbtp
        if over_db > min(_NEAR_DB, limits.true_peak_tolerance_db):
            peak = f"true peak {report.true_peak_dbtp:.1f} dBTP, limit {limits.true_peak_dbtp:.1f}"
            yield peak, over_db > limits.true_peak_tolerance_db
    target_s = report.duration_s if limits.duration_s is None else limits.duration_s
    if abs(report.duration_s - target_s) > limits.duration_tolerance_s:
        yield f"length {report.duration_s:.1f} s, target {target_s:.1f}", True


def _chapter_warnings(report: QualityReport, cues: Sequence[Cue]) -> Iterator[str]:
    """
    Chapters whose first word is not at their start, as far as that can be measured.

    A first word that comes early and in no cue is a mono jingle, which measures like a voice; words that are
    all early are a fault of own_file_faults.
    """
    for chapter, first_s in zip(report.chapters, report.first_words_s, strict=False):
        if first_s is None:
            yield f"no word begins near the start of {_name(chapter)}"
        elif abs(first_s - chapter.start_s) > _CHAPTER_S:
            off_s = first_s - chapter.start_s
            if off_s > 0:
                yield f"the first word of {_name(chapter)} is {off_s:.1f} s late"
            elif not cues or any(cue.start_s <= first_s < cue.end_s for cue in cues):
                early = f"the first word of {_name(chapter)} is {-off_s:.1f} s early"
                yield early if cues else f"{early}, or it is mono music"


def _is_audible(report: QualityReport, at_s: float) -> bool:
    first = int(at_s * STEPS_PER_S)
    near = report.levels[first : first + round(_HEARD_S * STEPS_PER_S)]
    return bool((near > lufs_to_power(DEAD_LUFS)).any())


def _name(chapter: Chapter) -> str:
    return f'chapter "{chapter.title}" ({clock(chapter.start_s)})'


def _list_times(times_s: Sequence[float]) -> str:
    if len(times_s) > _MOST_TIMES:
        return f"{len(times_s)}, first at {clock(times_s[0])}"
    return ", ".join(map(clock, times_s))
