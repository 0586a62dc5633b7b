"""`bulletin play`, with a stand-in for the player on PATH."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bulletin.cli.making.play import command
from bulletin.errors import AudioError, OutletError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a first line")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station with two renditions, and an empty folder as PATH."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "hill.toml").write_text('name = "Hill"\n[outputs]\nmake = ["podcast", "fm"]\n', "utf-8")
    folder = tmp_path / "output" / "hill"
    folder.mkdir(parents=True)
    return folder


def install(folder: Path, name: str, *, code: int = 0, said: str = "") -> Path:
    """Install a program that writes its arguments to a file; return that file."""
    heard = folder.parents[1] / "heard"
    program = folder.parents[1] / "bin" / name
    program.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(heard)!r}, 'w').write(' '.join(sys.argv[1:]))\n"
        f"sys.stderr.write({said!r})\nsys.exit({code})\n"
    )
    program.chmod(0o755)
    return heard


def play(*args: str) -> Result:
    return CliRunner().invoke(command, args)


def test_the_newest_rendition_is_played(folder: Path) -> None:
    heard = install(folder, "mpg123")
    (folder / "latest.mp3").write_bytes(b"old")
    (folder / "fm.wav").write_bytes(b"new")
    os.utime(folder / "latest.mp3", (1, 1))

    done = play("hill.toml")

    assert done.exit_code == 0, done.output
    assert heard.read_text() == f"-q {Path('output/hill/fm.wav')}"


def test_json_names_the_file_and_the_player(folder: Path) -> None:
    install(folder, "mpg123")
    (folder / "latest.mp3").write_bytes(b"x")

    done = play("hill.toml", "--json")

    assert json.loads(done.stdout) == {"file": str(Path("output/hill/latest.mp3")), "player": "mpg123"}


@pytest.mark.parametrize("arguments", [("a.mp3",), ("--file", "a.mp3")])
def test_a_file_is_played(folder: Path, arguments: tuple[str, ...]) -> None:
    heard = install(folder, "ffplay")
    Path("a.mp3").write_bytes(b"x")

    assert play(*arguments).exit_code == 0
    assert heard.read_text().endswith("-loglevel error a.mp3")


@pytest.mark.parametrize("name", ["b.mp3", "sounds/b.ogg"])
def test_a_missing_file_is_not_called_an_unknown_station(folder: Path, name: str) -> None:
    done = play(name)

    assert isinstance(done.exception, AudioError)
    assert str(done.exception) == f"{Path(name)}: no such file; name another one"


def test_a_station_may_have_a_dot_in_its_name(folder: Path) -> None:
    heard = install(folder, "mpg123")
    Path("feeds").mkdir()
    Path("feeds/hill.fm.toml").write_text('name = "Hill FM"\n', "utf-8")
    Path("output/hill-fm").mkdir()
    Path("output/hill-fm/latest.mp3").write_bytes(b"x")

    assert play("hill.fm").exit_code == 0
    assert heard.read_text() == f"-q {Path('output/hill-fm/latest.mp3')}"


def test_without_a_player_the_file_is_named(folder: Path) -> None:
    (folder / "latest.mp3").write_bytes(b"x")

    done = play("--station", "hill.toml")

    assert isinstance(done.exception, AudioError)
    assert str(done.exception).startswith("no player found (mpv, ffplay, mpg123")
    assert "latest.mp3 yourself" in str(done.exception)


def test_a_player_that_fails_is_named(folder: Path) -> None:
    install(folder, "mpv", code=3)
    Path("a.mp3").write_bytes(b"x")

    assert str(play("a.mp3").exception).startswith("mpv failed with exit code 3")


@pytest.mark.parametrize(
    "said",
    ["a.mp3: Invalid data found when processing input", "No more combinations to try, audio open failed"],
)
def test_ffplay_that_ends_with_0_and_played_nothing_has_failed(folder: Path, said: str) -> None:
    install(folder, "ffplay", said=f"ALSA lib conf.c:5728: no such file\n{said}\n")
    Path("a.mp3").write_bytes(b"x")

    done = play("a.mp3")

    assert isinstance(done.exception, AudioError)
    assert str(done.exception) == f"ffplay failed ({said}); choose another with --player"


def test_a_remark_of_ffplay_is_no_failure(folder: Path) -> None:
    install(folder, "ffplay", said="ALSA lib conf.c:5728: no such file\n")
    Path("a.mp3").write_bytes(b"x")

    assert play("a.mp3").exit_code == 0


def test_a_station_without_a_bulletin_is_named(folder: Path) -> None:
    assert isinstance(play("hill.toml").exception, OutletError)
