"""
Spelling of a name -> its consonants as they sound, so that "Steven" and "Stephen" are the same. Pure.

Source: the idea of Philips' Metaphone (1990), with voiced and unvoiced consonants as one, as in Soundex (Russell 1918).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^x", "s"),
        (r"mb$", "m"),
        (r"ough|augh|eigh|igh", "o"),
        (r"gh", "k"),
        (r"ph|v", "f"),
        (r"tch|sch|sh|ch|j|dg|ti(?=on)|ci(?=a)", "Z"),
        (r"c(?=[eiy])|z|sc(?=[eiy])", "s"),
        (r"g(?=[eiy])", "Z"),
        (r"ck|c|q|g", "k"),
        (r"x", "ks"),
        (r"th|d", "t"),
        (r"b", "p"),
        (r"[aeiouwhy]+", "-"),
    )
)
"""Letters and their sound, in this order."""
_VOWELS = re.compile(r"[aeiouy]+")


@lru_cache(maxsize=8_192)
def sound_key(word: str) -> str:
    """
    Consonants of a word, and whether it begins with a vowel.

    >>> sound_key("Stephen") == sound_key("Steven"), sound_key("Iran") == sound_key("Iraq")
    (True, False)
    """
    plain = unicodedata.normalize("NFKD", word.lower())
    text = "".join(letter for letter in plain if letter.isascii() and letter.isalpha())
    begins = "-" if text[:1] in "aeiou" else ""
    for pattern, sound in _RULES:
        text = pattern.sub(sound, text)
    text = re.sub(r"(.)\1+", r"\1", text.replace("-", ""))
    return begins + text


def sounds_alike(name: str, other: str) -> bool:
    """
    Whether two spellings may be one name: the same consonants, and about as many syllables.

    An "s" at the end does not count: it is a possessive or a plural.

    >>> sounds_alike("Holliday", "Holiday"), sounds_alike("Austria", "Australia"), sounds_alike("Ann", "Anthea")
    (True, False, False)
    """
    syllables = abs(len(_VOWELS.findall(name.lower())) - len(_VOWELS.findall(other.lower())))
    keys = [{sound_key(word), sound_key(word.removesuffix("s"))} for word in (name, other)]
    return not keys[0].isdisjoint(keys[1]) and syllables < 2
