"""Talks that go on all day: many events, one running story."""

from __future__ import annotations

from bulletin.model import Story
from bulletin.stories.running import lift_running
from tests.factories import make_article, make_story


def step(name: str, title: str, *papers: str, score: float = 5.0) -> Story:
    articles = [
        make_article(
            id=f"{name}-{paper}", credit=paper, feed=paper, link="", title=title, summary="", text=""
        )
        for paper in papers
    ]
    return make_story(*articles, score=score)


def running(*stories: Story) -> dict[str, tuple[float, str]]:
    return {
        story.best.title: (round(reason.value, 2), reason.note)
        for story in lift_running(stories, owners={})
        for reason in story.reasons
        if reason.name == "running"
    }


def test_the_best_step_of_a_running_story_has_the_worth_of_all_its_publishers() -> None:
    steps = (
        step("a", "Wexcombe ferry talks to resume", "Gazette"),
        step("b", "Ferry talks in Wexcombe end without result", "Herald", "Echo", score=7.0),
        step("c", "Union leaves Wexcombe ferry talks", "Mercury"),
    )

    lifted = running(*steps)

    assert lifted == {
        "Ferry talks in Wexcombe end without result": (3.0, "4 publishers tell of ferry, talks, wexcombe")
    }
    assert [story.id for story in lift_running(steps, owners={})] == [story.id for story in steps]


def test_a_place_and_a_subject_in_common_are_no_running_story() -> None:
    assert not running(
        step("a", "Wexcombe ferry repainted", "Gazette"),
        step("b", "Ferry captain of Wexcombe retires", "Herald"),
        step("c", "New timetable for the Wexcombe ferry", "Mercury"),
    )


def test_one_event_that_many_tell_has_its_sources_already() -> None:
    assert not running(step("a", "Wexcombe ferry talks resume", "Gazette", "Herald", "Echo"))


def test_two_publishers_may_be_chance() -> None:
    assert not running(
        step("a", "Wexcombe ferry talks resume", "Gazette"), step("b", "Wexcombe ferry talks end", "Herald")
    )


def test_a_live_blog_is_told_by_nobody_and_counts_for_its_publisher() -> None:
    story = step("a", "Wexcombe ferry talks resume", "Gazette", "Herald")
    live = step("b", "Live: Wexcombe ferry talks, minute by minute", "Echo").articles

    [lifted] = lift_running([story], owners={}, hints=live)

    assert lifted.reasons[-1].note == "3 publishers tell of ferry, talks, wexcombe"
