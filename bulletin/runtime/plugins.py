"""Name of a part -> its class or function: built-in table, entry point, or `module:attribute`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from bulletin.errors import ConfigError


def find_part(kind: str, name: str, builtin: Mapping[str, str]) -> Any:
    """
    Find the class or function called `name`.

    `builtin` maps names to "module:attribute"; other packages add theirs under the entry point group
    "bulletin.<kind>", or are named in full. Raises ConfigError, listing the known names.
    """
    target = builtin.get(name)
    if target is None:
        for point in _entry_points(kind):
            if point.name == name:
                return point.load()
        target = name if ":" in name else None
    if target is None:
        raise ConfigError(_unknown(kind, name, builtin))
    module, _, attribute = target.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ImportError as error:
        raise ConfigError(
            f'{kind}: "{name}" cannot be loaded from {target} ({error}); install it, or name its folder in PYTHONPATH'
        ) from error
    except AttributeError as error:
        raise ConfigError(f'{kind}: "{name}" cannot be loaded from {target} ({error})') from error


def known_parts(kind: str, builtin: Mapping[str, str]) -> tuple[str, ...]:
    """Names that `find_part` would find, built-in ones first."""
    return (*builtin, *sorted(point.name for point in _entry_points(kind)))


@lru_cache
def _entry_points(kind: str) -> tuple[EntryPoint, ...]:
    """Cached: it reads the metadata of every installed package."""
    return tuple(entry_points(group=f"bulletin.{kind}"))


def _unknown(kind: str, name: str, builtin: Mapping[str, str]) -> str:
    known = known_parts(kind, builtin)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f'{kind}: no part is called "{name}"{hint} (known: {", ".join(known)})'
