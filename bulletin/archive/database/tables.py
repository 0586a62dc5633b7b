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

metadata = MetaData(
    naming_convention={
        # Names for constraints, so that a later migration can drop them.
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _needed(name: str, kind: Any, **more: Any) -> Column[Any]:
    return Column(name, kind, nullable=False, **more)


feeds = Table(
    "feeds",
    metadata,
    Column("url", AddressColumn, primary_key=True),
    _needed("etag", TextColumn),
    _needed("last_modified", TextColumn),
    _needed("body_sha256", TextColumn),
    Column("checked_at", MomentColumn),
    Column("next_poll_at", MomentColumn),
    _needed("failures", Integer),
    _needed("moved_to", AddressColumn),
    _needed("moved_polls", Integer),
)

articles = Table(
    "articles",
    metadata,
    Column("feed_url", AddressColumn, ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _needed("article_id", TextColumn, index=True),
    _needed("published", MomentColumn),
    _needed("article", JSON),
)

pages = Table(
    "pages",
    metadata,
    Column("link", AddressColumn, primary_key=True),
    _needed("text", TextColumn),
    _needed("reason", NoteColumn),
    _needed("section", TextColumn, server_default=""),
    _needed("page_type", TextColumn, server_default=""),
    _needed("fetched_at", MomentColumn, index=True),
)

own_stories = Table(
    "own_stories",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("article_id", TextColumn, primary_key=True),
    _needed("published", MomentColumn),
    Column("expires", MomentColumn),
    _needed("is_breaking", Integer),
    _needed("category", TextColumn),
    _needed("section", TextColumn),
    _needed("article", JSON),
)

kills = Table(
    "kills",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("entry", TextColumn, primary_key=True),
    _needed("added_at", MomentColumn),
    _needed("note", TextColumn, server_default=""),
)

aired = Table(
    "aired",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", TextColumn),
    _needed("story_id", TextColumn),
    _needed("title", TextColumn),
    _needed("text", TextColumn),
    _needed("heard", TextColumn, server_default=""),
    _needed("sentences", JSON, server_default="[]"),
    _needed("times", Integer),
    _needed("first_at", MomentColumn),
    _needed("last_at", MomentColumn),
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
    _needed("station", TextColumn),
    _needed("at", MomentColumn),
    _needed("title", TextColumn),
    _needed("engine", TextColumn),
    _needed("voice", TextColumn),
    _needed("made_at", MomentColumn),
    _needed("duration_s", Float),
    _needed("planned_s", Float),
    _needed("running_order", JSON),
    _needed("dropped", JSON),
    _needed("renditions", JSON),
    _needed("went_to", JSON),
    _needed("timings", JSON),
    _needed("notes", NotesColumn),
    _needed("level", TextColumn, server_default="fresh"),
    Column("withdrawn_at", MomentColumn),
    Column("corrects_id", Integer),
    UniqueConstraint("station", "made_at"),
    Index(None, "station", "at"),
)

tellings = Table(
    "tellings",
    metadata,
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    _needed("station", TextColumn),
    _needed("at", MomentColumn),
    _needed("title", TextColumn),
    _needed("words", TextColumn),
    _needed("names", TextColumn),
    _needed("sources", JSON),
    Index(None, "station", "story_id"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", TextColumn),
    _needed("began_at", MomentColumn),
    Column("at", MomentColumn),
    _needed("verdict", TextColumn),
    _needed("error", NoteColumn),
    Column("bulletin_id", Integer),
    _needed("timings", JSON),
    _needed("notes", NotesColumn),
    _needed("log", NotesColumn),
    Index(None, "station", "began_at"),
)

considered = Table(
    "considered",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", TextColumn, primary_key=True),
    _needed("station", TextColumn),
    _needed("title", TextColumn),
    _needed("section", TextColumn),
    _needed("place", Integer),
    _needed("score", Float),
    _needed("verdict", NoteColumn),
    _needed("reasons", JSON),
    _needed("articles", JSON),
    Index(None, "station", "story_id"),
)

left_out = Table(
    "left_out",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("article_id", TextColumn, primary_key=True),
    Column("reason", NoteColumn, primary_key=True),
    _needed("title", TextColumn),
    _needed("times", Integer),
    _needed("first_at", MomentColumn),
    _needed("last_at", MomentColumn),
    Index(None, "station", "last_at"),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", TextColumn),
    _needed("guid", TextColumn),
    _needed("title", TextColumn),
    _needed("published", MomentColumn),
    Column("due", MomentColumn),
    _needed("audio", TextColumn),
    _needed("media_type", TextColumn),
    _needed("bytes", Integer),
    _needed("duration_s", Float),
    _needed("description", TextColumn),
    _needed("sha256", TextColumn),
    _needed("files", JSON),
    Column("withdrawn_at", MomentColumn),
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="SET NULL")),
    UniqueConstraint("station", "guid"),
    Index(None, "station", "published"),
)

podcasts = Table(
    "podcasts",
    metadata,
    Column("station", TextColumn, primary_key=True),
    _needed("guid", TextColumn),
    _needed("feed_url", TextColumn),
)

slots = Table(
    "slots",
    metadata,
    Column("station", TextColumn, primary_key=True),
    Column("due", MomentColumn, primary_key=True),
    _needed("state", TextColumn),
    _needed("level", TextColumn),
    _needed("owner", TextColumn),
    Column("lease_until", MomentColumn),
    _needed("tries", Integer),
    Column("begun_at", MomentColumn),
    Column("ready_at", MomentColumn),
    _needed("note", NoteColumn),
    _needed("standby", TextColumn, server_default=""),
    Column("standby_at", MomentColumn),
    Index(None, "state", "due"),
)

speech = Table(
    "speech",
    metadata,
    Column("key", TextColumn, primary_key=True),
    _needed("owner", TextColumn),
    Column("lease_until", MomentColumn),
    _needed("begun_at", MomentColumn, index=True),
    Column("said_at", MomentColumn),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", TextColumn),
    _needed("delivery", TextColumn),
    _needed("guid", TextColumn),
    _needed("action", TextColumn),
    _needed("title", TextColumn),
    Column("due", MomentColumn),
    _needed("state", TextColumn),
    _needed("tries", Integer),
    _needed("next_try_at", MomentColumn),
    _needed("note", NoteColumn),
    _needed("created_at", MomentColumn),
    Column("done_at", MomentColumn),
    UniqueConstraint("station", "delivery", "guid", "action"),
    Index(None, "station", "delivery", "state"),
)
