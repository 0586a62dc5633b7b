"""Notifications to the service manager at a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.service.supervisor import notify_systemd

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        receiver.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", receiver.getsockname())
        yield receiver


def test_the_manager_gets_each_notification(manager: socket.socket):
    notify_systemd("READY=1", status="on air:\n demo")
    notify_systemd("WATCHDOG=1")
    notify_systemd("RELOADING=1", "MONOTONIC_USEC=1")

    assert [manager.recv(4096) for _ in range(3)] == [
        b"READY=1\nSTATUS=on air: demo",
        b"WATCHDOG=1",
        b"RELOADING=1\nMONOTONIC_USEC=1",
    ]


def test_an_abstract_socket_address_works(monkeypatch: pytest.MonkeyPatch):
    if not Path("/proc/net/unix").exists():
        pytest.skip("only Linux has them")
    monkeypatch.setenv("NOTIFY_SOCKET", "@bulletin-test-notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("\0bulletin-test-notify")
        receiver.settimeout(5)
        notify_systemd("WATCHDOG=1")

        assert receiver.recv(100) == b"WATCHDOG=1"


def test_without_a_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    notify_systemd("READY=1")

    assert not caplog.records


def test_a_manager_that_is_gone_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))

    notify_systemd("WATCHDOG=1")

    assert "systemd did not get the state of the service" in caplog.text
