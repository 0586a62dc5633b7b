"""Developing stories: many events of one day, one running story."""

from __future__ import annotations

from dataclasses import replace

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Chosen, Story
from bulletin.stories.grouping.find_related_stories import name_related
from bulletin.stories.ranking.choose_reserve_stories import hand_on
from bulletin.stories.ranking.pick_best_event_of_running_story import promote_developing
from bulletin.stories.ranking.running_order import order_stories
from tests.support.factories import make_article, make_story


def step(name: str, *papers: str, score: float = 5.0, is_soft: bool = False) -> Story:
    articles = [
        make_article(id=f"{name}-{paper}", credit=paper, feed=paper, link="", title=name, summary="", text="")
        for paper in papers
    ]
    return make_story(*articles, score=score, is_soft=is_soft)


def lift(
    *stories: Story, hints: tuple[Article, ...] = ()
) -> tuple[tuple[Story, ...], dict[str, tuple[str, ...]]]:
    """Promote these stories as steps of one running story."""
    articles = [*hints, *(article for story in stories for article in story.articles)]
    return promote_developing(
        stories, affairs={article.id: 1 for article in articles}, owners={}, hints=hints
    )


def running(*stories: Story, hints: tuple[Article, ...] = ()) -> dict[str, tuple[float, str]]:
    return {
        story.best.title: (round(reason.value, 2), reason.note)
        for story in lift(*stories, hints=hints)[0]
        for reason in story.reasons
        if reason.name == "running"
    }


def test_the_best_step_of_a_running_story_has_the_worth_of_all_its_publishers() -> None:
    steps = (
        step("Ferry talks in Wexcombe to resume", "Gazette"),
        step("Wexcombe ferry talks end without result", "Herald", "Echo", score=7.0),
        step("How the ferry talks felt in Wexcombe", "Mercury", score=9.0, is_soft=True),
    )

    assert running(*steps) == {
        "Wexcombe ferry talks end without result": (3.0, "4 publishers tell a step of the same running story")
    }
    stories, others = lift(*steps)
    assert [story.id for story in stories] == [story.id for story in steps]
    assert others == {steps[1].id: (steps[0].id, steps[2].id)}


def test_two_publishers_may_be_chance() -> None:
    assert not running(
        step("Wexcombe ferry talks resume", "Gazette"), step("Wexcombe ferry talks end", "Herald")
    )


def test_one_event_of_many_publishers_is_not_promoted() -> None:
    assert not running(step("Wexcombe ferry talks resume", "Gazette", "Herald", "Echo"))


def test_a_live_blog_does_not_air_and_counts_for_its_publisher() -> None:
    live = step("Live: Wexcombe ferry talks", "Echo").articles

    assert running(step("Wexcombe ferry talks resume", "Gazette", "Herald"), hints=live) == {
        "Wexcombe ferry talks resume": (1.75, "3 publishers tell a step of the same running story")
    }


def test_a_shared_place_and_subject_make_no_running_story() -> None:
    assert not running(
        step("Wexcombe ferry repainted", "Gazette"),
        step("Ferry captain of Wexcombe retires", "Herald"),
        step("New timetable for the Wexcombe ferry", "Mercury"),
    )


def test_the_other_steps_of_a_running_story_wait() -> None:
    steps = {"best": ("next",)}
    stories = [make_story(make_article(id=name, title=name), score=9.0) for name in ("best", "next", "other")]

    related = name_related((), events={}, pairs=frozenset(), steps=steps)

    ordered, kept = order_stories(stories, options=StoriesOptions(), steps=steps, related=related)
    both, _ = order_stories(stories, options=StoriesOptions(most_steps=2), steps=steps, related=related)

    assert [story.id for story in ordered] == ["best", "other"]
    assert [(item.story.id, item.left.limit) for item in kept] == [("next", "most_steps")]
    assert [story.id for story in both] == ["best", "next", "other"]


def test_the_next_step_replaces_an_unwritable_best_step() -> None:
    best, nxt, other = (make_story(make_article(id=name, title=name)) for name in ("best", "next", "other"))
    chosen = Chosen(stories=(best, other), reserve=(nxt,), steps={"best": ("next",)})

    handed_on = hand_on(chosen, {"best"})

    assert [story.id for story in handed_on.stories] == ["next", "best", "other"]
    assert handed_on.reserve == ()
    assert "best step cannot be read: best" in handed_on.stories[0].reasons[-1].note
    assert hand_on(handed_on, {"best", "next"}).stories == handed_on.stories
    assert hand_on(replace(chosen, steps={}), {"best"}).stories == chosen.stories


def test_a_step_names_the_country_of_the_best() -> None:
    """Two rounds of talks in one town on one day are two running stories."""
    steps = (
        step("Peace talks on Iran end in Wexcombe", "Gazette", "Herald"),
        step("Iran peace talks in Wexcombe: minister hopeful", "Echo"),
        step("Peace talks on Ukraine end in Wexcombe", "Mercury"),
    )

    assert lift(*steps)[1] == {steps[0].id: (steps[1].id,)}


def test_one_affair_may_hold_two_running_stories() -> None:
    iran = (step("Iran peace talks end", "Gazette", "Herald"), step("Iran peace talks: a smile", "Echo"))
    ukraine = (step("Ukraine peace talks end", "Mercury"), step("Ukraine peace talks: no smile", "Argus"))

    assert lift(*iran, *ukraine)[1] == {iran[0].id: (iran[1].id,), ukraine[0].id: (ukraine[1].id,)}
