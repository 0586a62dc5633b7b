"""A publisher on loopback with cache validators, in a separate process: python -m bench.performance.ways.feed_server PORTFILE."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

BEGIN = datetime(2026, 11, 25, 6, tzinfo=UTC)
"""Hour 0."""
ENTRIES = 24
"""Of a feed; two of every other feed are new each hour."""
SUBJECTS = (
    "bridge library harbour market theatre quarry orchard hospital station school museum pier brewery cinema canal "
    "lighthouse airfield abattoir bakery aqueduct cathedral cemetery choir college dairy ferry foundry gasworks "
    "greenhouse gymnasium hostel ironworks kiln lido mill monastery nursery observatory pavilion playground pottery "
    "prison reservoir shipyard stadium tannery tramway viaduct windmill zoo"
).split()
DEEDS = (
    "closes for repairs after the storm",
    "wins a national prize for its garden",
    "needs forty volunteers before Easter",
    "is sold to a family from Norway",
    "opens its doors to schoolchildren",
    "gets a new roof made of copper",
    "loses its licence to sell beer",
    "hires a manager from Leeds",
    "cuts its prices for pensioners",
    "finds Roman coins under the floor",
    "faces a fine over noise at night",
    "bans dogs from the front lawn",
    "celebrates two hundred years",
    "borrows a painting from Madrid",
    "shuts early because of a burst pipe",
    "sues its former accountant",
    "records its warmest day",
    "installs solar panels",
    "cancels the summer fair",
    "rescues eleven kittens",
    "breaks a record for visitors",
    "asks drivers to stay away",
    "merges with a rival in Cornwall",
    "reopens after a decade",
    "denies that wages were late",
    "plants a thousand oaks",
    "is flooded for the third time",
    "welcomes the Danish ambassador",
    "trains apprentices in welding",
    "rejects a bid from investors",
)
VERBS = (
    "praised questioned inspected defended photographed surveyed criticised toured audited measured".split()
)
THINGS = (
    "drains windows accounts timetables hedges lifts kitchens fences boilers signs benches gutters".split()
)
ENDS = "combe bridge ford ley mouth stead thorpe wick bury dale field ham hurst minster ton worth".split()
STARTS = (
    "Wex Marl Thorn Cold Ash Pen Salt Gorse Hather Lind Oak Stan Birk Brad Chester Crow Dun Elm Fair Gar Hazel Ing Kel "
    "Lang Mel Nor Otter Pick Quarr Rush Sand Tam Ulver Whit Yarn"
).split()


def entries(feed: int, hour: int) -> list[int]:
    """Which stories a feed has in an hour, newest first."""
    newest = ENTRIES + 2 * ((hour + 1 + feed % 2) // 2)
    return list(range(newest - 1, newest - 1 - ENTRIES, -1))


def story(feed: int, number: int) -> tuple[str, list[str]]:
    """A headline and the sentences of the page."""
    chance = random.Random(f"{feed} {number}")
    town = chance.choice(STARTS) + chance.choice(ENDS)
    subject, deed = chance.choice(SUBJECTS), chance.choice(DEEDS)
    sentences = [
        f"The {subject} in {town} {deed}, the town council said on Wednesday.",
        f"The mayor of {town} said {chance.randrange(200, 9000)} people had asked for it.",
        f"Work on the {subject} will take {chance.randrange(3, 30)} weeks, a spokesman for the council said.",
    ]
    rest = [
        f"{chance.choice(STARTS)} councillors {chance.choice(VERBS)} the {chance.choice(THINGS)} of the {subject} in "
        f"room {n}, and {chance.choice(VERBS)} its {chance.choice(THINGS)} on another day."
        for n in range(2, 30)
    ]
    return f"{town} {subject} {deed}", sentences + rest


def rss(feed: int, hour: int) -> str:
    items = []
    for number in entries(feed, hour):
        title, sentences = story(feed, number)
        date = format_datetime(BEGIN + timedelta(hours=number - ENTRIES - 2, minutes=-feed))
        items.append(
            f"<item><title>{title}</title><link>{{host}}/page/{feed}/{number}</link>"
            f'<guid isPermaLink="false">{feed}-{number}</guid><pubDate>{date}</pubDate>'
            f"<description>{sentences[0]}</description></item>"
        )
    return f'<rss version="2.0"><channel><title>Feed {feed}</title>{"".join(items)}</channel></rss>'


def page(feed: int, number: int) -> str:
    """The page of a story, with a menu."""
    title, sentences = story(feed, number)
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    menu = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(150))
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hour = 0
    is_away = False
    counts: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        kind, *rest = self.path.strip("/").split("/")
        if kind == "hour":
            Handler.hour = int(rest[0])
            counts, Handler.counts = Handler.counts, Counter()
            self._answer(json.dumps(counts), kind="")
        elif kind == "away":
            Handler.is_away = rest[0] == "1"
            self._answer("{}", kind="")
        elif Handler.is_away:
            self.send_error(500)  # a 503 would rest the whole host for ten minutes
        elif kind == "feed":
            host = f"http://127.0.0.1:{self.server.server_address[1]}"
            self._answer(rss(int(rest[0]), Handler.hour).replace("{host}", host), kind="feed")
        else:
            self._answer(page(int(rest[0]), int(rest[1])), kind="page")

    def _answer(self, text: str, *, kind: str) -> None:
        body = text.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        known = kind == "feed" and self.headers.get("If-None-Match") == etag
        body = b"" if known else body
        if kind:
            Handler.counts[f"{kind}s {304 if known else 200}"] += 1
            Handler.counts["bytes"] += len(body)
        self.send_response(304 if known else 200)
        self.send_header("Content-Type", "text/html" if kind == "page" else "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        if kind == "feed":
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Path(sys.argv[1]).write_text(str(server.server_address[1]), encoding="ascii")
    server.serve_forever()


if __name__ == "__main__":
    main()
