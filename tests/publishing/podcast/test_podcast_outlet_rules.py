"""Podcast with hostile titles, validated by the rule checker beside the checkout."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.publishing.podcast.podcast_station import HOUR, OPTIONS, Desk, artwork, desk  # noqa: F401 - fixtures
from tests.support.factories import make_article, make_bulletin, make_script, make_story, make_story_script
from tests.support.folder_server import served

CHECK_FEED = Path(__file__).parents[3].parent / "shared" / "tools" / "publish" / "check_feed.py"
HOSTILE = (
    "]]><script>alert(1)</script>",
    "Title \u202eturned\u202c \x00\x1b",
    "خبر عاجل: إغلاق الجسر",
    "👩‍👩‍👧‍👦 " * 300,
    "x" * 10_000,
)


@pytest.fixture
def judge() -> Callable[..., str]:
    """Run the rule checker as a program."""
    if not CHECK_FEED.exists():
        pytest.skip("the workshop's check_feed.py is not here")
    with_client = (
        "import runpy, sys, httpx2\n"
        "sys.modules['httpx'] = httpx2\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )

    def judged(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", with_client, str(CHECK_FEED), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return judged


def publish_hostile(desk: Desk, base_url: str) -> None:
    """Publish five bulletins with hostile titles, dated a year ago so that no clock calls them future."""
    options = OPTIONS.model_copy(update={"base_url": base_url})
    start = datetime(2025, 11, 24, 7, tzinfo=UTC)
    for number, title in enumerate(HOSTILE):
        desk.now = start + number * HOUR
        path = desk.folder / f"demo-{number}.mp3"
        desk.folder.mkdir(exist_ok=True)
        path.write_bytes(f"sound {number}".encode() * 1000)
        story_script = make_story_script(make_story(make_article(title=title, credit=title)))
        desk.outlet(options=options).publish(make_bulletin(path, make_script(story_script, title=title)))


@pytest.mark.slow
@pytest.mark.clients
def test_the_rule_checker_finds_nothing_in_the_file(desk: Desk, judge: Callable[..., str]) -> None:
    publish_hostile(desk, "https://news.example/")

    assert judge(str(desk.folder / "feed.xml")) == "0 errors, 0 warnings, 5 items\n"


@pytest.mark.slow
@pytest.mark.clients
def test_the_rule_checker_finds_nothing_over_http(
    desk: Desk, tmp_path: Path, judge: Callable[..., str]
) -> None:
    with served(tmp_path) as address:
        publish_hostile(desk, address)

        assert judge(f"{address}demo/feed.xml", "--http") == "0 errors, 0 warnings, 5 items\n"
