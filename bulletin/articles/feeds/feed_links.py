"""Web page -> addresses of the feeds that it names. Runs in the parser process."""

from __future__ import annotations

import re

from bulletin.articles.feed_document import FeedHint
from bulletin.articles.feeds.entry_identity import absolute_link
from bulletin.articles.markup.html_to_text import inner_text, parse_html, plain_title
from bulletin.articles.markup.xml_repair import decode

_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/xml",
    "text/xml",
}
_FEED_PATH = re.compile(
    r"(?:^|[/.?=_-])(?:rss|feed|feeds|atom)(?:[/.?=_-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment", re.IGNORECASE)
_MOST = 30


def find_hints(body: bytes, *, url: str, charset: str = "") -> tuple[FeedHint, ...]:
    """
    Feeds in the page's head first (<link rel="alternate">), then links that look like feeds.

    Feeds of comments come last: they hold no news.
    """
    tree = parse_html(decode(body, charset=charset).encode("utf-8", "replace"))
    if tree is None:
        return ()
    stated = next((str(node.get("href")) for node in tree.iter("base") if node.get("href")), "")
    base = absolute_link(stated, base=url) or url
    hints: dict[str, str] = {}
    for node in tree.iter("link"):
        rels = str(node.get("rel", "")).lower().split()
        kind = str(node.get("type", "")).split(";")[0].strip().lower()
        if "alternate" in rels and kind in _FEED_TYPES:
            _add_hint(hints, str(node.get("href", "")), str(node.get("title", "")), base=base)
    for node in tree.iter("a"):
        href = str(node.get("href", ""))
        if _FEED_PATH.search(href[:500]):
            _add_hint(hints, href, inner_text(node)[:200], base=base)
    feeds = [FeedHint(url=address, title=title) for address, title in hints.items()]
    return tuple(sorted(feeds, key=lambda feed: bool(_COMMENTS.search(feed.url + feed.title))))[:_MOST]


def _add_hint(hints: dict[str, str], href: str, title: str, *, base: str) -> None:
    address = absolute_link(href, base=base).partition("#")[0]
    if address and address not in hints:
        hints[address] = plain_title(title)
