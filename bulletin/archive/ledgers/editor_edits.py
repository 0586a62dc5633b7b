"""
Ledger of edits: what editors decided, for the pipeline and the newsroom.

Records are only added; an undo is a record, too. A request has a key, so that one sent twice is recorded once.
A reworded sentence is compared with its latest version in the same transaction: of two editors who change it at
the same time, the second gets a conflict with both texts, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select

from bulletin.archive.database import tables
from bulletin.archive.database.newsroom_tables import editor_edits
from bulletin.archive.database.rows_to_dataclasses import from_row
from bulletin.archive.ledgers.newsroom_audit import add_change
from bulletin.archive.lock_names import edits_of
from bulletin.archive.retry_after_archive_repair import Ledger
from bulletin.errors import NewsroomError, UnknownRecordError
from bulletin.model import Edit, EditAction, EditConflictError, SlotState

_T = editor_edits.c
_COLUMNS = tuple(_T[field.name] for field in fields(Edit))
"""Columns of an Edit; the approved words are read separately, because they are long."""
HELD = timedelta(days=14)
"""Time for which a reworded sentence holds, as long as the choice remembers stories."""


_BEGUN_SLOT = "begun_slot"
"""Detail of an edit of a story: the slot whose bulletin was being made then, and which does not have it."""


class SlotBegunError(NewsroomError):
    """The edit is for a slot whose bulletin is being made, or was made; the newsroom takes the next one."""


class EditLedger(Ledger):
    """Edits of an archive. Every method raises ArchiveError, as the archive's do."""

    def record(
        self,
        edit: Edit,
        *,
        seen_id: int | None = None,
        approved: Mapping[str, Any] | None = None,
        seen_last: int | None = None,
        may_be_working: bool = False,
        address: str = "",
    ) -> Edit:
        """
        Add an edit and its line of the audit; return it with its id, one with a known key as it was recorded.

        `seen_id` is the version of the sentence that the editor's words are based on, 0 for the program's own:
        raises EditConflictError if it has a later one. Raises SlotBegunError when the edit is for a slot whose
        bulletin is being made or was made, with `may_be_working` only where it was made; an edit of a story counts
        for the bulletins after it. `approved` are the words of an approved bulletin, and `seen_last` the
        number of the last edit in them: raises NewsroomError if there is a later one.
        """
        with self._archive.writing(lock=edits_of(edit.station)) as connection:
            known = connection.execute(_query(_T.station == edit.station, _T.key == edit.key)).mappings()
            if row := known.first():
                return _edit(row)
            if _has_begun(connection, edit, may_be_working=may_be_working):
                raise SlotBegunError(f"the bulletin of {edit.due:%H:%M} UTC is being made, or was made")
            if seen_id is not None and (theirs := _later_version(connection, edit, seen_id)):
                raise EditConflictError(theirs)
            if seen_last is not None and (later := _later_edit(connection, edit, seen_last)):
                raise NewsroomError(
                    f"{later.editor} has changed the bulletin since you read it (edit {later.id}, {later.action}): "
                    "read it again, then approve it"
                )
            return _add(connection, _note_begun_slot(connection, edit), approved, address)

    def undo(
        self, station: str, number: int, *, editor: str, at: datetime, key: str, address: str = ""
    ) -> Edit:
        """
        Add the undo of an edit; an undo can be undone, too.

        Raises UnknownRecordError for an unknown number, NewsroomError for an edit that is undone already, and
        SlotBegunError where the bulletin is being made or was made: the undo could come too late.
        """
        with self._archive.writing(lock=edits_of(station)) as connection:
            known = connection.execute(_query(_T.station == station, _T.key == key)).mappings().first()
            if known:
                return _edit(known)
            row = connection.execute(_query(_T.station == station, _T.id == number)).mappings().first()
            if row is None:
                raise UnknownRecordError(f"{station} has no edit {number}; `bulletin edits list` shows them")
            target = _edit(row)
            # an undo, and the undo of that, have higher numbers than the edit
            later = _query(_T.station == station, _T.action == EditAction.UNDO, _T.undoes >= number)
            undos = [_edit(undo) for undo in connection.execute(later).mappings()]
            if number in find_undone(undos):
                raise NewsroomError(f"edit {number} is undone already; nothing was changed")
            undo = replace(
                target, action=EditAction.UNDO, editor=editor, made_at=at, key=key, undoes=number, id=0
            )
            if _has_begun(connection, undo):
                raise SlotBegunError(f"the bulletin of edit {number} is being made, or was made")
            return _add(connection, _note_begun_slot(connection, undo), None, address)

    def edits(
        self,
        station: str,
        *,
        due: datetime | None = None,
        after: datetime | None = None,
        since: datetime | None = None,
        after_id: int = 0,
        with_undone: bool = False,
    ) -> tuple[Edit, ...]:
        """
        Edits that hold, oldest first; `with_undone` also undone ones and the undos themselves.

        With `due` those for that slot and for every bulletin; with `after`, too, those of moments between the two,
        which were slots before the clock was changed. With `since` those made at that moment or later, with
        `after_id` those with higher numbers.
        """
        conditions: list[ColumnElement[bool]] = [_T.station == station, _T.id > after_id]
        if due:
            is_for_slot = and_(_T.due > after, _T.due <= due) if after else _T.due == due
            conditions.append(or_(is_for_slot, _T.due.is_(None)))
        if since:
            conditions.append(_T.made_at >= since)
        rows = self._archive.select(_query(*conditions), _edit)
        return rows if with_undone else without_undone(rows)

    def edit(self, station: str, number: int) -> Edit | None:
        """The edit with that number."""
        return next(iter(self._archive.select(_query(_T.station == station, _T.id == number), _edit)), None)

    def of_request(self, station: str, key: str) -> Edit | None:
        """The edit that a request with that key recorded; None: none, or the key is empty."""
        if not key:
            return None
        return next(iter(self._archive.select(_query(_T.station == station, _T.key == key), _edit)), None)

    def history(self, station: str, *, limit: int = 200) -> tuple[Edit, ...]:
        """The last edits with their undos, newest first."""
        query = select(*_COLUMNS).where(_T.station == station).order_by(_T.id.desc()).limit(limit)
        return self._archive.select(query, _edit)

    def last_id(self, station: str) -> int:
        """Number of the station's last edit; 0: it has none."""
        return int(self._archive.scalar(select(func.max(_T.id)).where(_T.station == station)) or 0)

    def approved_words(self, station: str, number: int) -> Mapping[str, Any] | None:
        """The words that were approved by that edit."""
        query = select(_T.approved).where(_T.station == station, _T.id == number)
        words: Mapping[str, Any] | None = self._archive.scalar(query)
        return words


def find_undone(edits: Iterable[Edit]) -> frozenset[int]:
    """
    Ids of edits that no longer hold: a later undo undoes an undo.

    >>> from datetime import UTC
    >>> row = {"station": "demo", "editor": "ann", "made_at": datetime(2026, 11, 24, tzinfo=UTC), "key": ""}
    >>> undo = Edit(action=EditAction.UNDO, id=2, undoes=1, **row)
    >>> redo = Edit(action=EditAction.UNDO, id=3, undoes=2, **row)
    >>> sorted(find_undone([undo])), sorted(find_undone([undo, redo]))
    ([1], [2])
    """
    undone: set[int] = set()
    for edit in sorted(edits, key=lambda edit: edit.id, reverse=True):
        if edit.undoes is not None and edit.id not in undone:
            undone.add(edit.undoes)
    return frozenset(undone)


def without_undone(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that hold, without undos."""
    undone = find_undone(edits)
    return tuple(edit for edit in edits if edit.action is not EditAction.UNDO and edit.id not in undone)


def find_version(edits: Iterable[Edit], *, article_ids: Iterable[str], replaced: str) -> Edit | None:
    """The last record that changed a sentence, an undo included; None: it is as the program wrote it."""
    ids = set(article_ids)
    kinds = (EditAction.REWORD, EditAction.UNDO)
    about = (e for e in edits if e.action in kinds and e.replaced == replaced and ids & names_of(e))
    return max(about, key=lambda edit: edit.id, default=None)


def counts_for(edit: Edit, due: datetime) -> bool:
    """Whether an edit of a story counts for the bulletin of a slot: not if that was being made at the time."""
    begun = edit.details.get(_BEGUN_SLOT)
    return begun is None or due > datetime.fromisoformat(begun)


def names_of(edit: Edit) -> set[str]:
    """Ids under which the story of an edit is known."""
    return {edit.story_id, *edit.article_ids} - {""}


def _later_version(connection: Connection, edit: Edit, seen_id: int) -> Edit | None:
    is_held = _T.made_at >= edit.made_at - HELD
    same = and_(_T.station == edit.station, _T.replaced == edit.replaced, is_held)
    edits = [_edit(row) for row in connection.execute(_query(same)).mappings()]
    last = find_version(edits, article_ids=names_of(edit), replaced=edit.replaced)
    return last if last and last.id != seen_id else None


def _later_edit(connection: Connection, edit: Edit, seen_last: int) -> Edit | None:
    """The first edit of a bulletin, or of a story in it, that its approval does not know."""
    is_about = or_(_T.due == edit.due, _T.due.is_(None))
    rows = connection.execute(_query(_T.station == edit.station, _T.id > seen_last, is_about)).mappings()
    later = (_edit(row) for row in rows)
    counting = (e for e in later if not edit.due or counts_for(e, edit.due))
    return next((e for e in counting if e.due or names_of(e) & names_of(edit)), None)


def _has_begun(connection: Connection, edit: Edit, *, may_be_working: bool = False) -> bool:
    """Whether the bulletin of a slot is being made, or was made; in the transaction in which the edit is added."""
    if edit.due is None:
        return False
    slots = tables.slots.c
    states = (SlotState.DONE,) if may_be_working else (SlotState.WORKING, SlotState.DONE)
    query = select(slots.state).where(slots.station == edit.station, slots.due == edit.due)
    return connection.execute(query.where(slots.state.in_(states))).first() is not None


def _note_begun_slot(connection: Connection, edit: Edit) -> Edit:
    """
    Note the slot whose bulletin is being made, in the transaction in which the edit is added.

    The second try after a crash leaves such an edit out: its editor was told that it counts for the next bulletin.
    Without the note it would also withdraw the approval of the bulletin that is being made.
    """
    if edit.due:
        return edit
    details = {name: value for name, value in edit.details.items() if name != _BEGUN_SLOT}
    slots = tables.slots.c
    begun = select(slots.due).where(slots.station == edit.station, slots.state == SlotState.WORKING)
    if due := connection.execute(begun.order_by(slots.due.desc()).limit(1)).scalar():
        details[_BEGUN_SLOT] = due.isoformat()
    return replace(edit, details=details)


def _add(connection: Connection, edit: Edit, approved: Mapping[str, Any] | None, address: str) -> Edit:
    values = {field.name: getattr(edit, field.name) for field in fields(Edit) if field.name != "id"}
    row = values | {
        "article_ids": list(edit.article_ids),
        "sources": list(edit.sources),
        "details": dict(edit.details),
        "approved": approved,
    }
    made = connection.execute(insert(editor_edits).values(row).returning(_T.id))
    recorded = replace(edit, id=made.scalar_one())
    add_change(
        connection,
        station=edit.station,
        user=edit.editor,
        action=edit.action,
        at=edit.made_at,
        address=address,
        note=_describe(recorded),
    )
    return recorded


def _describe(edit: Edit) -> str:
    """Line of the audit."""
    undone = f"of edit {edit.undoes}" if edit.undoes is not None else ""
    title = f'"{edit.story_title}"' if edit.story_title else ""
    words = f'"{edit.replaced}" -> "{edit.text}"' if edit.action is EditAction.REWORD else ""
    return ", ".join(filter(None, (f"edit {edit.id}", undone, title, words)))


def _query(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(*_COLUMNS).where(*conditions).order_by(_T.id)


def _edit(row: Mapping[Any, Any]) -> Edit:
    return from_row(Edit, row)
