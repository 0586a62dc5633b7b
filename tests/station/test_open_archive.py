"""Archive of a station: this machine's file, or the database of its group, on a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bulletin.cli.main import cli
from bulletin.config.load_profile import load_profile
from bulletin.errors import ConfigError
from bulletin.station.open_archive import open_archive_of_stations
from bulletin.station.output_folder import ARCHIVE, STATE
from tests.support.postgres_server import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

STATION = 'name = "{name}"\ntime_zone = "UTC"\n[[feeds]]\nurl = "gazette.rss"\n[speech]\nchain = ["tone"]\n'


def write_station(folder: Path, name: str, more: str = "") -> str:
    (folder / "feeds").mkdir(exist_ok=True)
    path = folder / "feeds" / f"{name}.toml"
    path.write_text(STATION.format(name=name.title()) + more, "utf-8")
    return str(path)


def test_stations_of_different_groups_are_refused_with_both_files(tmp_path: Path):
    group = '[group]\ndatabase = "postgresql://news@db/news"\nstore = "/shared"\n'
    stations = [
        load_profile(write_station(tmp_path, name, more)) for name, more in (("hill", group), ("moor", ""))
    ]

    with (
        pytest.raises(
            ConfigError, match=r"hill\.toml and .*moor\.toml: the stations belong to different groups"
        ),
        open_archive_of_stations(stations, output=tmp_path),
    ):
        pass


@pytest.mark.clients
def test_commands_of_two_machines_share_the_archive_of_their_group(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A kill, a story and a user made on one machine are known on the other; its own folder has no archive."""
    for machine in ("attic", "cellar"):
        (tmp_path / machine).mkdir()
        write_station(tmp_path / machine, "hill")
        group = f'[group]\nname = "north"\ndatabase = "{postgres_url}"\nstore = "{tmp_path / "store"}"\n'
        (tmp_path / machine / "feeds" / "group.toml").write_text(group, "utf-8")
    (tmp_path / "password").write_text("correct horse battery staple", "utf-8")

    def on(machine: str, *words: str, stdin: str = "") -> str:
        monkeypatch.chdir(tmp_path / machine)
        result = CliRunner().invoke(cli, words, input=stdin)
        assert result.exit_code == 0, (words, result.output, result.exception)
        return result.output

    on("attic", "kill", "add", "Bridgeworth", "--keep-published", "hill")
    on("attic", "stories", "add", "-", "--station", "hill", stdin="Fair opens\n\nThe fair opens on Monday.\n")
    on("attic", "user", "add", "ann", "--role", "editor", "--password-file", str(tmp_path / "password"))

    assert "Bridgeworth" in on("cellar", "kill", "list", "hill")
    assert "Fair opens" in on("cellar", "stories", "list", "hill")
    assert "ann" in on("cellar", "user", "list")
    assert "hill: Hill" in on("cellar", "status", "hill")
    assert not list(tmp_path.rglob(f"{STATE}/{ARCHIVE}"))
