"""Time limit of a delivery, from its size or the profile: its sockets are closed, and the error names the limit."""

from __future__ import annotations

import socket

import pytest

from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.errors import DeliveryError


def test_the_time_limit_grows_with_the_bytes_to_send() -> None:
    with TimeLimit("far", timeout_s=30) as limit:
        assert 30 < limit.left_s <= 60
        limit.extend(total_bytes=2_000_000, files=2)
        assert 140 < limit.left_s <= 170


def test_a_time_limit_in_the_profile_is_kept() -> None:
    with TimeLimit("far", timeout_s=30, within_s=20) as limit:
        limit.extend(total_bytes=2_000_000, files=2)
        assert limit.left_s <= 20


def wait_on(line: socket.socket, *, is_late: bool) -> None:
    with TimeLimit("far", timeout_s=30, within_s=0.05) as limit:
        if is_late:
            while limit.left_s:
                pass
        limit.watch(line)
        assert line.recv(1) == b""
        raise ConnectionResetError("the line was shut")


@pytest.mark.parametrize("is_late", [False, True])
def test_a_delivery_on_a_silent_connection_ends_with_its_reason(is_late: bool) -> None:
    here, there = socket.socketpair()
    message = r"delivery far: cut off after 0 s, .* set within_s"
    with here, there, pytest.raises(DeliveryError, match=message) as caught:
        wait_on(here, is_late=is_late)
    assert not caught.value.is_lasting


def test_work_that_ends_just_after_the_limit_is_no_error() -> None:
    with TimeLimit("far", timeout_s=30, within_s=0.01) as limit:
        while limit.left_s:
            pass


def test_another_error_passes_unchanged() -> None:
    with pytest.raises(ConnectionRefusedError), TimeLimit("far", timeout_s=30):
        raise ConnectionRefusedError("no")


def test_releasing_a_closed_socket_ends_it_for_the_far_end() -> None:
    here, there = socket.socketpair()
    with there, TimeLimit("far", timeout_s=30) as limit:
        let_go = limit.watch(here)
        here.close()
        there.setblocking(False)
        with pytest.raises(BlockingIOError):
            there.recv(1)
        let_go()
        let_go()
        assert there.recv(1) == b""


def test_sockets_closed_by_the_far_end_are_released() -> None:
    """Else a delivery of a thousand files to a server that closes after each answer runs out of descriptors."""
    with TimeLimit("far", timeout_s=30) as limit:
        for _ in range(50):
            here, there = socket.socketpair()
            limit.watch(here)
            here.close()
            there.close()
        quiet, still_there = socket.socketpair()
        with quiet, still_there:
            limit.watch(quiet)
            unread, also_there = socket.socketpair()
            with unread, also_there:
                also_there.sendall(b"an answer that was not read yet")
                limit.watch(unread)
                limit.watch(quiet)
                assert len(limit._sockets) == 3
