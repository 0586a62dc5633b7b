"""Addresses on which `bulletin serve` listens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bulletin.cli.running.serve import command, load_profiles
from bulletin.errors import ConfigError
from bulletin.group.group_profiles import GroupProfiles
from bulletin.service.start_http_servers import ListenOptions


def listen(*args: str) -> ListenOptions | None:
    options: ListenOptions | None = command.make_context("serve", [*args]).params["listen"]
    return options


def test_the_service_listens_on_loopback_by_default() -> None:
    assert listen() == ListenOptions(host="127.0.0.1", port=8035, is_needed=False)


@pytest.mark.parametrize(
    ("asked", "host", "port"),
    [
        (":8035", "0.0.0.0", 8035),
        ("192.0.2.7:80", "192.0.2.7", 80),
        ("[::1]:9000", "::1", 9000),
        ("[::]:9000", "::", 9000),
    ],
)
def test_a_given_address_is_required(asked: str, host: str, port: int) -> None:
    assert listen("--listen", asked) == ListenOptions(host=host, port=port, is_needed=True)


def test_none_turns_the_server_off() -> None:
    assert listen("--listen", "none") is None


@pytest.mark.parametrize("asked", ["8035x", "127.0.0.1", "127.0.0.1:http", ":65536", ":-1", ":80³", ""])
def test_an_invalid_address_gets_an_example(asked: str) -> None:
    with pytest.raises(click.BadParameter, match=r'write it as "127\.0\.0\.1:8035"'):
        listen("--listen", asked)


@pytest.mark.parametrize("options", [("--listen", "none"), ("--health", ":8036")])
def test_the_second_address_is_off_by_default(options: tuple[str, ...]) -> None:
    health = command.make_context("serve", [*options]).params["health"]

    assert health == (
        ListenOptions(host="0.0.0.0", port=8036, is_needed=True) if "--health" in options else None
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
def test_with_json_the_log_is_json_on_a_terminal_too(tmp_path: Path) -> None:
    mine, its = os.openpty()
    command_line = [sys.executable, "-m", "bulletin", "serve", "demo", "--json", "--listen", "none"]
    with subprocess.Popen([*command_line, "--output", str(tmp_path)], stderr=its) as service:
        line = os.read(mine, 4096).splitlines()[0]
        service.terminate()

    assert "invented" in json.loads(line)["message"]


def test_without_names_all_stations_of_a_group_are_served_but_for_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BULLETIN_STATION", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feeds").mkdir()
    for station in ("demo", "hill", "moor"):
        (tmp_path / "feeds" / f"{station}.toml").write_text(f'name = "{station}"\n', encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"which station\? Name one of: hill, moor .*`bulletin serve` takes several"
    ):
        load_profiles([])

    (tmp_path / "feeds" / "group.toml").write_text('[group]\ndatabase = "here"\n', encoding="utf-8")
    (tmp_path / "feeds" / "alone.toml").write_text(
        'name = "Alone"\n[group]\ndatabase = ""\n', encoding="utf-8"
    )
    profiles = GroupProfiles()
    profiles.refresh()

    assert [each.id for each in load_profiles([])] == ["hill", "moor"] == sorted(profiles.stations)
    assert [each.id for each in load_profiles(["moor", "demo"])] == ["moor", "demo"]
    monkeypatch.setenv("BULLETIN_STATION", "hill")
    assert [each.id for each in load_profiles([])] == ["hill"]


@pytest.mark.parametrize("database", ["here", ""])
def test_an_invalid_profile_does_not_stop_the_other_stations_of_a_group(
    tmp_path: Path, database: str
) -> None:
    names = [str(tmp_path / f"{station}.toml") for station in ("hill", "moor")]
    Path(names[0]).write_text('name = "Hill"\nlenth = "1:00"\n', encoding="utf-8")
    Path(names[1]).write_text(f'name = "Moor"\n[group]\ndatabase = "{database}"\n', encoding="utf-8")

    if database:
        assert [each.id for each in load_profiles(names)] == ["moor"]
    else:
        with pytest.raises(ConfigError, match="did you mean 'length'"):
            load_profiles(names)
