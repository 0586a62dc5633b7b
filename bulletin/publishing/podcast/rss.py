"""PodcastShow and EpisodeRecords -> feed.xml: RSS 2.0 with iTunes and Podcasting 2.0 tags. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from lxml import etree

from bulletin.archive.records import EpisodeRecord
from bulletin.model.newer_bulletin import newest_first
from bulletin.publishing.plain_text import plain_line, plain_title, shorten_bytes
from bulletin.publishing.podcast.feed_item import ItemWriter, date_text
from bulletin.publishing.podcast.update_frequency import UpdateRule

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
}

MOST_BYTES = 950_000
"""Size limit of a feed: several clients stop reading at a megabyte."""

_END = b"  </channel>\n</rss>\n"

_MOST_DESCRIPTION = 4000
"""Bytes; Apple shows no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodcastShow:
    """Channel data of a feed."""

    title: str
    description: str
    link: str
    """The station's home page."""
    folder_url: str
    """Address of the public folder, with a slash at the end."""
    feed: str
    """File name of the feed itself."""
    artwork: str
    """File name."""
    language: str
    author: str
    email: str = ""
    """Of the owner; directories need it to verify the feed."""
    guid: str
    """Permanent UUIDv5."""
    time_zone: str = "UTC"
    hub: str = ""
    """WebSub hub that is notified of every change."""
    updates: UpdateRule | None = None
    """Publication schedule."""
    next_page: str = ""
    """File name of the page with older episodes."""
    withdrawn_at: datetime | None = None
    """When an episode was last withdrawn: some readers skip a feed with an unchanged lastBuildDate."""
    first_page: str = ""
    """In an older page: the file name of its feed."""

    def url(self, name: str) -> str:
        """Address of a file in the folder."""
        return self.folder_url + quote(name)


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
    The latest bulletin: of the newest hour, and of two for one hour the one published last.

    The first of the feed may be the correction of an older bulletin. Raises ValueError if there is none.
    """
    for newest in newest_first(episodes, lambda episode: (episode.hour, episode.published)):
        return newest
    raise ValueError("no episode")


def fitting(
    show: PodcastShow, episodes: Sequence[EpisodeRecord], *, most_bytes: int = MOST_BYTES
) -> tuple[EpisodeRecord, ...]:
    """Leave out the oldest episodes of a feed longer than `most_bytes`; the first one always stays."""
    shown = tuple(episodes)
    while len(shown) > 1 and _most_bytes_of(show, shown) > most_bytes:
        length = len(build_feed(show, shown))
        if length <= most_bytes:
            break
        shown = shown[: min(len(shown) - 1, len(shown) * most_bytes // length + 1)]
    return shown


def _most_bytes_of(show: PodcastShow, episodes: Sequence[EpisodeRecord]) -> int:
    """Upper bound of the feed's length, which is usually below the limit and saves writing it."""
    words = sum(len(episode.description) + len(episode.title) for episode in episodes)
    names = sum(len(name) for episode in episodes for _, name, _ in episode.files)
    addresses = (12 + 3 * sum(len(episode.files) for episode in episodes)) * len(show.folder_url)
    # a character takes at most six bytes, escaped or encoded
    return 20_000 + 6 * (words + names + addresses) + 3000 * len(episodes)


def page_of(episode: EpisodeRecord) -> str:
    """File name of an episode's HTML page, derived from its sound's."""
    return f"{episode.audio.rpartition('.')[0]}.html"


def build_feed(
    show: PodcastShow, episodes: Sequence[EpisodeRecord], *, pages: Collection[str] = frozenset()
) -> bytes:
    """Write the feed, or a page of it, with the episodes in the given order. Deterministic."""
    rss = etree.Element("rss", nsmap=NAMESPACES)
    rss.set("version", "2.0")
    channel = etree.SubElement(rss, "channel")
    _describe(channel, show)
    if show.updates and episodes:
        # starts at the newest hour, with the local offset of that moment
        since = newest_hour(episodes).hour
        local = since.astimezone(ZoneInfo(show.time_zone)).replace(microsecond=0)
        rule = show.updates
        _add(channel, "podcast:updateFrequency", rule.words, rrule=rule.rrule, dtstart=local.isoformat())
    if episodes:
        # from the episodes, not from the clock: an unchanged feed is the same file
        built = max(episode.published for episode in episodes)
        changed = max(built, show.withdrawn_at) if show.withdrawn_at else built
        _add(channel, "lastBuildDate", date_text(changed, time_zone=show.time_zone))
        _add(channel, "pubDate", date_text(built, time_zone=show.time_zone))
    written = etree.tostring(rss, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    writer = ItemWriter(
        title=show.title, folder_url=show.folder_url, language=show.language, time_zone=show.time_zone
    )
    items = [
        writer.write(episode, page=page if (page := page_of(episode)) in pages else "")
        for episode in episodes
    ]
    return bytes(written).removesuffix(_END) + "".join(items).encode("utf-8") + _END


def _describe(channel: etree._Element, show: PodcastShow) -> None:
    _add(channel, "atom:link", href=show.url(show.feed), rel="self", type="application/rss+xml")
    if show.hub:
        _add(channel, "atom:link", href=show.hub, rel="hub")
    if show.first_page:
        _add(channel, "atom:link", href=show.url(show.first_page), rel="first", type="application/rss+xml")
    if show.next_page:
        # RFC 5005, section 3: older episodes
        _add(channel, "atom:link", href=show.url(show.next_page), rel="next", type="application/rss+xml")
    _add(channel, "title", plain_title(show.title))
    _add(channel, "description", shorten_bytes(plain_line(show.description), most=_MOST_DESCRIPTION))
    _add(channel, "link", show.link)
    _add(channel, "language", show.language)
    _add(channel, "generator", "Bulletin")
    image = _add(channel, "image")
    _add(image, "url", show.url(show.artwork))
    _add(image, "title", plain_title(show.title))
    _add(image, "link", show.link)
    _add(channel, "itunes:image", href=show.url(show.artwork))
    news = _add(channel, "itunes:category", text="News")
    _add(news, "itunes:category", text="Daily News")
    # "no" and "clean" are no longer valid (podcasters.apple.com/support/823)
    _add(channel, "itunes:explicit", "false")
    _add(channel, "itunes:type", "episodic")
    _add(channel, "itunes:author", plain_title(show.author))
    owner = _add(channel, "itunes:owner")
    _add(owner, "itunes:name", plain_title(show.author))
    _add(channel, "podcast:guid", show.guid)
    _add(channel, "podcast:medium", "podcast")
    _add(channel, "podcast:txt", "true", purpose="ai-content")
    if show.email:
        _add(owner, "itunes:email", plain_line(show.email))
        _add(channel, "podcast:locked", "yes", owner=plain_line(show.email))
    else:
        _add(channel, "podcast:locked", "yes")


def _add(parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str) -> etree._Element:
    """Append an element: `tag` with its prefix, its content, its attributes."""
    element = etree.SubElement(parent, _full_name(tag), attributes)
    if text is not None:
        element.text = text
    return element


@cache
def _full_name(tag: str) -> str:
    prefix, _, name = tag.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name
