"""Score of a story, term by term."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Reason, Story
from bulletin.stories.ranking.score_stories import (
    best_first,
    importance_of,
    is_breaking,
    rank_story,
    with_reasons,
)
from tests.support.factories import NOW, make_article, make_story

LONG = "The council said that the bridge must be mended. " * 10


def rank(story: Story, **options: object) -> Story:
    return rank_story(story, now=NOW, options=StoriesOptions(**options))


def term(story: Story, name: str, **options: object) -> float:
    ranked = rank(story, **options)
    return next((reason.value for reason in ranked.reasons if reason.name == name), 0.0)


def score(*articles: Article) -> float:
    return rank(make_story(*articles)).score


def test_a_score_is_the_sum_of_its_reasons() -> None:
    ranked = rank(make_story(make_article(text=LONG), make_article(id="b", credit="B", link="")))

    assert ranked.score == pytest.approx(sum(reason.value for reason in ranked.reasons), abs=1e-3)
    assert all(reason.note for reason in ranked.reasons)


def test_the_worked_example_of_the_manual() -> None:
    """Two publishers, trust 1.2, one hour old, second in its feed, a local name in the headline."""
    story = make_story(
        make_article(text=LONG, weight=1.2, position=1, published=NOW - timedelta(hours=1)),
        make_article(
            id="b", credit="the Herald", link="", text=LONG, position=3, published=NOW - timedelta(hours=2)
        ),
    )

    ranked = rank(story, local_words=("Wex",))

    assert {reason.name: round(reason.value, 2) for reason in ranked.reasons} == {
        "sources": 3.0,
        "effect": 1.0,
        "weight": 2.4,
        "freshness": 2.67,
        "place": 0.33,
        "local": 2.0,
        "news": 0.51,
    }
    assert ranked.score == pytest.approx(11.92, abs=0.02)
    assert importance_of(ranked) == 6.0


def test_a_later_reason_is_part_of_the_sum() -> None:
    later = with_reasons(rank(make_story()), Reason(name="repeat", value=-1.5, note="aired once"))

    assert later.score == pytest.approx(sum(reason.value for reason in later.reasons), abs=1e-3)


@pytest.mark.parametrize(("sources", "value"), [(1, 0.0), (2, 3.0), (4, 6.0)])
def test_each_doubling_of_the_sources_is_worth_three(sources: int, value: float) -> None:
    articles = [make_article(id=str(n), credit=f"paper {n}", link="") for n in range(sources)]

    assert term(make_story(*articles), "sources") == value


def test_news_loses_half_of_its_freshness_in_six_hours() -> None:
    assert term(make_story(make_article(published=NOW)), "freshness") == 3.0
    assert term(make_story(make_article(published=NOW - timedelta(hours=6))), "freshness") == 1.5
    assert term(make_story(make_article(published=NOW + timedelta(hours=1))), "freshness") == 3.0


def test_local_words_count_more_in_the_headline() -> None:
    story = make_story(make_article(title="Bridge closes", text="The bridge in Wexcombe closes. " + LONG))

    assert term(story, "local", local_words=("Bridge",)) == 2.0
    assert term(story, "local", local_words=("Wexcombe",)) == 1.0
    assert term(story, "local", local_words=("Wex",)) == 0.0


def test_a_story_of_the_station_scores_above_a_feed() -> None:
    assert score(make_article(is_local=True)) > score(make_article())


def test_a_story_with_little_text_loses_score() -> None:
    assert score(make_article(text="The bridge closes, the council says. " * 3)) < score(
        make_article(text=LONG)
    )


def test_breaking_beats_everything() -> None:
    story = make_story(make_article(is_breaking=True))

    assert is_breaking(story)
    assert term(story, "breaking") == 10.0


def test_the_best_article_is_trusted_and_long_enough() -> None:
    brief = make_article(id="brief", weight=1.2, text="The bridge closes.")
    full = make_article(id="full", weight=1.0, text=LONG)
    poor = make_article(id="poor", weight=0.3, text=LONG)
    own = make_article(id="own", weight=0.1, text="Our own.", is_local=True)

    assert [a.id for a in best_first([brief, poor, full, own])] == ["own", "full", "brief", "poor"]


def test_of_equals_the_newest_comes_first() -> None:
    old = make_article(id="old", published=NOW - timedelta(hours=3))
    new = make_article(id="new", published=NOW - timedelta(hours=1))

    assert [a.id for a in best_first([old, new])] == ["new", "old"]


def test_a_newer_version_outweighs_a_few_more_words() -> None:
    old = make_article(id="old", text="The talks will begin today. " * 6, published=NOW - timedelta(hours=9))
    new = make_article(id="new", text="The talks have ended. " * 6, published=NOW)

    assert [article.id for article in best_first([old, new])] == ["new", "old"]
