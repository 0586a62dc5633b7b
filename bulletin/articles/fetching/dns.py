"""Host name -> IP addresses, within seconds even where there is no network."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

from bulletin.errors import FetchError

_PATIENCE_S = 6.0
"""Resolvers ask again after five seconds: one question that was lost must not cost the feed."""
_OFFLINE_AFTER = 3
"""Names that got no answer, and none that did: the network is down, the others are not tried."""
_TEMPORARY = {socket.EAI_AGAIN, getattr(socket, "EAI_FAIL", socket.EAI_AGAIN)}


class Resolver:
    """Asks each name once in a run; counts failures, to notice that there is no network at all."""

    def __init__(self) -> None:
        self._known: dict[str, asyncio.Task[Sequence[str]]] = {}
        self._worked = False
        self._failed = 0

    async def resolve(self, host: str, *, url: str) -> Sequence[str]:
        """IP addresses of `host` in the system's order; a numeric one is not looked up. Raises FetchError."""
        if addresses := _numeric(host):
            return addresses
        if not self._worked and self._failed >= _OFFLINE_AFTER and host not in self._known:
            raise FetchError(url, "no name can be looked up; is this machine on the network?")
        if host not in self._known:
            self._known[host] = asyncio.create_task(_look_up(host))
        try:
            addresses = await asyncio.wait_for(asyncio.shield(self._known[host]), _PATIENCE_S)
        except TimeoutError:
            self._failed += 1
            raise FetchError(url, f'"{host}" cannot be looked up: no answer; is there a network?') from None
        except OSError as error:
            self._failed += error.errno in _TEMPORARY
            raise FetchError(url, _reason(host, error)) from error
        except UnicodeError as error:
            raise FetchError(url, f'"{host[:80]}" is no host name') from error
        self._worked = True
        return addresses

    def close(self) -> None:
        """Forget look-ups still under way, and how late ones ended: asyncio would log that nobody asked."""
        for task in self._known.values():
            if not task.cancel() and not task.cancelled():
                task.exception()


def _numeric(host: str) -> Sequence[str]:
    """The address that a host is already, however it is written (127.1); nothing for a name. It asks nobody."""
    try:
        return _addresses(
            socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        )
    except (OSError, UnicodeError):
        return ()


def _addresses(infos: Sequence[tuple[Any, ...]]) -> Sequence[str]:
    return tuple(dict.fromkeys(str(info[4][0]) for info in infos))


async def _look_up(host: str) -> Sequence[str]:
    """
    Call getaddrinfo in a daemon thread.

    Not in the loop's executor: its threads are waited for at the end, and a resolver without a network
    may take half a minute to give up.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def work() -> None:
        try:
            found: Sequence[str] | Exception = _addresses(
                socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            )
        except (OSError, UnicodeError) as error:
            found = error
        try:
            loop.call_soon_threadsafe(_settle, answer, found)
        except RuntimeError:  # the loop has closed: nobody waits any more
            return

    threading.Thread(target=work, name=f"look up {host[:60]}", daemon=True).start()
    return await answer


def _settle(answer: asyncio.Future[Sequence[str]], found: Sequence[str] | Exception) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def _reason(host: str, error: OSError) -> str:
    if error.errno in _TEMPORARY:
        return f'"{host}" cannot be looked up now; is there a network?'
    return f'there is no host "{host}", or no network; check the address'
