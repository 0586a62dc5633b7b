"""
CPU time of an edit and of the coming bulletin, with a large archive and many earlier edits.

    python -m bench.newsroom_edits [--stories 10000] [--edits 500] [--rounds 25]

The station's archive has that many aired stories in bulletins of five, and its editors have made that many edits in
the last fortnight. Each figure is processor time of this process, all threads, for one action of an editor: from the
call to the recorded edit with its line of the audit. Median and worst of the rounds, after a first one. The exit code
is 1 when a median is over its limit.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.newsroom_pages import fill
from bulletin.model import Edit, EditAction
from bulletin.newsroom.actions.edit_stories import drop_story, move_story, pin_story
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from tests.support.factories import NOW
from tests.support.newsroom_desk import newsroom

EDIT_MS = 20.0
"""Most processor time of an edit, median."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--edits", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-newsroom-") as name, newsroom(Path(name)) as desk:
        fill(desk, options.stories)
        add_earlier_edits(desk, options.edits)
        print(f"{options.stories} stories, {options.edits} edits in the archive; CPU milliseconds")
        print(f"{'':<34}{'median':>8}{'worst':>8}")
        slow = [name for name, do in rows(desk).items() if measure(name, do, rounds=options.rounds) > EDIT_MS]
    sys.exit(1 if slow else 0)


def rows(desk: Desk) -> dict[str, Callable[[int], object]]:
    """Name of a row -> the action of one round."""
    bridge = coming_bulletin(desk).find("bridge")
    return {
        "edit: move": lambda n: move_story(desk, story="ferry", position=n % 3),
        "edit: pin": lambda n: pin_story(desk, story="mill"),
        "edit: drop": lambda n: drop_story(desk, story="nurses"),
        "edit: reword": lambda n: reword_sentence(
            desk,
            story="bridge",
            sentence=bridge.sentences[0].original,
            text=f"Corn Bridge is shut for {n} weeks.",
        ),
        "edit: undo": lambda n: undo_edit(desk, number=desk.edits.last_id("hill")),
        "coming bulletin": lambda n: coming_bulletin(desk),
        "coming bulletin after an edit": _edit_and_look(desk),
    }


def _edit_and_look(desk: Desk) -> Callable[[int], object]:
    """The look of a colleague after an edit, without the time of that edit."""
    colleague = replace(desk, editor="ben")

    def prepare(number: int) -> None:
        move_story(colleague, story="ferry", position=number % 3)

    def look(number: int) -> object:
        return coming_bulletin(desk)

    look.prepare = prepare  # type: ignore[attr-defined]
    return look


def measure(name: str, do: Callable[[int], object], *, rounds: int) -> float:
    """Print a row; return its median in milliseconds."""
    times_ms = []
    for number in range(rounds + 1):
        getattr(do, "prepare", lambda n: None)(number)
        began = time.process_time()
        do(number)
        times_ms.append(1000 * (time.process_time() - began))
    median = statistics.median(times_ms[1:])
    print(f"{name:<34}{median:>8.1f}{max(times_ms[1:]):>8.1f}")
    return median


def add_earlier_edits(desk: Desk, count: int) -> None:
    """Sentences that editors reworded in the last days, in other stories."""
    for number in range(count):
        edit = Edit(
            station=desk.station,
            action=EditAction.REWORD,
            editor="cat",
            made_at=NOW - timedelta(minutes=number),
            key=f"earlier-{number}",
            story_id=f"earlier-{number % 100}",
            article_ids=(f"earlier-{number % 100}",),
            text="Words of a week ago.",
            replaced=f"Sentence {number}.",
            sources=("A sentence of a source that was in the feeds a week ago.",),
        )
        desk.edits.record(edit)


if __name__ == "__main__":
    main()
