"""Archive: feeds seen, stories aired, bulletins made, and ledgers (SQLite through SQLAlchemy Core)."""
