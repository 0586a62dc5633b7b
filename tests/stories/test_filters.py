"""What is left out before anything is compared, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.config.options import StoriesOptions
from bulletin.model import Article
from bulletin.stories.filters import kill_stories, screen_articles, why_unfit
from tests.factories import NOW, make_article, make_story

OPTIONS = StoriesOptions()


def why(article: Article, options: StoriesOptions = OPTIONS) -> str:
    return why_unfit(article, now=NOW, options=options, language="en-GB")


def test_a_fresh_local_story_is_fit() -> None:
    assert why(make_article()) == ""


def test_nothing_older_than_the_limit_is_told() -> None:
    old = make_article(published=NOW - timedelta(hours=25))

    assert why(old) == "older than 24 hours (25 h)"
    assert why(old, StoriesOptions(max_age_h=30)) == ""


def test_an_article_without_a_date_counts_as_new() -> None:
    assert why(make_article(published=NOW - timedelta(days=3), is_dated=False)) == ""


def test_an_embargo_is_kept_and_a_wrong_clock_forgiven() -> None:
    assert why(make_article(published=NOW + timedelta(minutes=60))) == ""
    assert why(make_article(published=NOW + timedelta(hours=2))) == "not to be told yet"
    assert why(make_article(published=NOW + timedelta(minutes=1), is_local=True)) == "not to be told yet"


def test_the_stations_own_story_lives_as_long_as_it_says() -> None:
    own = make_article(is_local=True, published=NOW - timedelta(days=3), expires=NOW + timedelta(hours=1))

    assert why(own) == ""
    assert why(make_article(expires=NOW)) == "its time is over"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " "}, "no headline"),
        ({"text": "", "summary": ""}, "too short to tell"),
        ({"text": "Read more", "summary": "Read more"}, "too short to tell"),
        ({"title": "Budget live: chancellor speaks"}, "a live blog"),
        ({"title": "Town v United – as it happened"}, "a live blog"),
        ({"title": "Storm live updates"}, "a live blog"),
        ({"title": "The valley in pictures"}, "no news: pictures or video"),
        ({"title": "Watch: goose crosses the road"}, "no news: pictures or video"),
        ({"title": "Councillors clash over budget – video"}, "no news: pictures or video"),
        ({"title": "Opinion: the bridge must stay"}, "no news: opinion"),
        ({"title": "Saturday quiz: what do you know of cheese?"}, "no news: a puzzle"),
        ({"title": "10 walks for a wet day"}, "no news: advice or shopping"),
        ({"title": "Sign up to our newsletter"}, "no news: the publisher's own"),
        ({"text": "Corn Bridge\nTown Hall\nMill Lane\nStation Road\nWeir Close and the pond"}, "only a list"),
    ],
)
def test_what_is_no_news_says_why(changes: dict[str, str], reason: str) -> None:
    assert why(make_article(**changes)) == reason


@pytest.mark.parametrize(
    "title",
    [
        "Live music venue saved by volunteers",
        "Hundreds live in fear of floods",
        "Ten firefighters hurt in blaze",
        "Police watch centre closes",
        "Review of speed limits ordered after crash",
        "Town's quiz champions retire",
        "3 men jailed for burglary",
        "Newspaper to close after 150 years",
    ],
)
def test_news_that_only_looks_so_passes(title: str) -> None:
    assert why(make_article(title=title)) == ""


def test_terse_travel_news_passes() -> None:
    assert why(make_article(category="travel", title="A361", text="Queues of ten minutes.")) == ""


def test_another_language_is_left_out() -> None:
    german = make_article(
        title="Brücke wird für sechs Wochen gesperrt",
        text="Die Brücke über den Fluss wird von Montag an für sechs Wochen gesperrt, sagte der Sprecher der Stadt.",
    )

    assert why(german) == "in another language"
    assert why_unfit(german, now=NOW, options=OPTIONS, language="de-DE") == ""


def test_what_is_left_out_is_named() -> None:
    fit, left = screen_articles(
        [make_article(), make_article(id="b", title="Town live: second half")],
        now=NOW,
        options=OPTIONS,
        language="en-GB",
    )

    assert [article.id for article in fit] == ["gazette:1"]
    assert [(item.article_id, item.reason) for item in left] == [("b", "a live blog")]


# ---- the kill list

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
def test_one_killed_article_kills_the_whole_story(entry: str) -> None:
    kept, left = kill_stories([STORY], [entry])

    assert kept == []
    assert left[0].reason == f'on the kill list: "{entry}"'


@pytest.mark.parametrize("entry", ["", " ", "Garrow", "bridges", "https://herald.example/", "herald"])
def test_the_kill_list_hits_whole_words_and_whole_links(entry: str) -> None:
    kept, left = kill_stories([STORY], [entry])

    assert (kept, left) == ([STORY], [])
