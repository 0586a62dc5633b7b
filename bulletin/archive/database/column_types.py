"""Column types: foreign text, text without secrets, moments in UTC."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, Text, TypeDecorator

from bulletin.language.sentences import storable
from bulletin.runtime.redaction import hide


class TextColumn(TypeDecorator[str]):
    """Foreign text, without characters that a database refuses (NUL, lone surrogates)."""

    impl = Text
    cache_ok = True
    redact: Callable[[str], str] = staticmethod(str)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(self.redact(value))


class NoteColumn(TextColumn):
    """Error, reason or note of a run, without secrets."""

    cache_ok = True
    redact = staticmethod(hide)


class AddressColumn(TextColumn):
    """Address as a key; one with secrets is stored without them and with a checksum."""

    cache_ok = True
    redact = staticmethod(hide.address)


class NotesColumn(TypeDecorator[Sequence[str]]):
    """Several notes, as JSON, without secrets."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Sequence[str] | None:
        return None if value is None else [hide(note) for note in value]


class MomentColumn(TypeDecorator[datetime]):
    """An aware datetime, in and out as UTC; SQLite keeps it without its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value and value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)
