"""Reserve stories: they fill a short bulletin and replace unwritable stories, without repeating an affair."""

from __future__ import annotations

from bulletin.model import Chosen, Left, Story
from bulletin.stories.ranking.choose_reserve_stories import (
    admit_reserve,
    find_unheard,
    hand_on,
    set_alike_aside,
)
from tests.support.factories import make_article, make_story


def story(name: str, *, is_soft: bool = False) -> Story:
    return make_story(make_article(id=name, title=name), is_soft=is_soft)


def make_chosen(airing: str, reserve: str, *pairs: str, limit: str = "most_steps", soft: str = "") -> Chosen:
    """Chosen stories: each letter is a story, and the two of a pair are related."""
    related: dict[str, frozenset[str]] = {}
    for first, second in pairs:
        related[first] = related.get(first, frozenset()) | {second}
        related[second] = related.get(second, frozenset()) | {first}
    return Chosen(
        stories=tuple(map(story, airing)),
        reserve=tuple(story(name, is_soft=name in soft) for name in reserve),
        left=tuple(Left(title=name, reason="no room", article_id=name, limit=limit) for name in reserve),
        related=related,
    )


def ids(stories: list[Story] | tuple[Story, ...]) -> str:
    return "".join(item.id for item in stories)


def test_the_reserve_repeats_no_story() -> None:
    chosen = make_chosen("ab", "cdef", "ac", "de")

    admitted = admit_reserve(chosen, 9)

    assert ids(find_unheard(chosen)) == "df"
    assert ids(admitted.stories) == "abdf"
    assert [(item.article_id, item.reason) for item in admitted.left] == [
        ("c", "the same affair as a"),
        ("e", "the same affair as d"),
    ]
    assert ids(admitted.reserve) == "ce"
    assert ids(admit_reserve(chosen, 9, most_steps=2).stories) == "abcdef"


def test_an_unwritable_story_blocks_no_reserve_story() -> None:
    chosen = make_chosen("ab", "c", "ac")

    assert ids(find_unheard(chosen)) == ""
    assert ids(find_unheard(chosen, untold={"a"})) == "c"


def test_a_related_reserve_story_replaces_an_unwritable_one() -> None:
    chosen = make_chosen("ab", "cd", "ac", "ad", "cd")

    handed_on = hand_on(chosen, {"a"})

    assert ids(handed_on.stories) == "cab"
    assert ids(handed_on.reserve) == "d"
    assert handed_on.stories[0].reasons[-1].note == (
        "replaces a story of the same affair that cannot be read: a"
    )
    assert [item.article_id for item in handed_on.left] == ["d"]
    assert ids(hand_on(handed_on, {"a"}).stories) == "cab"


def test_no_replacement_breaks_a_limit_or_is_related_to_another() -> None:
    assert ids(hand_on(make_chosen("ab", "c", "ac", limit="repeats"), {"a"}).stories) == "ab"
    assert ids(hand_on(make_chosen("ab", "c", "ac", "bc"), {"a"}).stories) == "ab"
    assert ids(hand_on(make_chosen("ab", "c", "ac", soft="c"), {"a"}).stories) == "ab"


def test_a_replaced_story_does_not_come_back_beside_its_replacement() -> None:
    chosen = make_chosen("acb", "", "ac")

    aside = set_alike_aside(chosen, untold={"a", "b"})

    assert ids(aside.stories) == "cb"
    assert ids(aside.reserve) == "a"
    assert [(item.article_id, item.reason, item.limit) for item in aside.left] == [
        ("a", "the same affair as c", "most_steps")
    ]
    assert ids(set_alike_aside(chosen, untold={"a", "c"}).stories) == "ab"
