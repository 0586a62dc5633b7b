"""Two stations with the same folder, mount or playlist: the conflict is reported before any delivery."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.setup import check
from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.find_shared_output_destinations import neighbours_of, shared_places

HEAD = """\
name = "{name}"
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "fm"]
[outputs.fm]
format = "mp3"
"""
DESTINATIONS = {
    "folder": ('path = "share"\nnames = "news"', "share/news"),
    "ftp": ('host = "FTP.example"\nfolder = "/news/"', "ftp ftp.example:21:/news"),
    "sftp": ('host = "host"\nuser = "radio"\nfolder = "/news"', "sftp host:22:/news"),
    "webdav": ('url = "https://dav.example/news/"', "webdav https://dav.example/news"),
    "s3": ('bucket = "b"\nprefix = "news"\nkey_id = "k"\nsecret = "s"', "s3 b/news"),
    "azuracast": (
        'url = "https://a.example"\nstation = "1"\nkey = "k"\nplaylist = "News"',
        'the playlist "News" of https://a.example',
    ),
}
MOUNT = '[stream]\nurl = "http://127.0.0.1:9/radio.mp3"\n'


def write(folder: Path, name: str, tables: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(HEAD.format(name=name.title()) + tables, encoding="utf-8")
    return path


def shared(*paths: Path) -> list[str]:
    return [problem for _, problem in shared_places([load_profile(str(path)) for path in paths])]


@pytest.mark.parametrize("kind", DESTINATIONS)
def test_two_stations_with_one_destination_are_named(tmp_path: Path, kind: str) -> None:
    options, destination = DESTINATIONS[kind]
    table = f'[[deliveries]]\nkind = "{kind}"\n{options}\n'
    hill, valley = write(tmp_path, "hill", table), write(tmp_path, "valley", table)

    (problem,) = shared(hill, valley)
    assert problem.startswith('the stations "hill" and "valley" share ')
    assert destination in problem.replace(f"{tmp_path}/", "")
    assert "; " in problem

    write(tmp_path, "valley", table.replace("news", "valley").replace("News", "Valley"))
    assert shared(hill, valley) == []


def test_file_names_with_the_station_id_do_not_conflict(tmp_path: Path) -> None:
    table = f'[[deliveries]]\nkind = "folder"\npath = "{tmp_path}"\nnames = "{{station}}-{{slot:%H%M}}"\n'
    hill = write(tmp_path, "hill", table)
    assert shared(hill, write(tmp_path, "valley", table)) == []

    (tmp_path / "deep").mkdir()
    by_other_words = table.replace(f'"{tmp_path}"', '".."').replace("{station}", "hill")
    (problem,) = shared(hill, write(tmp_path / "deep", "valley", by_other_words))
    assert f"{tmp_path}/hill-0900" in problem


def test_two_stations_with_one_mount_are_named(tmp_path: Path) -> None:
    (problem,) = shared(write(tmp_path, "hill", MOUNT), write(tmp_path, "valley", MOUNT))

    assert problem.startswith(
        'the stations "hill" and "valley" share the stream http://127.0.0.1:9/radio.mp3; '
    )


@pytest.mark.slow
def test_check_reads_the_neighbouring_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "hill", MOUNT)
    write(tmp_path, "valley", MOUNT)
    write(tmp_path, "plain", "")
    write(tmp_path, "broken", MOUNT + "[[[")
    other = MOUNT.replace("radio.mp3", "other.mp3")
    write(tmp_path, "secret", other + 'password = "env:NOBODY_HAS_SET_THIS"\n')
    loaded = load_profile("hill.toml")
    assert [profile.id for profile in neighbours_of(loaded.path)] == ["secret", "valley"]

    done = CliRunner().invoke(check.command, ["hill.toml", "--output", "out", "--offline", "--json"])
    (finding,) = [row for row in json.loads(done.output)["findings"] if row["part"] == "neighbours"]
    assert finding["verdict"] == "warning"
    assert '"hill" and "valley"' in finding["message"] or '"valley" and "hill"' in finding["message"]
