"""Public folder and clock for the tests of the newest file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bulletin.model import Bulletin
from bulletin.publishing.files.write_newest_bulletin import NewestFile
from tests.publishing.outlet_folders import OutletFolders
from tests.support.factories import NOW, make_bulletin, make_script, make_words

HOUR = timedelta(hours=1)


class Desk(OutletFolders):
    """Outlet, and bulletins that it publishes."""

    def outlet(self, **changes: object) -> NewestFile:
        given = {"folder": self.folder, "station": make_words(), "kind": "fm", "clock": lambda: self.now}
        return NewestFile(**(given | changes))

    def bulletin(self, number: int = 1, *, suffix: str = ".wav", size: int = 1_000) -> Bulletin:
        path = self.mixed / f"bulletin-{number}{suffix}"
        path.write_bytes(f"sound {number:5d} ".encode() * size)
        made = make_bulletin(path, make_script(title=f"Bulletin {number}", at=NOW + number * HOUR))
        sound = replace(made.renditions[0], kind="fm", media_type="audio/wav", loudness_lufs=-23.004)
        return replace(made, renditions=(made.renditions[0], sound))

    def publish(self, number: int = 1, **changes: object):
        self.now = NOW + number * HOUR - timedelta(minutes=2)
        return self.outlet(**changes).publish(self.bulletin(number))

    def about(self, name: str = "fm.json") -> dict[str, object]:
        return json.loads((self.folder / name).read_text("utf-8"))

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)
