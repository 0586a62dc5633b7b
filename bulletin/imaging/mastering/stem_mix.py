"""Notes at their times -> stereo mix; the level of each stem is set by its loudness."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bulletin.imaging.mastering.music_meter import loudness_lufs
from bulletin.imaging.mastering.reverb import reverberate
from bulletin.imaging.sounds.oscillators import RATE_HZ, Wave, db_to_gain, frames, shelf_eq

SEND_DB: Mapping[str, float] = {
    "lead": -9.0, "bells": -7.0, "strings": -8.0, "pad": -10.0, "pulse": -13.0,
    "mallets": -10.0, "drums": -15.0, "hits": -14.0, "bass": -40.0,
}  # fmt: skip
"""Reverb send of each stem."""


class StemMixer:
    """A stereo tape for each stem."""

    def __init__(self, seconds: float, *, is_loop: bool = False) -> None:
        self.seconds = seconds
        self.is_loop = is_loop
        self.stems: dict[str, Wave] = {}

    def place(self, stem: str, sound: Wave, at_s: float, gain_db: float = 0.0) -> None:
        """Add a sound to a stem; beyond the end it is cut, or wraps around in a loop."""
        tape = self.stems.setdefault(stem, np.zeros((frames(self.seconds), 2)))
        start = round(max(0.0, at_s) * RATE_HZ)
        rest = sound * db_to_gain(gain_db)
        while len(rest):
            if self.is_loop:
                start %= len(tape)
            room = max(0, min(len(rest), len(tape) - start))
            tape[start : start + room] += rest[:room]
            if not self.is_loop:
                return
            rest, start = rest[room:], start + room

    def mix(self, levels_lu: Mapping[str, float], hall: Wave) -> Wave:
        """
        Bring each stem to its loudness (LU, against the loudest) and add the hall.

        Levelling by loudness keeps the balance the same for every seed, key and instrument.
        """
        dry = np.zeros((frames(self.seconds), 2))
        send = np.zeros_like(dry)
        for stem, tape in self.stems.items():
            level = tape * db_to_gain(levels_lu[stem] - 20.0 - loudness_lufs(tape))
            dry += level
            send += level * db_to_gain(SEND_DB[stem])
        wet = reverberate(send, hall, is_loop=self.is_loop)
        return dry + shelf_eq(wet, 6000.0, -2.0, side=1)
