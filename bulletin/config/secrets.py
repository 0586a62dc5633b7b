"""A profile as it is written -> the same with its secrets, which come from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bulletin.config.locate import Key, dotted, line_of

UNKNOWN = "https://unknown.invalid/"
"""In the place of a secret that is not there, with its name: an address, a password and a key alike."""
_ENV = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset:
    """A secret that the environment does not have."""

    name: str
    """Of the variable."""
    key: Key
    """Where the profile asks for it."""
    message: str
    """File, line, key, and the remedy."""


@dataclass(slots=True, kw_only=True)
class Secrets:
    """Replaces every "env:NAME" by that environment variable, so that no secret stands in a file."""

    path: Path
    text: str
    """Of the profile, for the lines of what is not set."""
    found: set[str] = field(default_factory=set)
    unset: list[Unset] = field(default_factory=list)

    def fill(self, value: Any, *, key: Key = ()) -> Any:
        """The value with all that is set; in the place of what is not, a word that fits nearly everywhere."""
        if isinstance(value, Mapping):
            return {k: self.fill(v, key=(*key, k)) for k, v in value.items()}
        if isinstance(value, list):
            return [self.fill(v, key=(*key, i)) for i, v in enumerate(value)]
        if isinstance(value, str) and (match := _ENV.fullmatch(value)):
            return self._ask(match[1], key)
        return value

    def _ask(self, name: str, key: Key) -> str:
        if name in os.environ:
            self.found.add(os.environ[name])
            return os.environ[name]
        where = f"{self.path}:{line_of(self.text, key)}: {dotted(key)}"
        message = f"{where}: environment variable {name} is not set; export it first"
        self.unset.append(Unset(name=name, key=key, message=message))
        return f"{UNKNOWN}{name}"


def unset_below(unset: Sequence[Unset], *key: str | int) -> tuple[str, ...]:
    """Names of those that the table or option `key` needs."""
    return tuple(dict.fromkeys(one.name for one in unset if one.key[: len(key)] == key))
