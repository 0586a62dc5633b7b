"""ARCHITECTURE.md is the map: its floors are those that are proved, and every file on the beam is on it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import bulletin

ROOT = Path(bulletin.__file__).parent.parent
MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_floors_are_those_that_are_proved() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (proved,) = (one["layers"] for one in tools["importlinter"]["contracts"] if one["type"] == "layers")
    (told,) = re.findall(r"^`(cli > .*)`$", MAP, re.MULTILINE)

    # what is in brackets is yet to come
    floors = [[room for room in re.findall(r"[\w()]+", floor) if room[0] != "("] for floor in proved]
    assert [re.findall(r"\w+", floor) for floor in told.split(" > ")] == floors


def test_every_file_on_the_beam_is_on_the_map() -> None:
    files = {path.name for path in (ROOT / "bulletin").glob("*.py") if not path.stem.startswith("__")}

    assert {name for name in files if f"`{name}`" not in MAP} == set()
