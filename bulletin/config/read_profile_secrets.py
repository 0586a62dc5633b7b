"""Raw profile -> its secrets, from the environment and in plain text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.config.toml_line_numbers import Key, dotted, line_of
from bulletin.runtime.redact_secrets import is_secret_name, secrets_in_address

UNKNOWN = "https://unknown.invalid/"
"""Placeholder of a secret that is not set, before its name; valid as an address, a password and a key."""
_ENV = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


_NO_SECRETS: frozenset[Key] = frozenset({("pronunciations",), ("stories",), ("outputs", "page", "words")})
"""Tables whose keys are the station's own words."""
_NO_SECRET_ENDS = ("_file", "_env", "_id")
"""Endings of options that name a file, a variable or an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset:
    """A secret that the environment does not have."""

    name: str
    """Name of the environment variable."""
    key: Key
    """The option that needs it."""
    message: str
    """File, line, key and remedy."""


def fill_secrets(raw: Any, *, path: Path, text: str) -> tuple[Any, dict[str, str], tuple[Unset, ...]]:
    """
    Replace every "env:NAME" by that environment variable, so that no secret stands in a file.

    Returns the filled profile, each secret with its printed form ("env:NAME"), and the variables that are not
    set; UNKNOWN and the name replace their values. `text` is the profile's, for the lines in the messages.
    """
    shown: dict[str, str] = {}
    unset: list[Unset] = []

    def fill(value: Any, key: Key) -> Any:
        if isinstance(value, Mapping):
            return {name: fill(item, (*key, name)) for name, item in value.items()}
        if isinstance(value, list):
            return [fill(item, (*key, number)) for number, item in enumerate(value)]
        match = _ENV.fullmatch(value) if isinstance(value, str) else None
        if not match:
            return value
        name = match[1]
        if name in os.environ:
            shown[os.environ[name]] = f"env:{name}"
            return os.environ[name]
        where = f"{path}:{line_of(text, key)}: {dotted(key)}"
        message = f"{where}: environment variable {name} is not set; set {name} before you start Bulletin"
        unset.append(Unset(name=name, key=key, message=message))
        return f"{UNKNOWN}{name}"

    return fill(raw, ()), shown, tuple(unset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A secret in plain text in the profile."""

    key: Key
    value: str
    """The whole option: a password, or an address with a password."""
    secrets: tuple[str, ...]
    """The parts of it that must never be shown."""


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
        elif address_secrets := secrets_in_address(value):
            yield Plain(key=key, value=value, secrets=address_secrets)


def _is_secret_option(key: Key, value: str) -> bool:
    name = next((part for part in reversed(key) if isinstance(part, str)), "")
    if key == ("credentials", "key"):  # usually the path of a file
        return "-----BEGIN" in value
    return is_secret_name(name) and not name.endswith(_NO_SECRET_ENDS)
