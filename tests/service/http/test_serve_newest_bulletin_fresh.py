"""Pull endpoint: when a request makes a new bulletin, and when not."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from starlette.applications import Starlette

from bulletin.service.http.serve_newest_bulletin import pull_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.on_demand_bulletins import AGAIN
from tests.service.http.pull_station import NOW, World, opened, world  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow


def test_a_bulletin_that_is_too_old_is_made_again(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        answer = ask("?max_age=1800")

    assert (answer.headers["bulletin-level"], answer.headers["bulletin-age"]) == ("fresh", "0")
    assert (world.maker.asked, world.maker.within_s) == (1, 90.0)


def test_a_bulletin_from_before_a_clock_was_set_back_is_not_fresh(world: World) -> None:
    """Otherwise it would count as new for two hours, and no bulletin would be made."""
    world.lay("fm", made=NOW + timedelta(hours=2))

    with opened(world) as ask:
        assert ask("?max_age=1800").headers["bulletin-made"] == NOW.isoformat()
    assert world.maker.asked == 1


def test_no_bulletin_is_made_shortly_before_a_slot(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.maker.due = [NOW + timedelta(minutes=2)]

    with opened(world) as ask:
        assert ask("?max_age=60&wait=0").headers["bulletin-level"] == "last-good"
    assert world.maker.asked == 0


def test_a_client_may_wait_for_a_near_slot(world: World) -> None:
    """The bulletin of the slot is the fresh one: nothing else is made, and clients that can wait get it."""
    world.maker.due = [NOW + timedelta(minutes=2)]

    assert world.fresh.request("valley")
    assert world.maker.asked == 0

    world.maker.due = [NOW + timedelta(minutes=10)]
    assert world.fresh.request("valley")
    while world.fresh.is_coming("valley"):
        threading.Event().wait(0.01)
    assert world.maker.asked == 1


def test_a_quick_station_makes_a_bulletin_until_shortly_before_its_slot(world: World) -> None:
    """The time to the slot is enough for a usual bulletin, which gets no more time than that."""
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.maker.takes = timedelta(seconds=20)
    world.maker.due = [NOW + world.maker.lead() + timedelta(seconds=40)]

    with opened(world) as ask:
        assert ask("?max_age=60").headers["bulletin-age"] == "0"
    assert (world.maker.asked, world.maker.within_s) == (1, 40.0)


@pytest.mark.slow
def test_a_client_waits_for_the_bulletin_in_work(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))
    world.working = True
    later = threading.Timer(0.6, lambda: world.lay("fm", made=NOW))
    later.start()

    with opened(world) as ask:
        assert ask("?max_age=60").headers["bulletin-age"] == "0"
    later.join()
    assert world.maker.asked == 0


@pytest.mark.slow
def test_each_station_has_its_own_waiting_places(world: World) -> None:
    """Sixteen clients may wait for a station, and as many for another one."""
    world.working = True
    stations = [replace(world.loaded, id=name) for name in ("valley", "hill")]
    answered: list[str] = []
    routes = pull_routes(replace(world.endpoint, loaded=lambda: stations))
    server = WebServer(Starlette(routes=routes), host="127.0.0.1", port=0)
    server.start()

    def fetch(station: str) -> None:
        address = f"{server.address}/stations/{station}/bulletin.wav?max_age=60&wait=60"
        httpx2.get(address, timeout=90, trust_env=False)
        answered.append(station)

    askers = [threading.Thread(target=fetch, args=(name,)) for name in ["valley"] * 17 + ["hill"] * 16]
    for asker in askers:
        asker.start()
    while not answered:
        time.sleep(0.05)
    time.sleep(1)  # any other client without a place has its answer by now
    early = list(answered)
    world.working = False
    for asker in askers:
        asker.join()
    server.stop()

    assert early == ["valley"]
    assert len(answered) == len(askers)


@pytest.mark.slow
def test_a_client_that_hangs_up_frees_its_place(world: World) -> None:
    world.working = True
    server = WebServer(Starlette(routes=pull_routes(world.endpoint)), host="127.0.0.1", port=0)
    server.start()
    address = f"{server.address}/stations/valley/bulletin.wav?max_age=60&wait=60"
    gone = [threading.Thread(target=hang_up, args=(address,)) for _ in range(16)]
    for asker in gone:
        asker.start()
    for asker in gone:
        asker.join()
    time.sleep(1)  # until the server has noticed each of them

    later = threading.Timer(2, lambda: world.lay("fm", made=NOW))
    later.start()
    answer = httpx2.get(address, timeout=90, trust_env=False)
    later.join()
    server.stop()

    assert answer.headers["bulletin-level"] == "fresh"  # it had a waiting place


def hang_up(address: str) -> None:
    with suppress(httpx2.TimeoutException):
        httpx2.get(address, timeout=1, trust_env=False)


def test_many_clients_at_once_get_one_bulletin(world: World) -> None:
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


def test_a_bulletin_is_made_again_only_after_a_pause(world: World) -> None:
    assert world.fresh.request("valley")
    assert not world.fresh.request("somebody")
    while world.fresh.is_coming("valley"):
        threading.Event().wait(0.01)
    assert not world.fresh.request("valley")

    world.now += AGAIN
    assert world.fresh.request("valley")
    while world.fresh.is_coming("valley"):
        threading.Event().wait(0.01)  # it writes into this test's folder


def test_a_resumed_download_makes_no_bulletin(world: World) -> None:
    world.lay("fm", made=NOW - timedelta(minutes=50))

    with opened(world) as ask:
        assert ask("?max_age=60", Range="bytes=4-").status_code == 206
    assert world.maker.asked == 0
