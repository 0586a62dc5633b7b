"""Retention within the profile's limits: oldest files first, never a file in the feed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.database import tables
from bulletin.archive.ledgers.bulletin_run_history import JournalQuery, RunJournal
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.delete_old_rows import forget
from bulletin.archive.ledgers.editor_edits import EditLedger
from bulletin.archive.record_dataclasses import FeedMemory, Kill, PageMemory, RunRecord
from bulletin.config.load_profile import load_profile
from bulletin.edits.attach_clips import clip_to_details
from bulletin.model import AttachedClip, Edit, EditAction, Left, RecordedClip, Sentence, Slot
from bulletin.pipeline.changes.delete_old_files import apply_limits, keep_within_limits
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.count_days_by_uptime import UPTIME_FILE
from bulletin.runtime.files.file_lock import hold
from bulletin.station.build_station_object import Station, open_station, publish_lock
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_passage,
    make_script,
    make_story,
    make_story_script,
)

DAY = timedelta(days=1)
HOURS = 1000


def open_hill(tmp_path: Path, keep: str = "") -> Iterator[Station]:
    path = tmp_path / "hill.toml"
    path.write_text(f'name = "Hill"\n[speech]\nchain = ["tone"]\n[keep]\n{keep}\n', encoding="utf-8")
    return open_station(load_profile(str(path)), output=tmp_path / "out")


def fill(station: Station) -> list[Path]:
    """Write a thousand hourly bulletins, oldest first, and a feed with an old one and the newest."""
    sounds = []
    for number in range(HOURS):
        path = station.folder / f"hill-{number:04}.mp3"
        path.write_bytes(b"x" * 1000)
        path.with_suffix(".vtt").write_bytes(b"y" * 1000)
        at = (NOW - timedelta(hours=HOURS - number)).timestamp()
        for file in (path, path.with_suffix(".vtt")):
            os.utime(file, (at, at))
        sounds.append(path)
    (station.folder / "feed.xml").write_text(
        '<enclosure url="https://a/hill-0003.mp3"/><enclosure url="https://a/hill-0999.mp3"/>', "utf-8"
    )
    (station.folder / "latest.mp3").write_bytes(b"z")
    return sounds


def remaining_numbers(station: Station) -> list[int]:
    return sorted(int(path.stem.rpartition("-")[2]) for path in station.folder.glob("hill-*.mp3"))


@pytest.mark.slow
def test_old_bulletins_are_deleted_except_those_in_the_feed(tmp_path: Path) -> None:
    with open_hill(tmp_path, "audio_days = 10") as station:
        fill(station)

        keep_within_limits(station, now=NOW)

        assert remaining_numbers(station) == [3, *range(HOURS - 240, HOURS)]
        assert len(list(station.folder.glob("*.vtt"))) == 241
        assert (station.folder / "latest.mp3").exists()


@pytest.mark.slow
def test_a_folder_over_the_limit_loses_its_oldest_bulletins(tmp_path: Path) -> None:
    with open_hill(tmp_path, "audio_mb = 0.2\naudio_days = 1000") as station:
        fill(station)

        keep_within_limits(station, now=NOW)

        assert remaining_numbers(station) == [3, *range(HOURS - 99, HOURS)]
        before = remaining_numbers(station)
        keep_within_limits(station, now=NOW)
        assert remaining_numbers(station) == before


def test_in_a_group_a_run_counts_as_work_and_maintenance_deletes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_hill(tmp_path, "audio_days = 10") as station:
        old = station.folder / "hill-0001.mp3"
        old.write_bytes(b"x")
        os.utime(old, ((NOW - 20 * DAY).timestamp(),) * 2)
        (station.folder / "hill-0002.mp3").write_bytes(b"x")
        (station.state / UPTIME_FILE).unlink(missing_ok=True)
        monkeypatch.setattr(station.archive, "is_shared", True)

        keep_within_limits(station, now=NOW)
        assert old.exists()
        assert (station.state / UPTIME_FILE).is_file()

        apply_limits(station, now=NOW)
        assert not old.exists()


@pytest.mark.slow
def test_no_sound_is_deleted_while_another_run_publishes(tmp_path: Path) -> None:
    with open_hill(tmp_path, "audio_days = 2") as station:
        fill(station)

        with hold(publish_lock(station.state, station.words.id)):
            keep_within_limits(station, now=NOW)

        assert len(remaining_numbers(station)) == HOURS


@pytest.mark.slow
def test_the_folder_is_checked_again_after_six_hours_or_a_changed_limit(tmp_path: Path) -> None:
    with open_hill(tmp_path, "audio_days = 30") as station:
        keep_within_limits(station, now=NOW)
        fill(station)
        keep_within_limits(station, now=NOW + timedelta(hours=5))
        assert len(remaining_numbers(station)) == HOURS

        keep_within_limits(station, now=NOW + timedelta(hours=6))
        assert len(remaining_numbers(station)) < HOURS
    with open_hill(tmp_path, "audio_days = 10") as station:
        before = len(remaining_numbers(station))
        keep_within_limits(station, now=NOW + timedelta(hours=7))
        assert len(remaining_numbers(station)) < before


YEARS = timedelta(days=3652)


@pytest.mark.slow
def test_a_clock_that_is_years_ahead_deletes_only_what_was_due(tmp_path: Path) -> None:
    with open_hill(tmp_path, "audio_days = 10") as station:
        keep_within_limits(station, now=NOW - timedelta(hours=1))
        fill(station)
        station.archive.record_bulletin("hill", make_bulletin(Path("a.mp3")), made_at=NOW, timings={})
        journal = RunJournal(station.archive)
        journal.keep_run(RunRecord(station="hill", began_at=NOW, at=NOW, verdict="fresh"), left=[])

        keep_within_limits(station, now=NOW + YEARS)
        assert remaining_numbers(station) == [3, *range(HOURS - 240 + 23, HOURS)]
        for hours in range(0, 24 * 5, 3):
            keep_within_limits(station, now=NOW + YEARS + timedelta(hours=hours))
        assert len(remaining_numbers(station)) > 24 * 4
        assert len(journal.runs("hill", limit=9)) == 1
        assert len(list(journal.aired("hill", JournalQuery()))) == 1

        for days in range(1, 10):
            keep_within_limits(station, now=NOW + days * DAY)
        assert remaining_numbers(station) == [3, *range(HOURS - 24, HOURS)]


@pytest.mark.slow
def test_the_first_check_after_an_upgrade_distrusts_the_clock_too(tmp_path: Path) -> None:
    """The days of work are not recorded yet, but the archive has a bulletin of each hour."""
    with open_hill(tmp_path, "audio_days = 10\narticles_days = 14") as station:
        fill(station)
        for hours in range(0, HOURS, 12):
            made_at = NOW - timedelta(hours=hours)
            station.archive.record_bulletin(
                "hill", make_bulletin(Path(f"{hours}.mp3")), made_at=made_at, timings={}
            )
        page = PageMemory(link="https://a/1", text="x", fetched_at=NOW - 5 * DAY)
        station.archive.keep_page(page)
        bulletin_count = len(station.archive.bulletins("hill"))

        keep_within_limits(station, now=NOW + YEARS)

        assert remaining_numbers(station) == [3, *range(HOURS - 240 + 24, HOURS)]
        assert station.archive.pages([page.link])
        assert len(station.archive.bulletins("hill")) == bulletin_count


@pytest.mark.slow
def test_files_from_before_a_long_pause_keep_their_days(tmp_path: Path) -> None:
    with open_hill(tmp_path, "audio_days = 10") as station:
        fill(station)
        keep_within_limits(station, now=NOW)
        keep_within_limits(station, now=NOW + 60 * DAY)
        assert remaining_numbers(station) == [3, *range(HOURS - 240 + 24, HOURS)]

        for days in range(61, 72):
            keep_within_limits(station, now=NOW + days * DAY)
        assert remaining_numbers(station) == [3, 999]


def test_parts_of_a_killed_run_are_deleted_by_the_next(tmp_path: Path) -> None:
    with open_hill(tmp_path) as station:
        parts = [station.folder / name for name in ("part-1-feed.xml", "days/part-2-index.html")]
        parts.append(prepared_folder(station.state, station.words.id) / "part-3-fm.flac")
        for folder in {part.parent for part in parts[1:]}:
            folder.mkdir(parents=True)
        for part in parts:
            part.write_bytes(b"half")
        with station.publishing():
            assert all(part.exists() for part in parts)  # another process may still be writing them

        publish_lock(station.state, station.words.id).write_bytes(b"at work")
        with station.publishing():
            assert not any(part.exists() for part in parts)


def test_parts_older_than_an_hour_are_deleted_in_private_folders_too(tmp_path: Path) -> None:
    with open_hill(tmp_path) as station:
        old, young = (station.state / "pictures" / name for name in ("part-1-card.png", "part-2-card.png"))
        old.parent.mkdir(exist_ok=True)
        for part in (old, young):
            part.write_bytes(b"half")
        os.utime(old, (0, 0))

        keep_within_limits(station, now=NOW)

        assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.slow
def test_the_folder_of_all_stations_is_scanned_once_in_six_hours(tmp_path: Path) -> None:
    with open_hill(tmp_path) as station:
        keep_within_limits(station, now=NOW)
    part = station.state / "part-1-card.png"
    part.write_bytes(b"half")
    os.utime(part, (0, 0))

    with open_hill(tmp_path, "audio_days = 10") as station:  # a scan of the station's own folder is due
        keep_within_limits(station, now=NOW)
        assert part.exists()
        keep_within_limits(station, now=NOW + timedelta(hours=6))
        assert not part.exists()


def test_only_clips_that_nothing_needs_any_more_are_deleted(tmp_path: Path) -> None:
    with open_hill(tmp_path) as station:
        story, edited, aired, forgotten, new = (
            RecordedClip(sha256=letter * 64, duration_s=1.0) for letter in "abcde"
        )
        station.clips.mkdir()
        for clip in (story, edited, aired, forgotten, new):
            for path in (station.clips / clip.file_name, station.clips / f"{clip.sha256}.json"):
                path.write_text("x")
                age = 1 if clip is new else 90
                os.utime(path, ((NOW - age * DAY).timestamp(),) * 2)
        article = make_article(expires=NOW + DAY, clip=AttachedClip(recording=story))
        station.archive.add_own_story("another station", article)
        details = clip_to_details(AttachedClip(recording=edited))
        edit = Edit(
            station="hill",
            action=EditAction.CLIP,
            editor="ann",
            made_at=NOW,
            key="k",
            story_id="1",
            details=details,
        )
        EditLedger(station.archive).record(edit)
        said = make_passage(
            sentences=(Sentence(text="Yes.", spoken="", recording=aired),), story_id=make_article().id
        )
        bulletin = replace(make_bulletin(tmp_path / "a.mp3"), aired=(said,))
        station.archive.record_bulletin("hill", bulletin, made_at=NOW, timings={})

        keep_within_limits(station, now=NOW)

        kept = {path.stem for path in station.clips.iterdir()}
        assert kept == {clip.sha256 for clip in (story, edited, aired, new)}


def test_the_last_three_damaged_archives_are_kept(tmp_path: Path) -> None:
    with open_hill(tmp_path) as station:
        for day in range(10, 16):
            for tail in ("", "-wal"):
                (station.state / f"archive.corrupt-202611{day}T000000Z{tail}").write_bytes(b"")

        keep_within_limits(station, now=NOW)

        assert len(list(station.state.glob("*.corrupt-*"))) == 6
        assert not (station.state / "archive.corrupt-20261112T000000Z").exists()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as archive:
        yield archive


def forget_at(archive: Archive, now) -> int:
    return forget(archive, "hill", articles=now - 30 * DAY, runs=now - 14 * DAY, records=now - 400 * DAY)


def test_only_old_rows_of_the_archive_are_deleted(archive: Archive) -> None:
    journal = RunJournal(archive)
    for age in (500, 20, 1):
        at = NOW - age * DAY
        archive.record_bulletin("hill", make_bulletin(Path("a.mp3")), made_at=at, timings={})
        run = RunRecord(station="hill", began_at=at, at=at, verdict="fresh")
        journal.keep_run(run, left=[Left(title="t", reason=f"{age}", article_id="a")])
        archive.keep_page(PageMemory(link=f"https://a/{age}", text="x", fetched_at=at - 15 * DAY))
    archive.keep_feed(
        FeedMemory(url="read no more", checked_at=NOW - 90 * DAY, next_poll_at=NOW - 90 * DAY), []
    )
    archive.keep_feed(
        FeedMemory(url="dead", checked_at=NOW - 90 * DAY, next_poll_at=NOW, failures=9), [make_article()]
    )
    archive.add_kill("hill", Kill(entry="Pethick", added_at=NOW - 900 * DAY))

    deleted_rows = forget_at(archive, NOW)

    assert deleted_rows > 0
    assert forget_at(archive, NOW) == 0
    assert len(journal.runs("hill", limit=9)) == 1
    assert [entry.reason for entry in journal.left_out("hill")] == ["1"]
    assert [archive.pages([f"https://a/{age}"]).get(f"https://a/{age}") is None for age in (500, 20, 1)] == [
        True,
        True,
        False,
    ]
    assert archive.feed_memory("read no more") is None
    assert archive.feed_memory("dead").failures == 9
    assert len(archive.articles_of("dead")) == 1
    assert len(archive.kills("hill")) == 1


def test_the_last_slot_of_a_rarely_aired_station_is_kept(archive: Archive) -> None:
    """The last slot shows the service that the station was on air before and may have missed slots since."""
    ledger = SlotLedger(archive)
    ledger.plan([Slot(station="hill", due=NOW - days * DAY, length_s=120) for days in (90, 60)])
    ledger.close("hill", before=NOW)

    forget_at(archive, NOW)

    assert [row.due for row in ledger.rows(since=NOW - 99 * DAY, until=NOW)] == [NOW - 60 * DAY]


def test_aired_bulletins_are_deleted_last_with_their_stories(archive: Archive) -> None:
    archive.record_bulletin("hill", make_bulletin(Path("a.mp3")), made_at=NOW, timings={})

    forget_at(archive, NOW + 399 * DAY)
    aired_rows = list(RunJournal(archive).aired("hill", JournalQuery()))
    forget_at(archive, NOW + 401 * DAY)

    assert len(aired_rows) == 1
    assert list(RunJournal(archive).aired("hill", JournalQuery(story="bridge"))) == []
    assert archive.aired("hill", since=NOW - DAY) == {}
    with archive.reading() as connection:
        assert connection.execute(tables.tellings.select()).all() == []


@pytest.mark.slow
def test_pages_are_deleted_with_their_sound_and_marked_in_the_day_list(tmp_path: Path) -> None:
    """A bulletin's own page does not keep its sound; a link on the front page does."""
    path = tmp_path / "hill.toml"
    path.write_text(
        'name = "Hill"\n[speech]\nchain = ["tone"]\n[keep]\naudio_days = 2\n'
        "[outputs.podcast]\nkeep = 1\n[outputs.page]\non = true\n",
        encoding="utf-8",
    )
    with open_station(load_profile(str(path)), output=tmp_path / "out") as station:
        for number in reversed(range(10)):
            at = NOW - timedelta(hours=12 * number)
            sound = station.folder / f"hill-{at:%Y%m%d-%H%M}-made.mp3"
            sound.write_bytes(f"sound {number}".encode())
            for outlet in station.outlets:
                story = make_story(make_article(id=f"gazette:{number}", title=f"Story {number}"))
                script = make_script(make_story_script(story), title=f"Bulletin {number}", at=at)
                outlet.publish(make_bulletin(sound, script))
            for file in station.folder.glob(f"{sound.stem}*"):
                os.utime(file, (at.timestamp(), at.timestamp()))

        keep_within_limits(station, now=NOW)

        # the front page links to the pages of six earlier bulletins, so their sound is kept
        pages = {file.stem for file in station.folder.glob("hill-*.html")}
        assert len(pages) == 7
        assert {file.stem for file in station.folder.glob("hill-*.mp3")} == pages
        old = (station.folder / "days" / f"{NOW - timedelta(hours=12 * 9):%Y-%m-%d}.html").read_text("utf-8")
        assert "Bulletin 9" in old
        assert "No longer to be heard" in old


@pytest.mark.slow
def test_older_feed_pages_name_no_deleted_sound(tmp_path: Path) -> None:
    with open_hill(tmp_path, "audio_days = 3") as station:
        (podcast,) = (outlet for outlet in station.outlets if outlet.name == "podcast")
        for number in range(8):
            at = NOW + number * DAY
            podcast.clock = lambda at=at: at
            path = station.folder / f"hill-{at:%Y%m%d-%H%M}-made.mp3"
            path.write_bytes(f"sound {number}".encode() * 100)
            podcast.publish(make_bulletin(path, make_script(title=f"Bulletin {number}", at=at)))
            for file in station.folder.glob(f"{path.stem}*"):
                os.utime(file, (at.timestamp(), at.timestamp()))
        assert len(list(station.folder.glob("feed-*.xml"))) == 6

        keep_within_limits(station, now=NOW + 7 * DAY)

        pages = "".join(path.read_text("utf-8") for path in station.folder.glob("feed-*.xml"))
        sounds = {path.name for path in station.folder.glob("hill-*.mp3")}
        assert 3 <= len(sounds) <= 5
        named = {name for name in sounds if name in pages}
        assert named
        assert pages.count("<enclosure ") == len(named)
        for path in station.folder.glob("feed-*.xml"):
            for older in path.read_text("utf-8").split('rel="next"')[:-1]:
                name = older.rpartition('href="')[2].partition('"')[0].rpartition("/")[2]
                assert (station.folder / name).is_file()
