"""Running order and the editor's limits."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Chosen, Section, Story
from bulletin.stories.ranking.choose_reserve_stories import admit_reserve, order_reserve
from bulletin.stories.ranking.running_order import order_stories
from tests.support.factories import make_article, make_story


def story(name: str, score: float, *, light: bool = False, aired: int = 0, **article: Any) -> Story:
    return make_story(
        make_article(id=name, title=name, feed=article.pop("feed", name), **article),
        score=score,
        is_light=light,
        times_aired=aired,
    )


def names(stories: list[Story], **options: Any) -> list[str]:
    ordered, _ = order_stories(stories, options=StoriesOptions(**options))
    return [item.id for item in ordered]


def test_sections_come_in_the_order_news_sport_light_weather_travel() -> None:
    stories = [
        story("weather", 9, category="weather"),
        story("travel", 9, category="travel"),
        story("light", 9, light=True),
        story("sport", 9, category="sport"),
        story("second", 2),
        story("lead", 3),
    ]

    assert names(stories) == ["lead", "second", "sport", "light", "weather", "travel"]


def test_a_light_story_never_leads_beside_news() -> None:
    assert names([story("light", 9, light=True), story("news", 1)]) == ["news", "light"]
    assert names([story("light", 9, light=True), story("lighter", 1, light=True)]) == ["light", "lighter"]


def test_one_light_story_is_kept_for_the_end_and_others_follow_the_news() -> None:
    stories = [story("tortoise", 9, light=True), story("goose", 8, light=True), story("a", 2), story("b", 1)]

    assert names(stories) == ["a", "b", "goose", "tortoise"]
    assert names(stories, light_last=False) == ["tortoise", "goose", "a", "b"]


def test_the_light_story_keeps_its_place_when_room_is_short() -> None:
    stories = [story("tortoise", 0, light=True), story("a", 3), story("b", 2), story("c", 1)]

    assert names(stories, most=3) == ["a", "b", "tortoise"]
    assert names(stories, most=1) == ["a"]


def test_a_light_story_that_has_aired_gives_way_to_fresh_news() -> None:
    stories = [story("tortoise", 9, light=True, aired=1), story("a", 3), story("b", 2), story("c", 1)]

    assert names(stories, most=3) == ["a", "b", "c"]
    assert names(stories, most=4) == ["a", "b", "c", "tortoise"]


def test_a_position_that_the_score_does_not_explain_has_a_reason() -> None:
    stories = [story("rumour", 9, weight=0.0), story("news", 1), story("tortoise", 8, light=True)]

    ordered, _ = order_stories(stories, options=StoriesOptions())

    assert [[(r.name, r.note) for r in s.reasons] for s in ordered] == [
        [("lead", "the first story from a trusted feed")],
        [],
        [("light", "kept for the end")],
    ]


def test_breaking_first_then_by_score_whether_it_has_aired_or_not() -> None:
    stories = [story("aired", 9, aired=1), story("fresh", 1), story("breaking", 0, is_breaking=True)]

    assert names(stories) == ["breaking", "aired", "fresh"]


def test_a_story_of_three_publishers_is_exempt_from_quotas() -> None:
    many = [
        make_article(id=f"m{n}", feed="g" if not n else f"f{n}", credit=f"paper {n}", link="")
        for n in range(3)
    ]
    top = make_story(*many, score=1.0)

    ordered, _ = order_stories([story("a", 9, feed="g"), top], options=StoriesOptions(per_source=1))

    assert [item.id for item in ordered] == ["a", "m0"]


def test_a_reason_names_every_limit_and_without_them_the_story_is_admitted() -> None:
    """`why` names the limit that really decided."""
    stories = [story(f"s{n}", 9 - n, feed="g", category="rural") for n in range(3)]

    _, kept = order_stories(stories, options=StoriesOptions(per_source=1, per_category=1, most=1))
    wide, _ = order_stories(stories, options=StoriesOptions(per_source=3, per_category=3, most=3))
    reason = 'no room: 1 better; already 1 from g; already 1 of "rural"'

    assert [(item.left.article_id, item.left.reason) for item in kept] == [("s1", reason), ("s2", reason)]
    assert all(
        len(names(stories, **limits)) == 1
        for limits in (
            {"per_source": 3, "per_category": 1, "most": 3},
            {"per_source": 1, "per_category": 3, "most": 3},
            {"per_source": 3, "per_category": 3, "most": 1},
        )
    )
    assert len(wide) == 3


def test_limits_are_relaxed_in_their_order() -> None:
    stories = [story(f"g{n}", 9 - n, feed="g") for n in range(3)]
    stories += [story(f"b{n}", 5 - n, category="biz") for n in range(3)] + [story("last", 0)]

    ordered, kept = order_stories(stories, options=StoriesOptions(per_source=2, per_category=2, most=4))
    reserve = order_reserve(kept)
    chosen = admit_reserve(Chosen(stories=ordered, left=tuple(k.left for k in kept), reserve=reserve), 2)

    assert [item.id for item in ordered] == ["g0", "g1", "b0", "b1"]
    assert [item.id for item in reserve] == ["last", "g2", "b2"]
    assert [item.id for item in chosen.stories] == ["g0", "g1", "b0", "b1", "last", "g2"]
    assert [item.article_id for item in chosen.left] == ["b2"]


def test_the_reserve_stands_behind_its_section_and_before_the_light_story() -> None:
    kinds = [("cup", "sport"), ("match", "sport"), ("sun", "weather"), ("rain", "weather")]
    stories = [story("a", 9), story("b", 8), story("goose", 7, light=True)]
    stories += [story(name, 5 - n, category=category) for n, (name, category) in enumerate(kinds)]

    ordered, kept = order_stories(stories, options=StoriesOptions(most=2, most_in_sections=1))
    chosen = admit_reserve(Chosen(stories=ordered, reserve=order_reserve(kept)), 9)

    assert [item.id for item in chosen.stories] == ["a", "b", "cup", "match", "goose", "sun"]


def test_an_untrusted_feed_never_leads() -> None:
    assert names([story("rumour", 9, weight=0.0), story("news", 1)]) == ["news", "rumour"]
    assert names([story("rumour", 9, weight=0.0)]) == ["rumour"]


def test_the_stories_of_one_source_are_limited() -> None:
    stories = [story(f"g{n}", 9 - n, feed="gazette") for n in range(5)] + [story("h", 0, feed="herald")]

    ordered, kept = order_stories(stories, options=StoriesOptions(per_source=2))

    assert [item.id for item in ordered] == ["g0", "g1", "h"]
    assert {item.reason for item in kept} == {"already 2 from gazette"}


def test_the_stories_of_one_category_are_limited() -> None:
    stories = [story(f"b{n}", 9 - n, category="Business") for n in range(3)]

    ordered, kept = order_stories(stories, options=StoriesOptions(per_category=2))

    assert [item.id for item in ordered] == ["b0", "b1"]
    assert kept[0].reason == 'already 2 of "business"'


def test_feeds_without_a_category_have_no_category_limit() -> None:
    assert len(names([story(f"n{n}", n, category="news") for n in range(6)], per_category=2)) == 6


def test_the_closing_light_story_counts_for_its_source() -> None:
    stories = [story("tortoise", 9, light=True, feed="g"), story("a", 3, feed="g"), story("b", 2, feed="g")]

    assert names(stories, per_source=2) == ["a", "tortoise"]


def test_the_closing_light_story_counts_for_its_category() -> None:
    stories = [story("tortoise", 9, light=True, category="Rural")]
    stories += [story(name, score, category="rural", feed=name) for name, score in (("a", 3), ("b", 2))]

    assert names(stories, per_category=2) == ["a", "tortoise"]


def test_sections_have_their_own_limits() -> None:
    stories = [story(f"s{n}", 9 - n, category="sport") for n in range(4)] + [story("news", 0)]

    assert names(stories, most_in_sections=1) == ["news", "s0"]
    assert names(stories, most_in_sections=0) == ["news"]


@st.composite
def any_stories(draw: st.DrawFn) -> list[Story]:
    kinds = st.tuples(
        st.sampled_from(["news", "local", "business", "sport", "travel", "weather"]),
        st.sampled_from(["a", "b", "c"]),
        st.booleans(),
        st.booleans(),
        st.integers(0, 3),
        st.floats(-5, 20),
        st.sampled_from([0.0, 1.0]),
    )
    return [
        story(
            str(n),
            score,
            light=light,
            aired=aired,
            category=category,
            feed=feed,
            is_breaking=breaking,
            weight=weight,
        )
        for n, (category, feed, light, breaking, aired, score, weight) in enumerate(
            draw(st.lists(kinds, max_size=14))
        )
    ]


@given(any_stories(), st.integers(1, 6), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2))
def test_every_running_order_obeys_the_rules(
    stories: list[Story], most: int, per_source: int, per_category: int, sections: int
) -> None:
    options = StoriesOptions(
        most=most, per_source=per_source, per_category=per_category, most_in_sections=sections
    )

    ordered, kept = order_stories(stories, options=options)
    again, _ = order_stories(list(reversed(stories)), options=options)

    assert ordered == again
    assert sorted([s.id for s in ordered] + [item.story.id for item in kept]) == sorted(s.id for s in stories)
    news = [s for s in ordered if s.section is Section.NEWS]
    assert len(news) <= most
    if not any(s.best.is_breaking for s in news):
        assert max(Counter(s.best.feed for s in news).values(), default=0) <= per_source
        sorted_news = [s.best.category for s in news if s.best.category != "news"]
        assert max(Counter(sorted_news).values(), default=0) <= per_category
    assert bool(news) == any(s.section is Section.NEWS for s in stories)
    if len(news) > 1 and not all(s.is_light for s in news) and not any(s.best.is_breaking for s in news):
        assert not news[0].is_light
    for section in (Section.SPORT, Section.TRAVEL, Section.WEATHER):
        assert sum(s.section is section for s in ordered) <= sections
