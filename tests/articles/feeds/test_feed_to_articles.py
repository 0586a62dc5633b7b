from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bulletin.articles.feeds.feed_to_articles import adapt, make_title, pick_language, read_breaking, relabel
from bulletin.articles.parsed_feed import FeedDocument, FeedEntry
from bulletin.model import Article, Feed, Recording
from tests.support.factories import NOW, make_article

FEED = Feed(url="https://g.example/feed", name="gazette", credit="the Gazette", weight=2.0, category="local")
HOUR = timedelta(hours=1)


def entry(n: int = 1, **changes: Any) -> FeedEntry:
    fields: dict[str, Any] = {
        "guid": f"g{n}",
        "link": f"https://g.example/{n}",
        "title": f"Title {n}",
        "summary": "Short.",
        "text": "Rather longer.",
        "published": NOW - HOUR,
    }
    return FeedEntry(**(fields | changes))


def articles(*entries: FeedEntry, feed: Feed = FEED, known: tuple[Article, ...] = ()) -> tuple[Article, ...]:
    return adapt(FeedDocument(entries=entries), feed, now=NOW, base=feed.url, known=known)[0]


def notes(*entries: FeedEntry) -> tuple[str, ...]:
    return adapt(FeedDocument(entries=entries), FEED, now=NOW)[1]


def test_an_entry_becomes_an_article() -> None:
    article = articles(entry())[0]

    assert (article.id, article.feed, article.position) == ("gazette:g1", "gazette", 0)
    assert (article.title, article.summary, article.text) == ("Title 1", "Short.", "Rather longer.")
    assert (article.credit, article.weight, article.category) == ("the Gazette", 2.0, "local")
    assert (article.published, article.is_dated) == (NOW - HOUR, True)
    assert article.aliases[0] == "g.example/1"


def test_the_half_in_the_feed_s_language_is_kept() -> None:
    english = (
        "The ferry that sank off the coast was one of the oldest in the county, said the owner of it. " * 2
    )
    german = "Die Fähre, die vor der Küste gesunken ist, war eine der ältesten der Grafschaft, sagte er. " * 2
    both = f"{english.strip()}\n\n{german}\n\n{german}"

    article = articles(entry(summary="", text=f"{english}\n\n{english.strip()}\n\n{german}\n\n{german}"))[0]

    assert article.text == f"{english}\n\n{english.strip()}"
    assert articles(entry(text=both), feed=replace(FEED, language="de"))[0].text == f"{german}\n\n{german}"


def test_the_dates_of_a_recording_move_with_the_clock() -> None:
    recorded = replace(FEED, recording=Recording(made_at=NOW - 400 * 24 * HOUR))

    assert articles(entry(published=NOW - 400 * 24 * HOUR - HOUR), feed=recorded)[0].published == NOW - HOUR


def test_an_undated_article_is_dated_now_and_marked() -> None:
    article = articles(entry(published=None))[0]

    assert (article.published, article.is_dated) == (NOW, False)
    assert notes(entry(published=None)) == ("1 entry without a date that can be true",)


def test_an_entry_from_the_future_is_under_embargo() -> None:
    held = articles(entry(published=NOW + 3 * HOUR))[0]

    assert (held.published, held.not_before, held.is_dated) == (NOW + 3 * HOUR, NOW + 3 * HOUR, True)
    assert notes(entry(published=NOW + 3 * HOUR)) == ("1 entry dated in the future, held back until then",)
    assert articles(entry(published=NOW + timedelta(minutes=10)))[0].not_before is None


def test_a_date_in_the_far_future_is_none() -> None:
    far = articles(entry(published=NOW + 9 * 24 * HOUR))[0]

    assert (far.published, far.not_before, far.is_dated) == (NOW, None, False)


def test_a_feed_with_a_wrong_clock_has_no_embargoes() -> None:
    ahead = articles(*(entry(n, published=NOW + n * HOUR) for n in range(1, 4)))

    assert [(a.not_before, a.is_dated) for a in ahead] == [(None, False)] * 3


def test_an_undated_article_grows_old_all_the_same() -> None:
    before = make_article(id="gazette:g1", published=NOW - 30 * HOUR, is_dated=False)

    assert articles(entry(published=None), known=(before,))[0].published == NOW - 30 * HOUR


def test_the_same_entry_twice_is_one_article() -> None:
    assert [a.id for a in articles(entry(), entry(guid="other"))] == ["gazette:g1"]
    assert notes(entry(), entry()) == ("1 entry twice in the feed, taken once",)


def test_different_entries_at_one_page_stay_apart() -> None:
    articles_kept = articles(entry(1, link="https://g.example/"), entry(2, link="https://g.example/"))

    assert [a.title for a in articles_kept] == ["Title 1", "Title 2"]


def test_an_entry_without_words_is_left_out() -> None:
    empty = FeedEntry(guid="x", link="https://g.example/x")

    assert articles(empty) == ()
    assert notes(empty, empty) == ("2 entries without words, left out",)


def test_an_entry_without_a_title_gets_its_first_sentence() -> None:
    assert articles(entry(title="", text="The bridge closes. More follows."))[0].title == "The bridge closes."


def test_a_long_first_sentence_is_cut() -> None:
    assert make_title("word " * 30) == " ".join(["word"] * 12) + "…"


def test_a_guid_that_is_an_address_stands_in_for_the_link() -> None:
    assert articles(entry(link="", guid="https://g.example/9"))[0].link == "https://g.example/9"


def test_relative_links_start_at_the_site() -> None:
    document = FeedDocument(link="https://g.example/news/", entries=(entry(link="1.html"),))

    assert adapt(document, FEED, now=NOW)[0][0].link == "https://g.example/news/1.html"


@pytest.mark.parametrize(
    ("feed_language", "usual", "expected"),
    [
        ("", "en-GB", "en-GB"),
        ("en-gb", "en-GB", "en-GB"),
        ("en_US", "en-GB", "en-US"),
        ("en", "en-GB", "en-GB"),
        ("de", "en-GB", "de"),
        ("EN", "en-GB", "en-GB"),
        ("12345", "en-GB", "en-GB"),
        ("English", "en-GB", "en-GB"),
    ],
)
def test_the_feed_says_its_language_or_the_profile_does(
    feed_language: str, usual: str, expected: str
) -> None:
    assert pick_language(feed_language, usual) == expected


def test_a_remembered_article_follows_the_profile() -> None:
    old = make_article(feed="old", credit="", weight=0.5, category="news")
    now = relabel(old, FEED)

    assert (now.feed, now.credit, now.weight, now.category) == ("gazette", "the Gazette", 2.0, "local")
    assert now.text == old.text


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Breaking: bridge falls", "Bridge falls"),
        ("BREAKING NEWS – ‘Explosion’ heard", "‘Explosion’ heard"),
        ("🚨 [BREAKING] Bridge falls", "Bridge falls"),
        ("BREAKING Bridge falls", "Bridge falls"),
        ("Breaking news: Bridge falls", "Bridge falls"),
        ("Just in: Bridge falls", "Bridge falls"),
        ("Breaking - Bridge falls", "Bridge falls"),
    ],
)
def test_a_title_marked_as_breaking_makes_breaking_news(title: str, rest: str) -> None:
    article = articles(entry(title=title))[0]

    assert (article.title, article.is_breaking) == (rest, True)


@pytest.mark.parametrize(
    "title",
    [
        "Breaking up is hard to do",
        "Breaking: ",
        "BREAKING BAD STAR DIES",
        "Man charged with breaking into shop",
        "Record-breaking: swimmer wins gold",
        "Breaking-in gang jailed",
    ],
)
def test_a_title_with_the_verb_break_is_not_breaking_news(title: str) -> None:
    assert read_breaking(title) == (title, False)
