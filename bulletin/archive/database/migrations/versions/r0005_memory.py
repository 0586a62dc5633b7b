"""Adds tellings (bulletins by story and source), runs with their weighed stories, corrections and levels."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from bulletin.archive.database.migrations.column_helpers import TIME, needed

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("kills", needed("note", sa.Text, server_default=""))
    op.add_column("bulletins", needed("level", sa.Text, server_default="fresh"))
    op.add_column("bulletins", sa.Column("withdrawn_at", TIME))
    op.add_column("bulletins", sa.Column("corrects_id", sa.Integer))
    op.create_index("ix_bulletins_station_at", "bulletins", ["station", "at"])
    _make_tellings()
    _make_runs()
    _fill_tellings()


def _make_tellings() -> None:
    op.create_table(
        "tellings",
        needed("bulletin_id", sa.Integer),
        needed("story_id", sa.Text),
        needed("station", sa.Text),
        needed("at", TIME),
        needed("title", sa.Text),
        needed("words", sa.Text),
        needed("names", sa.Text),
        needed("sources", sa.JSON),
        sa.PrimaryKeyConstraint("bulletin_id", "story_id", name="pk_tellings"),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], ondelete="CASCADE", name="fk_tellings_bulletin_id_bulletins"
        ),
    )
    op.create_index("ix_tellings_station_story_id", "tellings", ["station", "story_id"])


def _make_runs() -> None:
    op.create_table(
        "runs",
        needed("id", sa.Integer),
        needed("station", sa.Text),
        needed("began_at", TIME),
        sa.Column("at", TIME),
        needed("verdict", sa.Text),
        needed("error", sa.Text),
        sa.Column("bulletin_id", sa.Integer),
        needed("timings", sa.JSON),
        needed("notes", sa.JSON),
        needed("log", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_station_began_at", "runs", ["station", "began_at"])
    op.create_table(
        "considered",
        needed("run_id", sa.Integer),
        needed("story_id", sa.Text),
        needed("station", sa.Text),
        needed("title", sa.Text),
        needed("section", sa.Text),
        needed("place", sa.Integer),
        needed("score", sa.Float),
        needed("verdict", sa.Text),
        needed("reasons", sa.JSON),
        needed("articles", sa.JSON),
        sa.PrimaryKeyConstraint("run_id", "story_id", name="pk_considered"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], ondelete="CASCADE", name="fk_considered_run_id_runs"
        ),
    )
    op.create_index("ix_considered_station_story_id", "considered", ["station", "story_id"])
    op.create_table(
        "left_out",
        needed("station", sa.Text),
        needed("article_id", sa.Text),
        needed("reason", sa.Text),
        needed("title", sa.Text),
        needed("times", sa.Integer),
        needed("first_at", TIME),
        needed("last_at", TIME),
        sa.PrimaryKeyConstraint("station", "article_id", "reason", name="pk_left_out"),
    )
    op.create_index("ix_left_out_station_last_at", "left_out", ["station", "last_at"])


def _fill_tellings() -> None:
    """Fill tellings from the bulletins made before this revision."""
    db = op.get_bind()
    for number, station, at, order in db.execute(
        sa.text("SELECT id, station, at, running_order FROM bulletins")
    ).all():
        stories = {p["story_id"]: p for p in json.loads(order) if p["role"] == "story" and p["story_id"]}
        for story_id, passage in stories.items():
            db.execute(_INSERT, _row(passage) | {"n": number, "id": story_id, "station": station, "at": at})


_INSERT = sa.text(
    "INSERT INTO tellings (bulletin_id, story_id, station, at, title, words, names, sources) "
    "VALUES (:n, :id, :station, :at, :title, :words, :names, :sources)"
)


def _row(passage: dict[str, Any]) -> dict[str, str]:
    origins = [origin for sentence in passage["sentences"] for origin in sentence["origins"]]
    sources = {
        origin["article_id"]: {
            "article_id": origin["article_id"],
            "feed": "",
            "credit": origin["credit"],
            "link": origin["link"],
        }
        for origin in origins
    }
    said = " ".join(sentence["text"] for sentence in passage["sentences"])
    names = [value for source in sources.values() for value in (source["credit"], source["link"]) if value]
    return {
        "title": passage["title"],
        "words": f"{passage['title']}\n{said}".casefold(),
        "names": "\n".join(names).casefold(),
        "sources": json.dumps(list(sources.values())),
    }
