"""Single options changed in the text of a profile; comments and everything else stay. Pure."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from bulletin.config.profile_template import quote
from bulletin.config.toml_line_numbers import Key, dotted, header_lines, line_of, table_lines
from bulletin.errors import ConfigError
from bulletin.runtime.files.toml_reader import parse_toml

Value = str | bool | int | float | Sequence[str]
"""Value of an option as TOML has it; None in `change_options` removes the option."""
_MOST_LINES = 400
"""Longest value, in lines."""


def change_options(text: str, changes: Mapping[Key, Value | None]) -> str:
    """
    The TOML text with each option of `changes` set, or removed where its value is None.

    Raises ConfigError for an option that is written in a way that cannot be changed alone (an inline table), and
    for a text that is not TOML.
    """
    for key, value in changes.items():
        text = _change(text, key, value)
    return text


def add_table(text: str, header: str, options: Mapping[str, Value], *, after: Key = ()) -> str:
    """
    The TOML text with one more `[[header]]` table: below the table `after`, else at the end.

    Empty texts and lists are not written.
    """
    lines = [
        f"[[{header}]]",
        *(f"{name} = {_toml(value)}" for name, value in options.items() if value not in ("", ())),
    ]
    end = table_lines(text, after)[1] if after else 0
    if not end:
        return f"{text.rstrip()}\n\n" + "\n".join(lines) + "\n"
    kept = text.splitlines()
    return "\n".join([*kept[:end], "", *lines, *kept[end:]]) + "\n"


def remove_table(text: str, key: Key) -> str:
    """The TOML text without the table `key`, ("clock", "slots", 1). Raises ConfigError where it has no header."""
    first, end = table_lines(text, key)
    if not first:
        raise ConfigError(f"{dotted(key)} cannot be removed alone; change it in the text of the profile")
    lines = text.splitlines(keepends=True)
    if first > 1 and not lines[first - 2].strip() and (end >= len(lines) or not lines[end].strip()):
        first -= 1  # one of the two blank lines around it
    return "".join((*lines[: first - 1], *lines[end:]))


def _change(text: str, key: Key, value: Value | None) -> str:
    raw = _parse(text)
    expected = copy.deepcopy(raw)
    if not _set(expected, key, value):
        return text
    lines = text.splitlines()
    for candidate in (_replaced(lines, key, value, line_of(text, key)), _inserted(text, lines, key, value)):
        if candidate is not None:
            with suppress(tomllib.TOMLDecodeError):
                changed = "\n".join(candidate) + "\n"
                if parse_toml(changed) == expected:
                    return changed
    raise ConfigError(
        f"{dotted(key)} is written in a way that cannot be changed here; change it in the text of the profile"
    )


def _parse(text: str) -> Any:
    try:
        return parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML ({error}); mend it in the text of the profile first") from error


def _set(raw: Any, key: Key, value: Value | None) -> bool:
    """Set or remove the option in the parsed profile; False where it has that value already."""
    *tables, name = key
    for part in tables:
        if isinstance(part, int):
            raw = raw[part]
        elif value is None and part not in raw:
            return False
        else:
            raw = raw.setdefault(part, {})
    if value is None:
        return raw.pop(name, None) is not None
    new = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
    is_new = name not in raw or raw[name] != new or type(raw[name]) is not type(new)
    raw[name] = new
    return is_new


def _replaced(lines: Sequence[str], key: Key, value: Value | None, number: int) -> list[str] | None:
    """The lines with the value in line `number` replaced, or taken out; None where that line is not the option's."""
    first = number - 1
    if first >= len(lines):
        return None
    match = re.match(
        r"\s*(?:[\w.\"'-]+\s*\.\s*)?[\"']?" + re.escape(str(key[-1])) + r"[\"']?\s*=\s*", lines[first]
    )
    if not match:
        return None
    for end in range(first + 1, min(len(lines), first + _MOST_LINES) + 1):
        with suppress(tomllib.TOMLDecodeError):
            tomllib.loads("\n".join(lines[first:end]).strip())
            break
    else:
        return None
    if value is None:
        return [*lines[:first], *lines[end:]]
    comment = _comment(lines[end - 1]) if end == first + 1 else ""
    return [*lines[:first], f"{match[0]}{_toml(value)}{comment}", *lines[end:]]


def _comment(line: str) -> str:
    """The comment behind a value, with the blanks before it."""
    for match in re.finditer(r"\s*#", line):
        with suppress(tomllib.TOMLDecodeError):
            tomllib.loads(line[: match.start()].strip())
            return line[match.start() :]
    return ""


def _inserted(text: str, lines: Sequence[str], key: Key, value: Value | None) -> list[str] | None:
    """The lines with a new option: at the end of its table, in a new table, or before the first table."""
    if value is None:
        return None
    *table, name = key
    written = f"{_key(str(name))} = {_toml(value)}"
    if not table:
        first = next((n for n, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
        while first and (not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#")):
            first -= 1
        return [*lines[:first], written, *lines[first:]]
    header = ".".join(_key(part) for part in table if isinstance(part, str))
    if any(isinstance(part, int) for part in table) or f"[{header}]" in header_lines(text).get(header, {}):
        first, end = _own_lines(text, tuple(table))
        return [*lines[:end], written, *lines[end:]] if first else None
    return [*lines, "", f"[{header}]", written]


def _own_lines(text: str, table: Key) -> tuple[int, int]:
    """First and last line (from 1) of a table without the tables below it, without blanks and comments at its end."""
    lines = text.splitlines()
    first, end = table_lines(text, table)
    if not first:
        return 0, 0
    end = next((n for n in range(first, end) if lines[n].lstrip().startswith("[")), end)
    while end > first and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return first, end


def _key(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else quote(part)


def _toml(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, int | float):
        return json.dumps(value)
    return "[" + ", ".join(quote(item) for item in value) + "]"
