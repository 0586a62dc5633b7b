"""Pages of a station with long bulletins, and visits to them in a real Chromium by scripts for node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.model import Bulletin
from bulletin.publishing.pages.draw_page_pictures import draw_icon, draw_preview, shrink_cover
from bulletin.publishing.pages.draw_podcast_artwork import make_artwork
from bulletin.publishing.pages.page_pictures import PagePictures
from tests.publishing.pages.page_station import Desk
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
)
from tests.support.hostile_texts import HOSTILE

MODULES = Path(__file__).parents[3] / ".venv-clients"
PICTURES = os.environ.get("BULLETIN_PICTURES", "")
"""Folder for the screenshots, set by developers who want to look at them."""
RATE = 44_100
TITLES = ("Bridge closes for repairs", "School opens its doors", "Solar farm is refused", *HOSTILE)


def write_mp3(path: Path, *, length_s: int) -> None:
    """Tone that swells and fades every second."""
    time_s = np.arange(length_s * RATE, dtype=np.float32) / RATE
    sound = (0.3 * np.sin(2764.6 * time_s) * (0.55 + 0.45 * np.sin(6.2832 * time_s))).astype(np.float32)
    with path.open("w+b") as file:
        writer = Mp3Encoder(file, rate_hz=RATE, channels=1, kbps=64)
        writer.write(sound[:, None])
        writer.close()


def make_long(path: Path, number: int) -> Bulletin:
    """Bulletin of ten seconds a passage, each story in two sentences, so that the page must scroll."""
    story_scripts = []
    for at, title in enumerate(TITLES):
        words = (
            f"{title[:200]}. The council said more about it on Monday, and residents were told of it. " * 3
        )
        story = make_story(make_article(id=f"gazette:{at}", title=title, summary=words))
        story_scripts.append(make_story_script(story))
    return make_bulletin(
        path, make_script(*story_scripts, title=f"{6 + number}am news", at=NOW + number * timedelta(hours=1))
    )


def publish(desk: Desk, *numbers: int) -> None:
    """Publish the bulletins of these hours, and a page that embeds the player."""
    desk.folder.mkdir(exist_ok=True)
    for number in numbers:
        desk.now = NOW + number * timedelta(hours=1)
        path = desk.folder / f"demo-20261124-0{7 + number}00-made.mp3"
        bulletin = make_long(path, number)
        write_mp3(path, length_s=round(bulletin.renditions[0].duration_s) + number)
        desk.hand_over(bulletin)
    frame = '<!doctype html><link rel="icon" href="data:,"><iframe src="player.html" width="640" height="240"></iframe>'
    (desk.folder / "embedding.html").write_text(frame, encoding="utf-8")


def need_browser(*modules: str) -> tuple[str, str]:
    """Programs node and Chromium; skips the test where they or a module of .ci/tools is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    node = shutil.which("node")
    missing = [name for name in modules if not (MODULES / "node_modules" / name).is_dir()]
    if not chromium or not node or missing:
        pytest.skip(f"needs Chromium, node, {', '.join(modules)}: run .ci/tools")
    return node, chromium


def visit(script: str, *arguments: str) -> dict[str, Any]:
    """Run a script beside this file, which prints a report."""
    node, chromium = need_browser("playwright-core", "axe-core")
    done = subprocess.run(
        [node, str(Path(__file__).with_name(script)), *arguments, str(MODULES), chromium],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def draw_pictures() -> PagePictures:
    """The pictures of Wexcombe Radio, as a station has them."""
    words: dict[str, Any] = {
        "name": "Wexcombe Radio",
        "frequencies": ("103.5",),
        "band": "FM",
        "slogan": "",
        "colour": "#0b6e4f",
    }
    return PagePictures(
        cover=shrink_cover(make_artwork(**words, size_px=1400)),
        preview=draw_preview(**words),
        icons=tuple(draw_icon("#0b6e4f", size) for size in (192, 512)),
    )
