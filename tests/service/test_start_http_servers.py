"""HTTP servers of a service: their addresses."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bulletin.errors import RunningError
from bulletin.service import start_http_servers as room
from bulletin.service.http.web_server import bind, shown
from bulletin.service.start_http_servers import HttpServers, ListenOptions
from tests.service.test_start_http_servers_health import World
from tests.support.free_ports import free_port

ANY = ListenOptions(port=0, is_needed=True)


@pytest.fixture
def taken() -> Iterator[int]:
    with bind("127.0.0.1", 0) as bound:
        yield int(bound.getsockname()[1])


def make(folder: Path, listen: ListenOptions | None, health: ListenOptions | None) -> HttpServers:
    return HttpServers(World(folder).pulse, listen=listen, health=health, pull=(), folders=list)


def test_without_options_no_server_is_started(tmp_path: Path) -> None:
    servers = make(tmp_path, None, None)

    assert (servers._inside, servers._public) == (None, None)
    servers.start()
    servers.stop()


def test_health_is_answered_without_a_public_server(tmp_path: Path) -> None:
    port = free_port()
    servers = make(tmp_path, None, ListenOptions(port=port, is_needed=True))
    servers.start()

    assert httpx2.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=60).status_code == 200
    assert servers._public is None
    servers.stop()


def test_a_health_address_in_use_is_reported(tmp_path: Path, taken: int) -> None:
    with pytest.raises(RunningError, match=rf"127.0.0.1:{taken}: cannot listen there.* with --health$"):
        make(tmp_path, None, ListenOptions(port=taken, is_needed=True))


def test_where_the_default_port_is_in_use_health_uses_another(
    tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Another service of this machine must not keep a station off the air."""
    monkeypatch.setattr(room, "HEALTH", ListenOptions(port=taken))

    servers = make(tmp_path, ANY, None)

    assert servers._inside
    assert servers._inside.address in caplog.text
    assert str(taken) not in servers._inside.address
    for bound in [*servers._inside._sockets, *([servers._public._bound] if servers._public else [])]:
        bound.close()


def test_a_public_port_in_use_leaves_the_health_server(tmp_path: Path, taken: int) -> None:
    servers = make(tmp_path, ListenOptions(port=taken), ListenOptions(port=free_port(), is_needed=True))
    servers.start()

    assert servers._inside
    assert httpx2.get(f"{servers._inside.address}/healthz", trust_env=False, timeout=60).status_code == 200
    assert servers._public is None
    servers.stop()
    with pytest.raises(RunningError, match="--listen"):
        make(tmp_path, ListenOptions(port=taken, is_needed=True), None)


@pytest.mark.skipif(sys.platform != "linux", reason="one address of this machine besides 127.0.0.1")
@pytest.mark.slow
def test_the_clocks_process_knows_the_client_behind_any_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public server forwards from 127.0.0.1, which FORWARDED_ALLOW_IPS need not name."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.9")

    def echo_client(request: Request) -> Response:
        return PlainTextResponse(request.client.host if request.client else "")

    health = ListenOptions(port=free_port(), is_needed=True)
    pull = [Route("/stations/valley/bulletin.wav", echo_client)]
    servers = HttpServers(World(tmp_path).pulse, listen=ANY, health=health, pull=pull, folders=list)
    assert servers._public
    address = shown(servers._public._bound)
    servers.start()
    in_front = httpx2.HTTPTransport(local_address="127.0.0.9")
    with httpx2.Client(transport=in_front, trust_env=False, timeout=60) as client:
        answer = client.get(
            f"{address}/stations/valley/bulletin.wav", headers={"X-Forwarded-For": "192.0.2.9"}
        )
    servers.stop()

    assert answer.text == "192.0.2.9"


@pytest.mark.slow
def test_health_requests_leave_descriptors_for_the_clock(tmp_path: Path) -> None:
    """Health requests open no more descriptors than the clock's process can spare."""
    port = free_port()
    servers = make(tmp_path, None, ListenOptions(port=port, is_needed=True))
    servers.start()
    assert servers._inside
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    try:
        assert httpx2.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=60).status_code == 200
        assert servers._inside.guard.open <= room.INSIDE.connections + 1
    finally:
        for line in lines:
            line.close()
        servers.stop()
