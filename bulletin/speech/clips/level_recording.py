"""Recording -> mono at the loudness of the newsreader's voice. Pure."""

from __future__ import annotations

import numpy as np

from bulletin.runtime.read_sound_file import Samples
from bulletin.speech.trim_and_level_speech import (
    LEVEL_LUFS,
    Floats,
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
_BLOCK = 1 << 20
"""Frames."""


def mix_to_mono(samples: Samples) -> tuple[Samples, str]:
    """
    (frames, channels) -> (frames,) in which nothing is cancelled, and a note on what was done; "" for a plain mix.

    A channel without the voice is left out. Channels of opposite polarity, which cancel in a mono radio, are
    turned round; where that does not help, the louder channel is used.
    """
    if samples.ndim == 1 or samples.shape[1] == 1:
        return samples.reshape(-1), ""
    products = _mean_products(samples)
    power = products.diagonal()
    if not np.isfinite(products).all() or not power.max():  # refused later: damaged or silent
        return samples.mean(axis=1, dtype=np.float32), ""
    near = power > power.max() * 10 ** (-_ONE_SIDED_DB / 10)
    loudest = int(power.argmax())
    if near.sum() == 1:
        return np.ascontiguousarray(samples[:, loudest]), "only one channel has sound; it is used alone"
    plain = near / near.sum()
    turned = np.where(products[loudest] < 0, -plain, plain)
    least = power[near].mean() * 10 ** (-(_CANCELLED_DB + 3.0) / 10)
    if plain @ products @ plain >= least:
        return samples @ plain.astype(np.float32), ""
    if turned @ products @ turned >= least:
        return samples @ turned.astype(np.float32), "its channels cancelled in mono; one was turned round"
    return np.ascontiguousarray(samples[:, loudest]), "its channels cancelled in mono; the louder one is used"


def _mean_products(samples: Samples) -> Floats:
    """Mean product of each two channels: power on the diagonal. In blocks: the memory of a small computer is short."""
    blocks = (samples[start : start + _BLOCK].astype(np.float64) for start in range(0, len(samples), _BLOCK))
    return np.asarray(sum(block.T @ block for block in blocks) / len(samples))


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
