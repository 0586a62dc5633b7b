"""Alembic environment: migrates over the connection of archive/database/migrate.py."""

from __future__ import annotations

from alembic import context

from bulletin.archive.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by making a new one
)
with context.begin_transaction():
    context.run_migrations()
