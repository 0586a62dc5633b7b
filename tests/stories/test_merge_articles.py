"""Merging of articles into stories, and matching with stories that aired."""

from __future__ import annotations

from datetime import timedelta

from bulletin.archive.record_dataclasses import Aired
from bulletin.stories.merge_articles import merge_articles
from tests.support.factories import NOW, make_article

BRIDGE = "Corn Bridge in Wexcombe is to close for six weeks while cracks in two of its arches are mended."
BRIDGE_TOO = (
    "Cracks in two arches of Corn Bridge in Wexcombe will close it for six weeks, the county council says."
)


def test_two_publishers_of_one_event_are_one_story() -> None:
    merged = merge_articles(
        [
            make_article(id="a", title="Corn Bridge to close for six weeks", text=BRIDGE),
            make_article(
                id="b", title="Cracks close Corn Bridge for six weeks", text=BRIDGE_TOO, credit="Herald"
            ),
            make_article(
                id="c", title="Nurses vote to strike", text="Nurses at the hospital have voted to strike."
            ),
        ],
        aired={},
    )

    assert sorted(len(story.articles) for story in merged.stories) == [1, 2]


def test_the_story_is_named_after_its_earliest_article() -> None:
    late = make_article(id="late", title="Corn Bridge to close", text=BRIDGE, published=NOW, weight=2.0)
    early = make_article(
        id="early", title="Corn Bridge to close", text=BRIDGE, published=NOW - timedelta(hours=5)
    )

    [story] = merge_articles([late, early], aired={}).stories

    assert story.id == "early"
    assert story.best.id == "late"


def test_one_entry_in_two_feeds_of_a_publisher_counts_once() -> None:
    uk = make_article(id="x", feed="bbc-uk", credit="BBC", weight=1.2)
    england = make_article(id="x", feed="bbc-england", credit="BBC", weight=1.0)

    [story] = merge_articles([england, uk], aired={}).stories

    assert [article.feed for article in story.articles] == ["bbc-uk"]


def test_an_alias_is_an_identity() -> None:
    first = make_article(
        id="guid-1", aliases=("https://g.example/1",), title="Nurses vote", text="They vote today."
    )
    moved = make_article(
        id="https://g.example/1", feed="other", title="Result of ballot", text="A result is due."
    )

    assert len(merge_articles([first, moved], aired={}).stories) == 1


def test_two_queues_on_one_road_are_two_stories() -> None:
    text = "Location: A361. Reason: road works. Status: active. Delays of ten minutes are expected."
    queues = [
        make_article(id=str(n), category="travel", title=f"A361 junction {n}: road works", text=text)
        for n in (1, 2)
    ]

    assert len(merge_articles(queues, aired={}).stories) == 2


def make_aired(**changes: object) -> Aired:
    fields: dict[str, object] = {
        "story_id": "first",
        "article_ids": ("first",),
        "title": "Corn Bridge to close for six weeks",
        "text": BRIDGE,
        "times": 2,
        "first_at": NOW - timedelta(hours=4),
        "last_at": NOW - timedelta(hours=1),
    }
    return Aired(**(fields | changes))  # type: ignore[arg-type]


def test_a_known_article_keeps_the_name_of_its_story() -> None:
    article = make_article(
        id="second", aliases=("first",), title="Quite another headline", text="It says more."
    )

    merged = merge_articles([article], aired={"first": make_aired()})

    assert [story.id for story in merged.stories] == ["first"]
    assert merged.aired["first"].times == 2


def test_another_publisher_of_an_aired_story_is_not_fresh() -> None:
    article = make_article(id="herald", title="Cracks close Corn Bridge for six weeks", text=BRIDGE_TOO)

    merged = merge_articles([article], aired={"anything": make_aired()})

    assert [story.id for story in merged.stories] == ["first"]


def test_an_unrelated_article_is_a_fresh_story() -> None:
    merged = merge_articles(
        [make_article(title="Nurses vote to strike", text="Nurses vote.")], aired={"x": make_aired()}
    )

    assert merged.aired == {}


def test_a_wrong_grouping_does_not_join_two_stories_for_ever() -> None:
    """An hour ago the nurses were grouped with the bridge; the aired story goes on with the bridge."""
    bridge = make_article(id="first", title="Corn Bridge to close for six weeks", text=BRIDGE)
    nurses = make_article(id="nurses", title="Nurses vote to strike", text="Nurses have voted for a strike.")

    merged = merge_articles([bridge, nurses], aired={"first": make_aired(article_ids=("first", "nurses"))})

    assert [story.id for story in merged.stories] == ["first", "nurses"]
    assert list(merged.aired) == ["first"]


def test_two_aired_stories_that_merge_share_their_history() -> None:
    title = "Corn Bridge to close for six weeks"
    articles = [make_article(id=name, title=title, text=BRIDGE) for name in ("first", "second")]
    aired = {
        name: make_aired(
            story_id=name, article_ids=(name,), times=n, last_at=NOW - timedelta(hours=n), sentences=(name,)
        )
        for n, name in enumerate(("first", "second"), 1)
    }

    merged = merge_articles(articles, aired=aired)

    assert [story.id for story in merged.stories] == ["first"]
    assert (merged.aired["first"].times, merged.aired["first"].sentences) == (2, ("second", "first"))
