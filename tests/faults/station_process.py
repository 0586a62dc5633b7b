"""Small station, run by the real command line in its own process, and checked afterwards."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from bulletin.runtime.read_sound_file import read_sound
from tests.articles.feed_texts import item, rss

REPO = Path(__file__).parents[2]
OPTIONS = 'name = "Valley Radio"\nfrequencies = ["103.5"]\nlength = "0:30"\n'
QUICK = "[fetch]\ntimeout_s = 2\nbudget_s = 20\nhost_gap_s = 0\nfeed_mb = 0.5\n"
WORDS = (
    "The bridge over the River Wex closes next month for six weeks of repairs. "
    "The county council said drivers should use the A361. "
    "Councillor Joan Pethick said the work would cost 3.5 million pounds. "
    "Traders in Bridge Street fear that shoppers will stay away until the spring."
)
LONG_S = 300.0
"""Time limit of a run; no run of this small station takes as long, even on a busy machine."""

State = Mapping[str, tuple[bytes, int]]


def news(title: str = "Bridge over the Wex to close for repairs", *, n: int = 1, words: str = WORDS) -> str:
    """Feed of one story, an hour old."""
    an_hour_ago = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    return rss(item(title, n=n, words=words, date=an_hour_ago))


def feed(url: str, name: str = "", more: str = "") -> str:
    """Profile table of a feed; `private` allows a server on loopback."""
    private = "private = true\n" if "://" in url else ""
    named = f'name = "{name}"\n' if name else ""
    return f'[[feeds]]\nurl = "{url}"\npages = false\n{named}{private}{more}\n'


@dataclass(frozen=True, kw_only=True)
class Radio:
    """Folder with a profile and a feed, and the results of running `bulletin` there."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    station: str = "valley"

    def __post_init__(self) -> None:
        self.env.setdefault("BULLETIN_DATA", str(self.folder / "data"))
        (self.folder / "gazette.rss").write_text(news(), encoding="utf-8")
        self.profile()

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def public(self) -> Path:
        return self.output / self.station

    @property
    def state(self) -> Path:
        return self.output / ".bulletin"

    def profile(self, *feeds: str, options: str = OPTIONS, tables: str = QUICK) -> Path:
        """Write the station's profile; by default with the feed file beside it."""
        path = self.folder / f"{self.station}.toml"
        path.write_text(options + "".join(feeds or (feed("gazette.rss"),)) + tables, encoding="utf-8")
        return path

    def start(self, *args: str, before: tuple[str, ...] = (), **env: str) -> subprocess.Popen[str]:
        """Start a process in its own group, as a shell does."""
        return subprocess.Popen(
            [*before, sys.executable, "-m", "bulletin", *args],
            cwd=self.folder,
            env=os.environ | self.env | {"PYTHONPATH": str(REPO)} | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=os.name == "posix",
        )

    def run(self, *args: str, before: tuple[str, ...] = (), **env: str) -> subprocess.CompletedProcess[str]:
        """Run to the end; asserts that no traceback is printed."""
        with self.start(*args, before=before, **env) as process:
            out, err = process.communicate(timeout=LONG_S)
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def make(self, *args: str, voice: str = "tone", **options: Any) -> subprocess.CompletedProcess[str]:
        spoken = ("--voice", voice) if voice else ()
        return self.run("make", f"./{self.station}.toml", "--output", "output", *spoken, *args, **options)

    def make_json(self, *args: str, **options: Any) -> dict[str, Any]:
        """Make a bulletin, which must succeed; the output of `--json`."""
        done = self.make("--json", *args, **options)
        assert done.returncode == 0, done.stderr
        data: dict[str, Any] = json.loads(done.stdout)
        return data

    def look(self) -> State:
        """Every public file with its bytes and time of modification."""
        files = sorted(path for path in self.public.rglob("*") if path.is_file())
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

    def assert_whole(self) -> None:
        """Assert that no file is incomplete and every sound in the feed exists; also without a feed yet."""
        assert list(self.output.rglob("part-*")) == []
        self.assert_consistent()

    def assert_consistent(self) -> None:
        """Assert that feed and latest.mp3 are complete, even just after a run was killed."""
        page = self.public / "feed.xml"
        if page.exists():
            enclosures = etree.parse(page).findall("channel/item/enclosure")
            assert enclosures
            for enclosure in enclosures:
                sound = self.public / Path(unquote(urlsplit(enclosure.get("url", "")).path)).name
                assert sound.stat().st_size == int(enclosure.get("length", "0")), sound
        latest = self.public / "latest.mp3"
        if latest.exists():
            samples, rate_hz = read_sound(io.BytesIO(latest.read_bytes()))
            assert len(samples) / rate_hz > 10

    def assert_clean(self) -> None:
        """Assert that all files are complete and no folder of a run remains."""
        self.assert_whole()
        assert list(self.state.glob("run-*")) == []


def workers_of(radio: Radio) -> list[int]:
    """Processes left behind by a run, found by the folder in their environment (Linux)."""
    mark = f"BULLETIN_DATA={radio.env['BULLETIN_DATA']}".encode()
    processes = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                processes.append(int(folder.name))
        except OSError:
            continue
    return processes
