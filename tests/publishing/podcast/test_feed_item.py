"""Items as text: byte for byte what lxml would write."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bulletin.archive.records import EpisodeRecord
from bulletin.publishing.plain_text import plain_line, plain_title
from bulletin.publishing.podcast.rss import NAMESPACES, PodcastShow, build_feed
from tests.support.factories import make_episode_record

WORDS = st.text(st.characters(exclude_categories=()), max_size=60)
"""Half surrogate pairs, control characters, markup: whatever a stranger may have written."""
FILES = (
    ("transcript", "a b&c.vtt", "text/vtt"),
    ("chapters", "a.chapters.json", "application/json+chapters"),
    ("other", "a.bin", "application/octet-stream"),
)


def make_record(**changes: object) -> EpisodeRecord:
    own = {"bytes": 1234, "duration_s": 119.6, "description": "<p>Words</p>", "files": FILES, "due": None}
    return make_episode_record(**(own | changes))


def make_show(**changes: object) -> PodcastShow:
    parts: dict[str, object] = {
        "title": "News",
        "description": "All of it",
        "link": "https://radio.example/",
        "folder_url": "https://radio.example/a&b/",
        "feed": "feed.xml",
        "artwork": "art.jpg",
        "language": "en-GB",
        "author": "Radio",
        "guid": "g",
    }
    return PodcastShow(**(parts | changes))  # type: ignore[arg-type]


def by_lxml(show: PodcastShow, episode: EpisodeRecord, page: str) -> bytes:
    """The same item, element by element."""
    rss = etree.Element("rss", nsmap=NAMESPACES)
    channel = etree.SubElement(rss, "channel")
    item = etree.SubElement(channel, "item")

    def add(tag: str, text: str = "", to: etree._Element = item, **attributes: str) -> etree._Element:
        prefix, _, name = tag.rpartition(":")
        full = f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name
        element = etree.SubElement(to, full, {key: plain_line(value) for key, value in attributes.items()})
        element.text = text
        return element

    add("title", plain_title(episode.title) or plain_title(show.title))
    if page:
        add("link", show.url(page))
    add("guid", plain_line(episode.guid), isPermaLink="false")
    add("pubDate", episode.published.strftime("%a, %d %b %Y %H:%M:%S %z"))
    add("description", plain_line(episode.description))
    add("enclosure", url=show.url(episode.audio), length=str(episode.bytes), type=episode.media_type)
    add("itunes:duration", str(round(episode.duration_s)))
    add("itunes:explicit", "false")
    add("itunes:episodeType", "full")
    linked = {"url": show.url(FILES[0][1]), "type": FILES[0][2], "language": show.language, "rel": "captions"}
    add("podcast:transcript", None, **linked)
    add("podcast:chapters", None, url=show.url(FILES[1][1]), type=FILES[1][2])
    add("podcast:txt", "true", purpose="ai-content")
    size = {"type": episode.media_type, "length": str(episode.bytes)}
    same = add("podcast:alternateEnclosure", None, **size, default="true")
    add("podcast:source", None, to=same, uri=show.url(episode.audio))
    digest = base64.b64encode(bytes.fromhex(episode.sha256)).decode()
    add("podcast:integrity", None, to=same, type="sri", value=f"sha256-{digest}")
    item.find("enclosure").text = None
    written = etree.tostring(rss, encoding="UTF-8", pretty_print=True)
    return written[written.index(b"    <item>") : written.index(b"  </channel>")]


@given(title=WORDS, description=WORDS, guid=WORDS, audio=WORDS, media_type=WORDS, has_page=st.booleans())
def test_an_item_is_what_lxml_would_write(
    title: str, description: str, guid: str, audio: str, media_type: str, has_page: bool
) -> None:
    audio = audio.encode("utf-8", "ignore").decode().replace("/", "") or "a"
    episode = make_record(
        title=title, description=description, guid=guid, audio=f"{audio}.mp3", media_type=media_type
    )
    page = f"{audio}.html"

    feed = build_feed(make_show(), [episode], pages={page} if has_page else ())

    assert etree.fromstring(feed).tag == "rss"
    item = feed[feed.index(b"    <item>") : feed.rindex(b"  </channel>")]
    assert item == by_lxml(make_show(), episode, page if has_page else "")


def test_times_have_the_stations_own_offset() -> None:
    summer = make_record(published=datetime(2026, 7, 1, 6, tzinfo=UTC))

    feed = build_feed(make_show(time_zone="Europe/London"), [summer])

    assert b"<pubDate>Wed, 01 Jul 2026 07:00:00 +0100</pubDate>" in feed


def test_a_page_is_named_where_there_is_one() -> None:
    episodes = [make_record(audio=f"demo-{number}.mp3", guid=str(number)) for number in (1, 2)]

    feed = etree.fromstring(build_feed(make_show(), episodes, pages={"demo-2.html"}))

    assert [item.findtext("link") for item in feed.iter("item")] == [
        None,
        "https://radio.example/a&b/demo-2.html",
    ]


def test_only_what_is_cut_for_a_screen_is_called_captions() -> None:
    files = tuple(
        ("transcript", f"a{suffix}", kind)
        for suffix, kind in (
            (".vtt", "text/vtt"),
            (".srt", "application/x-subrip"),
            (".json", "application/json"),
        )
    )

    feed = etree.fromstring(build_feed(make_show(), [make_record(files=files)]))

    linked = feed.findall(f".//{{{NAMESPACES['podcast']}}}transcript")
    assert [(one.get("type"), one.get("rel")) for one in linked] == [
        ("text/vtt", "captions"),
        ("application/x-subrip", "captions"),
        ("application/json", None),
    ]
