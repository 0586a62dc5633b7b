"""JSON side file of a sound (fm.json, latest.json, standby.json) <-> SideFile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.model import Level

VALID_H = 2.0
"""Hours after its slot that a bulletin is valid; NPR One drops newscasts that are older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFile:
    """
    Facts about the sound file that players fetch under a fixed name.

    The fields are the JSON keys in their order (`size_bytes` is "bytes"); empty ones are not written. The side file is written after its sound:
    as long as `sha256` differs from the sound's, the sound has just been replaced.
    """

    station: str = ""
    kind: str = ""
    """The rendition."""
    title: str = ""
    guid: str = ""
    audio: str = ""
    """File name of the sound, in the same folder."""
    media_type: str = ""
    made: datetime | None = None
    """Time of publication; aware, as all moments here."""
    due: datetime | None = None
    """The slot that it was made for."""
    valid_until: datetime | None = None
    level: Level | None = None
    duration_s: float | None = None
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    size_bytes: int | None = None
    sha256: str = ""

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """
        Read JSON; a field that is missing or malformed is empty.

        Raises ValueError or RecursionError where it is not a JSON object.
        """
        return cls.from_facts(parse_json_object(text))

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The same from the decoded object."""
        values = {field.name: _convert(field.name, facts.get(_key(field.name))) for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if value is not None})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; all fields are empty where it is missing, unreadable or not JSON."""
        return cls.from_facts(read_side(path))

    def to_facts(self) -> dict[str, Any]:
        """The object that is written: moments in ISO 8601."""
        values = ((_key(field.name), getattr(self, field.name)) for field in fields(self))
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in values
            if value not in (None, "")
        }

    def to_json(self) -> bytes:
        """The content of the file."""
        return write_json(self.to_facts())

    def sound_in(self, folder: Path) -> Path | None:
        """Path of the sound in `folder`; None where it names none or the file is missing."""
        path = folder / Path(self.audio).name
        return path if self.audio and path.is_file() else None


def describe_latest(record: EpisodeRecord) -> SideFile:
    """latest.json: facts about latest.mp3 for a playout, a speaker or a monitor; moments in UTC."""
    return SideFile(
        station=record.station,
        title=record.title,
        guid=record.guid,
        audio=record.audio,
        made=record.published,
        due=record.hour,
        valid_until=record.hour + timedelta(hours=VALID_H),
        level=Level.FRESH,
        duration_s=round(record.duration_s, 3),
        size_bytes=record.bytes,
        sha256=record.sha256,
    )


def write_json(facts: Mapping[str, Any]) -> bytes:
    """JSON as in all our side files: readable, in UTF-8."""
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def parse_json_object(text: bytes) -> dict[str, Any]:
    """Raises ValueError or RecursionError where `text` is not a JSON object."""
    facts = json.loads(text)
    if isinstance(facts, dict):
        return facts
    raise ValueError("not a JSON object")


def read_side(path: Path, *, most_bytes: int | None = None) -> dict[str, Any]:
    """Read a JSON object; empty where the file is missing, unreadable, larger than `most_bytes` or no object."""
    with suppress(OSError, ValueError, RecursionError):
        if most_bytes is None or path.stat().st_size <= most_bytes:
            return parse_json_object(path.read_bytes())
    return {}


def read_moment(text: object) -> datetime | None:
    """ISO 8601 -> aware datetime; None for anything else."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment if moment and moment.tzinfo else None
    return None


def _key(field: str) -> str:
    return "bytes" if field == "size_bytes" else field


def _convert(name: str, value: Any) -> Any:
    """The value of a field; None where it has another type."""
    if name in ("made", "due", "valid_until"):
        return read_moment(value)
    if name == "level":
        return Level(value) if value in tuple(Level) else None
    if name in ("duration_s", "loudness_lufs", "true_peak_dbtp", "size_bytes"):
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return value if isinstance(value, str) else None
