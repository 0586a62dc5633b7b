"""The archive's tables, as SQLAlchemy Core sees them; migrations/ holds how they came to be."""

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

from bulletin.archive.database.column_types import Address, Moment, Note, Notes, Words

metadata = MetaData(
    naming_convention={
        # Named constraints, so that a later migration can name what it drops.
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
    Column("url", Address, primary_key=True),
    _needed("etag", Words),
    _needed("last_modified", Words),
    _needed("body_sha256", Words),
    Column("checked_at", Moment),
    Column("next_poll_at", Moment),
    _needed("failures", Integer),
    _needed("moved_to", Address),
    _needed("moved_polls", Integer),
)

articles = Table(
    "articles",
    metadata,
    Column("feed_url", Address, ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _needed("article_id", Words, index=True),
    _needed("published", Moment),
    _needed("article", JSON),
)

pages = Table(
    "pages",
    metadata,
    Column("link", Address, primary_key=True),
    _needed("text", Words),
    _needed("reason", Note),
    _needed("section", Words, server_default=""),
    _needed("page_type", Words, server_default=""),
    _needed("fetched_at", Moment, index=True),
)

own_stories = Table(
    "own_stories",
    metadata,
    Column("station", Words, primary_key=True),
    Column("article_id", Words, primary_key=True),
    _needed("published", Moment),
    Column("expires", Moment),
    _needed("is_breaking", Integer),
    _needed("category", Words),
    _needed("section", Words),
    _needed("article", JSON),
)

kills = Table(
    "kills",
    metadata,
    Column("station", Words, primary_key=True),
    Column("entry", Words, primary_key=True),
    _needed("added_at", Moment),
    _needed("note", Words, server_default=""),
)

aired = Table(
    "aired",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", Words),
    _needed("story_id", Words),
    _needed("title", Words),
    _needed("text", Words),
    _needed("heard", Words, server_default=""),
    _needed("sentences", JSON, server_default="[]"),
    _needed("times", Integer),
    _needed("first_at", Moment),
    _needed("last_at", Moment),
    UniqueConstraint("station", "story_id"),
    Index(None, "station", "last_at"),
)

aired_articles = Table(
    "aired_articles",
    metadata,
    Column("aired_id", Integer, ForeignKey("aired.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Words, primary_key=True, index=True),
)

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", Words),
    _needed("at", Moment),
    _needed("title", Words),
    _needed("engine", Words),
    _needed("voice", Words),
    _needed("made_at", Moment),
    _needed("duration_s", Float),
    _needed("planned_s", Float),
    _needed("running_order", JSON),
    _needed("dropped", JSON),
    _needed("renditions", JSON),
    _needed("went_to", JSON),
    _needed("timings", JSON),
    _needed("notes", Notes),
    _needed("level", Words, server_default="fresh"),
    Column("withdrawn_at", Moment),
    Column("corrects_id", Integer),
    UniqueConstraint("station", "made_at"),
    Index(None, "station", "at"),
)

tellings = Table(
    "tellings",
    metadata,
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Words, primary_key=True),
    _needed("station", Words),
    _needed("at", Moment),
    _needed("title", Words),
    _needed("words", Words),
    _needed("names", Words),
    _needed("sources", JSON),
    Index(None, "station", "story_id"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", Words),
    _needed("began_at", Moment),
    Column("at", Moment),
    _needed("verdict", Words),
    _needed("error", Note),
    Column("bulletin_id", Integer),
    _needed("timings", JSON),
    _needed("notes", Notes),
    _needed("log", Notes),
    Index(None, "station", "began_at"),
)

considered = Table(
    "considered",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Words, primary_key=True),
    _needed("station", Words),
    _needed("title", Words),
    _needed("section", Words),
    _needed("place", Integer),
    _needed("score", Float),
    _needed("verdict", Note),
    _needed("reasons", JSON),
    _needed("articles", JSON),
    Index(None, "station", "story_id"),
)

left_out = Table(
    "left_out",
    metadata,
    Column("station", Words, primary_key=True),
    Column("article_id", Words, primary_key=True),
    Column("reason", Note, primary_key=True),
    _needed("title", Words),
    _needed("times", Integer),
    _needed("first_at", Moment),
    _needed("last_at", Moment),
    Index(None, "station", "last_at"),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", Words),
    _needed("guid", Words),
    _needed("title", Words),
    _needed("published", Moment),
    Column("due", Moment),
    _needed("audio", Words),
    _needed("media_type", Words),
    _needed("bytes", Integer),
    _needed("duration_s", Float),
    _needed("description", Words),
    _needed("sha256", Words),
    _needed("files", JSON),
    Column("withdrawn_at", Moment),
    Column("bulletin_id", Integer, ForeignKey("bulletins.id", ondelete="SET NULL")),
    UniqueConstraint("station", "guid"),
    Index(None, "station", "published"),
)

podcasts = Table(
    "podcasts",
    metadata,
    Column("station", Words, primary_key=True),
    _needed("guid", Words),
    _needed("feed_url", Words),
)

slots = Table(
    "slots",
    metadata,
    Column("station", Words, primary_key=True),
    Column("due", Moment, primary_key=True),
    _needed("state", Words),
    _needed("level", Words),
    _needed("owner", Words),
    Column("lease_until", Moment),
    _needed("tries", Integer),
    Column("begun_at", Moment),
    Column("ready_at", Moment),
    _needed("note", Note),
    _needed("standby", Words, server_default=""),
    Column("standby_at", Moment),
    Index(None, "state", "due"),
)

speech = Table(
    "speech",
    metadata,
    Column("key", Words, primary_key=True),
    _needed("owner", Words),
    Column("lease_until", Moment),
    _needed("begun_at", Moment, index=True),
    Column("said_at", Moment),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("station", Words),
    _needed("delivery", Words),
    _needed("guid", Words),
    _needed("action", Words),
    _needed("title", Words),
    Column("due", Moment),
    _needed("state", Words),
    _needed("tries", Integer),
    _needed("next_try_at", Moment),
    _needed("note", Note),
    _needed("created_at", Moment),
    Column("done_at", Moment),
    UniqueConstraint("station", "delivery", "guid", "action"),
    Index(None, "station", "delivery", "state"),
)
