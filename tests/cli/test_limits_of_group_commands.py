"""What a person asks a command or the newsroom for takes its turn with the workers of the group."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bulletin.archive.database.group_tables import rate_limits
from bulletin.cli.main import cli
from bulletin.config.load_profile import load_profile
from bulletin.newsroom.actions.change_feeds import find_feeds
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.hear import hear_sentence
from bulletin.newsroom.hear_coming import open_voices
from bulletin.station.open_archive import open_archive
from tests.articles.site import Site
from tests.faults.station_on_clock import NO_MUSIC, news
from tests.speech.engines.openai_server import SpeechServer

GAP_S = 0.5
PROFILE = """\
name = "Valley"
time_zone = "UTC"
length = "up to 0:30"
{feeds}
[fetch]
host_gap_s = {gap_s}
[stories]
max_age_h = 336
[speech]
chain = ["openai"]
[speech.engines.openai]
base_url = "{voice}"
at_once = 1
[imaging]
{music}
[outputs]
make = ["fm"]
[group]
database = "{database}"
store = "store"
"""


@dataclass(kw_only=True)
class SlowSpeechServer(SpeechServer):
    """It counts its requests at once, which last long enough to meet others."""

    busy: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        with self.lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
        time.sleep(0.2)
        with self.lock:
            self.busy -= 1
        return super().answer(asked)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A station in feeds/valley.toml of `home`, three feeds of one host, and a provider of voices."""

    home: Path
    site: Site
    voice: SlowSpeechServer

    def write(self, *, database: str = "here") -> None:
        urls = [self.site.reply(f"/{n}.rss", news(first=n, count=1, at=datetime.now(UTC))) for n in range(3)]
        feeds = "".join(f'[[feeds]]\nurl = "{url}"\nprivate = true\npages = false\n' for url in urls)
        text = PROFILE.format(
            feeds=feeds, gap_s=GAP_S, voice=self.voice.base_url, music=NO_MUSIC, database=database
        )
        (self.home / "feeds").mkdir()
        (self.home / "store").mkdir()
        (self.home / "feeds" / "valley.toml").write_text(text, encoding="utf-8")

    def places(self) -> set[str]:
        """What was taken in the ledger of limits: "host" of the feeds, "voice" of the provider."""
        with open_archive(self.home / "output") as archive:
            keys = set(archive.select(select(rate_limits.c.key), lambda row: row["key"]))
        host = f"host:127.0.0.1:{self.site.port}"
        return {"host" if key == host else key.partition(":")[0] for key in keys}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bulletin", *words]
        return subprocess.Popen(command, cwd=self.home, stdout=subprocess.DEVNULL)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("OPENAI_API_KEY", "not-secret")
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.chdir(tmp_path)
    with Site() as site, SlowSpeechServer() as voice:
        yield Place(home=tmp_path, site=site, voice=voice)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "taken"),
    [
        (("make",), {"host", "voice"}),
        (("next",), {"host"}),
        (("script",), {"host"}),
        (("names",), {"host"}),
        (("check",), {"host"}),
        (("feeds", "list"), {"host"}),
        (("say", "Good morning.", "--to", "said.wav"), {"voice"}),
        (("names", "say", "Wexcombe", "--to", "said.wav"), {"voice"}),
    ],
)
def test_a_command_takes_places_in_the_limits_of_its_group(
    place: Place, words: Sequence[str], taken: set[str]
) -> None:
    place.write()
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, (done.output, done.exception)
    assert place.places() == taken


@pytest.mark.slow
def test_find_feeds_takes_the_turn_of_the_host(place: Place) -> None:
    place.write()
    url = place.site.url("/1.rss")
    assert CliRunner().invoke(cli, ["feeds", "find", url, "--private"]).exit_code == 0
    assert place.places() == {"host"}


@pytest.mark.slow
def test_a_feed_is_asked_once_for_the_commands_of_all_stations_within_some_minutes(place: Place) -> None:
    """As the group's workers read it once: what one station has asked, the others read from the archive."""
    place.write()
    feeds = place.home / "feeds"
    (feeds / "moor.toml").write_text((feeds / "valley.toml").read_text("utf-8"), encoding="utf-8")
    for words in (["script", "valley"], ["script", "moor"], ["make", "moor"]):
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0, (done.output, done.exception)
    assert sorted(place.site.paths()) == ["/0.rss", "/1.rss", "/2.rss"]


@contextmanager
def desk_of(place: Place) -> Iterator[Desk]:
    loaded = load_profile(str(place.home / "feeds" / "valley.toml"))
    output = place.home / "output"
    with open_archive(output) as archive:
        yield Desk(loaded=loaded, output=output, archive=archive, editor="ann", now=lambda: datetime.now(UTC))


@pytest.mark.slow
def test_what_an_editor_hears_and_finds_in_the_newsroom_takes_places_too(place: Place) -> None:
    place.write()
    with desk_of(place) as desk:
        find_feeds(desk, url=place.site.url("/1.rss"))
        hear_sentence(open_voices(desk), "Good morning.")
    assert place.places() == {"host", "voice"}


@pytest.mark.slow
def test_without_a_group_no_place_is_taken(place: Place) -> None:
    place.write(database="")
    profile = place.home / "feeds" / "valley.toml"
    profile.write_text(profile.read_text("utf-8").partition("[group]")[0], encoding="utf-8")
    assert CliRunner().invoke(cli, ["make"]).exit_code == 0
    assert place.places() == set()


@pytest.mark.clients
def test_commands_of_three_processes_ask_a_host_and_a_provider_in_turn(
    place: Place, postgres_url: str
) -> None:
    place.write(database=postgres_url)
    asking = [place.start("feeds", "list", "--output", f"out{n}") for n in range(3)]
    texts = [f"Good morning, number {n}. The bridge is open. The library is closed." for n in range(3)]
    saying = [
        place.start("say", text, "--to", f"said{n}.wav", "--output", f"out{n}")
        for n, text in enumerate(texts)
    ]
    codes = [process.wait(120) for process in (*asking, *saying)]

    asked = sorted(request.at_s for request in place.site.asked)
    assert codes == [0] * 6
    assert len(asked) == 9
    assert min(after - before for before, after in itertools.pairwise(asked)) >= GAP_S
    assert place.site.at_once == 1
    assert len(place.voice.asked) >= 3
    assert place.voice.most == 1
