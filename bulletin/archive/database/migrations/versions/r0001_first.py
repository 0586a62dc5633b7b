"""First revision: feeds, articles, pages, own stories, aired stories, bulletins, episodes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import TIME, needed

revision = "0001"
down_revision = None


def upgrade() -> None:
    _make_feeds()
    _make_own_stories()
    _make_aired()
    _make_bulletins()
    _make_episodes()


def _make_feeds() -> None:
    op.create_table(
        "feeds",
        needed("url", sa.Text),
        needed("etag", sa.Text),
        needed("last_modified", sa.Text),
        needed("body_sha256", sa.Text),
        sa.Column("checked_at", TIME),
        sa.Column("next_poll_at", TIME),
        needed("failures", sa.Integer),
        needed("moved_to", sa.Text),
        needed("moved_polls", sa.Integer),
        sa.PrimaryKeyConstraint("url", name="pk_feeds"),
    )
    op.create_table(
        "articles",
        needed("feed_url", sa.Text),
        needed("place", sa.Integer),
        needed("article_id", sa.Text),
        needed("published", TIME),
        needed("article", sa.JSON),
        sa.PrimaryKeyConstraint("feed_url", "place", name="pk_articles"),
        sa.ForeignKeyConstraint(
            ["feed_url"], ["feeds.url"], ondelete="CASCADE", name="fk_articles_feed_url_feeds"
        ),
    )
    op.create_index("ix_articles_article_id", "articles", ["article_id"])
    op.create_table(
        "pages",
        needed("link", sa.Text),
        needed("text", sa.Text),
        needed("reason", sa.Text),
        needed("fetched_at", TIME),
        sa.PrimaryKeyConstraint("link", name="pk_pages"),
    )
    op.create_index("ix_pages_fetched_at", "pages", ["fetched_at"])


def _make_own_stories() -> None:
    op.create_table(
        "own_stories",
        needed("station", sa.Text),
        needed("article_id", sa.Text),
        needed("published", TIME),
        sa.Column("expires", TIME),
        needed("is_breaking", sa.Integer),
        needed("category", sa.Text),
        needed("section", sa.Text),
        needed("article", sa.JSON),
        sa.PrimaryKeyConstraint("station", "article_id", name="pk_own_stories"),
    )


def _make_aired() -> None:
    op.create_table(
        "aired",
        needed("id", sa.Integer),
        needed("station", sa.Text),
        needed("story_id", sa.Text),
        needed("title", sa.Text),
        needed("text", sa.Text),
        needed("times", sa.Integer),
        needed("first_at", TIME),
        needed("last_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_aired"),
        sa.UniqueConstraint("station", "story_id", name="uq_aired_station_story_id"),
    )
    op.create_index("ix_aired_station_last_at", "aired", ["station", "last_at"])
    op.create_table(
        "aired_articles",
        needed("aired_id", sa.Integer),
        needed("article_id", sa.Text),
        sa.PrimaryKeyConstraint("aired_id", "article_id", name="pk_aired_articles"),
        sa.ForeignKeyConstraint(
            ["aired_id"], ["aired.id"], ondelete="CASCADE", name="fk_aired_articles_aired_id_aired"
        ),
    )
    op.create_index("ix_aired_articles_article_id", "aired_articles", ["article_id"])


def _make_bulletins() -> None:
    op.create_table(
        "bulletins",
        needed("id", sa.Integer),
        needed("station", sa.Text),
        needed("at", TIME),
        needed("title", sa.Text),
        needed("engine", sa.Text),
        needed("voice", sa.Text),
        needed("made_at", TIME),
        needed("duration_s", sa.Float),
        needed("planned_s", sa.Float),
        needed("running_order", sa.JSON),
        needed("dropped", sa.JSON),
        needed("renditions", sa.JSON),
        needed("went_to", sa.JSON),
        needed("timings", sa.JSON),
        needed("notes", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_bulletins"),
        sa.UniqueConstraint("station", "made_at", name="uq_bulletins_station_made_at"),
    )


def _make_episodes() -> None:
    op.create_table(
        "episodes",
        needed("id", sa.Integer),
        needed("station", sa.Text),
        needed("guid", sa.Text),
        needed("title", sa.Text),
        needed("published", TIME),
        sa.Column("due", TIME),
        needed("audio", sa.Text),
        needed("media_type", sa.Text),
        needed("bytes", sa.Integer),
        needed("duration_s", sa.Float),
        needed("description", sa.Text),
        needed("sha256", sa.Text),
        needed("files", sa.JSON),
        sa.Column("withdrawn_at", TIME),
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
        needed("station", sa.Text),
        needed("guid", sa.Text),
        needed("feed_url", sa.Text),
        sa.PrimaryKeyConstraint("station", name="pk_podcasts"),
    )
