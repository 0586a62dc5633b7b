"""Alembic environment: migrates over the connection of archive/database/migrate.py."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
