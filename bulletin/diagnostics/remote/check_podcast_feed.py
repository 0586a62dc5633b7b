"""XML of a feed -> FeedReading, with a Finding for each rule of podcast apps that it breaks. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from bulletin.articles.fetching.when_to_poll_feeds import parse_rfc2822_date
from bulletin.diagnostics.remote.merge_findings import Rule, broken
from bulletin.model.diagnostic_findings import Finding, Verdict, failure, warning
from bulletin.publishing.podcast.detect_hand_edited_feed import is_tampered
from bulletin.publishing.podcast.rss import NAMESPACES

PART = "feed"

_MOST_BYTES = 1_000_000
_MOST_DESCRIPTION = 4000
_MOST_TITLE = 255
_AHEAD = timedelta(minutes=5)
_DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UTC?|Z)"
)
_HOUR = re.compile(r"-(\d{8}T\d{4}Z)-[0-9a-f]+$")
"""Slot in a guid of Bulletin (`publishing/outlet_interface.py`)."""
_RECOMMENDED = {
    "itunes:author": "apps show the author",
    "itunes:type": "apps sort the episodes by this type",
    "podcast:locked": "another podcast host could take over the feed",
}
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class LinkedFile(NamedTuple):
    """A transcript or a file of chapters."""

    url: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An episode of the feed."""

    title: str
    published: datetime | None
    url: str
    bytes: int
    media_type: str
    duration_s: int | None
    sha256: str
    """Hash of podcast:integrity, in Base64."""
    transcripts: tuple[LinkedFile, ...]
    chapters: tuple[LinkedFile, ...]
    page: str = ""
    """Address of its HTML page, if it has one."""
    guid: str = ""
    is_fit: bool = True
    """Whether its enclosure breaks no rule, so that it is requested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReading:
    """Content of a feed."""

    title: str
    own: str
    """Its own address (rel="self")."""
    is_ours: bool
    """Whether Bulletin wrote it, so that latest.mp3 must be beside it."""
    is_tampered: bool
    """Whether it was edited since it was written."""
    artwork: str
    hub: str
    next_page: str
    rrule: str
    rule_start: str
    items: tuple[FeedItem, ...]
    findings: tuple[Finding, ...]

    @property
    def newest(self) -> FeedItem | None:
        """Newest episode; by the slot in the guid, because the first may correct an older bulletin."""
        newest = max(self.items, key=_hour, default=None) if self.is_ours else next(iter(self.items), None)
        return newest if newest and newest.is_fit else None


def _hour(item: FeedItem) -> str:
    match = _HOUR.search(item.guid)
    return match[1] if match else ""


def read_feed(data: bytes, *, url: str, now: datetime) -> FeedReading | Finding:
    """Read and check a feed; a single Finding when it is not RSS."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        return failure(PART, f"{url}: is not XML ({problem.msg}); run `bulletin republish`")
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        return failure(PART, f"{url}: is not an RSS feed; name the address of feed.xml")
    elements = channel.findall("item")
    items = tuple(map(_item, elements))
    rules = chain(_channel_rules(channel, len(data)), _item_rules(elements, items, now))
    return FeedReading(
        title=_text(channel, "title"),
        own=_link(channel, "self"),
        is_ours=_text(channel, "generator") == "Bulletin",
        is_tampered=is_tampered(data),
        artwork=_attribute(channel, "itunes:image", "href"),
        hub=_link(channel, "hub"),
        next_page=_link(channel, "next"),
        rrule=_attribute(channel, "podcast:updateFrequency", "rrule"),
        rule_start=_attribute(channel, "podcast:updateFrequency", "dtstart"),
        items=items,
        findings=tuple(broken(PART, rules)),
    )


def _channel_rules(channel: etree._Element, length: int) -> Iterator[Rule]:
    for name in ("title", "description", "link", "language"):
        is_one = len(channel.findall(name)) == 1 and _text(channel, name)
        yield not is_one, failure, f"{name}: is missing, empty or repeated; run `bulletin republish`"
    yield _is_long(channel), failure, f"description: more than {_MOST_DESCRIPTION} bytes; shorten it"
    language = _text(channel, "language")
    is_known = not language or re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language)
    yield not is_known, failure, f'language: "{language}" is not a language; write it as "en-GB"'
    is_bare = _text(channel, "itunes:explicit") not in ("true", "false")
    yield is_bare, failure, 'itunes:explicit: must be "true" or "false"; Apple refuses others'
    has_category = channel.find("itunes:category", NAMESPACES) is not None
    yield not has_category, failure, "itunes:category: missing; Apple requires one"
    artwork = urlsplit(_attribute(channel, "itunes:image", "href")).path.lower()
    is_picture = artwork.endswith((".jpg", ".jpeg", ".png"))
    yield not is_picture, failure, "itunes:image: must be the address of a .jpg or .png"
    message = 'atom:link rel="self": missing; clients cannot tell the address of the feed'
    yield not _link(channel, "self"), failure, message
    message = f"{length} bytes; some apps stop at a megabyte: lower [outputs.podcast] keep"
    yield length > _MOST_BYTES, warning, message
    for name, why in _RECOMMENDED.items():
        yield not _text(channel, name), warning, f"{name}: missing; {why}"
    has_email = _text(channel, "itunes:owner/itunes:email")
    message = "has no e-mail; directories cannot verify the feed: set [outputs.podcast] email"
    yield not has_email, warning, f"itunes:owner: {message}"
    message = "podcast:guid: must be a UUID of version 5; apps recognize a moved feed by this UUID"
    yield not _is_guid(_text(channel, "podcast:guid")), warning, message
    message = "podcast:txt ai-content: missing; a synthetic voice must be disclosed"
    yield not _is_disclosed(channel), warning, message


def _is_guid(text: str) -> bool:
    try:
        return uuid.UUID(text).version == 5
    except ValueError:
        return False


def _item_rules(elements: list[etree._Element], items: tuple[FeedItem, ...], now: datetime) -> Iterator[Rule]:
    yield not items, failure, "holds no episode"
    for number, (element, item) in enumerate(zip(elements, items, strict=True), 1):
        yield from _one_item(f"item {number}", element, item, now)
    for name, values in (("guid", [i.guid for i in items]), ("enclosure", [i.url for i in items])):
        message = f"{name}: the same in two episodes; apps show only one of them"
        yield len(set(values)) < len(values), failure, message
    dates = [item.published for item in items if item.published]
    is_mixed = any(older > newer for newer, older in pairwise(dates))
    yield is_mixed, warning, "items: not newest first; some clients take the first as the newest"


def _one_item(where: str, element: etree._Element, item: FeedItem, now: datetime) -> Iterator[Rule]:
    title = item.title
    has_markup = bool(re.search(r"<[a-z/!]", title, re.IGNORECASE))
    message = f"{where} title: must be 1 to {_MOST_TITLE} characters without markup"
    yield not 1 <= len(title) <= _MOST_TITLE or has_markup, failure, message
    yield not item.guid, failure, f"{where} guid: missing; apps download the episode again and again"
    date = _text(element, "pubDate")
    is_date = item.published and _DATE.fullmatch(date)
    message = f'{where} pubDate: "{date[:60]}" is not a date with a time zone (RFC 2822)'
    yield not is_date, failure, message
    is_early = bool(is_date and item.published and item.published > now + _AHEAD)
    message = f"{where} pubDate: is in the future; apps hide the episode until then: set the clock right"
    yield is_early, failure, message
    yield _is_long(element), failure, f"{where} description: more than {_MOST_DESCRIPTION} bytes; shorten it"
    yield from _sound_rules(where, element, item)
    yield not item.transcripts, warning, f"{where}: has no transcript"
    yield not _is_disclosed(element), warning, f"{where} podcast:txt ai-content: missing"


def _sound_rules(where: str, element: etree._Element, item: FeedItem) -> Iterator[Rule]:
    where = f"{where} enclosure"
    if len(element.findall("enclosure")) != 1:
        yield True, failure, f"{where}: has no sound file, or several; run `bulletin republish`"
        return
    parts = urlsplit(item.url)
    is_open = parts.scheme != "https" and parts.hostname not in _LOCAL
    yield is_open, failure, f"{where}: {item.url}: apps want https"
    is_sound = parts.path.endswith((".mp3", ".m4a", ".mp4", ".m4v", ".mov"))
    yield not is_sound, failure, f"{where}: {item.url}: must end with .mp3"
    changes = bool(re.search(r"(^|/)(latest|current|fm|speaker)\.", parts.path))
    message = "every bulletin replaces this file; name the file of the episode, as apps keep the first"
    yield changes, failure, f"{where}: {item.url}: {message}"
    yield item.bytes <= 0, failure, f"{where} length: must be the size of the file in bytes"
    is_played = item.media_type in ("audio/mpeg", "audio/x-m4a", "audio/mp4")
    message = f'{where} type: "{item.media_type[:60]}" is not a type that apps play; write audio/mpeg'
    yield not is_played, failure, message
    has_length = item.duration_s is not None
    yield not has_length, warning, f"{where.removesuffix(' enclosure')} itunes:duration: missing"


def _item(element: etree._Element) -> FeedItem:
    url, length, kind = (_attribute(element, "enclosure", name) for name in ("url", "length", "type"))
    integrity = _attribute(element, "podcast:alternateEnclosure/podcast:integrity", "value")
    item = FeedItem(
        title=_text(element, "title"),
        published=parse_rfc2822_date(_text(element, "pubDate")),
        url=url,
        bytes=int(length) if length.isascii() and length.isdigit() else 0,
        media_type=kind,
        duration_s=_seconds(_text(element, "itunes:duration")),
        sha256=integrity.removeprefix("sha256-") if integrity.startswith("sha256-") else "",
        transcripts=_linked(element, "podcast:transcript"),
        chapters=_linked(element, "podcast:chapters"),
        page=_text(element, "link"),
        guid=_text(element, "guid"),
    )
    faults = broken(PART, _sound_rules("", element, item))
    return replace(item, is_fit=all(fault.verdict is not Verdict.FAILURE for fault in faults))


def _is_long(element: etree._Element) -> bool:
    return len(_text(element, "description").encode()) > _MOST_DESCRIPTION


def _linked(element: etree._Element, tag: str) -> tuple[LinkedFile, ...]:
    return tuple(
        LinkedFile(link.get("url", ""), link.get("type", "")) for link in element.findall(tag, NAMESPACES)
    )


def _seconds(text: str) -> int | None:
    """ "118", "1:58", "0:01:58"."""
    if not re.fullmatch(r"\d{1,6}(:\d\d){0,2}", text):
        return None
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _is_disclosed(element: etree._Element) -> bool:
    return element.find("podcast:txt[@purpose='ai-content']", NAMESPACES) is not None


def _link(channel: etree._Element, rel: str) -> str:
    return _attribute(channel, f"atom:link[@rel='{rel}']", "href")


def _attribute(element: etree._Element, tag: str, name: str) -> str:
    child = element.find(tag, NAMESPACES)
    return child.get(name, "") if child is not None else ""


def _text(element: etree._Element, tag: str) -> str:
    return (element.findtext(tag, namespaces=NAMESPACES) or "").strip()
