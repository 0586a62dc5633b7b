"""
Adds the tables, columns and indexes that an archive of any earlier revision lacks, and fills them.

Revisions 0001 to 0008 only added parts, so one step replaces them all. A revision that removes or renames a part
needs its own file.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, inspect

from bulletin.archive.database import tables
from bulletin.archive.database.rows_to_dataclasses import from_row, telling_rows
from bulletin.model import Passage

revision = "0008"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    schema = inspect(connection)
    present = {
        table: {column["name"] for column in schema.get_columns(table)} for table in schema.get_table_names()
    }
    tables.metadata.create_all(connection)
    for table in tables.metadata.sorted_tables:
        for column in table.columns:
            if column.name in present.get(table.name, {column.name}):
                continue
            if not (column.nullable or column.server_default):
                raise ValueError(f"the archive has no column {table.name}.{column.name}")
            op.add_column(table.name, column)
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    if "tellings" not in present:
        _fill_tellings(connection)
    if "section" not in present.get("pages", {"section"}):
        # read once more, with the section: earlier revisions could not read them
        connection.execute(tables.pages.delete().where(tables.pages.c.text == ""))


def _fill_tellings(connection: Connection) -> None:
    """Fill tellings from the bulletins made before revision 0005."""
    for bulletin in connection.execute(tables.bulletins.select()).all():
        aired = [from_row(Passage, passage) for passage in bulletin.running_order]
        if rows := telling_rows(bulletin.id, bulletin.station, bulletin.at, aired):
            connection.execute(tables.tellings.insert(), rows)
