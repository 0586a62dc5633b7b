"""A locked, damaged or foreign archive: the station is on air at the hour."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_revision import REVISIONS
from bulletin.archive.record_dataclasses import Kill
from bulletin.model import Level
from tests.faults.cases import level
from tests.faults.locks import held_exclusively, locked
from tests.faults.station_on_clock import EIGHT, HOUR, MINUTE, Air
from tests.support.newer_archive import make_newer

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("short_lock_waits")]

NINE = EIGHT + HOUR


def test_locked_over_the_slot(on_air_at_seven: Air) -> None:
    """News is on air, although the station cannot read which stories aired; the ledger gets the row after the lock."""
    air = on_air_at_seven
    air.write_news(first=1)

    with locked(air.database):
        air.slot(EIGHT)
        air.expect(level("Archive", "locked"), due=EIGHT, is_written=False)
    air.tick(EIGHT + 2 * MINUTE)

    air.expect(level("Archive", "locked"), due=EIGHT)
    assert "another program keeps it locked" in air.row(EIGHT).note
    assert times_aired(air, "library") == 1
    air.stand_by(NINE)
    air.slot(NINE)
    air.expect(Level.FRESH, due=NINE)


def test_locked_while_the_service_starts(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write_news(first=1)
    air.switch_off()

    with locked(air.database):
        air.now = EIGHT - 5 * MINUTE
        air.switch_on()
        air.slot(EIGHT)
        air.expect(level("Archive", "locked at start"), due=EIGHT, is_written=False)
    air.tick(EIGHT + 2 * MINUTE)

    air.expect(level("Archive", "locked at start"), due=EIGHT)
    assert times_aired(air, "library") == 1


def test_held_exclusively_while_the_service_starts(on_air_at_seven: Air) -> None:
    """
    Without reading the archive, the service uses its own ledger and the copy of the kill list.

    When the lock is gone, it returns to the archive by itself: aired stories are recorded and no slot is done twice.
    """
    air = on_air_at_seven
    assert air.archive
    air.archive.add_kill("valley", Kill(entry="harbour", added_at=air.now))
    air.write_news(first=1, count=2)
    air.switch_off()

    with held_exclusively(air.database):
        air.now = EIGHT - 5 * MINUTE
        air.switch_on()
        air.slot(EIGHT)
        air.expect(level("Archive", "exclusive"), due=EIGHT, is_written=False)
        assert air.events["met"] == 1
        air.stand_by(NINE)
    air.tick(EIGHT + 20 * MINUTE)

    assert air.events["archive is back"] == 1
    air.expect_row(level("Archive", "exclusive"), due=EIGHT)
    assert air.archive
    assert air.archive.path == air.database
    assert (times_aired(air, "library"), times_aired(air, "harbour")) == (1, 0)
    air.tick(EIGHT + 21 * MINUTE)
    air.write_news(first=3)
    air.slot(NINE)
    air.expect(Level.FRESH, due=NINE)
    assert (air.row(EIGHT).tries, air.row(NINE).tries) == (1, 1)
    assert air.events["met"] == 2


def times_aired(air: Air, word: str) -> int:
    """How often stories with this word in the title have aired, by the archive."""
    with Archive.open(air.database) as archive:
        aired = archive.aired("valley", since=EIGHT - HOUR - HOUR)
    return sum(
        aired_story.times
        for aired_story in {aired_story.story_id: aired_story for aired_story in aired.values()}.values()
        if word in aired_story.title
    )


def test_replaced_by_noise(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.switch_off()
    for path in air.database.parent.glob("archive.sqlite*"):
        path.unlink()
    air.database.write_bytes(random.Random(5).randbytes(20_000))
    air.write_news(first=1)
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Archive", "noise"), due=EIGHT)
    assert "is damaged" in " ".join(air.notes)


def test_overwritten_while_running(on_air_at_seven: Air) -> None:
    """Damage like a broken disk's: in the middle of the file, under an open connection."""
    air = on_air_at_seven
    with closing(sqlite3.connect(air.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with air.database.open("r+b") as file:
        file.seek(4096)
        file.write(random.Random(5).randbytes(air.database.stat().st_size // 2))
    air.write_news(first=1)

    air.slot(EIGHT)

    air.expect(level("Archive", "torn"), due=EIGHT)
    assert len(list(air.database.parent.glob("archive.corrupt-*Z"))) >= 1


def test_written_by_a_newer_bulletin(on_air_at_seven: Air) -> None:
    """The archive stays unchanged, and a killed story does not air."""
    air = on_air_at_seven
    assert air.archive
    air.archive.add_kill("valley", Kill(entry="library", added_at=air.now))
    air.switch_off()
    make_newer(air.database)
    with closing(sqlite3.connect(air.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = air.database.read_bytes()
    air.write_news(first=1)
    air.switch_on()

    air.slot(EIGHT)
    air.expect(Level.LAST_GOOD, due=EIGHT, is_written=False)
    assert 'on the kill list: "library"' in " ".join(air.notes)
    air.write_news(first=2)
    air.stand_by(NINE)
    air.slot(NINE)

    air.expect(level("Archive", "newer"), due=NINE, is_written=False)
    assert "newer Bulletin" in " ".join(air.notes)
    assert air.events["met"] == 2
    assert air.database.read_bytes() == before
    with closing(sqlite3.connect(air.database)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = ?", [REVISIONS[-1]])
    air.tick(NINE + 2 * MINUTE)
    assert air.events["archive is back"] == 1
    air.expect_row(Level.LAST_GOOD, due=EIGHT)
    air.expect_row(level("Archive", "newer"), due=NINE)
    air.tick(NINE + 3 * MINUTE)
    assert air.events["met"] == 2


def test_another_programs_database(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.switch_off()
    for path in air.database.parent.glob("archive.sqlite*"):
        path.unlink()
    with closing(sqlite3.connect(air.database)) as db, db:
        db.execute("CREATE TABLE songs (title TEXT)")
    air.write_news(first=1)
    air.switch_on()

    air.slot(EIGHT)

    air.expect(level("Archive", "foreign"), due=EIGHT, is_written=False)
    assert "another program" in " ".join(air.notes)
    with closing(sqlite3.connect(air.database)) as db:
        assert [name for (name,) in db.execute("SELECT name FROM sqlite_master")] == ["songs"]
