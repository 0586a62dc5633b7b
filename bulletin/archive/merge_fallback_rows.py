"""Rows of a fallback archive -> the archive that it replaced for a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, select, update

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.model import SlotState

_OPEN = (SlotState.PLANNED, SlotState.WORKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRows:
    """Rows that were new to the archive."""

    slots: int = 0
    bulletins: int = 0


def merge_rows_back(fallback: Archive, archive: Archive) -> MergedRows:
    """
    Copy slots, bulletins, aired stories and runs, in one transaction.

    Doing it twice changes nothing, so a crash in between loses no slot and repeats none.
    """
    with fallback.reading() as source, archive.writing() as target:
        bulletins = _merge_bulletins(source, target)
        _merge_aired(source, target)
        _merge_runs(source, target)
        return MergedRows(slots=_merge_slots(source, target), bulletins=bulletins)


def _merge_slots(source: Connection, target: Connection) -> int:
    table = tables.slots
    known = {(row["station"], row["due"]): row for row in target.execute(select(table)).mappings()}
    merged = 0
    for row in source.execute(select(table)).mappings():
        old = known.get((row["station"], row["due"]))
        if old is None:
            target.execute(insert(table).values(**row))
        elif _is_better(row, old):
            target.execute(
                update(table)
                .where(table.c.station == row["station"], table.c.due == row["due"])
                .values(**row)
            )
        else:
            continue
        merged += row["state"] not in _OPEN
    return merged


def _is_better(new: Mapping[Any, Any], old: Mapping[Any, Any]) -> bool:
    """Whether the new row of a slot replaces the old: done before missed before begun, a stand-by before none."""
    if old["state"] == SlotState.DONE:
        return False
    if new["state"] == SlotState.DONE:
        return True
    if old["state"] == SlotState.MISSED:
        return False
    has_begun = new["state"] != SlotState.PLANNED and old["state"] == SlotState.PLANNED
    return has_begun or bool(new["standby"] and not old["standby"])


def _merge_bulletins(source: Connection, target: Connection) -> int:
    """Copy new bulletins with their tellings; return how many."""
    new = _new_ids(source, target, tables.bulletins, tables.bulletins.c.made_at)
    for old_id in new:
        new_id = _copy(source, target, tables.bulletins, old_id, corrects_id=None)
        _copy_parts(source, target, tables.tellings.c.bulletin_id, old_id, new_id)
    return len(new)


def _merge_runs(source: Connection, target: Connection) -> None:
    table = tables.bulletins
    for old_id in _new_ids(source, target, tables.runs, tables.runs.c.began_at):
        station, began_at = source.execute(
            select(tables.runs.c.station, tables.runs.c.began_at).where(tables.runs.c.id == old_id)
        ).one()
        made = select(table.c.id).where(table.c.station == station, table.c.made_at == began_at)
        new_id = _copy(source, target, tables.runs, old_id, bulletin_id=target.execute(made).scalar())
        _copy_parts(source, target, tables.considered.c.run_id, old_id, new_id)


def _merge_aired(source: Connection, target: Connection) -> None:
    """Of a story in both archives, the row that aired last stays."""
    table, parts = tables.aired, tables.aired_articles
    known = {
        (row["station"], row["story_id"]): (row["id"], row["last_at"])
        for row in target.execute(select(table)).mappings()
    }
    for row in source.execute(select(table)).mappings():
        new_id, last_at = known.get((row["station"], row["story_id"]), (None, None))
        if last_at is not None and last_at >= row["last_at"]:
            continue
        if new_id is None:
            new_id = _copy(source, target, table, row["id"])
        else:
            values = {name: value for name, value in row.items() if name != "id"}
            target.execute(update(table).where(table.c.id == new_id).values(**values))
            target.execute(parts.delete().where(parts.c.aired_id == new_id))
        _copy_parts(source, target, parts.c.aired_id, row["id"], new_id)


def _new_ids(source: Connection, target: Connection, table: Table, moment: Column[Any]) -> list[int]:
    """Ids of rows whose station and moment are unknown to the target, oldest first."""
    known = {(station, at) for station, at in target.execute(select(table.c.station, moment))}
    rows = source.execute(select(table.c.id, table.c.station, moment).order_by(moment))
    return [id_ for id_, station, at in rows if (station, at) not in known]


def _copy(source: Connection, target: Connection, table: Table, row_id: int, **other: object) -> int:
    """Copy a row under a new id; return the id."""
    row = source.execute(select(table).where(table.c.id == row_id)).mappings().one()
    values = {name: value for name, value in row.items() if name != "id"} | other
    return int(target.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


def _copy_parts(source: Connection, target: Connection, owner: Column[Any], old_id: int, new_id: int) -> None:
    rows = source.execute(select(owner.table).where(owner == old_id)).mappings()
    values = [dict(row) | {owner.name: new_id} for row in rows]
    if values:
        target.execute(insert(owner.table), values)
