from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_users import User, UserLedger
from bulletin.archive.record_dataclasses import Kill
from bulletin.backup.backup_manifest import BackupError, open_backup, safe_name
from bulletin.backup.pack_profile_without_secrets import pack_profile, set_value
from bulletin.backup.restore_backup import restore_backup
from bulletin.backup.write_backup import write_backup
from bulletin.config.load_profile import load_profile
from bulletin.errors import RunningError
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.files.scratch_folder import scratch_folder

NOW = datetime(2026, 11, 28, 7, tzinfo=UTC)
PROFILE = '''\
name = "Valley Radio"
lexicon = "names.toml"  # how the county says it
[[feeds]]
url = "gazette.rss"
[[feeds]]
url = 'https://wire.example/feed?access_token=4711-secret-token'
name = "wire"
[imaging]
ident = "{ident}"
[[deliveries]]
kind = "ftp"
host = "ftp.example"
user = "radio"
password = "4712-secret-word" # of the playout
[[deliveries]]
kind = "webhook"
url = "https://hook.example/"
secret = """4713
secret"""
[[deliveries]]
kind = "sftp"
name = "second site"
host = "ssh.example"
user = "radio"
key_file = "id_ed25519"
known_hosts = ""
'''
SECRETS = ("4711-secret-token", "4712-secret-word", "4713\nsecret")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with a profile, the files that it names, and an archive with one kill."""
    feeds, music = tmp_path / "home" / "feeds", tmp_path / "music"
    feeds.mkdir(parents=True)
    music.mkdir()
    (music / "ident.wav").write_bytes(b"RIFF music")
    (feeds / "names.toml").write_text('[names]\nWexcombe = "Wecks-kum"\n', encoding="utf-8")
    (feeds / "gazette.rss").write_text("<rss/>", encoding="utf-8")
    (feeds / "id_ed25519").write_text("a private key", encoding="utf-8")
    (feeds / "valley.toml").write_text(PROFILE.format(ident=music / "ident.wav"), encoding="utf-8")
    with Archive.open(feeds.parent / "output" / ".bulletin" / "archive.sqlite") as archive:
        archive.add_kill("valley", Kill(entry="libel", added_at=NOW))
    speech = feeds.parent / "output" / ".bulletin" / "speech" / "ab"
    speech.mkdir(parents=True)
    (speech / "ab12-00000000.wav").write_bytes(b"RIFF speech")
    return feeds.parent


def back_up(home: Path, *, speech: bool = False) -> Path:
    file = home.parent / "station.tar.gz"
    loaded = load_profile(str(home / "feeds" / "valley.toml"), only_looks=True)
    write_backup([loaded], output=home / "output", file=file, speech=speech, now=NOW)
    return file


def restore(file: Path, to: Path, *, replace: bool = False) -> Any:
    return restore_backup(file, profiles=to / "feeds", output=to / "output", replace=replace)


def kills(home: Path) -> list[str]:
    with Archive.open(home / "output" / ".bulletin" / "archive.sqlite") as archive:
        return sorted(kill.entry for kill in archive.kills("valley"))


def test_a_backup_holds_no_secret_and_says_which(home: Path) -> None:
    file = back_up(home)

    with open_backup(file) as (tar, manifest):
        whole = b"".join(content.read() for m in tar if (content := tar.extractfile(m)))
    assert not any(secret.encode() in whole for secret in (*SECRETS, "a private key"))
    assert [secret.variable for secret in manifest.secrets] == [
        "VALLEY_WIRE_URL",
        "VALLEY_FTP_PASSWORD",
        "VALLEY_WEBHOOK_SECRET",
    ]
    assert manifest.left_out == ("valley.toml: deliveries[3].key_file = id_ed25519 (a key of this machine)",)
    assert set(manifest.files) - {"state/archive.kills"} == {
        "profiles/valley.toml",
        "profiles/names.toml",
        "profiles/gazette.rss",
        "profiles/elsewhere/imaging-ident/ident.wav",
        "state/archive.sqlite",
    }
    if os.name == "posix":
        assert S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in home.parent.iterdir()) == ["home", "music", "station.tar.gz"]


def test_a_backup_restored_elsewhere_names_missing_secrets(home: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"

    done = restore(back_up(home, speech=True), there)

    assert [line.partition("valley.toml:")[2] for line in done.missing] == [
        "6: feeds[2].url: environment variable VALLEY_WIRE_URL is not set; set VALLEY_WIRE_URL before you start Bulletin",
        "14: deliveries[1].password: environment variable VALLEY_FTP_PASSWORD is not set; set VALLEY_FTP_PASSWORD before you start Bulletin",
        "18: deliveries[2].secret: environment variable VALLEY_WEBHOOK_SECRET is not set; set VALLEY_WEBHOOK_SECRET before you start Bulletin",
    ]
    text = (there / "feeds" / "valley.toml").read_text("utf-8")
    assert 'lexicon = "names.toml"  # how the county says it' in text
    assert 'password = "env:VALLEY_FTP_PASSWORD" # of the playout' in text
    assert 'ident = "elsewhere/imaging-ident/ident.wav"' in text
    assert (there / "feeds" / "elsewhere" / "imaging-ident" / "ident.wav").read_bytes() == b"RIFF music"
    assert (there / "output" / ".bulletin" / "speech" / "ab" / "ab12-00000000.wav").exists()
    assert kills(there) == ["libel"]
    assert not list(there.rglob("restore-*"))


def test_restoring_over_a_station_needs_replace_and_keeps_secrets_and_kills(home: Path) -> None:
    file = back_up(home)
    profile = home / "feeds" / "valley.toml"
    profile.write_text(profile.read_text("utf-8").replace("Valley Radio", "Other Radio"), encoding="utf-8")
    with Archive.open(home / "output" / ".bulletin" / "archive.sqlite") as archive:
        archive.add_kill("valley", Kill(entry="slander", added_at=NOW))
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}

    with pytest.raises(BackupError, match=r"exists; restore into another folder with --to"):
        restore(file, home)
    assert {path: path.read_bytes() for path in before} == before
    done = restore(file, home, replace=True)

    assert done.missing == ()
    loaded = load_profile(str(profile))
    assert loaded.profile.name == "Valley Radio"
    assert [secret.value for secret in loaded.plain] == [
        "https://wire.example/feed?access_token=4711-secret-token",
        *SECRETS[1:],
    ]
    assert kills(home) == ["libel", "slander"]
    if os.name == "posix":
        assert S_IMODE(profile.stat().st_mode) == 0o600


def users(home: Path) -> dict[str, str]:
    with Archive.open(home / "output" / ".bulletin" / "archive.sqlite") as archive:
        return {user.name: user.password_hash for user in UserLedger(archive).users()}


def test_a_user_who_was_removed_since_the_backup_does_not_come_back(home: Path, tmp_path: Path) -> None:
    archive_file = home / "output" / ".bulletin" / "archive.sqlite"
    ann, bob = (
        User(name=name, password_hash="old", roles={"*": "admin"}, added_at=NOW, changed_at=NOW)
        for name in ("ann", "bob")
    )
    with Archive.open(archive_file) as archive:
        UserLedger(archive).add(ann)
        UserLedger(archive).add(bob)
    file = back_up(home)
    with Archive.open(archive_file) as archive:
        UserLedger(archive).remove("bob")
        UserLedger(archive).set_password("ann", "new", now=NOW)

    restore(file, home, replace=True)
    restore(file, tmp_path / "there")

    assert users(home) == {"ann": "new"}
    assert users(tmp_path / "there") == {"ann": "old", "bob": "old"}


def test_a_secret_finds_its_delivery_in_another_order(home: Path) -> None:
    file = back_up(home)
    profile = home / "feeds" / "valley.toml"
    text = profile.read_text("utf-8")
    first = '[[deliveries]]\nkind = "folder"\npath = "playout"\n'
    profile.write_text(
        text.replace('[[deliveries]]\nkind = "ftp"', first + '[[deliveries]]\nkind = "ftp"'), encoding="utf-8"
    )

    restore(file, home, replace=True)

    assert 'password = "4712-secret-word" # of the playout' in profile.read_text("utf-8")


def test_a_feed_in_another_position_keeps_its_own_address(home: Path) -> None:
    file = back_up(home)
    profile = home / "feeds" / "valley.toml"
    first = '[[feeds]]\nname = "sports"\nurl = "https://sports.example/rss"\n'
    profile.write_text(profile.read_text("utf-8").replace("[[feeds]]", first + "[[feeds]]", 1), "utf-8")

    restore(file, home, replace=True)

    wire = load_profile(str(profile)).profile.feeds[1]
    assert (wire.name, wire.url) == ("wire", "https://wire.example/feed?access_token=4711-secret-token")


def test_nothing_changes_if_one_file_cannot_be_written(home: Path) -> None:
    file = back_up(home)
    (home / "feeds" / "names.toml").unlink()
    (home / "feeds" / "elsewhere").write_text("in the way", encoding="utf-8")
    (home / "feeds" / "gazette.rss").write_text("<rss>newer</rss>", encoding="utf-8")
    before = {
        path: path.read_bytes() for path in home.rglob("*") if path.is_file() and ".lock" not in path.name
    }

    with pytest.raises(BackupError, match="nothing changed"):
        restore(file, home, replace=True)

    after = {
        path: path.read_bytes() for path in home.rglob("*") if path.is_file() and ".lock" not in path.name
    }
    assert after == before


@pytest.mark.slow
def test_a_running_service_prevents_a_restore(home: Path) -> None:
    file = back_up(home)

    with hold(home / "output" / ".bulletin" / "valley.service.lock"):
        back_up(home)
        with pytest.raises(RunningError, match="a service or a run is using this folder; stop it"):
            restore(file, home, replace=True)


def test_a_run_in_progress_prevents_a_restore(home: Path) -> None:
    file = back_up(home)

    with (
        scratch_folder(home / "output" / ".bulletin"),
        pytest.raises(RunningError, match="a service or a run is using this folder; stop it"),
    ):
        restore(file, home, replace=True)

    restore(file, home, replace=True)


def test_only_a_backup_is_overwritten(home: Path) -> None:
    loaded = load_profile(str(home / "feeds" / "valley.toml"), only_looks=True)

    with pytest.raises(BackupError, match="exists and is not a backup"):
        write_backup([loaded], output=home / "output", file=loaded.path, speech=False, now=NOW)


def test_a_folder_without_an_archive_is_an_error(home: Path, tmp_path: Path) -> None:
    loaded = load_profile(str(home / "feeds" / "valley.toml"), only_looks=True)

    with pytest.raises(BackupError, match="has no archive"):
        write_backup([loaded], output=tmp_path / "none", file=tmp_path / "b.tar.gz", speech=False, now=NOW)


# -- hostile and damaged backup files


def rewrite_backup(file: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    """The same backup with a changed manifest or changed files."""
    with tarfile.open(file) as tar:
        parts = {m.name: content.read() for m in tar if (content := tar.extractfile(m))}
    manifest = json.loads(parts.pop("manifest.json"))
    change(manifest, parts)
    with tarfile.open(file, "w:gz") as tar:
        for name, data in {"manifest.json": json.dumps(manifest).encode(), **parts}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return file


def add_path(name: str) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    def change(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        parts[name] = parts["profiles/names.toml"]
        manifest["files"][name] = manifest["files"]["profiles/names.toml"]

    return change


def change_manifest(key: str, value: object) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    return lambda manifest, parts: manifest.update({key: value})


def alter_file(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["profiles/names.toml"] = parts["profiles/names.toml"].replace(b"kum", b"cum")


def add_unlisted_file(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    parts["profiles/more.toml"] = b""


def drop_listed_file(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
    del parts["profiles/names.toml"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (add_path("../evil"), "not a Bulletin backup, or"),
        (add_path("profiles/../../evil"), "not a Bulletin backup, or"),
        (add_path("/evil"), "not a Bulletin backup, or"),
        (change_manifest("format", 2), "newer Bulletin"),
        (change_manifest("revision", "9999"), "newer Bulletin"),
        (change_manifest("profiles", ["../valley.toml"]), "not a Bulletin backup, or"),
        (alter_file, "damaged; use another"),
        (add_unlisted_file, "unexpected file"),
        (drop_listed_file, "is incomplete"),
    ],
)
def test_a_hostile_or_damaged_backup_is_refused(
    home: Path, tmp_path: Path, change: Any, message: str
) -> None:
    file = rewrite_backup(back_up(home), change)
    there = tmp_path / "deep" / "there"

    with pytest.raises(BackupError, match=message):
        restore(file, there)

    assert not [path for path in there.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert not list(tmp_path.rglob("evil"))


def test_a_link_in_a_backup_is_refused(home: Path, tmp_path: Path) -> None:
    file = back_up(home)
    with tarfile.open(file) as tar:
        members = [(m, content.read()) for m in tar if (content := tar.extractfile(m))]
    with tarfile.open(file, "w:gz") as tar:
        for member, data in members:
            if member.name == "profiles/names.toml":
                member.type, member.linkname, member.size = tarfile.SYMTYPE, "/etc/passwd", 0
                tar.addfile(member)
            else:
                tar.addfile(member, io.BytesIO(data))

    with pytest.raises(BackupError, match="has a wrong size or type"):
        restore(file, tmp_path / "there")


@pytest.mark.parametrize("cut", [0, 10, 500, -1000])
def test_a_truncated_backup_is_refused(home: Path, tmp_path: Path, cut: int) -> None:
    file = back_up(home)
    file.write_bytes(file.read_bytes()[:cut])

    with pytest.raises(BackupError, match=r"damaged|not a Bulletin backup|incomplete|cannot be re"):
        restore(file, tmp_path / "there")
    assert not list((tmp_path / "there").rglob("*.toml"))


def test_a_damaged_archive_in_a_backup_is_refused(home: Path, tmp_path: Path) -> None:
    from hashlib import sha256

    def spoil(manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        data = bytearray(parts["state/archive.sqlite"])
        data[5000:9000] = b"\xff" * 4000
        parts["state/archive.sqlite"] = bytes(data)
        manifest["files"]["state/archive.sqlite"] = [sha256(data).hexdigest(), len(data)]

    with pytest.raises(BackupError, match="archive in this backup is damaged"):
        restore(rewrite_backup(back_up(home), spoil), tmp_path / "there")


@pytest.mark.parametrize("name", ["", "/a", "../a", "a/../b", "a/./b", "C:/a", "a\\b", "a\0b"])
def test_file_names_outside_the_backup_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="points outside"):
        safe_name(name)


@pytest.mark.parametrize(
    "text",
    [
        'a = "x"\n[t]\nkey = "s3cret" # "s3cret"\n',
        "a = 's3cret'\n[t]\nkey = 's3cret'\n",
        't = { a = "s3cret", key = "s3cret" }\n',
        '[t]\nkey = """\ns3cret"""\n',
    ],
)
def test_one_value_is_replaced_and_no_other(text: str) -> None:
    import tomllib

    changed = set_value(text, ("t", "key"), "env:X", path=Path("x.toml"))

    assert tomllib.loads(changed)["t"]["key"] == "env:X"
    before = tomllib.loads(text)
    before["t"]["key"] = "env:X"
    assert tomllib.loads(changed) == before
    assert set_value(changed, ("t", "key"), "s3cret", path=Path("x.toml")).count("env:X") == 0


def test_a_secret_written_in_escapes_is_refused(home: Path) -> None:
    profile = home / "feeds" / "valley.toml"
    profile.write_text(
        profile.read_text("utf-8").replace("4712-secret-word", r"\u0034712-secret-word"), encoding="utf-8"
    )

    with pytest.raises(
        BackupError,
        match=r"valley.toml:14: deliveries\[1\].password: the value cannot be changed for the backup",
    ):
        pack_profile(load_profile(str(profile), only_looks=True))


def test_rows_in_the_wal_file_are_in_the_backup(home: Path, tmp_path: Path) -> None:
    """A running service keeps its newest rows in the -wal file."""
    with Archive.open(home / "output" / ".bulletin" / "archive.sqlite") as archive:
        archive.add_kill("valley", Kill(entry="slander", added_at=NOW))
        file = back_up(home)
        restore(file, tmp_path / "there")

    assert kills(tmp_path / "there") == ["libel", "slander"]
    with gzip.open(file) as content:
        assert content.read(1)
    with closing(sqlite3.connect(tmp_path / "there" / "output" / ".bulletin" / "archive.sqlite")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_recorded_clips_are_backed_up_and_restored_beside_newer_ones(home: Path, tmp_path: Path) -> None:
    clips = home / "output" / ".bulletin" / "clips"
    clips.mkdir()
    (clips / f"{'a' * 64}.wav").write_bytes(b"RIFF mayor")
    (clips / "part-half.wav").write_bytes(b"RIFF")
    file = back_up(home)
    elsewhere = tmp_path / "elsewhere"
    present = elsewhere / "output" / ".bulletin" / "clips"
    present.mkdir(parents=True)
    (present / f"{'b' * 64}.wav").write_bytes(b"RIFF newer")

    restore(file, elsewhere)

    assert {path.name[0]: path.read_bytes() for path in present.iterdir()} == {
        "a": b"RIFF mayor",
        "b": b"RIFF newer",
    }
