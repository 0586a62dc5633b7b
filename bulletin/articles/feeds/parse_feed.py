"""Bytes of a feed -> FeedDocument, of a page -> addresses of feeds; only this module knows feedparser. Runs in the parser process."""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime
from typing import Any

import feedparser

from bulletin.articles.feeds.feed_dates import parse_date
from bulletin.articles.feeds.feed_entry_identity import absolute_link
from bulletin.articles.feeds.json_feed import is_json, read_json_feed
from bulletin.articles.markup.html_to_text import (
    inner_text,
    parse_html,
    plain_labels,
    plain_text,
    plain_title,
)
from bulletin.articles.markup.shorten_huge_feeds import truncate
from bulletin.articles.markup.xml_repair import decode, looks_like_html, preclean
from bulletin.articles.parsed_feed import FeedDocument, FeedEntry
from bulletin.errors import ParseError

_LONGEST_TTL_MIN = 7 * 24 * 60
_NAMED = re.compile(r"[^\W\d_]{2}")
"""A date with names in it: two letters side by side."""
_FEED_TYPE = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json|xml)|text/xml")
_FEED_PATH = re.compile(
    r"(?:^|[/.?=_-])(?:rss|feed|feeds|atom)(?:[/.?=_-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment", re.IGNORECASE)
_MOST_HINTS = 30


def read_feed(body: bytes, *, charset: str = "", url: str = "") -> FeedDocument:
    """
    Read RSS 0.9 to 2.0, Atom, RDF or JSON Feed.

    Raises ParseError, with the reason and what to do, for anything else.
    """
    text = decode(body, charset=charset).lstrip("\ufeff \t\r\n")
    if not text.strip("\0 \t\r\n"):
        raise ParseError(url, "sent an empty answer; trying again next time")
    if is_json(text):
        return read_json_feed(text, url=url)
    if looks_like_html(text):
        raise ParseError(
            url, "is a web page, not a feed; `bulletin feeds add` with the site's address finds its feeds"
        )
    text, notes = truncate(text)
    # Bytes in a file object: a string would be opened as an address or a path.
    parsed = feedparser.parse(
        io.BytesIO(preclean(text)),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # no markup is kept; without this it reads twice as fast
        resolve_relative_uris=False,
    )
    if not parsed.version and not parsed.entries:
        raise ParseError(url, "is not a feed; open the address in a browser to see what it is")
    return _document(parsed, notes=notes)


def _document(parsed: Any, *, notes: tuple[str, ...]) -> FeedDocument:
    feed = parsed.feed
    return FeedDocument(
        title=plain_title(_string(feed, "title")),
        link=_string(feed, "link"),
        language=_string(feed, "language"),
        ttl_s=_ttl_s(_string(feed, "ttl")),
        entries=tuple(_entry(raw) for raw in parsed.entries),
        notes=notes + (("not well-formed, read as far as possible",) if parsed.bozo else ()),
    )


def _entry(raw: Any) -> FeedEntry:
    contents = [c for c in raw.get("content", ()) if "html" in c.get("type", "html") or "text" in c["type"]]
    content = max((str(c.get("value", "")) for c in contents), key=len, default="")
    summary = _string(raw, "summary")
    return FeedEntry(
        guid=_string(raw, "id"),
        link=_string(raw, "feedburner_origlink") or _string(raw, "link"),
        title=plain_title(_string(raw, "title")),
        summary=plain_text(summary or content),
        text=plain_text(content or summary),
        published=_date(raw, "published") or _date(raw, "updated") or _date(raw, "created"),
        language=next((str(c["language"]) for c in contents if c.get("language")), ""),
        # names of the categories, not the addresses of their lists
        labels=plain_labels(
            dict.get(tag, "label") or dict.get(tag, "term") for tag in dict.get(raw, "tags") or ()
        ),
    )


def _string(source: Any, name: str) -> str:
    # Not source.get: it warns, and answers "updated" with the value of "published".
    value = dict.get(source, name)
    return value.strip() if isinstance(value, str) else ""


def _date(raw: Any, name: str) -> datetime | None:
    """
    The own parser first: feedparser takes BST for UTC, "0000-00-00" for a day, and accepts an hour of 25.

    But feedparser knows Greek, Hungarian and Korean months; impossible years are refused later.
    """
    text = _string(raw, name)
    if not text:
        return None
    parts = dict.get(raw, f"{name}_parsed")
    return parse_date(text) or (_from_parts(parts) if _NAMED.search(text[:40]) else None)


def _from_parts(parts: time.struct_time | None) -> datetime | None:
    if parts is None:
        return None
    try:
        return datetime(*parts[:6], tzinfo=UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _ttl_s(minutes: str) -> float:
    if not minutes.isdecimal() or len(minutes) > 9:
        return 0.0
    return min(int(minutes), _LONGEST_TTL_MIN) * 60.0


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
    return dict(ordered[:_MOST_HINTS])
