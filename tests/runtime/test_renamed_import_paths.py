"""Renamed import paths: an old path names the new one."""

from __future__ import annotations

import importlib
import tomllib
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import pytest

OLD_COUNT = 528
ROOT = Path(__file__).parents[2] / "bulletin"
MOVED = tomllib.loads(
    (resources.files("bulletin.runtime") / "renamed_import_paths.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("old", "new"),
    [("whole", "runtime.files.atomic_write"), ("script.tell", "editing.edit_article_for_radio")],
)
def test_an_old_module_name_gives_the_new_one(old: str, new: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=rf"bulletin\.{old} has moved: .* bulletin\.{new}$"):
        importlib.import_module(f"bulletin.{old}")


def test_a_module_that_is_now_a_package_names_the_module_in_it() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"import it from bulletin\.station\.build_station"):
        importlib.import_module("bulletin.station.open_station")


def test_an_unknown_module_raises_the_usual_import_error() -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named"):
        importlib.import_module("bulletin.nothing_of_ours")


def test_each_module_of_november_exists_or_names_the_new_one() -> None:
    """The file lists all modules of 27 and 28 November 2026, before the first one moved."""
    old = Path(__file__).parents[1].joinpath("data/old_module_names.txt").read_text("utf-8").split()

    lost = [
        name
        for name in old
        if not {name, name.rpartition(".")[0]} & MOVED.keys()
        and not (ROOT / f"{name.replace('.', '/')}.py").is_file()
    ]

    assert (len(old), lost) == (OLD_COUNT, [])


def test_every_new_name_is_a_module() -> None:
    assert [new for new in sorted(set(MOVED.values())) if not find_spec(f"bulletin.{new}")] == []
