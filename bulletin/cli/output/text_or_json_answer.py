"""Answers of commands: lines for people, JSON for programs, or nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bulletin.config.load_profile import LoadedProfile
from bulletin.runtime.redact_secrets import hide


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Form of a command's answer: text, JSON (--json) or nothing (--quiet)."""

    as_json: bool
    quiet: bool

    @property
    def is_text(self) -> bool:
        """Whether a person reads it."""
        return not (self.as_json or self.quiet)

    def print(
        self, data: Mapping[str, Any], lines: Iterable[str], *, everything: bool = True, mark: str = ""
    ) -> None:
        """One JSON document, or the lines (without `everything` the first of them), or nothing."""
        if self.as_json:
            print_json(data)
        elif not self.quiet:
            for line in cut_list(list(lines), everything=everything, mark=mark):
                click.echo(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationCall(Answer):
    """The station of a command, its output folder, and how the command answers."""

    loaded: LoadedProfile
    output: Path

    @property
    def id(self) -> str:
        return self.loaded.id

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the station."""
        return ZoneInfo(self.loaded.profile.time_zone)

    def local(self, moment: datetime) -> str:
        """Day and time on the station's clock: "24 Nov 18:00"."""
        return f"{moment.astimezone(self.zone):%d %b %H:%M}"


def cut_list(lines: Sequence[str], *, everything: bool, most: int = 30, mark: str = "") -> list[str]:
    """The first lines of a long list, and after `mark` how many more `--all` prints."""
    if everything or len(lines) <= most + 1:
        return list(lines)
    return [*lines[:most], f"{mark}... and {len(lines) - most} more; --all lists them"]


def print_json(data: Any) -> None:
    """One JSON document on standard output, without secrets."""
    json.dump(hide.json(to_data(data)), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def pick(item: object, *names: str, zone: ZoneInfo | None = None, **renamed: str) -> dict[str, Any]:
    """Fields of `item` as plain data; `renamed` are fields under another JSON name: `fit="is_fit"`."""
    keys = {name: name for name in names} | renamed
    return {key: to_data(getattr(item, name), zone=zone) for key, name in keys.items()}


def to_data(value: Any, *, zone: ZoneInfo | None = None) -> Any:
    """Plain data: times in ISO 8601 (of `zone`, if given), numbers with four decimals at most."""
    if isinstance(value, datetime):
        return (value.astimezone(zone) if zone else value).isoformat(timespec="seconds")
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Path | Enum):
        return str(value)
    if is_dataclass(value):
        return {field.name: to_data(getattr(value, field.name), zone=zone) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_data(item, zone=zone) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_data(item, zone=zone) for item in value]
    return value
