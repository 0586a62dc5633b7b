"""DNS lookup: host name -> IP addresses, within seconds even where there is no network."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from bulletin.errors import FetchError

_PATIENCE_S = 6.0
"""Resolvers ask again after five seconds: one lost packet must not cost the feed."""
_OFFLINE_AFTER = 3
"""Failed names, before any success, after which the network counts as down and no other is tried."""
_TEMPORARY = {socket.EAI_AGAIN, getattr(socket, "EAI_FAIL", socket.EAI_AGAIN)}


class Resolver:
    """Looks up each name once in a run; notices after some failures that there is no network."""

    def __init__(self) -> None:
        self._known: dict[str, Future[Sequence[str]]] = {}
        self._worked = False
        self._failed = 0

    async def resolve(self, host: str, *, url: str) -> Sequence[str]:
        """IP addresses of `host` in the system's order; a numeric one needs no lookup. Raises FetchError."""
        if addresses := _numeric(host):
            return addresses
        if not self._worked and self._failed >= _OFFLINE_AFTER and host not in self._known:
            raise FetchError(url, "no host name can be resolved; check this machine's network")
        if host not in self._known:
            self._known[host] = _look_up(host)
        try:
            addresses = await asyncio.wait_for(asyncio.wrap_future(self._known[host]), _PATIENCE_S)
        except TimeoutError:
            self._failed += 1
            raise FetchError(
                url, f'"{host}" cannot be resolved: no answer from DNS; check the network'
            ) from None
        except OSError as error:
            self._failed += error.errno in _TEMPORARY
            raise FetchError(url, _reason(host, error)) from error
        except UnicodeError as error:
            raise FetchError(url, f'"{host[:80]}" is no host name, perhaps too long; correct it') from error
        self._worked = True
        return addresses


def _numeric(host: str) -> Sequence[str]:
    """The IP address that a host already is, however it is written (127.1); empty for a name."""
    try:
        return _addresses(
            socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        )
    except (OSError, UnicodeError):
        return ()


def _addresses(infos: Sequence[tuple[Any, ...]]) -> Sequence[str]:
    return tuple(dict.fromkeys(str(info[4][0]) for info in infos))


def _look_up(host: str) -> Future[Sequence[str]]:
    """
    Call getaddrinfo in a daemon thread.

    Not in an executor: its threads are waited for at the end, and without a network a resolver may take half a
    minute.
    """
    answer: Future[Sequence[str]] = Future()
    answer.set_running_or_notify_cancel()  # so that a run that gives up cannot cancel it

    def work() -> None:
        try:
            answer.set_result(_addresses(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)

    threading.Thread(target=work, name=f"look up {host[:60]}", daemon=True).start()
    return answer


def _reason(host: str, error: OSError) -> str:
    if error.errno in _TEMPORARY:
        return f'"{host}" cannot be looked up now; is there a network?'
    return f'there is no host "{host}", or no network; check the address'
