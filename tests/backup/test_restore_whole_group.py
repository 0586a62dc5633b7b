"""A group at work, backed up and restored into an empty database and a new store: its next bulletins are fresh."""

from __future__ import annotations

import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import soundfile

from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.model import Level, Role
from bulletin.speech.clips.shared_clips import find_missing_keys
from bulletin.storage.folder_store import FolderStore
from tests.faults.station_on_clock import SUBJECTS, news
from tests.support.group_processes import WAIT_S, GroupProcesses, run_group
from tests.support.postgres_server import PostgresServer
from tests.support.speech_like_sounds import RATE_HZ, speech_like

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")

STATIONS = ("st0", "st1")
FIRST, KILLED, NEXT = SUBJECTS[:3]
STORY = "Ferry returns to Wex\n\nThe ferry to Wex runs again from Monday, its captain said.\n"


def run(group: GroupProcesses, name: str, *words: str) -> str:
    """Run a command to its end; what it printed."""
    code = group.start_plain(name, *words).wait(WAIT_S)
    assert code == 0, group.log_of(name)
    return group.log_of(name)


def record_clip(group: GroupProcesses) -> str:
    """A story of one station with a clip that was recorded on a machine of its own; the hash of the clip."""
    soundfile.write(group.home / "captain.wav", speech_like(sentences=1), RATE_HZ)
    (group.home / "story.txt").write_text(STORY, encoding="utf-8")
    words = ("--clip", "captain.wav", "--words", "We are glad.", "--output", "desk")
    run(group, "add", "stories", "add", "story.txt", "--station", "st0", *words)
    with group.archive() as archive:
        (story,) = archive.own_stories("st0", archive.now())
    assert story.clip is not None
    return story.clip.recording.sha256


def air(group: GroupProcesses, due: datetime) -> dict[str, BulletinRecord]:
    """Start a planner and a worker, and wait for the slot of both stations, which must be fresh."""
    group.start("planner", "plan")
    group.start("one", "worker")
    rows = group.wait_until_done(due, stations=len(STATIONS))
    assert [row.level for row in rows] == [Level.FRESH] * len(STATIONS)
    with group.archive() as archive:
        return {station: archive.bulletins(station)[0] for station in STATIONS}


def stories_of(bulletin: BulletinRecord) -> str:
    return " ".join(passage.text for passage in bulletin.running_order if passage.role is Role.STORY)


def clips_of(bulletin: BulletinRecord) -> set[str]:
    return {clip.sha256 for passage in bulletin.running_order for clip in passage.recordings}


def change_profiles(group: GroupProcesses, before: str, after: str) -> None:
    for station in STATIONS:
        path = group.home / "feeds" / f"{station}.toml"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")


def restore(old: GroupProcesses, new: GroupProcesses, *, was_due: datetime) -> datetime:
    """Restore as docs/GROUP.md says, with new stories in the feed; return when the next slot is due."""
    run(old, "restore-profiles", "restore", "group.tar.gz", "--to", str(new.home))
    shutil.copytree(old.home / "store" / "objects", new.home / "store" / "objects")
    file = new.home / "feeds" / "group.toml"
    text = file.read_text("utf-8").replace(old.database, new.database)
    file.write_text(text.replace(str(old.home / "store"), str(new.home / "store")), encoding="utf-8")
    shutil.rmtree(old.home / "store")
    answer = run(new, "restore", "group", "restore", str(old.home / "group.tar.gz"), "--output", "out")
    assert "restored the backup of" in answer
    assert "missing in the store" not in answer

    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=2)
    change_profiles(new, f'at = "{was_due:%H:%M}"', f'at = "{due:%H:%M}"')
    (new.home / "feeds" / "gazette.rss").write_text(news(first=9, count=2, at=due), encoding="utf-8")
    return due


def test_the_next_slot_of_a_restored_group_is_fresh_without_the_killed_story_and_with_the_clip(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    homes = [tmp_path / name for name in ("old", "new")]
    for home in homes:
        home.mkdir()
    empty = postgres_server.make_database()
    with run_group(homes[0], postgres_url) as old, run_group(homes[1], empty) as new:
        old.write(stations=2, due=datetime.now(UTC) + timedelta(hours=3))
        clip = record_clip(old)
        run(old, "kill", "kill", "add", KILLED, "st0", "--all-stations", "--keep-published")
        due = old.write(stations=2, stories=2, minutes=2)
        change_profiles(old, '"up to 0:30"', '"up to 1:00"')  # room for every story
        first = air(old, due)
        old.wait(lambda: datetime.now(UTC) >= due, "the slot has come")

        run(old, "backup", "backup", "group.tar.gz", "--output", "third")  # the group is at work
        for name in ("planner", "one"):
            old.kill(name, signal.SIGTERM)
        next_due = restore(old, new, was_due=due)
        missing = find_missing_keys([clip], store=FolderStore(homes[1] / "store"))
        second = air(new, next_due)

    assert missing == ()
    for bulletins, told in ((first, FIRST), (second, NEXT)):
        assert {station: clips_of(bulletin) for station, bulletin in bulletins.items()} == {
            "st0": {clip},
            "st1": set(),
        }
        for station in STATIONS:
            assert told in stories_of(bulletins[station])
            assert KILLED not in stories_of(bulletins[station])
    assert {bulletin.at for bulletin in second.values()} == {next_due}
