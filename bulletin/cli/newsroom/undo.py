"""`bulletin undo`: take back an edit."""

from __future__ import annotations

import click

from bulletin.cli.newsroom.editor_desk import EditorCall, editor_command, print_answer
from bulletin.cli.number_ranges import WholeNumber
from bulletin.newsroom.actions.undo_edits import undo_edit


@click.command("undo")
@click.argument("number", type=WholeNumber(1))
@editor_command(has_slot=False)
def command(edit: EditorCall, number: int) -> None:
    """
    Undo the edit NUMBER of `bulletin edits list`. The undo is an edit, too: undo it, and the first one holds again.
    """
    with edit.desk(prepares=False) as desk:
        answer = undo_edit(desk, number=number)
    print_answer(edit, answer, f'Undone: edit {number} of "{answer.edit.story_title}"')
