"""Recording -> mono at the loudness of the newsreader's voice. Pure."""

from __future__ import annotations

import numpy as np

from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.trim_and_level_speech import (
    LEVEL_LUFS,
    fade_ends,
    limit_peaks,
    loudness_lufs,
    remove_rumble,
)

_EXACT_LU = 0.05
_ROUNDS = 6
"""Limiting makes a peaky voice softer, so level and limit take turns."""
_ONE_SIDED_DB = 15.0
"""A channel this far below the other holds only its noise: one microphone on a stereo recorder."""
_CANCELLED_DB = 4.0
"""Loss of level from stereo to mono, beyond that of unrelated channels, that means opposite polarity."""
_FADE_MS = 10.0


def mix_to_mono(samples: Samples) -> tuple[Samples, str]:
    """
    (frames, channels) -> (frames,) in which nothing is cancelled, and a note on what was done; "" for a plain mix.

    A channel without the voice is left out. Channels of opposite polarity, which cancel in a mono radio, are
    turned round; where that does not help, the louder channel is used.
    """
    if samples.ndim == 1 or samples.shape[1] == 1:
        return samples.reshape(-1), ""
    power = np.square(samples).mean(axis=0, dtype=np.float64)
    if not power.max():
        return samples[:, 0], ""
    near = power > power.max() * 10 ** (-_ONE_SIDED_DB / 10)
    loudest = samples[:, int(power.argmax())]
    if near.sum() == 1:
        return np.ascontiguousarray(loudest), "only one channel has sound; it is used alone"
    kept = samples[:, near]
    signs = np.sign(loudest.astype(np.float64) @ kept)
    plain, turned = kept.mean(axis=1), (kept * np.where(signs < 0, -1, 1).astype(np.float32)).mean(axis=1)
    least = power[near].mean() * 10 ** (-(_CANCELLED_DB + 3.0) / 10)
    if np.square(plain).mean(dtype=np.float64) >= least:
        return np.asarray(plain, dtype=np.float32), ""
    if np.square(turned).mean(dtype=np.float64) >= least:
        return np.asarray(turned, dtype=np.float32), "its channels cancelled in mono; one was turned round"
    return np.ascontiguousarray(loudest), "its channels cancelled in mono; the louder one is used"


def level_recording(mono: Samples, *, rate_hz: int) -> Samples:
    """
    Mono at LEVEL_LUFS within 0.1 LU, above 70 Hz, peaks under −1 dBFS, faded ends.

    A recording whose peaks stand so high that limiting them costs loudness comes as near as six rounds bring it.
    """
    clean = remove_rumble(mono, rate_hz=rate_hz)
    gain_db, levelled = 0.0, clean
    for _ in range(_ROUNDS):
        missing_lu = LEVEL_LUFS - loudness_lufs(levelled, rate_hz=rate_hz)
        if abs(missing_lu) <= _EXACT_LU:
            break
        gain_db += missing_lu
        levelled = limit_peaks(np.asarray(clean * 10 ** (gain_db / 20), dtype=np.float32), rate_hz=rate_hz)
    return fade_ends(levelled, rate_hz=rate_hz, fade_ms=_FADE_MS)
