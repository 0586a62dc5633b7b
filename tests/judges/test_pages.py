"""Hostile feeds on the listener pages: their markup stays plain text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from lxml import html

from bulletin.archive.archive import Archive
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.model import StoryScript
from tests.publishing.pages.page_station import Desk, make_site
from tests.support.factories import (
    NOW,
    make_article,
    make_bulletin,
    make_script,
    make_story,
    make_story_script,
    make_words,
)

pytestmark = pytest.mark.judges

MAKE_HOSTILE = Path(__file__).parents[2].parent / "shared" / "tools" / "hostile" / "make_hostile.py"
APPS = ("podcast://", "overcast://", "pktc://")
"""Buttons that open podcast apps at the feed."""
FEEDS = ("xss_titles", "xss_body", "path_titles", "ssrf_links", "prompt_injection", "enc_bidi_override")
OURS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "main", "section", "aside", "footer",
    "nav", "div", "span", "p", "h1", "h2", "h3", "ol", "ul", "li", "b", "small", "time", "button", "input", "audio",
    "svg", "defs", "clippath", "rect", "g", "path", "use", "circle", "text", "wbr", "img", "i", "label", "select", "option",
    "details", "summary", "dl", "dt", "dd", "kbd",
}  # fmt: skip


def hostile_stories(folder: Path) -> list[StoryScript]:
    """A story for each raw title, text and address in the feeds, without the cleaning of the feed parser."""
    words: list[str] = []
    for name in FEEDS:
        feed = (folder / "feeds" / f"{name}.xml").read_text("utf-8")
        for raw in re.findall(r"<(?:title|description)>(.*?)</(?:title|description)>", feed, re.DOTALL):
            words += [raw, unescape(raw)]
    words += json.loads((folder / "path_names.json").read_text("utf-8"))
    urls = json.loads((folder / "ssrf_urls.json").read_text("utf-8"))
    return [
        make_story_script(
            make_story(
                make_article(id=f"evil:{n}", title=text, summary=text, credit=text, link=urls[n % len(urls)])
            )
        )
        for n, text in enumerate(words)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Public folder after one bulletin with all hostile stories."""
    if not MAKE_HOSTILE.exists():
        pytest.skip("the workshop's hostile feeds are not here")
    work = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(MAKE_HOSTILE), str(work / "made")], check=True, capture_output=True)
    stories = hostile_stories(work / "made")
    assert len(stories) > 100
    with Archive.open(work / "archive.db") as archive:
        desk = Desk(work / "demo", archive)
        desk.site = make_site(
            station=make_words(name="Hill <script>", slogan="'\"><b>{{ 7*7 }}"),
            podcast=PodcastOptions(base_url="https://news.example/", title="</title><b>"),
        )
        path = desk.bulletin().renditions[0].path
        bulletin = make_bulletin(path, make_script(*stories, title=stories[0].story.title, at=NOW))
        desk.hand_over(bulletin)
    return work / "demo"


def test_pages_have_only_our_elements(folder: Path) -> None:
    pages = sorted(folder.rglob("*.html"))

    assert len(pages) == 5  # front, bulletin, player, day, all days
    for path in pages:
        page = html.fromstring(path.read_bytes())
        assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= OURS
        for element in page.iter():
            assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        scripts = page.xpath("//script[not(@type='application/ld+json')]")
        assert [script.text for script in scripts if script.text] == []
        assert not page.xpath("//iframe | //object | //base | //form | //meta[@http-equiv='refresh']")


def test_links_lead_to_the_web_or_to_our_files(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        for address in html.fromstring(path.read_bytes()).xpath("//@href | //@src"):
            is_ours = (path.parent / address.partition("#")[0]).is_file() or address.startswith("#")
            assert is_ours or address.casefold().startswith(("https://", "http://", *APPS))


def test_hostile_stories_are_listed_and_name_no_file(folder: Path) -> None:
    front = (folder / "index.html").read_text("utf-8")

    assert front.count('class="part"') > 100
    assert {path.name for path in folder.rglob("*.html")} == {
        "index.html",
        "player.html",
        "demo-20261124-0800-made.html",
        "2026-11-24.html",
    }
