"""Found out quickly: whether a server can be reached at all."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bulletin.speech.servers.reachability import finish_within, why_unreachable


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_server_that_listens_is_reached(listening: int) -> None:
    assert why_unreachable(f"http://127.0.0.1:{listening}/") == ""


def test_a_closed_port_is_named() -> None:
    assert "127.0.0.1:1 cannot be reached" in why_unreachable("https://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("url", "proxy", "port"),
    [
        ("https://nowhere.invalid/", "", 443),
        ("http://nowhere.invalid/", "", 80),
        ("https://api.example/", "nowhere.invalid", 80),
        ("https://api.example/", "https://nowhere.invalid", 443),
        ("https://api.example/", "socks5h://nowhere.invalid", 1080),
    ],
)
def test_a_name_that_does_not_exist_is_named_with_the_usual_port(
    monkeypatch: pytest.MonkeyPatch, url: str, proxy: str, port: int
) -> None:
    monkeypatch.setenv("https_proxy", proxy)

    assert f"nowhere.invalid:{port} " in why_unreachable(url)


def test_the_proxy_is_dialled_in_place_of_the_server(listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{listening}")
    assert why_unreachable("https://nowhere.invalid/") == ""

    monkeypatch.setenv("https_proxy", "127.0.0.1:1")
    assert "127.0.0.1:1 cannot" in why_unreachable("https://nowhere.invalid/")


def test_no_proxy_counts(listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    assert why_unreachable(f"http://127.0.0.1:{listening}/") == ""


def test_a_name_may_take_longer_to_look_up_than_a_connection_to_make(
    listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first question was lost, and the resolver asks again."""
    look_up = socket.getaddrinfo

    def slow(*args: Any, **options: Any) -> Any:
        time.sleep(0.3)
        return look_up(*args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)

    assert why_unreachable(f"http://127.0.0.1:{listening}/", within_s=0.25) == ""


def test_late_work_is_left_behind() -> None:
    never = threading.Event()

    with pytest.raises(TimeoutError, match=r"0\.05 s"):
        finish_within(0.05, never.wait)

    never.set()


def test_an_answer_and_an_error_come_through() -> None:
    assert finish_within(5, lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        finish_within(5, lambda: 1 // 0)
