"""Name of a part -> its class or function: built-in table, entry point, or `module:attribute`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from bulletin.errors import ConfigError


def find_part(kind: str, name: str, builtin: Mapping[str, str]) -> Any:
    """
    Find the class or function called `name`.

    `builtin` maps names to "module:attribute"; other packages add theirs under the entry point group
    "bulletin.<kind>", or are named in full. Raises ConfigError, listing the known names.
    """
    points = {point.name: point for point in _entry_points(kind)}
    points |= {part: EntryPoint(part, target, kind) for part, target in builtin.items()}
    point = points.get(name) or (EntryPoint(name, name, kind) if ":" in name else None)
    if point is None:
        known = known_parts(kind, builtin)
        near = difflib.get_close_matches(name, known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise ConfigError(f'{kind}: unknown name "{name}"{hint} (known: {", ".join(known)})')
    try:
        return point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f'{kind}: the Python class of "{name}" cannot be loaded ({error}); '
            "install it, name its folder in PYTHONPATH, or correct the name"
        ) from error


def known_parts(kind: str, builtin: Mapping[str, str]) -> tuple[str, ...]:
    """Names that `find_part` would find, built-in ones first."""
    return (*builtin, *sorted(point.name for point in _entry_points(kind)))


@lru_cache
def _entry_points(kind: str) -> tuple[EntryPoint, ...]:
    """Entry points of a group, cached: reading the metadata of every installed package is slow."""
    return tuple(entry_points(group=f"bulletin.{kind}"))
