"""
Phonemes -> a respelling that a newsreader and any voice read alike: "bOɡumɪlskə" -> "Boh-goo-mil-skuh". Pure.

Source: syllables begin with as many consonants as an English word can (maximal onset; Kahn 1976, "Syllable-based
generalizations in English phonology"). The spelling of each vowel is the one that hibari's grapheme-to-phoneme read
back most often as that vowel, of up to six candidates, in the syllables of 8,120 names; most read back in nine of ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from bulletin.language.read_word_lists import read_table, word_set

_LAX = frozenset("æɛɪʊəʌᵊɜᵻɒa")
"""Short vowels; a doubled or longer consonant keeps them short. Example: `spell_phonemes`."""
_NEEDS_CODA = frozenset("æɛɪʊɒ")
"""Vowels that never end an English syllable. Example: `spell_phonemes`."""
_STRESS = re.compile("[ˈˌː ]")
"""Example: `spell_phonemes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Syllable:
    """Consonants, a vowel, consonants, in misaki's signs. Example: `spell_phonemes`."""

    onset: str
    vowel: str
    coda: str


def spell_phonemes(phonemes: str) -> str:
    """
    Spell phonemes of misaki's alphabet by syllables; "" where there is no vowel.

    >>> spell_phonemes("bOɡumˈɪlskə"), spell_phonemes("tˈAʃɑk"), spell_phonemes("bɹ")
    ('Boh-goo-mil-skuh', 'Tay-shahk', '')
    """
    spelled = "-".join(map(_spell, _syllables(_STRESS.sub("", phonemes))))
    return spelled[:1].upper() + spelled[1:]


def _syllables(phonemes: str) -> Iterable[_Syllable]:
    """
    Divide phonemes into syllables.

    >>> [syllable.onset + syllable.vowel for syllable in _syllables("lændIlO")]
    ['læ', 'dI', 'lO']
    """
    places = [at for at, sign in enumerate(phonemes) if sign in _tables()["open"]]
    start = 0
    for place, following in zip_longest(places, places[1:]):
        between = phonemes[place + 1 : following]
        cut = len(between) if following is None else _coda_length(between, phonemes[place])
        yield _Syllable(onset=phonemes[start:place], vowel=phonemes[place], coda=between[:cut])
        start = place + 1 + cut


def _coda_length(consonants: str, vowel: str) -> int:
    """
    How many consonants between two vowels belong to the first: those that cannot begin a word.

    >>> _coda_length("lsk", "i"), _coda_length("l", "ɪ")
    (1, 1)
    """
    onsets = word_set("bulletin.editing.names", "syllable_letters.toml", "onsets")
    length = next(
        cut for cut in range(len(consonants) + 1) if cut == len(consonants) or consonants[cut:] in onsets
    )
    return length or int(bool(consonants) and vowel in _NEEDS_CODA)


def _spell(syllable: _Syllable) -> str:
    """
    Letters of one syllable.

    >>> [_spell(_Syllable(onset=o, vowel=v, coda=c)) for o, v, c in (("", "I", ""), ("m", "I", "k"), ("b", "ɛ", "ɹɡ"))]
    ['eye', 'mike', 'bairg']
    """
    spelled = _spell_by_rule(syllable)
    return _tables()["words"].get(spelled, spelled)


def _spell_by_rule(syllable: _Syllable) -> str:
    """
    Letters of one syllable, which may be a word of another sound.

    >>> _spell_by_rule(_Syllable(onset="ɡ", vowel="i", coda="")), _spell(_Syllable(onset="ɡ", vowel="i", coda=""))
    ('gee', 'ghee')
    """
    onset, coda = _letters(syllable.onset), _letters(syllable.coda)
    vowel = syllable.vowel
    if vowel == "u" and len(onset) > 1 and onset.endswith("y"):  # "few", because "fy" has another vowel
        return f"{onset[:-1]}ew{coda}"
    tables = _tables()
    if not coda:
        letters = tables["open"][vowel]
        return onset + (letters if onset else tables["alone"].get(vowel, letters))
    if syllable.coda[0] == "ɹ":
        return onset + tables["before_r"][vowel] + coda
    if vowel == "I" and len(coda) == 1:  # "mike", not "mighk"
        return f"{onset}i{coda}e"
    if vowel == "u" and coda in ("k", "d"):  # "book" and "good" have another vowel
        return f"{onset}u{coda}e"
    longer = tables["longer"].get(syllable.coda) if vowel in _LAX or coda == "s" else None
    return onset + tables["closed"][vowel] + (longer or coda)


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, str]]:
    """
    The tables of syllable_letters.toml, each vowel with letters in every place.

    >>> _tables()["closed"]["I"], _tables()["before_r"]["I"], _tables()["open"]["I"]
    ('igh', 'igh', 'ye')
    """
    tables = dict(read_table("bulletin.editing.names", "syllable_letters.toml"))
    closed = tables["open"] | tables["closed"]
    return tables | {"closed": closed, "before_r": closed | tables["before_r"], "onsets": {}}


def _letters(consonants: str) -> str:
    """
    Letters of consonants.

    >>> _letters("ʃʧ")
    'shch'
    """
    return "".join(_tables()["consonants"].get(sign, sign) for sign in consonants)
