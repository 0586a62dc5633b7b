"""Text -> tokens that a script and a recogniser's text have in common: words, figures, negations. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from bulletin.language.read_word_lists import read_table, word_set
from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
from bulletin.recognition.figures import Figure, join_figures
from bulletin.recognition.number_words import join_number_words

_TABLE = "english_words.toml"
_PACKAGE = "bulletin.recognition"
_MONEY = re.compile(r"[£$€]\s?(\d[\d,.]*)\s?(k|mn?|bn?|tn)\b")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}(?=\W|$)")
_SPELT = re.compile(r"\b[A-Z](?:[- ][A-Z])+\b(?!')")
_NUMBER_TEN = re.compile(r"\bNo\.\s?(?=\d)")
_FULL_HOUR = re.compile(r"(?<=\d):00\b")
_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th|'?s)\b", re.IGNORECASE)
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*")
_PLAIN_WORD = re.compile(r"\d+|[^\W\d_]+")
_POSSESSIVE = re.compile(r"'s?$")
_FRACTIONS = {"1/2": "half", "1/3": "third", "1/4": "quarter", "½": " and a half", "¼": " quarter"}


class Kind(StrEnum):
    """Sort of a token."""

    WORD = "word"
    FIGURE = "figure"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, or the words of one figure."""

    text: str
    """As it stands, in small letters: "twelve hundred", "1200"."""
    key: str
    """What counts in a comparison: "1200"."""
    kind: Kind = Kind.WORD
    figure: Figure | None = None


def tokens_of(text: str) -> tuple[Token, ...]:
    """
    Tokens of a script's spoken form, or of a recogniser's text.

    >>> [token.key for token in tokens_of("It didn't cost £1.2m at 4 p.m. on June 22nd.")]
    ['it', 'did', 'not', 'cost', '1200000', 'at', '4', 'pm', 'on', 'june', '22']
    >>> [token.key for token in tokens_of("The M-twenty-five at six to two; B-B-C One")]
    ['the', 'm', '25', 'at', '6', 'to', '2', 'bbc', '1']
    """
    words = list(_expand(_WORD.findall(_unify(text))))
    return tuple(_token(item, " ".join(words[start:end])) for item, start, end in join_figures(words))


def tokens_of_language(text: str, language: str, *, folder: Path | None = None) -> tuple[Token, ...]:
    """
    Tokens of a spoken form in a language other than English; `folder` holds further languages.

    Negations are those of the language's folder ([lists] negations), without which only figures count.

    >>> [token.key for token in tokens_of_language("Zwölfhundert kamen nicht.", "de")]
    ['1200', 'kamen', 'nicht']
    """
    tongue = load_tongue(language, folder=folder)
    percent = tongue.tables["words"].get("percent", "")
    if " " in percent:  # "pour cent" is no hundred
        text = text.replace(percent, percent.replace(" ", ""))
    words = [word.lower() for word in _PLAIN_WORD.findall(text)]
    negations = tongue.words("negations")
    return tuple(
        Token(text=item, key=item, kind=Kind.NEGATION if item in negations else Kind.WORD)
        if isinstance(item, str)
        else Token(text=" ".join(words[start:end]), key=item.value, kind=Kind.FIGURE, figure=item)
        for item, start, end in join_number_words(words, language)
    )


def is_homophone(key: str, word: str) -> bool:
    """Whether a word sounds like a figure or a negation: "to" and 2."""
    homophones: Mapping[str, str] = read_table(_PACKAGE, _TABLE)["homophones"]
    return word in homophones.get(key, "").split()


def _unify(text: str) -> str:
    """One way to write apostrophes, money, times, ordinals and initials."""
    table = read_table(_PACKAGE, _TABLE)["figures"]
    text = text.replace("’", "'").replace("per cent", "percent").replace("%", " percent")
    for sign, words in _FRACTIONS.items():
        text = re.sub(rf"(?<!\d){re.escape(sign)}(?!\d)" if sign[0].isdigit() else sign, words, text)
    text = _MONEY.sub(lambda match: f"{match[1]} {table['short_scales'][match[2]]}", text)
    text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    text = _SPELT.sub(lambda match: re.sub("[- ]", "", match[0]), text)
    text = _FULL_HOUR.sub("", _THOUSANDS.sub("", _NUMBER_TEN.sub("number ", text)))
    return _ENDING.sub("", text)


def _expand(words: list[str]) -> Iterator[str]:
    """Small letters, without possessives and contractions; Roman figures behind a word."""
    table = read_table(_PACKAGE, _TABLE)
    contractions, roman = table["contractions"], table["figures"]["roman"]
    for place, word in enumerate(words):
        small = word.lower()
        if place and word in roman:
            yield str(roman[word])
        elif small in contractions:
            yield from contractions[small].split()
        elif small.endswith("n't"):
            yield small.removesuffix("n't")
            yield "not"
        else:
            yield _POSSESSIVE.sub("", small)


@lru_cache(maxsize=4_096)
def _word_token(word: str) -> Token:
    kind = Kind.NEGATION if word in word_set(_PACKAGE, _TABLE, "negation.words") else Kind.WORD
    return Token(text=word, key=word, kind=kind)


def _token(item: str | Figure, text: str) -> Token:
    if isinstance(item, str):
        return _word_token(item)
    return Token(text=text, key=item.value, kind=Kind.FIGURE, figure=item)
