"""Where in a TOML file a key stands, so that an error can name its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Key = tuple[str | int, ...]
"""("feeds", 1, "weight"): the second [[feeds]]."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_PAIR = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")


def dotted(key: Key) -> str:
    """As people call it: "feeds[2].weight"."""
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def line_of(text: str, key: Key) -> int:
    """
    Line (from 1) of `key` in the TOML `text`; of the nearest enclosing key where it is not written.

    Inline tables and arrays are found by their key's line, which is as near as an editor needs.
    """
    lines: dict[Key, int] = {}
    for found, number in _walk(text):
        lines.setdefault(found, number)
    wanted = key
    while wanted:
        if wanted in lines:
            return lines[wanted]
        wanted = wanted[:-1]
    return 1


def error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Line of a mistake in the TOML `text`; the only other place that tomllib names is the end of the document."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else max(1, len(text.rstrip().splitlines()))


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
            fence = _opens_fence(line)


def _resolve(parts: tuple[str, ...], counts: dict[Key, int], *, is_array: bool) -> Key:
    """[[feeds]] counts up; [feeds.recording] belongs to the latest [[feeds]]."""
    key: Key = ()
    for place, part in enumerate(parts):
        key = (*key, part)
        if is_array and place == len(parts) - 1:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            key = (*key, counts[key])
    return key


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))


def _opens_fence(line: str) -> str:
    """A multi-line string holds lines that look like keys."""
    for fence in ('"""', "'''"):
        if line.count(fence) == 1:
            return fence
    return ""
