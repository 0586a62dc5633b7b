"""Rows of a fallback archive -> the archive that it replaced for a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Table, and_, or_, select
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.model import SlotState


def merge_rows_back(fallback: Archive, archive: Archive) -> None:
    """
    Copy slots, bulletins, aired stories and runs, in one transaction.

    Doing it twice changes nothing, so a crash in between loses no slot and repeats none.
    """
    with fallback.reading() as source, archive.writing() as target:
        _merge_bulletins(source, target)
        _merge_aired(source, target)
        _merge_runs(source, target)
        _merge_slots(source, target)


def _merge_slots(source: Connection, target: Connection) -> None:
    """
    Copy new slots, and those better than the archive's.

    Done goes before missed, missed before begun, a stand-by before none.
    """
    old, new = tables.slots.c, insert(tables.slots)
    has_begun = and_(new.excluded.state != SlotState.PLANNED, old.state == SlotState.PLANNED)
    has_standby = and_(new.excluded.standby != "", old.standby == "")
    is_better = and_(
        old.state != SlotState.DONE,
        or_(
            new.excluded.state == SlotState.DONE,
            and_(old.state != SlotState.MISSED, or_(has_begun, has_standby)),
        ),
    )
    key = ["station", "due"]
    put = new.on_conflict_do_update(index_elements=key, set_=dict(new.excluded.items()), where=is_better)
    for row in source.execute(select(tables.slots)).mappings():
        target.execute(put, dict(row))


def _merge_bulletins(source: Connection, target: Connection) -> None:
    for row in _new_rows(source, target, tables.bulletins, tables.bulletins.c.made_at):
        new_id = _copy(target, tables.bulletins, row, corrects_id=None)
        _copy_parts(source, target, tables.tellings.c.bulletin_id, row["id"], new_id)


def _merge_runs(source: Connection, target: Connection) -> None:
    made = tables.bulletins.c
    for row in _new_rows(source, target, tables.runs, tables.runs.c.began_at):
        bulletin = select(made.id).where(made.station == row["station"], made.made_at == row["began_at"])
        new_id = _copy(target, tables.runs, row, bulletin_id=target.execute(bulletin).scalar())
        _copy_parts(source, target, tables.considered.c.run_id, row["id"], new_id)


def _merge_aired(source: Connection, target: Connection) -> None:
    """Of a story in both archives, the row that aired last stays."""
    table, parts = tables.aired, tables.aired_articles
    for row in source.execute(select(table)).mappings():
        values = {name: value for name, value in row.items() if name != "id"}
        put = insert(table).on_conflict_do_update(
            index_elements=["station", "story_id"], set_=values, where=table.c.last_at < row["last_at"]
        )
        new_id = target.execute(put.values(values).returning(table.c.id)).scalar()
        if new_id is not None:
            target.execute(parts.delete().where(parts.c.aired_id == new_id))
            _copy_parts(source, target, parts.c.aired_id, row["id"], new_id)


def _new_rows(source: Connection, target: Connection, table: Table, moment: Column[Any]) -> list[RowMapping]:
    """Rows whose station and moment are unknown to the target, oldest first."""
    known = {(station, at) for station, at in target.execute(select(table.c.station, moment))}
    rows = source.execute(select(table).order_by(moment)).mappings()
    return [row for row in rows if (row["station"], row[moment.name]) not in known]


def _copy(target: Connection, table: Table, row: RowMapping, **other: object) -> int:
    """Copy a row under a new id; return the id."""
    values = {name: value for name, value in row.items() if name != "id"} | other
    return int(target.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def _copy_parts(source: Connection, target: Connection, owner: Column[Any], old_id: int, new_id: int) -> None:
    rows = source.execute(select(owner.table).where(owner == old_id)).mappings()
    values = [dict(row) | {owner.name: new_id} for row in rows]
    if values:
        target.execute(insert(owner.table), values)
