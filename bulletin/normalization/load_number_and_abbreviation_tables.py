"""
Folder of a language's tables -> Tongue, which spells numbers and holds the words of every step.

Source: docs/decisions/0021, the English tables are the schema of every language; docs/decisions/0070, no English word
fills a gap of another language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bulletin.language.cldr import cldr_tables, load_cldr_numbers
from bulletin.language.language_folders import NOT_FIGURES, base_of, shipped_folder
from bulletin.language.read_word_lists import either
from bulletin.normalization.cardinal_numbers import LARGEST, Numbers, parse_numbers
from bulletin.runtime.files.toml_reader import parse_toml

ENGLISH = "en"
"""Language whose tables have the shape that the steps read. Example: `load_tongue`."""

REQUIRED = ("to", "and", "point", "minus", "percent")
"""
Words of [words] without which no figure is said: a figure in half a language is worse than a printed one.

Example: `Tongue.lacking`.
"""

SHAPED = frozenset(
    ("words", "dates", "lists", "spelled", "emphasis", "codes", "money", "monarchs", "numbered", "careful", "number_signs",
     "saint", "bare_units", "compass", "parties", "states", "postal", "winds", "versus", "county")
)  # fmt: skip
"""Tables whose keys the steps read, so every language needs them, though blank. Example: `_forget`."""

OTHER_LISTS = (
    "roman_before", "roman_after", "year_words", "uninflected", "negations", "version_words", "ordered",
    "season_words",
)  # fmt: skip
"""Lists that only languages other than English have. Example: `load_tongue`."""

_OTHER_STEPS = frozenset(("m", "°", "%", "°C", "°F"))
"""Signs that are no units in English: "m" is a million. Example: `_cldr_tables_of_english`."""
NOWHERE = "\ue000"
"""
Placeholder of a blank word: a private-use character, which `clean_text` never returns.

>>> from bulletin.normalization.transliterate_to_latin import clean_text
>>> clean_text(f"ferry{NOWHERE}")
'ferry'
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tongue:
    """Spelling rules and tables of one language."""

    language: str
    numbers: Numbers
    tables: Mapping[str, Mapping[str, Any]]

    def lacking(self) -> tuple[str, ...]:
        """
        What is missing before a figure can be said; figures stay as printed then.

        >>> load_tongue("en-GB").lacking(), load_tongue("xx").lacking()[0]
        ((), 'numbers')
        """
        words = self.tables["words"]
        numbers = () if all(map(self.numbers.has, ("cardinal", "ordinal", "year"))) else ("numbers",)
        return (*numbers, *(f"[words] {name}" for name in REQUIRED if words.get(name, NOWHERE) == NOWHERE))

    def word(self, name: str) -> str:
        """
        Word that joins figures, from the table [words]: "to", "point".

        >>> load_tongue("en-GB").word("point")
        'point'
        """
        return str(self.tables["words"][name])

    def words(self, name: str) -> frozenset[str]:
        """
        List of the table [lists] as a set: words that give a figure its meaning.

        >>> "minutes" in load_tongue("en-GB").words("counted")
        True
        """
        return _word_set(self, name)

    def pattern(self, expression: str) -> re.Pattern[str]:
        """
        Compile an expression in which «to» stands for a word, and «units» for any word of a list or table.

        >>> load_tongue("en-GB").pattern(r"(\\d)(«scales») «to» «monarchs.the»").pattern[-6:]
        'to the'
        """
        return _compile(self, expression)

    def sub(self, expression: str, new: str | Callable[[re.Match[str], Tongue], str], text: str) -> str:
        """
        Replace the matches of the expression by `new`, in which «to» stands for a word, too.

        >>> load_tongue("en-GB").sub(r"(\\d)-(\\d)", r"\\1 «to» \\2", "2-3 boats")
        '2 to 3 boats'
        """
        if isinstance(new, str):
            return self.pattern(expression).sub(_fill_in(self, new), text)
        return self.pattern(expression).sub(lambda match: new(match, self), text)

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
        """
        Spell a whole number; digit by digit if it begins with a nought or reaches `LARGEST`.

        >>> load_tongue("en-GB").whole("1234"), load_tongue("en-GB").whole("007")
        ('one thousand two hundred and thirty-four', 'oh oh seven')
        """
        if (len(digits) > 1 and digits[0] == "0") or int(digits) >= LARGEST:
            return self.reference(digits)
        return self.numbers.spell(int(digits))

    def each_digit(self, digits: str, *, nought: str = "") -> str:
        """
        Spell digits one by one.

        >>> load_tongue("en-GB").each_digit("105", nought="oh")
        'one oh five'
        """
        noughts = {"0": nought} if nought else {}
        return " ".join(noughts.get(d) or self.numbers.spell(int(d)) for d in digits if d.isdigit())

    def reference(self, digits: str) -> str:
        """
        Spell the digits of a telephone number or a code, with "oh" for noughts.

        >>> load_tongue("en-GB").reference("105")
        'one oh five'
        """
        return self.each_digit(digits, nought=self.word("oh"))

    def ordinal(self, number: int) -> str:
        """
        Spell an ordinal.

        >>> load_tongue("en-GB").ordinal(21)
        'twenty-first'
        """
        return self.numbers.spell(number, "ordinal") if number < LARGEST else self.whole(str(number))

    def year(self, number: int | str) -> str:
        """
        Spell a year, in pairs in English.

        >>> load_tongue("en-GB").year(1905)
        'nineteen oh five'
        """
        return self.numbers.spell(int(number), "year")


@lru_cache(maxsize=512)
def _word_set(tongue: Tongue, name: str) -> frozenset[str]:
    """
    List of the table [lists] as a set, kept for its next use.

    >>> "minutes" in _word_set(load_tongue("en-GB"), "counted")
    True
    """
    return frozenset(tongue.tables["lists"][name])


@lru_cache(maxsize=1_024)
def _compile(tongue: Tongue, expression: str) -> re.Pattern[str]:
    """
    Expression with the language's words, compiled once.

    >>> _compile(load_tongue("en-GB"), "«to»").pattern
    'to'
    """
    return re.compile(_fill_in(tongue, expression))


@lru_cache(maxsize=1_024)
def _fill_in(tongue: Tongue, expression: str) -> str:
    """
    Expression with the language's words: «name» or «table.key» is a word, or the alternatives of a list.

    >>> _fill_in(load_tongue("en-GB"), "2 «to» 3 («at_a_time»)")
    '2 to 3 (around|before|about|after|until|from|till|at|by)'
    """

    def words_for(match: re.Match[str]) -> str:
        table, _, key = match[1].rpartition(".")
        tables = tongue.tables
        words = (tables[table] if table else {**tables, **tables["lists"], **tables["words"]})[key]
        return words if isinstance(words, str) else either(words)

    return re.sub("«([^»]+)»", words_for, expression)


@lru_cache(maxsize=16)
def load_tongue(language: str, *, folder: Path | None = None) -> Tongue:
    """
    Load the tables of "en", then those of "en-US" laid over them.

    `folder` holds folders of further languages. A language other than English has the numbers, units, currencies and
    months of Unicode CLDR, and its own tables over them; nothing English fills a gap.

    >>> load_tongue("en-US").number("120"), load_tongue("eo").number("12")
    ('one hundred twenty', 'dek du')
    """
    base = base_of(language)
    tables = _cldr_tables_of_english(language if base == ENGLISH else ENGLISH)
    rules: dict[str, list[str]] = {}
    _lay_over(tables, rules, ENGLISH, (shipped_folder(),))
    tables["lists"] = {name: [] for name in OTHER_LISTS} | tables["lists"]
    if base != ENGLISH:
        tables, rules = _forget(tables), {}
        tables["lists"] |= {name: [] for name in OTHER_LISTS}
        tables["spelled"]["joint"] = "-"
        for name, table in cldr_tables(language).items():
            tables[name] = tables.get(name, {}) | table
    roots = (shipped_folder(), folder) if folder else (shipped_folder(),)
    for name in dict.fromkeys((base, language)):
        _lay_over(tables, rules, name, roots)
    for kind in ("full", "short"):
        months = [
            name for name, spoken in tables["dates"]["months"].items() if (name == spoken) is (kind == "full")
        ]
        tables["dates"][f"{kind}_months"] = months
    numbers = parse_numbers(rules, cldr=load_cldr_numbers(language), names=tables.get("rule_sets", {}))
    return Tongue(language=language, numbers=numbers, tables=tables)


def _cldr_tables_of_english(language: str) -> dict[str, dict[str, Any]]:
    """
    Names of days and months, and units, of a variety of English.

    >>> _cldr_tables_of_english("en-US")["units"]["km"], "m" in _cldr_tables_of_english("en-GB")["units"]
    (['kilometer', 'kilometers'], False)
    """
    tables = cldr_tables(language)
    units = {sign: forms for sign, forms in tables["units"].items() if sign not in _OTHER_STEPS}
    return {"dates": tables["dates"], "units": units}


def _lay_over(
    tables: dict[str, dict[str, Any]], rules: dict[str, list[str]], language: str, roots: tuple[Path, ...]
) -> None:
    """Lay the tables of one folder name over others, a station's own over the shipped ones. Example: `load_tongue`."""
    for root in roots:
        for content in _read(root / language):
            rules |= content.pop("numbers", {})
            for name, table in content.items():
                old = tables.get(name, {})
                tables[name] = old | {
                    key: {**old[key], **value}
                    if name == "dates" and isinstance(value, dict) and key in old
                    else value
                    for key, value in table.items()
                }


def _read(folder: Path) -> Iterator[dict[str, Any]]:
    """Parse each file; the rules of numbers.toml become one table of that name. Example: `load_tongue`."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml") and path.name not in NOT_FIGURES:
            content = parse_toml(path.read_text(encoding="utf-8-sig"))
            yield {"numbers": content} if path.name == "numbers.toml" else content


def _forget(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """
    Tables of English, blanked: they keep their keys, because the steps read them; addresses of the web stay.

    >>> _forget({"words": {"to": "to"}, "lists": {"counted": ["people"]}, "fixed": {"9/11": "nine eleven"}})
    {'words': {'to': '\ue000'}, 'lists': {'counted': []}, 'fixed': {}}
    """
    return {
        name: dict(table)
        if name == "web"
        else {key: _blank(value) for key, value in table.items()}
        if name in SHAPED
        else {}
        for name, table in tables.items()
    }


def _blank(value: Any) -> Any:
    """
    Value of the same kind that matches no text.

    >>> _blank(["ferry"]), _blank("ferry") == NOWHERE
    ([], True)
    """
    return [] if isinstance(value, list) else {} if isinstance(value, dict) else NOWHERE
