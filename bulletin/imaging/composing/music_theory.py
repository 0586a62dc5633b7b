"""Degrees of a scale -> MIDI notes; Chord -> voicing with the least motion."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

from bulletin.errors import AudioError

MODES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
}
KEYS = {
    "C": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "F": 5, "F#": 6,
    "Gb": 6, "G": 7, "G#": 8, "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11,
}  # fmt: skip
"""Name -> semitones above C."""
_CHORD_KINDS = {"": (0, 2, 4), "7": (0, 2, 4, 6), "add9": (0, 2, 4, 8), "sus4": (0, 3, 4)}
"""Degrees above the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A tonic and its seven steps."""

    tonic: int
    """Semitones above C."""
    steps: tuple[int, ...]

    def note(self, degree: int, *, octave: int = 4) -> int:
        """Degree 0 is the tonic of that octave, 7 the tonic above, -3 the fifth below; MIDI number."""
        turn, step = divmod(degree, len(self.steps))
        return 12 * (octave + 1 + turn) + self.tonic + self.steps[step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chord:
    """A chord in degrees of the scale."""

    root: int
    """0 is the tonic's chord, 4 the fifth's."""
    steps: tuple[int, ...] = _CHORD_KINDS[""]
    """Degrees above the root."""

    @property
    def degrees(self) -> tuple[int, ...]:
        return tuple(self.root + step for step in self.steps)


def chord_named(text: str) -> Chord:
    """
    Chord of a style's table: the degree of its root, and its kind.

    >>> chord_named("4:sus4").degrees
    (4, 7, 8)
    """
    root, _, kind = text.partition(":")
    return Chord(root=int(root), steps=_CHORD_KINDS[kind])


def make_scale(key: str, mode: str) -> Scale:
    """Scale of a key and a mode. Raises AudioError, with the valid keys, for another key."""
    name = key.strip().capitalize()
    if name not in KEYS:
        raise AudioError(f'imaging: "{key}" is not a valid key; use one of {", ".join(KEYS)}')
    return Scale(tonic=KEYS[name], steps=MODES[mode])


def voice(chord: Chord, scale: Scale, *, centre: float, before: tuple[int, ...] = ()) -> tuple[int, ...]:
    """
    Place each tone of a chord in the octave around `centre` (MIDI), lowest first.

    Takes the inversion closest to the voices before (voice leading), so that a progression sounds sung.
    """
    tones = [scale.note(degree) for degree in chord.degrees]
    choices = [
        [note for note in range(tone - 36, tone + 37, 12) if abs(note - centre) <= 9] for tone in tones
    ]

    def cost(notes: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        motion = sum(min(abs(note - old) for old in before) for note in notes) if before else 0
        off_centre = abs(sum(notes) / len(notes) - centre)
        too_wide = max(0, max(notes) - min(notes) - 14)
        clashes = sum(b - a < 2 for a, b in pairwise(sorted(notes)))
        return motion + 0.4 * off_centre + 0.3 * too_wide + 3 * clashes, notes

    best: tuple[int, ...] = min(product(*choices), key=cost)
    return tuple(sorted(best))
