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


def merge_rows_back(source: Archive, target: Archive) -> MergedRows:
    """
    Copy slots, bulletins, aired stories and runs, in one transaction.

    Doing it twice changes nothing, so a crash in between loses no slot and repeats none.
    """
    with source.reading() as there, target.writing() as here:
        bulletins = _carry_bulletins(there, here)
        _carry_aired(there, here)
        _carry_runs(there, here)
        return MergedRows(slots=_carry_slots(there, here), bulletins=bulletins)


def _carry_slots(there: Connection, here: Connection) -> int:
    table = tables.slots
    known = {(row["station"], row["due"]): row for row in here.execute(select(table)).mappings()}
    carried = 0
    for row in there.execute(select(table)).mappings():
        old = known.get((row["station"], row["due"]))
        if old is None:
            here.execute(insert(table).values(**row))
        elif _is_better(row, old):
            here.execute(
                update(table)
                .where(table.c.station == row["station"], table.c.due == row["due"])
                .values(**row)
            )
        else:
            continue
        carried += row["state"] not in _OPEN
    return carried


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


def _carry_bulletins(there: Connection, here: Connection) -> int:
    """Copy new bulletins with their tellings; return how many."""
    new = _new_ids(there, here, tables.bulletins, tables.bulletins.c.made_at)
    for old_id in new:
        new_id = _copy(there, here, tables.bulletins, old_id, corrects_id=None)
        _copy_parts(there, here, tables.tellings.c.bulletin_id, old_id, new_id)
    return len(new)


def _carry_runs(there: Connection, here: Connection) -> None:
    table = tables.bulletins
    for old_id in _new_ids(there, here, tables.runs, tables.runs.c.began_at):
        station, began_at = there.execute(
            select(tables.runs.c.station, tables.runs.c.began_at).where(tables.runs.c.id == old_id)
        ).one()
        made = select(table.c.id).where(table.c.station == station, table.c.made_at == began_at)
        new_id = _copy(there, here, tables.runs, old_id, bulletin_id=here.execute(made).scalar())
        _copy_parts(there, here, tables.considered.c.run_id, old_id, new_id)


def _carry_aired(there: Connection, here: Connection) -> None:
    """Of a story in both archives, the row that aired last stays."""
    table, parts = tables.aired, tables.aired_articles
    known = {
        (row["station"], row["story_id"]): (row["id"], row["last_at"])
        for row in here.execute(select(table)).mappings()
    }
    for row in there.execute(select(table)).mappings():
        new_id, last_at = known.get((row["station"], row["story_id"]), (None, None))
        if last_at is not None and last_at >= row["last_at"]:
            continue
        if new_id is None:
            new_id = _copy(there, here, table, row["id"])
        else:
            values = {name: value for name, value in row.items() if name != "id"}
            here.execute(update(table).where(table.c.id == new_id).values(**values))
            here.execute(parts.delete().where(parts.c.aired_id == new_id))
        _copy_parts(there, here, parts.c.aired_id, row["id"], new_id)


def _new_ids(there: Connection, here: Connection, table: Table, moment: Column[Any]) -> list[int]:
    """Ids of rows whose station and moment are unknown here, oldest first."""
    known = {(station, at) for station, at in here.execute(select(table.c.station, moment))}
    rows = there.execute(select(table.c.id, table.c.station, moment).order_by(moment))
    return [id_ for id_, station, at in rows if (station, at) not in known]


def _copy(there: Connection, here: Connection, table: Table, row_id: int, **other: object) -> int:
    """Copy a row under a new id; return the id."""
    row = there.execute(select(table).where(table.c.id == row_id)).mappings().one()
    values = {name: value for name, value in row.items() if name != "id"} | other
    return int(here.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


def _copy_parts(there: Connection, here: Connection, owner: Column[Any], old_id: int, new_id: int) -> None:
    rows = there.execute(select(owner.table).where(owner == old_id)).mappings()
    values = [dict(row) | {owner.name: new_id} for row in rows]
    if values:
        here.execute(insert(owner.table), values)
