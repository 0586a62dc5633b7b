"""`bulletin next`: the coming bulletin with numbers, as `bulletin edit` takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from bulletin.audio.metering.quality_report import clock
from bulletin.cli.newsroom.editor_desk import EditorCall, editor_command
from bulletin.cli.output.text_or_json_answer import StationCall, pick, print_json, to_data
from bulletin.cli.output.text_output import DIM, WARNED, show
from bulletin.cli.shared_options import all_option
from bulletin.model import EditState
from bulletin.newsroom.coming_bulletin import (
    ComingBulletin,
    ComingSentence,
    ComingStory,
    coming_bulletin,
)

_SHOWN = 8
"""Candidates that are listed without --all."""
_LOOK = (EditState.NEEDS_LOOK, EditState.REFUSED, EditState.WAITING)


@click.command("next")
@editor_command()
@click.option("--stale", is_flag=True, help="Show what was prepared last, without reading the feeds.")
@all_option(also="every story that could be pinned")
def command(edit: EditorCall, stale: bool, everything: bool) -> None:
    """
    Show the coming bulletin with numbers: its stories and sentences, planned length, and edits.

    The feeds are read first; each is asked every ten minutes at most, in between its last answer counts. Nothing is spoken or published. `bulletin edit` takes the numbers.
    """
    with edit.desk(refresh=not stale) as desk:
        coming = coming_bulletin(desk, edit.due)
    if edit.call.as_json:
        print_json(bulletin_data(coming))
    elif not edit.call.quiet:
        _print(coming, edit.call, everything=everything)


def bulletin_data(coming: ComingBulletin) -> dict[str, Any]:
    """The coming bulletin as JSON."""
    return {
        **pick(
            coming, "station", "due", "made_at", "planned_s", "target_s", "is_up_to", "missing", "version"
        ),
        "note": coming.note,
        "approval": pick(coming.approval, "mode", "deadline", "editor", "given_at", "withdrawn_by", "holds"),
        "fingerprint": coming.fingerprint,
        "stories": [_story_data(story) for story in coming.stories],
        "others": [_story_data(story) for story in coming.others],
        "left": [pick(item, "title", "reason", article="article_id") for item in coming.left],
        "edits": [
            pick(item.edit, "id", "action", "editor", "made_at", story="story_id", title="story_title")
            | pick(item, "state", "reason")
            for item in coming.edits
        ],
        "feeds": to_data(coming.feeds),
    }


def _story_data(story: ComingStory) -> dict[str, Any]:
    names = (
        "number",
        "id",
        "title",
        "section",
        "score",
        "reasons",
        "cut",
        "seconds",
        "why_not",
        "is_required",
        "unread",
    )
    return {
        **pick(story, *names, "version"),
        "cuts_s": to_data(story.cuts_s),
        "headline": _sentence_data(story.headline) if story.headline else None,
        "sentences": [_sentence_data(sentence) for sentence in story.sentences],
        "airing_sentences": len(story.aired_sentences),
        "sources": [pick(a, "id", "feed", "title", "link", "credit", "published") for a in story.sources],
    }


def _sentence_data(sentence: ComingSentence) -> dict[str, Any]:
    names = ("text", "spoken", "editor", "replaced", "version", "seconds", "hints")
    return {
        "number": sentence.index + 1,
        **pick(sentence, *names),
        "sources": [pick(o, "text", "credit", "link", article="article_id") for o in sentence.origins],
        **({"recording": asdict(sentence.recording)} if sentence.recording else {}),
    }


def _words(sentence: ComingSentence) -> str:
    clip = sentence.recording
    return f"[clip, {clip.duration_s:.1f} s] {sentence.text}" if clip else sentence.text


def _print(coming: ComingBulletin, call: StationCall, *, everything: bool) -> None:
    due = call.local(coming.due) if coming.due else "next"
    show(
        (f"{call.loaded.profile.name}, bulletin of {due}", "bold"),
        (f"  feeds read {call.local(coming.made_at)}", DIM),
    )
    up_to = "up to " if coming.is_up_to else ""
    show((f"Planned {clock(coming.planned_s)} of {up_to}{clock(coming.target_s)}", DIM))
    if coming.approval.mode != "off":
        show((_approval_line(coming, call), DIM))
    for note in (*filter(None, [coming.note]), *coming.missing):
        show((note, WARNED))
    for story in coming.stories:
        _print_story(story)
    if coming.others:
        show(("\nNot in it", "bold"))
    shown = coming.others if everything else coming.others[:_SHOWN]
    for story in shown:
        show(f"{story.number:>3}  {story.title}", (f"  {story.why_not}", DIM))
    if len(coming.others) > len(shown):
        show((f"     ... and {len(coming.others) - len(shown)} more; --all lists them", DIM))
    for left in coming.left if everything else ():
        show((f"     {left.title}  {left.reason} ({left.article_id})", DIM))
    for line in _edits_to_look_at(coming):
        show((line, WARNED))


def _approval_line(coming: ComingBulletin, call: StationCall) -> str:
    approval = coming.approval
    if approval.holds and approval.given_at:
        return f"Approved by {approval.editor} at {call.local(approval.given_at)}: exactly these words air"
    withdrawn = (
        f"Approval by {approval.editor} withdrawn by an edit of {approval.withdrawn_by}"
        if approval.number
        else ""
    )
    until = f" until {call.local(approval.deadline)}" if approval.deadline else ""
    otherwise = "it airs as it stands" if approval.mode == "by-deadline" else "the stand-by airs"
    command = f"`bulletin approve {coming.station} --fingerprint {coming.fingerprint}`"
    return f"{withdrawn or 'Not approved'}: {command}{until}, else {otherwise}"


def _print_story(story: ComingStory) -> None:
    marks = ", ".join(f"{item.edit.action} by {item.edit.editor}" for item in story.edits)
    show((f"\n{story.number:>3}  {story.title}", "bold"), (f"  {story.seconds:.0f} s  {marks}".rstrip(), DIM))
    if story.headline:
        show((f"       headline: {story.headline.text}", DIM))
    for sentence in story.sentences:
        style = "" if sentence in story.aired_sentences else DIM
        by = f"  (by {sentence.editor})" if sentence.editor else ""
        show((f"    {sentence.index + 1:>2} {_words(sentence)}", style), (by, DIM))
        for hint in sentence.hints:
            show((f"       {hint}", WARNED))
    for reason in story.unread:
        show((f"       sentence left out: {reason}", WARNED))


def _edits_to_look_at(coming: ComingBulletin) -> Iterator[str]:
    for item in coming.edits:
        if item.state in _LOOK:
            edit = item.edit
            yield f'edit {edit.id}, {edit.action} "{edit.story_title}" by {edit.editor}: {item.state}: {item.reason}'
