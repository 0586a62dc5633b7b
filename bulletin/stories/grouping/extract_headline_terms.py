"""
Text -> terms: stems of the words that carry meaning, figures by their value, and how common each is.

Source: Snowball stems; the rarer a term, the more it says (Spärck Jones 1972, "A statistical interpretation of
term specificity", Journal of Documentation 28). docs/decisions/0002 has the design; `python -m bench.grouping`
measures it. Judgement, no source: the shares of kinds of terms, because the counts of the day's articles outweigh
them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import snowballstemmer
from stop_words import StopWordError, get_stop_words

from bulletin.language.read_word_lists import read_table

_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*")
"""Example: `_words`."""
_FIGURE = re.compile(r"(\d+(?:[.,]\d+)*)([a-z]*)")
"""Example: `TermVocabulary._value`."""
_COMMON, _PLACE, _YEAR, _SMALL_FIGURE, _FIGURE_SHARE, _RARE = 0.033, 0.0066, 0.006, 0.006, 0.0015, 0.0011
"""
Shares of headlines of unrelated events with a common word, a country, a year, a small figure, another
figure, any other word. Rough measurements, which the counts of the day's articles outweigh.

Example: `TermVocabulary.share`.
"""
_EXACT = 10_000
"""
Figures from here on are compared by their first two digits: "0.94 million" meets "943,000".

Example: `_figure_term`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermVocabulary:
    """Words of one language, all folded; the keys of `same` are stems."""

    language: str
    silent: frozenset[str]
    common: frozenset[str]
    same: Mapping[str, str]
    """Stem -> the term that it counts as: "iraqi" is "@iraq"."""
    units: Mapping[str, float]
    small: Mapping[str, int]
    decimal: str

    def stem(self, word: str) -> str:
        """
        Stem a word, so that "indicted" meets "indicts".

        >>> vocabulary("en").stem("indicted") == vocabulary("en").stem("indicts")
        True
        """
        return _stem(word, self.language)

    def split(self, text: str) -> list[str]:
        """
        List the content words of a text, folded.

        >>> vocabulary("en").split("The ferry sank in Wexcombe")
        ['ferry', 'sank', 'wexcombe']
        """
        return [word for word in _words(text) if word not in self.silent]

    def terms(self, text: str) -> list[str]:
        """
        Split a text into terms, in its order; a figure begins with "#", a concept with "=", a place with "@".

        >>> vocabulary("en").terms("The Iraqi minister paid 943K dollars in Wexcombe")
        ['@iraq', 'minist', 'paid', '#9.4e+05', 'dollar', 'wexcomb']
        """
        words = [*_words(text), ""]
        terms: list[str] = []
        is_unit = False
        for word, following in pairwise(words):
            if is_unit:
                is_unit = False
                continue
            value = self._value(word)
            if value is not None:
                is_unit = following in self.units
                terms.append(_figure_term(value * self.units.get(following, 1.0)))
            elif word not in self.silent and len(word) > 1:
                stem = self.stem(word)
                terms.append(self.same.get(stem, stem))
        return terms

    def share(self, term: str) -> float:
        """
        Expected share of headlines of unrelated events with the term, by the language alone.

        >>> vocabulary("en").share("@iraq") > vocabulary("en").share("wexcomb")
        True
        """
        if term.startswith("#"):
            value = float(term[1:])
            if value <= len(self.small):
                return _SMALL_FIGURE
            return _YEAR if 1900 <= value <= 2100 else _FIGURE_SHARE
        if term.startswith("@"):
            return _PLACE
        return _COMMON if term.startswith("=") or term in self.common else _RARE

    def is_rare(self, term: str) -> bool:
        """
        Whether a term is a name, a country or a word of few events.

        >>> vocabulary("en").is_rare("wexcomb"), vocabulary("en").is_rare("#12")
        (True, False)
        """
        return not term.startswith(("#", "=")) and term not in self.common

    def _value(self, word: str) -> float | None:
        """
        Value of a figure or a number word; None for any other word and for "one".

        >>> [vocabulary("en")._value(word) for word in ("twelve", "943k", "1,200", "one", "a361", "1.2.3")]
        [12.0, 943000.0, 1200.0, None, None, None]
        """
        if word in self.small:
            return float(self.small[word]) if self.small[word] > 1 else None
        match = _FIGURE.fullmatch(word)
        if not match or (match[2] and match[2] not in self.units):
            return None
        plain = match[1].replace("," if self.decimal == "." else ".", "").replace(self.decimal, ".", 1)
        return float(plain.replace(",", "")) * self.units.get(match[2], 1.0) if plain.count(".") < 2 else None


def vocabulary(language: str = "en") -> TermVocabulary:
    """
    Vocabulary of a language (BCP 47); without a table it has stop words at most.

    >>> vocabulary("de-DE").language, vocabulary("eo").terms("La ferry")
    ('de', ['la', 'ferry'])
    """
    return _vocabulary(language.replace("_", "-").split("-", 1)[0].casefold())


@cache
def _vocabulary(language: str) -> TermVocabulary:
    """Vocabulary of a language without a region. Example: `vocabulary`."""
    table = _tables().get(language, {}) if language != "stemmers" else {}
    silent = set(_words(table.get("silent", "")))
    if language != "en":
        silent |= set(_words(" ".join(_stop_words(language))))
    same = {
        _stem(_fold(word), language): f"{sign}{row.split()[0]}"
        for key, sign in (("same", "="), ("alike", ""), ("places", "@"))
        for row in table.get(key, "").strip().splitlines()
        for word in row.split()
    }
    return TermVocabulary(
        language=language,
        silent=frozenset(silent),
        common=frozenset(_stem(_fold(word), language) for word in table.get("common", "").split()),
        same=same,
        units=table.get("units", {}),
        small={_fold(word): number for number, word in enumerate(table.get("small", "").split())},
        decimal=table.get("decimal", "."),
    )


def _tables() -> Mapping[str, dict[str, Any]]:
    """
    The tables of headline_terms.toml by language.

    >>> "en" in _tables()
    True
    """
    return read_table("bulletin.stories.grouping", "headline_terms.toml")


def _stop_words(language: str) -> list[str]:
    """
    Stop words of a language; none for one without a list.

    >>> "und" in _stop_words("de"), _stop_words("xx")
    (True, [])
    """
    try:
        return list(get_stop_words(language))
    except StopWordError:
        return []


@lru_cache(maxsize=100_000)
def _stem(word: str, language: str) -> str:
    """
    Stem of a word by Snowball; a language without a stemmer keeps its words.

    >>> _stem("strikes", "en"), _stem("strikes", "eo")
    ('strike', 'strikes')
    """
    algorithm = _tables()["stemmers"].get(language)
    # one stemmer for each call, because a stemmer keeps its word in itself and stations run in threads
    return str(snowballstemmer.stemmer(algorithm).stemWord(word)) if algorithm else word


def _fold(text: str) -> str:
    """
    Text in lower case, without accents, with straight apostrophes.

    >>> _fold("Café’s")
    "cafe's"
    """
    parts = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'")).lower()
    return parts if parts.isascii() else "".join(c for c in parts if not unicodedata.combining(c))


def _words(text: str) -> Iterator[str]:
    """
    Words of a text, folded: no genitive, no dots of initials, no article before an apostrophe ("l'attaque").

    >>> list(_words("Wexcombe's U.N. don't l'attaque 1.5"))
    ['wexcombe', 'un', 'dont', 'attaque', '1.5']
    """
    for match in _WORD.finditer(_fold(text)):
        word = match[0].removesuffix("'s")
        if "'" in word:
            # "l'attaque", "dell'anno": the article stands apart; "don't" is one word.
            head, _, tail = word.rpartition("'")
            word = tail if len(tail) > 2 else head + tail
        yield word.replace(".", "") if word.replace(".", "").isalpha() else word


def _figure_term(value: float) -> str:
    """
    Term of a figure; from 10,000 on two digits count, so that "0.94 million" meets "943,000".

    >>> _figure_term(943_000) == _figure_term(940_000), _figure_term(12)
    (True, '#12')
    """
    return f"#{value:.2g}" if value >= _EXACT else f"#{value:g}"
