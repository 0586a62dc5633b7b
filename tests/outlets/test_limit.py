"""A delivery's time: from its size or by the profile; then its lines are shut and the failure is told as what it is."""

from __future__ import annotations

import socket

import pytest

from bulletin.errors import DeliveryError
from bulletin.outlets.limit import Limit


def test_the_time_grows_with_what_is_sent() -> None:
    with Limit("far", timeout_s=30) as limit:
        assert 30 < limit.left_s <= 60
        limit.allow(total_bytes=2_000_000, files=2)
        assert 140 < limit.left_s <= 170


def test_a_time_of_the_profile_stands() -> None:
    with Limit("far", timeout_s=30, within_s=20) as limit:
        limit.allow(total_bytes=2_000_000, files=2)
        assert limit.left_s <= 20


def wait_on(line: socket.socket, *, is_late: bool) -> None:
    with Limit("far", timeout_s=30, within_s=0.05) as limit:
        if is_late:
            while limit.left_s:
                pass
        limit.watch(line)
        assert line.recv(1) == b""
        raise ConnectionResetError("the line was shut")


@pytest.mark.parametrize("is_late", [False, True])
def test_who_waits_for_a_line_for_ever_is_told_why(is_late: bool) -> None:
    here, there = socket.socketpair()
    told = r"far: not done within 0 s: .* set within_s"
    with here, there, pytest.raises(DeliveryError, match=told) as caught:
        wait_on(here, is_late=is_late)
    assert not caught.value.is_lasting


def test_what_was_done_in_time_or_just_after_is_done() -> None:
    with Limit("far", timeout_s=30, within_s=0.01) as limit:
        while limit.left_s:
            pass


def test_another_failure_stays_what_it_is() -> None:
    with pytest.raises(ConnectionRefusedError), Limit("far", timeout_s=30):
        raise ConnectionRefusedError("no")
