"""Bytes of raw PCM, as servers stream them -> mono samples. Pure."""

from __future__ import annotations

import numpy as np

from bulletin.errors import BadSpeechError
from bulletin.runtime.read_sound_file import Samples, to_mono

RATES_HZ = range(8_000, 192_001)
"""Rates of speech that a server may send."""
_TYPES = {2: ("<i2", 2.0**15), 4: ("<i4", 2.0**31)}
"""Bytes of one value -> its type and its full scale."""


def decode_pcm(data: bytes, *, name: str, rate_hz: int, width: int = 2, channels: int = 1) -> Samples:
    """
    Mono samples of little-endian integers of `width` bytes; `name` is the engine's, for messages.

    Raises BadSpeechError for a format that no speech has, and for data that ends within a frame.
    """
    if width not in _TYPES or channels not in (1, 2) or rate_hz not in RATES_HZ:
        raise BadSpeechError(
            f"{name}: the server sends sound of {rate_hz} Hz, {channels} channels and {width} bytes a value; "
            "set it to 16-bit mono of 8,000 to 192,000 Hz"
        )
    if len(data) % (width * channels):
        raise BadSpeechError(f"{name}: the sound was cut off in the middle of a value; trying again later")
    kind, full_scale = _TYPES[width]
    values = np.frombuffer(data, dtype=kind).astype(np.float32) / np.float32(full_scale)
    return to_mono(values.reshape(-1, channels))
