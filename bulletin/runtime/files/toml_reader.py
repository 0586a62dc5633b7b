"""TOML text -> its tables; refuses input that would take the parser hours, or crash it."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_MOST_CHARACTERS = 4_000_000
"""The parser reads some two million in a second; our largest table has fifty thousand."""
_MOST_DEPTH = 50
_MOST_PARTS = 50
_MOST_DIGITS = 400
_TOKENS = re.compile(
    r""""{3}(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\[^\n])*+"|'[^'\n]*+'|\#[^\n]*+"""
    rf"|(?P<digits>[0-9A-Fa-f_]{{{_MOST_DIGITS},}}+)|(?P<open>[\[{{])|(?P<close>[\]}}])|(?P<dot>\.)"
    r"""|(?P<ends>[\n,=])|(?P<torn>["'])""",
    re.DOTALL,
)
"""Strings and comments are skipped; the parser reports an unclosed one."""


class UnfitTomlError(tomllib.TOMLDecodeError):
    """TOML that no option needs; the message ends with line and column, as the parser's do."""


def parse_toml(text: str) -> dict[str, Any]:
    """
    The tables, as `tomllib.loads` gives them.

    Raises UnfitTomlError for input that is too large, too deep or too long, TOMLDecodeError else. Nested a
    thousand deep the parser ends in a RecursionError, at a number of 4,301 digits in a ValueError; a key of 50,000
    parts takes it minutes.
    """
    _check(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnfitTomlError(
            f"cannot be read ({type(error).__name__}: {error}) (at line 1, column 1)"
        ) from error


def _check(text: str) -> None:
    if len(text) > _MOST_CHARACTERS:
        reason = f"{len(text) / 1e6:.0f} million characters; {_MOST_CHARACTERS / 1e6:g} million are the most"
        raise UnfitTomlError(f"{reason} (at line 1, column 1)")
    depth = dots = 0
    for token in _TOKENS.finditer(text):
        kind = token.lastgroup
        if kind == "torn":
            return
        if kind == "open":
            depth, dots = depth + 1, 0
            if depth > _MOST_DEPTH:
                raise _unfit(text, token.start(), f"brackets within brackets, more than {_MOST_DEPTH} deep")
        elif kind == "dot":
            dots += 1
            if dots >= _MOST_PARTS:
                raise _unfit(text, token.start(), f"a key of more than {_MOST_PARTS} parts")
        elif kind == "digits":
            raise _unfit(
                text, token.start(), f"a number of {len(token[0])} digits; {_MOST_DIGITS} are too many"
            )
        elif kind in ("close", "ends"):
            depth, dots = max(0, depth - (kind == "close")), 0


def _unfit(text: str, at: int, fault: str) -> UnfitTomlError:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return UnfitTomlError(f"{fault}: no option needs that; shorten it (at line {line}, column {column})")
