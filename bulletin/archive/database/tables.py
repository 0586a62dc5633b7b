"""Tables of the archive (SQLAlchemy Core); migrations/ has their history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from bulletin.archive.database.column_types import (
    AddressColumn,
    MomentColumn,
    NoteColumn,
    NotesColumn,
    TextColumn,
)
from bulletin.model import SlotState

metadata = MetaData(
    naming_convention={
        # Names for constraints, so that a later migration can drop them.
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _required(kind: Any, *names: str, **options: Any) -> list[Column[Any]]:
    return [Column(name, kind, nullable=False, **options) for name in names]


def _optional(kind: Any, *names: str) -> list[Column[Any]]:
    return [Column(name, kind) for name in names]


feeds = Table(
    "feeds",
    metadata,
    Column("url", AddressColumn, primary_key=True),
    *_required(TextColumn, "etag", "last_modified", "body_sha256"),
    *_required(Integer, "failures", "moved_polls"),
    *_required(AddressColumn, "moved_to"),
    *_optional(MomentColumn, "checked_at", "next_poll_at"),
)

articles = Table(
    "articles",
    metadata,
    Column("feed_url", AddressColumn, ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    *_required(TextColumn, "article_id", index=True),
    *_required(MomentColumn, "published"),
    *_required(JSON, "article"),
)

pages = Table(
    "pages",
    metadata,
    Column("link", AddressColumn, primary_key=True),
    *_required(TextColumn, "text"),
    *_required(NoteColumn, "reason"),
    *_required(TextColumn, "section", "page_type", server_default=""),
    *_required(MomentColumn, "fetched_at", index=True),
)

own_stories = Table(
    "own_stories",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("article_id", TextColumn, primary_key=True),
    *_required(MomentColumn, "published"),
    *_required(Integer, "is_breaking"),
    *_required(TextColumn, "category", "section"),
    *_required(JSON, "article"),
    *_optional(MomentColumn, "expires"),
)

kills = Table(
    "kills",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("entry", TextColumn, primary_key=True),
    *_required(MomentColumn, "added_at"),
    *_required(TextColumn, "note", server_default=""),
)

aired = Table(
    "aired",
    metadata,
    Column("id", Integer, primary_key=True),
    *_required(TextColumn, "station", "story_id", "title", "text"),
    *_required(TextColumn, "heard", server_default=""),
    *_required(JSON, "sentences", server_default="[]"),
    *_required(Integer, "times"),
    *_required(MomentColumn, "first_at", "last_at"),
    UniqueConstraint("station", "story_id"),
    Index(None, "station", "last_at"),
)

aired_articles = Table(
    "aired_articles",
    metadata,
    Column("aired_id", Integer, ForeignKey("aired.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", TextColumn, primary_key=True, index=True),
)

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Integer, primary_key=True),
    *_required(TextColumn, "station", "title", "engine", "voice"),
    *_required(MomentColumn, "at", "made_at"),
    *_required(Float, "duration_s", "planned_s"),
    *_required(JSON, "running_order", "dropped", "renditions", "went_to", "timings"),
    *_required(NotesColumn, "notes"),
    *_required(TextColumn, "level", server_default="fresh"),
    *_optional(MomentColumn, "withdrawn_at"),
    *_optional(Integer, "corrects_id"),
    UniqueConstraint("station", "made_at"),
    Index(None, "station", "at"),
)

tellings = Table(
    "tellings",
    metadata,
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    *_required(TextColumn, "station", "title", "words", "names"),
    *_required(MomentColumn, "at"),
    *_required(JSON, "sources"),
    Index(None, "station", "story_id"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    *_required(TextColumn, "station", "verdict"),
    *_required(MomentColumn, "began_at"),
    *_required(NoteColumn, "error"),
    *_required(JSON, "timings"),
    *_required(NotesColumn, "notes", "log"),
    *_optional(MomentColumn, "at"),
    *_optional(Integer, "bulletin_id"),
    Index(None, "station", "began_at"),
)

considered = Table(
    "considered",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    *_required(TextColumn, "station", "title", "section"),
    *_required(Integer, "place"),
    *_required(Float, "score"),
    *_required(NoteColumn, "verdict"),
    *_required(JSON, "reasons", "articles"),
    Index(None, "station", "story_id"),
)

left_out = Table(
    "left_out",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("article_id", TextColumn, primary_key=True),
    Column("reason", NoteColumn, primary_key=True),
    *_required(TextColumn, "title"),
    *_required(Integer, "times"),
    *_required(MomentColumn, "first_at", "last_at"),
    Index(None, "station", "last_at"),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", Integer, primary_key=True),
    *_required(TextColumn, "station", "guid", "title", "audio", "media_type", "description", "sha256"),
    *_required(MomentColumn, "published"),
    *_required(Integer, "bytes"),
    *_required(Float, "duration_s"),
    *_required(JSON, "files"),
    *_optional(MomentColumn, "due", "withdrawn_at"),
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="SET NULL")),
    UniqueConstraint("station", "guid"),
    Index(None, "station", "published"),
)

podcasts = Table(
    "podcasts",
    metadata,
    Column("station", TextColumn, primary_key=True),
    *_required(TextColumn, "guid", "feed_url"),
)

slots = Table(
    "slots",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("due", MomentColumn, primary_key=True),
    *_required(TextColumn, "state", default=SlotState.PLANNED),
    *_required(TextColumn, "level", "owner", default=""),
    *_required(Integer, "tries", default=0),
    *_required(NoteColumn, "note", default=""),
    *_required(TextColumn, "standby", server_default=""),
    *_optional(MomentColumn, "lease_until", "begun_at", "ready_at", "standby_at"),
    Index(None, "state", "due"),
)

speech = Table(
    "speech",
    metadata,
    Column("key", TextColumn, primary_key=True),
    *_required(TextColumn, "owner"),
    *_required(MomentColumn, "begun_at", index=True),
    *_optional(MomentColumn, "lease_until", "said_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    *_required(TextColumn, "station", "delivery", "guid", "action", "title", "state"),
    *_required(Integer, "tries", default=0),
    *_required(MomentColumn, "next_try_at", "created_at"),
    *_required(NoteColumn, "note", default=""),
    *_optional(MomentColumn, "due", "done_at"),
    UniqueConstraint("station", "delivery", "guid", "action"),
    Index(None, "station", "delivery", "state"),
)
