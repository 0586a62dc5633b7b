"""Kinds of columns: text from strangers, and moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, Text, TypeDecorator

from bulletin.language.sentences import storable
from bulletin.runtime.redaction import hide


class TextColumn(TypeDecorator[str]):
    """Text from strangers: what no database takes (NUL, half a surrogate pair) is left out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class NoteColumn(TextColumn):
    """What a run says: error, reason, note. Without secrets."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return super().process_bind_param(value if value is None else hide(value), dialect)


class AddressColumn(TextColumn):
    """An address that rows are found by: as it is, or without its secrets and with a checksum."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return super().process_bind_param(value if value is None else hide.address(value), dialect)


class NotesColumn(TypeDecorator[Sequence[str]]):
    """Several notes, as JSON. Without secrets."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Sequence[str] | None:
        return None if value is None else [hide(note) for note in value]


class MomentColumn(TypeDecorator[datetime]):
    """An aware datetime, in and out as UTC; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
