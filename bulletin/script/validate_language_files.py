"""Folder of a station's languages -> mistakes in its tables, each with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from typing import Any

from bulletin.config.toml_line_numbers import error_line, explain_toml, line_of
from bulletin.errors import ConfigError, explain_unreadable_text
from bulletin.language.cldr import names_of_days
from bulletin.language.language_folders import NOT_FIGURES, base_of, read_page_words
from bulletin.language.load_news_words import mistakes_in_news_words
from bulletin.language.load_station_phrases import Phrases, episode_title, load_phrases, station_fields
from bulletin.language.read_language_cases import parse_language_cases
from bulletin.model import StationWords
from bulletin.normalization.cardinal_numbers import parse_numbers
from bulletin.normalization.load_number_and_abbreviation_tables import ENGLISH, load_tongue
from bulletin.normalization.load_pronunciation_lexicon import parse_lexicon
from bulletin.runtime.files.toml_reader import parse_toml
from bulletin.script.shapes_of_language_files import (
    Mistakes,
    mistakes_in_keys,
    mistakes_in_page_fields,
    mistakes_in_phrases,
    shipped_value,
)
from bulletin.stories.newsworthiness.mistakes_in_genres import mistakes_in_genres

REGEXES = frozenset(("ordinal_marks",))
"""Words that are alternatives of a regular expression."""

OTHER_TABLES = frozenset(
    ("letters", "times", "fractions", "nouns", "noun_endings", "ordinal_genders", "roman", "rule_sets")
)
"""Tables that English does not need."""

WORD_LISTS = frozenset(("nouns", "noun_endings"))
"""Tables of lists that English does not have."""

OPTIONAL = (
    "abbreviations",
    "apposed",
    "asks",
    "asks_alone",
    "back",
    "before_names",
    "captions",
    "closing",
    "definite",
    "indefinite",
    "instead",
    "labels",
    "leans",
    "negations",
    "page",
    "reader",
    "relative",
    "replies",
    "speech_verbs",
    "that",
    "times",
    "writer",
)
"""Lists of a phrase file that English does not need, because its rules cover them."""


_COMPARE = "; compare with bulletin/language/tables/en-GB/phrases.toml"
_CALENDAR_MISSING = ", and Unicode CLDR does not know the language; add weekdays = [7 names, from Monday] and months = [12 names]"


def check_language(language: str, *, folder: Path | None) -> Phrases:
    """
    Check the tables that `folder` holds for a language and its base ("de-AT", "de").

    Tables have the names and the shape of the English ones; a language may add its own words to each. Raises ConfigError
    for a missing folder, for a language without phrases, and for every mistake in a file: invalid TOML, an unknown
    table, a value of the wrong type, or an entry that would fail on air.
    """
    if folder is not None:
        if not folder.is_dir():
            raise ConfigError(
                f"languages: {folder} is not a folder; it must hold one folder for each language (paths are relative to the profile)"
            )
        for name in dict.fromkeys((language.partition("-")[0], language)):
            for path in sorted((folder / name).glob("*.toml")):
                _check_file(path)
    phrases = load_phrases(language, folder=folder)
    # Tests check our tables, because a check in every run would take 0.02 s.
    if folder is not None:
        _check_spelling(language, folder)
        _check_phrases(phrases)
    return phrases


def _check_file(path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = parse_toml(text)
    except (OSError, UnicodeDecodeError) as error:
        line = (
            f":{error.object[: error.start].count(10) + 1}" if isinstance(error, UnicodeDecodeError) else ""
        )
        raise ConfigError(f"{path}{line}: the language table {explain_unreadable_text(error)}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}:{error_line(error, text)}: {explain_toml(error)}") from error
    for name, parse in (("cases.toml", parse_language_cases), ("names.toml", parse_lexicon)):
        if path.name == name:
            parse(text, name=str(path))
    check = _CHECKS.get(path.name, _mistakes_in_tables)
    for key, mistake in check(content) if path.name not in NOT_FIGURES - _CHECKS.keys() else ():
        raise ConfigError(f"{_line(path, key)}: {mistake}")


def _line(path: Path, key: tuple[str, ...]) -> str:
    """File and line of a key, for a message; the file alone if it is one of ours."""
    return f"{path}:{line_of(path.read_text(encoding='utf-8-sig'), key)}" if path.is_file() else str(path)


def _mistakes_in_numbers(content: Mapping[str, Any]) -> Mistakes:
    for name, lines in content.items():
        if not _is_list_of_texts(lines):
            yield (name,), f'"{name}" is a list of rules such as "20: twenty[->>]"'
            continue
        try:
            parse_numbers({name: lines})
        except ValueError as error:
            yield (name,), f'"{name}": {error}'


def _mistakes_in_pages(content: Mapping[str, Any]) -> Mistakes:
    """Words of the listener pages have the names and types of the English ones."""
    english = dict(read_page_words("en"))
    english["dates"] = english["dates"] | names_of_days("en")
    for name, table in content.items():
        if name not in english or not isinstance(table, dict):
            yield (name,), f"[{name}] is an unknown table (known: {', '.join(english)})"
            continue
        for key, value in table.items():
            model = english[name].get(key)
            near = get_close_matches(key, english[name], n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            if model is None:
                yield (name, key), f'[{name}] "{key}" is an unknown text{hint}'
            elif type(value) is not type(model) or (isinstance(model, list) and len(value) != len(model)):
                count = f" of {len(model)}" if isinstance(model, list) else ""
                yield (name, key), f'[{name}] "{key}" must be {_kind(model)}{count}'
            else:
                yield from mistakes_in_page_fields(name, key, value, model)


def _mistakes_in_tables(content: Mapping[str, Any]) -> Mistakes:
    known = load_tongue(ENGLISH).tables
    names = {*known, *OTHER_TABLES}
    for name, table in content.items():
        if name not in names or not isinstance(table, dict):
            near = get_close_matches(name, names, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else f" (known: {', '.join(sorted(names))})"
            yield (name,), f"[{name}] is an unknown table{hint}"
            continue
        for key, value in table.items():
            if wrong := _describe_mismatch(value, known.get(name, {}), key, table=name):
                yield (name, key), f'[{name}] "{key}" is {wrong}'
    yield from mistakes_in_keys(content)


_CHECKS = {
    "numbers.toml": _mistakes_in_numbers,
    "pages.toml": _mistakes_in_pages,
    "news.toml": mistakes_in_news_words,
    "genres.toml": mistakes_in_genres,
}
"""File -> check of its content; other tables of normalization have one check."""


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _describe_mismatch(value: Any, english: Mapping[str, Any], key: str, *, table: str) -> str:
    """The mistake in a value, compared with the English one of that name, or with all of them."""
    shipped = shipped_value(table, key)
    models = list(english.values()) if shipped is None else [shipped]
    models = [english[key]] if key in english else models
    types = _types(models, key, table)
    if types and type(value) not in types:
        return f"{_kind(value)}; it must be {_kind(models[0] if models else next(iter(types))())}"
    if isinstance(value, list):
        if not all(isinstance(item, str) for item in value):
            return "a list of something else than texts in quotes"
        lengths = {2} if table == "scales" else {len(v) for v in english.values() if isinstance(v, list)}
        if len(english) > 3 and len(lengths) == 1 and len(value) not in lengths:
            return f"a list of {len(value)}; it must have {lengths.pop()}, as in {_example(english)}"
    if isinstance(value, dict) and not all(isinstance(item, str) for item in value.values()):
        return "a table of something else than texts in quotes"
    if key in REGEXES:
        try:
            re.compile(value)
        except re.error as error:
            return f"not a regular expression ({error})"
    return ""


def _types(models: list[Any], key: str, table: str) -> set[type]:
    """Types that a value may have; English scales are texts, others have a singular and a plural."""
    if table in WORD_LISTS or (table == "times" and key in ("print", "after")):
        return {list}
    if table in OTHER_TABLES:
        return {str}
    return {type(model) for model in models} | ({list} if table == "scales" else set())


def _example(english: Mapping[str, Any]) -> str:
    key, value = next(iter(english.items()))
    return f'"{key}" = {value!r}'.replace("'", '"')


def _kind(value: Any) -> str:
    names = {str: "a text in quotes", list: "a list", dict: "a table", int: "a whole number"}
    return names.get(type(value), type(value).__name__)


def _check_spelling(language: str, folder: Path) -> None:
    """Every kind of number can be said, however the rules refer to one another; dates have their fields."""
    tongue = load_tongue(language, folder=folder)
    if base_of(language) != ENGLISH and not all(map(tongue.numbers.has, ("cardinal", "ordinal", "year"))):
        return  # figures stay as printed
    numbers = (*range(130), *(10**power + rest for power in range(3, 15) for rest in (0, 1, 234)))
    spelled: dict[tuple[str, str], int] = {}
    for rules, number in product(("cardinal", "ordinal", "year"), numbers):
        try:
            words = tongue.numbers.spell(number, rules)
        except (KeyError, StopIteration, RecursionError) as error:
            reason = "no rule gives its words; add a rule"
            if isinstance(error, KeyError):
                reason = f"a rule names the rule set {error}, which does not exist; correct the name"
            location = _locate(language, folder, "numbers.toml", (rules,))
            raise ConfigError(f'{location}: rule set "{rules}" cannot spell {number}: {reason}') from error
        other = spelled.setdefault((rules, words), number)
        if other != number and ((number and other) or rules == "cardinal"):  # no rank is called the noughth
            location = _locate(language, folder, "numbers.toml", (rules,))
            raise ConfigError(
                f'{location}: rule set "{rules}" says {other} and {number} alike, "{words}"; correct or add a rule'
            )


def _locate(language: str, folder: Path, pattern: str, key: tuple[str, ...]) -> str:
    """File and line of a station's own value; the file that is read last counts."""
    for name in dict.fromkeys((language, language.partition("-")[0])):
        for path in sorted((folder / name).glob(pattern)):
            table: Any = parse_toml(path.read_text(encoding="utf-8-sig"))
            for part in key:
                table = table.get(part) if isinstance(table, dict) else None
            if table is not None:
                return _line(path, key)
    return language


def _check_phrases(phrases: Phrases) -> None:
    """The file has all that the English one has, and no hour of the day fails."""
    path = phrases.path
    for key, mistake in _mistakes_in_phrases(phrases.table):
        raise ConfigError(f"{_line(path, key)}: {mistake}")
    station = StationWords(id="x", name="X", frequencies=("1",), language=phrases.language)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for moment in (start + timedelta(minutes=minute) for minute in range(24 * 60)):
        try:
            station_fields(station, moment, phrases)
            episode_title(moment + timedelta(days=31 * moment.hour), zone="UTC", phrases=phrases)
        except (LookupError, ValueError, TypeError, StopIteration) as error:
            raise ConfigError(
                f"{path}: the time {moment:%H:%M} cannot be put into words ({'unknown field ' if isinstance(error, KeyError) else ''}"
                f"{error}); correct [clock], [daypart], [title] or [calendar]"
            ) from error


def _mistakes_in_phrases(table: Mapping[str, Any]) -> Mistakes:
    for name, model in load_phrases("en-GB").table.items():
        for place, wrong in _missing(table.get(name), model, (name,)):
            yield place, f"{wrong}{_CALENDAR_MISSING if place == ('calendar',) else _COMPARE}"
    for key in ("common", *OPTIONAL):
        if not _is_list_of_texts(table["language"].get(key, [])):
            yield ("language", key), f'[language] "{key}" is a list of texts in quotes'
    yield from mistakes_in_phrases(table)


def _missing(table: Any, model: Mapping[str, Any], at: tuple[str, ...]) -> Mistakes:
    """What a table of phrases lacks, or has of another type than the English one; `at` is the table's own key."""
    name = at[-1]
    if not isinstance(table, dict):
        yield at, f"the table [{name}] is missing"
        return
    for key, value in model.items():
        if name in ("daypart", "minute"):  # a language has its own hours
            continue
        if key not in table:
            near = get_close_matches(key, table.keys() - model.keys(), n=1)
            hint = f'; did you mean it by "{near[0]}"?' if near else ""
            yield (*at, *near), f'[{name}] has no "{key}"{hint}'
        elif type(table[key]) is not type(value):
            yield (*at, key), f'[{name}] "{key}" is {_kind(table[key])}; it must be {_kind(value)}'
        elif isinstance(value, dict):
            yield from _missing(table[key], value, (*at, key))
