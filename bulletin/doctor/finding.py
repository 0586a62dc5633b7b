"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    """ "feed", "episode", "artwork", "speaker", "clock"."""
    verdict: Verdict
    message: str
    """What was found, where, and what to do about it."""


def error(part: str, message: str) -> Finding:
    """Something that must be mended."""
    return Finding(part=part, verdict=Verdict.ERROR, message=message)


def warning(part: str, message: str) -> Finding:
    """Something that should be mended."""
    return Finding(part=part, verdict=Verdict.WARNING, message=message)


def good(part: str, message: str) -> Finding:
    """Something that is as it should be."""
    return Finding(part=part, verdict=Verdict.GOOD, message=message)
