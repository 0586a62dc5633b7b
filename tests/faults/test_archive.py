"""A damaged archive is set aside and reported; an archive of a newer version is left unchanged."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.station_process import Radio
from tests.support.newer_archive import make_newer

pytestmark = pytest.mark.faults


def _noise(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(20_000))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _torn(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:12_288] = random.Random(5).randbytes(8192)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_noise, _cut, _torn])
def test_a_damaged_archive_is_set_aside_and_the_bulletin_is_published(
    on_air: Radio, damage: Callable[[Path], None]
) -> None:
    archive = on_air.state / "archive.sqlite"
    for log in on_air.state.glob("archive.sqlite-*"):
        log.unlink()
    damage(archive)

    data = on_air.make_json()

    assert any("is damaged" in note and "set aside as" in note for note in data["notes"])
    assert len(list(on_air.state.glob("archive.corrupt-*"))) == 1
    assert len(list(on_air.public.glob("*.mp3"))) == 3  # two bulletins and latest.mp3
    on_air.assert_clean()


def test_make_and_script_report_a_damaged_archive_on_the_terminal(radio: Radio) -> None:
    radio.state.mkdir(parents=True)
    for command in ("make", "script"):
        for log in radio.state.glob("archive.sqlite*"):
            log.unlink()
        _noise(radio.state / "archive.sqlite")

        done = radio.run(command, "./valley.toml", "--output", "output")

        assert done.returncode == 0
        assert "is damaged" in done.stdout
        assert "set aside as" in done.stdout


def test_an_archive_from_a_newer_version_is_left_alone(on_air: Radio) -> None:
    path = on_air.state / "archive.sqlite"
    make_newer(path)
    before = on_air.look()

    done = on_air.make("--json")

    assert done.returncode == 8
    assert "newer Bulletin" in json.loads(done.stdout)["error"]
    assert "update Bulletin" in done.stderr
    assert on_air.look() == before


def test_another_programs_database_is_left_alone(radio: Radio) -> None:
    radio.state.mkdir(parents=True)
    with closing(sqlite3.connect(radio.state / "archive.sqlite")) as db, db:
        db.execute("CREATE TABLE songs (title TEXT)")

    done = radio.make()

    assert done.returncode == 8
    assert "another program" in done.stderr


def test_make_warns_of_an_incomplete_kill_list_until_it_is_confirmed(
    on_air: Radio,
) -> None:
    on_air.run("kill", "Garrowby", "--station", "./valley.toml", "--output", "output")
    (on_air.state / "archive.kills").unlink()

    doubtful = on_air.make()
    on_air.run("kill", "confirm", "--station", "./valley.toml", "--output", "output")
    confirmed = on_air.make("--json")

    assert doubtful.stderr.startswith(
        "The kill list may be incomplete: the file archive.kills, a copy of the kill list"
    )
    assert "`bulletin kill confirm`" in doubtful.stderr.splitlines()[0]
    assert "kill list" not in confirmed.stderr
    assert json.loads(confirmed.stdout or "{}").get("kill_list_doubt", "") == ""
