"""A profile as it is written -> its secrets: those that come from the environment, and those that stand in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bulletin.config.toml_lines import Key, dotted, line_of
from bulletin.runtime.redaction import is_secret_name, secrets_in_address

UNKNOWN = "https://unknown.invalid/"
"""In the place of a secret that is not there, with its name: an address, a password and a key alike."""
_ENV = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


_NO_SECRETS: frozenset[Key] = frozenset({("pronunciations",), ("stories",), ("outputs", "page", "words")})
"""Tables whose keys are words of the station's own."""
_NO_SECRET_ENDS = ("_file", "_env", "_id")
"""Of options that name a file, a variable, an account."""


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
    found: dict[str, str] = field(default_factory=dict)
    """What was set -> how it is shown: "env:NAME"."""
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
            self.found[os.environ[name]] = f"env:{name}"
            return os.environ[name]
        where = f"{self.path}:{line_of(self.text, key)}: {dotted(key)}"
        message = f"{where}: environment variable {name} is not set; export it first"
        self.unset.append(Unset(name=name, key=key, message=message))
        return f"{UNKNOWN}{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A secret that stands in the profile as it is."""

    key: Key
    value: str
    """The whole option: a password, or an address that holds one."""
    secrets: tuple[str, ...]
    """What of it must be shown nowhere."""


def plain_secrets(value: Any, *, key: Key = ()) -> Iterator[Plain]:
    """Passwords, keys and tokens in the raw profile, and addresses with a password or a token in them."""
    if key in _NO_SECRETS:
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from plain_secrets(item, key=(*key, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from plain_secrets(item, key=(*key, number))
    elif isinstance(value, str) and value and not _ENV.fullmatch(value):
        if _is_secret_option(key, value):
            yield Plain(key=key, value=value, secrets=(value,))
        elif found := secrets_in_address(value):
            yield Plain(key=key, value=value, secrets=found)


def _is_secret_option(key: Key, value: str) -> bool:
    name = next((part for part in reversed(key) if isinstance(part, str)), "")
    if key == ("credentials", "key"):  # as a rule the path of a file
        return "-----BEGIN" in value
    return is_secret_name(name) and not name.endswith(_NO_SECRET_ENDS)


def unset_below(unset: Sequence[Unset], *key: str | int) -> tuple[str, ...]:
    """Names of those that the table or option `key` needs."""
    return tuple(dict.fromkeys(one.name for one in unset if one.key[: len(key)] == key))
