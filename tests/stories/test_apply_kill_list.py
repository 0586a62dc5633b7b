"""Kill list: a word, a link or an id takes a story off the air, for all publishers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.archive.record_dataclasses import Aired
from bulletin.model import Origin, Passage, Role, Sentence
from bulletin.runtime.redact_secrets import hide
from bulletin.stories.apply_kill_list import has_killed_story, kill_stories
from tests.support.factories import NOW, make_article, make_story

STORY = make_story(
    make_article(),
    make_article(
        id="herald:9",
        aliases=("tag:herald.example,2026:9",),
        title="Six weeks of diversions",
        summary="Garrowby Construction mends the bridge.",
        text="Garrowby Construction has been chosen to mend the bridge.",
        link="https://www.herald.example/bridge/?utm_source=rss",
    ),
)


@pytest.mark.parametrize(
    "entry",
    [
        "garrowby construction",
        "Garrowby",
        "herald:9",
        "tag:herald.example,2026:9",
        "https://herald.example/bridge",
        "http://www.herald.example/bridge/#comments",
    ],
)
def test_one_killed_article_kills_its_story(entry: str) -> None:
    kept, left = kill_stories([STORY], [entry])

    assert kept == []
    assert [item.article_id for item in left] == ["gazette:1", "herald:9"]
    assert left[0].reason == f'on the kill list: "{entry}"'


@pytest.mark.parametrize("entry", ["", " ", "Garrow", "bridges", "https://herald.example/", "herald"])
def test_the_kill_list_matches_full_words_and_full_links(entry: str) -> None:
    kept, left = kill_stories([STORY], [entry])

    assert (kept, left) == ([STORY], [])


@pytest.mark.parametrize(
    ("entry", "link", "is_hit"),
    [
        ("https://a.example/story?id=5", "https://a.example/story?id=5&utm_source=rss", True),
        ("https://a.example/story?id=5", "https://a.example/story?id=6", False),
        ("https://a.example/?p=12", "http://www.a.example/?p=12", True),
        ("https://a.example/", "https://a.example/?p=12", False),
        ("https://a.example/story", "https://a.example/story?id=6", False),
        ("https://[broken", "https://a.example/story", False),
        ("https://a.example/story", "https://[broken", False),
    ],
)
def test_links_are_compared_by_their_target(entry: str, link: str, is_hit: bool) -> None:
    kept, _ = kill_stories([make_story(make_article(link=link))], [entry])

    assert bool(kept) is not is_hit


def test_a_word_of_an_earlier_article_still_kills_the_story() -> None:
    """The article with the word has left its feed; the story goes on under another article."""
    story = make_story(make_article(id="b", title="Builder chosen", text="A builder has been chosen."))
    memory = Aired(
        story_id="b",
        article_ids=("a", "b"),
        title="Garrowby chosen",
        text="Garrowby will mend the bridge.",
        times=1,
        first_at=NOW - timedelta(hours=1),
        last_at=NOW - timedelta(hours=1),
    )

    for entry in ("Garrowby", "a"):
        assert kill_stories([story], [entry], aired={"b": memory})[0] == []
    assert kill_stories([story], ["Hollinbrook"], aired={"b": memory})[0] == [story]


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_kill_list_accepts_any_entry(entry: str, link: str) -> None:
    story = make_story(make_article(link=link))

    kept, left = kill_stories([story], [entry, f"https://{entry}"])

    assert len(kept) + len(left) == 1


def test_a_link_stored_without_its_secret_still_matches() -> None:
    link = "https://gazette.example/a?id=5&token=4711"
    passage = Passage(
        role=Role.STORY,
        sentences=(
            Sentence(
                text="x", spoken="x", origins=(Origin(article_id="g", text="x", link=hide.address(link)),)
            ),
        ),
        story_id="g",
    )

    assert has_killed_story(link, (passage,))
    assert not has_killed_story(link.replace("id=5", "id=6"), (passage,))


def test_a_link_below_a_secret_feed_address_still_matches() -> None:
    """The feed was given as env:NAME, and its articles have addresses below the feed's."""
    hide.learn({"https://wire.example/4711/news": "env:WIRE"})
    link = "https://wire.example/4711/news/bridge"
    story = make_story(make_article(link=hide.address(f"{link}?utm_source=rss")))

    assert story.best.link.startswith("env:WIRE/bridge")
    assert kill_stories([story], [link])[0] == []
    assert kill_stories([story], [f"{link}s"])[0] == [story]
