"""Web page -> addresses of the feeds that it names. Runs in the parser process."""

from __future__ import annotations

import re

from bulletin.articles.feeds.entry_identity import absolute_link
from bulletin.articles.markup.html_to_text import inner_text, parse_html, plain_title
from bulletin.articles.markup.xml_repair import decode

_FEED_TYPE = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json|xml)|text/xml")
_FEED_PATH = re.compile(
    r"(?:^|[/.?=_-])(?:rss|feed|feeds|atom)(?:[/.?=_-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment", re.IGNORECASE)
_MOST = 30


def find_hints(body: bytes, *, url: str, charset: str = "") -> dict[str, str]:
    """
    Addresses and titles of feeds in the page's head (<link rel="alternate">), then of links that look like feeds.

    Feeds of comments come last: they hold no news.
    """
    tree = parse_html(decode(body, charset=charset).encode("utf-8", "replace"))
    if tree is None:
        return {}
    stated = next((str(node.get("href")) for node in tree.iter("base") if node.get("href")), "")
    base = absolute_link(stated, base=url) or url
    links: list[tuple[str, str]] = []
    for node in tree.iter("link"):
        kind = str(node.get("type", "")).split(";")[0].strip().lower()
        if "alternate" in str(node.get("rel", "")).lower().split() and _FEED_TYPE.fullmatch(kind):
            links.append((str(node.get("href", "")), str(node.get("title", ""))))
    for node in tree.iter("a"):
        href = str(node.get("href", ""))
        if _FEED_PATH.search(href[:500]):
            links.append((href, inner_text(node)[:200]))
    hints: dict[str, str] = {}
    for href, title in links:
        hints.setdefault(absolute_link(href, base=base).partition("#")[0], plain_title(title))
    hints.pop("", None)
    ordered = sorted(hints.items(), key=lambda hint: bool(_COMMENTS.search("".join(hint))))
    return dict(ordered[:_MOST])
