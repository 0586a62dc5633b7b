"""
Feeds, pages, own stories and kills are read from the archive as they were written.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import FeedMemory, Kill, PageMemory
from bulletin.model import Section
from tests.support.factories import NOW, make_article

URL = "https://gazette.example/feed"
HOUR = timedelta(hours=1)


def test_every_field_of_a_feed_is_stored(archive: Archive) -> None:
    memory = FeedMemory(
        url=URL,
        etag='W/"5"',
        last_modified="Tue, 24 Nov 2026 06:00:00 GMT",
        body_sha256="cd" * 32,
        checked_at=NOW,
        next_poll_at=NOW + HOUR,
        failures=2,
    )

    archive.keep_feed(memory, [])
    archive.keep_feed(replace(memory, failures=3), [])

    assert archive.feed_memory(URL) == replace(memory, failures=3)


def test_new_articles_replace_the_old_ones_of_the_feed(archive: Archive) -> None:
    old = make_article(id="a", aliases=("https://x/1", "hash"), expires=NOW, is_local=True)
    new = [make_article(id=name, position=n) for n, name in enumerate("cab")]

    archive.keep_feed(FeedMemory(url=URL), [old])
    assert archive.articles_of(URL) == (old,)
    archive.keep_feed(FeedMemory(url=URL), new)

    assert archive.articles_of(URL) == tuple(new)


def test_an_answer_without_articles_keeps_those_of_the_last_one(archive: Archive) -> None:
    archive.keep_feed(FeedMemory(url=URL), [make_article()])
    archive.keep_feed(FeedMemory(url=URL, failures=1), [])

    assert archive.articles_of(URL) == (make_article(),)


def test_a_feed_may_hold_the_same_article_twice(archive: Archive) -> None:
    archive.keep_feed(FeedMemory(url=URL), [make_article(), make_article()])

    assert len(archive.articles_of(URL)) == 2


def test_a_page_is_remembered_with_its_section_and_type(archive: Archive) -> None:
    page = PageMemory(link="a", text="Words.", section="Politics", page_type="NewsArticle", fetched_at=NOW)
    article = make_article(labels=("Politics", "Wexcombe"), page_section="Politics")

    archive.keep_page(page)
    archive.keep_feed(FeedMemory(url=URL), [article])

    assert archive.pages(["a"])["a"] == page
    assert archive.articles_of(URL) == (article,)


def test_a_page_is_remembered_and_replaced(archive: Archive) -> None:
    page = PageMemory(link="https://x/1", text="", reason="no article in it", fetched_at=NOW)

    archive.keep_page(page)
    archive.keep_page(replace(page, text="Words.", reason=""))

    assert archive.pages(["https://x/1"]).get("https://x/1") == replace(page, text="Words.", reason="")
    assert archive.pages(["https://x/2"]).get("https://x/2") is None


def test_own_stories_expire_and_breaking_ones_come_first(archive: Archive) -> None:
    calm = make_article(id="calm", published=NOW)
    urgent = make_article(id="urgent", published=NOW - HOUR, is_breaking=True, category="travel")
    gone = make_article(id="gone", expires=NOW)
    for article in (calm, urgent, gone):
        archive.add_own_story("demo", article)
    archive.add_own_story("other", make_article(id="other"))

    assert archive.own_stories("demo", NOW) == (urgent, calm)
    assert archive.own_stories("demo", NOW - HOUR) == (urgent, calm, gone)
    assert archive.own_stories("demo", NOW)[0].section is Section.TRAVEL


def test_an_own_story_is_replaced_and_removed_by_its_id(archive: Archive) -> None:
    archive.add_own_story("demo", make_article())
    archive.add_own_story("demo", make_article(title="Corrected"))

    assert [article.title for article in archive.own_stories("demo", NOW)] == ["Corrected"]
    assert archive.remove_own_story("other", "gazette:1", at=NOW) is False
    assert archive.remove_own_story("demo", "gazette:1", at=NOW) is True
    assert archive.own_stories("demo", NOW) == ()


def test_a_kill_list_is_each_stations_own(archive: Archive) -> None:
    archive.add_kill("demo", Kill(entry="Garrowby", added_at=NOW))
    archive.add_kill("demo", Kill(entry="gazette:1", added_at=NOW + HOUR))
    archive.add_kill("demo", Kill(entry="Garrowby", added_at=NOW + HOUR))

    assert [(k.entry, k.added_at) for k in archive.kills("demo")] == [
        ("Garrowby", NOW),
        ("gazette:1", NOW + HOUR),
    ]
    assert archive.kills("other") == ()
    assert [kill.entry for kill in archive.remove_kill("demo", "garrowby", at=NOW)] == ["Garrowby"]
    assert archive.remove_kill("demo", "Garrowby", at=NOW) == ()
    assert [k.entry for k in archive.kills("demo")] == ["gazette:1"]
