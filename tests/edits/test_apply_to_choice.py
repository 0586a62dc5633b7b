"""Pinned, dropped and moved stories: also when they were grouped anew, killed or left out by a filter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bulletin.edits.apply_to_choice import apply_to_choice, order_by_edits
from bulletin.model import Chosen, Edit, EditAction, EditState, Left
from tests.support.factories import NOW, make_article, make_story

FERRY, QUAY, CUP = (
    make_story(make_article(id=name, title=name, category=category), score=score)
    for name, category, score in (("ferry", "news", 3.0), ("quay", "news", 2.0), ("cup", "sport", 1.0))
)
CHOSEN = Chosen(
    stories=(FERRY, CUP), reserve=(QUAY,), left=(Left(title="quay", reason="no room", article_id="quay"),)
)


def edit(number: int, action: EditAction, story: str, **changes: Any) -> Edit:
    fields = {"station": "hill", "editor": "ann", "made_at": NOW, "key": str(number), "id": number}
    return Edit(action=action, story_id=story, article_ids=(story,), **(fields | changes))


def ids(chosen: Chosen) -> list[str]:
    return [story.id for story in chosen.stories]


def test_a_pinned_story_of_the_reserve_airs_in_its_section_by_its_score() -> None:
    chosen, results = apply_to_choice(CHOSEN, [edit(1, EditAction.PIN, "quay")])

    assert ids(chosen) == ["ferry", "quay", "cup"]
    assert (chosen.reserve, chosen.left) == ((), ())
    assert [item.state for item in results] == [EditState.APPLIED]
    assert chosen.stories[1].reasons[-1].note == "pinned by ann"


def test_a_pinned_article_that_a_filter_left_out_airs() -> None:
    guide = make_article(id="guide", title="Ten ways to cook")
    chosen, results = apply_to_choice(CHOSEN, [edit(1, EditAction.PIN, "guide")], articles=[guide])

    assert "guide" in ids(chosen)
    assert results[0].state is EditState.APPLIED


def test_an_embargo_beats_a_pin_until_it_ends() -> None:
    until = NOW + timedelta(hours=1)
    guide = make_article(id="guide", title="Ten ways to cook", not_before=until)
    held = replace(CHOSEN, left=(Left(title="guide", reason="under embargo until six", article_id="guide"),))
    pin = edit(1, EditAction.PIN, "guide")

    early, (result,) = apply_to_choice(held, [pin], articles=[guide], at=until - timedelta(minutes=1))
    assert ids(early) == ["ferry", "cup"]
    assert (result.state, result.reason) == (EditState.WAITING, "under embargo until six")
    assert "guide" in ids(apply_to_choice(held, [pin], articles=[guide], at=until)[0])


def test_a_pin_of_an_article_whose_text_is_not_at_hand_waits_for_the_next_reading() -> None:
    held = replace(CHOSEN, left=(Left(title="guide", reason="too few words", article_id="guide"),))

    _, (result,) = apply_to_choice(held, [edit(1, EditAction.PIN, "guide")])

    assert (result.state, result.reason) == (
        EditState.WAITING,
        "left out (too few words) until the feeds are read next",
    )


def test_a_kill_beats_a_pin() -> None:
    killed = replace(
        CHOSEN, reserve=(), left=(Left(title="quay", reason='on the kill list: "quay"', article_id="quay"),)
    )
    chosen, results = apply_to_choice(
        killed, [edit(1, EditAction.PIN, "quay")], articles=[make_article(id="quay")]
    )

    assert ids(chosen) == ["ferry", "cup"]
    assert (results[0].state, results[0].reason) == (
        EditState.REFUSED,
        'the story is on the kill list: "quay"',
    )


def test_a_story_that_left_the_feeds_waits() -> None:
    chosen, results = apply_to_choice(CHOSEN, [edit(1, EditAction.PIN, "gone")])

    assert chosen == CHOSEN
    assert results[0].state is EditState.WAITING


def test_of_pin_and_drop_the_later_holds_and_the_earlier_says_which() -> None:
    chosen, results = apply_to_choice(
        CHOSEN, [edit(1, EditAction.DROP, "ferry"), edit(2, EditAction.PIN, "ferry", editor="ben")]
    )

    assert ids(chosen) == ["ferry", "cup"]
    assert [(item.state, item.reason) for item in results] == [
        (EditState.REPLACED, "edit 2 of ben holds"),
        (EditState.APPLIED, ""),
    ]


def test_a_dropped_story_is_not_admitted_from_the_reserve_and_its_reason_is_the_editor() -> None:
    chosen, _ = apply_to_choice(CHOSEN, [edit(1, EditAction.DROP, "ferry"), edit(2, EditAction.DROP, "quay")])

    assert (ids(chosen), chosen.reserve) == (["cup"], ())
    assert {item.reason for item in chosen.left} == {"dropped by ann"}


def test_an_edit_finds_its_story_under_a_new_id_by_its_articles() -> None:
    regrouped = make_story(make_article(id="new"), make_article(id="ferry"), id="new")
    chosen, results = apply_to_choice(
        replace(CHOSEN, stories=(regrouped, CUP)), [edit(1, EditAction.DROP, "ferry")]
    )

    assert ids(chosen) == ["cup"]
    assert results[0].state is EditState.APPLIED


def test_a_moved_story_follows_the_same_story_when_others_come_in_between() -> None:
    new = make_story(make_article(id="new"))
    move = edit(1, EditAction.MOVE, "cup", position=1, details={"after": "ferry"})

    assert [story.id for story in order_by_edits([new, FERRY, QUAY, CUP], [move])] == [
        "new",
        "ferry",
        "cup",
        "quay",
    ]


def test_a_move_to_the_lead_stays_a_move_to_the_lead() -> None:
    new = make_story(make_article(id="new"))
    move = edit(1, EditAction.MOVE, "cup", position=0, details={"after": ""})

    assert order_by_edits([new, FERRY, CUP], [move])[0] == CUP
