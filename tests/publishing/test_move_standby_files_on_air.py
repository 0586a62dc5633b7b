"""Stand-by swap: its files are renamed into the public folder; a kill may come between two files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulletin.publishing.move_standby_files_on_air import FLASH, is_half_in, move_in


def lay(folder: Path, guid: str) -> None:
    folder.mkdir()
    (folder / "speaker.mp3").write_bytes(guid.encode())
    (folder / FLASH).write_text(json.dumps({"uid": f"urn:bulletin:{guid}"}), encoding="utf-8")
    side_file = {"audio": "speaker.mp3", "guid": guid, "sha256": "of no interest"}
    (folder / "speaker.json").write_text(json.dumps(side_file), encoding="utf-8")


@pytest.mark.parametrize("moved", [(), ("speaker.mp3",), ("speaker.mp3", FLASH)])
def test_an_interrupted_swap_is_finished_with_its_briefing(tmp_path: Path, moved: tuple[str, ...]) -> None:
    aside, folder = tmp_path / "aside", tmp_path / "folder"
    lay(aside, "new")
    lay(folder, "old")
    for name in moved:
        (aside / name).replace(folder / name)

    move_in(aside, folder, kind="speaker")

    assert list(aside.iterdir()) == []
    assert json.loads((folder / FLASH).read_text(encoding="utf-8"))["uid"] == "urn:bulletin:new"
    assert (folder / "speaker.mp3").read_bytes() == b"new"


def test_the_briefing_of_the_bulletin_before_is_deleted(tmp_path: Path) -> None:
    aside, folder = tmp_path / "aside", tmp_path / "folder"
    lay(aside, "new")
    lay(folder, "old")
    (aside / FLASH).unlink()

    move_in(aside, folder, kind="speaker")

    assert not (folder / FLASH).exists()
    assert not is_half_in(aside, folder, kind="speaker")
