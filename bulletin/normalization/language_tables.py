"""Folder of a language's tables -> Tongue, which spells numbers and holds the words of every step."""

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
"""Language for one without a folder: figures in English are better than figures left out."""

SAID = frozenset(
    ("words", "dates", "scales", "symbols", "units", "shouted_units", "glued_units", "metre", "heights", "temperatures",
     "currencies", "small_coins", "web")
)  # fmt: skip
"""Tables of words for figures and signs, which many languages write alike: English ones fill gaps."""

SHAPED = frozenset(
    ("lists", "spelled", "emphasis", "codes", "money", "monarchs", "numbered", "careful", "number_signs", "saint", "bare_units", "compass", "parties", "states", "postal", "winds",
     "versus", "county")
)  # fmt: skip
"""Tables whose keys the steps read, so every language needs them, though blank."""

NOT_TABLES = frozenset(("phrases.toml", "names.toml"))
"""Files of a language's folder for other modules: the station's phrases and the lexicon."""

NOWHERE = "\ue000"
"""Placeholder of a blank word: a private-use character, which `clean_text` never returns."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tongue:
    """Spelling rules and tables of one language."""

    language: str
    numbers: Numbers
    tables: Mapping[str, Mapping[str, Any]]

    def word(self, name: str) -> str:
        """Word that joins figures, from the table [words]: "to", "point"."""
        return str(self.tables["words"][name])

    def table(self, name: str) -> Mapping[str, Any]:
        return self.tables[name]

    def words(self, name: str) -> frozenset[str]:
        """List of the table [lists] as a set: words that give a figure its meaning."""
        return _word_set(self, name)

    def any_of(self, name: str) -> str:
        """The same list as alternatives of a regular expression."""
        return _any_of(self, name)

    def number(self, digits: str) -> str:
        """
        Spell a figure with commas and decimals.

        >>> load_tongue("en-GB").number("1,234.50")
        'one thousand two hundred and thirty-four point five zero'
        """
        whole, _, decimals = digits.replace(",", "").partition(".")
        if not decimals:
            return self.whole(whole)
        before = self.whole(whole) + " " if whole else ""
        return f"{before}{self.word('point')} {self.each_digit(decimals)}"

    def whole(self, digits: str) -> str:
        """Spell a whole number; digit by digit if it begins with a nought or reaches `LARGEST`."""
        if (len(digits) > 1 and digits[0] == "0") or int(digits) >= LARGEST:
            return self.each_digit(digits, nought=self.word("oh"))
        return self.numbers.spell(int(digits))

    def each_digit(self, digits: str, *, nought: str = "") -> str:
        """
        Spell digits one by one.

        >>> load_tongue("en-GB").each_digit("105", nought="oh")
        'one oh five'
        """
        said = (nought if nought and d == "0" else self.numbers.spell(int(d)) for d in digits if d.isdigit())
        return " ".join(said)

    def ordinal(self, number: int) -> str:
        return self.numbers.spell(number, "ordinal") if number < LARGEST else self.whole(str(number))

    def year(self, number: int) -> str:
        return self.numbers.spell(number, "year")


def either(words: Iterable[str]) -> str:
    """
    Join words as alternatives of a regular expression, the longest first; no words match nothing.

    >>> either(["s", "sq km"])
    'sq\\\\ km|s'
    """
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
    Load the tables of "en", then those of "en-US" laid over them.

    `folder` holds folders of further languages. English fills the gaps of their figures, units and money; English
    titles, initials and Roman numerals are not used for them.
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
    """Parse each file; the rules of numbers.toml become one table of that name."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml") and path.name not in NOT_TABLES:
            content = parse_toml(path.read_text(encoding="utf-8-sig"))
            yield {"numbers": content} if path.name == "numbers.toml" else content


def _forget(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Blank the tables that hold for English print only; they keep their keys."""
    return {
        name: dict(table)
        if name in SAID
        else {key: _blank(value) for key, value in table.items() if name in SHAPED}
        for name, table in tables.items()
    }


def _blank(value: Any) -> Any:
    """Value of the same kind that matches no text."""
    return [] if isinstance(value, list) else {} if isinstance(value, dict) else NOWHERE


def _lay_over(tables: dict[str, dict[str, Any]], content: Mapping[str, Mapping[str, Any]]) -> None:
    for name, table in content.items():
        tables[name] = tables.get(name, {}) | dict(table)
