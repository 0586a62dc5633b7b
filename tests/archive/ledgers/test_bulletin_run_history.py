"""
History of runs: aired stories, considered stories, scores and run records.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal, WeighedStory
from bulletin.archive.ledgers.search_aired_stories import find_stories
from bulletin.archive.record_dataclasses import Kill, RunRecord
from bulletin.model import Cue, Left, Level, Reason, Role
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def journal(archive: Archive) -> RunJournal:
    return RunJournal(archive)


SCHOOL = make_article(
    id="herald:2", feed="herald", title="School opens its doors", credit="the Herald", link="https://herald.example/2",
    summary="A school opened at Oakfold this morning, 100 % full.",
)  # fmt: skip


def record(archive: Archive, at: datetime, *articles, level: Level = Level.FRESH, made_at=None) -> None:
    story_scripts = [make_story_script(make_story(article)) for article in articles]
    bulletin = make_bulletin(Path("a.mp3"), make_script(*story_scripts, at=at), level=level)
    archive.record_bulletin("demo", bulletin, made_at=made_at or at - HOUR / 60, timings={"mix": 2.0})


def run(began_at: datetime, **changes) -> RunRecord:
    fields = {"station": "demo", "began_at": began_at, "at": began_at, "verdict": "fresh"}
    return RunRecord(**(fields | changes))


def test_aired_bulletins_come_in_order_with_times_and_sources(archive: Archive, journal: RunJournal) -> None:
    record(archive, NOW + HOUR, SCHOOL)
    record(archive, NOW, make_article())

    first, second = journal.aired("demo", JournalQuery())

    assert (first.at, second.at) == (NOW, NOW + HOUR)
    assert first.starts_s == (0.0, 10.0, 20.0)
    assert [(s.feed, s.credit, s.link) for s in second.sources["herald:2"]] == [
        ("herald", "the Herald", "https://herald.example/2")
    ]


@pytest.mark.parametrize(
    "query",
    [
        JournalQuery(story="oakfold THIS"),
        JournalQuery(story="herald:2"),
        JournalQuery(story="100 %"),
        JournalQuery(source="the herald"),
        JournalQuery(source="herald.example"),
        JournalQuery(since=NOW + HOUR),
        JournalQuery(story="school", since=NOW, until=NOW + 2 * HOUR),
    ],
)
def test_the_log_is_searched_by_story_source_and_time(
    archive: Archive, journal: RunJournal, query: JournalQuery
) -> None:
    record(archive, NOW, make_article())
    record(archive, NOW + HOUR, SCHOOL)

    assert [bulletin.at for bulletin in journal.aired("demo", query)] == [NOW + HOUR]


def test_a_percent_sign_is_no_wildcard(archive: Archive, journal: RunJournal) -> None:
    record(archive, NOW, make_article())

    assert list(journal.aired("demo", JournalQuery(story="bri%ge"))) == []


def test_a_stand_by_that_was_replaced_before_its_hour_did_not_air(
    archive: Archive, journal: RunJournal
) -> None:
    record(archive, NOW, make_article(), level=Level.LAST_GOOD, made_at=NOW - HOUR)
    record(archive, NOW, make_article())
    record(archive, NOW + HOUR, make_article(), level=Level.LAST_GOOD)
    record(archive, NOW + HOUR, SCHOOL, made_at=NOW + HOUR + HOUR / 60)

    aired = [(bulletin.at, bulletin.level) for bulletin in journal.aired("demo", JournalQuery())]

    assert aired == [(NOW, "fresh"), (NOW + HOUR, "last-good"), (NOW + HOUR, "fresh")]
    assert len(list(journal.aired("demo", JournalQuery(), everything=True))) == 4


def test_a_stand_by_is_not_the_last_bulletin_and_not_counted_again(archive: Archive) -> None:
    record(archive, NOW, make_article())
    record(archive, NOW + HOUR, make_article(), level=Level.LAST_GOOD)

    last = archive.last_bulletin("demo")

    assert last is not None
    assert last.at == NOW
    assert archive.aired("demo", since=NOW - HOUR)["gazette:1"].times == 1
    assert [sum(stages.values()) for stages in archive.stage_times("demo", limit=5)] == [2.0]


def test_a_bulletin_that_was_withdrawn_is_not_the_last_good_one(
    archive: Archive, journal: RunJournal
) -> None:
    record(archive, NOW, make_article())
    record(archive, NOW + HOUR, SCHOOL)
    *_, newest = journal.aired("demo", JournalQuery())

    for hours in (2, 3):
        kills = [Kill(entry="herald:2", added_at=NOW + hours * HOUR, note="School")]
        journal.withdraw("demo", bulletins=[newest.id], guids=[], kills=kills, at=NOW + hours * HOUR)

    assert archive.last_bulletin("demo").at == NOW
    assert archive.kills("demo") == (Kill(entry="herald:2", added_at=NOW + 2 * HOUR, note="School"),)
    assert [bulletin.withdrawn_at for bulletin in journal.aired("demo", JournalQuery())] == [
        None,
        NOW + 2 * HOUR,
    ]


def test_a_run_is_kept_with_its_scores_and_the_one_before_it_too(
    archive: Archive, journal: RunJournal
) -> None:
    reasons = (Reason(name="sources", value=2.0, note="2 sources"),)
    story = make_story(make_article(), score=5.0, reasons=reasons)
    record(archive, NOW + HOUR, make_article(), made_at=NOW)

    journal.keep_run(
        run(NOW, timings={"mix": 1.5}, notes=("no bed",), log=("mix: podcast",)),
        weighed=[
            WeighedStory(story=story, place=1, verdict="aired"),
            WeighedStory(story=make_story(SCHOOL), place=0, verdict="no room"),
        ],
    )
    journal.keep_run(run(NOW + HOUR, verdict="NoStoryError", error="no feed"))

    newest, before = journal.runs("demo", limit=5)
    assert (newest.verdict, newest.error, newest.bulletin_id) == ("NoStoryError", "no feed", None)
    assert (before.timings, before.notes, before.log) == ({"mix": 1.5}, ("no bed",), ("mix: podcast",))
    assert before.bulletin_id is not None
    first, second = sorted(journal.considered("demo"), key=lambda weighed: -weighed.place)
    assert (first.title, first.score, first.reasons, first.verdict) == (story.title, 5.0, reasons, "aired")
    assert (second.place, second.verdict, second.articles[0].credit) == (0, "no room", "the Herald")


def test_a_story_unfit_every_hour_is_one_row(journal: RunJournal) -> None:
    for number in range(5):
        old = Left(title="Fair", reason=f"older than 24 hours ({25 + number} h)", article_id="a")
        journal.keep_run(run(NOW + number * HOUR), left=[old, old])

    (left,) = journal.left_out("demo")

    assert (left.reason, left.times) == ("older than 24 hours", 5)
    assert (left.first_at, left.last_at) == (NOW, NOW + 4 * HOUR)


def test_a_thousand_stories_at_once_keep_their_reasons_but_not_all_their_scores(journal: RunJournal) -> None:
    weighed = [
        WeighedStory(story=make_story(make_article(id=f"a:{n}"), score=float(n)), place=0, verdict="no room")
        for n in range(1000)
    ]

    journal.keep_run(run(NOW), weighed=weighed)

    assert [weighed.score for weighed in journal.considered("demo")] == [999.0 - n for n in range(60)]
    assert len(journal.left_out("demo")) == 940


def test_a_story_is_found_by_id_link_and_words_under_all_its_names(
    archive: Archive, journal: RunJournal
) -> None:
    record(archive, NOW, make_article())
    joined = make_story(make_article(), make_article(id="herald:9", title="Wex crossing shut"), id="herald:9")
    journal.keep_run(run(NOW + HOUR), weighed=[WeighedStory(story=joined, place=1, verdict="aired")])
    journal.keep_run(
        run(NOW + HOUR), weighed=[WeighedStory(story=make_story(SCHOOL), place=0, verdict="no room")]
    )

    for name in ("gazette:1", "herald:9", "https://www.gazette.example/bridge/", "bridge over"):
        (known_story,) = find_stories(archive, "demo", name)
        assert known_story.ids == {"gazette:1", "herald:9"}, name
    assert [known_story.id for known_story in find_stories(archive, "demo", "school opens")] == ["herald:2"]
    assert len(find_stories(archive, "demo", "e")) == 2
    assert find_stories(archive, "demo", "nothing such") == ()
    assert find_stories(archive, "demo", " ") == ()


def test_spoken_words_are_searched_only_if_no_title_matches(archive: Archive) -> None:
    record(archive, NOW, make_article(), SCHOOL)

    assert [known_story.id for known_story in find_stories(archive, "demo", "oakfold")] == ["herald:2"]


def test_cues_say_when_a_passage_is_heard_first(archive: Archive, journal: RunJournal) -> None:
    script = make_script(at=NOW)
    bulletin = make_bulletin(Path("a.mp3"), script)
    cue = Cue(start_s=12.345, end_s=20.0, text="x", role=Role.STORY, story_id="gazette:1")
    rendition = replace(bulletin.renditions[0], cues=(cue,))

    archive.record_bulletin("demo", replace(bulletin, renditions=(rendition,)), made_at=NOW, timings={})

    (record_,) = journal.aired("demo", JournalQuery())
    assert record_.starts_s == (None, 12.35, None) or record_.starts_s == (None, 12.34, None)
