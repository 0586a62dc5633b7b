from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import pytest

from bulletin.articles.fetching import dns_lookup
from bulletin.errors import FetchError


def test_an_address_resolves_to_itself() -> None:
    async def work() -> list[str]:
        return list(await dns_lookup.Resolver().resolve("127.0.0.1", url="http://127.0.0.1/"))

    assert asyncio.run(work()) == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
    ],
)
def test_a_numeric_host_is_not_looked_up(host: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread either: on a busy machine it may start after the timeout."""

    def never(host: str) -> list[str]:
        raise AssertionError(f"{host} is looked up")

    monkeypatch.setattr(dns_lookup, "_look_up", never)

    async def work() -> list[str]:
        return list(await dns_lookup.Resolver().resolve(host, url=f"http://{host}/"))

    assert asyncio.run(work()) == [address]


def test_the_timeout_allows_a_second_dns_query() -> None:
    """The timeout is longer than the 5 s after which a resolver tries again (resolv.conf(5), "timeout:n")."""
    assert dns_lookup._PATIENCE_S > 5.5


def test_an_impossible_host_name_is_an_error() -> None:
    with pytest.raises(FetchError, match=r"not a host name|looked up|no host"):
        asyncio.run(dns_lookup.Resolver().resolve("a" * 80 + ".invalid", url="http://x.invalid/"))


@pytest.mark.slow
def test_a_dead_resolver_is_given_up_for_all_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's look-up hangs, as without a network; the resolver does not wait for its threads."""
    release = threading.Event()
    asked: list[str] = []

    def hang(host: str, *_: Any, flags: int = 0, **__: Any) -> Any:
        if flags & socket.AI_NUMERICHOST:  # a numeric look-up sends no query
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        asked.append(host)
        release.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(dns_lookup, "_PATIENCE_S", 0.3)  # a thread starts within that time under any load

    async def work() -> list[str]:
        resolver = dns_lookup.Resolver()
        reasons = []
        for number in range(5):
            with pytest.raises(FetchError) as caught:
                await resolver.resolve(f"feed{number}.example", url=f"http://feed{number}.example/")
            reasons.append(caught.value.reason)
        return reasons

    reasons = asyncio.run(work())
    release.set()

    assert asked == ["feed0.example", "feed1.example", "feed2.example"]
    assert reasons[-1] == "no host name can be resolved; check this machine's network"
