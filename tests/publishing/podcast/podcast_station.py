"""Folder, archive and clock of a station, for the tests of its podcast."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from bulletin.archive.archive import Archive
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.model import Bulletin
from bulletin.publishing.podcast.podcast_outlet import PodcastOutlet
from tests.support.factories import NOW, make_bulletin, make_script, make_words

HOUR = timedelta(hours=1)
OPTIONS = PodcastOptions(base_url="https://news.example/", email="news@wexcombe.example")


@pytest.fixture(scope="session")
def artwork() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1400, 1400), "#c8102e").save(out, "JPEG")
    return out.getvalue()


@dataclass
class Desk:
    """Folder, archive and clock of a station."""

    folder: Path
    archive: Archive
    artwork: bytes
    now: datetime = NOW

    def outlet(self, **changes: object) -> PodcastOutlet:
        parts: dict[str, object] = {
            "folder": self.folder,
            "options": OPTIONS,
            "station": make_words(),
            "artwork": self.artwork,
            "archive": self.archive,
            "clock": lambda: self.now,
        }
        return PodcastOutlet(**(parts | changes))

    def bulletin(
        self, number: int = 1, *, folder: Path | None = None, size: int = 5000, name: str = ""
    ) -> Bulletin:
        """Bulletin of hour `number`, its audio in the public folder."""
        path = (folder or self.folder) / f"demo-{name or number}.mp3"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"sound {name or number} ".encode() * size)
        return make_bulletin(path, make_script(title=f"Bulletin {number}", at=NOW + number * HOUR))

    def publish(self, number: int = 1, **changes: object):
        self.now = NOW + number * HOUR
        return self.outlet(**changes).publish(self.bulletin(number))

    def titles(self) -> list[str]:
        return etree.parse(self.folder / "feed.xml").xpath("//item/title/text()")

    def state(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}


@pytest.fixture
def desk(tmp_path: Path, artwork: bytes) -> Iterator[Desk]:
    with Archive.open(tmp_path / "archive.db") as archive:
        yield Desk(tmp_path / "demo", archive, artwork)
