"""`bulletin approve`: approve the coming bulletin as it stands."""

from __future__ import annotations

import click

from bulletin.cli.newsroom.editor_desk import EditorCall, editor_command, print_answer
from bulletin.newsroom.actions.approve_bulletin import approve_bulletin


@click.command("approve")
@editor_command()
@click.option(
    "--fingerprint",
    default="",
    metavar="TEXT",
    help="That of the bulletin which you read, from `bulletin next`: a changed one is not approved.",
)
def command(edit: EditorCall, fingerprint: str) -> None:
    """
    Approve the coming bulletin as `bulletin next` shows it: its running order and words air exactly so.

    Needs [newsroom] approval in the profile. Any later edit withdraws the approval.
    """
    with edit.desk() as desk:
        answer = approve_bulletin(desk, due=edit.due, fingerprint=fingerprint)
    print_answer(edit, answer, f"Approved {len(answer.edit.details['stories'])} stories")
