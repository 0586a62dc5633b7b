"""Messages as they arrive at a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.service.monitoring.systemd_notify import Notifier

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        receiver.settimeout(5)
        yield receiver


def test_the_manager_is_told(manager: socket.socket):
    notifier = Notifier(manager.getsockname())

    notifier.ready("on air:\n demo")
    notifier.alive()
    notifier.stopping()

    assert [manager.recv(4096) for _ in range(3)] == [
        b"READY=1\nSTATUS=on air: demo",
        b"WATCHDOG=1",
        b"STOPPING=1",
    ]


def test_a_reload_says_when(manager: socket.socket):
    Notifier(manager.getsockname()).reloading()

    told = dict(line.split("=") for line in manager.recv(4096).decode().splitlines())
    assert told["RELOADING"] == "1"
    assert int(told["MONOTONIC_USEC"]) > 0


def test_an_abstract_address_is_understood():
    if not Path("/proc/net/unix").exists():
        pytest.skip("only Linux has them")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("\0bulletin-test-notify")
        receiver.settimeout(5)
        Notifier("@bulletin-test-notify").alive()

        assert receiver.recv(100) == b"WATCHDOG=1"


def test_without_a_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    Notifier().ready("x")

    assert not caplog.records


def test_a_manager_that_has_gone_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    Notifier(str(tmp_path / "gone")).alive()

    assert "systemd not notified" in caplog.text
