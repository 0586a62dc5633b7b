"""Connection limits of a real server: slow, idle, half-closed and too many clients."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bulletin.service.http.serve_published_files import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.resources.limit_http_connections import (
    ConnectionGuard,
    ConnectionLimits,
    GuardedProtocol,
    group_of,
    proxies_in,
)

WAIT_S = 60.0
BIG = 8_000_000
Open = Callable[..., WebServer]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Function that starts a server with limits: /demo/ is a public folder, /late answers after `let_go`."""
    (tmp_path / "feed.xml").write_bytes(b"<rss/>")
    (tmp_path / "big.mp3").write_bytes(bytes(BIG))
    let_go = threading.Event()

    def late(request: object) -> PlainTextResponse:
        let_go.wait(WAIT_S)
        return PlainTextResponse("at last")

    routes = [
        Route("/late", late),
        *public_routes(lambda: [PublicFolder(station="demo", folder=tmp_path)]),
    ]
    with ExitStack() as running:

        def make(**limits: float) -> WebServer:
            server = WebServer(Starlette(routes=routes), limits=ConnectionLimits(**limits))  # type: ignore[arg-type]
            server.let_go = let_go  # type: ignore[attr-defined]
            server.start()
            running.callback(server.stop)
            running.callback(let_go.set)
            return server

        yield make


def connect(server: WebServer, *, client: str = "127.0.0.1", buffer: int = 0) -> socket.socket:
    line = socket.socket()
    line.settimeout(WAIT_S)
    if buffer:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    line.bind((client, 0))
    line.connect(("127.0.0.1", int(server.address.rpartition(":")[2])))
    return line


def is_closed(line: socket.socket) -> bool:
    """Whether the server closes the connection within a minute."""
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def until(what: Callable[[], bool]) -> None:
    over = time.monotonic() + WAIT_S
    while not what():
        assert time.monotonic() < over, "it did not happen"
        time.sleep(0.02)


def ask(server: WebServer, path: str = "/demo/feed.xml") -> int:
    return httpx2.get(f"{server.address}{path}", trust_env=False, timeout=WAIT_S).status_code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"", b""),
        (b"GET /demo/feed.xml HTTP/1.1\r\nHost: x\r\n", b""),
        (b"GET /demo/feed.xml HTTP/1.1\r\nHost: x\r\n", b"X-More: x\r\n"),
        (b"GET /demo/feed.xml HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        (b"POST /demo/feed.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"GET /demo/feed.xml HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", b""),
    ],
    ids=[
        "silent",
        "half a header",
        "a header that never ends",
        "idle after its answer",
        "a slow body",
        "no body",
    ],
)
def test_a_client_that_keeps_the_server_waiting_is_closed(opened: Open, first: bytes, then: bytes) -> None:
    """The time limit of a request does not restart with each byte."""
    server = opened(request_s=1.0)
    over = threading.Event()
    with connect(server) as line:
        line.sendall(first)

        def drip() -> None:
            while then and not over.wait(0.1):
                try:
                    line.sendall(then)
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert is_closed(line)
        over.set()
        dripping.join()

    assert server.guard.closed["request"] == 1
    until(lambda: server.guard.open == 0)


@pytest.mark.slow
def test_a_client_that_does_not_read_its_answer_is_closed(opened: Open) -> None:
    server = opened(send_s=1.0, request_s=60.0)
    with connect(server, buffer=4096) as line:
        line.sendall(b"GET /demo/big.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: server.guard.closed["send"] == 1)
        until(lambda: server.guard.open == 0)


@pytest.mark.slow
def test_the_end_of_an_answer_may_be_read_slowly_too(opened: Open) -> None:
    """While a client reads the answer, the time limit for the next request does not run."""
    server = opened(request_s=0.5, send_s=60.0)
    with connect(server, buffer=4096) as line:
        line.sendall(b"GET /demo/big.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(3.0)  # several times the limit of a request
        data = b""
        while len(data) < BIG:
            data += line.recv(1_000_000)
    assert server.guard.closed["send"] == 0


@pytest.mark.slow
def test_a_client_that_waits_for_the_server_is_never_closed(opened: Open) -> None:
    server = opened(request_s=0.5, connections=2)
    with connect(server) as line:
        line.sendall(b"GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(2.5)
        for _ in range(5):
            assert ask(server) == 200
        server.let_go.set()  # type: ignore[attr-defined]
        response = b""
        while got := line.recv(65536):
            response += got
    assert response.endswith(b"at last")


def test_at_the_limit_the_connection_idle_longest_is_closed(opened: Open) -> None:
    server = opened(connections=3)
    with ExitStack() as lines:
        first, second, third = (lines.enter_context(connect(server)) for _ in range(3))
        until(lambda: server.guard.open == 3)

        assert ask(server) == 200

        assert is_closed(first)
        until(lambda: server.guard.open == 2)
        assert ask(server) == 200
        for line in (second, third):
            line.setblocking(False)
            with pytest.raises(BlockingIOError):  # still open, nothing to read
                line.recv(1)
    assert server.guard.closed == {"full": 1}


def test_a_client_with_too_many_connections_loses_one_of_its_own(opened: Open) -> None:
    server = opened(per_client=2)
    with ExitStack() as lines:
        lines.enter_context(other := connect(server, client="127.0.0.3"))
        many = [lines.enter_context(connect(server, client="127.0.0.2")) for _ in range(4)]

        assert [is_closed(line) for line in many[:2]] == [True, True]

        many[3].sendall(b"GET /demo/feed.xml HTTP/1.1\r\nHost: x\r\n\r\n")
        assert many[3].recv(65536).startswith(b"HTTP/1.1 200")
        other.sendall(b"GET /demo/feed.xml HTTP/1.1\r\nHost: x\r\n\r\n")
        assert other.recv(65536).startswith(b"HTTP/1.1 200")
    assert server.guard.closed == {"client": 2}


def test_a_server_with_only_busy_connections_refuses_new_ones(opened: Open) -> None:
    server = opened(connections=1)
    with connect(server) as line:
        line.sendall(b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: server.guard.open == 1 and not server.guard._waiting)

        with connect(server) as refused:
            assert is_closed(refused)

        server.let_go.set()  # type: ignore[attr-defined]
        assert line.recv(65536).startswith(b"HTTP/1.1 200")
    assert server.guard.closed == {"full": 1}


def test_requests_that_come_all_at_once_are_all_answered(opened: Open) -> None:
    server = opened()
    with connect(server) as line:
        line.sendall(b"GET /demo/feed.xml HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        response = b""
        while response.count(b"<rss/>") < 20:
            response += line.recv(65536)


class Transport:
    """Transport whose client reads nothing."""

    def __init__(self) -> None:
        self.is_aborted = False

    def get_write_buffer_size(self) -> int:
        return 0

    def abort(self) -> None:
        self.is_aborted = True


def connection(guard: ConnectionGuard, group: str) -> GuardedProtocol:
    made: GuardedProtocol = GuardedProtocol.__new__(GuardedProtocol)
    made.group, made.transport, made._guard = group, Transport(), guard  # type: ignore[assignment]
    return made


@pytest.mark.slow
def test_ten_minutes_of_closed_connections_are_ten_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    guard = ConnectionGuard(ConnectionLimits(connections=10), clock=lambda: now[0])
    caplog.set_level(logging.WARNING)
    for second in range(600):
        now[0] = float(second)
        for _ in range(20):
            protocol = connection(guard, "192.0.2.1")
            assert guard.enter(protocol)
            guard.wait_for(protocol)
        guard.sweep()

    assert len(caplog.records) == 10
    assert "too_many=" in caplog.text


def test_a_trusted_proxy_does_not_count_as_one_client() -> None:
    guard = ConnectionGuard(
        ConnectionLimits(per_client=2), proxies=proxies_in({"FORWARDED_ALLOW_IPS": " 172.17.0.0/16,fd00::/8"})
    )

    for group, closed in (("172.17.0.1", 0), ("fd00:1::/64", 0), ("192.0.2.1", 3), ("127.0.0.1", 3)):
        guard.closed.clear()
        for _ in range(5):
            protocol = connection(guard, group)
            assert guard.enter(protocol)
            guard.wait_for(protocol)
        assert guard.closed["client"] == closed, group
    assert proxies_in({}) == ("127.0.0.1", "::1")


def test_closed_connections_are_forgotten() -> None:
    guard = ConnectionGuard(ConnectionLimits())
    for number in range(50):
        protocol = connection(guard, f"192.0.2.{number}")
        guard.enter(protocol)
        guard.wait_for(protocol)
        guard.leave(protocol)

    assert guard.open == 0
    assert not guard._open
    assert not guard._waiting


def test_a_group_is_an_address_or_the_network_of_one_customer() -> None:
    assert group_of("192.0.2.7") == "192.0.2.7"
    assert group_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert group_of("::1") == "::1"
    assert group_of("2001:db8:1:2:3::9") == group_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert group_of("fe80::1%eth0") == "fe80::/64"
    assert group_of("no address") == "no address"
