"""What the processes of `bench.edit_sequences` do: two editors and the service."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bench.edit_sequence_case import DUE, Case, Journal
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.errors import ApprovalMissingError, NewsroomError
from bulletin.model import EditConflictError, Level
from bulletin.newsroom.actions import edit_stories
from bulletin.newsroom.actions.approve_bulletin import approve_bulletin
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.actions.undo_edits import undo_edit
from bulletin.newsroom.coming_bulletin import ComingBulletin, coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.previews.prepare_preview import prepare_preview
from bulletin.station.open_archive import open_archive
from tests.support.factories import NOW
from tests.support.newsroom_desk import open_hill

_LEASE = timedelta(minutes=9)


@contextmanager
def desk_of(case: Case, editor: str, *, minute: int = 50) -> Iterator[Desk]:
    with open_archive(case.output) as archive:
        yield Desk(
            loaded=case.loaded,
            output=case.output,
            archive=archive,
            editor=editor,
            now=lambda: NOW + timedelta(minutes=minute),
        )


def edit_for_a_while(case: Case, editor: str, seed: int, *, count: int) -> None:
    """Requests without an answer once more, then new ones."""
    rng, journal = random.Random(seed), Journal(case.folder / f"{editor}.jsonl")
    with desk_of(case, editor) as desk:
        for line in journal.unanswered():
            send(desk, journal, line)
        for _ in range(count):
            seen = coming_bulletin(desk)
            time.sleep(rng.uniform(0, 0.1))  # the editor thinks, and the other one edits
            if request := draw_request(desk, seen, rng, first=len(journal.lines())):
                journal.write(state="begun", **request)
                send(desk, journal, request)


def approve_for_the_slot(case: Case, editor: str) -> None:
    """The approval of the bulletin as it stands, after the last round."""
    journal = Journal(case.folder / f"{editor}.jsonl")
    with desk_of(case, editor) as desk:
        key = f"{editor}-{len(journal.lines())}"
        request = {"key": key, "action": "approve", "fingerprint": coming_bulletin(desk).fingerprint}
        journal.write(state="begun", **request)
        send(desk, journal, request)


def draw_request(
    desk: Desk, seen: ComingBulletin, rng: random.Random, *, first: int
) -> dict[str, Any] | None:
    """What an editor does with the bulletin on the screen."""
    action = rng.choice(
        (
            "pin",
            "drop",
            "move",
            "lengthen",
            "shorten",
            "reword",
            "reword",
            "reword",
            "leave-out",
            "undo",
            "approve",
        )
    )
    key = f"{desk.editor}-{first}"
    if action == "undo":
        history = desk.edits.history(desk.station, limit=6)
        return {"key": key, "action": action, "number": rng.choice(history).id} if history else None
    if action == "approve":
        return {"key": key, "action": action, "fingerprint": seen.fingerprint}
    story = rng.choice(seen.all_stories if action == "pin" else seen.stories or seen.all_stories)
    request = {"key": key, "action": action, "story": story.id}
    if action == "move":
        request["position"] = rng.randrange(6)
    if action in ("reword", "leave-out"):
        # both editors at the same sentences, or they would hardly ever meet
        story = rng.choice((seen.stories or seen.all_stories)[:2])
        request["story"], sentence = story.id, rng.choice(story.sentences[:2])
        words = f"Words of {desk.editor} number {first} about {story.id}." if action == "reword" else ""
        request |= {"sentence": sentence.original, "text": words, "seen": sentence.version}
    return request


def send(desk: Desk, journal: Journal, request: dict[str, Any]) -> None:
    """Send a request, and note its answer."""
    try:
        answer = act(desk, request)
    except EditConflictError as conflict:
        journal.write(state="conflict", key=request["key"], theirs=conflict.theirs.id)
    except NewsroomError as error:
        journal.write(state="refused", key=request["key"], error=str(error))
    else:
        journal.write(state="done", key=request["key"], id=answer.edit.id)


def act(desk: Desk, request: dict[str, Any]) -> Any:
    action, key, story = request["action"], request["key"], request.get("story", "")
    if action == "move":
        return edit_stories.move_story(desk, story=story, position=request["position"], key=key)
    if action in ("reword", "leave-out"):
        words = {"sentence": request["sentence"], "text": request["text"], "seen_id": request["seen"]}
        return reword_sentence(desk, story=story, key=key, **words)
    if action == "undo":
        return undo_edit(desk, number=request["number"], key=key)
    if action == "approve":
        return approve_bulletin(desk, fingerprint=request["fingerprint"], key=key)
    return getattr(edit_stories, f"{action}_story")(desk, story=story, key=key)


def read_feeds(case: Case) -> None:
    """What the service does before the slot: the bulletin prepared once more."""
    now = NOW + timedelta(minutes=40)
    with open_archive(case.output) as archive:
        prepare_preview(case.loaded, output=case.output, now=now, archive=archive, clock=lambda: now)


def work_on_slot(case: Case, owner: str) -> None:
    """What the service does at the slot: claim it, make the bulletin, finish."""
    now = NOW + timedelta(minutes=58)
    with open_archive(case.output) as archive:
        slots = SlotLedger(archive)
        slots.take_over(["hill"], owner=owner)
        if not slots.claim("hill", DUE, owner=owner, now=now, lease=_LEASE):
            return
        last = max((edit.id for edit in EditLedger(archive).history("hill", limit=1)), default=0)
        (case.folder / "claimed.json").write_text(json.dumps({"last": last}))
    with open_hill(case.loaded, case.output) as station:
        if archived := station.archive.bulletins("hill"):  # published, but not finished in the ledger
            level = archived[0].level
        else:
            try:
                level = make_bulletin(station, now=now, due=DUE).bulletin.level
            except ApprovalMissingError as error:
                (case.folder / "unapproved.txt").write_text(str(error))
                level = Level.IDENT
        SlotLedger(station.archive).finish("hill", DUE, owner=owner, level=level, now=now)
