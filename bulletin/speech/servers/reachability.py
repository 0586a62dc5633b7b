"""Quick check whether a server can be reached, and calls with a hard time limit."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

Answer = TypeVar("Answer")

_LOOK_UP_S = 6.0
"""Resolvers retry after five seconds: one lost packet must not cost the station its voice."""


def why_unreachable(url: str, *, within_s: float = 2.0) -> str:
    """
    Connect to the host of `url`, or to its proxy, and hang up; the reason if that fails, else "".

    `within_s` limits the connection; the name look-up is limited to six seconds, where the system may
    take more than ten.
    """
    host, port = _first_hop(url)

    def dial() -> str:
        try:
            with contextlib.closing(socket.create_connection((host, port), timeout=within_s)):
                return ""
        except OSError as error:
            return f"{host}:{port} cannot be reached ({error.strerror or error})"

    try:
        return finish_within(_LOOK_UP_S + within_s, dial)
    except TimeoutError as error:
        return f"{host}:{port} did not answer ({error})"


def finish_within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """
    Run `work` in a thread; return its answer or raise its exception, or TimeoutError after `seconds`.

    A read time-out starts anew with every byte, and a name look-up has none. A late thread is
    abandoned and does not keep the program from ending.
    """
    done: SimpleQueue[tuple[bool, Answer | BaseException]] = SimpleQueue()

    def run() -> None:
        try:
            done.put((True, work()))
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that asked
            done.put((False, error))

    Thread(target=run, name="in-time", daemon=True).start()
    try:
        is_answer, result = done.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no end after {seconds:g} s") from None
    if not is_answer and isinstance(result, BaseException):
        raise result
    return result  # type: ignore[return-value]  # an exception was raised above


def _first_hop(url: str) -> tuple[str, int]:
    """Host and port of the server, or of the proxy in front of it."""
    address = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if proxy and not proxy_bypass(address.netloc):
        address = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    usual = 443 if address.scheme == "https" else 1080 if address.scheme.startswith("socks") else 80
    return address.hostname or "", address.port or usual
