"""A station's jingle files -> music at the mixing rate and level, with mix points; what is unfit is left out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bulletin.audio.clip_editing import make_sound, resample, to_samples
from bulletin.audio.layout import PlacedMusic, PlacedTune
from bulletin.audio.metering.loudness import db_to_gain, measure_lufs, measure_powers
from bulletin.audio.music.mix_points import find_mix_points
from bulletin.audio.music.music_cache import CachedMusic, MusicCache
from bulletin.audio.quality.file_damage import Break, describe_format, find_break, is_clipped, lost_share
from bulletin.errors import AudioError
from bulletin.imaging.jingle_sets import MixPoints, mix_points
from bulletin.runtime.sound_file import Samples, read_blocks, sound_length_s

_LONGEST_S = {PlacedMusic.IDENT: 15.0, PlacedMusic.BED: 180.0, PlacedMusic.CLOSING: 20.0}
_LONGEST_STING_S = 8.0
"""More of a jingle than this is not for a news bulletin; it is faded out there."""
_LOUDER_THAN_VOICE_LU = {PlacedMusic.IDENT: -1.0, PlacedMusic.BED: 0.0, PlacedMusic.CLOSING: -1.0}
"""As heard alone; the bed is then put under the voice by its envelope."""
_STING_LOUDER_LU = -2.0
_SILENT = 10 ** (-60 / 20)
_MOST_LOST = 0.1
"""Of an MP3, in no frame: a tag at its end is less, and a click or two may be borne."""
_BRIEF_S = 0.5
"""Shorter music is a click, and a bed of it a buzz."""
_MOST_GAIN_DB = 20.0
_LEAST_RATE_HZ = 4_000
"""Half a telephone's; a header that says less is broken, and filters cannot be made for it."""
_LOOP_FADE_S = 0.5
_BLOCK_S = 0.25
"""As much is lost before the place where a FLAC breaks off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationJingles:
    """The station's music as files; None where it has none."""

    ident: Path | None = None
    bed: Path | None = None
    sting: Path | None = None
    closing: Path | None = None
    sport: Path | None = None
    """In place of the sting before the first story of the section; so are the next two."""
    weather: Path | None = None
    travel: Path | None = None
    mix_points_s: Mapping[str, float] = field(default_factory=dict)
    """By name: where speech may start over a jingle, as the station says; else a sheet does, or it is found."""
    kept: Path | None = None
    """Folder for what became of them, so that no later run has to do it again; None: each does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JingleShelf:
    """The music that can be played, and why some cannot."""

    records: Mapping[PlacedMusic, CachedMusic]
    notes: tuple[str, ...]

    @property
    def tunes(self) -> dict[PlacedMusic, PlacedTune]:
        return {music: record.tune for music, record in self.records.items()}


def load_jingles(jingles: StationJingles, *, rate_hz: int, voice_lufs: float) -> JingleShelf:
    """
    Read the station's music, whatever its rate, width, channels and length.

    A jingle that is missing, silent or no sound is left out, with a note: the bulletin goes out without it.
    """
    crate = MusicCache(jingles.kept)
    records: dict[PlacedMusic, CachedMusic] = {}
    notes: list[str] = []
    for music in PlacedMusic:
        path: Path | None = getattr(jingles, music)
        if path is None:
            continue
        mix_s = jingles.mix_points_s.get(music)
        try:
            points = _known_points(path, mix_s)
            name = crate.name(path, music.value, rate_hz, voice_lufs, points)
            record = crate.find(name)
            if not record:
                record = _make_record(path, music, rate_hz=rate_hz, voice_lufs=voice_lufs, points=points)
                crate.keep(name, record)
            records[music], said = record, _notes(path, music, record, mix_s=mix_s)
        except AudioError as error:
            said = [f"without {music}: {error}"]
        notes += said
    return JingleShelf(records=records, notes=tuple(notes))


def expect_tunes(jingles: StationJingles) -> dict[PlacedMusic, PlacedTune]:
    """
    The measures of the station's music; what cannot be read is left out.

    Files' headers tell, but for a jingle whose mix point nobody has written down: that is listened to.
    """
    tunes: dict[PlacedMusic, PlacedTune] = {}
    for music in PlacedMusic:
        path: Path | None = getattr(jingles, music)
        if path is None:
            continue
        with suppress(AudioError):
            points = _known_points(path, jingles.mix_points_s.get(music))
            if points or music is PlacedMusic.BED:
                length_s = min(sound_length_s(path), _longest_s(music))
            else:
                raw = _read(path, music, points=points)
                length_s = len(raw.samples) / raw.rate_hz
                points = find_mix_points(raw.samples, rate_hz=raw.rate_hz)
            tunes[music] = _tune(length_s, points)
    return tunes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """A jingle as it lies in its file: stereo, not longer than it may be, without silence at its ends."""

    samples: Samples
    rate_hz: int
    is_longer: bool
    """There is more of it in the file."""
    is_clipped: bool
    ends: Break | None
    """It should go on."""


def _make_record(
    path: Path, music: PlacedMusic, *, rate_hz: int, voice_lufs: float, points: MixPoints | None
) -> CachedMusic:
    raw = _read(path, music, points=points)
    if not points and music is not PlacedMusic.BED:
        points = find_mix_points(raw.samples, rate_hz=raw.rate_hz)
    samples = resample(raw.samples, rate_hz=raw.rate_hz, to_hz=rate_hz)
    is_bed = music is PlacedMusic.BED
    samples = _looped(samples, rate_hz=rate_hz) if is_bed else _faded(samples, rate_hz, raw.is_longer)
    powers = measure_powers(samples, rate_hz=rate_hz)
    loudness = measure_lufs(samples, rate_hz=rate_hz, powers=powers)
    louder_lu = _LOUDER_THAN_VOICE_LU.get(music, _STING_LOUDER_LU)
    gain = db_to_gain(min(voice_lufs + louder_lu - loudness, _MOST_GAIN_DB))
    return CachedMusic(
        samples=np.multiply(samples.T, np.float32(gain), dtype=np.float32, order="C").T,
        powers=powers * gain**2,
        tune=_tune(len(samples) / rate_hz, points),
        file_s=len(raw.samples) / raw.rate_hz,
        is_longer=raw.is_longer,
        is_clipped=raw.is_clipped,
        ends_after_s=raw.ends.after_s if raw.ends else None,
        promised_s=raw.ends.promised_s if raw.ends else 0.0,
    )


def _notes(path: Path, music: PlacedMusic, record: CachedMusic, *, mix_s: float | None) -> list[str]:
    notes = []
    if record.is_longer:
        notes.append(f"{music}: only the first {_longest_s(music):.0f} s of {path.name} are used")
    if record.ends_after_s is not None:
        of = f" of {record.promised_s:.1f}" if record.promised_s else ""
        notes.append(
            f"{music}: {path.name} ends after {record.ends_after_s:.1f}{of} s; was it cut off while it was copied?"
        )
    elif record.file_s < _BRIEF_S:
        notes.append(f"{music}: {path.name} lasts {record.file_s:.2f} s only; was it cut off?")
    if record.is_clipped:
        notes.append(
            f"{music}: {path.name} is clipped, and will sound harsh; a copy that is less loud will not"
        )
    if mix_s is not None and mix_s > record.file_s:
        notes.append(f"{music}: its mix point, {mix_s:g} s, lies behind its end at {record.file_s:.1f} s")
    return notes


def _known_points(path: Path, mix_s: float | None) -> MixPoints | None:
    """Where speech may start as the profile says, else as the sheet beside the file does."""
    if mix_s is not None:
        return MixPoints(start_s=mix_s, end_s=_longest_s(PlacedMusic.BED))
    return mix_points(path)


def _read(path: Path, music: PlacedMusic, *, points: MixPoints | None) -> _Raw:
    """A file's music. With known mix points nothing is cut off its start: they count from there."""
    # First, since a decoder may make something of anything: of a video that is called .mp3, silence.
    if kind := describe_format(path):
        raise AudioError(f"{path}: is {kind}; save it as WAV, FLAC, OGG or MP3")
    if (lost := lost_share(path)) > _MOST_LOST:
        raise AudioError(f"{path.name} is damaged: {lost:.0%} of it is no sound; copy or save it again")
    samples, rate_hz, is_longer, is_torn = _read_start(path, most_s=_longest_s(music))
    if rate_hz < _LEAST_RATE_HZ:
        raise AudioError(
            f"{path}: has {rate_hz} samples a second, too few for music; save it at 44100 or 48000"
        )
    if not np.isfinite(samples).all():
        samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    harsh = is_clipped(samples)
    ends = None
    if not is_longer:
        ends = find_break(path, length_s=len(samples) / rate_hz, rate_hz=rate_hz, is_torn=is_torn)
    samples = _stereo(samples)
    if not len(samples) or float(np.abs(samples).max()) < _SILENT:
        raise AudioError(f"{path.name} is silent")
    if not points:
        samples = _trimmed(samples, rate_hz=rate_hz)
    return _Raw(samples=samples, rate_hz=rate_hz, is_longer=is_longer, is_clipped=harsh, ends=ends)


def _longest_s(music: PlacedMusic) -> float:
    return _LONGEST_S.get(music, _LONGEST_STING_S)


def _read_start(path: Path, *, most_s: float) -> tuple[Samples, int, bool, bool]:
    """
    A file up to a length: samples, rate, whether there is more of it, and whether its decoder stopped amiss.

    It refuses the whole block in which a FLAC breaks off: what is before it is played.
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
        raise AudioError(f"{path}: holds no sound")
    samples = np.concatenate(blocks)[: round(most_s * rate_hz)]
    return samples, rate_hz, seconds > most_s, is_torn


def _stereo(samples: Samples) -> Samples:
    """Two channels: one is heard on both sides, more than two are mixed down to both."""
    if samples.shape[1] == 2:
        return samples
    return np.repeat(samples.mean(axis=1, keepdims=True, dtype=np.float32), 2, axis=1)


def _trimmed(samples: Samples, *, rate_hz: int) -> Samples:
    """
    Without silence at the ends: an MP3 begins with some, and an editor often leaves some.

    A few milliseconds stay: they may be the zero crossing of a loop.
    """
    heard = np.flatnonzero(np.abs(samples).max(axis=1) >= _SILENT)
    least = rate_hz // 50
    start = heard[0] if heard[0] > least else 0
    end = heard[-1] + 1 if len(samples) - heard[-1] > least else len(samples)
    return samples[start:end]


def _faded(samples: Samples, rate_hz: int, was_cut: bool) -> Samples:
    """Ends that do not click; a jingle that was cut short fades out."""
    sound = make_sound(samples, rate_hz=rate_hz).faded(in_ms=2, out_ms=1500 if was_cut else 10)
    return to_samples(sound)


def _looped(samples: Samples, *, rate_hz: int) -> Samples:
    """
    A bed that begins again without a click.

    One that was made to loop is left as it is, to the sample; else its end is faded into its start.
    """
    if _joins_itself(samples, rate_hz=rate_hz):
        return samples
    count = min(round(_LOOP_FADE_S * rate_hz), len(samples) // 4)
    if not count:
        return samples
    turn = np.linspace(0, np.pi / 2, count, dtype=np.float32)[:, None]
    looped = samples[: len(samples) - count].copy()
    looped[:count] = looped[:count] * np.sin(turn) + samples[-count:] * np.cos(turn)
    return looped


def _joins_itself(samples: Samples, *, rate_hz: int) -> bool:
    """Whether the step from the last frame to the first is one that the music makes all the time."""
    around = max(2, round(0.05 * rate_hz))
    tail, head = samples[-around:], samples[:around]
    steps = np.abs(np.diff(np.concatenate([tail, head]), axis=0))
    seam = float(steps[len(tail) - 1].max())
    levels = sorted(float(np.square(part).mean()) for part in (tail, head))
    # np.quantile would import masked arrays, for a twentieth of a second.
    usual = float(np.partition(steps.ravel(), steps.size * 95 // 100)[steps.size * 95 // 100])
    return seam <= 2.0 * usual and levels[1] <= 16.0 * levels[0] + 1e-9


def _tune(length_s: float, points: MixPoints | None) -> PlacedTune:
    """Without a place for speech over the music it starts at its end."""
    start_s, end_s = (points.start_s, points.end_s) if points else (length_s, length_s)
    return PlacedTune(
        length_s=length_s, talk_from_s=min(start_s, length_s), talk_until_s=min(end_s, length_s)
    )
