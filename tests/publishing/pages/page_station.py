"""Folder, archive and clock of a station, for the tests of its podcast and pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from bulletin.archive.archive import Archive
from bulletin.config.tables.output_options import PageLink, PageOptions, PodcastOptions
from bulletin.model import Bulletin, Episode
from bulletin.publishing.pages.page_pictures import PagePictures
from bulletin.publishing.pages.site_style import SiteStyle
from bulletin.publishing.pages.web_page_outlet import PageOutlet
from bulletin.publishing.podcast.podcast_outlet import PodcastOutlet
from bulletin.publishing.publish_bulletin import publish_bulletin
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
    make_words,
)

HOUR = timedelta(hours=1)
ARTWORK = b"\xff\xd8\xff a picture"
ADDRESS = "https://news.example/demo/"


def make_site(**changes: Any) -> SiteStyle:
    """Site of Wexcombe Radio, in green."""
    page = PageOptions(
        stream="https://radio.example/live",
        speaker="Alexa, what's the news?",
        links=(PageLink(name="Overcast", url="https://overcast.example/x"),),
    )
    fields: dict[str, Any] = {
        "station": make_words(),
        "podcast": PodcastOptions(base_url="https://news.example/"),
        "page": page,
        "colour": "#0b6e4f",
        "cover": b"\xff\xd8\xff small",
        "pictures": PagePictures(
            cover=b"\xff\xd8\xff thumb",
            preview=b"\xff\xd8\xff preview",
            icons=(b"\x89PNG 192", b"\x89PNG 512"),
        ),
    }
    return SiteStyle(**(fields | changes))


class Desk:
    """Folder, archive, clock, podcast and pages of a station."""

    def __init__(self, folder: Path, archive: Archive) -> None:
        self.folder = folder
        self.archive = archive
        self.now = NOW
        self.site = make_site()

    @property
    def podcast(self) -> PodcastOutlet:
        return PodcastOutlet(
            folder=self.folder,
            options=PodcastOptions(base_url="https://news.example/"),
            station=make_words(),
            artwork=ARTWORK,
            archive=self.archive,
            clock=lambda: self.now,
        )

    @property
    def page(self) -> PageOutlet:
        return PageOutlet(
            folder=self.folder,
            site=self.site,
            archive=self.archive,
            clock=lambda: self.now,
            coming_slots=lambda since: [since + number * HOUR for number in (1, 2, 26)],
        )

    def bulletin(self, number: int = 1, *titles: str, version: str = "") -> Bulletin:
        """Bulletin of hour `number` with stories of these titles."""
        at = NOW + number * HOUR
        story_scripts = [
            make_story_script(
                make_story(
                    make_article(id=f"gazette:{title}", title=title, link=f"https://gazette.example/{n}")
                )
            )
            for n, title in enumerate(titles or (f"Story of hour {number}",))
        ]
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"demo-{at:%Y%m%d-%H%M}{version}-made.mp3"
        path.write_bytes(f"sound {number}{version} ".encode() * 900)
        return make_bulletin(path, make_script(*story_scripts, title=f"Bulletin {number}", at=at))

    def publish(self, number: int = 1, *titles: str) -> Episode:
        self.now = NOW + number * HOUR
        return self.hand_over(self.bulletin(number, *titles))

    def hand_over(self, bulletin: Bulletin) -> Episode:
        """Publish to podcast and page; return the episode of the page."""
        return publish_bulletin(bulletin, outlets=(self.podcast, self.page))[1]

    def read(self, name: str = "index.html") -> html.HtmlElement:
        return html.fromstring((self.folder / name).read_bytes())

    def words(self, name: str = "index.html") -> str:
        return " ".join(" ".join(self.read(name).itertext()).split())

    def state(self) -> dict[str, tuple[bytes, int]]:
        return {
            str(path.relative_to(self.folder)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in self.folder.rglob("*")
            if path.is_file()
        }

    def everywhere(self, text: str) -> list[str]:
        """Pages and page data that contain `text`; the podcast withdraws its own files."""
        ours = (".html", ".page.json", "-24.json")
        return [
            name for name, (data, _) in self.state().items() if text.encode() in data and name.endswith(ours)
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Archive.open(tmp_path / "archive.db") as archive:
        yield Desk(tmp_path / "demo", archive)


PAGE = "demo-20261124-0800-made.html"


def correct(desk: Desk, number: int, guid: str, *titles: str, version: str = "-corrected") -> Episode:
    desk.now += timedelta(minutes=10)
    better = desk.bulletin(number, *titles, version=version)
    podcast = desk.podcast
    podcast.place(better)
    episode = desk.page.correct(guid, better)
    podcast.show()
    return episode
