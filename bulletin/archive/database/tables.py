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
from sqlalchemy.types import TypeEngine

from bulletin.language.split_sentences import storable
from bulletin.model import SlotState
from bulletin.runtime.redact_secrets import hide


class TextColumn(TypeDecorator[str]):
    """Foreign text, without characters that a database refuses (NUL, lone surrogates)."""

    impl = Text
    cache_ok = True
    redact: Callable[[str], str] = staticmethod(str)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Sort by code points on a server, too, whatever its language: "C" is PostgreSQL's name of that order."""
        kind = Text(collation="C") if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

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


def define_table(name: str, *parts: SchemaItem) -> Table:
    return Table(name, metadata, *parts)


def define_columns(kind: Any, *names: str, nullable: bool = False, **options: Any) -> list[Column[Any]]:
    return [Column(name, kind, nullable=nullable, **options) for name in names]


feeds = define_table(
    "feeds",
    Column("url", AddressColumn, primary_key=True),
    *define_columns(TextColumn, "etag", "last_modified", "body_sha256"),
    *define_columns(Integer, "failures"),
    # unused columns, kept with their defaults because earlier versions read them
    *define_columns(Integer, "moved_polls", default=0),
    *define_columns(AddressColumn, "moved_to", default=""),
    *define_columns(MomentColumn, "checked_at", "next_poll_at", nullable=True),
)

articles = define_table(
    "articles",
    Column("feed_url", AddressColumn, ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    *define_columns(TextColumn, "article_id", index=True),
    *define_columns(MomentColumn, "published"),
    *define_columns(JSON, "article"),
)

pages = define_table(
    "pages",
    Column("link", AddressColumn, primary_key=True),
    *define_columns(TextColumn, "text"),
    *define_columns(NoteColumn, "reason"),
    *define_columns(TextColumn, "section", "page_type", server_default=""),
    *define_columns(MomentColumn, "fetched_at", index=True),
)

own_stories = define_table(
    "own_stories",
    *define_columns(TextColumn, "station", "article_id", primary_key=True),
    *define_columns(MomentColumn, "published"),
    *define_columns(Integer, "is_breaking"),
    *define_columns(TextColumn, "category", "section"),
    *define_columns(JSON, "article"),
    *define_columns(MomentColumn, "expires", nullable=True),
)

kills = define_table(
    "kills",
    *define_columns(TextColumn, "station", "entry", primary_key=True),
    *define_columns(MomentColumn, "added_at"),
    *define_columns(TextColumn, "note", server_default=""),
)

aired = define_table(
    "aired",
    Column("id", Integer, primary_key=True),
    *define_columns(TextColumn, "station", "story_id", "title", "text"),
    *define_columns(TextColumn, "heard", server_default=""),
    *define_columns(JSON, "sentences", server_default="[]"),
    *define_columns(Integer, "times"),
    *define_columns(MomentColumn, "first_at", "last_at"),
    UniqueConstraint("station", "story_id"),
    Index(None, "station", "last_at"),
)

aired_articles = define_table(
    "aired_articles",
    Column("aired_id", Integer, ForeignKey("aired.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", TextColumn, primary_key=True, index=True),
)

bulletins = define_table(
    "bulletins",
    Column("id", Integer, primary_key=True),
    *define_columns(TextColumn, "station", "title", "engine", "voice"),
    *define_columns(MomentColumn, "at", "made_at"),
    *define_columns(Float, "duration_s", "planned_s"),
    *define_columns(JSON, "running_order", "dropped", "renditions", "went_to", "timings"),
    *define_columns(NotesColumn, "notes"),
    *define_columns(TextColumn, "level", server_default="fresh"),
    *define_columns(MomentColumn, "withdrawn_at", nullable=True),
    *define_columns(Integer, "corrects_id", nullable=True),
    UniqueConstraint("station", "made_at"),
    Index(None, "station", "at"),
)

tellings = define_table(
    "tellings",
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    *define_columns(TextColumn, "station", "title", "words", "names"),
    *define_columns(MomentColumn, "at"),
    *define_columns(JSON, "sources"),
    Index(None, "station", "story_id"),
)

runs = define_table(
    "runs",
    Column("id", Integer, primary_key=True),
    *define_columns(TextColumn, "station", "verdict"),
    *define_columns(MomentColumn, "began_at"),
    *define_columns(NoteColumn, "error"),
    *define_columns(JSON, "timings"),
    *define_columns(NotesColumn, "notes", "log"),
    *define_columns(MomentColumn, "at", nullable=True),
    *define_columns(Integer, "bulletin_id", nullable=True),
    Index(None, "station", "began_at"),
)

considered = define_table(
    "considered",
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    *define_columns(TextColumn, "station", "title", "section"),
    *define_columns(Integer, "place"),
    *define_columns(Float, "score"),
    *define_columns(NoteColumn, "verdict"),
    *define_columns(JSON, "reasons", "articles"),
    Index(None, "station", "story_id"),
)

left_out = define_table(
    "left_out",
    *define_columns(TextColumn, "station", "article_id", primary_key=True),
    Column("reason", NoteColumn, primary_key=True),
    *define_columns(TextColumn, "title"),
    *define_columns(Integer, "times"),
    *define_columns(MomentColumn, "first_at", "last_at"),
    Index(None, "station", "last_at"),
)

episodes = define_table(
    "episodes",
    Column("id", Integer, primary_key=True),
    *define_columns(TextColumn, "station", "guid", "title", "audio", "media_type", "description", "sha256"),
    *define_columns(MomentColumn, "published"),
    *define_columns(Integer, "bytes"),
    *define_columns(Float, "duration_s"),
    *define_columns(JSON, "files"),
    *define_columns(MomentColumn, "due", "withdrawn_at", nullable=True),
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="SET NULL")),
    UniqueConstraint("station", "guid"),
    Index(None, "station", "published"),
)

podcasts = define_table(
    "podcasts",
    Column("station", TextColumn, primary_key=True),
    *define_columns(TextColumn, "guid", "feed_url"),
)

slots = define_table(
    "slots",
    Column("station", TextColumn, primary_key=True),
    Column("due", MomentColumn, primary_key=True),
    *define_columns(TextColumn, "state", default=SlotState.PLANNED),
    *define_columns(TextColumn, "level", "owner", default=""),
    *define_columns(Integer, "tries", default=0),
    *define_columns(NoteColumn, "note", default=""),
    *define_columns(TextColumn, "standby", server_default=""),
    *define_columns(MomentColumn, "lease_until", "begun_at", "ready_at", "standby_at", nullable=True),
    Index(None, "state", "due"),
)

speech = define_table(
    "speech",
    Column("key", TextColumn, primary_key=True),
    *define_columns(TextColumn, "owner"),
    *define_columns(MomentColumn, "begun_at", index=True),
    *define_columns(MomentColumn, "lease_until", "said_at", nullable=True),
)

outbox = define_table(
    "outbox",
    Column("id", Integer, primary_key=True),
    *define_columns(TextColumn, "station", "delivery", "guid", "action", "title", "state"),
    *define_columns(Integer, "tries", default=0),
    *define_columns(MomentColumn, "next_try_at", "created_at"),
    *define_columns(NoteColumn, "note", default=""),
    *define_columns(MomentColumn, "due", "done_at", nullable=True),
    UniqueConstraint("station", "delivery", "guid", "action"),
    Index(None, "station", "delivery", "state"),
)
