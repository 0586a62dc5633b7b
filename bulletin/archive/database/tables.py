"""Tables of the archive (SQLAlchemy Core), and their types of columns: foreign text, notes, moments in UTC."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from bulletin.language.split_sentences import storable
from bulletin.model import SlotState
from bulletin.runtime.redact_secrets import hide


class TextColumn(TypeDecorator[str]):
    """Foreign text, without characters that a database refuses (NUL, lone surrogates)."""

    impl = Text
    cache_ok = True
    redact: Callable[[str], str] = staticmethod(str)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(self.redact(value))


class NoteColumn(TextColumn):
    """Error, reason or note of a run, without secrets."""

    cache_ok = True
    redact = staticmethod(hide)


class AddressColumn(TextColumn):
    """Address as a key; one with secrets is stored without them and with a checksum."""

    cache_ok = True
    redact = staticmethod(hide.address)


class NotesColumn(TypeDecorator[Sequence[str]]):
    """Several notes, as JSON, without secrets."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Sequence[str] | None:
        return None if value is None else [hide(note) for note in value]


class MomentColumn(TypeDecorator[datetime]):
    """An aware datetime, in and out as UTC; SQLite keeps it without its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value and value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        # Names for constraints, so that a later migration can drop them.
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, metadata, *parts)


def _columns(kind: Any, *names: str, nullable: bool = False, **options: Any) -> list[Column[Any]]:
    return [Column(name, kind, nullable=nullable, **options) for name in names]


feeds = _table(
    "feeds",
    Column("url", AddressColumn, primary_key=True),
    *_columns(TextColumn, "etag", "last_modified", "body_sha256"),
    *_columns(Integer, "failures"),
    # unused columns, kept with their defaults because earlier versions read them
    *_columns(Integer, "moved_polls", default=0),
    *_columns(AddressColumn, "moved_to", default=""),
    *_columns(MomentColumn, "checked_at", "next_poll_at", nullable=True),
)

articles = _table(
    "articles",
    Column("feed_url", AddressColumn, ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    *_columns(TextColumn, "article_id", index=True),
    *_columns(MomentColumn, "published"),
    *_columns(JSON, "article"),
)

pages = _table(
    "pages",
    Column("link", AddressColumn, primary_key=True),
    *_columns(TextColumn, "text"),
    *_columns(NoteColumn, "reason"),
    *_columns(TextColumn, "section", "page_type", server_default=""),
    *_columns(MomentColumn, "fetched_at", index=True),
)

own_stories = _table(
    "own_stories",
    *_columns(TextColumn, "station", "article_id", primary_key=True),
    *_columns(MomentColumn, "published"),
    *_columns(Integer, "is_breaking"),
    *_columns(TextColumn, "category", "section"),
    *_columns(JSON, "article"),
    *_columns(MomentColumn, "expires", nullable=True),
)

kills = _table(
    "kills",
    *_columns(TextColumn, "station", "entry", primary_key=True),
    *_columns(MomentColumn, "added_at"),
    *_columns(TextColumn, "note", server_default=""),
)

aired = _table(
    "aired",
    Column("id", Integer, primary_key=True),
    *_columns(TextColumn, "station", "story_id", "title", "text"),
    *_columns(TextColumn, "heard", server_default=""),
    *_columns(JSON, "sentences", server_default="[]"),
    *_columns(Integer, "times"),
    *_columns(MomentColumn, "first_at", "last_at"),
    UniqueConstraint("station", "story_id"),
    Index(None, "station", "last_at"),
)

aired_articles = _table(
    "aired_articles",
    Column("aired_id", Integer, ForeignKey("aired.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", TextColumn, primary_key=True, index=True),
)

bulletins = _table(
    "bulletins",
    Column("id", Integer, primary_key=True),
    *_columns(TextColumn, "station", "title", "engine", "voice"),
    *_columns(MomentColumn, "at", "made_at"),
    *_columns(Float, "duration_s", "planned_s"),
    *_columns(JSON, "running_order", "dropped", "renditions", "went_to", "timings"),
    *_columns(NotesColumn, "notes"),
    *_columns(TextColumn, "level", server_default="fresh"),
    *_columns(MomentColumn, "withdrawn_at", nullable=True),
    *_columns(Integer, "corrects_id", nullable=True),
    UniqueConstraint("station", "made_at"),
    Index(None, "station", "at"),
)

tellings = _table(
    "tellings",
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    *_columns(TextColumn, "station", "title", "words", "names"),
    *_columns(MomentColumn, "at"),
    *_columns(JSON, "sources"),
    Index(None, "station", "story_id"),
)

runs = _table(
    "runs",
    Column("id", Integer, primary_key=True),
    *_columns(TextColumn, "station", "verdict"),
    *_columns(MomentColumn, "began_at"),
    *_columns(NoteColumn, "error"),
    *_columns(JSON, "timings"),
    *_columns(NotesColumn, "notes", "log"),
    *_columns(MomentColumn, "at", nullable=True),
    *_columns(Integer, "bulletin_id", nullable=True),
    Index(None, "station", "began_at"),
)

considered = _table(
    "considered",
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    *_columns(TextColumn, "station", "title", "section"),
    *_columns(Integer, "place"),
    *_columns(Float, "score"),
    *_columns(NoteColumn, "verdict"),
    *_columns(JSON, "reasons", "articles"),
    Index(None, "station", "story_id"),
)

left_out = _table(
    "left_out",
    *_columns(TextColumn, "station", "article_id", primary_key=True),
    Column("reason", NoteColumn, primary_key=True),
    *_columns(TextColumn, "title"),
    *_columns(Integer, "times"),
    *_columns(MomentColumn, "first_at", "last_at"),
    Index(None, "station", "last_at"),
)

episodes = _table(
    "episodes",
    Column("id", Integer, primary_key=True),
    *_columns(TextColumn, "station", "guid", "title", "audio", "media_type", "description", "sha256"),
    *_columns(MomentColumn, "published"),
    *_columns(Integer, "bytes"),
    *_columns(Float, "duration_s"),
    *_columns(JSON, "files"),
    *_columns(MomentColumn, "due", "withdrawn_at", nullable=True),
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="SET NULL")),
    UniqueConstraint("station", "guid"),
    Index(None, "station", "published"),
)

podcasts = _table(
    "podcasts",
    Column("station", TextColumn, primary_key=True),
    *_columns(TextColumn, "guid", "feed_url"),
)

slots = _table(
    "slots",
    Column("station", TextColumn, primary_key=True),
    Column("due", MomentColumn, primary_key=True),
    *_columns(TextColumn, "state", default=SlotState.PLANNED),
    *_columns(TextColumn, "level", "owner", default=""),
    *_columns(Integer, "tries", default=0),
    *_columns(NoteColumn, "note", default=""),
    *_columns(TextColumn, "standby", server_default=""),
    *_columns(MomentColumn, "lease_until", "begun_at", "ready_at", "standby_at", nullable=True),
    Index(None, "state", "due"),
)

speech = _table(
    "speech",
    Column("key", TextColumn, primary_key=True),
    *_columns(TextColumn, "owner"),
    *_columns(MomentColumn, "begun_at", index=True),
    *_columns(MomentColumn, "lease_until", "said_at", nullable=True),
)

outbox = _table(
    "outbox",
    Column("id", Integer, primary_key=True),
    *_columns(TextColumn, "station", "delivery", "guid", "action", "title", "state"),
    *_columns(Integer, "tries", default=0),
    *_columns(MomentColumn, "next_try_at", "created_at"),
    *_columns(NoteColumn, "note", default=""),
    *_columns(MomentColumn, "due", "done_at", nullable=True),
    UniqueConstraint("station", "delivery", "guid", "action"),
    Index(None, "station", "delivery", "state"),
)
