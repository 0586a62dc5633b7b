"""A feed as its standard has it, already plain: what the worker hands back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, before it becomes an article. All words are plain text."""

    guid: str = ""
    link: str = ""
    """As written; may be relative, or no address at all."""
    title: str = ""
    summary: str = ""
    """Paragraphs parted by a blank line."""
    text: str = ""
    """The entry's full text where the feed carries one."""
    published: datetime | None = None
    """Aware, UTC; any year at all."""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One feed."""

    title: str = ""
    link: str = ""
    """Its website."""
    language: str = ""
    ttl_s: float = 0.0
    """How long it asks to be left alone; 0 when it says nothing."""
    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()
    """What had to be mended to read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an article page gave."""

    text: str = ""
    reason: str = ""
    """Why there is no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A feed that a page points to."""

    url: str
    title: str = ""
