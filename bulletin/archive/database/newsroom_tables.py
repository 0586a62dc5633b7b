"""Tables of the newsroom: editors' edits, users, sessions, tokens, audit, requests to the service, respelled names."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, UniqueConstraint

from bulletin.archive.database.tables import (
    AddressColumn,
    MomentColumn,
    NoteColumn,
    TextColumn,
    define_columns,
    define_table,
    metadata,
)

__all__ = ["metadata"]

editor_edits = define_table(
    "editor_edits",
    Column("id", Integer, primary_key=True, autoincrement=True),
    *define_columns(TextColumn, "station", "action", "story_id", "editor", "key"),
    *define_columns(TextColumn, "story_title", "text", "replaced", server_default=""),
    *define_columns(MomentColumn, "due", nullable=True),
    *define_columns(MomentColumn, "made_at"),
    *define_columns(JSON, "article_ids", "sources", server_default="[]"),
    *define_columns(JSON, "details", server_default="{}"),
    *define_columns(Integer, "position", "undoes", nullable=True),
    Column("approved", JSON(none_as_null=True)),
    UniqueConstraint("station", "key"),
    Index(None, "station", "due"),
    Index(None, "station", "story_id"),
)

newsroom_users = define_table(
    "newsroom_users",
    Column("name", TextColumn, primary_key=True),
    *define_columns(TextColumn, "password_hash"),
    *define_columns(JSON, "roles", server_default="{}"),
    *define_columns(MomentColumn, "added_at", "changed_at"),
)

newsroom_sessions = define_table(
    "newsroom_sessions",
    Column("token_sha256", TextColumn, primary_key=True),
    Column(
        "user", TextColumn, ForeignKey("newsroom_users.name", ondelete="CASCADE"), nullable=False, index=True
    ),
    *define_columns(TextColumn, "kind", "label", "role", server_default=""),
    *define_columns(MomentColumn, "began_at", "seen_at"),
    *define_columns(MomentColumn, "expires_at", nullable=True),
)

newsroom_audit = define_table(
    "newsroom_audit",
    Column("id", Integer, primary_key=True),
    *define_columns(TextColumn, "station", "user", "action", "address", server_default=""),
    *define_columns(NoteColumn, "note", server_default=""),
    *define_columns(MomentColumn, "at"),
    Index(None, "station", "at"),
)

newsroom_requests = define_table(
    "newsroom_requests",
    Column("id", Integer, primary_key=True, autoincrement=True),
    *define_columns(TextColumn, "station", "kind", "asked_by", "key"),
    *define_columns(TextColumn, "state", "owner", "stage", server_default=""),
    *define_columns(JSON, "details", "result", server_default="{}"),
    *define_columns(JSON, "stages", "tried_at", server_default="[]"),
    *define_columns(NoteColumn, "step", "note", server_default=""),
    *define_columns(MomentColumn, "asked_at", "expires_at"),
    *define_columns(MomentColumn, "lease_until", "done_at", nullable=True),
    UniqueConstraint("station", "key"),
    Index(None, "state", "asked_at"),
    Index(None, "station", "done_at"),
)

respelled_names = define_table(
    "respelled_names",
    *define_columns(TextColumn, "station", "name", primary_key=True),
    *define_columns(TextColumn, "respelling", "editor"),
    *define_columns(MomentColumn, "saved_at"),
    *define_columns(MomentColumn, "removed_at", nullable=True),
)

feed_answers = define_table(
    "feed_answers",
    *define_columns(TextColumn, "station", "feed", primary_key=True),
    Column("at", MomentColumn, primary_key=True),
    *define_columns(AddressColumn, "url", server_default=""),
    *define_columns(TextColumn, "state"),
    *define_columns(Integer, "articles"),
    *define_columns(NoteColumn, "reason", server_default=""),
    Index(None, "station", "at"),
)

newsroom_api_keys = define_table(
    "newsroom_api_keys",
    *define_columns(TextColumn, "station", "key", primary_key=True),
    *define_columns(TextColumn, "fingerprint"),
    Column("used_at", MomentColumn, nullable=False, index=True),
)
