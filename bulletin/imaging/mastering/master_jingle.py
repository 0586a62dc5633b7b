"""Mix -> finished jingle: equalized, levelled to its loudness, limited below its true peak."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.fft import next_fast_len, rfft
from scipy.ndimage import minimum_filter1d
from scipy.signal import oaconvolve, resample_poly

from bulletin.imaging.mastering.measure_music_loudness import (
    find_loudest_lufs,
    integrate_lufs,
    loudest_lufs,
    peaks,
    powers_of,
)
from bulletin.imaging.sounds.oscillators import (
    RATE_HZ,
    Wave,
    bell_eq,
    db_to_gain,
    frames,
    high_pass,
    shelf_eq,
)

LOUDNESS_LUFS = -16.0
_LOUDEST_LUFS = LOUDNESS_LUFS + 1.7
"""Limit of any three seconds, since a piece with a quiet middle would begin and end too loud."""
_HIT_LUFS = LOUDNESS_LUFS + 4.95
"""Limit of any 400 ms: a hit 5 LU above the rest is annoying."""
CEILING_DBTP = -3.2
"""Ceiling 0.2 dB below the promised -3: rounding to 16 bits and another meter's filter take their share."""
_MARGIN_S = 1.0

_THIRDS_HZ = 1000.0 * 2.0 ** (np.arange(0, 12) / 3)
"""Third octaves from 1 to 12.7 kHz; lower ones are narrower than the gaps between a chord's notes."""
_HALF_THIRD = 2.0 ** (1.0 / 6.0)
_THIRD_Q = 4.3
_DEEP_DB = 3.5
"""Depth of a gap below both neighbours; ISO 1996-2 calls a band audible that is 5 dB above them."""


def master(mix: Wave, *, fade_s: float, is_loop: bool) -> Wave:
    """Equalize, glue, level and limit; `fade_s` seconds at the end fade to nothing, unless it loops."""
    sound = _in_the_round(mix, _colour, is_loop=is_loop)
    sound = sound / np.abs(sound).max()
    if not is_loop:
        sound = sound * _fade_out(len(sound), fade_s)[:, None]
    for _ in range(4):
        # The limiter takes some loudness away, so level and limit come closer in turns.
        powers = powers_of(sound)
        whole_lufs, loudest_3s_lufs = integrate_lufs(powers), find_loudest_lufs(powers, tenths=30)
        gain_db = min(LOUDNESS_LUFS - whole_lufs, _LOUDEST_LUFS - loudest_3s_lufs)
        sound = sound * db_to_gain(gain_db)
        sound = _in_the_round(sound, _limit, is_loop=is_loop)
    # At the end and not in turns: with less to limit, a piece would only become softer around its hits.
    return sound * db_to_gain(min(0.0, _HIT_LUFS - loudest_lufs(sound, tenths=4)))


def _in_the_round(sound: Wave, process: Callable[[Wave], Wave], *, is_loop: bool) -> Wave:
    """A loop is processed with its own end before it and its own start behind it, so that no seam is heard."""
    if not is_loop:
        return process(sound)
    margin = frames(_MARGIN_S)
    around = np.concatenate([sound[-margin:], sound, sound[:margin]])
    return process(around)[margin : margin + len(sound)]


def _colour(mix: Wave) -> Wave:
    """No rumble, one bass for both ears, a little presence, the soft knee of a tape, no hole."""
    sound = high_pass(mix, 32.0)
    middle, side = (sound[:, 0] + sound[:, 1]) / 2.0, (sound[:, 0] - sound[:, 1]) / 2.0
    side = high_pass(side, 150.0)
    sound = np.stack([middle + side, middle - side], axis=1)
    sound = bell_eq(sound, 320.0, -2.0, 0.7)
    sound = shelf_eq(bell_eq(sound, 3000.0, 1.5, 0.7), 7000.0, -1.5, side=1)
    drive = sound / np.percentile(np.abs(sound), 99.9) * 0.5
    # Four times the rate while bending: what the bend adds above hearing must not fold back into it.
    bent = np.tanh(resample_poly(drive, 4, 1, axis=0))
    glued = resample_poly(bent, 1, 4, axis=0)[: len(mix)]
    return fill_spectral_gaps(glued - glued.mean(axis=0))


def fill_spectral_gaps(sound: Wave) -> Wave:
    """Lift each third octave that is far below both its neighbours: a chord may leave one empty."""
    for _ in range(3):
        levels_db = _levels_of_thirds_db(sound)
        depths_db = np.minimum(levels_db[:-2], levels_db[2:]) - levels_db[1:-1]
        for number in np.flatnonzero(depths_db > _DEEP_DB):
            # A bell lifts the middle of its band most, hence a little more than is wanting.
            lift_db = depths_db[number] - _DEEP_DB + 1.5
            sound = bell_eq(sound, _THIRDS_HZ[number + 1], lift_db, _THIRD_Q)
    return sound


def _levels_of_thirds_db(sound: Wave) -> Wave:
    """The power of each third octave, both channels added."""
    size = next_fast_len(len(sound), real=True)
    power = sum(np.abs(rfft(channel, size)) ** 2 for channel in sound.T)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    edges = np.outer(_THIRDS_HZ, [1.0 / _HALF_THIRD, _HALF_THIRD]) * size / RATE_HZ
    low, high = np.interp(edges, np.arange(len(sums)), sums).T
    return np.asarray(10.0 * np.log10(high - low + 1e-15))


def _limit(sound: Wave) -> Wave:
    """Look 4 ms ahead, hold, and let go over 80 ms; both channels alike, so that the picture stays."""
    need = np.minimum(1.0, db_to_gain(CEILING_DBTP) / np.maximum(peaks(sound), 1e-9))
    attack, release = frames(0.004) | 1, frames(0.08) | 1
    gain = _smooth(minimum_filter1d(need, attack), attack)
    slow = _smooth(minimum_filter1d(need, release), release)
    return sound * np.minimum(gain, slow)[:, None]


def _smooth(gain: Wave, width: int) -> Wave:
    window = np.hanning(width + 2)[1:-1]
    window /= window.sum()
    return np.asarray(oaconvolve(np.pad(gain, width // 2, mode="edge"), window, "valid"))


def _fade_out(length: int, fade_s: float) -> Wave:
    shape = np.ones(length)
    fade = frames(fade_s)
    shape[-fade:] = np.cos(np.linspace(0.0, np.pi / 2.0, fade)) ** 2
    return shape
