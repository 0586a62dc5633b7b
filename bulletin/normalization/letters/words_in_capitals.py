"""
Words in capitals of languages other than English -> small letters: "Rudolf KRAUSE", "L'ÉTÉ", "VERA LÚCIA".

Source: a word has syllables with an onset and a coda of its language (Vennemann 1988, Preference Laws for Syllable
Structure: sonority rises to the vowel and falls behind it); initials seldom have. Judgement, no source: five letters
and more, because most initials are shorter, and four beside such a word.
"""

from __future__ import annotations

import re
import unicodedata

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_CAPITALS = "A-ZÀ-ÖØ-ÞŒŠŽ"
"""Example: `lower_words_in_capitals`."""
_WORD = re.compile(
    rf"(?<![\w&'.-])(?P<elided>(?:[{_CAPITALS}]|QU|[dljnsmtc]|qu)')?(?P<word>[{_CAPITALS}]{{4,30}})(?![\w&'])"
)
"""Example: `lower_words_in_capitals`."""
_LEAST = 5
"""Letters of a word that stands alone. Example: `lower_words_in_capitals`."""
_BESIDE = 40
"""Characters on either side in which another word in capitals counts. Example: `lower_words_in_capitals`."""
_ONSET = (
    r"(?:SCH[LMNRW]?|S[CKPT]R|SPL|PF[LR]?|CH[LR]?|[BCDFGKPTVW]R|[BCFGKPSV]L|S[CKMNPTWJ]|TS?J|[PT]H|[GK]N|QU?|[ZKDT]W|LL|"
    r"[BCDFGHJ-NPRSTV-XZ])?"
)
"""Consonants before the vowel of a syllable. Example: `is_word`."""
_VOWELS = r"[AEIOUY]{1,3}"
"""Example: `is_word`."""
_CODA = r"(?:[LRNM](?:[BDFGKMNPSTZCX]|CH|SCH|TZ|ST|KT|PF|DT)?|SCH|CHT?|CK|TZ|[FPKCGH]?T|S[TKP]?|[BDFGKPVXZ]|SS|FF|PP)?"
"""Consonants behind it. Example: `is_word`."""
_SYLLABLES = re.compile(rf"{_ONSET}{_VOWELS}(?:{_CODA}{_ONSET}{_VOWELS}){{0,9}}{_CODA}S?")
"""Example: `is_word`."""


def lower_words_in_capitals(text: str, tongue: Tongue) -> str:
    """
    Words in capitals as names; initials that no language could say as a word stay.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> lower_words_in_capitals("Rudolf KRAUSE und die UNHCR", load_tongue("de"))
    'Rudolf Krause und die UNHCR'
    >>> lower_words_in_capitals("D'ÉTIENNE, VERA LÚCIA, la CGIL", load_tongue("it"))
    "D'Étienne, Vera Lúcia, la CGIL"
    """
    known = tongue.tables["said"].keys() | set(tongue.tables["spelled"]["only"])

    def lower(match: re.Match[str]) -> str:
        word = match["word"]
        if word in known or not is_word(word):
            return match[0]
        return f"{match['elided'] or ''}{word.capitalize()}" if _is_long(match, known) else match[0]

    return _WORD.sub(lower, text)


def is_word(letters: str) -> bool:
    """
    Whether letters are syllables that the languages of the project could have.

    >>> [is_word(letters) for letters in ("KRAUSE", "SÉRIES", "SJOEBA", "ICMPD", "USMCA", "ÖAMTC")]
    [True, True, True, False, False, False]
    """
    plain = unicodedata.normalize("NFD", letters.replace("Œ", "OE"))
    return bool(_SYLLABLES.fullmatch("".join(char for char in plain if not unicodedata.combining(char))))


def _is_long(match: re.Match[str], known: set[str]) -> bool:
    """
    Whether a word has five letters, or stands beside one that has.

    >>> [_is_long(_WORD.search(text), set()) for text in ("KRAUSE", "VERA LÚCIA", "VERA und Lúcia")]
    [True, True, False]
    """
    if len(match["word"]) >= _LEAST:
        return True
    before = match.string[max(0, match.start() - _BESIDE) : match.start()].split(" ")
    after = match.string[match.end() : match.end() + _BESIDE].split(" ")
    beside = (
        before[-2] if len(before) > 1 and not before[-1] else "",
        after[1] if len(after) > 1 and not after[0] else "",
    )
    words = (other.rpartition("'")[2].strip(".,:;") for other in beside)
    return any(
        len(word) >= _LEAST and word.isupper() and word.isalpha() and word not in known and is_word(word)
        for word in words
    )
