"""A real Chromium for tests, driven by playwright from PyPI; skips where either is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.chromium import MODULES
from tests.support.newsroom_server import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
_FLAGS = (
    "--no-sandbox",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--host-resolver-rules=MAP newsroom.example 127.0.0.1",
)
"""Sound plays by itself; a microphone beeps; newsroom.example is this machine, by an address that is not secure."""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Chromium with a microphone that beeps."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright from PyPI")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("needs Chromium: run .ci/tools")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*_FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """One user in a context of the browser; `problems` collects errors of scripts, console and requests."""

    def __init__(self, browser: Browser, address: str, user: str, **options: Any) -> None:
        self.context = browser.new_context(base_url=address, **options)
        self.problems: list[str] = []
        self.page = self.open_page()
        self.page.goto("/sign-in")
        self.page.fill("[name=name]", user)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("button")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def open_page(self) -> Page:
        """Another page of the same user."""
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))
        page.on(
            "console",
            lambda message: (
                self.problems.append(message.text) if message.type in ("error", "warning") else None
            ),
        )
        return page

    def close(self) -> None:
        self.context.close()


@lru_cache(maxsize=1)
def _axe() -> str:
    path = MODULES / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("needs axe-core: run .ci/tools")
    return path.read_text("utf-8")


def find_violations(page: Page) -> list[str]:
    """What axe finds on a page of a context with bypass_csp: rule and first element."""
    page.evaluate(_axe())
    result = page.evaluate("axe.run(document)")
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in result["violations"]]


def keep_picture(page: Page, folder: str, name: str) -> None:
    """Screenshot for people, where BULLETIN_PICTURES names a folder."""
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
