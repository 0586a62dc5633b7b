"""What a part said of itself when it was checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.toml_lines import dotted, line_of
from bulletin.errors import ConfigError


class CheckVerdict(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    """A bulletin can be made, but not as the profile wants it."""
    FAILURE = "failure"
    """No bulletin can be made, or it cannot be brought where the profile wants it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one part said of itself."""

    part: str
    verdict: CheckVerdict
    message: str = ""
    """The remedy, when it is not well."""
    exit_code: int = 0
    """Of the error behind a failure."""


def missing_secrets(loaded: LoadedProfile) -> Iterator[Finding]:
    """Each variable that the environment does not have, once: the service does not start without it."""
    first = {one.name: one for one in reversed(loaded.unset)}
    for name in dict.fromkeys(one.name for one in loaded.unset):
        yield Finding(
            part=f"secret {name}",
            verdict=CheckVerdict.FAILURE,
            message=first[name].message,
            exit_code=ConfigError.exit_code,
        )


def plain_secrets(loaded: LoadedProfile) -> Iterator[Finding]:
    """Each secret that stands in the profile itself, and whether others can read it there."""
    if not loaded.plain:
        return
    text = loaded.path.read_text(encoding="utf-8-sig")
    for one in loaded.plain:
        where = f"{loaded.path}:{line_of(text, one.key)}: {dotted(one.key)}"
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
    """Why a part must not be asked, if it must not: a server locks accounts for passwords that are wrong."""
    names = loaded.lacks(*key)
    return f"not checked, for want of {' and '.join(names)}" if names else ""


def unless_lacking(
    loaded: LoadedProfile, part: str, *key: str | int, check: Callable[[], Iterable[Finding]]
) -> Iterator[Finding]:
    """What the check finds, where the secrets below `key` are there."""
    if why := not_asked(loaded, *key):
        yield Finding(part=part, verdict=CheckVerdict.WARNING, message=why)
    else:
        yield from check()
