"""The archive's first form: feeds, articles, pages, own stories, what aired, bulletins, episodes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    _make_feeds()
    _make_own_stories()
    _make_aired()
    _make_bulletins()
    _make_episodes()


def _make_feeds() -> None:
    op.create_table(
        "feeds",
        _needed("url", sa.Text),
        _needed("etag", sa.Text),
        _needed("last_modified", sa.Text),
        _needed("body_sha256", sa.Text),
        sa.Column("checked_at", _TIME),
        sa.Column("next_poll_at", _TIME),
        _needed("failures", sa.Integer),
        _needed("moved_to", sa.Text),
        _needed("moved_polls", sa.Integer),
        sa.PrimaryKeyConstraint("url", name="pk_feeds"),
    )
    op.create_table(
        "articles",
        _needed("feed_url", sa.Text),
        _needed("place", sa.Integer),
        _needed("article_id", sa.Text),
        _needed("published", _TIME),
        _needed("article", sa.JSON),
        sa.PrimaryKeyConstraint("feed_url", "place", name="pk_articles"),
        sa.ForeignKeyConstraint(
            ["feed_url"], ["feeds.url"], ondelete="CASCADE", name="fk_articles_feed_url_feeds"
        ),
    )
    op.create_index("ix_articles_article_id", "articles", ["article_id"])
    op.create_table(
        "pages",
        _needed("link", sa.Text),
        _needed("text", sa.Text),
        _needed("reason", sa.Text),
        _needed("fetched_at", _TIME),
        sa.PrimaryKeyConstraint("link", name="pk_pages"),
    )
    op.create_index("ix_pages_fetched_at", "pages", ["fetched_at"])


def _make_own_stories() -> None:
    op.create_table(
        "own_stories",
        _needed("station", sa.Text),
        _needed("article_id", sa.Text),
        _needed("published", _TIME),
        sa.Column("expires", _TIME),
        _needed("is_breaking", sa.Integer),
        _needed("category", sa.Text),
        _needed("section", sa.Text),
        _needed("article", sa.JSON),
        sa.PrimaryKeyConstraint("station", "article_id", name="pk_own_stories"),
    )


def _make_aired() -> None:
    op.create_table(
        "aired",
        _needed("id", sa.Integer),
        _needed("station", sa.Text),
        _needed("story_id", sa.Text),
        _needed("title", sa.Text),
        _needed("text", sa.Text),
        _needed("times", sa.Integer),
        _needed("first_at", _TIME),
        _needed("last_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_aired"),
        sa.UniqueConstraint("station", "story_id", name="uq_aired_station_story_id"),
    )
    op.create_index("ix_aired_station_last_at", "aired", ["station", "last_at"])
    op.create_table(
        "aired_articles",
        _needed("aired_id", sa.Integer),
        _needed("article_id", sa.Text),
        sa.PrimaryKeyConstraint("aired_id", "article_id", name="pk_aired_articles"),
        sa.ForeignKeyConstraint(
            ["aired_id"], ["aired.id"], ondelete="CASCADE", name="fk_aired_articles_aired_id_aired"
        ),
    )
    op.create_index("ix_aired_articles_article_id", "aired_articles", ["article_id"])


def _make_bulletins() -> None:
    op.create_table(
        "bulletins",
        _needed("id", sa.Integer),
        _needed("station", sa.Text),
        _needed("at", _TIME),
        _needed("title", sa.Text),
        _needed("engine", sa.Text),
        _needed("voice", sa.Text),
        _needed("made_at", _TIME),
        _needed("duration_s", sa.Float),
        _needed("planned_s", sa.Float),
        _needed("running_order", sa.JSON),
        _needed("dropped", sa.JSON),
        _needed("renditions", sa.JSON),
        _needed("went_to", sa.JSON),
        _needed("timings", sa.JSON),
        _needed("notes", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_bulletins"),
        sa.UniqueConstraint("station", "made_at", name="uq_bulletins_station_made_at"),
    )


def _make_episodes() -> None:
    op.create_table(
        "episodes",
        _needed("id", sa.Integer),
        _needed("station", sa.Text),
        _needed("guid", sa.Text),
        _needed("title", sa.Text),
        _needed("published", _TIME),
        sa.Column("due", _TIME),
        _needed("audio", sa.Text),
        _needed("media_type", sa.Text),
        _needed("bytes", sa.Integer),
        _needed("duration_s", sa.Float),
        _needed("description", sa.Text),
        _needed("sha256", sa.Text),
        _needed("files", sa.JSON),
        sa.Column("withdrawn_at", _TIME),
        sa.Column("bulletin_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_episodes"),
        sa.UniqueConstraint("station", "guid", name="uq_episodes_station_guid"),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], ondelete="SET NULL", name="fk_episodes_bulletin_id_bulletins"
        ),
    )
    op.create_index("ix_episodes_station_published", "episodes", ["station", "published"])
    op.create_table(
        "podcasts",
        _needed("station", sa.Text),
        _needed("guid", sa.Text),
        _needed("feed_url", sa.Text),
        sa.PrimaryKeyConstraint("station", name="pk_podcasts"),
    )
