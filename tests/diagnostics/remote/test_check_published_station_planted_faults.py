"""The published demo with one planted fault at a time: one finding each, with file and remedy."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bulletin.audio.formats.mp3_encoder import Mp3Encoder
from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.remote.check_published_station import examine_site
from bulletin.diagnostics.remote.fetch_published_files import Unpublished
from bulletin.model.diagnostic_findings import Finding, Verdict
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.publishing.podcast.detect_hand_edited_feed import seal_feed
from bulletin.runtime.read_sound_file import read_sound
from bulletin.station.build_station_object import open_station, overrides_from
from tests.diagnostics.remote.conftest import NOW

pytestmark = pytest.mark.slow

URL = "https://radio.wexcombe.example/news/demo/"
AGAIN = "bulletin republish"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Public folder of the demo after two bulletins."""
    output = tmp_path_factory.mktemp("demo")
    loaded = load_profile("demo")
    short = overrides_from(loaded.profile, length_s=30.0, voice="tone")
    moment = NOW
    with open_station(loaded, output=output, overrides=short, clock=lambda: moment) as station:
        for ago in (1, 0):
            moment = NOW - timedelta(hours=ago)
            make_bulletin(station, now=moment, again=True)
    return output / "demo"


@dataclass(frozen=True)
class Folder:
    """Copy of the public folder, for planting faults."""

    path: Path

    def name(self, pattern: str) -> str:
        return max(path.name for path in self.path.glob(pattern))

    @property
    def newest(self) -> str:
        return self.name("demo-*.mp3").removesuffix(".mp3")

    @property
    def older(self) -> str:
        return min(path.stem for path in self.path.glob("demo-*.mp3"))

    def delete(self, pattern: str) -> None:
        (self.path / self.name(pattern)).unlink()

    def write(self, pattern: str, data: bytes) -> None:
        (self.path / self.name(pattern)).write_bytes(data)

    def cut(self, pattern: str) -> None:
        data = (self.path / self.name(pattern)).read_bytes()
        self.write(pattern, data[: len(data) // 2])

    def flip(self, pattern: str) -> None:
        """Change one byte in the middle of a file."""
        data = bytearray((self.path / self.name(pattern)).read_bytes())
        data[len(data) // 2] ^= 0xFF
        self.write(pattern, bytes(data))

    def edit_json(self, name: str, **changes: object) -> None:
        content = json.loads((self.path / name).read_bytes())
        self.write(name, json.dumps(content | changes).encode())

    def feed(self, old: str, new: str, *, by_hand: bool = False) -> None:
        """Change the feed; seal it again, unless it was edited `by_hand`."""
        feed = (self.path / "feed.xml").read_text("utf-8")
        assert re.search(old, feed), old
        changed = re.sub(old, new, feed, count=1)
        if not by_hand:
            changed = seal_feed(re.sub(r"<!-- bulletin .* -->\n\Z", "", changed).encode()).decode()
        self.write("feed.xml", changed.encode())

    def twice(self, tag: str) -> None:
        """Give the second item the first item's value."""
        feed = (self.path / "feed.xml").read_text("utf-8")
        first, second = re.findall(rf"<{tag}[^>]*>[^<]*</{tag}>", feed.partition("<item>")[2])[:2]
        self.feed(re.escape(second), first)

    def sound(self, data: bytes) -> None:
        """Replace the newest bulletin's sound; feed and side file follow."""
        digest = hashlib.sha256(data)
        self.write(f"{self.newest}.mp3", data)
        self.write("latest.mp3", data)
        self.edit_json("latest.json", sha256=digest.hexdigest(), bytes=len(data))
        sri = base64.b64encode(digest.digest()).decode()
        self.feed(r"sha256-[^\"]+", f"sha256-{sri}")
        feed = (self.path / "feed.xml").read_text("utf-8")
        head, item, rest = feed.partition("<item>")
        first, end, others = rest.partition("</item>")
        first = re.sub(r'length="\d+"', f'length="{len(data)}"', first)
        feed_text = re.sub(r"<!-- bulletin .* -->\n\Z", "", head + item + first + end + others)
        self.write("feed.xml", seal_feed(feed_text.encode()))

    def speaker(self, data: bytes) -> None:
        """Replace the speaker's sound; its side file follows."""
        self.write("speaker.mp3", data)
        self.edit_json("speaker.json", sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))

    def hushed(self, start_s: float, end_s: float, *, level: float = 0.0) -> bytes:
        """The newest sound with a silent or quiet section."""
        samples, rate_hz = read_sound(self.path / f"{self.newest}.mp3")
        samples = samples.copy()
        samples[round(start_s * rate_hz) : round(end_s * rate_hz)] *= level
        return mp3(samples, rate_hz)


def mp3(samples: np.ndarray, rate_hz: int) -> bytes:
    file = io.BytesIO()
    writer = Mp3Encoder(file, rate_hz=rate_hz, channels=samples.shape[1], kbps=128)
    writer.write(samples)
    writer.close()
    return file.getvalue()


def picture(side: int, *, noisy: bool = False) -> bytes:
    out, rng = io.BytesIO(), np.random.default_rng(1)
    image = (
        Image.fromarray(rng.integers(0, 255, (side, side, 3), dtype=np.uint8))
        if noisy
        else Image.new("RGB", (side, side), "#0b6e4f")
    )
    image.save(out, "JPEG", quality=60)
    return out.getvalue()


def rename_artwork(folder: Folder, data: bytes) -> None:
    """Replace the artwork; its new file name has the right checksum, as after publishing."""
    old = folder.name("artwork-*")
    new = f"artwork-{hashlib.sha256(data).hexdigest()[:8]}.jpg"
    folder.delete("artwork-*")
    (folder.path / new).write_bytes(data)
    for _ in range(2):
        folder.feed(re.escape(old), new)


def stale_latest(folder: Folder) -> None:
    """Make latest.mp3 an hour old; sound and side file agree."""
    data = (folder.path / f"{folder.older}.mp3").read_bytes()
    folder.write("latest.mp3", data)
    folder.edit_json(
        "latest.json", sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), title="6am news"
    )


def twelve_hours_ago(folder: Folder) -> None:
    """Leave one episode in the feed, from yesterday evening."""
    folder.feed(r"(<item>(?s:.*?)<pubDate>)[^<]*", r"\1Mon, 23 Nov 2026 19:00:00 +0000")
    folder.feed(r"(?s)(<item>.*?</item>.*?)<item>.*?</item>", r"\1")


def no_latest(folder: Folder) -> None:
    folder.delete("latest.json")
    folder.delete("latest.mp3")


def stale_feed(folder: Folder) -> None:
    """Remove the newest episode from the feed alone."""
    folder.feed(r"(?s)    <item>.*?</item>\n", "")


@dataclass(frozen=True)
class Fault:
    """Change of the folder, and the finding that it must cause."""

    plant: Callable[[Folder], None]
    part: str
    message_pattern: str
    """Pattern of the message: file, fault and remedy, in this order."""
    verdict: Verdict = Verdict.FAILURE


WARNING = Verdict.WARNING
FAULTS = {
    # -- the feed
    "no feed": Fault(lambda f: f.delete("feed.xml"), "feed", r"feed\.xml: HTTP 404; publish it, or correct the address"),
    "half a feed": Fault(lambda f: f.cut("feed.xml"), "feed", r"feed\.xml: is not XML.*run `bulletin republish`"),
    "a page as feed": Fault(lambda f: f.write("feed.xml", b"<html/>"), "feed", "is not an RSS feed; name the address"),
    "feed edited, harmless": Fault(
        lambda f: f.feed("<title>", "<title>My ", by_hand=True), "feed", f"edited after Bulletin wrote it; run `{AGAIN}", WARNING
    ),
    "feed edited, broken": Fault(
        lambda f: f.feed("<itunes:explicit>false", "<itunes:explicit>no", by_hand=True), "feed", f"itunes:explicit.*wrote it; `{AGAIN}` discards the edits"
    ),
    "explicit": Fault(lambda f: f.feed("<itunes:explicit>false", "<itunes:explicit>no"), "feed", 'itunes:explicit: must be "true"'),
    "language": Fault(lambda f: f.feed("<language>en-GB", "<language>English"), "feed", 'language: "English" is not a language; write it as'),
    "no category": Fault(lambda f: f.feed(r"(?s)<itunes:category text=.News.>.*?</itunes:category>", ""), "feed", "itunes:category"),
    "no e-mail": Fault(lambda f: f.feed("<itunes:email>.*?</itunes:email>", ""), "feed", r"set \[outputs\.podcast\] email", WARNING),
    "another address": Fault(
        lambda f: f.feed(r'href="[^"]*feed\.xml" rel="self"', 'href="https://old.example/demo/feed.xml" rel="self"'),
        "feed", rf"https://old\.example.*base_url.*{AGAIN}",
    ),
    "guid twice": Fault(lambda f: f.twice("guid"), "feed", "guid: the same in two episodes"),
    "future": Fault(
        lambda f: f.feed(r"(<item>(?s:.*?)<pubDate>)[^<]*", r"\1Tue, 24 Nov 2099 07:00:00 +0000"), "feed", "in the future.*set the clock right"
    ),
    "an episode under a name that changes": Fault(
        lambda f: f.feed(rf"{f.newest}\.mp3", "latest.mp3"), "feed", r"latest\.mp3: every bulletin replaces this file"
    ),
    "an episode elsewhere": Fault(
        lambda f: f.feed(r'<enclosure url="[^"]*/', '<enclosure url="https://cdn.example/'), "episode", r"cdn\.example.*base_url"
    ),
    "no transcripts named": Fault(
        lambda f: f.feed(r"(<podcast:transcript[^>]*/>\s*){3}", ""), "feed", "has no transcript", WARNING
    ),
    "a feed that lags": Fault(stale_feed, "latest", rf'latest\.mp3: the newest episode in the feed is ".*6am.*", but this is ".*7am.*{AGAIN}'),
    "nothing for twelve hours": Fault(twelve_hours_ago, "clock", "12.0 h old.*is missing; see `bulletin status`"),
    # -- sound
    "no sound": Fault(lambda f: f.delete("demo-*.mp3"), "episode", r"Z\.mp3: HTTP 404 to HEAD; publish the episode again"),
    "no older sound": Fault(lambda f: f.delete(f"{f.older}.mp3"), "episode", r"Z\.mp3: HTTP 404 to HEAD; publish the episode again"),
    "half a sound": Fault(lambda f: f.cut("demo-*.mp3"), "episode", r"Z\.mp3: has \d+ bytes, the feed says \d+; publish it again"),
    "another sound": Fault(lambda f: f.flip("demo-*.mp3"), "episode", r"Z\.mp3: does not match its checksum .*integrity.*publish it again"),
    "wrong length": Fault(
        lambda f: f.feed(r'(<enclosure [^>]*length=")\d+', r"\g<1>123456"), "episode", r"Z\.mp3: has \d+ bytes, the feed says 123456; publish"
    ),
    "wrong integrity": Fault(
        lambda f: f.feed(r"sha256-[^\"]+", "sha256-" + base64.b64encode(bytes(32)).decode()), "episode", r"podcast:integrity\); publish it again"
    ),
    "wrong duration": Fault(
        lambda f: f.feed(r"<itunes:duration>\d+", "<itunes:duration>45"), "episode", rf"Z\.mp3: lasts 30 s, the feed says 45 s; run `{AGAIN}"
    ),
    "digital silence": Fault(lambda f: f.sound(f.hushed(0, 60)), "episode", r"Z\.mp3: nothing is heard throughout.*bulletin make --again"),
    "next to nothing": Fault(
        lambda f: f.sound(f.hushed(0, 60, level=0.01)), "episode", r"Z\.mp3: nothing is heard throughout.*bulletin make --again"
    ),
    "dead air": Fault(lambda f: f.sound(f.hushed(12, 18)), "episode", r"Z\.mp3: nothing is heard from 0:1.* to 0:1.*--again"),
    "no sound file": Fault(lambda f: f.sound(b"<html>no</html>" * 99), "episode", r"Z\.mp3: cannot be played.*publish it again"),
    "too quiet": Fault(
        lambda f: f.sound(f.hushed(0, 60, level=0.4)), "episode", r"podcast apps want -16 LUFS: set \[outputs\.podcast\]", WARNING
    ),
    # -- words
    "no VTT": Fault(lambda f: f.delete("demo-*.vtt"), "episode", r"\.vtt: HTTP 404; publish this file again"),
    "no SRT": Fault(lambda f: f.delete("demo-*.srt"), "episode", r"\.srt: HTTP 404; publish this file again"),
    "no JSON": Fault(lambda f: f.delete("demo-*Z.json"), "episode", r"Z\.json: HTTP 404; publish this file again"),
    "no chapters": Fault(lambda f: f.delete("demo-*.chapters.json"), "episode", r"chapters\.json: HTTP 404; publish this file again"),
    "VTT is none": Fault(lambda f: f.write("demo-*.vtt", b"Hello"), "episode", r"\.vtt: is not valid text/vtt, or not in order of time; publish it again"),
    "VTT out of order": Fault(
        lambda f: f.write("demo-*.vtt", b"WEBVTT\n\n00:00:09.000 --> 00:00:10.000\nB\n\n00:00:01.000 --> 00:00:02.000\nA\n"),
        "episode", r"\.vtt: is not valid text/vtt, or not in order of time; publish it again",
    ),
    "SRT of another sound": Fault(
        lambda f: f.write("demo-*.srt", b"1\n00:09:00,000 --> 00:09:02,000\nHello\n"), "episode", r"\.srt: the last caption ends after the sound.*publish it again"
    ),
    "JSON is none": Fault(lambda f: f.cut("demo-*Z.json"), "episode", r"Z\.json: is not valid application/json.*publish it again"),
    "chapters are none": Fault(lambda f: f.cut("demo-*.chapters.json"), "episode", r"chapters\.json: must list chapters in order of time; publish it again"),
    # -- artwork
    "no artwork": Fault(lambda f: f.delete("artwork-*"), "artwork", rf"artwork-.*HTTP 404; .*{AGAIN}"),
    "artwork is none": Fault(lambda f: f.write("artwork-*", b"no"), "artwork", "artwork-.*cannot be read as JPEG or PNG; save it as JPEG"),
    "artwork too small": Fault(lambda f: rename_artwork(f, picture(600)), "artwork", "artwork-.*600 pixels wide; scale it"),
    "artwork too heavy": Fault(
        lambda f: rename_artwork(f, picture(1400, noisy=True)), "artwork", r"artwork-.*Apple wants 512 KB.*\[imaging\] artwork", WARNING
    ),
    # -- latest
    "no latest.mp3": Fault(lambda f: f.delete("latest.mp3"), "latest", rf"latest\.mp3: HTTP 404.*{AGAIN}"),
    "no latest.json": Fault(lambda f: f.delete("latest.json"), "latest", rf"latest\.json: HTTP 404.*{AGAIN}"),
    "no latest at all": Fault(
        no_latest, "latest", rf"latest\.mp3: HTTP 404, no latest\.json either.*{AGAIN}"
    ),
    "half latest.mp3": Fault(lambda f: f.cut("latest.mp3"), "latest", rf"latest\.mp3: is not the newest episode.*{AGAIN}"),
    "half latest.json": Fault(lambda f: f.cut("latest.json"), "latest", rf"latest\.json: is not a complete JSON object; .*{AGAIN}"),
    "old latest.mp3": Fault(
        lambda f: f.write("latest.mp3", (f.path / f"{f.older}.mp3").read_bytes()), "latest", rf"latest\.mp3: is not the newest episode.*{AGAIN}"
    ),
    "old latest.json": Fault(
        lambda f: f.edit_json("latest.json", sha256="0" * 64), "latest", rf"latest\.json: describes another sound than latest.*{AGAIN}"
    ),
    "old latest": Fault(stale_latest, "latest", rf'latest\.mp3: the newest episode in the feed is ".*7am.*, but this is "6am news".*{AGAIN}'),
    "latest.json of another name": Fault(
        lambda f: f.edit_json("latest.json", audio="other.mp3"), "latest", rf"latest\.json: file name or size is not that of the newest episode.*{AGAIN}"
    ),
    # -- speakers
    "no speaker.mp3": Fault(lambda f: f.delete("speaker.mp3"), "speaker", r"speaker\.mp3: HTTP 404; smart speakers stay silent: copy the output folder"),
    "no speaker.json": Fault(lambda f: f.delete("speaker.json"), "speaker", r"speaker\.json: HTTP 404.*copy the output folder"),
    "half speaker.mp3": Fault(lambda f: f.cut("speaker.mp3"), "speaker", r"speaker\.mp3: is not the sound that speaker\.json.*copy the output folder"),
    "half speaker.json": Fault(lambda f: f.cut("speaker.json"), "speaker", r"speaker\.json: is not a complete JSON object.*copy the output folder"),
    "old speaker": Fault(
        lambda f: f.edit_json("speaker.json", due="2026-11-24T06:00:00+00:00"), "speaker", "bulletin of Tue 06:00, older than the newest episode, Tue 07:00.*status", WARNING
    ),
    "silent speaker": Fault(lambda f: f.speaker(f.hushed(0, 60)), "speaker", r"speaker\.mp3: nothing is heard throughout.*--again"),
    "dead air for speakers": Fault(lambda f: f.speaker(f.hushed(10, 20)), "speaker", r"speaker\.mp3: nothing is heard from.*--again"),
    "half a briefing": Fault(lambda f: f.cut("flash.json"), "speaker", r"flash\.json: must be JSON with exactly one item.*copy the output folder"),
    "old briefing": Fault(lambda f: f.edit_json("flash.json", uid="urn:bulletin:demo-speaker-1"), "speaker", r"flash\.json: uid: urn:bulletin:demo-speaker-1, but demo-.* in speaker\.json; copy"),
    "briefing of last week": Fault(
        lambda f: f.edit_json("flash.json", updateDate="2026-11-10T07:00:00.0Z"), "speaker", r"flash\.json: updateDate: older than seven days"
    ),
    "briefing of another sound": Fault(
        lambda f: f.edit_json("flash.json", streamUrl=f"{URL}fm.mp3"), "speaker", r"flash\.json: streamUrl: names .*fm\.mp3, not .*speaker\.mp3"
    ),
    # -- pages
    "no page": Fault(lambda f: f.delete("index.html"), "page", rf"index\.html: HTTP 404; .*{AGAIN}"),
    "an empty page": Fault(lambda f: f.write("index.html", b""), "page", rf"demo/: is empty; .*{AGAIN}"),
    "half a page": Fault(lambda f: f.cut("index.html"), "page", rf"demo/: is truncated.*{AGAIN}"),
    "a page of an hour ago": Fault(
        lambda f: f.write("index.html", (f.path / f"{f.older}.html").read_bytes()), "page", rf"demo/: the player has demo-.*0600.*newest.*0700.*{AGAIN}"
    ),
    "no player": Fault(lambda f: f.delete("player.html"), "page", rf"player\.html: HTTP 404.*{AGAIN}"),
    "half a player": Fault(lambda f: f.cut("player.html"), "page", rf"player\.html: is truncated.*{AGAIN}"),
    "no page of the bulletin": Fault(lambda f: f.delete(f"{f.newest}.html"), "page", rf"Z\.html: HTTP 404.*{AGAIN}"),
    "no day": Fault(lambda f: (f.path / "days" / "index.html").unlink(), "page", rf"days/index\.html: HTTP 404.*{AGAIN}"),
    "no style": Fault(lambda f: f.delete("page-*.css"), "page", rf"page-.*\.css: HTTP 404.*{AGAIN}"),
    "half a style": Fault(lambda f: f.cut("page-*.css"), "page", rf"page-.*\.css: does not match the checksum in its name; .*{AGAIN}"),
    "no script": Fault(lambda f: f.delete("page-*.js"), "page", rf"page-.*\.js: HTTP 404.*{AGAIN}"),
    "another script": Fault(lambda f: f.flip("page-*.js"), "page", rf"page-.*\.js: does not match the checksum in its name; .*{AGAIN}"),
    "no icon": Fault(lambda f: f.delete("icon-*"), "page", rf"icon-.*HTTP 404.*{AGAIN}"),
    "no cover": Fault(lambda f: f.delete("cover-*"), "page", rf"cover-.*HTTP 404.*{AGAIN}"),
    "cover is none": Fault(lambda f: f.write("cover-*", b"no"), "page", rf"cover-.*does not match the checksum in its name; .*{AGAIN}"),
}  # fmt: skip


def examine(folder: Path) -> list[Finding]:
    findings = examine_site(Unpublished(folder, URL), URL, now=NOW)
    return [finding for finding in findings if finding.verdict is not Verdict.OK]


def test_a_sound_folder_has_no_finding(demo: Path) -> None:
    assert examine(demo) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_one_finding(demo: Path, tmp_path: Path, name: str) -> None:
    fault = FAULTS[name]
    shutil.copytree(demo, tmp_path / "demo", ignore=shutil.ignore_patterns("fm.wav"))
    fault.plant(Folder(tmp_path / "demo"))

    findings = examine(tmp_path / "demo")

    assert len(findings) == 1, findings
    assert (findings[0].part, findings[0].verdict) == (fault.part, fault.verdict)
    assert re.search(fault.message_pattern, findings[0].message), findings[0].message
