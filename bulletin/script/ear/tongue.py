"""A language's folder of tables -> one object that spells numbers and knows the words that the steps look for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from bulletin.script.ear.numbers import LARGEST, Numbers, parse_numbers

FALLBACK = "en"
"""For a language that has no folder: figures said in English are heard, figures left out are not missed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tongue:
    """How one language says figures; the tables are those of the folder."""

    language: str
    numbers: Numbers
    tables: Mapping[str, Mapping[str, Any]]

    def word(self, name: str) -> str:
        """One of the small words that figures are joined with."""
        return str(self.tables["words"][name])

    def table(self, name: str) -> Mapping[str, Any]:
        return self.tables[name]

    def strings(self, name: str) -> Mapping[str, str]:
        """A table that holds words only."""
        return self.tables[name]

    def words(self, name: str) -> frozenset[str]:
        """One of the lists of words that give a figure its meaning."""
        return _word_set(self, name)

    def any_of(self, name: str) -> str:
        """One of those lists as alternatives of a regular expression."""
        return _any_of(self, name)

    def number(self, digits: str) -> str:
        """ "1,234.50" -> "one thousand two hundred and thirty-four point five zero"."""
        whole, _, decimals = digits.replace(",", "").partition(".")
        if not decimals:
            return self.whole(whole)
        before = self.whole(whole) + " " if whole else ""
        return f"{before}{self.word('point')} {self.each_digit(decimals)}"

    def whole(self, digits: str) -> str:
        """A whole number; one that begins with a nought, or is too long to follow, digit by digit."""
        if (len(digits) > 1 and digits[0] == "0") or int(digits) >= LARGEST:
            return self.each_digit(digits, nought=self.word("oh"))
        return self.numbers.spell(int(digits))

    def each_digit(self, digits: str, *, nought: str = "") -> str:
        """ "105" -> "one zero five", or "one oh five" with nought="oh"."""
        said = (nought if nought and d == "0" else self.numbers.spell(int(d)) for d in digits if d.isdigit())
        return " ".join(said)

    def ordinal(self, number: int) -> str:
        return self.numbers.spell(number, "ordinal") if number < LARGEST else self.whole(str(number))

    def year(self, number: int) -> str:
        return self.numbers.spell(number, "year")


def either(words: Iterable[str]) -> str:
    """Alternatives for a regular expression, the longest first, so that "sq km" is not read as "s"."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@lru_cache(maxsize=512)
def _word_set(tongue: Tongue, name: str) -> frozenset[str]:
    return frozenset(tongue.tables["lists"][name])


@lru_cache(maxsize=512)
def _any_of(tongue: Tongue, name: str) -> str:
    return either(tongue.tables["lists"][name])


@lru_cache(maxsize=16)
def load_tongue(language: str) -> Tongue:
    """The tables of "en", then those of "en-US" laid over them."""
    root = resources.files("bulletin.script.ear")
    base = language.partition("-")[0]
    if not (root / base).is_dir():
        base, language = FALLBACK, FALLBACK
    tables: dict[str, dict[str, Any]] = {}
    rules: dict[str, list[str]] = {}
    for name in dict.fromkeys((base, language)):
        folder = root / name
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            if not path.name.endswith(".toml"):
                continue
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            if path.name == "numbers.toml":
                rules |= content
            else:
                _lay_over(tables, content)
    return Tongue(language=language, numbers=parse_numbers(rules), tables=tables)


def _lay_over(tables: dict[str, dict[str, Any]], content: Mapping[str, Mapping[str, Any]]) -> None:
    for name, table in content.items():
        tables[name] = tables.get(name, {}) | dict(table)
