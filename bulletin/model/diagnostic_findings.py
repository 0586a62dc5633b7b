"""Findings of `bulletin check` and `bulletin doctor`: one for each part that was checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.toml_line_numbers import dotted, line_of
from bulletin.errors import BulletinError, ConfigError


class Verdict(StrEnum):
    """Result of one check."""

    OK = "ok"
    WARNING = "warning"
    """It works, but not as the profile asks; or some client shows less than it could."""
    FAILURE = "failure"
    """No bulletin can be made or delivered; or some client refuses it, or its listeners hear nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Result of one check of `bulletin check` or `bulletin doctor`."""

    part: str
    """The part of the station: "feeds", "voice hibari", "latest"."""
    verdict: Verdict
    message: str = ""
    """Problem and remedy."""
    exit_code: int = 0
    """Exit code of the error behind a failure."""
    cause: str = ""
    """Findings of the same cause are reported once, with their number; empty: no other has this cause."""


def ok(part: str, message: str = "") -> Finding:
    """A part that works."""
    return Finding(part=part, verdict=Verdict.OK, message=message)


def warning(part: str, message: str, *, cause: str = "") -> Finding:
    """A part that works with limits."""
    return Finding(part=part, verdict=Verdict.WARNING, message=message, cause=cause)


def failure(part: str, message: str, *, exit_code: int = 0, cause: str = "") -> Finding:
    """A part that does not work."""
    return Finding(part=part, verdict=Verdict.FAILURE, message=message, exit_code=exit_code, cause=cause)


def failure_of(part: str, error: BulletinError) -> Finding:
    """A part that does not work, with the message and exit code of its error."""
    return failure(part, str(error), exit_code=error.exit_code)


def missing_secrets(loaded: LoadedProfile) -> Iterator[Finding]:
    """Each variable that the environment does not have, once: the service does not start without it."""
    first = {secret.name: secret.message for secret in reversed(loaded.unset)}
    for name, message in reversed(first.items()):
        yield failure(f"secret {name}", message, exit_code=ConfigError.exit_code)


def plain_secrets(loaded: LoadedProfile) -> Iterator[Finding]:
    """Warnings for plain-text secrets in the profile, and for other users' permission to read it."""
    if not loaded.plain:
        return
    text = loaded.path.read_text(encoding="utf-8-sig")
    path, remedy = loaded.path, 'write "env:NAME" and export the variable NAME'
    for option in loaded.plain:
        where = f"{path}:{line_of(text, option.key)}: {dotted(option.key)}"
        yield warning("secrets", f"{where}: holds a secret in plain text; {remedy}")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        yield warning("secrets", f"{path}: others on this machine may read its secrets; chmod 600 {path}")


def not_asked(loaded: LoadedProfile, *key: str | int) -> str:
    """Why a part is not checked, for lack of a secret: wrong passwords lock accounts. Empty: check it."""
    names = loaded.lacks(*key)
    return f"not checked, for lack of {' and '.join(names)}" if names else ""


def unless_lacking(
    loaded: LoadedProfile, part: str, *key: str | int, check: Callable[[], Iterable[Finding]]
) -> Iterator[Finding]:
    """Findings of the check, or a warning when secrets below `key` are not set."""
    if why := not_asked(loaded, *key):
        yield warning(part, why)
    else:
        yield from check()
