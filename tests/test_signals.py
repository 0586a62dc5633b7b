from __future__ import annotations

import signal
from threading import Thread

import pytest

from bulletin.signals import begin_anew, finish_first, what_happened


def ring(times: int, heard: list[str]) -> None:
    with finish_first("it was out"):
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        heard.append("the end of the block")


def test_the_block_ends_before_ctrl_c_is_heard() -> None:
    heard: list[str] = []

    with pytest.raises(KeyboardInterrupt, match="it was out"):
        ring(1, heard)

    assert heard == ["the end of the block"]


def test_a_second_ctrl_c_stops_at_once_and_the_old_handlers_are_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    heard: list[str] = []

    with pytest.raises(KeyboardInterrupt):
        ring(2, heard)

    assert heard == []
    assert signal.getsignal(signal.SIGINT) is before


def test_who_stops_later_is_told_as_well() -> None:
    begin_anew()
    with pytest.raises(ValueError, match="no room"), finish_first("it is out", stays_true=True):
        raise ValueError("no room")
    assert what_happened() == ()

    with finish_first("it was being withdrawn"):
        pass
    assert what_happened() == ()

    with finish_first("it is out", stays_true=True):
        assert what_happened() == ()
    assert what_happened() == ("it is out",)
    begin_anew()
    assert what_happened() == ()


def test_other_threads_go_on_as_usual() -> None:
    said: list[str] = []

    def work() -> None:
        with finish_first("never said"):
            said.append("done")

    thread = Thread(target=work)
    thread.start()
    thread.join()

    assert said == ["done"]
