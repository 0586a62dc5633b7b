"""Profiles of a group on one machine: read again when they change; an invalid one stops no other station."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bulletin.config.find_group_options import find_group_options
from bulletin.errors import ConfigError
from bulletin.group.group_profiles import GroupProfiles

GROUP = '[group]\ndatabase = "postgresql://db/news"\nstore = "/shared"\n'


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + len(text)))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "group", GROUP)
    write(tmp_path, "hill", 'name = "Hill"\n')
    write(tmp_path, "valley", 'name = "Valley"\n')
    return tmp_path


def test_a_folder_stands_for_all_of_its_stations(folder: Path) -> None:
    profiles = GroupProfiles(names=[str(folder)])
    assert profiles.refresh()
    assert sorted(profiles.stations) == ["hill", "valley"]
    assert profiles.group.database == "postgresql://db/news"


@pytest.mark.parametrize("was_valid", [True, False])
def test_an_invalid_profile_is_refused_and_the_previous_one_stays_in_force(
    folder: Path, was_valid: bool
) -> None:
    profiles = GroupProfiles(names=[str(folder)])
    if was_valid:
        profiles.refresh()
    write(folder, "hill", 'name = "Hill"\nlenth = "1:00"\n')
    assert profiles.refresh()
    assert sorted(profiles.stations) == (["hill", "valley"] if was_valid else ["valley"])
    assert "did you mean 'length'?" in profiles.refused["hill"]
    assert ("previous profile stays in force" in profiles.refused["hill"]) == was_valid
    write(folder, "hill", 'name = "Hill FM"\n')
    assert profiles.refresh()
    assert (sorted(profiles.stations), profiles.refused) == (["hill", "valley"], {})


def test_a_removed_station_and_a_new_one_are_noticed(folder: Path) -> None:
    profiles = GroupProfiles(names=[str(folder)])
    profiles.refresh()
    (folder / "hill.toml").unlink()
    write(folder, "moor", 'name = "Moor"\n')
    assert profiles.refresh()
    assert sorted(profiles.stations) == ["moor", "valley"]
    assert not profiles.refresh()


def test_a_station_of_another_group_is_left_alone(folder: Path) -> None:
    write(
        folder,
        "moor",
        'name = "Moor"\n[group]\ndatabase = "postgresql://elsewhere/news"\nstore = "/shared"\n',
    )
    profiles = GroupProfiles(names=[str(folder)])
    profiles.refresh()
    assert sorted(profiles.stations) == ["hill", "valley"]
    assert "one process serves one group" in profiles.refused["moor"]


def test_a_station_that_is_named_and_belongs_to_no_group_is_a_mistake(folder: Path) -> None:
    path = write(folder, "moor", 'name = "Moor"\n[group]\ndatabase = ""\n')
    with pytest.raises(ConfigError, match="belongs to no group"):
        GroupProfiles(names=[str(path)]).refresh()


def test_without_a_valid_profile_the_group_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, "hill", 'name = "Hill"\nlenth = "1:00"\n')
    profiles = GroupProfiles(names=[str(tmp_path)])
    profiles.refresh()
    with pytest.raises(ConfigError, match="did you mean 'length'"):
        _ = profiles.group


def test_a_reason_that_all_stations_share_is_said_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_ADDRESS", raising=False)
    write(folder, "group", '[group]\ndatabase = "env:NO_SUCH_ADDRESS"\nstore = "/shared"\n')
    profiles = GroupProfiles(names=[str(folder)])
    profiles.refresh()
    with pytest.raises(ConfigError) as caught:
        _ = profiles.group
    said = f"{folder / 'group.toml'}:2: group.database: environment variable NO_SUCH_ADDRESS is not set"
    assert str(caught.value).count("\n") == 0
    assert str(caught.value).startswith(said)
    with pytest.raises(ConfigError) as caught:
        find_group_options([str(folder)])
    assert str(caught.value).startswith(said)


def test_a_deleted_profile_that_was_named_is_a_removed_station(folder: Path) -> None:
    hill, valley = str(folder / "hill.toml"), str(folder / "valley.toml")
    profiles = GroupProfiles(names=[hill, valley])
    profiles.refresh()
    (folder / "hill.toml").unlink()
    write(folder, "valley", 'name = "Valley FM"\n')
    assert profiles.refresh()
    assert [one.profile.name for one in profiles.stations.values()] == ["Valley FM"]
    with pytest.raises(ConfigError, match="hill"):
        GroupProfiles(names=[hill, valley]).refresh()


def test_a_station_without_a_file_or_secret_is_tried_again_after_a_minute(folder: Path) -> None:
    now_s = [0.0]
    profiles = GroupProfiles(names=[str(folder)], clock=lambda: now_s[0])
    profiles.refresh()
    profiles.refuse("hill", "lexicon.toml: not readable")
    assert not profiles.refresh()
    assert list(profiles.refused) == ["hill"]
    now_s[0] += 60.0
    assert profiles.refresh()
    assert (sorted(profiles.stations), profiles.refused) == (["hill", "valley"], {})


def test_another_group_of_all_stations_needs_a_new_process(folder: Path) -> None:
    write(
        folder,
        "moor",
        'name = "Moor"\n[group]\ndatabase = "postgresql://elsewhere/news"\nstore = "/shared"\n',
    )
    profiles = GroupProfiles(names=[str(folder)])
    profiles.refresh()
    for name in ("hill", "valley"):
        assert not profiles.has_moved
        group = '[group]\ndatabase = "postgresql://user:rotated@db/news"\nstore = "/shared"\n'
        write(folder, name, f'name = "{name.title()}"\n{group}')
        profiles.refresh()
    assert profiles.has_moved
    again = GroupProfiles(names=[str(folder)])
    again.refresh()
    assert sorted(again.stations) == ["hill", "valley"]


def test_stations_that_cannot_be_read_for_a_moment_move_to_no_other_group(folder: Path) -> None:
    write(
        folder,
        "moor",
        'name = "Moor"\n[group]\ndatabase = "postgresql://elsewhere/news"\nstore = "/shared"\n',
    )
    profiles = GroupProfiles(names=[str(folder)])
    profiles.refresh()
    for name in ("hill", "valley"):
        profiles.refuse(name, "lexicon.toml: not readable")
    assert (profiles.stations, profiles.has_moved) == ({}, False)
