"""History of the tables, one Alembic revision per file."""
