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
url = "http://127.0.0.1:{port}/{name}"
name = "Gazette {name}"
private = true
pages = false
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


def write_feed(articles: list[tuple[str, str]], *, now: datetime, name: str) -> bytes:
    """RSS with the whole texts."""
    items = []
    for number, (title, text) in enumerate(articles):
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
        items.append(
            f"<item><title>{html.escape(title)}</title><guid>{name}-{number}</guid>"
            f"<pubDate>{format_datetime(now - timedelta(minutes=7 * number + 3))}</pubDate>"
            f"<description>{html.escape(paragraphs)}</description></item>"
        )
    text = f'<rss version="2.0"><channel><title>{name}</title>{"".join(items)}</channel></rss>'
    return text.encode()


@contextmanager
def serve_feeds(*, now: datetime) -> Iterator[int]:
    """Port of a server for the feeds; it answers in this process."""
    articles = read_articles()
    feeds = {f"/{n}": write_feed(articles[n::FEEDS], now=now, name=str(n)) for n in range(FEEDS)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = feeds.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
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
            _FEED.format(port=port, name=n, weight=1.0 + 0.5 * ((number + n) % FEEDS)) for n in range(FEEDS)
        )
        text = _PROFILE.format(number=number, length=length, feeds=feeds, voice=voice, at=f"{due:%H:%M}")
        paths.append(folder / f"st{number}.toml")
        paths[-1].write_text(text, encoding="utf-8")
    return paths
