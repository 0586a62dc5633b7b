"""
A secret of the profile goes to its own server only.

Browsers never receive a secret. But a user who changes the server address beside a kept secret could make the program
send it to another server (OWASP: server-side request forgery). A changed address therefore needs a new secret.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from bulletin.config.read_profile_secrets import plain_secrets
from bulletin.config.toml_line_numbers import Key, dotted
from bulletin.errors import NewsroomError

_ADDRESSES = ("url", "base_url", "host", "port", "endpoint", "smtp", "command", "queue")
"""Options that name the server, or the program, which gets the secrets of their table."""
_KEY_TABLES: dict[Key, str] = {
    ("script", "rewriter"): "OPENAI_API_KEY",
    ("speech", "engines", "openai"): "OPENAI_API_KEY",
    ("speech", "engines", "elevenlabs"): "ELEVENLABS_API_KEY",
}
"""Tables whose server gets a variable of the computer: the one that `key_env` names, by default this one."""


def place_of(key: Key) -> Key:
    """Where an option stands, whatever the number of its table: ("deliveries", "password")."""
    return tuple(part for part in key if isinstance(part, str))


def refuse_moved_secrets(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Compare two parsed profiles. Raises NewsroomError for a secret that would go to another server than before."""
    known = {(place_of(key), value): set[str]() for key, value, _ in _secrets(before)}
    for key, value, address in _secrets(before):
        known[place_of(key), value].add(address)
    for key, value, address in _secrets(after):
        addresses = known.get((place_of(key), value))
        if addresses is not None and address not in addresses:
            raise NewsroomError(
                f"{dotted(key)}: the secret would go to another address than before; write the new server's own "
                "secret, or change both in the profile's file on the station's computer"
            )


def _secrets(raw: Mapping[str, Any]) -> Iterator[tuple[Key, str, str]]:
    """Each secret with its key, its value and the address of its table; also variables of the computer."""
    for plain in plain_secrets(raw):
        if plain.key[-1] not in _ADDRESSES:  # an address with a token in it is its own
            yield plain.key, plain.value, _address(_table(raw, plain.key[:-1]))
    yield from _variables(raw, raw)
    for key, default in _KEY_TABLES.items():
        table = _table(raw, key)
        variable = str(table.get("key_env", default))
        if os.environ.get(variable):
            yield (*key, "key_env"), variable, _address(table)


def _variables(value: Any, raw: Mapping[str, Any], key: Key = ()) -> Iterator[tuple[Key, str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _variables(item, raw, (*key, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _variables(item, raw, (*key, number))
    elif isinstance(value, str) and value.startswith("env:") and key[-1] not in _ADDRESSES:
        yield key, value, _address(_table(raw, key[:-1]))


def _address(table: Mapping[str, Any]) -> str:
    return repr([(name, table[name]) for name in _ADDRESSES if table.get(name)])


def _table(raw: Any, key: Key) -> Mapping[str, Any]:
    for part in key:
        try:
            raw = raw[part]
        except (LookupError, TypeError):
            return {}
    return raw if isinstance(raw, Mapping) else {}
