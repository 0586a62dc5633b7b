"""Lines of keys in a TOML text, for error messages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from bulletin.runtime.files.toml_reader import UnfitTomlError

Key = tuple[str | int, ...]
"""("feeds", 1, "weight"): the second [[feeds]]."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_PAIR = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def dotted(key: Key) -> str:
    """Key as people write it: "feeds[2].weight"."""
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def line_of(text: str, key: Key) -> int:
    """
    Line (from 1) of `key` in the TOML `text`; of the nearest enclosing key where it is not written.

    A table without a header ([[slots]] for "slots", [engines.gtts] for "engines") has the line of the first
    one inside it.
    Inline tables and arrays are found by their key's line, which is as near as an editor needs.
    """
    walked = list(_walk(text))[::-1]  # backwards: of what is written twice, the first stays
    inner = {written[:size]: number for written, number in walked for size in range(1, len(written))}
    lines = inner | dict(walked)
    return next((lines[key[:size]] for size in range(len(key), 0, -1) if key[:size] in lines), 1)


def table_lines(text: str, key: Key) -> tuple[int, int]:
    """
    First and last line (from 1) of the table `key` and those below it; (0, 0) where it has no header.

    Blank lines and comments in front of the next table belong to that one.
    """
    headers = [
        (table, number) for table, number in _walk(text) if _HEADER.match(text.splitlines()[number - 1])
    ]
    first = next((number for table, number in headers if table == key), 0)
    lines = text.splitlines()
    after = next((n for table, n in headers if n > first and table[: len(key)] != key), len(lines) + 1)
    end = after - 1
    if after <= len(lines):
        while end > first and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
    return (first, end) if first else (0, 0)


def header_lines(text: str) -> dict[str, dict[str, list[int]]]:
    """Name of each table -> its headers as written, "[feeds]" or "[[feeds]]", and their lines (from 1)."""
    headers: dict[str, dict[str, list[int]]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := _HEADER.match(line):
            name = ".".join(_parts(match[2]))
            header = f"[[{name}]]" if match[1] == "[[" else f"[{name}]"
            headers.setdefault(name, {}).setdefault(header, []).append(number)
    return headers


def explain_toml(error: tomllib.TOMLDecodeError) -> str:
    """
    What is wrong with the TOML, and the remedy; without the line.

    >>> explain_toml(tomllib.TOMLDecodeError("Cannot declare ('feeds',) twice (at line 8, column 3)"))
    'not valid TOML: a key or table of this name is there already; delete one, or join the two'
    """
    reason = str(error).rpartition(" (at ")[0] or str(error)
    if isinstance(error, UnfitTomlError):
        return reason
    if reason.startswith("Cannot"):  # ... overwrite a value, declare twice, mutate
        return "not valid TOML: a key or table of this name is there already; delete one, or join the two"
    return f"not valid TOML ({reason}); look for a missing quote, bracket or = here or in the line above"


def error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Line of a mistake in the TOML `text`; the only other place that tomllib names is the end of the document."""
    line = re.search(r"at line (\d+)", str(error))
    return int(line[1]) if line else max(1, len(text.rstrip().splitlines()))


def _walk(text: str) -> Iterator[tuple[Key, int]]:
    table: Key = ()
    counts: dict[Key, int] = {}
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if header := _HEADER.match(line):
            table = _resolve(_parts(header[2]), counts, is_array=header[1] == "[[")
            yield table, number
        elif pair := _PAIR.match(line):
            yield (*table, *_parts(pair[1])), number
            # a multi-line string holds lines that look like keys
            fence = next((mark for mark in ('"""', "'''") if line.count(mark) == 1), "")


def _resolve(parts: tuple[str, ...], counts: dict[Key, int], *, is_array: bool) -> Key:
    """[[feeds]] counts up; [feeds.recording] belongs to the latest [[feeds]]."""
    key: Key = ()
    for index, part in enumerate(parts):
        key = (*key, part)
        if is_array and index == len(parts) - 1:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            key = (*key, counts[key])
    return key


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))
