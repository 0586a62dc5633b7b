"""Models of the log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bulletin.newsroom_web.api.models.base import Answer, Body, Number
from bulletin.newsroom_web.api.models.bulletins import OriginItem


def _read_day(value: object) -> object:
    """A full date of RFC 3339: pydantic alone would take "0" for 1970."""
    if isinstance(value, str) and (len(value) != 10 or not value[:4].isdecimal()):
        raise ValueError('write the day as "2026-11-30"')
    return value


Day = Annotated[date | None, BeforeValidator(_read_day)]


class SearchQuery(Body):
    """Fields of a search; left out, they match everything."""

    words: str = Field(
        default="", max_length=200, description="Words of title or text, or the id of a story."
    )
    source: str = Field(default="", max_length=200, description="Part of the name or link of a source.")
    first: Day = Field(default=None, description="First day, on the station's clock.")
    last: Day = Field(default=None, description="Last day, included.")
    replaced: Literal["true", "false"] = Field(
        default="false", description="Also stand-bys that were replaced, and bulletins that were kept back."
    )


class LogQuery(SearchQuery):
    """A page of the log."""

    before: Number | None = Field(default=None, description="`older` of the page before.")


class ExportQuery(SearchQuery):
    """The as-run log as a file."""

    format: Literal["csv", "json", "txt"] = "csv"


class LoggedStoryItem(Answer):
    """A story of a bulletin."""

    id: str
    title: str
    sources: tuple[str, ...]
    at: datetime | None
    start_s: float | None
    editors: tuple[str, ...] = Field(description="Who reworded a sentence of it.")


class LoggedBulletinItem(Answer):
    """A bulletin in the log."""

    id: int
    at: datetime
    made_at: datetime
    title: str
    level: str
    is_fresh: bool
    is_correction: bool
    withdrawn_at: datetime | None
    duration_s: float
    voice: str
    outputs: tuple[str, ...]
    stories: tuple[LoggedStoryItem, ...]
    doubts: int = Field(description="Sentences that recognisers heard otherwise before it aired.")


class LogAnswer(Answer):
    """A page of the log, newest first."""

    bulletins: tuple[LoggedBulletinItem, ...]
    older: int | None = Field(description="Send it as `before` for the next page; null: this is the last.")


class LoggedSentenceItem(Answer):
    """A sentence that aired, with the sentences of the sources beside it."""

    text: str
    spoken: str
    editor: str = Field(description="Who wrote it; empty: the program, from its sources.")
    replaced: str
    origins: tuple[OriginItem, ...]
    doubts: tuple[str, ...] = Field(
        description="How recognisers heard it before it aired, where that differs."
    )


class LoggedPassageItem(Answer):
    """A passage that aired."""

    role: str
    story_id: str
    title: str
    start_s: float | None
    at: datetime | None
    sentences: tuple[LoggedSentenceItem, ...]


class LoggedBulletinDetails(Answer):
    """A bulletin in full."""

    bulletin: LoggedBulletinItem
    passages: tuple[LoggedPassageItem, ...]
    notes: tuple[str, ...]
    loudness_lufs: float | None
    corrected_by: int | None
    corrects: int | None


class AuditQuery(Body):
    """How many."""

    limit: int = Field(default=200, ge=1, le=1_000)


class AuditItem(Answer):
    """One change."""

    id: int
    at: datetime
    user: str
    action: str
    note: str
    address: str


class AuditAnswer(Answer):
    """The last changes at a station, newest first."""

    changes: tuple[AuditItem, ...]
