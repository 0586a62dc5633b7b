"""Browsers of editors at the station "hill"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import soundfile

from bulletin.newsroom.desk import Desk
from tests.support.newsroom_pages import served_hill
from tests.support.newsroom_server import ServedNewsroom
from tests.support.playwright_browser import DESKTOP, Visitor, chromium
from tests.support.speech_like_sounds import RATE_HZ, speech_like

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Its microphone hears a voice."""
    said = tmp_path_factory.mktemp("microphone") / "said.wav"
    soundfile.write(said, speech_like(), RATE_HZ, subtype="PCM_16")
    with chromium(f"--use-file-for-fake-audio-capture={said}") as opened:
        yield opened


@pytest.fixture
def hill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedNewsroom, Desk]]:
    extra = '[newsroom]\napproval = "required"\n'
    with served_hill(tmp_path_factory.mktemp("hill"), extra) as served:
        yield served


@pytest.fixture
def visit(browser: Browser, hill: tuple[ServedNewsroom, Desk]) -> Iterator[Callable[..., Visitor]]:
    """Open a browser of a user; afterwards no script may have failed."""
    visitors: list[Visitor] = []

    def open_for(user: str = "ann", **options: Any) -> Visitor:
        visitors.append(Visitor(browser, hill[0].address, user, **(options or DESKTOP)))
        return visitors[-1]

    yield open_for
    for visitor in visitors:
        visitor.close()
    assert [problem for visitor in visitors for problem in visitor.problems] == []
