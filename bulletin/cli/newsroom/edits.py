"""`bulletin edits`: the records of what editors decided."""

from __future__ import annotations

import click

from bulletin.archive.ledgers.editor_edits import EditLedger, find_undone
from bulletin.cli.newsroom.editor_desk import edit_data
from bulletin.cli.output.text_or_json_answer import StationCall
from bulletin.cli.shared_options import all_option, station_command
from bulletin.model import Edit, EditAction
from bulletin.station.open_archive import open_archive_of

_MOST = 1000


@click.group("edits")
def command() -> None:
    """List the records of edits."""


@command.command("list")
@station_command(only_looks=True)
@all_option()
def list_(call: StationCall, everything: bool) -> None:
    """List edits, the newest first: who, what, when, for which bulletin; undone ones are marked."""
    with open_archive_of(call.loaded, output=call.output, only_to_read=True) as archive:
        edits = EditLedger(archive).history(call.id, limit=_MOST)
    undone = find_undone(edits)
    data = [edit_data(edit) | {"undone": edit.id in undone} for edit in edits]
    lines = [_line(edit, call, is_undone=edit.id in undone) for edit in edits]
    call.print({"station": call.id, "edits": data}, lines, everything=everything)
    if not lines and call.is_text:
        click.echo("No edits yet; `bulletin next` shows the coming bulletin.", err=True)


def _line(edit: Edit, call: StationCall, *, is_undone: bool) -> str:
    what = f"{edit.action} of edit {edit.undoes}" if edit.action is EditAction.UNDO else str(edit.action)
    due = f"for {call.local(edit.due)}" if edit.due else "for every bulletin"
    parts = [f"{edit.id:>4}", call.local(edit.made_at), edit.editor, what, due, edit.story_title]
    if edit.action is EditAction.REWORD:
        parts.append(f'"{edit.replaced}" -> "{edit.text}"')
    return "  ".join(filter(None, (*parts, "(undone)" if is_undone else "")))
