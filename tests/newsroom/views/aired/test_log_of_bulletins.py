"""The log of the newsroom: newest first, found by words, source and day, with the sources of each sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.ledgers.find_story_by_id import find_story_by_id
from bulletin.archive.ledgers.search_aired_stories import find_stories
from bulletin.config.load_profile import load_profile
from bulletin.model import Level
from bulletin.newsroom.views.aired.as_run_log import write_text
from bulletin.newsroom.views.aired.log_of_bulletins import ON_PAGE, LogSearch, read_bulletin, read_log
from bulletin.newsroom.views.aired.withdrawal_plan import plan_withdrawal
from tests.newsroom.views.aired.log_archive import HOUR, record, record_hours
from tests.support.factories import NOW, make_episode_record

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("log") / "archive.sqlite") as opened:
        record_hours(opened, 50)
        record(
            opened,
            at=NOW - HOUR,
            made_at=NOW - HOUR * 1.5,
            number=90,
            titles=["Spare"],
            level=Level.LAST_GOOD,
        )
        yield opened


def read(archive: Archive, before: int | None = None, **fields: object):
    return read_log(archive, "valley", LogSearch(**fields), zone=PARIS, before=before)


def test_pages_of_the_log_show_each_aired_bulletin_once_newest_first(archive: Archive) -> None:
    hours, before = [], None
    for _ in range(3):
        page = read(archive, before)
        hours += [bulletin.at for bulletin in page.bulletins]
        before = page.older
    assert (len(hours), before) == (50, None)
    assert hours == sorted(set(hours), reverse=True)
    assert (hours[0], hours[0].tzinfo) == (NOW, PARIS)
    assert len(read(archive, replaced=True).bulletins) == ON_PAGE
    assert "Spare" in str(read(archive, replaced=True, words="spare"))


def test_words_find_the_stories_that_have_them(archive: Archive) -> None:
    page = read(archive, words="closes for repairs 4")
    found = [story.title for bulletin in page.bulletins for story in bulletin.stories]
    assert found
    assert all("Bridge closes for repairs 4" in title for title in found)
    assert read(archive, source="GAZETTE").bulletins
    assert not read(archive, source="herald").bulletins


def test_days_are_the_stations_own(archive: Archive) -> None:
    page = read(archive, first=date(2026, 11, 24), last=date(2026, 11, 24))
    assert {bulletin.at.date() for bulletin in page.bulletins} == {date(2026, 11, 24)}
    assert len(page.bulletins) == 9  # from 00:00 to 08:00 in Paris


def test_a_bulletin_shows_each_sentence_beside_its_source(archive: Archive) -> None:
    newest = read(archive).bulletins[0]
    details = read_bulletin(archive, "valley", newest.id, zone=PARIS)
    assert details is not None
    story = next(passage for passage in details.passages if passage.is_story)
    assert [s.text for s in story.sentences][1] == "Residents were told of it in a letter."
    assert all(s.origins[0].link.startswith("https://gazette.example/49/") for s in story.sentences)
    assert story.at == NOW + 10 * (HOUR / 3600)
    assert read_bulletin(archive, "other", newest.id, zone=PARIS) is None


def test_an_editors_sentence_is_marked_with_its_sources_and_the_programs_own(archive: Archive) -> None:
    bulletin = record(archive, station="edited", number=3, titles=["Mayor resigns"], editor="ann")
    page = read_log(archive, "edited", LogSearch(), zone=PARIS)
    assert page.bulletins[0].stories[0].editors == ("ann",)
    details = read_bulletin(archive, "edited", page.bulletins[0].id, zone=PARIS)
    assert details is not None
    first, second = next(passage for passage in details.passages if passage.is_story).sentences
    assert (first.editor, first.replaced) == ("ann", "Mayor resigns, the council said on day 3.")
    assert (first.text, first.origins[0].credit) == ("Words of ann.", "the Wexcombe Gazette")
    assert second.editor == ""
    assert bulletin.script.title == page.bulletins[0].title


def test_a_sentence_that_was_heard_otherwise_is_marked(archive: Archive) -> None:
    text = "School opens its doors, the council said on day 0."
    note = f'figure "0" was heard as "10" by both recognisers at 0:21: "{text}" (spoken again, and still heard so)'
    record(archive, station="moor", notes=(note, "the jingle is missing"))

    (logged,) = read_log(archive, "moor", LogSearch(), zone=PARIS).bulletins
    details = read_bulletin(archive, "moor", logged.id, zone=PARIS)
    assert details
    marked = {s.text: s.doubts for passage in details.passages for s in passage.sentences if s.doubts}

    assert marked == {text: (note,)}
    assert logged.doubts == 1


def test_a_story_is_found_by_its_id_as_the_search_of_the_whole_archive_finds_it(archive: Archive) -> None:
    story = read(archive).bulletins[0].stories[0]
    found = find_story_by_id(archive, "valley", story.id)
    (searched,) = find_stories(archive, "valley", story.id)
    assert found is not None
    assert (found.ids, found.title) == (searched.ids, searched.title)
    assert find_story_by_id(archive, "valley", "nothing") is None


def test_the_plan_of_a_withdrawal_says_what_happens_to_each_bulletin(tmp_path: Path) -> None:
    (tmp_path / "valley.toml").write_text(
        'name = "Valley"\n[[deliveries]]\nkind = "folder"\nname = "Playout PC"\npath = "x"\nrendition = "podcast"\n'
    )
    loaded = load_profile(str(tmp_path / "valley.toml"))
    output = tmp_path / "output"
    (output / "valley").mkdir(parents=True)
    with Archive.open(tmp_path / "archive.sqlite") as archive:
        for number, titles in enumerate((["A", "B"], ["A"], ["A", "B"])):
            record(archive, at=NOW + number * HOUR, number=0 if number < 2 else 2, titles=titles)
            guid = "valley-0" if number < 2 else "valley-2"
            archive.add_episode(make_episode_record(guid=guid, station="valley", audio=f"{guid}.mp3"))
        (output / "valley" / "valley-0.mp3").touch()
        plan = plan_withdrawal(loaded, archive, "gazette:0-0", output=output)
        gone = plan_withdrawal(loaded, archive, "gazette:2-0", output=output)
    assert plan is not None
    assert [bulletin.effect for bulletin in plan.bulletins] == ["withdrawn", "remade"]
    assert (plan.remade, plan.withdrawn, plan.destinations) == (1, 1, ("Playout PC",))
    assert plan.bulletins[0].outlets == ("podcast",)
    assert gone is not None
    assert [bulletin.effect for bulletin in gone.bulletins] == ["unchanged"]


def test_the_plain_text_log_names_time_words_and_sources(archive: Archive) -> None:
    records = RunJournal(archive).newest("valley", JournalQuery(), limit=1)
    text = "".join(write_text(records, query=JournalQuery(), name="Valley", zone=PARIS))
    assert "Tuesday 24 November 2026 08:00 CET" in text
    assert "residents were told of it in a letter" in text
    assert "Sources: the Wexcombe Gazette https://gazette.example/49/0" in text
