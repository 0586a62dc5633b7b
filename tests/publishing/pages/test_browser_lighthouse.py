"""Lighthouse of the listener pages: 100 for accessibility, best practices and SEO."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.lighthouse import CATEGORIES, failed_audits, run_lighthouse, scores_of, serve_stations
from bulletin.archive.archive import Archive
from bulletin.publishing.pages.draw_page_pictures import draw_icon, draw_preview, shrink_cover
from bulletin.publishing.pages.draw_podcast_artwork import make_artwork
from bulletin.publishing.pages.page_pictures import PagePictures
from tests.publishing.pages.browser_visits import need_browser, publish
from tests.publishing.pages.page_station import Desk, make_site

pytestmark = pytest.mark.browser

JUDGED = CATEGORIES[1:]
"""Performance depends on the machine: bench/lighthouse.py measures it."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a served station with pictures."""
    need_browser("lighthouse")
    work = tmp_path_factory.mktemp("lighthouse")
    words = {
        "name": "Wexcombe Radio",
        "frequencies": ("103.5",),
        "band": "FM",
        "slogan": "",
        "colour": "#0b6e4f",
    }
    with Archive.open(work / "archive.db") as archive:
        desk = Desk(work / "output" / "demo", archive)
        desk.folder.parent.mkdir()
        pictures = PagePictures(
            cover=shrink_cover(make_artwork(**words, size_px=1400)),
            preview=draw_preview(**words),
            icons=tuple(draw_icon("#0b6e4f", size) for size in (192, 512)),
        )
        desk.site = make_site(pictures=pictures)
        publish(desk, 1, 2)
        with serve_stations(work / "output") as served:
            yield served


@pytest.mark.parametrize(
    "path",
    [
        "demo/index.html",
        "demo/demo-20261124-0900-made.html",
        "demo/days/2026-11-24.html",
        "demo/days/index.html",
        "",
    ],
)
def test_lighthouse_gives_100(address: str, path: str) -> None:
    report = run_lighthouse(f"{address}{path}", categories=JUDGED)

    assert (scores_of(report), failed_audits(report)) == (dict.fromkeys(JUDGED, 100), [])
