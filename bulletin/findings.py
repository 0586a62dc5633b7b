"""What a part said of itself when it was checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bulletin.config.load import LoadedProfile
from bulletin.errors import ConfigError


class Verdict(StrEnum):
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
    verdict: Verdict
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
            verdict=Verdict.FAILURE,
            message=first[name].message,
            exit_code=ConfigError.exit_code,
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
        yield Finding(part=part, verdict=Verdict.WARNING, message=why)
    else:
        yield from check()
