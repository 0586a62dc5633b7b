"""Two names -> whether the embedded voice reads them alike: a recogniser may then write one for the other."""

from __future__ import annotations

from bulletin.errors import EngineUnavailableError
from bulletin.speech.engines.hibari_offline_voice import read_name

_VOWELS = frozenset("aeiouæɑɒɔəɛɜɪʊʌᵻᵊAIOQWYᶦ")
"""Vowels and diphthongs of misaki's alphabet."""
_AS_ONE = str.maketrans(
    {
        "z": "s",
        "v": "f",
        "d": "t",
        "ð": "t",
        "θ": "t",
        "b": "p",
        "ɡ": "k",
        "ʒ": "ʃ",
        "ʤ": "ʧ",
        "ɾ": "t",
        "T": "t",
    }
)
"""Voiced consonants as their unvoiced pair."""
_SILENT = frozenset("ˈˌːjwh ")


def are_read_alike(name: str, other: str) -> bool:
    """Whether two names have the same consonants when read aloud, and about as many syllables."""
    try:
        sounds = [read_name(word.title())[0] for word in (name, other)]
    except EngineUnavailableError:
        return False
    consonants = [
        "".join(sound for sound in text if sound not in _VOWELS and sound not in _SILENT).translate(_AS_ONE)
        for text in sounds
    ]
    syllables = [sum(sound in _VOWELS for sound in text) for text in sounds]
    return consonants[0] == consonants[1] and abs(syllables[0] - syllables[1]) < 2
