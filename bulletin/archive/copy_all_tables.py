"""Archive -> all its rows in an empty archive, also from a file to a server or back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Table,
    Text,
    bindparam,
    cast,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from bulletin.archive.archive import Archive
from bulletin.archive.database import group_tables, tables
from bulletin.archive.database.schema import TABLES
from bulletin.errors import ArchiveError

_AT_ONCE = 500
"""Rows in memory at a time."""

OWN_OF_A_DATABASE = (group_tables.group_meta,)
"""Tables that describe the database itself: its group, its oldest program."""
OF_THE_MOMENT = (
    *(group_tables.work, group_tables.work_needs, group_tables.group_workers, group_tables.rate_limits),
    group_tables.objects_in_deletion,
    tables.speech,
)
"""Leases and pieces of work of processes that are gone when a backup is restored; planners plan anew from the slots."""


def copy_all_rows(source: Archive, target: Archive, *, with_moment: bool) -> Mapping[str, int]:
    """
    Copy every row, as it is stored, in one transaction; return table -> rows.

    The rows are those of one moment, while others write to `source`. Without `with_moment` the tables
    OF_THE_MOMENT stay empty. Raises ArchiveError, also for a target that has rows already: nothing was copied.
    """
    left_out = (*OWN_OF_A_DATABASE, *(() if with_moment else OF_THE_MOMENT))
    copied: dict[str, int] = {}
    with ExitStack() as stack:
        old = stack.enter_context(source.reading())
        new = stack.enter_context(target.in_one_transaction(lock="copy"))
        stack.enter_context(_unhurried(old))
        stack.enter_context(_unhurried(new))
        _refuse_rows(new, target)
        for table in TABLES.sorted_tables:
            if table not in left_out and (count := _copy(old, new, table)):
                copied[table.name] = count
                _set_next_id(new, table)
    return copied


def _refuse_rows(connection: Connection, target: Archive) -> None:
    for table in TABLES.sorted_tables:
        is_lasting = table not in (*OWN_OF_A_DATABASE, *OF_THE_MOMENT)
        if is_lasting and connection.execute(select(table).limit(1)).first():
            raise ArchiveError(
                f"{target.label}: has rows already (table {table.name}); restore into an empty database"
            )


def _copy(old: Connection, new: Connection, table: Table) -> int:
    put = insert(table).values({column.name: _put(column, new) for column in table.columns})
    query = select(*(_get(column) for column in table.columns)).order_by(*table.primary_key)
    count = 0
    for rows in _batches(old, query):
        new.execute(put, rows)
        count += len(rows)
    return count


def _batches(connection: Connection, query: Any) -> Iterator[list[dict[str, Any]]]:
    result = connection.execution_options(yield_per=_AT_ONCE).execute(query)
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


def _get(column: Column[Any]) -> ColumnElement[Any]:
    """The value as it is stored: JSON as its text."""
    kind = _stored_type(column)
    value = cast(column, Text) if isinstance(kind, JSON) else type_coerce(column, kind)
    return value.label(column.name)


def _put(column: Column[Any], connection: Connection) -> ColumnElement[Any]:
    kind = _stored_type(column)
    if not isinstance(kind, JSON):
        return bindparam(column.name, type_=kind)
    value = bindparam(column.name, type_=Text())
    return cast(value, JSON) if connection.dialect.name == "postgresql" else value  # SQLite stores text


def _stored_type(column: Column[Any]) -> TypeEngine[Any]:
    kind = column.type
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _set_next_id(connection: Connection, table: Table) -> None:
    """Let a server number new rows after those that were copied; a file does so by itself."""
    (key, *others) = table.primary_key
    if connection.dialect.name == "postgresql" and not others and isinstance(key.type, Integer):
        sequence = f"pg_get_serial_sequence('{table.name}', '{key.name}')"
        connection.execute(text(f"SELECT setval({sequence}, (SELECT max({key.name}) FROM {table.name}))"))


@contextmanager
def _unhurried(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        from bulletin.archive.database.postgres_engine import without_limit

        with without_limit(connection):
            yield
    else:
        yield
