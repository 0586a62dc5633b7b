"""What the doctor finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit


class Verdict(StrEnum):
    """How bad it is."""

    GOOD = "good"
    WARNING = "warning"
    """Some client shows less than it could."""
    ERROR = "error"
    """Some client refuses it, or its listeners hear nothing, or the wrong thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    part: str
    """ "feed", "episode", "latest", "artwork", "speaker", "page", "clock"."""
    verdict: Verdict
    message: str
    """What was found, where, and what to do about it."""
    cause: str = ""
    """Findings of the same cause are told once, with their number; empty: a cause of its own."""


NO_HEAD = "no HEAD"
"""A web server that refuses it does so for every address."""


def error(part: str, message: str, *, cause: str = "") -> Finding:
    """Something that must be mended."""
    return Finding(part=part, verdict=Verdict.ERROR, message=message, cause=cause)


def warning(part: str, message: str, *, cause: str = "") -> Finding:
    """Something that should be mended."""
    return Finding(part=part, verdict=Verdict.WARNING, message=message, cause=cause)


def good(part: str, message: str) -> Finding:
    """Something that is as it should be."""
    return Finding(part=part, verdict=Verdict.GOOD, message=message)


def once_a_cause(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first finding of each cause, and how many more are like it."""
    every = tuple(findings)
    count = Counter(one.cause for one in every if one.cause)
    told: set[str] = set()
    kept: list[Finding] = []
    for one in every:
        if one.cause and one.cause in told:
            continue
        told.add(one.cause)
        more = f" (and {count[one.cause] - 1} more like it)" if count[one.cause] > 1 else ""
        kept.append(replace(one, message=one.message + more))
    return tuple(kept)


def type_cause(url: str) -> str:
    """A server sends all files whose names end the same way with the same type."""
    return f"type of .{urlsplit(url).path.rpartition('.')[2]}"
