"""What goes into the archive comes out again, and what must be remembered is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from bulletin.archive.archive import Archive
from bulletin.archive.records import Catalog, EpisodeRecord, EpisodeStore, FeedMemory, Kill, PageMemory
from bulletin.errors import ArchiveError
from bulletin.model import Episode, Left, Quality, Reason, Section
from tests.factories import NOW, make_article, make_bulletin, make_script, make_story, make_told

URL = "https://gazette.example/feed"
HOUR = timedelta(hours=1)
_MINUTES = count()
"""Every bulletin of a test that makes many is made at a time of its own."""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


def make_record(**changes: object) -> EpisodeRecord:
    fields: dict[str, object] = {
        "guid": "demo-1",
        "station": "demo",
        "title": "7am news",
        "published": NOW,
        "audio": "demo-1.mp3",
        "media_type": "audio/mpeg",
        "bytes": 1000,
        "duration_s": 61.25,
        "description": "<p>Bridge closes</p>",
        "sha256": "ab" * 32,
        "files": (("chapters", "demo-1.chapters.json", "application/json+chapters"),),
        "due": NOW + HOUR,
    }
    return EpisodeRecord(**(fields | changes))


def test_an_archive_serves_gathering_and_the_podcast(archive: Archive) -> None:
    catalog: Catalog = archive
    store: EpisodeStore = archive

    assert catalog.feed_memory(URL) is None
    assert store.episodes("demo") == ()


def test_a_feed_is_remembered_whole(archive: Archive) -> None:
    memory = FeedMemory(
        url=URL,
        etag='W/"5"',
        last_modified="Tue, 24 Nov 2026 06:00:00 GMT",
        body_sha256="cd" * 32,
        checked_at=NOW,
        next_poll_at=NOW + HOUR,
        failures=2,
        moved_to="https://new.example/feed",
        moved_polls=1,
    )

    archive.keep_feed(memory, [])
    archive.keep_feed(replace(memory, failures=3), [])

    assert archive.feed_memory(URL) == replace(memory, failures=3)


def test_new_articles_replace_what_the_feed_held(archive: Archive) -> None:
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


def test_a_page_is_remembered_and_replaced(archive: Archive) -> None:
    page = PageMemory(link="https://x/1", text="", reason="no article in it", fetched_at=NOW)

    archive.keep_page(page)
    archive.keep_page(replace(page, text="Words.", reason=""))

    assert archive.page("https://x/1") == replace(page, text="Words.", reason="")
    assert archive.page("https://x/2") is None


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
    assert archive.remove_own_story("other", "gazette:1") is False
    assert archive.remove_own_story("demo", "gazette:1") is True
    assert archive.own_stories("demo", NOW) == ()


def test_a_bulletin_is_remembered_with_the_source_of_every_sentence(archive: Archive) -> None:
    left = Left(title="Too long", reason="did not fit", article_id="x")
    bulletin = make_bulletin(Path("demo-1.mp3"), dropped=(left,), notes=("no sting",))
    gone_out = Episode(guid="demo-1", title="7am news", published=NOW, outlet="podcast")

    archive.record_bulletin("demo", bulletin, [gone_out], made_at=NOW, timings={"speech": 3.5})
    record = archive.last_bulletin("demo")

    assert record is not None
    assert (record.at, record.made_at, record.title) == (NOW, NOW, bulletin.script.title)
    assert (record.engine, record.voice) == ("tone", "heart")
    assert (record.duration_s, record.planned_s) == (30.0, 120.0)
    assert record.running_order == bulletin.aired
    assert record.running_order[1].sentences[0].origins[0].link == "https://gazette.example/bridge"
    assert record.dropped == (left,)
    assert record.notes == ("no sting",)
    assert record.timings == {"speech": 3.5}
    assert record.went_to == ({"outlet": "podcast", "guid": "demo-1", "published": NOW.isoformat()},)
    assert record.renditions[0]["file"] == "demo-1.mp3"


def test_what_a_rendition_was_found_to_be_is_remembered(archive: Archive) -> None:
    bulletin = make_bulletin(Path("demo-1.mp3"))
    found = Quality(
        short_term_max_lufs=-14.5,
        range_lu=2.5,
        clipped=2,
        dc_offset=0.001,
        mono_loss_lu=0.25,
        warnings=("a", "b"),
    )
    examined = replace(bulletin, renditions=(replace(bulletin.renditions[0], quality=found),))

    archive.record_bulletin("demo", examined, made_at=NOW, timings={})

    record = archive.last_bulletin("demo")
    assert record is not None
    expected = {
        "short_term_max_lufs": -14.5,
        "range_lu": 2.5,
        "mono_loss_lu": 0.25,
        "clipped": 2,
        "dc_offset": 0.001,
    }
    assert {name: record.renditions[0][name] for name in expected} == expected
    assert record.renditions[0]["warnings"] == "a; b"


def test_the_last_bulletin_is_the_one_made_last(archive: Archive) -> None:
    for hours, title in ((2, "newest"), (0, "oldest"), (1, "middle")):
        bulletin = make_bulletin(Path("a.mp3"), make_script(title=title))
        archive.record_bulletin("demo", bulletin, made_at=NOW + hours * HOUR, timings={})

    last = archive.last_bulletin("demo")
    assert last is not None
    assert last.title == "newest"
    assert archive.last_bulletin("other") is None


def air(archive: Archive, story, at: datetime, **changes: object) -> None:
    told = make_told(story, **changes)
    archive.record_bulletin("demo", make_bulletin(Path("a.mp3"), make_script(told)), made_at=at, timings={})


def test_an_aired_story_is_found_by_its_id_and_by_those_of_its_articles(archive: Archive) -> None:
    story = make_story(make_article(id="a", aliases=("a-link",)), make_article(id="b"))
    air(archive, story, NOW)

    found = archive.aired("demo", since=NOW - HOUR)

    assert set(found) == {"a", "a-link", "b"}
    assert len({id(aired) for aired in found.values()}) == 1
    assert found["b"].text == make_article().summary
    assert (found["b"].times, found["b"].first_at, found["b"].last_at) == (1, NOW, NOW)


def test_a_story_that_airs_again_is_counted(archive: Archive) -> None:
    air(archive, make_story(), NOW)
    changed = make_article(title="Bridge to stay closed", summary="It stays closed until May.")
    air(archive, make_story(changed, times_aired=1), NOW + HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]

    assert (aired.times, aired.first_at, aired.last_at) == (2, NOW, NOW + HOUR)
    assert (aired.title, aired.text) == ("Bridge to stay closed", "It stays closed until May.")


def test_a_story_keeps_its_count_when_an_earlier_article_renames_it(archive: Archive) -> None:
    air(archive, make_story(make_article(id="late")), NOW)
    air(archive, make_story(make_article(id="early"), make_article(id="late"), times_aired=1), NOW + HOUR)

    found = archive.aired("demo", since=NOW)

    assert found["early"] is found["late"]
    assert (found["early"].story_id, found["early"].times) == ("early", 2)


def test_a_story_that_has_really_changed_is_counted_from_the_start(archive: Archive) -> None:
    air(archive, make_story(), NOW)
    air(archive, make_story(times_aired=1), NOW + HOUR)

    changed = Reason(name="changed", value=0.0, note='new since it aired: "falls"')
    air(archive, make_story(make_article(title="Bridge falls"), reasons=(changed,)), NOW + 2 * HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]
    assert (aired.times, aired.first_at, aired.last_at) == (1, NOW + 2 * HOUR, NOW + 2 * HOUR)


def test_a_story_that_is_told_as_new_on_demand_goes_on_being_counted(archive: Archive) -> None:
    air(archive, make_story(), NOW)
    air(archive, make_story(times_aired=1), NOW + HOUR)

    air(archive, make_story(), NOW + 2 * HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]
    assert (aired.times, aired.first_at, aired.last_at) == (3, NOW, NOW + 2 * HOUR)


def test_what_was_ever_said_is_remembered_and_what_was_said_last(archive: Archive) -> None:
    air(archive, make_story(make_article(summary="The bridge closes. It costs 40 pounds.")), NOW)
    air(archive, make_story(make_article(summary="The bridge closes."), times_aired=1), NOW + HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]

    assert aired.text == "The bridge closes."
    assert aired.heard == f"{make_article().title} The bridge closes. It costs 40 pounds."


def test_a_kill_list_is_each_stations_own(archive: Archive) -> None:
    archive.add_kill("demo", Kill(entry="Garrowby", added_at=NOW))
    archive.add_kill("demo", Kill(entry="gazette:1", added_at=NOW + HOUR))
    archive.add_kill("demo", Kill(entry="Garrowby", added_at=NOW + HOUR))

    assert [(k.entry, k.added_at) for k in archive.kills("demo")] == [
        ("Garrowby", NOW),
        ("gazette:1", NOW + HOUR),
    ]
    assert archive.kills("other") == ()
    assert archive.remove_kill("demo", "Garrowby")
    assert not archive.remove_kill("demo", "Garrowby")
    assert [k.entry for k in archive.kills("demo")] == ["gazette:1"]


def test_what_aired_before_the_time_asked_for_is_left_out(archive: Archive) -> None:
    air(archive, make_story(), NOW)

    assert archive.aired("demo", since=NOW + timedelta(seconds=1)) == {}
    assert archive.aired("other", since=NOW) == {}


def test_a_story_that_did_not_fit_has_not_aired(archive: Archive) -> None:
    bulletin = make_bulletin(Path("a.mp3"))
    without = replace(bulletin, aired=(bulletin.aired[0], bulletin.aired[-1]))

    archive.record_bulletin("demo", without, made_at=NOW, timings={})

    assert archive.aired("demo", since=NOW) == {}


def test_recording_a_bulletin_again_changes_nothing(archive: Archive) -> None:
    bulletin = make_bulletin(Path("a.mp3"))
    for _ in range(2):
        archive.record_bulletin("demo", bulletin, made_at=NOW, timings={})

    assert archive.aired("demo", since=NOW)["gazette:1"].times == 1


def test_a_bulletin_that_cannot_be_recorded_leaves_nothing_behind(archive: Archive) -> None:
    bulletin = make_bulletin(Path("a.mp3"))

    with pytest.raises(ArchiveError):
        archive.record_bulletin("demo", bulletin, made_at=NOW, timings={"speech": object()})  # type: ignore[dict-item]

    assert archive.last_bulletin("demo") is None
    assert archive.aired("demo", since=NOW) == {}


def test_episodes_come_newest_first(archive: Archive) -> None:
    for n in (1, 3, 2):
        archive.add_episode(make_record(guid=f"g{n}", published=NOW + n * HOUR))
    archive.add_episode(make_record(guid="g1", station="other"))

    assert [e.guid for e in archive.episodes("demo")] == ["g3", "g2", "g1"]
    assert [e.guid for e in archive.episodes("demo", limit=2)] == ["g3", "g2"]
    assert [e.guid for e in archive.episodes("demo", since=NOW + 2 * HOUR)] == ["g3", "g2"]


def test_an_episode_stays_as_it_was_published(archive: Archive) -> None:
    record = make_record()
    archive.add_episode(record)
    archive.add_episode(replace(record, title="Something else"))

    assert archive.episodes("demo") == (record,)


def test_a_withdrawn_episode_is_not_listed_again(archive: Archive) -> None:
    archive.add_episode(make_record())

    gone = replace(make_record(), withdrawn_at=NOW)
    assert archive.withdraw_episode("demo", "demo-1", at=NOW) == gone
    archive.add_episode(make_record())

    assert archive.episodes("demo") == ()
    assert archive.find_episode("demo", "demo-1") == gone
    assert archive.withdraw_episode("demo", "demo-1", at=NOW + HOUR) == gone
    assert archive.withdraw_episode("demo", "unknown", at=NOW) is None


def test_a_podcast_keeps_its_guid_when_its_address_changes(archive: Archive) -> None:
    """The example of the namespace's own documentation."""
    first = archive.podcast_guid("demo", "https://mp3s.nashownotes.com/pc20rss.xml")

    assert first == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert archive.podcast_guid("demo", "https://elsewhere.example/feed.xml") == first
    assert archive.podcast_guid("other", "http://mp3s.nashownotes.com/pc20rss.xml/") == first


def test_times_come_back_in_utc_whatever_zone_they_were_in(archive: Archive) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=9)))
    archive.keep_page(PageMemory(link="x", text="", fetched_at=local))

    page = archive.page("x")
    assert page is not None
    assert (page.fetched_at, page.fetched_at.tzinfo) == (NOW, UTC)


def test_a_time_without_a_zone_is_refused(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="no time zone"):
        archive.keep_page(PageMemory(link="x", text="", fetched_at=NOW.replace(tzinfo=None)))


def test_threads_may_write_side_by_side(archive: Archive) -> None:
    def gather(number: int) -> None:
        for n in range(5):
            archive.keep_page(PageMemory(link=f"{number}/{n}", text="x", fetched_at=NOW))
            archive.keep_feed(FeedMemory(url=URL, failures=number), [make_article()])

    threads = [Thread(target=gather, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(archive.page(f"{number}/{n}") for number in range(16) for n in range(5))


def test_a_disk_without_room_is_named(archive: Archive) -> None:
    with archive.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    # SQLite's own limit: the same error code as a full disk, on every system.
    archive._engine.dispose()
    event.listen(archive._engine, "connect", lambda db, _: db.execute(f"PRAGMA max_page_count = {pages}"))

    with pytest.raises(ArchiveError, match=r"archive\.db: the disk is full; free some space"):
        archive.keep_page(PageMemory(link="x", text="x" * 100_000, fetched_at=NOW))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(st.characters(), max_size=40),
    link=st.text(st.characters(), max_size=40),
)
def test_any_text_can_be_remembered(archive: Archive, title: str, link: str) -> None:
    """Control characters, half surrogate pairs, right-to-left marks: strangers write the feeds."""
    article = make_article(id=link, title=title, text=title, link=link)
    archive.keep_feed(FeedMemory(url=link, etag=title), [article])
    archive.keep_page(PageMemory(link=link, text=title, fetched_at=NOW))
    air(archive, make_story(article), NOW + next(_MINUTES) * timedelta(minutes=1))

    assert archive.articles_of(link) == (article,)
    assert archive.page(link) is not None
    assert archive.feed_memory(link) is not None
    assert archive.last_bulletin("demo") is not None
