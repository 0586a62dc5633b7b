"""Approval of a bulletin: which words an editor approved, and whether a later edit withdrew it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bulletin.archive.ledgers.editor_edits import find_undone, names_of
from bulletin.model import FOR_EVERY_BULLETIN, Edit, EditAction, Passage, Role, Script, Story, StoryScript


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Approval of one bulletin."""

    edit: Edit | None = None
    """The last approval that was given; None: not approved yet."""
    withdrawn_by: Edit | None = None
    """The edit after the approval that withdrew it."""

    @property
    def holds(self) -> bool:
        return self.edit is not None and self.withdrawn_by is None


def find_approval(records: Sequence[Edit]) -> Approval:
    """
    The approval in the records of one bulletin, undos among them.

    Any later edit of the bulletin, or of a story in it, withdraws the approval, an undo as well.
    """
    undone = find_undone(records)
    given = [e for e in records if e.action is EditAction.APPROVE and e.id not in undone]
    last = max(given, key=lambda edit: edit.id, default=None)
    if last is None:
        return Approval()
    later = (e for e in records if e.id > last.id and e.action is not EditAction.APPROVE)
    return Approval(edit=last, withdrawn_by=next((e for e in later if _concerns(e, last)), None))


def air_exactly(script: Script, aired: Sequence[Passage]) -> tuple[StoryScript, ...]:
    """The stories that air, each with the one cut that airs; none of them is dropped for want of time."""
    items = {item.story.id: item for item in script.stories}
    headlines = {passage.story_id: passage for passage in aired if passage.role is Role.HEADLINE}
    return tuple(
        replace(
            items[passage.story_id],
            story=_without_texts(items[passage.story_id]),
            cuts=(passage,),
            headline=headlines.get(passage.story_id),
            is_required=True,
        )
        for passage in aired
        if passage.role is Role.STORY and passage.story_id in items
    )


def fingerprint(stories: Iterable[StoryScript]) -> str:
    """Number of a running order with its words: it changes with every word, cut and position."""
    lines = [
        f"{item.story.id}\t{passage.role}\t{passage.cut}\t{passage.text}"
        for item in stories
        for passage in (*([item.headline] if item.headline else []), *item.cuts)
    ]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


def approved_to_row(stories: tuple[StoryScript, ...]) -> Mapping[str, Any]:
    """Approved words as JSON for the archive."""
    return {"stories": _stories().dump_python(stories, mode="json")}


def approved_from_row(row: Mapping[str, Any]) -> tuple[StoryScript, ...] | None:
    """Approved words from the archive; None: written by another version of Bulletin, so they must be approved anew."""
    try:
        return _stories().validate_python(row.get("stories"))
    except ValidationError:
        return None


@cache
def _stories() -> TypeAdapter[tuple[StoryScript, ...]]:
    return TypeAdapter(tuple[StoryScript, ...])


def _concerns(edit: Edit, approval: Edit) -> bool:
    """
    Whether a later edit changes the approved bulletin: every edit of a slot among its records does, also one of a
    slot that the clock no longer has; words do if their story is in it.
    """
    if edit.due or names_of(edit) & names_of(approval):
        return True
    return approval.due is None and edit.action not in FOR_EVERY_BULLETIN


def _without_texts(item: StoryScript) -> Story:
    """The story without the texts of its articles, which nothing reads after the writing."""
    articles = tuple(replace(article, text="") for article in item.story.articles)
    return replace(item.story, articles=articles)
