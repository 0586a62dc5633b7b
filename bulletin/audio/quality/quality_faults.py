"""A quality report -> what is wrong: faults, with which it should not go out, and warnings. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bulletin.audio.formats.file_metadata import FileMetadata
from bulletin.audio.metering.loudness import SILENT_LUFS, lufs_to_power
from bulletin.audio.metering.measure_file import STEPS_PER_S, NoticedDefects
from bulletin.audio.metering.quality_report import (
    DEAD_LUFS,
    LONGEST_SILENCE_S,
    QualityLimits,
    QualityReport,
    clock,
)
from bulletin.audio.quality.file_damage import MISSING_S
from bulletin.audio.quality.word_onset import can_tell, find_voice, shift_s
from bulletin.model import Chapter, Cue, Rendition

_NEAR_LU, _NEAR_DB = 0.2, 0.05
"""Further from what was asked for than this is told."""
_EDGE_S = 1.0
"""Half a second of silence at the start does no harm, and a closing jingle may ring out."""
_LEAP_LU = 5.0
"""Over the target for three seconds: EBU R 128 s1 allows short programmes no more (-18 of -23 LUFS)."""
_MOST_RANGE_LU = 15.0
"""Speech with music has three or four; with more one half is too quiet in a car (EBU Tech 3343)."""
_DC, _MOST_DC = 1e-3, 0.05
_MONO_LOSS_LU, _MOST_MONO_LOSS_LU = 4.0, 10.0
"""Music that is wide loses three; with ten the voice itself has cancelled out."""
_CHAPTER_S = 0.3
"""So near to its chapter's start the first word must be heard."""
_SAME_S = 0.05
_HEARD_S = 0.5
"""Within this of its start something of a chapter must be heard, be it music."""
_NAMED = 5
"""Places that are named; of more their number will do."""


def find_faults(report: QualityReport, noticed: NoticedDefects, limits: QualityLimits) -> Iterator[str]:
    """What is wrong in any file, and what does not keep to the limits."""
    yield from _sound_faults(report, noticed)
    starts = [chapter.start_s for chapter in report.chapters]
    if starts != sorted(starts):
        yield "its chapters are not in the order of time"
    for chapter in report.chapters:
        if chapter.end_s > report.duration_s + 0.1 or chapter.end_s <= chapter.start_s:
            yield f'chapter "{chapter.title}" lies outside'
        elif not _is_heard(noticed, chapter.start_s):
            yield f'nothing is heard where chapter "{chapter.title}" starts ({clock(chapter.start_s)})'
    yield from _limit_faults(report, limits)


def find_warnings(report: QualityReport, limits: QualityLimits, cues: Sequence[Cue] = ()) -> Iterator[str]:
    """What an editor should know, and what does not stop it from going out; `cues` of our own files."""
    for quiet_s, where in ((report.quiet_start_s, "start"), (report.quiet_end_s, "end")):
        if _EDGE_S < quiet_s <= LONGEST_SILENCE_S:
            yield f"{quiet_s:.1f} s of silence at the {where}"
    if report.clicks_s:
        yield f"possible clicks: {len(report.clicks_s)}, at {_places(report.clicks_s)}"
    if report.dropouts:
        yield f"the sound drops out at {_places([start for start, _ in report.dropouts])}"
    if _DC < report.dc_offset <= _MOST_DC:
        yield f"the sound is off centre by {report.dc_offset:.4f} of full scale"
    if _MONO_LOSS_LU < report.mono_loss_lu <= _MOST_MONO_LOSS_LU:
        yield f"on one loudspeaker it is {report.mono_loss_lu:.1f} LU less loud"
    yield from _chapter_warnings(report, cues)
    if report.range_lu > _MOST_RANGE_LU:
        yield f"its loudness range is {report.range_lu:.1f} LU: what is quiet will not be heard in a car"
    yield from _limit_warnings(report, limits)


def length_faults(report: QualityReport, said: FileMetadata | None) -> Iterator[str]:
    """Of any encoder's file: what was cut off is missed, a frame too much is not."""
    if said and said.promised is not None:
        promised_s = said.promised / report.rate_hz
        if promised_s - report.duration_s >= MISSING_S:
            yield f"it lasts {report.duration_s:.3f} s, and its header says {promised_s:.3f} s"
    if said and not said.is_whole:
        yield f"it breaks off after {report.duration_s:.3f} s: its end is missing"


def made_faults(
    report: QualityReport, noticed: NoticedDefects, said: FileMetadata | None, made: Rendition
) -> Iterator[str]:
    """Of our own file, of which all is known: when each word is heard, what its tag and header must say."""
    if made.cues and can_tell(voice := find_voice(report.heard, noticed)):
        late_s = shift_s(voice, made.cues)
        if abs(late_s) > _CHAPTER_S:
            yield f"all words are heard {abs(late_s):.1f} s {'later' if late_s > 0 else 'earlier'} than they should"
    if not said:
        return
    if not said.is_whole:
        yield f"it breaks off after {report.duration_s:.3f} s: its end is missing"
    if said.promised not in (None, report.heard.frames):
        yield f"it lasts {report.heard.frames} samples, and its header says {said.promised}"
    yield from _cart_faults(report, said)
    if said.chapters is None:
        return
    if len(said.chapters) != len(made.chapters):
        yield f"its tag has {len(said.chapters)} chapters, not {len(made.chapters)}"
    for written, true in zip(said.chapters, made.chapters, strict=False):
        if abs(written.start_s - true.start_s) > _SAME_S:
            yield (
                f'its tag has chapter "{written.title}" at {clock(written.start_s)}, '
                f"and it starts at {clock(true.start_s)}"
            )


def made_warnings(said: FileMetadata | None, limits: QualityLimits) -> Iterator[str]:
    """What should stand in the tag of our own file."""
    if said:
        wanted = (("title", said.title), ("artist", said.artist), ("picture", said.has_picture))
        for name, is_there in wanted:
            if not is_there and (name != "picture" or (is_there is False and limits.has_artwork)):
                yield f"its tag has no {name}"


def _sound_faults(report: QualityReport, noticed: NoticedDefects) -> Iterator[str]:
    if not report.silences and not bool((noticed.levels > lufs_to_power(DEAD_LUFS)).any()):
        yield "nothing is heard in it"
    for start, end in report.silences:
        yield f"nothing is heard from {start:.1f} to {end:.1f} s"
    if report.clipped:
        yield f"it is clipped at {report.clipped} places"
    if noticed.unsound:
        yield f"it holds {noticed.unsound} values that are no numbers"
    if report.dc_offset > _MOST_DC:
        yield f"the sound is off centre by {report.dc_offset:.2f} of full scale"
    if report.mono_loss_lu > _MOST_MONO_LOSS_LU:
        lost = f"{report.mono_loss_lu:.0f} LU less loud" if report.mono_loss_lu < 60 else "silent"
        yield f"on one loudspeaker it is {lost}: its channels are out of phase"


def _cart_faults(report: QualityReport, said: FileMetadata) -> Iterator[str]:
    """A playout that believes these would cut it off, or never play it."""
    if not said.cart:
        return
    for timer in said.cart.timers:
        if timer.frame > report.heard.frames:
            yield f"its cart has the point {timer.usage} behind its end, at frame {timer.frame}"
    starts, expires = said.cart.starts, said.cart.expires
    if starts and expires and expires <= starts:
        yield f"its cart expires at {expires:%H:%M}, before it may air at {starts:%H:%M}"


def _limit_faults(report: QualityReport, limits: QualityLimits) -> Iterator[str]:
    if limits.loudness_lufs is not None:
        off_lu = report.loudness_lufs - limits.loudness_lufs
        if abs(off_lu) > limits.loudness_tolerance_lu:
            is_quiet = report.loudness_lufs <= SILENT_LUFS
            said = "too quiet to measure" if is_quiet else f"{report.loudness_lufs:.1f} LUFS"
            yield f"{said}, not {limits.loudness_lufs:.1f}"
    if limits.true_peak_dbtp is not None and _over_db(report, limits) > limits.true_peak_tolerance_db:
        yield f"its peaks reach {report.true_peak_dbtp:.1f} dBTP, not {limits.true_peak_dbtp:.1f} at most"
    if limits.duration_s is not None:
        off_s = report.duration_s - limits.duration_s
        if abs(off_s) > limits.duration_tolerance_s:
            yield f"it lasts {report.duration_s:.1f} s, not {limits.duration_s:.1f}"


def _limit_warnings(report: QualityReport, limits: QualityLimits) -> Iterator[str]:
    if limits.loudness_lufs is not None:
        off_lu = abs(report.loudness_lufs - limits.loudness_lufs)
        if _NEAR_LU < off_lu <= limits.loudness_tolerance_lu:
            yield f"{report.loudness_lufs:.1f} LUFS, not quite {limits.loudness_lufs:.1f}"
        if report.short_term_max_lufs > limits.loudness_lufs + _LEAP_LU:
            yield f"for three seconds it is as loud as {report.short_term_max_lufs:.1f} LUFS"
    if (
        limits.true_peak_dbtp is not None
        and _NEAR_DB < _over_db(report, limits) <= limits.true_peak_tolerance_db
    ):
        yield f"its peaks reach {report.true_peak_dbtp:.1f} dBTP, a little over {limits.true_peak_dbtp:.1f}"


def _chapter_warnings(report: QualityReport, cues: Sequence[Cue]) -> Iterator[str]:
    """
    Where nobody begins to speak at a chapter's start, as far as it can be heard.

    Before it, where it is known that nothing is said, that is a jingle of one channel, alike on both sides as
    a voice is; that all words are early would have been found by their cues.
    """
    for chapter, first_s in zip(report.chapters, report.first_words_s, strict=False):
        if first_s is None:
            yield f"{_named(chapter)} starts where nobody begins to speak"
        elif abs(first_s - chapter.start_s) > _CHAPTER_S:
            off_s = first_s - chapter.start_s
            if off_s > 0:
                yield f"the first word of {_named(chapter)} is heard {off_s:.1f} s after it starts"
            elif not cues or _is_said(cues, first_s):
                early = f"the first word of {_named(chapter)} is heard {-off_s:.1f} s before it starts"
                yield early if cues else f"{early}, or music that is alike on both sides"


def _is_said(cues: Sequence[Cue], at_s: float) -> bool:
    return any(cue.start_s <= at_s < cue.end_s for cue in cues)


def _is_heard(noticed: NoticedDefects, at_s: float) -> bool:
    first = int(at_s * STEPS_PER_S)
    near = noticed.levels[first : first + round(_HEARD_S * STEPS_PER_S)]
    return bool((near > lufs_to_power(DEAD_LUFS)).any())


def _named(chapter: Chapter) -> str:
    return f'chapter "{chapter.title}" ({clock(chapter.start_s)})'


def _places(times_s: Sequence[float]) -> str:
    if len(times_s) > _NAMED:
        return f"{len(times_s)} places, first at {clock(times_s[0])}"
    return ", ".join(map(clock, times_s))


def _over_db(report: QualityReport, limits: QualityLimits) -> float:
    """How far the peaks are over their limit; under it when negative."""
    return report.true_peak_dbtp - (math.inf if limits.true_peak_dbtp is None else limits.true_peak_dbtp)
