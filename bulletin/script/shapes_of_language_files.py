"""
Content of a language file -> mistakes in its keys, fields and lengths.

The shipped languages are the model: a key that none of them has would never be read. Pure, but for their tables.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from bulletin.language.language_folders import NOT_FIGURES, shipped_folder
from bulletin.language.load_station_phrases import FIELDS
from bulletin.runtime.files.toml_reader import parse_toml

Mistakes = Iterator[tuple[tuple[str, ...], str]]
"""Key in its file, and the mistake in its value."""

_CLOSED = (
    "words",
    "dates",
    "times",
    "money",
    "lists",
    "letters",
    "spelled",
    "rule_sets",
    "nouns",
    "noun_endings",
)
"""Tables whose keys the steps name; others have abbreviations and signs of the language as keys."""
_GENDERED = ("cardinal", "ordinal")
_FORMS = {
    ("dates", "day_month"): ("day", "month"),
    ("dates", "month_day"): ("day", "month"),
    ("dates", "with_year"): ("date", "year"),
    ("times", "full"): ("hour",),
    ("times", "full_one"): ("hour",),
    ("times", "minutes"): ("hour", "minute"),
    ("times", "minutes_one"): ("hour", "minute"),
}
"""Forms of dates and times, and the fields that each must have."""
_MAY_LACK = {"full_one": ("hour",), "minutes_one": ("hour",), "minutes": ("hour",)}
"""Fields that a form may lack: "à une heure dix"."""
_CHOICES = {
    ("dates", "numeric"): ("dmy", "mdy"),
    ("dates", "day"): ("cardinal", "ordinal"),
    ("words", "gender"): ("m", "f", "n"),
    ("words", "decimals"): ("number", "digits"),
    ("times", "gender"): ("m", "f", "n"),
    ("title", "clock"): ("12", "24"),
}
_LENGTHS = {("clock", "hours"): 24, ("calendar", "weekdays"): 7, ("calendar", "months"): 12}
_MINUTE_FIELDS = ("hour", "next", "minutes", "minute")
_PHRASE_FIELDS: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("says", "credit"): (("credit", "sentence"), ("credit", "sentence")),
    ("says", "disclosure"): ((), ()),
    ("says", "and"): ((), ()),
    ("title", "pattern"): (("time", "date"), ()),
    ("title", "correction"): (("title",), ("title",)),
    ("title", "date"): (("weekday", "day", "month", "year"), ("day", "month")),
    ("title", "full_hour"): (("hour",), ("hour",)),
    **{("clock", name): (_MINUTE_FIELDS, ()) for name in ("past", "past_one", "to", "to_one")},
}
"""Text of a phrase file -> fields that it may have, and those that it must have."""
_FIELD = re.compile(r"\{([^{}]*)\}")


def mistakes_in_keys(content: Mapping[str, Any]) -> Mistakes:
    """Unknown keys, wrong fields and wrong choices in tables of normalization."""
    for name, table in content.items():
        if name not in _CLOSED or not isinstance(table, dict):
            continue
        for key, value in table.items():
            if key not in _known_keys()[name]:
                yield (name, key), f'[{name}] "{key}" is an unknown key{_hint(key, _known_keys()[name])}'
            elif wrong := _wrong_choice((name, key), value):
                yield (name, key), wrong
            elif (name, key) in _FORMS and isinstance(value, str):
                fields = _FORMS[name, key]
                needed = tuple(field for field in fields if field not in _MAY_LACK.get(key, ()))
                if wrong := _wrong_fields(value, fields, needed):
                    yield (name, key), f'[{name}] {key} = "{value}" {wrong}'
    for form in content.get("times", {}).get("print", ()):
        if wrong := _wrong_fields(str(form), ("hour", "minute"), ("hour",)):
            yield ("times", "print"), f'[times] print: "{form}" {wrong}'


def shipped_value(table: str, key: str) -> Any:
    """Value of a key in some shipped language, for its type; None for a table with keys of the language's own."""
    return _known_keys()[table].get(key) if table in _CLOSED else None


def mistakes_in_phrases(table: Mapping[str, Any]) -> Mistakes:
    """Unknown keys, wrong fields, lengths and choices in a phrase file whose values have the right types."""
    known = _known_keys("phrases.toml")
    for name, content in table.items():
        if name not in known or not isinstance(content, dict):
            yield (name,), f"[{name}] is an unknown table{_hint(name, known)}"
            continue
        for key, value in content.items():
            if name != "daypart" and key not in known[name]:
                yield (name, key), f'[{name}] "{key}" is an unknown key{_hint(key, known[name])}'
            elif wrong := _wrong_phrase(name, key, value):
                yield (name, key), f"[{name}] {wrong}"
    yield from _mistakes_in_hours(table)
    if not table["language"]["common"]:
        yield ("language", "common"), '[language] "common" is empty; no text would be known as this language'


def mistakes_in_page_fields(name: str, key: str, value: Any, model: Any) -> Mistakes:
    """Fields of a text of the listener pages that the English one has not, and missing ones."""
    for text, english in zip(
        *(item if isinstance(item, list) else [item] for item in (value, model)), strict=True
    ):
        if not isinstance(text, str):
            continue
        known = _FIELD.findall(re.sub(r":\w+(?=\})", "", str(english)))
        may = (*known, "hour24") if name == "dates" else tuple(known)
        needed = () if name == "dates" or isinstance(model, list) else tuple(known)
        if wrong := _wrong_fields(text, may, needed):
            yield (name, key), f'[{name}] "{key}" = "{text}" {wrong}'


def _mistakes_in_hours(table: Mapping[str, Any]) -> Mistakes:
    """Hours of the greetings, and patterns of minutes."""
    hours = table["daypart"]
    for hour in hours:
        if not hour.isdecimal() or int(hour) > 23:
            yield ("daypart", hour), f'[daypart] "{hour}" is no hour from 0 to 23'
    if "0" not in hours:
        yield ("daypart",), "[daypart] has no greeting from hour 0 on; add one: 0 = ..."
    for minute, pattern in table["clock"]["minute"].items():
        where = ("clock", "minute", minute)
        if not minute.isdecimal() or int(minute) > 59:
            yield where, f'[clock.minute] "{minute}" is no minute from 0 to 59'
        elif wrong := _wrong_fields(str(pattern), _MINUTE_FIELDS, ()):
            yield where, f'[clock.minute] {minute} = "{pattern}" {wrong}'
    for word, pattern in table["clock"].get("is", {}).items():
        if wrong := _wrong_fields(str(pattern), ("time",), ()):
            yield ("clock", "is", word), f'[clock.is] {word} = "{pattern}" {wrong}'


def _wrong_phrase(name: str, key: str, value: Any) -> str:
    """The mistake in one value of a phrase file; empty for a right one."""
    if count := _LENGTHS.get((name, key)):
        return "" if len(value) == count else f'"{key}" is a list of {len(value)}; it must have {count}'
    if wrong := _wrong_choice((name, key), value):
        return wrong
    if (name, key) in _PHRASE_FIELDS and isinstance(value, str):
        wrong = _wrong_fields(value, *_PHRASE_FIELDS[name, key])
        return f'"{key}" = "{value}" {wrong}' if wrong else ""
    if name in ("says", "says_plain") and isinstance(value, list):
        may = FIELDS if name == "says" else tuple(field for field in FIELDS if field != "frequencies")
        found = ((text, _wrong_fields(str(text), may, ())) for text in value)
        return next((f'"{key}": "{text}" {wrong}' for text, wrong in found if wrong), "")
    return ""


def _wrong_choice(key: tuple[str, str], value: Any) -> str:
    """
    >>> _wrong_choice(("dates", "day"), "third")
    '[dates] day = "third" must be "cardinal" or "ordinal"'
    """
    choices = _CHOICES.get(key, ())
    if not choices or value in ("", *choices):
        return ""
    return f'[{key[0]}] {key[1]} = "{value}" must be {" or ".join(map(_quoted, choices))}'


def _wrong_fields(text: str, may: Collection[str], needed: Collection[str]) -> str:
    """
    What is wrong with the fields of a text; empty if nothing is.

    >>> _wrong_fields("{dag} {month}", ("day", "month"), ("day", "month"))
    'has an unknown field {dag}; the fields are {day} {month}'
    >>> _wrong_fields("{month}", ("day", "month"), ("day", "month")), _wrong_fields("{day", ("day",), ())
    ('lacks the field {day}', 'has an unmatched brace; write a field as {day}')
    >>> _wrong_fields("at {hour}", (), ())
    'has a field {hour}; it has none'
    """
    text = re.sub(r"(?<=\w):\w+(?=\})", "", text)
    found = _FIELD.findall(text)
    shown = " ".join(f"{{{name}}}" for name in may)
    for name in found:
        if name not in may:
            return (
                f"has an unknown field {{{name}}}; the fields are {shown}"
                if may
                else f"has a field {{{name}}}; it has none"
            )
    if re.search("[{}]", _FIELD.sub("", text)):
        return f"has an unmatched brace; write a field as {{{next(iter(may), 'station')}}}"
    return next((f"lacks the field {{{name}}}" for name in needed if name not in found), "")


@lru_cache(maxsize=2)
def _known_keys(file: str = "") -> Mapping[str, Mapping[str, Any]]:
    """Table -> keys that a shipped language has in it, in `file` or in all tables of normalization, with a value."""
    keys: dict[str, dict[str, Any]] = {}
    for path in sorted(shipped_folder().glob(f"*/{file or '*.toml'}")):
        if file or path.name not in NOT_FIGURES:
            for name, table in parse_toml(path.read_text(encoding="utf-8")).items():
                if isinstance(table, dict):
                    keys.setdefault(name, {}).update(table)
    if file == "phrases.toml":  # the shipped languages have CLDR's
        keys["calendar"] = {"weekdays": [], "months": []}
        keys["language"]["speech_verbs"] = []  # of languages that are not shipped
    if not file:
        genders = (f"{name}_{gender}" for name in _GENDERED for gender in "mfn")
        keys.setdefault("rule_sets", {}).update(dict.fromkeys(genders, ""))
        keys["words"] |= {"compound": "", "ending_mark": ""}  # of languages that are not shipped
    return keys


def _hint(key: str, known: Collection[str]) -> str:
    near = get_close_matches(key, known, n=1)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f" (known: {', '.join(sorted(known))})" if len(known) < 20 else ""


def _quoted(text: str) -> str:
    return f'"{text}"'
