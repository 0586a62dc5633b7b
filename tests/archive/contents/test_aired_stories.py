"""
Aired stories in the archive, also looked up by the ids of their articles.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.errors import ArchiveError
from bulletin.model import Episode, Left, Quality, Reason
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
)

HOUR = timedelta(hours=1)


def record_story(archive: Archive, story, at: datetime, **changes: object) -> None:
    story_script = make_story_script(story, **changes)
    archive.record_bulletin(
        "demo", make_bulletin(Path("a.mp3"), make_script(story_script)), made_at=at, timings={}
    )


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


def test_the_quality_of_a_rendition_is_stored(archive: Archive) -> None:
    bulletin = make_bulletin(Path("demo-1.mp3"))
    quality = Quality(
        short_term_max_lufs=-14.5,
        range_lu=2.5,
        clipped=2,
        dc_offset=0.001,
        mono_loss_lu=0.25,
        warnings=("a", "b"),
    )
    examined = replace(bulletin, renditions=(replace(bulletin.renditions[0], quality=quality),))

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
    before = archive.last_bulletin("demo", until=NOW + HOUR)
    assert before is not None
    assert before.title == "middle"


def test_an_aired_story_is_found_by_its_id_and_by_those_of_its_articles(archive: Archive) -> None:
    story = make_story(make_article(id="a", aliases=("a-link",)), make_article(id="b"))
    record_story(archive, story, NOW)

    aired_by_id = archive.aired("demo", since=NOW - HOUR)

    assert set(aired_by_id) == {"a", "a-link", "b"}
    assert len({id(aired) for aired in aired_by_id.values()}) == 1
    assert aired_by_id["b"].text == make_article().summary
    assert (aired_by_id["b"].times, aired_by_id["b"].first_at, aired_by_id["b"].last_at) == (1, NOW, NOW)


def test_stories_are_read_by_the_ids_of_a_bulletin_alone(archive: Archive) -> None:
    for number in range(3):
        article = make_article(id=f"a{number}", title=f"News {number}")
        record_story(archive, make_story(article, id=f"s{number}"), at=NOW + number * HOUR)

    assert [story.story_id for story in archive.aired_as("demo", ["s0", "a2", "unknown"])] == ["s0", "s2"]
    assert archive.aired_as("demo", ["s0"])[0].article_ids == ("a0",)
    assert archive.aired_as("other", ["s0"]) == archive.aired_as("demo", []) == ()


def test_a_story_that_airs_again_is_counted(archive: Archive) -> None:
    record_story(archive, make_story(), NOW)
    changed = make_article(title="Bridge to stay closed", summary="It stays closed until May.")
    record_story(archive, make_story(changed, times_aired=1), NOW + HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]

    assert (aired.times, aired.first_at, aired.last_at) == (2, NOW, NOW + HOUR)
    assert (aired.title, aired.text) == ("Bridge to stay closed", "It stays closed until May.")


def test_a_story_keeps_its_count_when_an_earlier_article_renames_it(archive: Archive) -> None:
    record_story(archive, make_story(make_article(id="late")), NOW)
    record_story(
        archive, make_story(make_article(id="early"), make_article(id="late"), times_aired=1), NOW + HOUR
    )

    aired_by_id = archive.aired("demo", since=NOW)

    assert aired_by_id["early"] is aired_by_id["late"]
    assert (aired_by_id["early"].story_id, aired_by_id["early"].times) == ("early", 2)


def test_a_story_that_has_really_changed_is_counted_from_the_start(archive: Archive) -> None:
    record_story(archive, make_story(), NOW)
    record_story(archive, make_story(times_aired=1), NOW + HOUR)

    changed = Reason(name="changed", value=0.0, note='new since it aired: "falls"')
    record_story(archive, make_story(make_article(title="Bridge falls"), reasons=(changed,)), NOW + 2 * HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]
    assert (aired.times, aired.first_at, aired.last_at) == (1, NOW + 2 * HOUR, NOW + 2 * HOUR)


def test_a_story_repeated_on_demand_keeps_its_count(archive: Archive) -> None:
    record_story(archive, make_story(), NOW)
    record_story(archive, make_story(times_aired=1), NOW + HOUR)

    record_story(archive, make_story(), NOW + 2 * HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]
    assert (aired.times, aired.first_at, aired.last_at) == (3, NOW, NOW + 2 * HOUR)


def test_aired_words_and_the_last_aired_text_are_stored(archive: Archive) -> None:
    record_story(archive, make_story(make_article(summary="The bridge closes. It costs 40 pounds.")), NOW)
    record_story(archive, make_story(make_article(summary="The bridge closes."), times_aired=1), NOW + HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]

    assert aired.text == "The bridge closes."
    assert aired.heard == f"{make_article().title} The bridge closes. It costs 40 pounds."


def test_every_aired_sentence_is_stored_once_the_oldest_first(archive: Archive) -> None:
    for hour, sentence in enumerate(("The bridge closes.", "It costs 40 pounds.", "The bridge closes.")):
        record_story(archive, make_story(make_article(summary=sentence), times_aired=hour), NOW + hour * HOUR)

    aired = archive.aired("demo", since=NOW)["gazette:1"]

    assert aired.sentences == ("The bridge closes.", "It costs 40 pounds.")


def test_an_article_in_common_is_not_enough_to_be_the_same_story(archive: Archive) -> None:
    """An article that was grouped wrongly for one hour does not rename the aired story."""
    record_story(archive, make_story(make_article(id="a"), make_article(id="b")), NOW)
    record_story(archive, make_story(make_article(id="b")), NOW + HOUR)

    aired_by_id = archive.aired("demo", since=NOW)

    assert (aired_by_id["a"].times, aired_by_id["a"].last_at) == (1, NOW)
    assert (aired_by_id["b"].times, aired_by_id["b"].story_id) == (1, "b")


def test_stories_aired_before_the_given_time_are_left_out(archive: Archive) -> None:
    record_story(archive, make_story(), NOW)

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
