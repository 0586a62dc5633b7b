"""<style> of a page -> the classes and ids that it hides. Pure, linear in time."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONGEST = 500_000
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]{0,10})?([.#])(-?[A-Za-z_][\w-]{0,80})", re.IGNORECASE)
_HIDING = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden"
    r"|(?:^|[;\s])(?:left|top|text-indent)\s{0,9}:\s{0,9}-\s{0,9}\d{3,}"
    r"|(?:^|[;\s])font-size\s{0,9}:\s{0,9}0(?:px|pt|em|rem|%)?\s{0,9}(?:;|!|$)",
    re.IGNORECASE,
)


def hidden_names(css: str) -> tuple[frozenset[str], frozenset[str]]:
    """
    Classes and ids of rules that hide: `.hide { display: none }`.

    Only rules outside @media count (print and small screens hide what others see), and only simple selectors.
    """
    classes: set[str] = set()
    ids: set[str] = set()
    for selectors, declarations in _rules(_drop_comments(css[:_LONGEST])):
        if not _HIDING.search(declarations):
            continue
        for selector in selectors.split(","):
            if match := _SIMPLE.fullmatch(selector.strip()):
                (classes if match[1] == "." else ids).add(match[2])
    return frozenset(classes), frozenset(ids)


def _drop_comments(css: str) -> str:
    """A pattern would search the end of each unclosed comment again and again."""
    pieces, position = [], 0
    while (start := css.find("/*", position)) >= 0:
        pieces.append(css[position:start])
        end = css.find("*/", start + 2)
        position = end + 2 if end >= 0 else len(css)
    return " ".join((*pieces, css[position:]))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the top-level rules."""
    position, depth, start, selectors = 0, 0, 0, ""
    for brace in re.finditer(r"[{}]", css):
        if brace[0] == "{":
            if depth == 0:
                selectors = css[position : brace.start()].rpartition(";")[2].strip()
                start = brace.end()
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0:
            position = brace.end()
            if selectors and not selectors.startswith("@"):
                yield selectors, css[start : brace.start()]
            selectors = ""
