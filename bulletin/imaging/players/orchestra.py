"""Port of the players: named instruments and drums -> sounds; and the players that are computed."""

from __future__ import annotations

from typing import Protocol

from bulletin.imaging.sounds import instruments, percussion
from bulletin.imaging.sounds.oscillators import Random, Wave

INSTRUMENTS = (
    "trumpets", "horns", "strings", "low_strings", "spiccato", "pad", "bass", "pluck", "acoustic_guitar",
    "glockenspiel", "marimba", "piano", "electric_piano", "timpani",
)  # fmt: skip
"""Instruments that play the note they are given."""
DRUMS = ("impact", "kick", "bass_drum", "snare", "rim", "clap", "hat", "shaker", "crash")

COMPUTED = "Apache-2.0"
"""Licence of sounds that this program computes."""


class Orchestra(Protocol):
    """Players of a jingle; every orchestra has all INSTRUMENTS and DRUMS, at about the same loudness."""

    name: str
    """For the sheet of a set and for messages: "synthesis", or the soundfont's file."""
    licence: str
    """Of its sounds: COMPUTED, or the soundfont's."""

    def play(self, instrument: str, note: int, held_s: float, rng: Random) -> Wave:
        """Stereo sound of a MIDI note, a little longer than held."""

    def hit(self, drum: str, rng: Random) -> Wave:
        """Stereo sound of a drum."""

    def swell(self, seconds: float, rng: Random) -> Wave:
        """A rush that rises into the next beat and ends there."""


class SynthesisOrchestra:
    """Players that are computed: oscillators and noise, nothing sampled."""

    name = "synthesis"
    licence = COMPUTED

    def play(self, instrument: str, note: int, held_s: float, rng: Random) -> Wave:
        if instrument == "timpani":
            return percussion.timpani(note, rng)
        sound: Wave = getattr(instruments, instrument)(note, held_s, rng)
        return sound

    def hit(self, drum: str, rng: Random) -> Wave:
        sound: Wave = getattr(percussion, drum)(rng)
        return sound

    def swell(self, seconds: float, rng: Random) -> Wave:
        return percussion.swell(seconds, rng)
