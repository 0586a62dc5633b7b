"""Texts of feeds and pages for tests."""

from __future__ import annotations

from xml.sax.saxutils import escape

WORDS = "The council said the bridge over the River Wex would close on Monday for six weeks of repairs. "


def item(
    title: str = "Bridge closes", *, n: int = 1, words: str = WORDS, date: str = "", more: str = ""
) -> str:
    date = date or "Tue, 24 Nov 2026 06:00:00 GMT"
    return (
        f"<item><title>{escape(title)}</title><link>https://gazette.example/{n}</link>"
        f'<guid isPermaLink="false">g{n}</guid><pubDate>{date}</pubDate>'
        f"<description>{escape(words)}</description>{more}</item>"
    )


def rss(*items: str, channel: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>The Gazette</title>'
        f"<link>https://gazette.example/</link>{channel}{''.join(items)}</channel></rss>"
    )


def page(title: str, *paragraphs: str, head: str = "") -> str:
    body = "".join(f"<p>{escape(words)}</p>" for words in paragraphs)
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
        f"<main><article><h1>{escape(title)}</h1>{body}</article></main><footer>Copyright</footer></body></html>"
    )


HEAVY = rss(item(more="".join(f"<category>c{n}</category>" for n in range(60_000)))).encode()
"""Half a minute for feedparser 6.0.14, whose time grows with the square of the categories."""
