"""Public server process: files, forwarded requests, and restarts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bulletin.errors import RunningError
from bulletin.service.http.serve_published_files import PublicFolder
from bulletin.service.http.web_server import WebServer, bind, shown
from bulletin.service.public_server.forward_to_service import RequestGate, ReverseProxy, forward_routes
from bulletin.service.public_server.supervise_public_server import PublicServer
from tests.support.free_ports import free_port

WAIT_S = 60.0


def until(what: Callable[[], bool]) -> None:
    over = time.monotonic() + WAIT_S
    while not what():
        assert time.monotonic() < over, "it did not happen"
        time.sleep(0.02)


@dataclass
class Inside:
    """Stand-in for the clock's process that echoes each request and its client."""

    hung_up: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def routes(self) -> list[Route]:
        def echo(request: Request) -> Response:
            request_data = {
                "client": request.client.host if request.client else "",
                "query": request.url.query,
                "method": request.method,
                "token": request.headers.get("authorization", ""),
                "forwarded": request.headers.get("x-forwarded-for", ""),
            }
            return JSONResponse(request_data, headers={"Bulletin-Level": "fresh", "ETag": '"1"'})

        async def wait(request: Request) -> Response:
            self.asked.set()
            while not await request.is_disconnected():
                pass
            self.hung_up.set()
            return Response()

        def large(request: Request) -> Response:
            return StreamingResponse((bytes([n % 256]) * 100_000 for n in range(50)), media_type="audio/wav")

        return [
            Route("/healthz", echo),
            Route("/stations/valley/bulletin.wav", echo),
            Route("/stations/valley/wait.wav", wait),
            Route("/stations/valley/large.wav", large),
        ]


@dataclass
class World:
    """Public server process and the stand-in behind it."""

    folder: Path
    inside: Inside
    server: PublicServer
    address: str
    stations: list[PublicFolder]

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return httpx2.get(f"{self.address}{path}", headers=headers, trust_env=False, timeout=WAIT_S)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "feed.xml").write_bytes(b"<rss/>")
    stations = [PublicFolder(station="valley", folder=tmp_path)]
    inside = Inside()
    server = WebServer(Starlette(routes=inside.routes()))
    server.start()
    bound = bind("127.0.0.1", 0)
    port = int(server.address.rpartition(":")[2])
    public = PublicServer(bound, service_port=port, folders=lambda: [*stations])
    public.start()
    yield World(tmp_path, inside, public, shown(bound), stations)
    public.stop()
    server.stop()


@pytest.mark.slow
def test_files_are_served_and_other_requests_are_forwarded(world: World) -> None:
    """One process for all checks, since it takes a second to start."""
    assert world.get("/valley/feed.xml").content == b"<rss/>"
    assert world.get("/hill/feed.xml").status_code == 404

    pulled = world.get("/stations/valley/bulletin.wav?max_age=60&wait=5", Authorization="Bearer x")
    assert pulled.json() == {
        "client": "127.0.0.1",
        "query": "max_age=60&wait=5",
        "method": "GET",
        "token": "Bearer x",
        "forwarded": "127.0.0.1",
    }
    assert (pulled.headers["bulletin-level"], pulled.headers["etag"]) == ("fresh", '"1"')
    assert len(pulled.headers.get_list("date")) == 1

    behind_a_proxy = world.get("/stations/valley/bulletin.wav", **{"X-Forwarded-For": "192.0.2.9"})
    assert behind_a_proxy.json()["client"] == "192.0.2.9"
    large = world.get("/stations/valley/large.wav").content
    assert large == b"".join(bytes([n % 256]) * 100_000 for n in range(50))
    head = httpx2.head(f"{world.address}/healthz", trust_env=False, timeout=WAIT_S)
    assert (head.status_code, head.content) == (200, b"")
    posted = httpx2.post(f"{world.address}/healthz", trust_env=False, timeout=WAIT_S)
    assert posted.status_code == 405

    world.stations.append(PublicFolder(station="hill", folder=world.folder))
    until(lambda: world.get("/hill/feed.xml").status_code == 200)
    until(lambda: "open" in world.server.counts())


@pytest.mark.slow
def test_a_client_that_hangs_up_ends_the_forwarded_request(world: World) -> None:
    with socket.create_connection(("127.0.0.1", int(world.address.rpartition(":")[2]))) as line:
        line.sendall(b"GET /stations/valley/wait.wav HTTP/1.1\r\nHost: x\r\n\r\n")
        assert world.inside.asked.wait(WAIT_S)

    assert world.inside.hung_up.wait(WAIT_S)


def is_down(pid: int) -> bool:
    """Whether a process is stopped or dead (proc(5): T, Z, or no entry any more)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] in "TZX"
    except OSError:
        return True


@pytest.mark.faults
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP"])
def test_a_server_that_dies_or_hangs_is_started_again(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bulletin.service.server_process.supervise_server_process._SILENT_S", 10.0)
    until(lambda: "open" in world.server.counts())
    first = world.server.pid
    assert first

    os.kill(first, getattr(signal, name))
    until(lambda: is_down(first))  # otherwise it may still take the next request

    assert world.get("/valley/feed.xml").content == b"<rss/>"  # it waits for the next request
    assert world.server.pid != first
    assert world.server.starts == 2


_SERVICE = """
import os, sys, time
from pathlib import Path
from bulletin.service.public_server.supervise_public_server import PublicServer
from bulletin.service.http.web_server import bind
server = PublicServer(bind("127.0.0.1", int(sys.argv[1])), service_port=9, folders=list)
server.start()
while "open" not in server.counts():
    time.sleep(0.05)
environ = Path(f"/proc/{server.pid}/environ")
print(server.pid, int("very-secret" in environ.read_text()) if environ.exists() else 0, flush=True)
time.sleep(600)
"""


@pytest.mark.faults
def test_the_public_server_ends_with_the_service_and_frees_its_address(tmp_path: Path) -> None:
    port = free_port()
    service = subprocess.Popen(
        [sys.executable, "-c", _SERVICE, str(port)],
        env=os.environ | {"MY_HOOK": "very-secret"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert service.stdout
    pid, knows_secrets = map(int, service.stdout.readline().split())

    service.kill()
    service.communicate()

    assert pid != service.pid
    assert not knows_secrets
    until(lambda: is_free(port))


def is_free(port: int) -> bool:
    try:
        bind("127.0.0.1", port).close()
    except RunningError:
        return False
    return True


def test_a_service_that_does_not_answer_gives_502(tmp_path: Path) -> None:
    server = WebServer(Starlette(routes=forward_routes(free_port())))
    server.start()

    answer = httpx2.get(f"{server.address}/stations/valley/bulletin.wav", trust_env=False, timeout=WAIT_S)

    assert (answer.status_code, answer.text) == (502, "The service does not answer\n")
    server.stop()


def test_excess_requests_get_503_with_retry_after() -> None:
    forward = ReverseProxy(9, RequestGate(at_once=0))
    server = WebServer(Starlette(routes=[Route("/healthz", forward)]))
    server.start()

    answer = httpx2.get(f"{server.address}/healthz", trust_env=False, timeout=WAIT_S)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    server.stop()


def test_one_client_cannot_take_all_forwarded_requests() -> None:
    now = [0.0]
    gate = RequestGate(at_once=6, at_once_per_client=2, per_s=10, burst=100, clock=lambda: now[0])

    assert [gate.enter("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert [gate.enter("127.0.0.1") for _ in range(5)] == [True, True, True, True, False]
    gate.leave("192.0.2.1")
    assert gate.enter("192.0.2.1")


def test_a_client_with_many_addresses_is_one() -> None:
    """An IPv6 client has 2**64 addresses."""
    gate = RequestGate(at_once_per_client=1)

    assert [gate.enter(f"2001:db8::{n}") for n in (1, 2)] == [True, False]
    assert gate.enter("2001:db8:0:1::1")
    gate.leave("2001:db8::2")
    assert gate.enter("2001:db8::3")


def test_forwarded_requests_are_rate_limited() -> None:
    now = [0.0]
    gate = RequestGate(per_s=10, burst=40, clock=lambda: now[0])

    def ask(client: str, times: int) -> int:
        passed = 0
        for _ in range(times):
            if gate.enter(client):
                passed += 1
                gate.leave(client)
        return passed

    assert ask("192.0.2.1", 100) == 20
    assert ask("127.0.0.1", 100) == 20
    now[0] = 1.0
    assert ask("192.0.2.1", 100) == 5
    assert ask("127.0.0.1", 100) == 5
    now[0] = 1000.0
    assert ask("192.0.2.1", 100) == 20
    assert ask("127.0.0.1", 100) == 20
