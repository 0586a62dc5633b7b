"""What of a station has changed in the archive: a short mark for each kind of change, cheap to read and compare."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from bulletin.archive.database import newsroom_tables, tables
from bulletin.archive.retry_after_archive_repair import Ledger

_EDITS, _REQUESTS = newsroom_tables.editor_edits.c, newsroom_tables.newsroom_requests.c
_SLOTS, _AIRED = tables.slots.c, tables.bulletins.c
_LAST_REQUESTS = 10


class ChangeMarks(Ledger):
    """Every method raises ArchiveError, as the archive's do."""

    def read(self, station: str) -> Mapping[str, str]:
        """ "edits", "requests", "slots", "bulletins" -> a mark that differs after a change."""
        last_requests = (
            select(_REQUESTS.id, _REQUESTS.state, _REQUESTS.stage, _REQUESTS.step)
            .where(_REQUESTS.station == station)
            .order_by(_REQUESTS.id.desc())
            .limit(_LAST_REQUESTS)
        )
        last_slots = (
            select(_SLOTS.due, _SLOTS.state).where(_SLOTS.station == station).order_by(_SLOTS.due.desc())
        )
        with self._archive.reading() as connection:
            edit = connection.execute(select(func.max(_EDITS.id)).where(_EDITS.station == station)).scalar()
            aired = connection.execute(select(func.max(_AIRED.id)).where(_AIRED.station == station)).scalar()
            requests = connection.execute(last_requests).all()
            slots = connection.execute(last_slots.limit(3)).all()
        return {
            "edits": str(edit or 0),
            "bulletins": str(aired or 0),
            "requests": " ".join(":".join(map(str, request)) for request in requests),
            "slots": " ".join(f"{due:%Y%m%dT%H%M}:{state}" for due, state in slots),
        }
