"""How the archive's tables came to be, revision by revision (Alembic)."""
