"""Edit -> the story that it is about, also after the story was grouped anew; and the edits that later ones replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from bulletin.archive.ledgers.editor_edits import names_of
from bulletin.model import AppliedEdit, Edit, EditAction, EditState, Role, Story

_GROUPS = {
    EditAction.PIN: "choice",
    EditAction.DROP: "choice",
    EditAction.MOVE: "order",
    EditAction.LENGTHEN: "length",
    EditAction.SHORTEN: "length",
    EditAction.CLIP: "clip",
    EditAction.APPROVE: "approval",
}
"""Actions of one group exclude one another: the last one holds."""


def names_of_story(story: Story) -> set[str]:
    """Ids and aliases of all articles of a story."""
    names = (name for article in story.articles for name in (article.id, *article.aliases))
    return {story.id, *names}


def find_edited_story(edit: Edit, stories: Iterable[Story]) -> Story | None:
    """
    The story with the id of the edit, else the one that shares most articles with it.

    >>> from datetime import UTC, datetime
    >>> from bulletin.model import Article
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Story(id="2", articles=(Article(id="1", feed="a", title="Ferry", summary="", text="", published=at),))
    >>> pin = Edit(station="demo", action=EditAction.PIN, editor="ann", made_at=at, key="", story_id="1")
    >>> find_edited_story(pin, [ferry]) == ferry
    True
    """
    names = names_of(edit)
    shared = [(story, len(names & names_of_story(story)) + (story.id == edit.story_id)) for story in stories]
    best = max(shared, key=lambda pair: pair[1], default=None)
    return best[0] if best and best[1] else None


def keep_known(edits: Iterable[Edit], known: AbstractSet[str]) -> tuple[Edit, ...]:
    """Edits of one bulletin, and those of stories with one of the `known` ids: editors reword many others in a week."""
    return tuple(
        edit for edit in edits if edit.due or not edit.story_id or not known.isdisjoint(names_of(edit))
    )


def split_replaced(edits: Sequence[Edit]) -> tuple[list[Edit], list[AppliedEdit]]:
    """Edits that hold, in the order in which they were made, and those that a later edit of the same thing replaced."""
    held: list[Edit] = []
    replaced: list[AppliedEdit] = []
    alike: dict[tuple[str, ...], list[Edit]] = {}
    for edit in sorted(edits, key=lambda edit: edit.id, reverse=True):
        others = alike.setdefault(_kind(edit), [])
        later = next((other for other in others if _is_same_story(edit, other)), None)
        if later is None:
            held.append(edit)
            others.append(edit)
        else:
            reason = f"edit {later.id} of {later.editor} holds"
            replaced.append(AppliedEdit(edit=edit, state=EditState.REPLACED, reason=reason))
    return held[::-1], replaced[::-1]


def _kind(edit: Edit) -> tuple[str, ...]:
    """Edits of one kind about one story exclude one another; a sentence or headline is known by the program's words."""
    role = str(edit.details.get("role", Role.STORY))
    return _GROUPS.get(edit.action, str(edit.action)), role, edit.replaced


def _is_same_story(edit: Edit, later: Edit) -> bool:
    return bool(names_of(edit) & names_of(later)) or edit.story_id == later.story_id
