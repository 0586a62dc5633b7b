"""A station's jingle files -> music at the mixing rate and level, with mix points; what is unfit is left out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bulletin.audio.imaging.package import MixPoints, mix_points
from bulletin.audio.layout import Music, Tune
from bulletin.audio.loudness import Floats, db_to_gain, measure_lufs, measure_powers
from bulletin.audio.sound import make_sound, resample, to_samples
from bulletin.errors import AudioError
from bulletin.pcm import Samples, read_blocks, sound_length_s

_LONGEST_S = {Music.IDENT: 15.0, Music.BED: 180.0, Music.CLOSING: 20.0}
_LONGEST_STING_S = 8.0
"""More of a jingle than this is not for a news bulletin; it is faded out there."""
_LOUDER_THAN_VOICE_LU = {Music.IDENT: -1.0, Music.BED: 0.0, Music.CLOSING: -1.0}
"""As heard alone; the bed is then put under the voice by its envelope."""
_STING_LOUDER_LU = -2.0
_SILENT = 10 ** (-60 / 20)
_MOST_GAIN_DB = 20.0
_LOOP_FADE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Jingles:
    """The station's music as files; None where it has none."""

    ident: Path | None = None
    bed: Path | None = None
    sting: Path | None = None
    closing: Path | None = None
    sport: Path | None = None
    """In place of the sting before the first story of the section; so are the next two."""
    weather: Path | None = None
    travel: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Music ready to be played: stereo, at the mixing rate, as loud as it should be beside the voice."""

    samples: Samples
    powers: Floats
    """K-weighted, of each tenth of a second."""
    tune: Tune


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The music that can be played, and why some cannot."""

    records: Mapping[Music, Record]
    notes: tuple[str, ...]

    @property
    def tunes(self) -> dict[Music, Tune]:
        return {music: record.tune for music, record in self.records.items()}


def load_jingles(jingles: Jingles, *, rate_hz: int, voice_lufs: float) -> Shelf:
    """
    Read the station's music, whatever its rate, width, channels and length.

    A jingle that is missing, silent or no sound is left out, with a note: the bulletin goes out without it.
    """
    records: dict[Music, Record] = {}
    notes: list[str] = []
    for music in Music:
        path: Path | None = getattr(jingles, music)
        if path is None:
            continue
        try:
            records[music], note = _load(path, music, rate_hz=rate_hz, voice_lufs=voice_lufs)
        except AudioError as error:
            note = f"without {music}: {error}"
        if note:
            notes.append(note)
    return Shelf(records=records, notes=tuple(notes))


def expect_tunes(jingles: Jingles) -> dict[Music, Tune]:
    """The measures of the station's music by the files' headers alone; what cannot be read is left out."""
    tunes: dict[Music, Tune] = {}
    for music in Music:
        path: Path | None = getattr(jingles, music)
        if path is None:
            continue
        with suppress(AudioError):
            tunes[music] = _tune(music, min(sound_length_s(path), _longest_s(music)), mix_points(path))
    return tunes


def _load(path: Path, music: Music, *, rate_hz: int, voice_lufs: float) -> tuple[Record, str]:
    points = mix_points(path)
    most_s = _longest_s(music)
    samples, own_hz, is_longer = _read_start(path, most_s=most_s)
    if not np.isfinite(samples).all():
        samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    samples = _stereo(samples)
    if not len(samples) or float(np.abs(samples).max()) < _SILENT:
        raise AudioError(f"{path.name} is silent")
    if not points:
        samples = _trimmed(samples, rate_hz=own_hz)
    samples = resample(samples, rate_hz=own_hz, to_hz=rate_hz)
    samples = _looped(samples, rate_hz=rate_hz) if music is Music.BED else _faded(samples, rate_hz, is_longer)
    powers = measure_powers(samples, rate_hz=rate_hz)
    loudness = measure_lufs(samples, rate_hz=rate_hz, powers=powers)
    louder_lu = _LOUDER_THAN_VOICE_LU.get(music, _STING_LOUDER_LU)
    gain = db_to_gain(min(voice_lufs + louder_lu - loudness, _MOST_GAIN_DB))
    note = f"{music}: only the first {most_s:.0f} s of {path.name} are used" if is_longer else ""
    return Record(
        samples=np.asarray(samples * np.float32(gain), dtype=np.float32),
        powers=powers * gain**2,
        tune=_tune(music, len(samples) / rate_hz, points),
    ), note


def _longest_s(music: Music) -> float:
    return _LONGEST_S.get(music, _LONGEST_STING_S)


def _read_start(path: Path, *, most_s: float) -> tuple[Samples, int, bool]:
    """A file up to a length: samples, rate, and whether there is more of it."""
    blocks: list[Samples] = []
    seconds, rate_hz = 0.0, 0
    for block, rate_hz in read_blocks(path, block_s=5.0):
        blocks.append(block)
        seconds += len(block) / rate_hz
        if seconds > most_s:
            break
    if not blocks:
        raise AudioError(f"{path}: holds no sound")
    samples = np.concatenate(blocks)[: round(most_s * rate_hz)]
    return samples, rate_hz, seconds > most_s


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
    return seam <= 2.0 * float(np.quantile(steps, 0.95)) and levels[1] <= 16.0 * levels[0] + 1e-9


def _tune(music: Music, length_s: float, points: MixPoints | None) -> Tune:
    """Where speech may start: as the sheet says; else over the last two thirds of an ident, behind all else."""
    if points:
        return Tune(length_s=length_s, talk_from_s=points.start_s, talk_until_s=min(points.end_s, length_s))
    start_s = min(2.5, length_s / 3) if music is Music.IDENT else length_s
    return Tune(length_s=length_s, talk_from_s=start_s, talk_until_s=length_s)
