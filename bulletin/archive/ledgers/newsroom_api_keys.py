"""Idempotency keys of programs: the same key is the same request, and no other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from bulletin.archive.database.newsroom_tables import newsroom_api_keys
from bulletin.archive.retry_after_archive_repair import Ledger

_K = newsroom_api_keys.c


class ApiKeyLedger(Ledger):
    """Keys of an archive. Every method raises ArchiveError, as the archive's do."""

    def is_same_request(self, station: str, key: str, fingerprint: str, *, now: datetime) -> bool:
        """Note the key of a request; False where it was used for a request with another fingerprint."""
        row = {"station": station, "key": key, "fingerprint": fingerprint, "used_at": now}
        known = select(_K.fingerprint).where(_K.station == station, _K.key == key)
        with self._archive.writing() as connection:
            connection.execute(insert(newsroom_api_keys).values(row).on_conflict_do_nothing())
            return bool(connection.execute(known).scalar() == fingerprint)
