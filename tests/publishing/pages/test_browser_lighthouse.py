"""Lighthouse of the listener pages: 100 for accessibility, best practices and SEO."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.lighthouse import CATEGORIES, failed_audits, run_lighthouse, scores_of, serve_stations
from bulletin.archive.archive import Archive
from tests.publishing.pages.browser_visits import draw_pictures, need_browser, publish
from tests.publishing.pages.page_station import Desk, make_site

pytestmark = pytest.mark.browser

JUDGED = CATEGORIES[1:]
"""Performance depends on the machine: bench/lighthouse.py measures it."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a served station with pictures."""
    need_browser("lighthouse")
    work = tmp_path_factory.mktemp("lighthouse")
    with Archive.open(work / "archive.db") as archive:
        desk = Desk(work / "output" / "demo", archive)
        desk.folder.parent.mkdir()
        desk.site = make_site(pictures=draw_pictures())
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
