"""Health endpoints of a real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bulletin.errors import RunningError
from bulletin.model import Level, SlotRecord, SlotState
from bulletin.service.http.web_server import WebServer, bind
from bulletin.service.monitoring.prometheus_metrics import Metrics
from bulletin.service.monitoring.station_health import StationHealth
from bulletin.service.start_http_servers import ServicePulse, make_app

NOW = datetime(2026, 11, 25, 7, 10, tzinfo=UTC)
DONE = SlotRecord(station="demo", due=NOW - timedelta(minutes=10), state=SlotState.DONE, level=Level.FRESH)


class World:
    def __init__(self, folder: Path) -> None:
        self.reconciled_at: datetime | None = NOW
        self.health = StationHealth(
            station="demo", last=DONE, last_good_at=DONE.due, next_due=NOW + timedelta(minutes=50)
        )
        self.pulse = ServicePulse(
            now=lambda: NOW,
            reconciled_at=lambda: self.reconciled_at,
            stations=lambda: [self.health],
            metrics=Metrics(stations=lambda: [self.health], output=folder, speech=folder),
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    server = WebServer(make_app(world.pulse), host="127.0.0.1", port=0)
    server.start()
    yield server.address
    server.stop()


def ask(address: str) -> httpx2.Response:
    return httpx2.get(address, trust_env=False, timeout=60)


def test_alive_while_the_loop_turns(address: str, world: World):
    assert ask(f"{address}/healthz").status_code == 200

    world.reconciled_at = NOW - timedelta(minutes=5)
    assert ask(f"{address}/healthz").status_code == 503

    world.reconciled_at = None
    assert ask(f"{address}/healthz").status_code == 503


def test_a_clock_that_was_set_back_keeps_the_service_alive(address: str, world: World):
    world.reconciled_at = NOW + timedelta(days=3)

    assert ask(f"{address}/healthz").status_code == 200


def test_ready_while_a_bulletin_is_on_air(address: str, world: World):
    answer = ask(f"{address}/readyz")

    assert answer.status_code == 200
    (station,) = answer.json()["stations"]
    assert station["last_good_age_s"] == 600
    assert station["last_slot"]["level"] == "fresh"


@pytest.mark.parametrize("state", [SlotState.PLANNED, SlotState.WORKING, SlotState.MISSED])
def test_not_ready_after_a_missed_slot(address: str, world: World, state: SlotState):
    world.health = replace(world.health, last=replace(DONE, state=state, level=None))

    assert ask(f"{address}/readyz").status_code == 503


def test_an_archive_that_cannot_be_read_is_not_ready(address: str, world: World):
    world.health = StationHealth(station="demo", trouble="the archive is locked")

    answer = ask(f"{address}/readyz")
    assert answer.status_code == 503
    assert answer.json()["stations"][0]["trouble"] == "the archive is locked"


def test_prometheus_can_parse_the_metrics(address: str):
    answer = ask(f"{address}/metrics")

    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert families["bulletin_ready"].samples[0].value == 1
    assert {"bulletin_output_free_bytes", "process_open_fds", "bulletin_build_info"} <= families.keys()


def test_a_kept_connection_does_not_wait_for_acknowledgements() -> None:
    with bind("127.0.0.1", 0) as bound, socket.create_connection(bound.getsockname()):
        taken, _ = bound.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_an_address_in_use_is_reported(address: str, world: World):
    port = int(address.rpartition(":")[2])

    with pytest.raises(RunningError, match="--listen"):
        WebServer(make_app(world.pulse), host="127.0.0.1", port=port)
