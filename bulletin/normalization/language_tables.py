"""A language's folder of tables -> one object that spells numbers and knows the words that the steps look for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from bulletin.normalization.cardinals import LARGEST, Numbers, parse_numbers
from bulletin.runtime.files.toml_reader import parse_toml

FALLBACK = "en"
"""For a language that has no folder: figures said in English are heard, figures left out are not missed."""

SAID = frozenset(
    ("words", "dates", "scales", "symbols", "units", "shouted_units", "glued_units", "metre", "heights", "temperatures",
     "currencies", "small_coins", "web")
)  # fmt: skip
"""Tables of what is said of figures and signs that are written alike in many languages."""

SHAPED = frozenset(
    ("lists", "spelled", "emphasis", "codes", "money", "monarchs", "numbered", "careful", "number_signs", "saint", "parties", "states", "postal",
     "versus", "county")
)  # fmt: skip
"""Tables whose keys the steps ask for, so that they are there in every language."""

NOT_TABLES = frozenset(("phrases.toml", "names.toml"))
"""Files of a language's folder that others read: the station's own words, and the lexicon."""

NOWHERE = "\ue000"
"""A character that no cleaned text holds."""


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
    """Alternatives for a regular expression, the longest first, so that "sq km" is not read as "s"; none match nothing."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word)))) or "(?!)"


@lru_cache(maxsize=512)
def _word_set(tongue: Tongue, name: str) -> frozenset[str]:
    return frozenset(tongue.tables["lists"][name])


@lru_cache(maxsize=512)
def _any_of(tongue: Tongue, name: str) -> str:
    return either(tongue.tables["lists"][name])


@lru_cache(maxsize=16)
def load_tongue(language: str, *, folder: Path | None = None) -> Tongue:
    """
    The tables of "en", then those of "en-US" laid over them.

    `folder` holds folders of further languages. What one of them does not say in its own words is said in
    English; what only tells how something is written in English (titles, initials, numerals) is not believed.
    """
    ours: Traversable = resources.files("bulletin.normalization")
    roots = (ours, folder) if folder else (ours,)
    base = language.partition("-")[0]
    if not any((root / base).is_dir() for root in roots):
        base, language = FALLBACK, FALLBACK
    tables: dict[str, dict[str, Any]] = {}
    rules: dict[str, list[str]] = {}
    for name in dict.fromkeys((FALLBACK, base, language)):
        if name == base != FALLBACK:
            tables = _forget(tables)
        for root in roots:
            for content in _read(root / name):
                rules |= content.pop("numbers", {})
                _lay_over(tables, content)
    return Tongue(language=language, numbers=parse_numbers(rules), tables=tables)


def _read(folder: Traversable) -> Iterator[dict[str, Any]]:
    """Each file's tables; the rules of numbers.toml as one table of that name."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml") and path.name not in NOT_TABLES:
            content = parse_toml(path.read_text(encoding="utf-8-sig"))
            yield {"numbers": content} if path.name == "numbers.toml" else content


def _forget(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Tables without what is true of English print only; they keep their shape."""
    return {
        name: dict(table)
        if name in SAID
        else {key: _blank(value) for key, value in table.items() if name in SHAPED}
        for name, table in tables.items()
    }


def _blank(value: Any) -> Any:
    """Nothing that a cleaned text could hold."""
    return [] if isinstance(value, list) else {} if isinstance(value, dict) else NOWHERE


def _lay_over(tables: dict[str, dict[str, Any]], content: Mapping[str, Mapping[str, Any]]) -> None:
    for name, table in content.items():
        tables[name] = tables.get(name, {}) | dict(table)
