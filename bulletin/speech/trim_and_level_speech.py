"""Samples of an engine -> speech ready for mixing: checked, trimmed, levelled. Pure numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from bulletin.errors import BadSpeechError
from bulletin.runtime.read_sound_file import Samples, to_mono
from bulletin.speech.measure_reading_pace import plausible_seconds

CLEAN_VERSION = 2
"""Part of the cache's key: increase it when the sound of a cleaned sentence changes."""

LEVEL_LUFS = -20.0
"""Loudness of every sentence as a mono file; on both channels of a stereo file it measures −17."""

_LEVELLINGS = 3
"""Each leaves a third of the loss or less."""
_PEAK_AT_MOST = 0.89
"""−1 dBFS: a conversion to 16 bits does not clip."""
_RUMBLE_HZ = 70.0
_FRAME_MS = 5.0
_SILENT_BELOW = 10 ** (-60 / 20)

_FFT_GRAIN = 4096
"""Transform sizes are multiples of this, for speed."""

Floats = npt.NDArray[np.float64]


def clean_speech(samples: Samples, *, rate_hz: int, text: str, pace_wps: float) -> Samples:
    """
    Prepare one spoken sentence for mixing; `pace_wps` is the usual pace of its voice, in words a second.

    The result is mono, without silence at its ends, above 70 Hz, at LEVEL_LUFS, with peaks under −1 dBFS.
    Raises BadSpeechError for sound that is not speech, or is incomplete.
    """
    if not any(map(str.isalnum, text)):
        raise BadSpeechError(f'the sentence "{text}" has no word to speak; delete it where it was written')
    mono = to_mono(samples)
    check_samples(mono, text=text)
    mono = trim_silence(remove_rumble(mono, rate_hz=rate_hz), rate_hz=rate_hz)
    check_length(mono.size / rate_hz, text=text, pace_wps=pace_wps)
    return fade_ends(level_under_peaks(mono, rate_hz=rate_hz), rate_hz=rate_hz)


def check_samples(mono: Samples, *, text: str) -> None:
    """Raise BadSpeechError for no samples, silence, values that are not finite, and clipped peaks."""
    about = f'"{_short(text)}"; try another voice'
    if not mono.size:
        raise BadSpeechError(f"the speech engine returned no sound for {about}")
    if not np.isfinite(mono).all():
        raise BadSpeechError(f"the speech engine returned damaged sound for {about}")
    if float(np.abs(mono).max()) < _SILENT_BELOW:
        raise BadSpeechError(f"the speech engine returned only silence for {about}")
    if _clipped_share(mono) > 0.001:
        raise BadSpeechError(f"the speech engine returned clipped sound for {about}")


def check_length(duration_s: float, *, text: str, pace_wps: float) -> None:
    """Raise BadSpeechError for a duration that is implausible for `text`: too short or too long."""
    least_s, most_s = plausible_seconds(text, pace_wps=pace_wps)
    if not least_s <= duration_s <= most_s:
        raise BadSpeechError(
            f'the voice spoke "{_short(text)}" in {duration_s:.2f} s, but {least_s:.1f} to {most_s:.1f} s are usual; words may be missing or repeated, try another voice'
        )


def remove_rumble(mono: Samples, *, rate_hz: int) -> Samples:
    """High-pass at 70 Hz, 12 dB per octave, zero phase."""
    return _filter(mono, _rumble_gain, rate_hz=rate_hz)


def trim_silence(
    mono: Samples, *, rate_hz: int, under_db: float = 50.0, before_ms: float = 30.0, after_ms: float = 70.0
) -> Samples:
    """
    Trim both ends where the level is more than `under_db` below the loud parts.

    A soft "f" or "h" is 35 dB below a vowel, the end of a "d" 50; so some milliseconds before the first
    and after the last sound are kept. Empty for silence.
    """
    hop = max(1, round(rate_hz * _FRAME_MS / 1000))
    power = _frame_power(mono, hop)
    if not power.size or power.max() <= 0:
        return mono[:0]
    loud = np.quantile(power[power > power.max() * 1e-6], 0.9)
    heard = np.flatnonzero(power > loud * 10 ** (-under_db / 10))
    start = heard[0] * hop - round(rate_hz * before_ms / 1000)
    end = (heard[-1] + 1) * hop + round(rate_hz * after_ms / 1000)
    return mono[max(0, start) : end]


def level(mono: Samples, *, rate_hz: int) -> Samples:
    """Apply one gain, for a loudness of LEVEL_LUFS."""
    gain = 10 ** ((LEVEL_LUFS - loudness_lufs(mono, rate_hz=rate_hz)) / 20)
    return np.asarray(mono * gain, dtype=np.float32)


def level_under_peaks(mono: Samples, *, rate_hz: int) -> Samples:
    """
    LEVEL_LUFS with peaks under −1 dBFS. Limiting takes up to 1.5 LU from a sentence of hard consonants: so again.
    """
    for _ in range(_LEVELLINGS):
        mono = limit_peaks(level(mono, rate_hz=rate_hz), rate_hz=rate_hz)
    return mono


def limit_peaks(mono: Samples, *, rate_hz: int) -> Samples:
    """
    Keep every sample under −1 dBFS by a gain reduction of some milliseconds around each peak.

    The gain of a frame is the lowest that it or its neighbours need, so the line between two frames
    never exceeds it. One levelled sentence in five has such peaks, of 3 dB at most.
    """
    hop = max(1, round(rate_hz * _FRAME_MS / 1000))
    count = -(-mono.size // hop)
    framed = np.zeros(count * hop, dtype=np.float32)
    framed[: mono.size] = np.abs(mono)
    needed = np.minimum(1.0, _PEAK_AT_MOST / np.maximum(framed.reshape(count, hop).max(axis=1), 1e-9))
    around = np.pad(needed, 1, mode="edge")
    gains = np.minimum(np.minimum(around[:-2], around[1:-1]), around[2:])
    centres = (np.arange(count) + 0.5) * hop
    return np.asarray(mono * np.interp(np.arange(mono.size), centres, gains), dtype=np.float32)


def loudness_lufs(mono: Samples, *, rate_hz: int) -> float:
    """
    Gated loudness after ITU-R BS.1770, within 0.1 LU for speech.

    The two filters are applied by magnitude only: phase does not matter to blocks of 400 ms.
    A sound shorter than one block is measured as one block.
    """
    weighted = _filter(mono, _k_weighting, rate_hz=rate_hz)
    hop = max(1, round(rate_hz * 0.1))
    tenths = _frame_power(weighted, hop)
    blocks = (
        np.convolve(tenths, np.full(4, 0.25), "valid") if tenths.size >= 4 else tenths.mean(keepdims=True)
    )
    loud = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not loud.size:
        return -70.0
    gated = loud[loud > loud.mean() / 10]
    return float(-0.691 + 10 * np.log10(gated.mean()))


def fade_ends(mono: Samples, *, rate_hz: int, fade_ms: float = 5.0) -> Samples:
    """Fade both ends, so that joins do not click."""
    count = min(round(rate_hz * fade_ms / 1000), mono.size // 2)
    if not count:
        return mono
    ramp = np.sin(np.linspace(0, np.pi / 2, count, dtype=np.float32)) ** 2
    faded = mono.copy()
    faded[:count] *= ramp
    faded[-count:] *= ramp[::-1]
    return faded


def join_parts(parts: Sequence[Samples], *, rate_hz: int, pause_s: float = 0.12) -> Samples:
    """Join parts of one sentence, with the pause of a comma between them."""
    pause = np.zeros(round(rate_hz * pause_s), dtype=np.float32)
    pieces = [piece for part in parts for piece in (fade_ends(part, rate_hz=rate_hz), pause)]
    return np.concatenate(pieces[:-1]) if pieces else pause[:0]


def _filter(mono: Samples, gain: Callable[[Floats], Floats], *, rate_hz: int) -> Samples:
    """Multiply the spectrum by `gain(frequency in Hz)`; zero padding avoids wrap-around."""
    size = -(-(mono.size + rate_hz // 20) // _FFT_GRAIN) * _FFT_GRAIN
    spectrum = np.fft.rfft(mono, size) * gain(np.fft.rfftfreq(size, 1 / rate_hz).astype(np.float64))
    return np.asarray(np.fft.irfft(spectrum, size)[: mono.size], dtype=np.float32)


def _k_weighting(hz: Floats) -> Floats:
    """Magnitude of the shelf and high-pass of BS.1770, whose coefficients are for 48 kHz."""
    z = np.exp(-2j * np.pi * np.minimum(hz, 24_000.0) / 48_000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(np.abs(shelf * high_pass))


def _rumble_gain(hz: Floats) -> Floats:
    return np.asarray(1 / np.sqrt(1 + (_RUMBLE_HZ / np.maximum(hz, 1e-3)) ** 4))


def _frame_power(mono: Samples, hop: int) -> Floats:
    """Mean square of each full frame of `hop` samples; of all samples when there is no full frame."""
    count = mono.size // hop
    if not count:
        return np.square(mono, dtype=np.float64).mean(keepdims=True) if mono.size else np.zeros(0)
    squares = np.square(mono[: count * hop], dtype=np.float64)
    return np.asarray(squares.reshape(count, hop).mean(axis=1))


def _clipped_share(mono: Samples) -> float:
    """Share of samples that form a flat top at full scale with both neighbours."""
    top = np.abs(mono) >= 0.999
    flat = top[1:-1] & (mono[1:-1] == mono[:-2]) & (mono[1:-1] == mono[2:])
    return float(flat.mean()) if flat.size else 0.0


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
