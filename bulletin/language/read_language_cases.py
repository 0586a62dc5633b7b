"""cases.toml of a language's folder -> LanguageCase: text as printed, the words that are said, and the rule's source."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.config.toml_line_numbers import error_line, explain_toml, line_of
from bulletin.errors import ConfigError
from bulletin.runtime.files.toml_reader import parse_toml

FIGURES = (
    "number", "decimal", "year", "date", "time", "money", "percent", "unit", "range", "score", "fraction", "ordinal",
    "phone", "abbreviation", "initials", "roman", "symbol", "web",
)  # fmt: skip
"""Kinds whose text is normalized for the voice."""

KINDS = (*FIGURES, "sentences", "boilerplate", "clock", "opening", "title")
"""
Kinds of cases. "sentences": `says` is the list of sentences that the text is split into. "boilerplate": `says` is the
text without its furniture, "" where nothing is left. "clock": the time check at the time `text`, "18:30"; "opening":
the opening at that time; "title": an episode's title at "2026-11-25 18:30".
"""

VARIETIES = ("only_in", "not_in")
"""Keys that a case may have: lists of varieties, ["es-MX"]."""

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIMES = {
    "clock": (_CLOCK, "18:30"),
    "opening": (_CLOCK, "18:30"),
    "title": (rf"\d{{4}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) {_CLOCK}", "2026-11-25 18:30"),
}
"""Kind -> how its text is written, and an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCase:
    """One example of a language, with its source."""

    kind: str
    text: str
    says: str | tuple[str, ...]
    source: str
    """Where the rule is written down: "CLDR 47, de, spellout-cardinal", "Duden, Ordinalzahlen"."""
    line: int
    """Line of the case in its file."""
    only_in: tuple[str, ...] = ()
    """Varieties of the language for which the case holds; empty for all."""
    not_in: tuple[str, ...] = ()
    """Varieties that print or say it otherwise."""

    def holds_in(self, language: str) -> bool:
        """Whether the case is one of this variety."""
        return language not in self.not_in and (not self.only_in or language in self.only_in)


def parse_language_cases(text: str, *, name: str) -> tuple[LanguageCase, ...]:
    """
    Cases of a file. Raises ConfigError, with `name` and the line, for a mistake.

    >>> file = '[[case]]\\nkind = "number"\\ntext = "21"\\nsays = "einundzwanzig"\\nsource = "CLDR"\\n'
    >>> parse_language_cases(file, name="cases.toml")[0].says
    'einundzwanzig'
    """
    try:
        table = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}:{error_line(error, text)}: {explain_toml(error)}") from error
    if not isinstance(table.get("case"), list) or len(table) != 1:
        raise ConfigError(f"{name}: write each case as a table [[case]], and nothing else")
    # one pass: `line_of` reads the whole file for each case
    starts = [number for number, row in enumerate(text.splitlines(), 1) if row.strip() == "[[case]]"]
    cases = []
    for number, entry in enumerate(table["case"]):
        line = starts[number] if number < len(starts) else line_of(text, ("case", number))
        if mistake := _mistake(entry):
            raise ConfigError(f"{name}:{line}: the case {mistake}")
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        cases.append(LanguageCase(**fields, line=line))
    return tuple(cases)


def read_language_cases(path: Path) -> tuple[LanguageCase, ...]:
    """Cases of the file at `path`. Raises ConfigError for a mistake."""
    return parse_language_cases(path.read_text(encoding="utf-8-sig"), name=str(path))


def _is_list_of_tags(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(tag, str) and "-" in tag for tag in value)


def _mistake(entry: Mapping[str, Any]) -> str:
    fields = ("kind", "text", "says", "source")
    if missing := [name for name in fields if name not in entry]:
        return f"has no {missing[0]}"
    if unknown := [name for name in entry if name not in (*fields, *VARIETIES)]:
        return f'has an unknown key "{unknown[0]}"; a case has {", ".join(fields)}, and may have {" or ".join(VARIETIES)}'
    if wrong := [name for name in VARIETIES if not _is_list_of_tags(entry.get(name, []))]:
        return f'has a wrong "{wrong[0]}"; it is a list of tags such as ["es-MX"]'
    if entry["kind"] not in KINDS:
        return f'has the unknown kind "{entry["kind"]}" (known: {", ".join(KINDS)})'
    is_list = entry["kind"] == "sentences"
    says = entry["says"] if is_list else [entry["says"]]
    if not isinstance(says, list) or not all(isinstance(value, str) for value in says):
        return f"says something else than {'a list of texts' if is_list else 'a text'} in quotes"
    if (
        not isinstance(entry["text"], str)
        or not isinstance(entry["source"], str)
        or not entry["source"].strip()
    ):
        return "needs its text and its source as texts in quotes"
    pattern, model = _TIMES.get(entry["kind"], ("", ""))
    is_right = not pattern or re.fullmatch(pattern, entry["text"])
    return (
        ""
        if is_right
        else f'has the text "{entry["text"]}"; of the kind "{entry["kind"]}" it is a time such as "{model}"'
    )
