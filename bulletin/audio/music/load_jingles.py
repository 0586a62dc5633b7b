"""StationJingles -> LoadedJingles: each file at the mixing rate and level, with its mix point; unfit ones left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from bulletin.audio.fade_and_join_clips import fade_ends
from bulletin.audio.metering.loudness import db_to_gain, measure_lufs, measure_powers
from bulletin.audio.music.find_mix_points import find_mix_points
from bulletin.audio.music.jingle_clicks import describe_clicks, find_jingle_clicks
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle, cached_jingle
from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming
from bulletin.audio.quality.detect_file_damage import (
    describe_format,
    describe_truncation,
    is_clipped,
    lost_share,
)
from bulletin.errors import AudioError
from bulletin.imaging.find_shipped_jingle_sets import MixPoints, mix_points
from bulletin.runtime.read_sound_file import Samples, read_blocks
from bulletin.runtime.resampling import resample

REFERENCE_LUFS = -16.0
"""Loudness of the voice while mixing; one gain then brings the mix to the target of its rendition."""
_LONGEST_S = {JingleKind.IDENT: 15.0, JingleKind.BED: 180.0, JingleKind.CLOSING: 20.0}
_LONGEST_STING_S = 8.0
"""Longest part of a jingle that airs in a news bulletin; the rest is faded out."""
_LOUDER_THAN_VOICE_LU = {JingleKind.IDENT: -1.0, JingleKind.BED: 0.0, JingleKind.CLOSING: -1.0}
"""Loudness of a jingle alone; its envelope then ducks it under the voice."""
_STING_LOUDER_LU = -2.0
_SILENT = 10 ** (-60 / 20)
_MOST_LOST = 0.1
"""Share of an MP3 outside its frames: a tag at its end takes less, and one lost frame is only a click."""
_BRIEF_S = 0.5
"""Shortest music that is more than a click; a shorter bed would buzz."""
_MOST_GAIN_DB = 20.0
_LEAST_RATE_HZ = 4_000
"""Half the rate of a telephone; a lower one is a broken header, and has no K-weighting filter."""
_LOOP_FADE_S = 0.5
_START_FADE_MS, _END_FADE_MS, _CUT_FADE_MS = 2, 10, 1500
"""The last is the fade of a jingle that is cut to its longest length."""
_BLOCK_S = 0.25
"""Most sound that is lost before the point where a FLAC breaks off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationJingles:
    """The station's jingle files; None for a jingle that it does not have."""

    ident: Path | None = None
    bed: Path | None = None
    sting: Path | None = None
    closing: Path | None = None
    sport: Path | None = None
    """Replaces the sting before the first story of its section; so do the next two."""
    weather: Path | None = None
    travel: Path | None = None
    mix_points_s: Mapping[str, float] = field(default_factory=dict)
    """Mix point by jingle, from the profile; without one the sheet beside the file or the music itself decides."""
    cache: Path | None = None
    """Folder for prepared jingles; None: they are not stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedJingles:
    """Jingles ready for the mix, and notes on omitted or damaged ones."""

    jingles: Mapping[JingleKind, PreparedJingle]
    notes: tuple[str, ...]

    @property
    def timings(self) -> dict[JingleKind, JingleTiming]:
        return {kind: jingle.timing for kind, jingle in self.jingles.items()}


def load_jingles(jingles: StationJingles, *, rate_hz: int, voice_lufs: float) -> LoadedJingles:
    """
    Prepare the station's jingles for a mix: any sampling rate, sample format, channel count and length.

    A jingle that is missing, silent or unreadable is left out, with a note: the bulletin airs without it.
    """
    prepared: dict[JingleKind, PreparedJingle] = {}
    notes: list[str] = []
    for kind, path in _jingle_files(jingles):
        mix_s = jingles.mix_points_s.get(kind)
        try:
            source = (path, kind, rate_hz, voice_lufs, _known_points(path, mix_s), mix_s)
            jingle = _prepare_once(jingles.cache, _version(path), *source)
        except AudioError as error:
            notes.append(f"without {kind}: {error}")
        else:
            prepared[kind] = jingle
            notes += jingle.notes
    return LoadedJingles(jingles=prepared, notes=tuple(notes))


def read_timings(jingles: StationJingles) -> dict[JingleKind, JingleTiming]:
    """Length and mix points of the station's jingles; an unreadable one is left out."""
    return load_jingles(jingles, rate_hz=44_100, voice_lufs=REFERENCE_LUFS).timings


def _jingle_files(jingles: StationJingles) -> Iterator[tuple[JingleKind, Path]]:
    for kind in JingleKind:
        path: Path | None = getattr(jingles, kind)
        if path is not None:
            yield kind, path


def _version(path: Path) -> tuple[int, int] | None:
    """Time of the last change, in nanoseconds, and bytes; None for a file that cannot be read."""
    with suppress(OSError):
        status = path.stat()
        return status.st_mtime_ns, status.st_size
    return None


@lru_cache(maxsize=16)
def _prepare_once(cache: Path | None, version: tuple[int, int] | None, *source: Any) -> PreparedJingle:
    """Each version of a file is prepared once: by a service in memory, between processes in the folder."""
    return cached_jingle(cache, (version, *source), partial(_prepare_jingle, *source))


def _prepare_jingle(
    path: Path,
    kind: JingleKind,
    rate_hz: int,
    voice_lufs: float,
    points: MixPoints | None,
    mix_s: float | None,
) -> PreparedJingle:
    """A jingle at its rate and level."""
    samples, file_hz, is_longer, notes = _decode(path, kind, trims=not points)
    length_s = len(samples) / file_hz
    if mix_s is not None and mix_s > length_s:
        notes.append(f"{kind}: its mix point, {mix_s:g} s, is after its end at {length_s:.1f} s")
    if not points and kind is not JingleKind.BED:
        points = find_mix_points(samples, rate_hz=file_hz)
    samples = resample(samples, rate_hz=file_hz, to_hz=rate_hz)
    if kind is JingleKind.BED:
        samples = _make_loop(samples, rate_hz=rate_hz)
    else:
        out_ms = _CUT_FADE_MS if is_longer else _END_FADE_MS
        fade_ends(samples, rate_hz=rate_hz, in_ms=_START_FADE_MS, out_ms=out_ms)
    clicks_s = find_jingle_clicks(samples, rate_hz=rate_hz)
    if clicks_s:
        notes.append(f"{kind}: {path.name} {describe_clicks(clicks_s)}")
    powers = measure_powers(samples, rate_hz=rate_hz)
    loudness = measure_lufs(samples, rate_hz=rate_hz, powers=powers)
    louder_lu = _LOUDER_THAN_VOICE_LU.get(kind, _STING_LOUDER_LU)
    gain = db_to_gain(min(voice_lufs + louder_lu - loudness, _MOST_GAIN_DB))
    return PreparedJingle(
        samples=np.multiply(samples.T, np.float32(gain), dtype=np.float32, order="C").T,
        powers=powers * gain**2,
        timing=_make_timing(len(samples) / rate_hz, points),
        notes=tuple(notes),
        clicks_s=clicks_s,
    )


def _known_points(path: Path, mix_s: float | None) -> MixPoints | None:
    """Mix points from the profile, else from the sheet beside the file."""
    if mix_s is not None:
        return MixPoints(start_s=mix_s, end_s=_longest_s(JingleKind.BED))
    return mix_points(path)


def _decode(path: Path, kind: JingleKind, *, trims: bool) -> tuple[Samples, int, bool, list[str]]:
    """
    Decode a jingle: (frames, 2), the rate of its file, whether it was cut to its longest length, notes on defects.

    `trims`: without silence at its ends. With known mix points nothing is trimmed: they count from its start.
    """
    # The format first: a decoder may accept anything, and makes silence of a video that is called .mp3.
    if foreign := describe_format(path):
        raise AudioError(f"{path}: is {foreign}; save it as WAV, FLAC, OGG or MP3")
    if (lost := lost_share(path)) > _MOST_LOST:
        raise AudioError(f"{path.name} is damaged: {lost:.0%} of it is not sound; copy or save it again")
    longest_s = _longest_s(kind)
    samples, rate_hz, is_longer, is_torn = _read_start(path, most_s=longest_s)
    if rate_hz < _LEAST_RATE_HZ:
        raise AudioError(
            f"{path}: has a sample rate of {rate_hz} Hz, too low for music; save the jingle at 44100 or 48000 Hz"
        )
    samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    length_s = len(samples) / rate_hz
    notes = []
    if is_longer:
        notes.append(f"{kind}: only the first {longest_s:.0f} s of {path.name} are used")
    elif truncation := describe_truncation(path, length_s=length_s, rate_hz=rate_hz, is_torn=is_torn):
        notes.append(f"{kind}: {path.name} {truncation}; was it cut off while it was copied?")
    elif length_s < _BRIEF_S:
        notes.append(f"{kind}: {path.name} lasts {length_s:.2f} s only; was it cut off?")
    if is_clipped(samples):
        notes.append(f"{kind}: {path.name} is clipped and sounds distorted; use a copy at a lower level")
    if samples.shape[1] != 2:
        # Mono goes to both channels, more than two are mixed down to both.
        samples = np.repeat(samples.mean(axis=1, keepdims=True, dtype=np.float32), 2, axis=1)
    if float(np.abs(samples).max(initial=0.0)) < _SILENT:
        raise AudioError(f"{path.name} is silent; name another file")
    return _trim_silence(samples, rate_hz=rate_hz) if trims else samples, rate_hz, is_longer, notes


def _longest_s(kind: JingleKind) -> float:
    return _LONGEST_S.get(kind, _LONGEST_STING_S)


def _read_start(path: Path, *, most_s: float) -> tuple[Samples, int, bool, bool]:
    """
    Decode a file up to a length: samples, rate, whether it goes on, and whether the decoder failed.

    The decoder refuses the whole block in which a FLAC breaks off; the blocks before it are used.
    """
    blocks: list[Samples] = []
    seconds, rate_hz, is_torn = 0.0, 0, False
    try:
        for block, rate_hz in read_blocks(path, block_s=_BLOCK_S):
            blocks.append(block)
            seconds += len(block) / rate_hz
            if seconds > most_s:
                break
    except AudioError:
        if not blocks:
            raise
        is_torn = True
    if not blocks:
        raise AudioError(f"{path}: contains no sound; name another file")
    samples = np.concatenate(blocks)[: round(most_s * rate_hz)]
    return samples, rate_hz, seconds > most_s, is_torn


def _trim_silence(samples: Samples, *, rate_hz: int) -> Samples:
    """
    Cut silence off the ends: encoders add some at the start, editors often leave some at the end.

    Up to 20 ms stay: they may be the zero crossing of a loop.
    """
    audible = np.flatnonzero(np.abs(samples).max(axis=1) >= _SILENT)
    least = rate_hz // 50
    start = audible[0] if audible[0] > least else 0
    end = audible[-1] + 1 if len(samples) - audible[-1] > least else len(samples)
    return samples[start:end]


def _make_loop(samples: Samples, *, rate_hz: int) -> Samples:
    """
    A bed that loops without a click.

    A bed that was produced as a loop stays as it is, to the sample; else its end is cross-faded into its start.
    """
    if _is_seamless(samples, rate_hz=rate_hz):
        return samples
    count = min(round(_LOOP_FADE_S * rate_hz), len(samples) // 4)
    if not count:
        return samples
    angle = np.linspace(0, np.pi / 2, count, dtype=np.float32)[:, None]
    looped = samples[: len(samples) - count].copy()
    looped[:count] = looped[:count] * np.sin(angle) + samples[-count:] * np.cos(angle)
    return looped


def _is_seamless(samples: Samples, *, rate_hz: int) -> bool:
    """Whether the step from the last frame to the first is no larger than usual steps around it."""
    around = max(2, round(0.05 * rate_hz))
    tail, head = samples[-around:], samples[:around]
    steps = np.abs(np.diff(np.concatenate([tail, head]), axis=0))
    seam = float(steps[len(tail) - 1].max())
    levels = sorted(float(np.square(end).mean()) for end in (tail, head))
    # np.quantile would import masked arrays, for a twentieth of a second.
    usual = float(np.partition(steps.ravel(), steps.size * 95 // 100)[steps.size * 95 // 100])
    return seam <= 2.0 * usual and levels[1] <= 16.0 * levels[0] + 1e-9


def _make_timing(length_s: float, points: MixPoints | None) -> JingleTiming:
    """Timing of a jingle; without mix points speech waits for its end."""
    start_s, end_s = (points.start_s, points.end_s) if points else (length_s, length_s)
    return JingleTiming(
        length_s=length_s, talk_from_s=min(start_s, length_s), talk_until_s=min(end_s, length_s)
    )
