"""The SQLite database of the archive: engine, tables, columns, migrations."""
