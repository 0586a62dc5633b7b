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


def test_the_reserve_fills_with_nothing_that_is_told_and_nothing_twice() -> None:
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


def test_what_the_words_refused_keeps_nothing_out_of_the_reserve() -> None:
    chosen = make_chosen("ab", "c", "ac")

    assert ids(find_unheard(chosen)) == ""
    assert ids(find_unheard(chosen, untold={"a"})) == "c"


def test_what_a_refused_story_kept_out_stands_in_for_it() -> None:
    chosen = make_chosen("ab", "cd", "ac", "ad", "cd")

    handed_on = hand_on(chosen, {"a"})

    assert ids(handed_on.stories) == "cab"
    assert ids(handed_on.reserve) == "d"
    assert handed_on.stories[0].reasons[-1].note == (
        "stands in for one of the same affair that cannot be told: a"
    )
    assert [item.article_id for item in handed_on.left] == ["d"]
    assert ids(hand_on(handed_on, {"a"}).stories) == "cab"


def test_nothing_stands_in_that_other_limits_keep_out_or_that_sounds_like_a_third() -> None:
    assert ids(hand_on(make_chosen("ab", "c", "ac", limit="repeats"), {"a"}).stories) == "ab"
    assert ids(hand_on(make_chosen("ab", "c", "ac", "bc"), {"a"}).stories) == "ab"
    assert ids(hand_on(make_chosen("ab", "c", "ac", soft="c"), {"a"}).stories) == "ab"


def test_words_that_become_lenient_do_not_bring_back_what_another_stands_for() -> None:
    chosen = make_chosen("acb", "", "ac")

    aside = set_alike_aside(chosen, untold={"a", "b"})

    assert ids(aside.stories) == "cb"
    assert ids(aside.reserve) == "a"
    assert [(item.article_id, item.reason, item.limit) for item in aside.left] == [
        ("a", "the same affair as c", "most_steps")
    ]
    assert ids(set_alike_aside(chosen, untold={"a", "c"}).stories) == "ab"
