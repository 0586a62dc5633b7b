"""The stated formula, term by term."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.model import Article, Story
from bulletin.stories.rank import best_first, is_breaking, rank_story, sources_of
from tests.factories import NOW, make_article, make_story

LONG = "The council said that the bridge must be mended. " * 10


def term(story: Story, name: str, *, local_words: tuple[str, ...] = ()) -> float:
    ranked = rank_story(story, now=NOW, local_words=local_words)
    return next((reason.value for reason in ranked.reasons if reason.name == name), 0.0)


def score(*articles: Article, local_words: tuple[str, ...] = ()) -> float:
    return rank_story(make_story(*articles), now=NOW, local_words=local_words).score


def test_a_score_is_the_sum_of_its_reasons() -> None:
    ranked = rank_story(make_story(make_article(text=LONG), make_article(id="b", credit="B")), now=NOW)

    assert ranked.score == pytest.approx(sum(reason.value for reason in ranked.reasons), abs=1e-3)
    assert all(reason.note for reason in ranked.reasons)


def test_the_worked_example_of_the_manual() -> None:
    """Two publishers, trust 1.2, an hour old, second in its feed, a name of the patch in the headline."""
    story = make_story(
        make_article(text=LONG, weight=1.2, position=1, published=NOW - timedelta(hours=1)),
        make_article(id="b", credit="the Herald", text=LONG, position=3, published=NOW - timedelta(hours=2)),
    )

    ranked = rank_story(story, now=NOW, local_words=("Wex",))

    assert {reason.name: round(reason.value, 2) for reason in ranked.reasons} == {
        "sources": 2.0,
        "weight": 2.4,
        "freshness": 2.67,
        "place": 1.0,
        "local": 1.5,
    }
    assert ranked.score == pytest.approx(9.57, abs=0.01)


@pytest.mark.parametrize(("sources", "value"), [(1, 0.0), (2, 2.0), (4, 4.0)])
def test_each_doubling_of_the_sources_is_worth_two(sources: int, value: float) -> None:
    articles = [make_article(id=str(n), credit=f"paper {n}") for n in range(sources)]

    assert term(make_story(*articles), "sources") == value


def test_two_feeds_of_one_publisher_are_one_source() -> None:
    story = make_story(
        make_article(feed="bbc-uk", credit="BBC"), make_article(id="b", feed="bbc", credit="BBC")
    )

    assert sources_of(story) == {"BBC"}
    assert term(story, "sources") == 0.0


def test_news_loses_half_of_its_freshness_in_six_hours() -> None:
    assert term(make_story(make_article(published=NOW)), "freshness") == 3.0
    assert term(make_story(make_article(published=NOW - timedelta(hours=6))), "freshness") == 1.5
    assert term(make_story(make_article(published=NOW + timedelta(hours=1))), "freshness") == 3.0


def test_the_patch_counts_more_in_the_headline() -> None:
    story = make_story(make_article(title="Bridge closes", text="The bridge in Wexcombe closes. " + LONG))

    assert term(story, "local", local_words=("Bridge",)) == 1.5
    assert term(story, "local", local_words=("Wexcombe",)) == 0.75
    assert term(story, "local", local_words=("Wex",)) == 0.0


def test_the_stations_own_stands_above_a_feed() -> None:
    assert score(make_article(is_local=True)) > score(make_article())


def test_a_story_with_little_to_tell_loses() -> None:
    assert score(make_article(text="The bridge closes, the council says. " * 3)) < score(
        make_article(text=LONG)
    )


def test_breaking_beats_everything() -> None:
    story = make_story(make_article(is_breaking=True))

    assert is_breaking(story)
    assert term(story, "breaking") == 10.0


def test_the_best_article_is_trusted_and_has_enough_to_tell() -> None:
    brief = make_article(id="brief", weight=1.2, text="The bridge closes.")
    full = make_article(id="full", weight=1.0, text=LONG)
    poor = make_article(id="poor", weight=0.3, text=LONG)
    own = make_article(id="own", weight=0.1, text="Our own.", is_local=True)

    assert [a.id for a in best_first([brief, poor, full, own])] == ["own", "full", "brief", "poor"]


def test_of_equals_the_newest_comes_first() -> None:
    old = make_article(id="old", published=NOW - timedelta(hours=3))
    new = make_article(id="new", published=NOW - timedelta(hours=1))

    assert [a.id for a in best_first([old, new])] == ["new", "old"]
