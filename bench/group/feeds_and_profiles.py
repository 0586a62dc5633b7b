"""Stations of `bench.group`: profiles, feeds with real text, and a server for them."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SLICES = Path(__file__).parents[3] / "shared" / "data" / "fresh"
"""Recorded articles beside the checkout; their texts are not ours to publish."""
STORIES = 60
FEEDS = 4

_PROFILE = """\
name = "Station {number}"
time_zone = "UTC"
length = "{length}"
{feeds}
[fetch]
host_gap_s = 0
[stories]
max_age_h = 336
[clock]
slots = [{{ at = "{at}" }}]
[speech]
chain = ["{voice}"]
[imaging]
artwork = "../artwork.jpg"
[outputs]
make = ["podcast"]
"""
_FEED = """\
[[feeds]]
url = "http://127.0.0.{host}:{port}/feed"
name = "Gazette {name}"
private = true
weight = {weight}
"""


def read_articles() -> list[tuple[str, str]]:
    """Title and text of so many real articles. Raises SystemExit where they are missing."""
    if not SLICES.is_dir():
        raise SystemExit("../shared/data/fresh is missing: this benchmark needs real articles")
    lines = [
        line
        for name in ("slice-01", "slice-02")
        for line in (SLICES / f"{name}.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    articles = [json.loads(line) for line in lines[:STORIES]]
    return [(article["title"], article["text"]) for article in articles]


def write_feed(articles: list[tuple[str, str]], *, now: datetime, site: str) -> bytes:
    """RSS with the first words of each text, as newspapers write it; the rest is on the page."""
    items = []
    for number, (title, text) in enumerate(articles):
        items.append(
            f"<item><title>{html.escape(title)}</title><link>{site}/{number}</link>"
            f"<pubDate>{format_datetime(now - timedelta(minutes=7 * number + 3))}</pubDate>"
            f"<description>{html.escape(text[:160])}</description></item>"
        )
    feed = f'<rss version="2.0"><channel><title>{site}</title>{"".join(items)}</channel></rss>'
    return feed.encode()


def write_page(title: str, text: str) -> bytes:
    """A page with its article between a menu and a footer."""
    name = html.escape(title)
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("news", "sport", "weather", "jobs"))
    page = (
        f"<!doctype html><html lang='en'><head><title>{name}</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>{name}</h1>{lines}</article></main><footer>About us, contact</footer></body></html>"
    )
    return page.encode()


def _answers(articles: list[tuple[str, str]], *, now: datetime, port: int) -> dict[tuple[str, str], bytes]:
    """Host and path -> body, for each site."""
    answers = {}
    for number in range(FEEDS):
        own, host = articles[number::FEEDS], _host(number)
        answers[host, "/feed"] = write_feed(own, now=now, site=f"http://{host}:{port}")
        answers |= {(host, f"/{at}"): write_page(*article) for at, article in enumerate(own)}
    return answers


def _host(number: int) -> str:
    """Address of a site: hosts of their own, since a program asks each of them for one thing at a time."""
    return f"127.0.0.{number + 1}"


@contextmanager
def serve_feeds(*, now: datetime) -> Iterator[int]:
    """Port of a server for the sites; it answers in this process."""
    answers: dict[tuple[str, str], bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get((self.headers["Host"].partition(":")[0], self.path), b"")
            self.send_response(200 if body else 404)
            kind = "application/rss+xml" if self.path == "/feed" else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("", 0), Handler)
    port = server.server_address[1]
    answers |= _answers(read_articles(), now=now, port=port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def write_profiles(
    folder: Path, *, port: int, stations: int, length: str, voice: str, due: datetime
) -> list[Path]:
    """Profiles that weigh the feeds differently, so that stations choose different stories."""
    from bulletin.publishing.pages.draw_podcast_artwork import make_artwork

    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "artwork.jpg").write_bytes(
        make_artwork(name="Bench", frequencies=(), band="", slogan="", colour="#204060")
    )
    paths = []
    for number in range(stations):
        feeds = "".join(
            _FEED.format(port=port, name=n, host=n + 1, weight=1.0 + 0.5 * ((number + n) % FEEDS))
            for n in range(FEEDS)
        )
        text = _PROFILE.format(number=number, length=length, feeds=feeds, voice=voice, at=f"{due:%H:%M}")
        paths.append(folder / f"st{number}.toml")
        paths[-1].write_text(text, encoding="utf-8")
    return paths
