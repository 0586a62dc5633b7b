"""The door for playouts that fetch: sound at every time, the best there is, and what it is in the headers."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import numpy as np
import pytest
from starlette.applications import Starlette

from bulletin.config.load import load_profile
from bulletin.errors import NoStoryError
from bulletin.model import Level, Slot
from bulletin.pcm import sound_length_s, write_flac
from bulletin.service.fresh import AGAIN, Fresh
from bulletin.service.pull import PullDoor, pull_routes
from bulletin.service.roles import Outcome
from bulletin.service.web import WebServer

NOW = datetime(2026, 11, 25, 7, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROFILE = """\
name = "Valley Radio"
[speech]
chain = ["tone"]
[[feeds]]
url = "gazette.rss"
[outputs]
make = ["podcast", "fm"]
[outputs.fm]
format = "flac"
"""


@dataclass
class Maker:
    """A post that is asked for bulletins between slots."""

    world: World
    id: str = "valley"
    margin: timedelta = timedelta(0)
    grace: timedelta = timedelta(0)
    due: list[datetime] = field(default_factory=list)
    asked: int = 0
    error: Exception | None = None

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        return [Slot(station=self.id, due=due, length_s=60) for due in self.due if since <= due < until]

    def lead(self, *, others: int = 0) -> timedelta:
        return timedelta(minutes=1)

    def work(self, slot: Slot, *, ready_by: datetime) -> Outcome:
        raise NotImplementedError

    def standby_due(self, now: datetime) -> Slot | None:
        return None

    def prepare(self, slot: Slot) -> Outcome:
        raise NotImplementedError

    def make_now(self, *, within_s: float) -> None:
        self.asked += 1
        if self.error:
            raise self.error
        self.world.lay("fm", made=self.world.now, hz=880.0)


class World:
    """A station's folder, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.folder = folder / "output" / "valley"
        self.folder.mkdir(parents=True)
        (folder / "valley.toml").write_text(PROFILE, encoding="utf-8")
        self.loaded = load_profile(str(folder / "valley.toml"))
        self.maker = Maker(self)
        self.working = False
        self.fresh = Fresh(
            makers=lambda: [self.maker],
            is_working=lambda station: self.working,
            hire=lambda work: threading.Thread(target=work).start(),
            now=lambda: self.now,
        )
        self.door = PullDoor(
            output=folder / "output", loaded=lambda: [self.loaded], fresh=self.fresh, now=lambda: self.now
        )

    def lay(
        self, kind: str, *, made: datetime, level: str = "fresh", hz: float = 440.0, seconds: float = 1.0
    ) -> Path:
        path = self.folder / f"{kind}.flac"
        wave = np.sin(np.arange(int(44_100 * seconds)) * hz * 2 * np.pi / 44_100).astype(np.float32) / 4
        part = path.with_name("part-x.flac")
        write_flac(part, wave, rate_hz=44_100)
        part.replace(path)
        told = {"audio": path.name, "level": level, "due": made.isoformat(), "made": made.isoformat()}
        (self.folder / f"{kind}.json").write_text(json.dumps(told), encoding="utf-8")
        return path


@contextmanager
def opened(world: World) -> Iterator[Callable[..., httpx2.Response]]:
    server = WebServer(Starlette(routes=pull_routes(world.door)), host="127.0.0.1", port=0)
    server.start()
    with httpx2.Client(base_url=server.address, trust_env=False, timeout=30) as client:
        yield lambda query="", name="bulletin.wav", method="GET", **headers: client.request(
            method, f"/stations/valley/{name}{query}", headers=headers
        )
    server.stop()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_newest_is_sent_with_its_age_and_level(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=20))

    with opened(world) as ask:
        answer = ask("?max_age=3600")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert (answer.headers["bulletin-age"], answer.headers["bulletin-level"]) == ("1200", "fresh")
    assert answer.headers["bulletin-rendition"] == "fm"
    assert answer.content.startswith(b"RIFF")
    assert world.maker.asked == 0


def test_either_format_is_sent_whatever_the_station_makes(world: World, tmp_path: Path) -> None:
    world.lay("fm", made=NOW, seconds=3.0)

    with opened(world) as ask:
        for name, kind in (("bulletin.mp3", "audio/mpeg"), ("bulletin.wav", "audio/wav")):
            answer = ask(name=name)
            (tmp_path / name).write_bytes(answer.content)
            assert answer.headers["content-type"] == kind
            assert sound_length_s(tmp_path / name) == pytest.approx(3.0, abs=0.06)  # MP3 comes in frames


def test_one_that_is_too_old_is_made_anew(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        answer = ask("?max_age=1800")

    assert (answer.headers["bulletin-level"], answer.headers["bulletin-age"]) == ("fresh", "0")
    assert world.maker.asked == 1


def test_what_cannot_be_made_anew_is_the_last_good_one(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        answer = ask("?max_age=1800")
        again = ask("?max_age=1800")

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "last-good")
    assert answer.headers["bulletin-age"] == "3000"
    assert again.content == answer.content
    assert world.maker.asked == 1  # not at once again


def test_without_anything_there_is_the_ident(world: World, tmp_path: Path) -> None:
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        answer = ask(name="bulletin.mp3")

    (tmp_path / "ident.mp3").write_bytes(answer.content)
    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")
    assert sound_length_s(tmp_path / "ident.mp3") > 1


def test_yesterdays_news_is_never_sent(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(hours=3))
    world.maker.error = NoStoryError("nothing is new")

    with opened(world) as ask:
        assert ask().headers["bulletin-level"] == "ident"


def test_a_stand_by_that_was_laid_aside_goes_before_the_ident(world: World) -> None:
    world.maker.error = NoStoryError("nothing is new")
    path = world.lay("fm", made=NOW, level="evergreen")
    aside = world.folder.parent / ".bulletin" / "pull" / "valley"
    aside.mkdir(parents=True)
    told = json.loads((world.folder / "fm.json").read_text())
    (aside / "standby.json").write_text(json.dumps(told | {"audio": "standby.flac"}), encoding="utf-8")
    shutil.move(path, aside / "standby.flac")

    with opened(world) as ask:
        answer = ask()

    assert (answer.headers["bulletin-level"], answer.headers["bulletin-rendition"]) == (
        "evergreen",
        "standby",
    )


def test_sound_that_is_broken_is_passed_over(world: World) -> None:
    world.lay("fm", made=NOW).write_bytes(b"no sound at all")

    with opened(world) as ask:
        answer = ask()

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")


def test_a_disk_that_cannot_be_written_still_gives_sound(world: World) -> None:
    (world.folder.parent / ".bulletin").write_bytes(b"in the way")

    with opened(world) as ask:
        answer = ask("?wait=0")

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, "ident")
    assert answer.content.startswith(b"RIFF")


def test_a_slot_that_is_near_goes_first(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.maker.due = [NOW + timedelta(minutes=2)]

    with opened(world) as ask:
        assert ask("?max_age=60").headers["bulletin-level"] == "last-good"
    assert world.maker.asked == 0


def test_what_is_being_made_for_a_slot_is_waited_for(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.working = True
    later = threading.Timer(0.6, lambda: world.lay("fm", made=NOW))
    later.start()

    with opened(world) as ask:
        assert ask("?max_age=60").headers["bulletin-age"] == "0"
    later.join()
    assert world.maker.asked == 0


def test_many_who_ask_at_once_get_one_bulletin(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    ages: list[str] = []

    with opened(world) as ask:
        askers = [
            threading.Thread(target=lambda: ages.append(ask("?max_age=60").headers["bulletin-age"]))
            for _ in range(4)
        ]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()

    assert ages == ["0"] * 4
    assert world.maker.asked == 1


def test_made_again_only_after_a_while(world: World) -> None:
    assert world.fresh.ask("valley")
    assert not world.fresh.ask("somebody")
    while world.fresh.is_coming("valley"):
        threading.Event().wait(0.01)
    assert not world.fresh.ask("valley")

    world.now += AGAIN
    assert world.fresh.ask("valley")


def test_head_and_ranges(world: World) -> None:
    world.lay("fm", made=NOW)

    with opened(world) as ask:
        head, part = ask(method="HEAD"), ask(Range="bytes=0-3")
        whole = ask()

    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["bulletin-level"] == "fresh"
    assert (part.status_code, part.content) == (206, b"RIFF")


def test_a_download_that_goes_on_makes_nothing(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        assert ask("?max_age=60", Range="bytes=4-").status_code == 206
    assert world.maker.asked == 0


@pytest.mark.parametrize("query", ["?max_age=soon", "?max_age=-5", "?max_age=", "?max_age=1e9&wait=x"])
def test_a_limit_that_is_none_is_none(world: World, query: str) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        answer = ask(query)

    assert (answer.status_code, answer.headers["bulletin-level"]) == (200, str(Level.FRESH))


def test_an_unknown_station_or_format_is_not_there(world: World) -> None:
    with opened(world) as ask:
        assert ask(name="bulletin.ogg").status_code == 404
        assert ask(name="../nobody/bulletin.mp3").status_code == 404
