"""Profiles of a group on one machine: read again when they change; an invalid one stops no other station."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bulletin.errors import ConfigError
from bulletin.group.group_profiles import GroupProfiles

GROUP = '[group]\ndatabase = "postgresql://db/news"\n'


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


def test_an_invalid_profile_is_refused_and_the_others_go_on(folder: Path) -> None:
    profiles = GroupProfiles(names=[str(folder)])
    profiles.refresh()
    write(folder, "hill", 'name = "Hill"\nlenth = "1:00"\n')
    assert profiles.refresh()
    assert list(profiles.stations) == ["valley"]
    assert "did you mean 'length'?" in profiles.refused["hill"]
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
    write(folder, "moor", 'name = "Moor"\n[group]\ndatabase = "postgresql://elsewhere/news"\n')
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
