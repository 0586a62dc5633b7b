"""Samples as an engine gave them -> speech fit to be mixed: checked, trimmed, levelled. Pure numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from bulletin.errors import BadSpeechError
from bulletin.runtime.sound_file import Samples, to_mono
from bulletin.speech.reading_pace import plausible_seconds

CLEAN_VERSION = 1
"""Part of the cache's key: raise it whenever the sound of a cleaned sentence changes."""

LEVEL_LUFS = -20.0
"""Every sentence's loudness as a mono file; the same voice on both sides of a stereo file reads −17."""

_PEAK_AT_MOST = 0.89
"""−1 dBFS: whoever makes 16 bits of it does not clip."""
_RUMBLE_HZ = 70.0
_FRAME_MS = 5.0
_SILENT_BELOW = 10 ** (-60 / 20)

_FFT_GRAIN = 4096
"""Sizes are multiples of this: quick for the transform, whatever the length."""

Floats = npt.NDArray[np.float64]


def clean_speech(samples: Samples, *, rate_hz: int, text: str, pace_wps: float) -> Samples:
    """
    Make one spoken sentence fit to be mixed; `pace_wps` is what its voice usually speaks.

    Comes out mono, without silence at its ends, above 70 Hz, at LEVEL_LUFS, peaks
    under −1 dBFS. Raises BadSpeechError when it is no speech, or not all of it.
    """
    if not any(map(str.isalnum, text)):
        raise BadSpeechError(f'there is nothing to say in "{text}"')
    mono = to_mono(samples)
    check_samples(mono, text=text)
    mono = trim_silence(remove_rumble(mono, rate_hz=rate_hz), rate_hz=rate_hz)
    check_length(mono.size / rate_hz, text=text, pace_wps=pace_wps)
    # The limiter last but for the fades: levelling is what makes peaks.
    return fade_ends(limit_peaks(level(mono, rate_hz=rate_hz), rate_hz=rate_hz), rate_hz=rate_hz)


def check_samples(mono: Samples, *, text: str) -> None:
    """Raise BadSpeechError for nothing, silence, numbers that are none, and flattened peaks."""
    about = f'"{_short(text)}"'
    if not mono.size:
        raise BadSpeechError(f"no sound came for {about}")
    if not np.isfinite(mono).all():
        raise BadSpeechError(f"the sound for {about} holds values that are no numbers")
    if float(np.abs(mono).max()) < _SILENT_BELOW:
        raise BadSpeechError(f"only silence came for {about}")
    if _clipped_share(mono) > 0.001:
        raise BadSpeechError(f"the sound for {about} is clipped")


def check_length(duration_s: float, *, text: str, pace_wps: float) -> None:
    """Raise BadSpeechError when nobody could say `text` in that time: a part is missing, or too much came."""
    least_s, most_s = plausible_seconds(text, pace_wps=pace_wps)
    if not least_s <= duration_s <= most_s:
        raise BadSpeechError(
            f'{duration_s:.2f} s of speech for "{_short(text)}"; {least_s:.1f} to {most_s:.1f} s were expected'
        )


def remove_rumble(mono: Samples, *, rate_hz: int) -> Samples:
    """High-pass at 70 Hz, 12 dB an octave, without moving anything in time."""
    return _filter(mono, _rumble_gain, rate_hz=rate_hz)


def trim_silence(
    mono: Samples, *, rate_hz: int, under_db: float = 50.0, before_ms: float = 30.0, after_ms: float = 70.0
) -> Samples:
    """
    Take away what lies more than `under_db` below the loud parts, at both ends.

    A soft "f" or "h" lies 35 dB below a vowel, the end of a "d" 50; so a little is kept before the
    first and after the last sound found. Empty when nothing is left.
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
    """Bring it to LEVEL_LUFS by one gain."""
    gain = 10 ** ((LEVEL_LUFS - loudness_lufs(mono, rate_hz=rate_hz)) / 20)
    return np.asarray(mono * gain, dtype=np.float32)


def limit_peaks(mono: Samples, *, rate_hz: int) -> Samples:
    """
    Hold every sample under −1 dBFS, turning down for some milliseconds around a peak only.

    Each frame's gain is the least that it or its neighbours need, so the straight line from one
    frame to the next never passes what a frame needs. Of levelled speech one sentence in five has
    such peaks, 3 dB at most.
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

    The two filters are applied by their magnitude alone: blocks of 400 ms don't notice the phase.
    A sound shorter than one block is measured as a whole.
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
    """So that no join clicks."""
    count = min(round(rate_hz * fade_ms / 1000), mono.size // 2)
    if not count:
        return mono
    ramp = np.sin(np.linspace(0, np.pi / 2, count, dtype=np.float32)) ** 2
    faded = mono.copy()
    faded[:count] *= ramp
    faded[-count:] *= ramp[::-1]
    return faded


def join_parts(parts: Sequence[Samples], *, rate_hz: int, pause_s: float = 0.12) -> Samples:
    """Parts of one sentence, with the breath of a comma between them."""
    pause = np.zeros(round(rate_hz * pause_s), dtype=np.float32)
    pieces = [piece for part in parts for piece in (fade_ends(part, rate_hz=rate_hz), pause)]
    return np.concatenate(pieces[:-1]) if pieces else pause[:0]


def _filter(mono: Samples, gain: Callable[[Floats], Floats], *, rate_hz: int) -> Samples:
    """Multiply the spectrum by `gain(frequency in Hz)`; a tail of silence keeps the end off the beginning."""
    size = -(-(mono.size + rate_hz // 20) // _FFT_GRAIN) * _FFT_GRAIN
    spectrum = np.fft.rfft(mono, size) * gain(np.fft.rfftfreq(size, 1 / rate_hz).astype(np.float64))
    return np.asarray(np.fft.irfft(spectrum, size)[: mono.size], dtype=np.float32)


def _k_weighting(hz: Floats) -> Floats:
    """Magnitude of BS.1770's shelf and high-pass, whose coefficients are given for 48 kHz."""
    z = np.exp(-2j * np.pi * np.minimum(hz, 24_000.0) / 48_000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.asarray(np.abs(shelf * high_pass))


def _rumble_gain(hz: Floats) -> Floats:
    return np.asarray(1 / np.sqrt(1 + (_RUMBLE_HZ / np.maximum(hz, 1e-3)) ** 4))


def _frame_power(mono: Samples, hop: int) -> Floats:
    """Mean square of each whole frame of `hop` samples; of everything, when it is shorter than one."""
    count = mono.size // hop
    if not count:
        return np.square(mono, dtype=np.float64).mean(keepdims=True) if mono.size else np.zeros(0)
    squares = np.square(mono[: count * hop], dtype=np.float64)
    return np.asarray(squares.reshape(count, hop).mean(axis=1))


def _clipped_share(mono: Samples) -> float:
    """Share of samples that lie with both neighbours on one flat top at full scale."""
    top = np.abs(mono) >= 0.999
    flat = top[1:-1] & (mono[1:-1] == mono[:-2]) & (mono[1:-1] == mono[2:])
    return float(flat.mean()) if flat.size else 0.0


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
