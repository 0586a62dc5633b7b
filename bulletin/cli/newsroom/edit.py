"""`bulletin edit`: pin, drop, move, lengthen, shorten and reword stories of the coming bulletin."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli.newsroom.clip_options import details_options
from bulletin.cli.newsroom.editor_desk import EditorCall, editor_command, print_answer
from bulletin.cli.number_ranges import WholeNumber
from bulletin.errors import BulletinError, NewsroomError
from bulletin.model import Role
from bulletin.newsroom.actions import edit_stories
from bulletin.newsroom.actions.attach_clips import ClipDetails, attach_clip, import_clip, remove_clip
from bulletin.newsroom.actions.reword_sentences import (
    HEADLINE,
    find_sentence,
    reword_sentence,
    with_neighbours,
)
from bulletin.newsroom.coming_bulletin import ComingSentence, ComingStory, coming_bulletin

story_argument = click.argument("story", metavar="NUMBER|ID|WORDS")


@click.group("edit")
def command() -> None:
    """
    Edit the coming bulletin: each edit is recorded, kept through every new reading of the feeds, and can be undone.

    NUMBER is the story's number in `bulletin next`; its id or words of its title name it, too.
    """


@command.command("pin")
@story_argument
@editor_command()
def pin(edit: EditorCall, story: str) -> None:
    """Keep a story in the bulletin, whatever its score."""
    with edit.desk() as desk:
        answer = edit_stories.pin_story(desk, story=story, due=edit.due)
    print_answer(edit, answer, f'Pinned "{answer.edit.story_title}"')


@command.command("drop")
@story_argument
@editor_command()
def drop(edit: EditorCall, story: str) -> None:
    """Take a story out of the bulletin; later ones may have it (`bulletin kill` blocks it for good)."""
    with edit.desk() as desk:
        answer = edit_stories.drop_story(desk, story=story, due=edit.due)
    print_answer(edit, answer, f'Dropped "{answer.edit.story_title}"')


@command.command("move")
@story_argument
@click.argument("position", type=WholeNumber(1, 99))
@editor_command()
def move(edit: EditorCall, story: str, position: int) -> None:
    """Move a story to POSITION in the running order, 1 for the lead."""
    with edit.desk() as desk:
        answer = edit_stories.move_story(desk, story=story, position=position - 1, due=edit.due)
    there = position if answer.edit.position is None else answer.edit.position + 1
    print_answer(edit, answer, f'Moved "{answer.edit.story_title}" to {there}')


@command.command("lengthen")
@story_argument
@editor_command()
def lengthen(edit: EditorCall, story: str) -> None:
    """Let the longest cut of a story air."""
    with edit.desk() as desk:
        answer = edit_stories.lengthen_story(desk, story=story, due=edit.due)
    print_answer(edit, answer, f'Lengthened "{answer.edit.story_title}"')


@command.command("shorten")
@story_argument
@editor_command()
def shorten(edit: EditorCall, story: str) -> None:
    """Let the shortest cut of a story air."""
    with edit.desk() as desk:
        answer = edit_stories.shorten_story(desk, story=story, due=edit.due)
    print_answer(edit, answer, f'Shortened "{answer.edit.story_title}"')


@command.command("reword")
@story_argument
@click.argument("sentence", metavar="SENTENCE|headline")
@editor_command(has_slot=False)
@click.option("--text", help="Your words; by default $EDITOR opens with the sentence and its sources.")
@click.option("--leave-out", is_flag=True, help="Leave the sentence out.")
def reword(edit: EditorCall, story: str, sentence: str, text: str | None, leave_out: bool) -> None:
    """
    Let your words air instead of a sentence, in every bulletin with the story.

    SENTENCE is its number in `bulletin next`, or "headline". If another editor
    changed the sentence meanwhile, both texts are shown and nothing is overwritten.
    """
    if leave_out and text is not None:
        raise click.UsageError("--leave-out takes no --text")
    if text is not None and not text.strip():
        raise click.UsageError("--text is empty; write the words, or leave the sentence out with --leave-out")
    with edit.desk() as desk:
        found = coming_bulletin(desk).find(story)
        target, role = find_sentence(found, sentence)
        words = "" if leave_out else text if text is not None else _ask_editor(found, target)
        try:
            answer = reword_sentence(
                desk,
                story=found.id,
                sentence=HEADLINE if role is Role.HEADLINE else target.original,
                text=with_neighbours(found, target, words),
                seen_id=target.version,
                # the program may have written the story anew while the words were typed
                index=target.index if role is Role.STORY else None,
            )
        except BulletinError:
            if words:
                click.echo(f"Your words were: {words}", err=True)
            raise
    done = "Left out a sentence of" if not answer.edit.text else "Reworded a sentence of"
    print_answer(edit, answer, f'{done} "{answer.edit.story_title}"')


@command.command("clip")
@story_argument
@click.argument("file", type=click.Path(path_type=Path), required=False)
@editor_command(has_slot=False)
@details_options
@click.option("--remove", is_flag=True, help="Take the story's clip away.")
def clip(edit: EditorCall, story: str, file: Path | None, details: ClipDetails, remove: bool) -> None:
    """
    Let a recorded voice in FILE air at the end of a story, in every bulletin with the story.

    It replaces the clip that the story has; --remove takes it away.
    """
    if remove == bool(file):
        raise click.UsageError("name a recording, or take the clip away with --remove")
    with edit.desk() as desk:
        if file is None:
            answer, done = remove_clip(desk, story=story), "Took the clip from"
        else:
            # before the recording is read: later the number may be another story's
            story = coming_bulletin(desk).find(story).id
            recording = import_clip(desk, file, name=file.name, details=details)
            answer = attach_clip(
                desk, story=story, recording=recording, before=details.before, after=details.after
            )
            done = "Attached a clip to"
    print_answer(edit, answer, f'{done} "{answer.edit.story_title}"')


def _ask_editor(story: ComingStory, sentence: ComingSentence) -> str:
    """The words from $EDITOR. Raises NewsroomError where they were not changed or not saved."""
    sources = "\n".join(f"# source: {origin.text}" for origin in sentence.origins)
    head = f"# {story.title}\n# Lines that begin with # are ignored. An empty text changes nothing.\n"
    written = click.edit(f"{head}{sources}\n{sentence.text}\n", extension=".txt")
    lines = (written or "").splitlines()
    words = "\n".join(line for line in lines if not line.startswith("#")).strip()
    if not words or words == sentence.text:
        raise NewsroomError("The sentence was not changed; --leave-out leaves it out")
    return words
