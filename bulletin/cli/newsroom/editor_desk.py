"""Desk of the person at the command line, and the options that the editing commands share."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import click

from bulletin.cli.output.text_or_json_answer import StationCall, pick, to_data
from bulletin.cli.shared_options import parse_at, station_command
from bulletin.model import Edit
from bulletin.newsroom.actions.edit_answer import EditAnswer
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.decisions.preview_file import load_preview
from bulletin.pipeline.previews.prepare_preview import prepare_preview
from bulletin.schedule.announced_time import coming_time
from bulletin.station.build_station_object import STATE
from bulletin.station.open_archive import open_archive_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorCall:
    """The station, the editor and the slot of a command."""

    call: StationCall
    editor: str | None
    """Name from the command line; None: the login's."""
    at: str | None

    @property
    def due(self) -> datetime | None:
        """The slot that the command names."""
        if self.at is None:
            return None
        return coming_time(datetime.now(UTC), zone=self.call.loaded.profile.time_zone, at=self.at)

    @contextmanager
    def desk(self, *, refresh: bool = False, prepares: bool = True) -> Iterator[Desk]:
        """
        A desk with a prepared bulletin; `refresh` reads the feeds once more.

        Without `prepares` for an action that needs no bulletin.
        """
        call = self.call
        with desk_of(call, editor=self.editor) as desk:
            if prepares and (refresh or self._is_stale()):
                prepare_preview(call.loaded, output=call.output, now=desk.now(), archive=desk.archive)
            yield desk

    def _is_stale(self) -> bool:
        """Whether no bulletin was prepared, or only one whose slot has passed."""
        preview = load_preview(self.call.output / STATE, self.call.id)
        has_slots = bool(self.call.loaded.profile.clock.slots)
        return preview is None or (has_slots and preview.due <= datetime.now(UTC))


_SLOT = click.option(
    "--slot",
    callback=parse_at,
    metavar="HH:MM",
    help="Slot of the bulletin: 07:00, 7am; by default the next.",
)
editor_option = click.option(
    "--editor",
    envvar="BULLETIN_EDITOR",
    metavar="NAME",
    help="Your name in the records; by default the login.",
)


@contextmanager
def desk_of(call: StationCall, *, editor: str | None = None) -> Iterator[Desk]:
    """A desk of an editor, by default the person at the keyboard, for actions that need no prepared bulletin."""
    with open_archive_of(call.loaded, output=call.output) as archive:
        yield Desk(
            loaded=call.loaded,
            output=call.output,
            archive=archive,
            editor=editor or user_name(),
            now=lambda: datetime.now(UTC),
        )


def user_name() -> str:
    """Name of the person at the keyboard."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "editor"


def editor_command(*, has_slot: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """STATION, --output, --json, --quiet, --editor and, for one bulletin, --slot as one parameter, `edit`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def with_editor(
            call: StationCall, *, editor: str | None, slot: str | None = None, **options: Any
        ) -> None:
            command(EditorCall(call=call, editor=editor, at=slot), **options)

        options = (_SLOT, editor_option) if has_slot else (editor_option,)
        decorated = station_command(only_looks=True)(with_editor)
        for option in options:
            decorated = option(decorated)
        return decorated

    return decorate


def print_answer(edit: EditorCall, answer: EditAnswer, line: str) -> None:
    """What was recorded, and for which bulletin."""
    call = edit.call
    data = {
        "station": call.id,
        "edit": edit_data(answer.edit),
        "counts_for": to_data(answer.counts_for, zone=call.zone),
        "note": answer.note,
        "hints": list(answer.hints),
    }
    when = f" for {call.local(answer.counts_for)}" if answer.counts_for else ""
    number = f"edit {answer.edit.id}"
    call.print(data, [f"{line}{when} ({number})", *filter(None, [answer.note]), *answer.hints])


def edit_data(edit: Edit) -> dict[str, Any]:
    """An edit as JSON."""
    names = ("id", "action", "editor", "made_at", "due", "text", "replaced", "position", "undoes")
    return pick(edit, *names, story="story_id", title="story_title")
