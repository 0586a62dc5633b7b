"""Station with a pull endpoint, and a fake worker that makes its bulletins."""

from __future__ import annotations

import json
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

from bulletin.config.load_profile import load_profile
from bulletin.model import Slot
from bulletin.runtime.read_sound_file import write_flac
from bulletin.service.http.serve_newest_bulletin import PullEndpoint, pull_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.on_demand_bulletins import OnDemandBulletins
from bulletin.service.worker_base_classes import SlotOutcome

NOW = datetime(2026, 11, 25, 7, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROFILE = """\
name = "Valley Radio"
[speech]
chain = ["tone"]
[[feeds]]
url = "gazette.rss"
[outputs]
make = [{make}]
[outputs.fm]
format = "flac"
{more}
"""


@dataclass
class Maker:
    """Fake worker that makes bulletins between slots."""

    world: World
    id: str = "valley"
    margin: timedelta = timedelta(0)
    grace: timedelta = timedelta(0)
    due: list[datetime] = field(default_factory=list)
    asked: int = 0
    within_s: float = 0.0
    """Time limit of the last bulletin."""
    error: Exception | None = None
    takes: timedelta = timedelta(minutes=1)
    makes_between_slots: bool = True
    breaking_since: datetime | None = None
    """Time since which a breaking story waits."""

    def unaired_since(self, now: datetime) -> datetime | None:
        return self.breaking_since

    def swap_in(self, now: datetime) -> None:
        raise NotImplementedError

    def slots(self, *, since: datetime, until: datetime) -> Sequence[Slot]:
        return [Slot(station=self.id, due=due, length_s=60) for due in self.due if since <= due < until]

    def lead(self) -> timedelta:
        return timedelta(minutes=1)

    def usual_time(self) -> timedelta:
        return self.takes

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        raise NotImplementedError

    def standby_due(self, now: datetime) -> Slot | None:
        return None

    def prepare(self, slot: Slot) -> SlotOutcome:
        raise NotImplementedError

    def make_now(self, *, within_s: float) -> None:
        self.asked += 1
        self.within_s = within_s
        if self.error:
            raise self.error
        self.world.lay("fm", made=self.world.now, hz=880.0)


class World:
    """Folder and clock of a station."""

    def __init__(self, folder: Path, more: str = "", *, make: str = '"podcast", "fm"') -> None:
        self.now = NOW
        self.folder = folder / "output" / "valley"
        self.folder.mkdir(parents=True)
        (folder / "valley.toml").write_text(
            PROFILE.replace("{make}", make).replace("{more}", more), encoding="utf-8"
        )
        self.loaded = load_profile(str(folder / "valley.toml"))
        self.maker = Maker(self)
        self.working = False
        self.fresh = OnDemandBulletins(
            workers=lambda: [self.maker],
            is_working=lambda station: self.working,
            submit=lambda work: threading.Thread(target=work).start(),
            now=lambda: self.now,
        )
        self.endpoint = PullEndpoint(
            output=folder / "output", loaded=lambda: [self.loaded], on_demand=self.fresh, now=lambda: self.now
        )

    def lay(
        self,
        kind: str,
        *,
        made: datetime,
        level: str = "fresh",
        hz: float = 440.0,
        seconds: float = 1.0,
        due: datetime | None = None,
    ) -> Path:
        path = self.folder / f"{kind}.flac"
        wave = np.sin(np.arange(int(44_100 * seconds)) * hz * 2 * np.pi / 44_100).astype(np.float32) / 4
        part = path.with_name("part-x.flac")
        write_flac(part, wave, rate_hz=44_100)
        part.replace(path)
        side_file = {
            "audio": path.name,
            "level": level,
            "due": (due or made).isoformat(),
            "made": made.isoformat(),
        }
        about = path.with_name("part-x.json")
        about.write_text(json.dumps(side_file), encoding="utf-8")
        about.replace(self.folder / f"{kind}.json")  # a client may read it at that moment
        return path


@contextmanager
def opened(world: World) -> Iterator[Callable[..., httpx2.Response]]:
    server = WebServer(Starlette(routes=pull_routes(world.endpoint)), host="127.0.0.1", port=0)
    server.start()
    with httpx2.Client(base_url=server.address, trust_env=False, timeout=60) as client:
        yield lambda query="", name="bulletin.wav", method="GET", **headers: client.request(
            method, f"/stations/{world.loaded.id}/{name}{query}", headers=headers
        )
    server.stop()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
