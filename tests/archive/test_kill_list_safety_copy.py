"""The sealed copy of the kill list: it keeps every kill and notices damage."""

from __future__ import annotations

import os
import random
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive import kill_list_safety_copy
from bulletin.archive.kill_list_safety_copy import KillEntry, KillKind, KillList, join, kill_list_path
from tests.support.factories import NOW

HOUR = timedelta(hours=1)


def entry(name: str, kind: KillKind = KillKind.KILL, hours: float = 0) -> KillEntry:
    return KillEntry(kind=kind, station="hill", name=name, at=NOW + hours * HOUR, note="The mayor's £5 😀\t")


def by_key(*entries: KillEntry) -> dict[kill_list_safety_copy.Key, KillEntry]:
    return {kill.key: kill for kill in entries}


@pytest.fixture
def sealed(tmp_path: Path) -> KillList:
    return KillList(kill_list_path(tmp_path / "archive.sqlite"))


def test_the_sealed_list_is_read_back_and_private(sealed: KillList) -> None:
    entries = by_key(entry("Pethick"), entry("own-1", KillKind.OWN_STORY), entry("Marrow").ended(NOW + HOUR))

    assert sealed.write(entries, doubt="the disk was full")

    assert sealed.path.name == "archive.kills"
    assert stat.S_IMODE(sealed.path.stat().st_mode) == 0o600
    assert sealed.read() == kill_list_safety_copy.SealedKills(
        entries=entries, is_intact=True, is_counted=True, doubt="the disk was full"
    )


def test_a_missing_file_is_not_intact(sealed: KillList) -> None:
    assert sealed.read() == kill_list_safety_copy.SealedKills(entries={}, is_intact=False, is_there=False)


def test_an_empty_list_is_intact(sealed: KillList) -> None:
    sealed.write({})

    assert sealed.read() == kill_list_safety_copy.SealedKills(entries={}, is_intact=True, is_counted=True)


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_noticed_and_costs_only_the_damaged_lines(sealed: KillList, seed: int) -> None:
    entries = by_key(*(entry(f"word {number}") for number in range(20)))
    sealed.write(entries)
    rng, data = random.Random(seed), bytearray(sealed.path.read_bytes())
    position = rng.randrange(len(data) - 1)
    data[position] ^= 1 << rng.randrange(8)
    sealed.path.write_bytes(data)

    sealed_kills = sealed.read()

    assert not sealed_kills.is_intact
    assert len(sealed_kills.entries) >= 18  # a damaged line end joins two lines
    assert all(entries[key] == kill for key, kill in sealed_kills.entries.items())


def test_a_truncated_file_is_not_intact(sealed: KillList) -> None:
    sealed.write(by_key(*(entry(f"word {number}") for number in range(5))))
    lines = sealed.path.read_bytes().split(b"\n")

    for number in range(6):
        sealed.path.write_bytes(b"\n".join(lines[:number]))

        assert not sealed.read().is_intact
        assert len(sealed.read().entries) == number


def test_a_removed_line_is_noticed(sealed: KillList) -> None:
    sealed.write(by_key(*(entry(f"word {number}") for number in range(5))))
    lines = sealed.path.read_bytes().split(b"\n")

    sealed.path.write_bytes(b"\n".join(lines[:2] + lines[3:]))

    assert not sealed.read().is_intact


def test_on_a_full_disk_the_old_seal_is_broken(sealed: KillList, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed.write(by_key(entry("Pethick")))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert not sealed.write(by_key(entry("Marrow")))

    assert not sealed.read().is_intact
    assert list(sealed.read().entries) == [entry("Pethick").key]
    assert list(sealed.path.parent.glob("part-*")) == []
    monkeypatch.undo()
    sealed.write(by_key(entry("Marrow")))
    assert sealed.read().is_intact


def test_a_kill_in_either_list_holds() -> None:
    assert join([entry("Pethick")], by_key(entry("Marrow"))) == by_key(entry("Marrow"), entry("Pethick"))


def test_a_later_removal_wins_over_an_older_archive() -> None:
    ended = entry("Pethick").ended(NOW + HOUR)

    assert join([entry("Pethick")], by_key(ended)) == by_key(ended)


def test_a_kill_after_its_removal_holds() -> None:
    ended, again = entry("Pethick").ended(NOW + HOUR), entry("Pethick", hours=2)

    assert join([again], by_key(ended)) == by_key(again)


def test_old_ended_entries_are_dropped_and_all_kills_kept(
    sealed: KillList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kill_list_safety_copy, "_MOST_ENDED", 3)
    kills = [entry(f"kill {number}") for number in range(10)]
    ended = [entry(f"ended {number}").ended(NOW + number * HOUR) for number in range(10)]

    sealed.write(by_key(*kills, *ended))

    assert sealed.read().entries == by_key(*kills, *ended[-3:])
