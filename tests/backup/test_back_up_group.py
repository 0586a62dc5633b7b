"""Backup of a group: the rows of its database at one moment, its group file without the password, its objects' names."""

from __future__ import annotations

import hashlib
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFile, PublishedFiles
from bulletin.archive.record_dataclasses import Kill
from bulletin.archive.server_archive import open_server_archive
from bulletin.backup.back_up_group import OBJECTS_FILE, RestoredGroup, restore_group, unpack_backup
from bulletin.backup.backup_manifest import BackupError, open_backup
from bulletin.backup.restore_backup import restore_backup
from bulletin.backup.write_backup import write_backup
from bulletin.cli.main import cli
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import ArchiveError, ConfigError, StoreError
from bulletin.model import AttachedClip, RecordedClip
from bulletin.speech.clips.clip_folder import keep_clip, read_clip
from bulletin.speech.clips.shared_clips import fetch_clip, find_missing_keys, share_clip
from bulletin.station.group_files.check_store_of_group import IDENTITY
from bulletin.station.group_files.working_copy import object_key
from bulletin.storage.folder_store import FolderStore
from tests.support.factories import make_article
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.clients

NOW = datetime(2026, 11, 28, 7, tzinfo=UTC)
KILL = Kill(entry="ferry", added_at=NOW)
PASSWORD = "4711-open-sesame"
CLIPS = Path("output", ".bulletin", "clips")
FEEDS = '[[feeds]]\nurl = "https://gazette.example/feed"\n'


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "store").mkdir()
    return FolderStore(tmp_path / "store")


@pytest.fixture
def station(tmp_path: Path, postgres_url: str, store: FolderStore) -> LoadedProfile:
    """A station of a group that has published two files and blocked a story."""
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "hill.toml").write_text(f'name = "Hill Radio"\n{FEEDS}', "utf-8")
    write_group(feeds, postgres_url)
    with open_server_archive(postgres_url, group="north") as archive:
        archive.add_kill("hill", KILL)
        after = {
            path: PublishedFile(
                path=path, sha256=digest * 64, bytes=4, media_type="audio/mpeg", changed_at=NOW
            )
            for path, digest in (("a.mp3", "a"), ("b.mp3", "b"))
        }
        with archive.in_one_transaction(lock="publish:hill"):
            PublishedFiles(archive).change("hill", before={}, after=after)
    store.put_new(object_key("a" * 64), b"data")
    return load_profile(str(feeds / "hill.toml"))


def write_group(feeds: Path, url: str, *, store: str = "") -> None:
    with_password = url.replace("bulletin@", f"bulletin:{PASSWORD}@")
    text = f'# both halves\n[group]\ndatabase = "{with_password}"\nname = "north"\nstore = "{store or feeds.parent / "store"}"\n'
    (feeds / "group.toml").write_text(text, "utf-8")


def back_up(station: LoadedProfile, tmp_path: Path) -> Path:
    file = tmp_path / "group.tar.gz"
    write_backup([station], output=tmp_path / "output", file=file, speech=False, now=NOW)
    return file


def restore(file: Path, *, archive: Archive, store: FolderStore) -> RestoredGroup:
    with unpack_backup(file) as backup:
        return restore_group(backup, archive=archive, store=store)


def test_a_backup_of_a_group_has_its_rows_and_no_password(station: LoadedProfile, tmp_path: Path) -> None:
    file = back_up(station, tmp_path)

    with tarfile.open(file) as tar:
        contents = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    assert not any(PASSWORD.encode() in content for content in contents.values())
    assert b'database = "env:GROUP_DATABASE"\n' in contents["profiles/group.toml"]
    assert contents[OBJECTS_FILE].decode() == f"{object_key('a' * 64)} 4\n{object_key('b' * 64)} 4\n"
    with open_backup(file) as (_, manifest):
        assert [(secret.profile, secret.variable) for secret in manifest.secrets] == [
            ("group.toml", "GROUP_DATABASE")
        ]
        assert manifest.profiles == ("hill.toml",)


def test_a_backup_is_restored_into_an_empty_database_only(
    station: LoadedProfile, tmp_path: Path, postgres_server: PostgresServer, store: FolderStore
) -> None:
    file = back_up(station, tmp_path)
    with open_server_archive(postgres_server.make_archive(), group="north") as archive:
        restored = restore(file, archive=archive, store=store)

        assert archive.kills("hill") == (KILL,)
        assert set(PublishedFiles(archive).of_station("hill")) == {"a.mp3", "b.mp3"}
        assert restored.missing_objects == (object_key("b" * 64),)
        with pytest.raises(ArchiveError, match=r"has rows already .*; restore into an empty database"):
            restore(file, archive=archive, store=store)


def test_a_backup_of_a_group_is_restored_on_one_machine(station: LoadedProfile, tmp_path: Path) -> None:
    home = tmp_path / "other"
    profiles, output = home / "feeds", home / "output"
    home.mkdir()

    restored = restore_backup(back_up(station, tmp_path), profiles=profiles, output=output, replace=False)

    assert any("GROUP_DATABASE" in line and str(profiles / "group.toml") in line for line in restored.missing)
    with Archive.open(output / ".bulletin" / "archive.sqlite") as archive:
        assert archive.kills("hill") == (KILL,)


def test_restored_profiles_keep_the_present_password(station: LoadedProfile, tmp_path: Path) -> None:
    file, feeds = back_up(station, tmp_path), station.path.parent
    (feeds / "hill.toml").unlink()

    restored = restore_backup(file, profiles=feeds, output=tmp_path / "output", replace=True)

    assert restored.missing == ()
    assert PASSWORD in (feeds / "group.toml").read_text("utf-8")


def test_the_archive_of_one_machine_moves_into_a_group(
    tmp_path: Path,
    postgres_server: PostgresServer,
    station: LoadedProfile,
) -> None:
    home = tmp_path / "one"
    home.mkdir()
    (home / "valley.toml").write_text(f'name = "Valley Radio"\n{FEEDS}', "utf-8")
    output = home / "output"
    with Archive.open(output / ".bulletin" / "archive.sqlite") as archive:
        archive.add_kill("valley", KILL)
    file = home / "one.tar.gz"
    write_backup([load_profile(str(home / "valley.toml"))], output=output, file=file, speech=False, now=NOW)
    empty = postgres_server.make_database()
    write_group(station.path.parent, empty)

    done = CliRunner().invoke(
        cli, ["group", "restore", str(file), str(station.path), "--output", str(output)]
    )

    assert done.exit_code == 0, done.output
    assert "restored the backup of 2026-11-28T07:00:00+00:00, 1 rows" in done.output
    with open_server_archive(empty, group="north") as archive:
        assert archive.kills("valley") == (KILL,)


def run_restore(file: Path, station: LoadedProfile) -> None:
    """`bulletin group restore`, with its error."""
    words = ["group", "restore", str(file), str(station.path), "--output", str(file.with_name("output"))]
    CliRunner().invoke(cli, words, catch_exceptions=False)


def count_tables(url: str, server: PostgresServer) -> int:
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    ((count,),) = server.execute(query, database=urlsplit(url).path.strip("/"))
    return int(count)


def test_a_store_of_another_group_leaves_the_empty_database_as_it_was(
    station: LoadedProfile, tmp_path: Path, postgres_server: PostgresServer, store: FolderStore
) -> None:
    file, empty = back_up(station, tmp_path), postgres_server.make_database()
    write_group(station.path.parent, empty)
    store.put_new(IDENTITY, b"other 12ab")

    with pytest.raises(StoreError, match='belongs to the group "other", not to "north"'):
        run_restore(file, station)

    assert count_tables(empty, postgres_server) == 0


def test_a_store_that_is_not_mounted_leaves_the_empty_database_as_it_was(
    station: LoadedProfile, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    file, empty = back_up(station, tmp_path), postgres_server.make_database()
    write_group(station.path.parent, empty, store="/nowhere/at/all")

    with pytest.raises(
        StoreError, match="store /nowhere/at/all: no such folder; make it, or mount the share"
    ):
        run_restore(file, station)

    assert count_tables(empty, postgres_server) == 0


def test_a_damaged_backup_leaves_the_empty_database_as_it_was(
    station: LoadedProfile, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    file, empty = back_up(station, tmp_path), postgres_server.make_database()
    write_group(station.path.parent, empty)
    file.write_bytes(file.read_bytes()[:-1000])

    with pytest.raises(BackupError, match=r"group.tar.gz: is damaged"):
        run_restore(file, station)

    assert count_tables(empty, postgres_server) == 0


def test_a_group_of_one_process_is_restored_by_the_other_command(
    station: LoadedProfile, tmp_path: Path
) -> None:
    file = back_up(station, tmp_path)
    station.path.with_name("group.toml").write_text('[group]\ndatabase = "here"\n', "utf-8")

    with pytest.raises(ConfigError, match=r'"here" is a group of one process: `bulletin restore` restores'):
        run_restore(file, station)


def test_stations_of_two_groups_are_not_backed_up_together(station: LoadedProfile, tmp_path: Path) -> None:
    (tmp_path / "alone.toml").write_text(f'name = "Alone"\n{FEEDS}', "utf-8")
    alone = load_profile(str(tmp_path / "alone.toml"))

    with pytest.raises(BackupError, match="belong to different groups, or one to none"):
        write_backup([station, alone], output=tmp_path, file=tmp_path / "b.tar.gz", speech=False, now=NOW)


# -- recorded clips


def record_clip(url: str, folder: Path, *, sound: bytes = b"RIFF mayor") -> RecordedClip:
    """A clip in the folder of the machine that recorded it, and in a story of the database."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "part-sound").write_bytes(sound)
    clip = RecordedClip(sha256=hashlib.sha256(sound).hexdigest(), duration_s=5.0, words="We waited years.")
    keep_clip(folder / "part-sound", clip, folder=folder)
    with open_server_archive(url, group="north") as archive:
        attached = AttachedClip(recording=clip)
        archive.add_own_story("hill", make_article(id=clip.sha256[:9], clip=attached))
    return clip


def test_a_backup_of_a_group_has_clips_that_other_machines_recorded(
    station: LoadedProfile, tmp_path: Path, postgres_url: str, store: FolderStore
) -> None:
    elsewhere = record_clip(postgres_url, tmp_path / "elsewhere")
    share_clip(elsewhere, folder=tmp_path / "elsewhere", store=store)
    here = record_clip(postgres_url, tmp_path / CLIPS, sound=b"RIFF here")

    with open_backup(back_up(station, tmp_path)) as (_, manifest):
        names = {name for name in manifest.files if name.startswith("clips/")}

    assert names == {f"clips/{clip.sha256}.{end}" for clip in (elsewhere, here) for end in ("wav", "json")}
    assert manifest.left_out == ()
    assert read_clip(tmp_path / CLIPS, elsewhere.sha256) is None


def test_a_clip_from_the_store_replaces_a_damaged_one_in_the_backup(
    station: LoadedProfile, tmp_path: Path, postgres_url: str, store: FolderStore
) -> None:
    clip = record_clip(postgres_url, tmp_path / CLIPS)
    share_clip(clip, folder=tmp_path / CLIPS, store=store)
    (tmp_path / CLIPS / clip.file_name).write_bytes(b"RIFF")

    with open_backup(back_up(station, tmp_path)) as (_, manifest):
        assert manifest.files[f"clips/{clip.file_name}"][0] == clip.sha256


def test_a_clip_that_is_nowhere_is_named_in_the_messages_of_the_backup(
    station: LoadedProfile, tmp_path: Path, postgres_url: str
) -> None:
    clip = record_clip(postgres_url, tmp_path / "elsewhere")
    words = [
        "backup",
        str(tmp_path / "group.tar.gz"),
        str(station.path),
        "--output",
        str(tmp_path / "output"),
    ]

    done = CliRunner().invoke(cli, words)

    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    assert (
        f"Not in the backup, copy it by hand: clips/{clip.file_name} (recorded clip: not on this machine, and missing "
        "or damaged in the store; look into .bulletin/clips of other machines' output folders)"
    ) in text


def test_a_store_that_is_away_costs_no_backup_of_the_rows(
    station: LoadedProfile, tmp_path: Path, postgres_url: str, store: FolderStore
) -> None:
    clip = record_clip(postgres_url, tmp_path / "elsewhere")
    write_group(station.path.parent, postgres_url, store="/nowhere/at/all")

    with open_backup(back_up(load_profile(str(station.path)), tmp_path)) as (_, manifest):
        (line,) = manifest.left_out

    assert line.startswith(f"clips/{clip.file_name} (recorded clip: ")
    assert "/nowhere/at/all" in line


def test_a_restore_puts_the_clips_of_the_backup_into_the_store_and_lists_missing_ones(
    station: LoadedProfile,
    tmp_path: Path,
    postgres_server: PostgresServer,
    postgres_url: str,
    store: FolderStore,
) -> None:
    lost = record_clip(postgres_url, tmp_path / "elsewhere", sound=b"RIFF lost")
    clip = record_clip(postgres_url, tmp_path / CLIPS)
    file = back_up(station, tmp_path)
    (tmp_path / "new-store").mkdir()
    new_store = FolderStore(tmp_path / "new-store")

    with open_server_archive(postgres_server.make_archive(), group="north") as archive:
        restored = restore(file, archive=archive, store=new_store)

    assert fetch_clip(clip.sha256, folder=tmp_path / "fetched", store=new_store)
    assert read_clip(tmp_path / "fetched", clip.sha256) == clip
    assert restored.missing_clips == find_missing_keys([lost.sha256], store=new_store)
    assert [Path(key).name for key in restored.missing_clips] == [f"{lost.sha256}.wav", f"{lost.sha256}.json"]
