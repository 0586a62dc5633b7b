"""Written word -> its phonemes with stress, by a language's table of spelling rules. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zlib import crc32

NUCLEUS = re.compile("(?:[aeiouyøœɐɑɔɛæAIOWY]|(?<!ɾ)ə|(?<![aeiouɐɛɔ\u0303])[ɪʊ])\u0303?")
"""A vowel that can carry stress; glides are j, w and ɥ, and ɪ and ʊ after a vowel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellingRules:
    """A language's spelling, as a file of `tables/` describes it."""

    language: str
    """Two letters."""
    respelt: tuple[tuple[re.Pattern[str], str], ...]
    """Changes of letters before the rules."""
    rules: re.Pattern[str]
    """All rules in one expression; the number of the group is the rule's."""
    sounds: tuple[str, ...]
    words: Mapping[str, str]
    """Words that break the rules -> phonemes."""
    endings: Mapping[str, str]
    """Endings with a stress of their own -> phonemes; the word before them keeps its stress."""
    unstressed: frozenset[str]
    last: re.Pattern[str]
    """Words stressed on the last vowel."""
    antepenult: re.Pattern[str]
    """Words stressed on the last vowel but two."""
    fourth: re.Pattern[str]
    """Words stressed on the last vowel but three."""
    has_secondary: bool
    """Whether a light stress is on the first vowel, where two or more come before the stressed one."""
    stressed: tuple[tuple[re.Pattern[str], str], ...]
    """Quality of the stressed vowel, by the phonemes around it."""
    joined: tuple[tuple[re.Pattern[str], str], ...]
    """Changes of sounds in the whole sentence, across words."""
    letters: Mapping[str, str]
    """Letter or digit -> its name, in words of the language."""
    liaisons: Mapping[str, str]
    """Word -> the consonant that is heard before a vowel."""
    aspirated: tuple[str, ...]
    """Beginnings of words before which there is no liaison."""


@cache
def load_spelling_rules(language: str) -> SpellingRules:
    """The table of a language. Raises FileNotFoundError for a language without one."""
    table = tomllib.loads(_read_table(language).decode("utf-8"))
    rules = table["rules"]
    return SpellingRules(
        language=language,
        respelt=_compile(table.get("respelt", [])),
        rules=re.compile("|".join(f"({pattern})" for pattern, _ in rules)),
        sounds=tuple(_decomposed(sound) for _, sound in rules),
        words={word: _decomposed(sounds) for word, sounds in table.get("words", {}).items()},
        endings={ending: _decomposed(sounds) for ending, sounds in table.get("endings", {}).items()},
        unstressed=frozenset(table.get("unstressed", ())),
        last=re.compile(table["stress"]["last"]),
        antepenult=re.compile(table["stress"].get("antepenult", r"(?!)")),
        fourth=re.compile(table["stress"].get("fourth", r"(?!)")),
        has_secondary=table["stress"]["secondary"],
        stressed=_compile(table["stress"].get("vowels", [])),
        joined=_compile(table.get("joined", [])),
        letters=table["letters"],
        liaisons={word: sound for sound, words in table.get("liaison", {}).items() for word in words},
        aspirated=tuple(table.get("aspirated", {}).get("stems", ())),
    )


@cache
def version_of_rules(language: str) -> str:
    """Eight hexadecimal digits that change with the table of a language; empty for a language without one."""
    try:
        return f"{crc32(_read_table(language)):08x}"
    except FileNotFoundError:
        return ""


def _read_table(language: str) -> bytes:
    return (files(__package__) / "tables" / f"{language}.toml").read_bytes()


def _decomposed(sounds: str) -> str:
    """The tilde of a nasal vowel is a sign of its own in Kokoro's alphabet."""
    return unicodedata.normalize("NFD", sounds)


def _compile(pairs: list[list[str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), sound) for pattern, sound in pairs)


def sound_out(word: str, rules: SpellingRules) -> str:
    """
    Phonemes of one word, with its stress before the stressed vowel, as Kokoro was trained.

    >>> sound_out("iglesia", load_spelling_rules("es"))
    'iɡlˈesja'
    """
    written = unicodedata.normalize("NFC", word.lower())
    if written in rules.words:
        return rules.words[written]
    for pattern, letters in rules.respelt:
        written = pattern.sub(letters, written)
    for ending, phonemes in rules.endings.items():
        if len(base := written.removesuffix(ending)) > 2 and base != written:
            return sound_out(base, rules) + phonemes
    sounds = _sounds(written, rules)
    if written in rules.unstressed:
        return sounds.replace("ˈ", "")
    stressed = _choose_vowel(_stress(written, sounds, rules), rules)
    return _add_secondary(stressed) if rules.has_secondary else stressed


def _sounds(written: str, rules: SpellingRules) -> str:
    """The sound "=" is the letter itself; letters without a rule are silent."""
    sounds = []
    for match in rules.rules.finditer(written):
        sound = rules.sounds[(match.lastindex or 0) - 1]
        sounds.append(match[0] if sound == "=" else sound)
    return "".join(sounds)


def _stress(written: str, sounds: str, rules: SpellingRules) -> str:
    """A stress that the rules set, as those of accents do, stays."""
    if "ˈ" in sounds:
        return sounds
    nuclei = [match.start() for match in NUCLEUS.finditer(sounds)]
    if not nuclei:
        return sounds
    nuclei = [at for at in nuclei if sounds[at] != "ə"] or nuclei
    backs = ((rules.last, 1), (rules.fourth, 4), (rules.antepenult, 3))
    back = next((back for words, back in backs if words.search(written)), 2)
    at = nuclei[-min(back, len(nuclei))]
    return f"{sounds[:at]}ˈ{sounds[at:]}"


def _choose_vowel(sounds: str, rules: SpellingRules) -> str:
    """The first pattern that fits decides."""
    for pattern, sound in rules.stressed:
        if pattern.search(sounds):
            return pattern.sub(sound, sounds)
    return sounds


def _add_secondary(sounds: str) -> str:
    before, mark, after = sounds.partition("ˈ")
    nuclei = [match.start() for match in NUCLEUS.finditer(before)]
    if not mark or len(nuclei) < 2:
        return sounds
    return f"{before[: nuclei[0]]}ˌ{before[nuclei[0] :]}ˈ{after}"
