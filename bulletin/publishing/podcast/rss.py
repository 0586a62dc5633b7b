"""PodcastShow and EpisodeRecords -> feed.xml: RSS 2.0 with iTunes and Podcasting 2.0 tags. Pure."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from lxml import etree

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.language.language_folders import news_title
from bulletin.model import StationWords
from bulletin.model.sort_bulletins_by_time import newest_first
from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title
from bulletin.publishing.podcast.podcast_recurrence_rule import UpdateRule
from bulletin.publishing.podcast.show_notes import describe_station
from bulletin.publishing.podcast_urls import FEED, base_url, folder_url, web_link

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
}

MOST_BYTES = 950_000
"""Size limit of a feed: several clients stop reading at a megabyte."""

_MOST_DESCRIPTION = 4000
"""Bytes; Apple shows no more."""
_RSS = "application/rss+xml"
_CAPTIONS = ("text/vtt", "application/x-subrip")
"""Transcripts with short lines; the JSON has whole sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodcastShow:
    """Channel data of a feed."""

    options: PodcastOptions
    station: StationWords
    artwork: str
    """File name."""
    guid: str
    """Permanent UUIDv5."""
    updates: UpdateRule | None = None
    """Publication schedule."""
    feed: str = FEED
    """File name of the feed itself, or of the page of older episodes."""
    next_page: str = ""
    """File name of the page with older episodes."""
    withdrawn_at: datetime | None = None
    """Last withdrawal of an episode: some readers skip a feed with an unchanged lastBuildDate."""

    @property
    def title(self) -> str:
        """Name of the podcast, by default the station's."""
        words = self.station
        return plain_title(
            self.options.title or news_title(words.name, words.language, folder=words.languages)
        )

    def url(self, name: str) -> str:
        """Address of a file in the public folder."""
        return folder_url(self.options, self.station.id) + quote(name)

    def date_text(self, moment: datetime) -> str:
        """RFC 2822 with the station's own offset, so that 7 o'clock reads 7 o'clock."""
        return format_datetime(moment.astimezone(ZoneInfo(self.station.time_zone)))


def recent(episodes: Sequence[EpisodeRecord], *, keep: int, keep_h: float) -> tuple[EpisodeRecord, ...]:
    """
    Episodes of the feed, newest first: at most `keep`, of the `keep_h` hours before the newest.

    Not of the last hours before now: so an unchanged archive gives an unchanged feed, and a silent station keeps
    its last bulletins. Corrections of old bulletins never displace the bulletin of the newest hour.
    """
    # episodes of the same second are ordered by their hours
    ordered = sorted(episodes, key=lambda episode: (episode.published, episode.hour), reverse=True)
    if not ordered:
        return ()
    oldest = ordered[0].published - timedelta(hours=keep_h)
    shown = tuple(episode for episode in ordered[:keep] if episode.published > oldest)
    newest = newest_hour(ordered)
    return shown if newest in shown else (*shown[: keep - 1], newest)


def newest_hour(episodes: Iterable[EpisodeRecord]) -> EpisodeRecord:
    """
    The latest of several bulletins: of the newest hour, and of two for one hour the one published last.

    The first of the feed may be the correction of an older bulletin.
    """
    return newest_first(episodes, lambda episode: (episode.hour, episode.published))[0]


def fitting(
    show: PodcastShow, episodes: Sequence[EpisodeRecord], *, most_bytes: int = MOST_BYTES
) -> tuple[EpisodeRecord, ...]:
    """Leave out the oldest episodes of a feed longer than `most_bytes`; the first one always stays."""
    shown = tuple(episodes)
    while len(shown) > 1 and (length := len(build_feed(show, shown))) > most_bytes:
        shown = shown[: min(len(shown) - 1, len(shown) * most_bytes // length + 1)]
    return shown


def page_of(episode: EpisodeRecord) -> str:
    """File name of an episode's HTML page, derived from its sound's."""
    return f"{episode.audio.rpartition('.')[0]}.html"


def build_feed(show: PodcastShow, episodes: Sequence[EpisodeRecord], *, pages: Collection[str] = ()) -> bytes:
    """
    Write the feed, or a page of it, with the episodes in the given order. Deterministic.

    `pages` are the file names of the HTML pages that exist.
    """
    rss = etree.Element("rss", nsmap=NAMESPACES)
    rss.set("version", "2.0")
    channel = etree.SubElement(rss, "channel")
    _describe(channel, show)
    if show.updates and episodes:
        # starts at the newest hour, with the local offset of that moment
        local = newest_hour(episodes).hour.astimezone(ZoneInfo(show.station.time_zone)).replace(microsecond=0)
        rule = show.updates
        _add(channel, "podcast:updateFrequency", rule.words, rrule=rule.rrule, dtstart=local.isoformat())
    if episodes:
        # from the episodes, not from the clock: an unchanged feed is the same file
        built = max(episode.published for episode in episodes)
        changed = max(built, show.withdrawn_at) if show.withdrawn_at else built
        _add(channel, "lastBuildDate", show.date_text(changed))
        _add(channel, "pubDate", show.date_text(built))
    items = replace(show, updates=None, feed=FEED, next_page="", withdrawn_at=None)
    for episode in episodes:
        page = page_of(episode)
        channel.append(deepcopy(_make_item(items, episode, page if page in pages else "")))
    return bytes(etree.tostring(rss, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _describe(channel: etree._Element, show: PodcastShow) -> None:
    options, station = show.options, show.station
    home = web_link(options.site) or base_url(options)
    author = plain_title(options.author or station.name)
    _add(channel, "atom:link", href=show.url(show.feed), rel="self", type=_RSS)
    if options.hub:
        _add(channel, "atom:link", href=options.hub, rel="hub")
    if show.feed != FEED:
        _add(channel, "atom:link", href=show.url(FEED), rel="first", type=_RSS)
    if show.next_page:
        # RFC 5005, section 3: older episodes
        _add(channel, "atom:link", href=show.url(show.next_page), rel="next", type=_RSS)
    _add(channel, "title", show.title)
    description = plain_line(options.description or describe_station(station))
    _add(channel, "description", description.encode()[:_MOST_DESCRIPTION].decode("utf-8", "ignore"))
    _add(channel, "link", home)
    _add(channel, "language", station.language)
    _add(channel, "generator", "Bulletin")
    image = _add(channel, "image")
    _add(image, "url", show.url(show.artwork))
    _add(image, "title", show.title)
    _add(image, "link", home)
    _add(channel, "itunes:image", href=show.url(show.artwork))
    news = _add(channel, "itunes:category", text="News")
    _add(news, "itunes:category", text="Daily News")
    # "no" and "clean" are no longer valid (podcasters.apple.com/support/823)
    _add(channel, "itunes:explicit", "false")
    _add(channel, "itunes:type", "episodic")
    _add(channel, "itunes:author", author)
    owner = _add(channel, "itunes:owner")
    _add(owner, "itunes:name", author)
    _add(channel, "podcast:guid", show.guid)
    _add(channel, "podcast:medium", "podcast")
    _add(channel, "podcast:txt", "true", purpose="ai-content")
    if options.email:
        _add(owner, "itunes:email", plain_line(options.email))
    _add(channel, "podcast:locked", "yes", **({"owner": options.email} if options.email else {}))


@lru_cache(maxsize=500)
def _make_item(show: PodcastShow, episode: EpisodeRecord, page: str) -> etree._Element:
    """
    `page` is the file name of the episode's HTML page, if it has one.

    Cached, because all items but one stand in the last feed too.
    """
    sound, size = show.url(episode.audio), str(episode.bytes)
    item = etree.Element("item", nsmap=NAMESPACES)
    _add(item, "title", plain_title(episode.title) or show.title)
    if page:
        _add(item, "link", show.url(page))
    _add(item, "guid", plain_line(episode.guid), isPermaLink="false")
    _add(item, "pubDate", show.date_text(episode.published))
    _add(item, "description", plain_line(episode.description))
    _add(item, "enclosure", url=sound, length=size, type=episode.media_type)
    _add(item, "itunes:duration", str(round(episode.duration_s)))
    _add(item, "itunes:explicit", "false")
    _add(item, "itunes:episodeType", "full")
    for kind, name, media_type in episode.files:
        if kind in ("transcript", "chapters"):
            element = _add(item, f"podcast:{kind}", url=show.url(name), type=media_type)
            if kind == "transcript":
                element.set("language", show.station.language)
            if media_type in _CAPTIONS:
                element.set("rel", "captions")
    _add(item, "podcast:txt", "true", purpose="ai-content")
    if episode.sha256:
        digest = base64.b64encode(bytes.fromhex(episode.sha256)).decode("ascii")
        same = _add(item, "podcast:alternateEnclosure", type=episode.media_type, length=size, default="true")
        _add(same, "podcast:source", uri=sound)
        _add(same, "podcast:integrity", type="sri", value=f"sha256-{digest}")
    return item


def _add(parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str) -> etree._Element:
    """Append an element: `tag` with its prefix, its content, its attributes."""
    prefix, _, name = tag.rpartition(":")
    element = etree.SubElement(
        parent,
        f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name,
        {key: plain_line(value) for key, value in attributes.items()},
    )
    element.text = text
    return element
