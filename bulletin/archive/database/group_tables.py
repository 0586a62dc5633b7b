"""Tables of a group of stations on many machines: pieces of work, workers, published files, shared rate limits."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer

from bulletin.archive.database.newsroom_tables import metadata
from bulletin.archive.database.tables import (
    MomentColumn,
    NoteColumn,
    TextColumn,
    define_columns,
    define_table,
)

__all__ = ["metadata"]

STANDBY = ".standby/"
"""Beginning of the paths of the prepared stand-by, which is not public yet."""

work = define_table(
    "work",
    *define_columns(TextColumn, "kind", "key", primary_key=True),
    *define_columns(TextColumn, "state", server_default="waiting"),
    *define_columns(TextColumn, "station", "needs_voice", "owner", "result", server_default=""),
    Column("limit_key", TextColumn, nullable=False, server_default=""),
    # every claim raises the fence; a worker whose fence is older has lost the piece
    # `lost` counts claims without an end, one after the other: a piece may kill its process
    *define_columns(Integer, "fence", "attempts", "lost", server_default="0"),
    *define_columns(JSON, "payload", server_default="{}"),
    *define_columns(NoteColumn, "note", server_default=""),
    *define_columns(MomentColumn, "due", "made_at"),
    *define_columns(MomentColumn, "deadline", "lease_until", "sent_at", "done_at", "begun_at", nullable=True),
    Index(None, "state", "due"),
    Index(None, "done_at"),
    Index(None, "limit_key"),
)

work_needs = define_table(
    "work_needs",
    *define_columns(TextColumn, "kind", "key", "needs_kind", "needs_key", primary_key=True),
    Index(None, "needs_kind", "needs_key"),
)

group_meta = define_table(
    "group_meta",
    Column("name", TextColumn, primary_key=True),
    *define_columns(TextColumn, "value", server_default=""),
)

group_workers = define_table(
    "group_workers",
    Column("name", TextColumn, primary_key=True),
    *define_columns(TextColumn, "machine", "version", "role", server_default=""),
    *define_columns(Integer, "pid", server_default="0"),
    *define_columns(MomentColumn, "began_at", "seen_at"),
    *define_columns(JSON, "abilities", server_default="[]"),
    *define_columns(NoteColumn, "note", server_default=""),
)

published_files = define_table(
    "published_files",
    *define_columns(TextColumn, "station", "path", primary_key=True),
    *define_columns(TextColumn, "sha256", "media_type"),
    *define_columns(BigInteger, "bytes"),
    *define_columns(MomentColumn, "changed_at"),
    Index(None, "sha256"),
)

# objects of the store whose deletion has begun: who publishes one waits until it is over, and stores it anew
objects_in_deletion = define_table(
    "objects_in_deletion",
    Column("sha256", TextColumn, primary_key=True),
    *define_columns(TextColumn, "owner"),
    *define_columns(MomentColumn, "begun_at"),
)

rate_limits = define_table(
    "rate_limits",
    Column("key", TextColumn, primary_key=True),
    *define_columns(MomentColumn, "free_at"),
)
