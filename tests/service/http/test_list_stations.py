"""The list of stations at `/`, and the host's robots.txt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from lxml import html
from starlette.applications import Starlette

from bulletin.service.http.list_stations import list_routes
from bulletin.service.http.serve_published_files import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer
from tests.support.hostile_texts import HOSTILE


@contextmanager
def client(folder: Path, *stations: str) -> Iterator[httpx2.Client]:
    """Client of a web server with these stations."""
    folders = [
        PublicFolder(station=name, folder=folder / name, feed_url=f"https://news.example/{name}/feed.xml")
        for name in stations
    ]
    app = Starlette(routes=[*list_routes(lambda: folders), *public_routes(lambda: folders)])
    server = WebServer(app, host="127.0.0.1", port=0)
    server.start()
    try:
        with httpx2.Client(base_url=server.address, trust_env=False) as web:
            yield web
    finally:
        server.stop()


def make(folder: Path, name: str, **manifest: object) -> None:
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "site.webmanifest").write_text(json.dumps({"name": name, **manifest}))
    (folder / "now.json").write_text(json.dumps({"title": "6am news"}))


def test_every_station_is_listed_with_its_name_and_newest_bulletin(tmp_path: Path) -> None:
    make(tmp_path / "wex", "Wexcombe Radio News", icons=[{"src": "icon-0a1b2c3d.png"}])
    make(tmp_path / "abc", "Zulu Radio")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "feed.xml").write_text("<rss/>")

    with client(tmp_path, "abc", "bare", "silent", "wex") as web:
        answer, style = web.get("/"), web.get("/stations.css")

    page = html.fromstring(answer.content)
    assert page.xpath("//a/@href") == ["bare/feed.xml", "wex/", "abc/"]
    assert page.xpath("//b/text()") == ["bare", "Wexcombe Radio News", "Zulu Radio"]
    assert page.xpath("//small/text()") == ["6am news", "6am news"]
    assert page.xpath("//img/@src") == ["wex/icon-0a1b2c3d.png"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert style.headers["content-type"].startswith("text/css")


def test_hostile_and_damaged_files_stay_text(tmp_path: Path) -> None:
    for number, text in enumerate(HOSTILE):
        make(tmp_path / str(number), text, description=text, icons=[{"src": text}, text])
    (tmp_path / "0" / "now.json").write_text("[" * 50_000)
    (tmp_path / "1" / "site.webmanifest").write_text("[]")

    with client(tmp_path, *map(str, range(len(HOSTILE)))) as web:
        page = html.fromstring(web.get("/").content)

    assert len(page.xpath("//li")) == len(HOSTILE)
    assert page.xpath("//script | //img | //li//*[@onerror]") == []


def test_a_station_that_has_published_nothing_is_no_dead_link(tmp_path: Path) -> None:
    with client(tmp_path, "silent") as web:
        page = html.fromstring(web.get("/").content)

    assert page.xpath("//a") == []
    assert page.xpath("string(//p)") == "No station has published a bulletin yet."


def test_robots_txt_of_the_host_names_every_feed(tmp_path: Path) -> None:
    with client(tmp_path, "abc", "wex") as web:
        text = web.get("/robots.txt").text

    assert text.splitlines()[-2:] == [
        "Sitemap: https://news.example/abc/feed.xml",
        "Sitemap: https://news.example/wex/feed.xml",
    ]
