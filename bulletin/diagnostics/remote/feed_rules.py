"""XML of a feed -> FeedReading, with a Finding for each rule of podcast apps that it breaks. Pure."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from bulletin.model.findings import Finding, Verdict, failure, warning
from bulletin.publishing.podcast.feed_seal import is_tampered

PART = "feed"

_NAMES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
}
_MOST_BYTES = 1_000_000
_MOST_DESCRIPTION = 4000
_MOST_TITLE = 255
_AHEAD = timedelta(minutes=5)
_DATE = re.compile(
    r"((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UTC?|Z)"
)
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
    """Of podcast:integrity, in Base64."""
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


def read_feed(data: bytes, *, url: str, now: datetime) -> FeedReading | Finding:
    """Read and check a feed; a single Finding when it is not RSS."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        return failure(PART, f"{url}: is not XML ({problem.msg}); publish it again")
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        return failure(PART, f"{url}: is not an RSS feed; name the address of feed.xml")
    items = tuple(_item(item) for item in channel.findall("item"))
    findings = [*_channel_rules(channel, len(data)), *_item_rules(channel.findall("item"), items, now)]
    rule = channel.find(_tag("podcast:updateFrequency"))
    return FeedReading(
        title=_text(channel, "title"),
        own=_link(channel, "self"),
        is_ours=_text(channel, "generator") == "Bulletin",
        is_tampered=is_tampered(data),
        artwork=_attribute(channel, "itunes:image", "href"),
        hub=_link(channel, "hub"),
        next_page=_link(channel, "next"),
        rrule=rule.get("rrule", "") if rule is not None else "",
        rule_start=rule.get("dtstart", "") if rule is not None else "",
        items=items,
        findings=tuple(findings),
    )


def _channel_rules(channel: etree._Element, length: int) -> Iterator[Finding]:
    for name in ("title", "description", "link", "language"):
        if len(channel.findall(name)) != 1 or not _text(channel, name):
            yield failure(PART, f"{name}: there must be one")
    if len(_text(channel, "description").encode()) > _MOST_DESCRIPTION:
        yield failure(PART, f"description: more than {_MOST_DESCRIPTION} bytes; shorten it")
    language = _text(channel, "language")
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        yield failure(PART, f'language: "{language}" is not a language; write it as "en-GB"')
    if _text(channel, "itunes:explicit") not in ("true", "false"):
        yield failure(PART, 'itunes:explicit: must be "true" or "false"; Apple refuses others')
    if not channel.findall(_tag("itunes:category")):
        yield failure(PART, "itunes:category: there is none; Apple wants one")
    if not re.search(
        r"\.(jpe?g|png)$", urlsplit(_attribute(channel, "itunes:image", "href")).path, re.IGNORECASE
    ):
        yield failure(PART, "itunes:image: must name a .jpg or .png")
    yield from _address_rules(channel, length)
    yield from _recommendations(channel)


def _address_rules(channel: etree._Element, length: int) -> Iterator[Finding]:
    if not _link(channel, "self"):
        yield failure(PART, 'atom:link rel="self": there is none; clients cannot tell where the feed lives')
    if length > _MOST_BYTES:
        yield warning(PART, f"{length} bytes; some apps stop at a megabyte: lower [outputs.podcast] keep")


def _recommendations(channel: etree._Element) -> Iterator[Finding]:
    for name, why in (
        ("itunes:author", "apps show it"),
        ("itunes:type", "apps sort by it"),
        ("podcast:locked", "others could move the feed"),
    ):
        if not _text(channel, name):
            yield warning(PART, f"{name}: there is none; {why}")
    if not (channel.findtext(f"{_tag('itunes:owner')}/{_tag('itunes:email')}") or "").strip():
        yield warning(
            PART,
            "itunes:owner: has no e-mail; directories cannot verify the feed: set [outputs.podcast] email",
        )
    try:
        is_guid = uuid.UUID(_text(channel, "podcast:guid")).version == 5
    except ValueError:
        is_guid = False
    if not is_guid:
        yield warning(PART, "podcast:guid: must be a UUID of version 5; a feed that moves loses its identity")
    if not _is_disclosed(channel):
        yield warning(PART, "podcast:txt ai-content: there is none; a synthetic voice must be disclosed")


def _item_rules(
    elements: list[etree._Element], items: tuple[FeedItem, ...], now: datetime
) -> Iterator[Finding]:
    if not items:
        yield failure(PART, "holds no episode")
    for number, (element, item) in enumerate(zip(elements, items, strict=True), 1):
        yield from _one_item(f"item {number}", element, item, now)
    for name, values in (
        ("guid", [_text(element, "guid") for element in elements]),
        ("enclosure", [item.url for item in items]),
    ):
        if len(set(values)) < len(values):
            yield failure(PART, f"{name}: two episodes have the same; apps show one of them")
    dates = [item.published for item in items if item.published]
    if any(older > newer for newer, older in pairwise(dates)):
        yield warning(PART, "items: not newest first; some clients take the first as the newest")


def _one_item(where: str, element: etree._Element, item: FeedItem, now: datetime) -> Iterator[Finding]:
    title = item.title
    if not title or len(title) > _MOST_TITLE or re.search(r"<[a-z/!]", title, re.IGNORECASE):
        yield failure(PART, f"{where} title: must be 1 to {_MOST_TITLE} characters without markup")
    if not _text(element, "guid"):
        yield failure(PART, f"{where} guid: there is none; apps download it again and again")
    date = _text(element, "pubDate")
    if item.published is None or not _DATE.fullmatch(date):
        yield failure(PART, f'{where} pubDate: "{date[:60]}" is no date with a zone (RFC 2822)')
    elif item.published > now + _AHEAD:
        yield failure(
            PART, f"{where} pubDate: is in the future; apps hide it until then: set the clock right"
        )
    if len(_text(element, "description").encode()) > _MOST_DESCRIPTION:
        yield failure(PART, f"{where} description: more than {_MOST_DESCRIPTION} bytes")
    yield from _sound_rules(where, element, item)
    if not item.transcripts:
        yield warning(PART, f"{where}: has no transcript")
    if not _is_disclosed(element):
        yield warning(PART, f"{where} podcast:txt ai-content: there is none")


def _sound_rules(where: str, element: etree._Element, item: FeedItem) -> Iterator[Finding]:
    if len(element.findall("enclosure")) != 1:
        yield failure(PART, f"{where} enclosure: there must be one")
        return
    parts = urlsplit(item.url)
    if parts.scheme != "https" and parts.hostname not in _LOCAL:
        yield failure(PART, f"{where} enclosure: {item.url}: apps want https")
    if not re.search(r"\.(mp3|m4a|mp4|m4v|mov)$", parts.path):
        yield failure(PART, f"{where} enclosure: {item.url}: must end with .mp3")
    if re.search(r"(^|/)(latest|current|fm|speaker)\.", parts.path):
        yield failure(
            PART,
            f"{where} enclosure: {item.url}: its content changes, but apps keep the first content of an address",
        )
    if item.bytes <= 0:
        yield failure(PART, f"{where} enclosure length: must be the file's bytes")
    if item.media_type not in ("audio/mpeg", "audio/x-m4a", "audio/mp4"):
        yield failure(PART, f'{where} enclosure type: "{item.media_type[:60]}" is not a type that apps play')
    if item.duration_s is None:
        yield warning(PART, f"{where} itunes:duration: there is none")


def _item(element: etree._Element) -> FeedItem:
    sound = element.find("enclosure")
    url, length, kind = (
        sound.get(name, "") if sound is not None else "" for name in ("url", "length", "type")
    )
    integrity = element.find(f"{_tag('podcast:alternateEnclosure')}/{_tag('podcast:integrity')}")
    value = integrity.get("value", "") if integrity is not None else ""
    item = FeedItem(
        title=_text(element, "title"),
        published=_date(_text(element, "pubDate")),
        url=url,
        bytes=int(length) if length.isascii() and length.isdigit() else 0,
        media_type=kind,
        duration_s=_seconds(_text(element, "itunes:duration")),
        sha256=value.removeprefix("sha256-") if value.startswith("sha256-") else "",
        transcripts=_linked(element, "podcast:transcript"),
        chapters=_linked(element, "podcast:chapters"),
        page=_text(element, "link"),
        guid=_text(element, "guid"),
    )
    is_faulty = any(finding.verdict is Verdict.FAILURE for finding in _sound_rules("", element, item))
    return replace(item, is_fit=not is_faulty)


def _linked(element: etree._Element, tag: str) -> tuple[LinkedFile, ...]:
    return tuple(LinkedFile(link.get("url", ""), link.get("type", "")) for link in element.findall(_tag(tag)))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else None


def _seconds(text: str) -> int | None:
    """ "118", "1:58", "0:01:58"."""
    if not re.fullmatch(r"\d{1,6}(:\d\d){0,2}", text):
        return None
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds


def _is_disclosed(element: etree._Element) -> bool:
    return any(child.get("purpose") == "ai-content" for child in element.findall(_tag("podcast:txt")))


def _link(channel: etree._Element, rel: str) -> str:
    return next(
        (child.get("href", "") for child in channel.findall(_tag("atom:link")) if child.get("rel") == rel), ""
    )


def _attribute(element: etree._Element, tag: str, name: str) -> str:
    child = element.find(_tag(tag))
    return child.get(name, "") if child is not None else ""


def _text(element: etree._Element, tag: str) -> str:
    return (element.findtext(_tag(tag)) or "").strip()


def _tag(tag: str) -> str:
    prefix, _, name = tag.rpartition(":")
    return f"{{{_NAMES[prefix]}}}{name}" if prefix else name
