"""Check of a published station with one faulty file at a time."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.diagnostics.remote.check_podcast_feed import FeedReading, read_feed
from tests.diagnostics.remote.conftest import NOW
from tests.diagnostics.remote.test_check_published_station import (
    Broken,
    Station,
    briefing,
    file_name,
    problems,
    put_speaker,
)

pytestmark = pytest.mark.slow

RATE = 44_100


def mp3(*, length_s: float, peak: float, kbps: int = 64, blow: float = 0.0) -> bytes:
    """MP3 of noise in the rhythm of speech, with a `blow` of a hundredth of a second in its middle."""
    rng = np.random.default_rng(1)
    samples = rng.uniform(-1, 1, round(length_s * RATE)).astype(np.float32)
    samples *= peak * (0.6 + 0.4 * np.sin(np.arange(len(samples), dtype=np.float32) / RATE * 25))
    middle = len(samples) // 2
    samples[middle : middle + RATE // 100] += blow * np.sin(np.arange(RATE // 100, dtype=np.float32) / 20)
    file = io.BytesIO()
    writer = Mp3Encoder(file, rate_hz=RATE, channels=1, kbps=kbps)
    writer.write(samples[:, None])
    writer.close()
    return file.getvalue()


def put_newest(station: Station, broken: Broken, sound: bytes) -> None:
    """Replace the sound of the newest episode; the feed gets its length and integrity, not its duration."""
    episode = file_name(station[1], ".mp3")
    feed = (station[1] / "feed.xml").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(sound).digest()).decode()
    feed = re.sub(r'length="\d+"', f'length="{len(sound)}"', feed)
    feed = re.sub(r"sha256-[^\"]+", f"sha256-{digest}", feed)
    broken(episode, sound)
    broken("feed.xml", feed.encode())


def test_a_newest_episode_that_is_too_loud_is_reported(station: Station, broken: Broken) -> None:
    put_newest(station, broken, mp3(length_s=40, peak=0.95))

    assert any(
        "podcast apps want -16 LUFS: set [outputs.podcast] loudness_lufs" in message
        for message in problems(station[0])
    )


def test_a_newest_episode_whose_peaks_clip_is_reported(station: Station, broken: Broken) -> None:
    """The loudness is right, but one blow reaches full scale."""
    put_newest(station, broken, mp3(length_s=40, peak=0.3, blow=1.0))

    assert any(
        "a true peak over -1 dBTP clips in some players" in message for message in problems(station[0])
    )


def test_a_newest_episode_longer_than_its_duration_is_reported(station: Station, broken: Broken) -> None:
    put_newest(station, broken, mp3(length_s=60, peak=0.2))

    assert any(re.search(r"lasts 60 s, the feed says \d+ s", message) for message in problems(station[0]))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1399, 1399), "1399 pixels wide"), ((3001, 3001), "3001 pixels"), ((1500, 1400), "square")],
)
def test_artwork_of_the_wrong_size_is_reported(
    station: Station, broken: Broken, size: tuple[int, int], expected: str
) -> None:
    out = io.BytesIO()
    Image.new("RGB", size, "#0b6e4f").save(out, "JPEG")
    broken(next(path.name for path in station[1].glob("artwork-*")), out.getvalue())

    assert [
        message for message in problems(station[0]) if message.startswith("artwork: ") and expected in message
    ]


@pytest.mark.parametrize(
    ("length_s", "peak", "expected"),
    [
        (6.0, 0.2, "Alexa wants 10 s to 10 min"),
        pytest.param(601.0, 0.2, "Alexa wants 10 s to 10 min", marks=pytest.mark.slow),
        (20.0, 1.0, "Alexa wants -14 LUFS"),
        (20.0, 0.02, "Alexa wants -14 LUFS"),
    ],
)
def test_speaker_sound_beyond_the_limits_is_reported(
    station: Station, broken: Broken, length_s: float, peak: float, expected: str
) -> None:
    put_speaker(station, broken, mp3(length_s=length_s, peak=peak))
    broken("flash.json", briefing(station, streamUrl=f"{station[0]}speaker.mp3"))

    assert [
        message for message in problems(station[0]) if message.startswith("speaker: ") and expected in message
    ]


def test_artwork_over_apples_file_size_is_reported(station: Station, broken: Broken) -> None:
    """A picture of noise does not compress."""
    out, rng = io.BytesIO(), np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 255, (1400, 1400, 3), dtype=np.uint8)).save(out, "JPEG", quality=60)
    broken(next(path.name for path in station[1].glob("artwork-*")), out.getvalue())

    assert any("KB; Apple wants 512 KB at most" in message for message in problems(station[0]))


def test_speaker_sound_whose_peaks_clip_is_reported(station: Station, broken: Broken) -> None:
    put_speaker(station, broken, mp3(length_s=20, peak=0.35, blow=0.9))
    broken("flash.json", briefing(station, streamUrl=f"{station[0]}speaker.mp3"))

    assert any(
        "Alexa wants -2 dBTP: set [outputs.speaker] true_peak_dbtp" in message
        for message in problems(station[0])
    )


def test_a_briefing_that_is_not_json_is_reported(station: Station, broken: Broken) -> None:
    broken("flash.json", b"[" * 100_000)

    assert any(message.startswith("speaker: ") and "one item" in message for message in problems(station[0]))


def test_missing_or_faulty_older_feed_pages_are_reported(station: Station, broken: Broken) -> None:
    feed = (station[1] / "feed.xml").read_text("utf-8")
    link = f'<atom:link rel="next" href="{station[0]}feed-old.xml"/></channel>'
    broken("feed.xml", feed.replace("</channel>", link).encode())

    assert any(
        "feed-old.xml: the page of older episodes is missing" in message for message in problems(station[0])
    )

    (station[1] / "feed-old.xml").write_text(feed.replace("<language>en-GB", "<language>English"), "utf-8")
    try:
        assert any(
            'feed-old.xml: language: "English" is not a language' in message
            for message in problems(station[0])
        )
    finally:
        (station[1] / "feed-old.xml").unlink()


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (None, "HTTP 404; publish it, or correct the address"),
        (b"<html><body/></html>", "is not an RSS feed; name the address"),
    ],
)
def test_a_file_that_is_no_feed_is_reported(
    station: Station, broken: Broken, feed: bytes | None, expected: str
) -> None:
    broken("feed.xml", feed)

    (message,) = problems(station[0])

    assert expected in message


def test_a_briefing_without_its_sound_is_reported(station: Station, broken: Broken) -> None:
    broken("speaker.mp3", None)
    broken("flash.json", briefing(station, streamUrl=f"{station[0]}speaker.mp3"))

    assert any("HTTP 404; smart speakers stay silent" in message for message in problems(station[0]))


# -- rules of the feed


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(feed: str) -> str:
        assert re.search(old, feed), old
        return re.sub(old, new, feed, count=1)

    return edit


NEWER = "<item><title>8am news</title><guid>8</guid><pubDate>Tue, 24 Nov 2099 07:00:00 +0000</pubDate></item>"


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (swap("<title>.*?</title>", ""), "title: is missing, empty or repeated"),
        (swap("<description>.*?</description>", f"<description>{'x' * 4001}</description>"), "more than 4000 bytes"),
        (swap("<language>en-GB", "<language>English"), '"English" is not a language'),
        (swap("<itunes:explicit>false", "<itunes:explicit>no"), "itunes:explicit"),
        (swap(r"(?s)<itunes:category text=\"News\">.*?</itunes:category>", ""), "itunes:category"),
        (swap(r"<itunes:image href=\"[^\"]*\"/>", ""), "itunes:image"),
        (swap(r"<atom:link [^>]*rel=\"self\"[^>]*/>", ""), 'rel="self": missing'),
        (swap(r"(?s)<item>.*</item>", ""), "holds no episode"),
        (swap(r"(?s)(<item>.*?</item>)", r"\1\1"), "the same in two episodes"),
        (swap(r"<guid[^>]*>[^<]*</guid>", ""), "guid: missing"),
        (swap(r"<pubDate>[^<]*</pubDate>(?=\s*<desc)", "<pubDate>2026-11-25</pubDate>"), "is not a date with a time zone"),
        (swap(r"<pubDate>[^<]*</pubDate>(?=\s*<desc)", "<pubDate>Tue, 24 Nov 2099 07:00:00 +0000</pubDate>"), "in the future"),
        (swap(r"<enclosure [^>]*/>", ""), "enclosure: has no sound file, or several"),
        (swap(r"(<enclosure url=\"[^\"]*/)[^\"/]*\"", r'\1latest.mp3"'), "every bulletin replaces this file"),
        (swap(r"<enclosure url=\"http:[^\"]*\"", '<enclosure url="http://elsewhere.example/a.mp3"'), "apps want https"),
        (swap(r'length="\d+" type="audio/mpeg"/>', 'length="0" type="audio/mpeg"/>'), "must be the size of the file in bytes"),
        (swap(r'type="audio/mpeg"/>', 'type="audio/wav"/>'), "is not a type that apps play"),
        (swap(r"<itunes:duration>\d+</itunes:duration>", ""), "itunes:duration: missing"),
        (swap(r"(<podcast:transcript[^>]*/>\s*){3}", ""), "has no transcript"),
        (swap(r"<podcast:txt purpose=\"ai-content\">true</podcast:txt>(?=\s*<podcast:alt)", ""), "ai-content: missing"),
        (swap("</channel>", f"<!--{'x' * 1_000_000}--></channel>"), "some apps stop at a megabyte"),
        (swap("<itunes:author>.*?</itunes:author>", ""), "itunes:author: missing; apps show the author"),
        (swap("<itunes:type>.*?</itunes:type>", ""), "itunes:type: missing"),
        (swap("<podcast:locked.*?</podcast:locked>", ""), "podcast:locked: missing"),
        (swap("<itunes:email>.*?</itunes:email>", ""), "itunes:owner: has no e-mail"),
        (swap("<podcast:guid>.*?<", "<podcast:guid>6ba7b810-9dad-11d1-80b4-00c04fd430c8<"), "a UUID of version 5"),
        (swap("<podcast:guid>.*?<", "<podcast:guid>news<"), "a UUID of version 5"),
        (swap('<podcast:txt purpose="ai-content">true</podcast:txt>', ""), "a synthetic voice must be disclosed"),
        (swap("(<item>\\s*<title>)", r"\1&lt;b&gt;"), "characters without markup"),
        (swap("(<item>\\s*<title>)", rf"\1{'x' * 256}"), "characters without markup"),
        (swap("(<item>(?s:.*?)<description>)", rf"\1{'x' * 4001}"), "description: more than 4000 bytes"),
        (swap(r'(<enclosure url="[^"]*)\.mp3"', r'\1.ogg"'), "must end with .mp3"),
        (swap("(?s)(<item>.*</item>)", rf"\1{NEWER}"), "not newest first"),
    ],
    ids=range(33),
)  # fmt: skip
def test_a_feed_that_breaks_a_rule_is_reported(
    station: Station, edit: Callable[[str], str], expected: str
) -> None:
    feed, url = (station[1] / "feed.xml").read_text("utf-8"), f"{station[0]}feed.xml"
    assert _judged(feed, url) == []

    judged = _judged(edit(feed), url)

    assert any(expected in message for message in judged), judged
    assert _read(edit(feed), url).is_tampered


def _judged(feed: str, url: str) -> list[str]:
    return [finding.message for finding in _read(feed, url).findings]


def _read(feed: str, url: str) -> FeedReading:
    reading = read_feed(feed.encode(), url=url, now=NOW)
    assert isinstance(reading, FeedReading)
    return reading
