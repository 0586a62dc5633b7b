"""Thousands of clients that keep a web server waiting, in a separate process: for `bench.connections`."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import socket
from collections import Counter

from bulletin.service.resources.process_limits import raise_descriptor_limit

KINDS = ("slow header", "half header", "silent", "no reader", "idle", "endless body", "noise")
_ADDRESSES = 20


class Attackers:
    """A process full of clients."""

    def __init__(self, port: int, *, connections: int, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._over, self._results = context.Event(), context.SimpleQueue()
        self._process = context.Process(
            target=_attack, args=(port, connections, seed, self._over, self._results), daemon=True
        )

    def start(self) -> None:
        self._process.start()

    def stop(self) -> Counter[str]:
        self._over.set()
        counts: Counter[str] = self._results.get()
        self._process.join(60)
        return counts


def _attack(port: int, connections: int, seed: int, over: object, results: object) -> None:
    raise_descriptor_limit()
    results.put(asyncio.run(_attack_together(port, connections, seed, over)))  # type: ignore[attr-defined]


async def _attack_together(port: int, connections: int, seed: int, over: object) -> Counter[str]:
    did: Counter[str] = Counter()
    clients = [
        asyncio.create_task(_client(n, port, random.Random(f"{seed} {n}"), did)) for n in range(connections)
    ]
    while not over.is_set():  # type: ignore[attr-defined]
        await asyncio.sleep(0.5)
        did["held at once"] = max(did["held at once"], did["made"] - did["ended"])
    for client in clients:
        client.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
    return did


async def _client(number: int, port: int, chance: random.Random, did: Counter[str]) -> None:
    """One attacker: again and again."""
    kind = KINDS[number % len(KINDS)]
    source = "127.0.0.1" if number % 2 else f"127.0.0.{2 + number % _ADDRESSES}"
    await asyncio.sleep(chance.uniform(0, 3))
    while True:
        line = socket.socket()
        line.setblocking(False)
        if kind == "no reader":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            line.bind((source, 0))
            await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
            did["made"] += 1
            try:
                await _hold(line, kind, chance)
            finally:
                did["ended"] += 1
        except OSError as error:
            did[type(error).__name__] += 1
        finally:
            line.close()
        await asyncio.sleep(chance.uniform(2, 6))


FIRST = {
    "slow header": b"GET /valley/fm.json HTTP/1.1\r\nHost: x\r\n",
    "half header": b"GET /valley/fm.json HTTP/1.1\r\nHost:",
    "no reader": b"GET /valley/fm.wav HTTP/1.1\r\nHost: x\r\n\r\n",
    "idle": b"GET /valley/fm.json HTTP/1.1\r\nHost: x\r\n\r\n",
    "endless body": b"POST /valley/fm.json HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n",
}
"""What each kind sends at first."""


async def _hold(line: socket.socket, kind: str, chance: random.Random) -> None:
    """Until the server closes it."""
    loop = asyncio.get_running_loop()
    if kind == "noise":
        await asyncio.sleep(chance.uniform(0, 5))
    first = chance.randbytes(200) + b"\r\n\r\n" if kind == "noise" else FIRST.get(kind, b"")
    await loop.sock_sendall(line, first)
    while kind in ("slow header", "endless body"):
        await asyncio.sleep(chance.uniform(0.5, 2))
        await loop.sock_sendall(line, b"x")
    while kind == "no reader" and await loop.sock_recv(line, 1):
        await asyncio.sleep(1.0)
    while await loop.sock_recv(line, 65536):
        pass
