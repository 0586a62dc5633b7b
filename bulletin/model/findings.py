"""Findings of `bulletin check`, and those about secrets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.toml_lines import dotted, line_of
from bulletin.errors import ConfigError


class CheckVerdict(StrEnum):
    """State of a checked part."""

    OK = "ok"
    WARNING = "warning"
    """Bulletins can be made, but not as the profile asks."""
    FAILURE = "failure"
    """No bulletin can be made, or it cannot be delivered as the profile asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Result of checking one part."""

    part: str
    verdict: CheckVerdict
    message: str = ""
    """The problem and its remedy."""
    exit_code: int = 0
    """Exit code of the error behind a failure."""


def missing_secrets(loaded: LoadedProfile) -> Iterator[Finding]:
    """A failure for each unset variable, once: the service does not start without it."""
    messages: dict[str, str] = {}
    for unset in loaded.unset:
        messages.setdefault(unset.name, unset.message)
    for name, message in messages.items():
        yield Finding(
            part=f"secret {name}",
            verdict=CheckVerdict.FAILURE,
            message=message,
            exit_code=ConfigError.exit_code,
        )


def plain_secrets(loaded: LoadedProfile) -> Iterator[Finding]:
    """Warnings for plain-text secrets in the profile, and for other users' permission to read it."""
    if not loaded.plain:
        return
    text = loaded.path.read_text(encoding="utf-8-sig")
    for plain in loaded.plain:
        where = f"{loaded.path}:{line_of(text, plain.key)}: {dotted(plain.key)}"
        yield Finding(
            part="secrets",
            verdict=CheckVerdict.WARNING,
            message=f'{where}: holds a secret in plain text; write "env:NAME" and export the variable NAME',
        )
    if os.name == "posix" and loaded.path.stat().st_mode & 0o077:
        yield Finding(
            part="secrets",
            verdict=CheckVerdict.WARNING,
            message=f"{loaded.path}: others on this machine may read its secrets; chmod 600 {loaded.path}",
        )


def not_asked(loaded: LoadedProfile, *key: str | int) -> str:
    """Why a part is not checked, for lack of a secret: wrong passwords lock accounts. Empty: check it."""
    names = loaded.lacks(*key)
    return f"not checked, for lack of {' and '.join(names)}" if names else ""


def unless_lacking(
    loaded: LoadedProfile, part: str, *key: str | int, check: Callable[[], Iterable[Finding]]
) -> Iterator[Finding]:
    """Findings of the check, or a warning when secrets below `key` are not set."""
    if why := not_asked(loaded, *key):
        yield Finding(part=part, verdict=CheckVerdict.WARNING, message=why)
    else:
        yield from check()
