"""`bulletin correct`: other words in a story that has aired, and in the published bulletins that carried it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from bulletin.cli.newsroom.editor_desk import EditorCall, editor_command
from bulletin.cli.newsroom.why import find_story
from bulletin.cli.output.print_delivery_results import change_published, end_change
from bulletin.cli.output.text_or_json_answer import pick, to_data
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.errors import OutletError
from bulletin.newsroom.actions.published.correct_story import (
    AiredStory,
    aired_story,
    check_correction,
    consequences_of_correction,
)
from bulletin.newsroom.desk import Desk, new_key
from bulletin.pipeline.changes.correct_words import correct_words
from bulletin.pipeline.changes.withdraw_story import Corrected
from bulletin.station.build_station_object import Station


@click.command("correct")
@click.argument("story", metavar="WORDS|LINK|ID")
@editor_command(has_slot=False)
@click.option(
    "--change",
    "changes",
    type=(str, str),
    multiple=True,
    metavar="SENTENCE TEXT",
    help='Number of the sentence, "headline" or "title", and the words in its place; "" leaves a sentence out.',
)
@click.option(
    "--bulletin", "number", type=int, metavar="NUMBER", help="Bulletin with the words, by its id in the log."
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what will happen.")
def command(
    edit: EditorCall, story: str, changes: tuple[tuple[str, str], ...], number: int | None, is_dry: bool
) -> None:
    """
    Correct the words of a story that has aired.

    Without --change the sentences are listed with their numbers, as they aired last. With it, every published
    bulletin with the old words is remade, by the same voice, and replaced: the podcast gets a "Correction", the
    old address serves the new sound and transcript, and the files for playout, speakers and stories are replaced.
    Later bulletins with the story have your words, too; `bulletin undo` ends that. If the bulletins cannot be
    remade, nothing is changed. The log keeps each bulletin as it aired.
    """
    call = edit.call
    with edit.desk(prepares=False) as desk:
        known = find_story(desk.archive, call.id, story)
        aired = aired_story(desk, story=known.id, bulletin=number)
        if not changes:
            _list(edit, aired)
            return
        words = [_changed(aired, name, text) for name, text in changes]
        if is_dry:
            _say_what_happens(edit, desk, aired, words)
            return
        checked = check_correction(desk, story=known.id, changes=words)
        editor, key = desk.editor, new_key()

    def correct(station: Station) -> tuple[Corrected, ...]:
        return correct_words(station, known, checked, editor=editor, key=key, now=datetime.now(UTC))

    replaced, standby, sent = change_published(call, correct)
    left = sum(change.is_out for change in replaced)
    end_change(
        {
            "station": call.id,
            "story": pick(aired, "id", "title"),
            "changes": [{"aired": change.aired, "text": change.text} for change in checked],
            "bulletins": [
                pick(change, "title", "outlets", "problem", remade="is_made_again", still_out="is_out")
                for change in replaced
            ],
            "standby": standby,
        },
        _lines(aired, replaced, standby=standby),
        sent=sent,
        failure=OutletError(f"bulletins not replaced at every outlet: {left}; run the same command again")
        if left
        else None,
        answer=call,
    )


def _list(edit: EditorCall, aired: AiredStory) -> None:
    call = edit.call
    lines = [f"{aired.title} ({call.local(aired.at)}, bulletin {aired.bulletin})"]
    for words in aired.words:
        by = f"  [{words.editor}]" if words.editor else ""
        lines.append(f"  {words.name:>8}  {words.text}{by}")
    data = {
        "station": call.id,
        "story": pick(aired, "id", "title", "bulletin", "at"),
        "words": [pick(words, "name", "text", "spoken", "editor", "version") for words in aired.words],
    }
    call.print(to_data(data), lines)


def _changed(aired: AiredStory, name: str, text: str) -> ChangedWords:
    words = aired.find(name)
    return ChangedWords(aired=words.text, text=text, seen=words.version)


def _say_what_happens(edit: EditorCall, desk: Desk, aired: AiredStory, words: list[ChangedWords]) -> None:
    said = consequences_of_correction(desk, story=aired.id, changes=words)
    data = {"station": edit.call.id, **pick(said, "title", consequences="lines")}
    edit.call.print(data, said.lines)


def _lines(aired: AiredStory, replaced: tuple[Corrected, ...], *, standby: str) -> Iterator[str]:
    yield f'"{aired.title}": later bulletins have your words'
    for change in replaced:
        outlets = ", ".join(change.outlets)
        if change.is_out:
            yield f"Still out: {change.title}, because {change.problem}"
        else:
            yield f"Corrected: {change.title} ({outlets})"
    if not replaced:
        yield "No bulletin that can still be heard has the old words."
    else:
        yield "Listeners keep what they have downloaded until their apps fetch the correction."
    if standby:
        yield standby
