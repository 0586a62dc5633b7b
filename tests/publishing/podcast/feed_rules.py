"""Feed -> the rules of Apple, PSP-1 and Podcasting 2.0 that it breaks, written independently of the product."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise

from lxml import etree

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"

_ONCE = (
    "title",
    "description",
    "link",
    "language",
    f"{ITUNES}image",
    f"{ITUNES}category",
    f"{ITUNES}explicit",
    f"{ITUNES}author",
    f"{ITUNES}owner",
    f"{ITUNES}type",
    f"{PODCAST}guid",
    f"{PODCAST}locked",
    f"{PODCAST}medium",
    f"{PODCAST}txt",
)
_ONCE_IN_ITEM = (
    "title",
    "guid",
    "pubDate",
    "description",
    "enclosure",
    f"{ITUNES}duration",
    f"{ITUNES}explicit",
    f"{PODCAST}alternateEnclosure",
)
_TRANSCRIPTS = {"text/vtt", "application/x-subrip", "application/json"}


def broken_rules(feed: bytes) -> list[str]:
    """Rules that the feed breaks; empty for a valid feed."""
    channel = etree.fromstring(feed).find("channel")
    assert channel is not None
    return [*_channel(channel), *_items(channel.findall("item")), *_blanks(channel)]


def _channel(channel: etree._Element) -> Iterator[str]:
    for tag in _ONCE:
        if len(channel.findall(tag)) != 1:
            yield f"channel {tag}: not exactly one"
    texts = {tag: channel.findtext(tag) or "" for tag in _ONCE}
    checks = {
        "description over 4000 bytes": 0 < len(texts["description"].encode()) <= 4000,
        "language": re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", texts["language"]),
        "explicit": texts[f"{ITUNES}explicit"] == "false",
        "type": texts[f"{ITUNES}type"] == "episodic",
        "locked": texts[f"{PODCAST}locked"] in {"yes", "no"},
        "guid": uuid.UUID(texts[f"{PODCAST}guid"]).version == 5,
        "self": [link.get("rel") for link in channel.findall(f"{ATOM}link")].count("self") == 1,
        "image": re.search(r"\.(jpg|png)$", channel.find(f"{ITUNES}image").get("href", "")),  # type: ignore[union-attr]
        "category": channel.xpath(
            "i:category[@text='News']/i:category[@text='Daily News']", namespaces={"i": ITUNES[1:-1]}
        ),
        "email": channel.findtext(f"{ITUNES}owner/{ITUNES}email"),
        "ai-content": channel.find(f"{PODCAST}txt").get("purpose") == "ai-content",  # type: ignore[union-attr]
    }
    yield from (f"channel: {name}" for name, holds in checks.items() if not holds)


def _items(items: list[etree._Element]) -> Iterator[str]:
    dates = []
    for number, item in enumerate(items, start=1):
        for tag in _ONCE_IN_ITEM:
            if len(item.findall(tag)) != 1:
                yield f"item {number} {tag}: not exactly one"
        title, date = item.findtext("title") or "", item.findtext("pubDate") or ""
        sound = item.find("enclosure")
        assert sound is not None
        checks = {
            "title": 0 < len(title) <= 255 and not re.search(r"<[a-z/]", title, re.IGNORECASE),
            "date": re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", date),
            "description": 0 < len((item.findtext("description") or "").encode()) <= 4000,
            "length": re.fullmatch(r"[1-9]\d*", sound.get("length", "")),
            "type": sound.get("type") == "audio/mpeg",
            "https": sound.get("url", "").startswith("https://"),
            "ending": sound.get("url", "").endswith(".mp3"),
            "own address": not re.search("latest|current", sound.get("url", "")),
            "duration": re.fullmatch(r"\d+", item.findtext(f"{ITUNES}duration") or ""),
            "transcripts": {t.get("type") for t in item.findall(f"{PODCAST}transcript")} == _TRANSCRIPTS,
        }
        yield from (f"item {number}: {name}" for name, holds in checks.items() if not holds)
        dates.append(parsedate_to_datetime(date))
    yield from _across(items, dates)


def _across(items: list[etree._Element], dates: list[datetime]) -> Iterator[str]:
    addresses = [item.find("enclosure").get("url") for item in items]  # type: ignore[union-attr]
    guids = [item.findtext("guid") for item in items]
    if len(set(addresses)) < len(items) or len(set(guids)) < len(items):
        yield "items: an address or a guid twice"
    if any(older > newer for newer, older in pairwise(dates)):
        yield "items: not newest first"


def _blanks(channel: etree._Element) -> Iterator[str]:
    for element in channel.iter():
        if len(element) == 0 and element.text and element.text != element.text.strip():
            yield f"{element.tag}: blanks at its ends"
