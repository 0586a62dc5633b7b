"""Question that yes or no answers -> a melody that rises at its end. Pure numpy."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

_DRAWN_FRAMES = 40
"""Half a second at 80 frames a second. Shorter, longer and higher rises sounded less natural (DistillMOS)."""
_DRAWN_FROM = -2.0
"""Semitones from the sentence's middle pitch."""
_JOIN_FRAMES = 8
"""A tenth of a second from the model's own melody to the drawn one."""
_VOICED_HZ = 40.0

_SONORANTS = frozenset("aæɐɑɒɔəɜɛeɪiɨᵻʊuʌoøœyAIOQWYmnŋɲlɫɹrjwː")
"""Phonemes of Kokoro's alphabet that carry a melody: vowels and their length mark, nasals, liquids, glides."""

_ASKS_FOR_A_WORD = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:\w+\s+)?(?:who|what|when|where|why|how|which|whose|whom)\b", re.IGNORECASE
)

Pitches = npt.NDArray[np.float32]


def rises_at_end(text: str) -> bool:
    """
    Whether an English question rises: one that asks for a word ("Who ...?", "In which ...?") falls like a statement.

    Wells, "English Intonation" (2006), 2.5 and 2.6.

    >>> [rises_at_end(text) for text in ("Will it rain?", "When will it rain?", "It will rain.")]
    [True, False, False]
    """
    return text.rstrip("\"”’') ").endswith("?") and not _ASKS_FOR_A_WORD.match(text)


def signs_to_last_sonorant(phonemes: str) -> int:
    """
    Number of phonemes up to the last sonorant, which can carry a melody.

    >>> signs_to_last_sonorant("mˈɑːʧ"), signs_to_last_sonorant("ɪt"), signs_to_last_sonorant("wˈA")
    (4, 1, 3)
    """
    return max((at for at, sign in enumerate(phonemes, start=1) if sign in _SONORANTS), default=0)


def rise_factors(
    pitch_hz: Pitches, *, top: float, bend: float = 1.0, sonorant_frames: int | None = None
) -> Pitches:
    """
    Factors that turn the pitch of each frame into that of a question: half a second that rises from low to high.

    The models fall to a creak at the end, where a rise on top of the fall would be none. `top` is the highest pitch, in
    semitones from the sentence's middle one; a `bend` over 1 rises late. The rise is complete after `sonorant_frames`, the end of the last sound that carries a melody: in "March" a model goes on computing a pitch
    that nobody hears. 1 for the frames before, for those without voice, and for a sound with less voice than the rise
    is long.
    """
    factors = np.ones_like(pitch_hz)
    voiced = np.flatnonzero(pitch_hz[:sonorant_frames] > _VOICED_HZ)
    if voiced.size <= _DRAWN_FRAMES:
        return factors
    last = voiced[-_DRAWN_FRAMES:]
    done = (last - last[0]) / (last[-1] - last[0])
    semitones = _DRAWN_FROM + (top - _DRAWN_FROM) * done**bend
    drawn = float(np.median(pitch_hz[voiced])) * 2 ** (semitones / 12) / pitch_hz[last]
    share = np.minimum(1.0, np.arange(last.size) / _JOIN_FRAMES)
    factors[last] = drawn**share
    after = voiced[-1] + 1 + np.flatnonzero(pitch_hz[voiced[-1] + 1 :] > _VOICED_HZ)
    factors[after] = drawn[-1] * pitch_hz[last[-1]] / pitch_hz[after]  # voiced consonants stay up there
    return factors
