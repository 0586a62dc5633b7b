"""Feeds parsed and pages extracted: ours, the libraries alone, bare parsers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.processes import QUICK, note, run_way

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"
"""Recorded feeds and pages of publishers, beside the checkout; their texts are not ours to publish."""
NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


def bodies(folder: Path) -> list[bytes]:
    """Recorded feeds, or the demo's again and again."""
    recorded = SHARED / "feeds" / "recorded"
    if recorded.is_dir() and not (folder / QUICK).exists():
        paths = [
            path for path in sorted(recorded.iterdir()) if path.suffix in (".xml", ".rss", ".atom", ".rdf")
        ]
    else:
        demo = ROOT / "feeds" / "demo"
        paths = [path for path in sorted(demo.iterdir()) if path.suffix in (".xml", ".rss", ".atom")]
        paths *= 1 if (folder / QUICK).exists() else 16
    found = [path.read_bytes() for path in paths]
    note(folder, files=len(found), mb=sum(map(len, found)) / 1e6)
    return found


def parse(folder: Path) -> None:
    """Through the parser process, to articles."""
    from bulletin.articles.feeds.feed_to_articles import adapt
    from bulletin.articles.worker.parser_process import ParserProcess, WorkerError
    from bulletin.errors import ArticleError
    from bulletin.model import Feed

    feed, count = Feed(name="Bench", url="https://feeds.example/feed"), 0
    with ParserProcess() as process:
        for body in bodies(folder):
            try:
                document = process.run("feed", body, cpu_s=30, within_s=300, url=feed.url, charset="")
            except (ArticleError, WorkerError):
                continue
            articles, _ = adapt(document, feed, now=NOW, base=feed.url, known=())
            count += len(articles)
    assert count
    note(folder, items=count)


def feedparser(folder: Path) -> None:
    import feedparser

    for body in bodies(folder):
        feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


def feedparser_default(folder: Path) -> None:
    import feedparser

    for body in bodies(folder):
        feedparser.parse(io.BytesIO(body))


def lxml(folder: Path) -> None:
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False)
    for body in bodies(folder):
        etree.fromstring(body, parser)


def pages(folder: Path) -> Iterator[tuple[bytes, str]]:
    """Body and title of recorded pages, or of generated ones."""
    import gzip
    import json

    day = SHARED / "fresh" / "day-dev"
    if day.is_dir() and not (folder / QUICK).exists():
        titles = {page["id"]: page["title"] for page in json.loads((day / "pages.json").read_text("utf-8"))}
        for path in sorted((day / "pages").iterdir()):
            yield gzip.decompress(path.read_bytes()), titles.get(path.name.partition(".")[0], "")
        return
    from bench.performance.ways.feed_server import page, story

    for number in range(3 if (folder / QUICK).exists() else 100):
        yield page(1, number).encode(), story(1, number)[0]


def extract(folder: Path) -> None:
    from bulletin.articles.pages.extract_text import read_page

    texts = [read_page(body, title=title).text for body, title in pages(folder)]
    assert any(texts)
    note(folder, pages=len(texts))


def trafilatura(folder: Path) -> None:
    from trafilatura import extract

    texts = [
        extract(body, favor_precision=True, include_comments=False, include_tables=False)
        for body, _ in pages(folder)
    ]
    assert any(texts)


def trafilatura_default(folder: Path) -> None:
    from trafilatura import extract

    texts = [extract(body) for body, _ in pages(folder)]
    assert any(texts)


def html(folder: Path) -> None:
    from lxml import html

    assert [html.fromstring(body) for body, _ in pages(folder)]


if __name__ == "__main__":
    ways = (parse, feedparser, feedparser_default, lxml, extract, trafilatura, trafilatura_default, html)
    run_way({way.__name__: way for way in ways})
