"""Edits at bad moments: a locked archive, a removed station, clocks that change; clear answers, nothing lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.errors import ArchiveError, NewsroomError
from bulletin.newsroom.actions.edit_stories import drop_story, pin_story
from bulletin.newsroom.actions.reword_sentences import reword_sentence
from bulletin.newsroom.choose_slot import choose_slot
from bulletin.newsroom.coming_bulletin import coming_bulletin
from bulletin.newsroom.desk import Desk
from bulletin.pipeline.decisions.read_edits_of_bulletin import last_slot, next_slot
from tests.support.factories import NOW
from tests.support.newsroom_desk import HOUR, newsroom


@contextmanager
def impatient(desk: Desk) -> Iterator[Desk]:
    """The desk with an archive that waits a hundredth of a second for a lock."""
    with Archive.open(desk.archive.path, busy_s=0.01) as archive:
        yield replace(desk, archive=archive)


def test_an_edit_while_the_archive_is_locked_says_so_and_counts_when_it_is_sent_again(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk, impatient(desk) as editor:
        with closing(sqlite3.connect(desk.archive.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ArchiveError, match="another program keeps it locked; try again later"):
                drop_story(editor, story="bridge", key="k")
            other.execute("ROLLBACK")
        assert desk.edits.history("hill") == ()

        drop_story(editor, story="bridge", key="k")
        drop_story(editor, story="bridge", key="k")

        assert [edit.story_id for edit in desk.edits.history("hill")] == ["bridge"]


def test_a_removed_station_is_named_and_its_edits_stay(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        drop_story(desk, story="bridge")
        desk.loaded.path.unlink()
        for act in (
            lambda: pin_story(desk, story="ferry"),
            lambda: reword_sentence(desk, story="ferry", sentence="1", text="Words."),
            lambda: coming_bulletin(desk),
        ):
            with pytest.raises(NewsroomError, match=r"hill has been removed \(hill.toml is gone\)"):
                act()

        assert len(desk.edits.history("hill")) == 1


def test_each_of_the_two_hours_of_an_autumn_night_has_its_own_edits(tmp_path: Path) -> None:
    """In London 01:00 comes twice on 25 October 2026."""
    before = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    with newsroom(tmp_path) as desk:
        night = replace(desk, now=lambda: before)
        first, second = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1))
        for due in (first, second):
            drop_story(night, story="bridge", due=due)

    with newsroom(tmp_path / "again") as desk:
        zone = desk.loaded.profile
        assert (next_slot(zone, at=first), last_slot(zone, before=second)) == (first, first)


def test_a_slot_in_the_hour_that_spring_skips_does_not_exist(tmp_path: Path) -> None:
    """In London 01:00 to 02:00 does not come on 29 March 2026."""
    with newsroom(tmp_path) as desk:
        night = replace(desk, now=lambda: datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
        choice = choose_slot(night)

    assert choice.due == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_edits_made_by_a_clock_that_ran_ahead_still_hold(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        reword_sentence(
            replace(desk, now=lambda: NOW + timedelta(days=40)), story="bridge", sentence="1", text="Shut."
        )
        drop_story(desk, story="nurses")

        assert coming_bulletin(desk).find("bridge").sentences[0].text == "Shut."


def test_a_slot_that_has_passed_gives_the_edit_to_the_next_one(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        answer = drop_story(desk, story="bridge", due=NOW)

    assert answer.counts_for == NOW + HOUR
    assert answer.note == "The 07:00 slot has passed: this counts for the 08:00 bulletin."
