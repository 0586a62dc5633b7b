"""What aired by story and source, each run and what it weighed, corrections, levels."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TIME = sa.DateTime(timezone=True)


def _needed(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    op.add_column("kills", _needed("note", sa.Text, server_default=""))
    op.add_column("bulletins", _needed("level", sa.Text, server_default="fresh"))
    op.add_column("bulletins", sa.Column("withdrawn_at", _TIME))
    op.add_column("bulletins", sa.Column("corrects_id", sa.Integer))
    op.create_index("ix_bulletins_station_at", "bulletins", ["station", "at"])
    _make_tellings()
    _make_runs()
    _tell_what_aired_before()


def _make_tellings() -> None:
    op.create_table(
        "tellings",
        _needed("bulletin_id", sa.Integer),
        _needed("story_id", sa.Text),
        _needed("station", sa.Text),
        _needed("at", _TIME),
        _needed("title", sa.Text),
        _needed("words", sa.Text),
        _needed("names", sa.Text),
        _needed("sources", sa.JSON),
        sa.PrimaryKeyConstraint("bulletin_id", "story_id", name="pk_tellings"),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], ondelete="CASCADE", name="fk_tellings_bulletin_id_bulletins"
        ),
    )
    op.create_index("ix_tellings_station_story_id", "tellings", ["station", "story_id"])


def _make_runs() -> None:
    op.create_table(
        "runs",
        _needed("id", sa.Integer),
        _needed("station", sa.Text),
        _needed("began_at", _TIME),
        sa.Column("at", _TIME),
        _needed("verdict", sa.Text),
        _needed("error", sa.Text),
        sa.Column("bulletin_id", sa.Integer),
        _needed("timings", sa.JSON),
        _needed("notes", sa.JSON),
        _needed("log", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_station_began_at", "runs", ["station", "began_at"])
    op.create_table(
        "considered",
        _needed("run_id", sa.Integer),
        _needed("story_id", sa.Text),
        _needed("station", sa.Text),
        _needed("title", sa.Text),
        _needed("section", sa.Text),
        _needed("place", sa.Integer),
        _needed("score", sa.Float),
        _needed("verdict", sa.Text),
        _needed("reasons", sa.JSON),
        _needed("articles", sa.JSON),
        sa.PrimaryKeyConstraint("run_id", "story_id", name="pk_considered"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], ondelete="CASCADE", name="fk_considered_run_id_runs"
        ),
    )
    op.create_index("ix_considered_station_story_id", "considered", ["station", "story_id"])
    op.create_table(
        "left_out",
        _needed("station", sa.Text),
        _needed("article_id", sa.Text),
        _needed("reason", sa.Text),
        _needed("title", sa.Text),
        _needed("times", sa.Integer),
        _needed("first_at", _TIME),
        _needed("last_at", _TIME),
        sa.PrimaryKeyConstraint("station", "article_id", "reason", name="pk_left_out"),
    )
    op.create_index("ix_left_out_station_last_at", "left_out", ["station", "last_at"])


def _tell_what_aired_before() -> None:
    """The bulletins of before, so that they are found by story and source too."""
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
