"""Rebuilding a damaged or lost archive: the rows that are saved, and the notes to the user."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.database.check_database_damage import CorruptArchiveError
from bulletin.archive.fallback_archive import open_fallback
from bulletin.archive.kill_list_safety_copy import KillList, kill_list_path
from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction
from bulletin.archive.record_dataclasses import Kill
from bulletin.archive.repair.daily_copies import find_copies
from bulletin.model import Level, Slot
from tests.faults.locks import held_exclusively
from tests.support.factories import NOW, make_article, make_bulletin, make_episode_record

pytestmark = pytest.mark.slow

HOUR, DAY, PAGE = timedelta(hours=1), timedelta(days=1), 4096
COUNT = 60


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed archive of sixty bulletins, without a daily copy."""
    path = tmp_path_factory.mktemp("archive") / "archive.sqlite"
    with Archive.open(path) as archive:
        archive.add_kill("hill", Kill(entry="Pethick", added_at=NOW))
        for number in range(COUNT):
            bulletin = make_bulletin(Path("a.mp3"))
            archive.record_bulletin("hill", bulletin, made_at=NOW + number * HOUR, timings={})
    return path.parent


@pytest.fixture
def path(tmp_path: Path, made_once: Path) -> Path:
    """A copy of the archive in the test's own folder."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "archive.sqlite"


def kills(path: Path) -> list[str]:
    with Archive.open(path) as archive:
        return [kill.entry for kill in archive.kills("hill")]


def make_unreadable(path: Path) -> None:
    """Make the archive's file unreadable."""
    path.write_bytes(random.Random(5).randbytes(60_000))


def edit(path: Path, change: Callable[[bytearray], object]) -> None:
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)


# -- an archive opens after any damage


def test_a_flipped_bit_in_the_schema_is_damage(path: Path) -> None:
    """SQLite's message is then not UTF-8, so that Python's sqlite3 raises UnicodeDecodeError."""
    position = path.read_bytes().index(b"CREATE TABLE kills")

    for offset in (0, 7, 13, 20):  # the keywords, the table's name, a column
        whole = path.read_bytes()
        edit(path, lambda data, at=position + offset: data.__setitem__(at, data[at] ^ 0x80))

        with Archive.open(path) as archive:
            assert "is damaged" in archive.notes[0]
            assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]
            assert len(archive.bulletins("hill")) == COUNT
            assert archive.doubt == ""
        path.write_bytes(whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(150))
def test_any_flipped_bit_in_the_first_pages_leaves_an_archive_that_works(path: Path, seed: int) -> None:
    rng = random.Random(seed)
    edit(
        path, lambda data: data.__setitem__(at := rng.randrange(4 * PAGE), data[at] ^ (1 << rng.randrange(8)))
    )

    with Archive.open(path) as archive:
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]
        archive.record_bulletin("hill", make_bulletin(Path("b.mp3")), made_at=NOW + 9 * DAY, timings={})
        assert archive.last_bulletin("hill").made_at == NOW + 9 * DAY
        archive.add_own_story("hill", make_article())
        RunJournal(archive).tellings("hill", ["bridge"])
        assert len(archive.bulletins("hill")) >= COUNT - 2


@pytest.mark.parametrize(("byte", "value"), [(18, 9), (19, 9), (47, 77), (59, 2), (16, 0)])
def test_a_header_of_an_unknown_format_is_damage_and_the_rows_are_saved(
    path: Path, byte: int, value: int
) -> None:
    edit(path, lambda data: data.__setitem__(byte, value))

    with Archive.open(path) as archive:
        archive.add_kill("hill", Kill(entry="Marrow", added_at=NOW + HOUR))
        assert "is damaged" in archive.notes[0]
        assert len(archive.bulletins("hill")) == COUNT


def test_a_header_that_is_noise_costs_no_row(path: Path) -> None:
    edit(path, lambda data: data.__setitem__(slice(0, 100), random.Random(5).randbytes(100)))

    with Archive.open(path) as archive:
        assert len(archive.bulletins("hill")) == COUNT
        assert archive.aired("hill", since=NOW)["gazette:1"].times == COUNT


def test_a_truncated_file_is_padded_and_its_remaining_rows_are_saved(path: Path) -> None:
    edit(path, lambda data: data.__delitem__(slice(len(data) * 5 // 6 + 17, None)))

    with Archive.open(path) as archive:
        assert 10 < len(archive.bulletins("hill")) < COUNT
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]


def test_rows_between_two_damaged_pages_are_saved(path: Path) -> None:
    pages = pages_of_bulletins(path)
    wipe(path, pages[len(pages) // 4], pages[3 * len(pages) // 4])

    with Archive.open(path) as archive:
        made = {record.made_at for record in archive.bulletins("hill")}

    assert NOW in made
    assert NOW + COUNT // 2 * HOUR in made  # between the two damaged pages
    assert NOW + (COUNT - 1) * HOUR in made


def test_rows_behind_a_damaged_first_page_are_saved_however_high_their_numbers(path: Path) -> None:
    """Row ids begin after a million in an archive whose oldest rows were deleted."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE bulletins SET id = id + 1000000")
    wipe(path, pages_of_bulletins(path)[0])

    with Archive.open(path) as archive:
        assert COUNT // 2 < len(archive.bulletins("hill")) < COUNT


def pages_of_bulletins(path: Path) -> list[int]:
    """Leaf pages of the table of bulletins, in the order of its rows."""
    with closing(sqlite3.connect(path)) as db:
        if not _has_dbstat(db):
            return _leaves(db, path, b"gazette:1")
        asked = "SELECT pageno FROM dbstat WHERE name = 'bulletins' AND pagetype = 'leaf' ORDER BY path"
        return [page for (page,) in db.execute(asked)]


def wipe(path: Path, *pages: int) -> None:
    for page in pages:
        edit(path, lambda data, at=(page - 1) * PAGE: data.__setitem__(slice(at, at + PAGE), bytes(PAGE)))


def _has_dbstat(db: sqlite3.Connection) -> bool:
    try:
        return bool(db.execute("SELECT count(*) FROM dbstat").fetchone())
    except sqlite3.Error:
        return False


def _leaves(db: sqlite3.Connection, path: Path, word: bytes) -> list[int]:
    """Leaf pages of tables that contain the word, for an SQLite without dbstat."""
    data = path.read_bytes()
    starts = range(PAGE, len(data), PAGE)
    return [at // PAGE + 1 for at in starts if data[at] == 0x0D and word in data[at : at + PAGE]]


@pytest.mark.parametrize("table", ["alembic_version", "kills", "slots"])
def test_an_archive_without_one_of_its_tables_is_damaged(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"DROP TABLE {table}")

    with Archive.open(path) as archive:
        assert "is damaged" in archive.notes[0]
        assert len(archive.bulletins("hill")) == COUNT
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]


@pytest.mark.parametrize("version", ["0000", "x", "", "\N{SNOWMAN}"])
def test_a_version_that_never_was_is_damage(path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = ?", [version])

    with Archive.open(path) as archive:
        assert "is damaged" in archive.notes[0]
        assert len(archive.bulletins("hill")) == COUNT


@pytest.mark.parametrize(
    "noise",
    [
        "UPDATE bulletins SET level = 'fresj' WHERE id = 7",
        "UPDATE bulletins SET running_order = '[{}]' WHERE id = 7",
        "UPDATE bulletins SET timings = '3' WHERE id = 7",
        "UPDATE bulletins SET made_at = 'soon' WHERE id = 7",
    ],
)
def test_an_unreadable_row_is_dropped(path: Path, noise: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(noise)

    with Archive.open(path) as archive:
        archive.stage_times("hill", limit=COUNT)
        assert len(archive.bulletins("hill")) == COUNT - 1
        assert len(archive.notes) == 1
    with Archive.open(path) as archive:
        assert archive.notes == ()


def test_a_slot_with_an_unknown_state_is_dropped(path: Path) -> None:
    with Archive.open(path) as archive:
        SlotLedger(archive).plan([Slot(station="hill", due=NOW + n * HOUR, length_s=60) for n in range(3)])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE slots SET state = 'dome' WHERE due = (SELECT min(due) FROM slots)")

    with Archive.open(path) as archive:
        assert [row.due for row in SlotLedger(archive).rows(since=NOW, until=NOW + DAY)] == [
            NOW + HOUR,
            NOW + 2 * HOUR,
        ]


def test_an_index_that_is_at_odds_with_its_table_is_found_by_the_daily_copy(path: Path) -> None:
    """SQLite's quick_check does not see a flipped bit in an entry of the kill list."""
    edit(path, lambda data: _flip_in_leaf(data, b"Pethick"))

    with Archive.open(path) as archive:
        assert [kill.entry for kill in archive.kills("hill")] == [
            "Pethhck",
            "Pethick",
        ]  # both spellings are blocked
        with pytest.raises(CorruptArchiveError):
            archive.copy_daily(now=NOW)
        assert archive.copy_daily(now=NOW) is not None
        assert len(archive.bulletins("hill")) == COUNT


def _flip_in_leaf(data: bytearray, word: bytes) -> None:
    """Flip a bit of the word in the table's leaf page, not in the index."""
    at = next(
        data.index(word, start)
        for start in range(0, len(data), PAGE)
        if data[start] == 0x0D and word in data[start : start + PAGE]
    )
    data[at + 4] ^= 1


def test_an_episode_is_kept_although_its_bulletin_is_lost(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.add_episode(make_episode_record())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE episodes SET bulletin_id = 7")
        db.execute("UPDATE bulletins SET level = 'noise' WHERE id = 7")
    edit(path, lambda data: data.__setitem__(19, 9))

    with Archive.open(path) as archive:
        assert len(archive.bulletins("hill")) == COUNT - 1
        assert archive.episodes("demo") == (make_episode_record(),)


# -- rows that the daily copy brings back


def test_an_archive_that_was_deleted_or_emptied_comes_back_from_its_copy(path: Path) -> None:
    with Archive.open(path) as archive:
        copy = archive.copy_daily(now=NOW)
        archive.add_kill("hill", Kill(entry="Marrow", added_at=NOW + HOUR))
    assert copy is not None
    before = copy.read_bytes()

    for lose in (Path.unlink, lambda path: path.write_bytes(b"")):
        lose(path)
        with Archive.open(path) as archive:
            assert "empty or was deleted" in archive.notes[0]
            assert "rows came from its copy of" in archive.notes[0]
            assert len(archive.bulletins("hill")) == COUNT
            assert [kill.entry for kill in archive.kills("hill")] == ["Pethick", "Marrow"]
            assert archive.doubt == ""
    assert list(path.parent.glob("*.corrupt-*")) == []
    assert copy.read_bytes() == before


def test_a_damaged_copy_is_skipped_for_an_older_one(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.copy_daily(now=NOW)
        archive.copy_daily(now=NOW + DAY)
    newest, _ = find_copies(path)
    make_unreadable(newest)
    make_unreadable(path)

    with Archive.open(path) as archive:
        assert len(archive.bulletins("hill")) == COUNT


def test_slots_that_were_open_in_the_copy_are_not_made_again(path: Path) -> None:
    with Archive.open(path) as archive:
        ledger, outbox = SlotLedger(archive), Outbox(archive)
        ledger.plan([Slot(station="hill", due=NOW + n * HOUR, length_s=60) for n in range(3)])
        ledger.claim("hill", NOW, owner="us", now=NOW, lease=HOUR)
        ledger.finish("hill", NOW, owner="us", level=Level.FRESH, now=NOW)
        outbox.add("hill", "ftp", "hill-1", OutboxAction.PUBLISH, now=NOW)
        archive.copy_daily(now=NOW)
    make_unreadable(path)

    with Archive.open(path) as archive:
        assert SlotLedger(archive).rows(since=NOW - DAY, until=NOW + DAY) == ()
        assert Outbox(archive).waiting("hill", "ftp") == ()


def test_older_slots_of_the_copy_come_back_where_newer_ones_are_known(path: Path) -> None:
    with Archive.open(path) as archive:
        ledger = SlotLedger(archive)
        ledger.plan([Slot(station="hill", due=NOW, length_s=60)])
        ledger.claim("hill", NOW, owner="us", now=NOW, lease=HOUR)
        ledger.finish("hill", NOW, owner="us", level=Level.FRESH, now=NOW)
        archive.copy_daily(now=NOW)
        ledger.plan([Slot(station="hill", due=NOW + HOUR, length_s=60)])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE slots SET state = 'noise' WHERE due = (SELECT min(due) FROM slots)")
    edit(path, lambda data: data.__setitem__(19, 9))

    with Archive.open(path) as archive:
        assert [row.due for row in SlotLedger(archive).rows(since=NOW, until=NOW + DAY)] == [NOW, NOW + HOUR]


# -- withdrawn and blocked items stay off the air


@pytest.fixture
def changed(path: Path) -> Iterator[Path]:
    """Kills and withdrawals after the daily copy, in an archive that is then overwritten with noise."""
    with Archive.open(path) as archive:
        archive.add_kill("hill", Kill(entry="harmless", added_at=NOW))
        archive.add_own_story("hill", make_article())
        archive.add_own_story("hill", make_article(id="own:2"))
        archive.add_episode(make_episode_record())
        archive.add_episode(replace(make_episode_record(), guid="hill-2", station="hill"))
        archive.copy_daily(now=NOW)
        archive.add_kill("hill", Kill(entry="Marrow", added_at=NOW + HOUR))
        archive.remove_kill("hill", "harmless", at=NOW + HOUR)
        archive.remove_own_story("hill", "gazette:1", at=NOW + HOUR)
        archive.remove_own_story("hill", "own:2", at=NOW + HOUR)
        archive.add_own_story("hill", make_article(id="own:2"))
        archive.withdraw_episode("demo", "demo-1", at=NOW + HOUR)
        (last, *_) = archive.bulletins("hill")
        kill = Kill(entry="herald:2", added_at=NOW + 2 * HOUR, note="School")
        RunJournal(archive).withdraw(
            "hill", bulletins=[last.id], guids=["hill-2"], kills=[kill], at=NOW + 2 * HOUR
        )
    make_unreadable(path)
    return path


def test_items_withdrawn_since_the_copy_stay_withdrawn(changed: Path) -> None:
    with Archive.open(changed) as archive:
        assert len(archive.bulletins("hill")) == COUNT
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick", "Marrow", "herald:2"]
        assert [story.id for story in archive.own_stories("hill", NOW)] == ["own:2"]
        assert archive.episodes("demo") + archive.episodes("hill") == ()
        assert archive.find_episode("demo", "demo-1").withdrawn_at == NOW + HOUR
        assert archive.doubt == ""


def test_a_damaged_copy_of_the_kill_list_is_reported(changed: Path) -> None:
    sealed = kill_list_path(changed)
    sealed.write_bytes(sealed.read_bytes()[:40])

    with Archive.open(changed) as archive:
        assert "so is the copy of the kill list" in archive.doubt
    with Archive.open(changed) as archive:  # the doubt stays until a person confirms the list
        assert archive.doubt
        archive.trust_kills()
    with Archive.open(changed) as archive:
        assert archive.doubt == ""
        assert archive.notes == ()


def test_a_missing_copy_of_the_kill_list_is_reported_beside_a_sound_archive(path: Path) -> None:
    kill_list_path(path).unlink()

    with Archive.open(path) as archive:
        assert "archive.kills, a copy of the kill list, is missing" in archive.doubt
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]
    assert KillList(kill_list_path(path)).read().is_intact


def test_an_archive_of_an_older_bulletin_gets_its_copy_of_the_kill_list_silently(path: Path) -> None:
    for beside in path.parent.glob("archive.kills*"):
        beside.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 0")

    with Archive.open(path) as archive:
        assert (archive.doubt, archive.notes) == ("", ())
    assert [entry.name for entry in KillList(kill_list_path(path)).read().entries.values()] == ["Pethick"]


def test_a_damaged_line_that_the_archive_knows_is_rewritten_silently(path: Path) -> None:
    edit(kill_list_path(path), lambda data: data.__setitem__(20, data[20] ^ 1))

    with Archive.open(path) as archive:
        assert archive.doubt == ""
    sealed = KillList(kill_list_path(path)).read()
    assert sealed.is_intact
    assert [entry.name for entry in sealed.entries.values()] == ["Pethick"]


def test_an_entry_lost_in_both_lists_is_reported(path: Path) -> None:
    """The kills are missing in the archive, as after a lost end of its log, which SQLite does not notice."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM kills")
    edit(kill_list_path(path), lambda data: data.__setitem__(20, data[20] ^ 1))

    with Archive.open(path) as archive:
        assert "which the archive does not have either: 1" in archive.doubt


def test_a_kill_that_the_archive_lost_is_put_back(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM kills")

    assert kills(path) == ["Pethick"]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT entry FROM kills").fetchall() == [("Pethick",)]


def test_a_kill_holds_though_its_row_changes_while_the_service_runs(path: Path) -> None:
    with Archive.open(path) as archive:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("UPDATE kills SET entry = 'Pethigk'")

        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick", "Pethigk"]


def test_an_entry_restored_by_an_older_archive_stays_removed(path: Path) -> None:
    older = path.read_bytes()
    with Archive.open(path) as archive:
        archive.remove_kill("hill", "pethick", at=NOW + HOUR)
        archive.add_kill("hill", Kill(entry="Marrow", added_at=NOW + HOUR))
    path.write_bytes(older)

    assert kills(path) == ["Marrow"]


def test_a_second_kill_holds_although_the_clock_was_set_back(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.remove_kill("hill", "Pethick", at=NOW + HOUR)
        archive.add_kill("hill", Kill(entry="Pethick", added_at=NOW - DAY))

        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]
    assert kills(path) == ["Pethick"]


def test_the_fallback_for_a_foreign_database_knows_the_kill_list(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE songs (title TEXT)")

    with open_fallback(path, why="another program's") as archive:
        assert [kill.entry for kill in archive.kills("hill")] == ["Pethick"]
        assert archive.copy_daily(now=NOW) is None


def test_the_fallback_for_a_locked_archive_knows_its_bulletins(path: Path) -> None:
    with held_exclusively(path), open_fallback(path, why="locked") as archive:
        assert len(archive.bulletins("hill")) == COUNT


def test_the_fallback_never_writes_an_incomplete_kill_list(path: Path) -> None:
    """The sealed list does not exist yet after an update, while another program holds the archive."""
    kill_list_path(path).unlink()

    with open_fallback(path, why="locked") as archive:
        archive.add_kill("hill", Kill(entry="Marrow", added_at=NOW))
        assert [kill.entry for kill in archive.kills("hill")] == ["Marrow", "Pethick"]

    assert not kill_list_path(path).exists()


def test_a_kill_list_damaged_while_in_use_is_rewritten_with_all_entries(
    path: Path,
) -> None:
    with Archive.open(path) as archive:
        edit(kill_list_path(path), lambda data: data.__setitem__(20, data[20] ^ 1))
        archive.add_kill("hill", Kill(entry="Marrow", added_at=NOW + HOUR))

    sealed = KillList(kill_list_path(path)).read()
    assert sealed.is_intact
    assert sorted(entry.name for entry in sealed.entries.values()) == ["Marrow", "Pethick"]


def test_an_empty_archive_without_copy_and_kill_list_is_reported(path: Path) -> None:
    """Only a lock file is left."""
    path.write_bytes(b"")
    kill_list_path(path).unlink()

    with Archive.open(path) as archive:
        assert "archive.kills, a copy of the kill list, is missing" in archive.doubt
