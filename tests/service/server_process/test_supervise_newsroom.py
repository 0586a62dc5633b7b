"""Newsroom's process: its address is protected, it starts with its first user, and it ends with the service."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from bulletin.errors import ConfigError, RunningError
from bulletin.service.http.web_server import bind
from bulletin.service.server_process.supervise_newsroom import NewsroomAddress, NewsroomServer
from tests.support.free_ports import free_port
from tests.support.newsroom_desk import write_profile

WAIT_S = 60.0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_off_this_machine_the_newsroom_needs_tls_or_the_users_consent(host: str) -> None:
    with pytest.raises(ConfigError, match="--newsroom-behind-tls"):
        NewsroomAddress(host=host).check()
    NewsroomAddress(host=host, is_behind_tls=True).check()
    NewsroomAddress(host=host, is_without_tls=True).check()
    with pytest.raises(ConfigError, match="exclude each other"):
        NewsroomAddress(is_behind_tls=True, is_without_tls=True).check()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_it_needs_nothing(host: str) -> None:
    NewsroomAddress(host=host).check()


def until(what: Callable[[], object]) -> None:
    over = time.monotonic() + WAIT_S
    while not what():
        assert time.monotonic() < over, "it did not happen"
        time.sleep(0.02)


@contextmanager
def newsroom(
    tmp_path: Path, *, has_users: Callable[[], bool] = lambda: True, is_needed: bool = True
) -> Iterator[tuple[NewsroomServer, str]]:
    port = free_port()
    server = NewsroomServer(
        address=NewsroomAddress(port=port, is_needed=is_needed),
        loaded=[write_profile(tmp_path)],
        output=tmp_path / "out",
        has_users=has_users,
    )
    try:
        yield server, f"http://127.0.0.1:{port}"
    finally:
        server.stop()


def get(address: str, path: str) -> httpx2.Response:
    return httpx2.get(f"{address}{path}", trust_env=False, timeout=WAIT_S)


def test_a_named_address_that_is_taken_stops_the_service(tmp_path: Path) -> None:
    with newsroom(tmp_path) as (server, address):
        taken = bind("127.0.0.1", int(address.rpartition(":")[2]))
        with pytest.raises(RunningError, match="--newsroom"):
            server.start()
        taken.close()


def test_the_default_address_is_not_opened_before_there_is_a_user(tmp_path: Path) -> None:
    asked = threading.Event()

    def has_users() -> bool:
        asked.set()
        return False

    with newsroom(tmp_path, has_users=has_users, is_needed=False) as (server, address):
        server.start()
        assert asked.wait(WAIT_S)
        assert server.pid is None
        bind("127.0.0.1", int(address.rpartition(":")[2])).close()  # still free


@pytest.mark.slow
def test_a_newsroom_that_is_killed_is_started_again_and_requests_wait(tmp_path: Path) -> None:
    with newsroom(tmp_path) as (server, address):
        server.start()
        assert get(address, "/sign-in").status_code == 200
        first = server.pid
        assert first

        os.kill(first, signal.SIGKILL)
        until(lambda: server.pid != first)

        assert get(address, "/sign-in").status_code == 200
