"""What was seen, aired and made: SQLite through SQLAlchemy Core."""
