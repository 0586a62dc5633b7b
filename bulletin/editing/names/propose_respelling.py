"""
Name -> a first respelling to hear: how a voice reads it, corrected where names are said otherwise. Learnt, pure.

A voice reads an unknown name by the rules of English: "Masaccio" as "mas-ack-see-oh". Among names with a known
pronunciation some letters beside some others are said otherwise; each such correction is an entry of the model.

Source: learnt from the pronouncing dictionary that hibari-tts brings (misaki's, Apache-2.0), `python -m
bench.respelling_weights`; corrections of corrections as in Brill 1995, "Transformation-based error-driven learning",
Computational Linguistics 21. docs/NAMES.md has the accuracy on names that were held out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from unicodedata import combining, normalize

from bulletin.editing.names.pronunciation_difficulty import load_name_model
from bulletin.editing.names.spell_phonemes import spell_phonemes
from bulletin.language.read_word_lists import read_table

_EDGE = "####"
"""Letters beyond both ends of a name. Example: `contexts`."""
_NEVER = 70
"""Cost of a letter and sounds that were never seen together, in tenths of a natural logarithm. Example: `align`."""
_MOST_SOUNDS = 3
"""Sounds of one letter: the "x" of "Xavier" as "ɪɡz". Example: `align`."""
_STRESS = re.compile("[ˈˌː ]")
"""Example: `plain_sounds`."""
_ALIKE = str.maketrans({"ɾ": "t", "T": "t", "ᵊ": "ə", "ɜ": "ə", "ʌ": "ə", "ᵻ": "ɪ"})
"""Sounds that differ by stress alone. Example: `plain_sounds`."""

_CLEAR_ORIGIN = 0.5
"""Log odds of an origin against English for a correction of its own. Example: `likely_origin`."""
_SURE_ORIGIN = 1.5
"""The same for spelling its letters as English ones. Example: `spell_as_english`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a voice reads a word."""

    phonemes: str
    """In misaki's alphabet, with stress."""
    is_known: bool
    """From a dictionary, not by rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RespellingModel:
    """Learnt by `python -m bench.respelling_weights`."""

    costs: Mapping[str, Mapping[str, int]]
    """Letter -> its sounds -> how unusual they are, in tenths of a natural logarithm."""
    corrections: Mapping[str, str]
    """Context of a letter and its sounds, as in `contexts` -> its sounds in names."""

    def correct(self, name: str, phonemes: str) -> str:
        """
        The phonemes of a name, corrected letter by letter, from the shortest context to the longest.

        >>> RespellingModel(costs={"a": {"æ": 0}}, corrections={"a/æ": "ɑ"}).correct("Aa", "ææ")
        'ɑɑ'
        """
        letters = plain_letters(name)
        sounds = align(letters, plain_sounds(phonemes), self.costs)
        if not sounds:
            return plain_sounds(phonemes)
        corrected = list(sounds)
        origin = likely_origin(letters)
        for at in range(len(letters)):
            for context in contexts(letters, sounds, at, origin=origin):
                corrected[at] = self.corrections.get(context, corrected[at])
        return "".join(corrected)


def propose_respelling(name: str, read: Callable[[str], Reading | None]) -> str:
    """
    A respelling of one word to begin with, "" where there is none; `read` says how the voice reads it.

    A name of the voice's dictionary is spelt as it is said there, the parts of a double name one by one.

    >>> propose_respelling("Masaccio", lambda name: Reading(phonemes="məsˈɑʧiO", is_known=True))
    'Muh-sah-chee-oh'
    """
    parts = [part for part in re.split(r"[-'’ ]", name) if part]
    spelled = [_propose(part, read) for part in parts]
    return " ".join(spelled) if parts and all(spelled) else ""


def _propose(part: str, read: Callable[[str], Reading | None]) -> str:
    """
    The respelling of one part of a name.

    >>> _propose("bridge", lambda word: None)
    ''
    """
    reading = read(part)
    if reading and not reading.is_known and (english := spell_as_english(part)) != part.lower():
        part = english
        reading = read(english.capitalize())
    if reading is None:
        return ""
    if reading.is_known:
        return spell_phonemes(reading.phonemes)
    return spell_phonemes(load_respelling_model().correct(part, reading.phonemes))


def spell_as_english(name: str) -> str:
    """
    The name in small letters, with English letters for those of the language that it clearly looks like.

    >>> spell_as_english("Kowalczyk"), spell_as_english("Llandeilo"), spell_as_english("Smith")
    ('kovalchyk', 'thlandylo', 'smith')
    """
    name = name.lower()
    celtic, by_origin = _foreign_spellings()
    origin = "celtic" if celtic.search(name) else likely_origin(plain_letters(name), least=_SURE_ORIGIN)
    for pattern, letters in by_origin.get(origin, ()):
        name = pattern.sub(letters, name)
    return name


@lru_cache(maxsize=1)
def _foreign_spellings() -> tuple[re.Pattern[str], dict[str, list[tuple[re.Pattern[str], str]]]]:
    """
    The tables of foreign_spellings.toml, compiled.

    >>> sorted(_foreign_spellings()[1])[:2]
    ['celtic', 'east_asian']
    """
    table = dict(read_table("bulletin.editing.names", "foreign_spellings.toml"))
    celtic = re.compile(table.pop("celtic_names"))
    return celtic, {
        origin: [(re.compile(pattern), letters) for pattern, letters in rules.items()]
        for origin, rules in table.items()
    }


def plain_letters(name: str) -> str:
    """
    Small letters without accents.

    >>> plain_letters("Siân")
    'sian'
    """
    return "".join(letter for letter in normalize("NFD", name.lower()) if not combining(letter))


def plain_sounds(phonemes: str) -> str:
    """
    Phonemes without stress.

    >>> plain_sounds("kˈWnsᵊl"), plain_sounds("ˈɛɹɹɪs")
    ('kWnsəl', 'ɛɹɪs')
    """
    return _STRESS.sub("", phonemes).translate(_ALIKE).replace("ɹɹ", "ɹ")


def align(letters: str, sounds: str, costs: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """
    The sounds of each letter, none to three, by the least cost; empty where no alignment exists.

    >>> align("shah", "ʃɑ", {"s": {"ʃ": 1}, "h": {"": 1}, "a": {"ɑ": 1}})
    ('ʃ', '', 'ɑ', '')
    """
    best: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}
    for letter in letters:
        known = costs.get(letter, {})
        reached: dict[int, tuple[int, tuple[str, ...]]] = {}
        for at, (cost, before) in best.items():
            for end in range(at, min(at + _MOST_SOUNDS, len(sounds)) + 1):
                total = cost + known.get(sounds[at:end], _NEVER)
                if end not in reached or total < reached[end][0]:
                    reached[end] = total, (*before, sounds[at:end])
        best = reached
    return best.get(len(sounds), (0, ()))[1]


def likely_origin(letters: str, *, least: float = _CLEAR_ORIGIN) -> str:
    """
    The group of languages that a name looks like, "" for English.

    >>> likely_origin("giovanni")
    'romance'
    """
    odds = load_name_model().match_origins(letters)
    origin = max(odds, key=lambda name: odds[name])
    return origin if odds[origin] > least else ""


def contexts(letters: str, sounds: Sequence[str], at: int, *, origin: str) -> Iterator[str]:
    """
    Contexts of a letter from the shortest to the longest: letters around it, its sounds, its neighbours' at the end.

    >>> list(contexts("ab", ["æ", "b"], 0, origin="slavic"))[:4]
    ['a/æ', 'ab/æ', '#ab/æ', 'slavic:#ab/æ']
    """
    text, heard = f"{_EDGE}{letters}{_EDGE}", sounds[at]
    here = at + len(_EDGE)
    before, after = sounds[at - 1] if at else "#", sounds[at + 1] if at + 1 < len(sounds) else "#"
    yield f"{text[here]}/{heard}"
    yield f"{text[here : here + 2]}/{heard}"
    yield f"{text[here - 1 : here + 2]}/{heard}"
    yield f"{origin}:{text[here - 1 : here + 2]}/{heard}"
    yield f"{text[here - 1 : here + 3]}/{heard}"
    yield f"{text[here - 2 : here + 3]}/{heard}"
    yield f"{text[here - 2 : here + 4]}/{before}|{heard}|{after}"
    yield f"{text[here - 3 : here + 4]}/{before}|{heard}|{after}"


@lru_cache(maxsize=1)
def load_respelling_model() -> RespellingModel:
    """
    The model in `respelling_model.json`.

    >>> load_respelling_model().costs["b"]["b"] < load_respelling_model().costs["b"][""]
    True
    """
    text = (resources.files("bulletin.editing.names") / "respelling_model.json").read_text(encoding="utf-8")
    return RespellingModel(**json.loads(text))
