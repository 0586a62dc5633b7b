from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import pytest

from bulletin.articles import resolve
from bulletin.errors import FetchError


def test_an_address_resolves_to_itself() -> None:
    async def work() -> list[str]:
        return list(await resolve.Resolver().resolve("127.0.0.1", url="http://127.0.0.1/"))

    assert asyncio.run(work()) == ["127.0.0.1"]


def test_a_name_that_cannot_exist_is_said_to_be_wrong() -> None:
    with pytest.raises(FetchError, match=r"no host name|looked up|no host"):
        asyncio.run(resolve.Resolver().resolve("a" * 80 + ".invalid", url="http://x.invalid/"))


def test_a_dead_resolver_is_given_up_for_all_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's look-up hangs, as it does without a network; nobody waits for its threads."""
    release = threading.Event()
    asked: list[str] = []

    def hang(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        release.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(resolve, "_PATIENCE_S", 0.05)

    async def work() -> list[str]:
        resolver = resolve.Resolver()
        reasons = []
        for number in range(5):
            with pytest.raises(FetchError) as caught:
                await resolver.resolve(f"feed{number}.example", url=f"http://feed{number}.example/")
            reasons.append(caught.value.reason)
        resolver.close()
        return reasons

    reasons = asyncio.run(work())
    release.set()

    assert asked == ["feed0.example", "feed1.example", "feed2.example"]
    assert reasons[-1] == "no name can be looked up; is this machine on the network?"
