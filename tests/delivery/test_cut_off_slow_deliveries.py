"""A delivery's time: from its size or by the profile; then its lines are shut and the failure is told as what it is."""

from __future__ import annotations

import socket

import pytest

from bulletin.delivery.cut_off_slow_deliveries import TimeLimit
from bulletin.errors import DeliveryError


def test_the_time_grows_with_what_is_sent() -> None:
    with TimeLimit("far", timeout_s=30) as limit:
        assert 30 < limit.left_s <= 60
        limit.extend(total_bytes=2_000_000, files=2)
        assert 140 < limit.left_s <= 170


def test_a_time_of_the_profile_stands() -> None:
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
def test_who_waits_for_a_line_for_ever_is_told_why(is_late: bool) -> None:
    here, there = socket.socketpair()
    told = r"far: the delivery took more than 0 s: .* set within_s"
    with here, there, pytest.raises(DeliveryError, match=told) as caught:
        wait_on(here, is_late=is_late)
    assert not caught.value.is_lasting


def test_what_was_done_in_time_or_just_after_is_done() -> None:
    with TimeLimit("far", timeout_s=30, within_s=0.01) as limit:
        while limit.left_s:
            pass


def test_another_failure_stays_what_it_is() -> None:
    with pytest.raises(ConnectionRefusedError), TimeLimit("far", timeout_s=30):
        raise ConnectionRefusedError("no")


def test_who_lets_go_of_a_line_that_was_closed_ends_it_for_the_far_end() -> None:
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


def test_sockets_that_the_far_end_has_closed_are_let_go() -> None:
    """A server that closes after each answer, and a delivery of a thousand files: descriptors run out."""
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
