"""Edits -> Chosen: pinned stories in, dropped ones out, and the order of the editor. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bulletin.archive.ledgers.editor_edits import names_of
from bulletin.edits.find_edited_story import find_edited_story, names_of_story, split_replaced
from bulletin.model import AppliedEdit, Article, Chosen, Edit, EditAction, EditState, Left, Section, Story
from bulletin.stories.ranking.running_order import say, standing

KILLED = "on the kill list"
"""Beginning of the reason of a killed story in `Chosen.left`."""
_ORDER = {Section.NEWS: 0, Section.SPORT: 1, Section.WEATHER: 2, Section.TRAVEL: 3}


def apply_to_choice(
    chosen: Chosen, edits: Sequence[Edit], *, articles: Iterable[Article] = (), at: datetime | None = None
) -> tuple[Chosen, tuple[AppliedEdit, ...]]:
    """
    Pin and drop stories, and report the result of each such edit.

    A pinned story comes from the reserve, from all ranked stories, or from the `articles` that a filter left out.
    A kill beats every pin, and so does an embargo that ends after `at`, when the bulletin airs. Moves are applied by `order_by_edits` whenever the script is written.
    """
    held, replaced = split_replaced([e for e in edits if e.action in (EditAction.PIN, EditAction.DROP)])
    articles = tuple(articles)
    applied = list(replaced)
    for edit in held:
        if edit.action is EditAction.PIN:
            chosen, result = _pin(chosen, edit, articles, at=at)
        else:
            chosen, result = _drop(chosen, edit)
        applied.append(result)
    return chosen, tuple(sorted(applied, key=lambda item: item.edit.id))


def order_by_edits(stories: Sequence[Story], edits: Sequence[Edit]) -> tuple[Story, ...]:
    """
    Stories in the order of the editor: each move in turn, the others as they were.

    A moved story follows the story that it followed on the editor's list; if that is gone, its position counts.

    >>> from datetime import UTC, datetime
    >>> row = {"station": "demo", "editor": "ann", "made_at": datetime(2026, 11, 24, tzinfo=UTC), "key": ""}
    >>> move = Edit(action=EditAction.MOVE, story_id="c", position=0, **row)
    >>> [story.id for story in order_by_edits([Story(id=name, articles=()) for name in "abc"], [move])]
    ['c', 'a', 'b']
    """
    ordered = list(stories)
    for edit in split_replaced([edit for edit in edits if edit.action is EditAction.MOVE])[0]:
        story = find_edited_story(edit, ordered)
        if story is None or edit.position is None:
            continue
        ordered.remove(story)
        after = edit.details.get("after")
        before = next(
            (n for n, other in enumerate(ordered) if after and after in names_of_story(other)), None
        )
        ordered.insert(min(edit.position, len(ordered)) if before is None else before + 1, story)
    return tuple(ordered)


def find_pinned(edits: Sequence[Edit], stories: Iterable[Story]) -> frozenset[str]:
    """Ids of the stories that an editor pinned or lengthened: they are not dropped for want of time."""
    kinds = (EditAction.PIN, EditAction.DROP, EditAction.LENGTHEN, EditAction.SHORTEN)
    held, _ = split_replaced([edit for edit in edits if edit.action in kinds])
    keep = [edit for edit in held if edit.action in (EditAction.PIN, EditAction.LENGTHEN)]
    listed = tuple(stories)
    found = (find_edited_story(edit, listed) for edit in keep)
    return frozenset(story.id for story in found if story)


def _pin(
    chosen: Chosen, edit: Edit, articles: Sequence[Article], *, at: datetime | None
) -> tuple[Chosen, AppliedEdit]:
    if reason := _why_killed(chosen, edit):
        return chosen, AppliedEdit(edit=edit, state=EditState.REFUSED, reason=reason)
    done = AppliedEdit(edit=edit, state=EditState.APPLIED)
    if find_edited_story(edit, chosen.stories):
        return chosen, done
    story = find_edited_story(edit, (*chosen.reserve, *chosen.ranked)) or _story_of(edit, articles, at)
    if story is None:
        reason = next((item.reason for item in chosen.left if item.article_id in names_of(edit)), "")
        if reason and not articles:
            reason = f"left out ({reason}) until the feeds are read next"
        reason = reason or "none of its articles is in the feeds now"
        return chosen, AppliedEdit(edit=edit, state=EditState.WAITING, reason=reason)
    pinned = say(story, "editor", f"pinned by {edit.editor}")
    names = names_of_story(story)
    stories = list(chosen.stories)
    stories.insert(index_for(pinned, stories), pinned)
    return (
        replace(
            chosen,
            stories=tuple(stories),
            reserve=tuple(other for other in chosen.reserve if other.id != story.id),
            left=tuple(item for item in chosen.left if item.article_id not in names),
        ),
        done,
    )


def _drop(chosen: Chosen, edit: Edit) -> tuple[Chosen, AppliedEdit]:
    story = find_edited_story(edit, (*chosen.stories, *chosen.reserve))
    if story is None:
        reason = "the story would not air anyway"
        return chosen, AppliedEdit(edit=edit, state=EditState.WAITING, reason=reason)
    left = Left(title=story.title, reason=f"dropped by {edit.editor}", article_id=story.best.id)
    return (
        replace(
            chosen,
            stories=tuple(other for other in chosen.stories if other.id != story.id),
            reserve=tuple(other for other in chosen.reserve if other.id != story.id),
            left=(*(item for item in chosen.left if item.article_id != story.best.id), left),
        ),
        AppliedEdit(edit=edit, state=EditState.APPLIED),
    )


def _why_killed(chosen: Chosen, edit: Edit) -> str:
    names = names_of(edit)
    killed = (item for item in chosen.left if item.article_id in names and item.reason.startswith(KILLED))
    return next((f"the story is {item.reason}" for item in killed), "")


def _story_of(edit: Edit, articles: Sequence[Article], at: datetime | None) -> Story | None:
    """A story of the articles that a filter left out, best known first; none that is under embargo at that time."""
    names = names_of(edit)
    own = tuple(
        article
        for article in articles
        if names & {article.id, *article.aliases}
        and not (at and article.not_before and article.not_before > at)
    )
    return Story(id=own[0].id, articles=own) if own else None


def index_for(story: Story, stories: Sequence[Story]) -> int:
    """Index by section, and by standing among the stories of its section."""
    for index, other in enumerate(stories):
        if _ORDER[other.section] > _ORDER[story.section]:
            return index
        if other.section is story.section and standing(other) > standing(story):
            return index
    return len(stories)
