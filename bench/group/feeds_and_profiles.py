"""Stations of `bench.group`: profiles, feeds with real text, and a server for them."""

from __future__ import annotations

import html
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.group.real_articles import read_articles

FEEDS, SITES = 60, 4
_LEADS, _FOLLOWS = 4.0, 1.0
"""Weights of a station's first feed, whose stories lead, and of the others."""
_S_OF_FEED = 7.5
"""A station has a feed, which has one story, for so many seconds of its bulletin: more than it has time for."""

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
[script]
headlines = 0
opening = "The news from {{station}}."
disclosure = ""
[speech]
chain = ["{voice}"]
[imaging]
artwork = "../artwork.jpg"
[outputs]
make = ["podcast"]
"""
_FEED = """\
[[feeds]]
url = "http://{host}:{port}/{feed}/feed"
name = "Gazette {feed}"
private = true
weight = {weight}
"""


def feeds_of(number: int, *, length: str) -> tuple[int, ...]:
    """
    Feeds of a station, that of most weight first: each pair of stations (0 and 1, 2 and 3) has drawn its own.

    So a story is told by some stations, each with others beside it, and the stations of a pair tell the same ones: the
    unique work of the second is its own part alone (`unique_work`).
    """
    minutes, _, seconds = length.partition(":")
    count = int((60 * int(minutes) + int(seconds)) / _S_OF_FEED)
    return tuple(random.Random(number // 2).sample(range(FEEDS), max(2, min(count, FEEDS))))


def write_feed(articles: Sequence[tuple[str, str]], *, now: datetime, address: str) -> bytes:
    """RSS with the first words of each text, as newspapers write it; the rest is on the page."""
    items = []
    for number, (title, text) in enumerate(articles):
        items.append(
            f"<item><title>{html.escape(title)}</title><link>{address}/{number}</link>"
            f"<pubDate>{format_datetime(now - timedelta(minutes=7 * number + 3))}</pubDate>"
            f"<description>{html.escape(text[:160])}</description></item>"
        )
    feed = f'<rss version="2.0"><channel><title>{address}</title>{"".join(items)}</channel></rss>'
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


def _answers(*, now: datetime, port: int) -> dict[tuple[str, str], bytes]:
    """Host and path -> body, for each site."""
    answers, articles = {}, read_articles()
    for feed in range(FEEDS):
        own, host = articles[feed::FEEDS], _host(feed)
        address = f"http://{host}:{port}/{feed}"
        answers[host, f"/{feed}/feed"] = write_feed(own, now=now, address=address)
        answers |= {(host, f"/{feed}/{at}"): write_page(*article) for at, article in enumerate(own)}
    return answers


def _host(feed: int) -> str:
    """Site of a feed: hosts of their own, since a program asks each of them for one thing at a time."""
    return f"127.0.0.{feed % SITES + 1}"


@contextmanager
def serve_feeds(*, now: datetime) -> Iterator[int]:
    """Port of a server for the sites; it answers in this process."""
    answers: dict[tuple[str, str], bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get((self.headers["Host"].partition(":")[0], self.path), b"")
            self.send_response(200 if body else 404)
            kind = "application/rss+xml" if self.path.endswith("/feed") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("", 0), Handler)
    port = server.server_address[1]
    answers |= _answers(now=now, port=port)
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
    """Profiles of stations 0, 1, and so on, with the feeds of each."""
    from bulletin.publishing.pages.draw_podcast_artwork import make_artwork

    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "artwork.jpg").write_bytes(
        make_artwork(name="Bench", frequencies=(), band="", slogan="", colour="#204060")
    )
    paths = []
    for number in range(stations):
        feeds = "".join(
            _FEED.format(port=port, feed=feed, host=_host(feed), weight=_FOLLOWS if place else _LEADS)
            for place, feed in enumerate(feeds_of(number, length=length))
        )
        text = _PROFILE.format(number=number, length=length, feeds=feeds, voice=voice, at=f"{due:%H:%M}")
        paths.append(folder / f"st{number}.toml")
        paths[-1].write_text(text, encoding="utf-8")
    return paths
