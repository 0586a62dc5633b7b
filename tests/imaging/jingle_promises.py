"""Acoustic promises of every jingle, for any style, seed and key."""

from __future__ import annotations

import numpy as np

from bulletin.imaging.composing.compose_tune import JingleTune
from tests.audio.music_measures import (
    RATE_HZ,
    Loudness,
    band_levels_db,
    mono_of,
    prominences_db,
    true_peak_dbtp,
)

OCTAVES_HZ = 62.5 * 2.0 ** np.arange(8)
THIRDS_HZ = 1000.0 * 2.0 ** (np.arange(-4, 12) / 3)
"""Centres from 400 Hz to 12.5 kHz; below, a third octave is narrower than the gaps between the notes of a chord."""
HOLE_DB = 12.0
HOLE_ABOVE_DB = 5.0
TONE_DB = 9.0
"""Least ratio of a prominent tone of 1 kHz or more, by ECMA-418-1."""
NOTE_DB = 15.0


def assert_never_clips(samples: np.ndarray, *, ceiling_dbtp: float = -2.8) -> None:
    """The master is at −3.2 dBTP; 16 bits, Vorbis and another meter's filter may add some."""
    assert true_peak_dbtp(samples) <= ceiling_dbtp
    assert np.abs(samples.mean(axis=0)).max() < 1e-3


def assert_level(samples: np.ndarray, *, is_bed: bool = False) -> None:
    """
    Short-term loudness within 2 LU of −16 LUFS at its maximum, and for a bed at any time.

    A piece shorter than the three-second window has only an integrated loudness, which is then nearly the same;
    its loudest 0.4 s stay below +5 LU, the limit of EBU R 128 s1 for the short-term loudness of adverts. A piece
    with a quiet middle may have a slightly lower integrated loudness.
    """
    loudness = Loudness(np.concatenate([samples, samples[: 3 * RATE_HZ]]) if is_bed else samples)
    short_term = loudness.windows_lufs(3.0)

    assert -16.6 <= loudness.integrated_lufs <= -15.8
    assert loudness.windows_lufs(0.4).max() <= -11.0
    if len(short_term):
        assert -18.0 <= short_term.max() <= -14.0
    if is_bed:
        assert short_term.min() >= -18.0


def assert_mono_compatible(samples: np.ndarray) -> None:
    """Mono loses at most 3 LU overall, and 4 LU in any audible 0.4 s (within 20 LU of the loudest)."""
    stereo_loudness, mono_loudness = Loudness(samples), Loudness(mono_of(samples))
    stereo, mono = stereo_loudness.windows_lufs(0.4), mono_loudness.windows_lufs(0.4)
    is_audible = stereo > stereo.max() - 20.0

    assert 0.2 < np.corrcoef(samples.T)[0, 1] < 0.95
    assert stereo_loudness.integrated_lufs - mono_loudness.integrated_lufs <= 3.0
    assert (stereo - mono)[is_audible].max() <= 4.0


def assert_no_hole(samples: np.ndarray) -> None:
    """
    No octave and no third octave lies far under both its neighbours, and none of eight octaves is missing.

    By ISO 1996-2, a third octave from 500 Hz on that is 5 dB above both neighbours is a tone; a hole is the
    reverse, from 1.25 kHz on. From 400 Hz to 1.25 kHz, chords leave gaps of up to 12 dB.
    """
    octaves = band_levels_db(samples, OCTAVES_HZ, octaves=1.0)
    thirds = band_levels_db(samples, THIRDS_HZ, octaves=1.0 / 3)
    for levels, centres_hz in ((octaves, OCTAVES_HZ), (thirds, THIRDS_HZ)):
        depth = np.minimum(levels[:-2], levels[2:]) - levels[1:-1]
        most = np.where((centres_hz[1:-1] >= 1250.0) & (levels is thirds), HOLE_ABOVE_DB, HOLE_DB)
        assert (depth <= most).all(), dict(zip(centres_hz[1:-1].round(), depth.round(1), strict=True))
    assert octaves.min() > octaves.max() - 32.0
    assert octaves[-1] < octaves[:3].max() - 5.0


def assert_no_whistle(samples: np.ndarray, tune: JingleTune) -> None:
    """From 1 to 12 kHz no prominent tone, except notes of the tune up to 15 dB and 2.6 kHz."""
    notes = {tune.scale.note(degree) % 12 for degree in range(7)}
    for hz, ratio_db in prominences_db(samples, from_hz=1000.0, to_hz=12_000.0):
        pitch = 69.0 + 12.0 * np.log2(hz / 440.0)
        is_note = round(pitch) % 12 in notes and abs(pitch - round(pitch)) < 0.35 and hz < 2600.0
        assert ratio_db <= (NOTE_DB if is_note else TONE_DB), (round(hz), round(ratio_db, 1))
