"""Feeds of many hosts fetched: ours, raw sockets and other clients. The server is a process that does not count."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import QUICK, note, run_way

AT_ONCE = 16
DELAY_S = 0.05
BYTES = 20_000


def serve(port_file: str) -> None:
    """Answer each request on the loopback network after DELAY_S."""
    body = (b"<rss version='2.0'><channel>" + b"<item><title>Bridge closes</title></item>" * BYTES)[:BYTES]
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n"
    answer = f"{head}Connection: close\r\n\r\n".encode() + body

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(DELAY_S)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "0.0.0.0", 0, backlog=512)
        Path(port_file).write_text(str(server.sockets[0].getsockname()[1]), encoding="ascii")
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def addresses(folder: Path) -> Iterator[list[tuple[str, int]]]:
    """A server; host and port of each feed, every one a host of its own."""
    path = folder / "port"
    path.unlink(missing_ok=True)
    server = subprocess.Popen([sys.executable, "-m", __spec__.name, "serve", str(path)])
    try:
        while not (path.is_file() and path.read_text()):
            time.sleep(0.02)
        count = 12 if (folder / QUICK).exists() else 300
        yield [(f"127.0.{n // 100}.{1 + n % 100}", int(path.read_text())) for n in range(count)]
    finally:
        server.kill()
        server.wait()


def timed(folder: Path, fetch: Callable[[list[tuple[str, int]]], list[int]]) -> None:
    """Note the cost of `fetch`, which returns the length of each body."""
    with addresses(folder) as hosts:
        before_s, began = time.process_time(), time.perf_counter()
        lengths = fetch(hosts)
        note(folder, cpu_s=time.process_time() - before_s, wall_s=time.perf_counter() - began)
        assert lengths == [BYTES] * len(hosts), lengths[:5]


def ours(folder: Path) -> None:
    def fetch(hosts: list[tuple[str, int]]) -> list[int]:
        from bulletin.articles.fetching.http_fetcher import Fetcher
        from bulletin.articles.fetching.ssrf_guard import read_url
        from bulletin.config.profile_options import FetchOptions

        async def run() -> list[int]:
            async with Fetcher(FetchOptions(at_once=AT_ONCE)) as fetcher:
                urls = [f"http://{host}:{port}/feed" for host, port in hosts]
                answers = await asyncio.gather(
                    *(fetcher.fetch(url, limit_mb=10, private=read_url(url)) for url in urls)
                )
            return [len(answer.body) for answer in answers]

        return asyncio.run(run())

    timed(folder, fetch)


def sockets(folder: Path) -> None:
    def fetch(hosts: list[tuple[str, int]]) -> list[int]:
        import selectors
        import socket

        waiting, selector, lengths = list(reversed(hosts)), selectors.DefaultSelector(), []
        received: dict[socket.socket, int] = {}
        while waiting or received:
            while waiting and len(received) < AT_ONCE:
                host, port = waiting.pop()
                line = socket.create_connection((host, port))
                line.sendall(f"GET /feed HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                line.setblocking(False)
                received[line] = 0
                selector.register(line, selectors.EVENT_READ, bytearray())
            for key, _ in selector.select():
                line = key.fileobj  # type: ignore[assignment]
                data = line.recv(262_144)
                key.data.extend(data)
                if not data:
                    selector.unregister(line)
                    line.close()
                    del received[line]
                    lengths.append(len(key.data.partition(b"\r\n\r\n")[2]))
        return lengths

    timed(folder, fetch)


def client(folder: Path) -> None:
    def fetch(hosts: list[tuple[str, int]]) -> list[int]:
        import httpx2

        async def run() -> list[int]:
            slots = asyncio.Semaphore(AT_ONCE)
            limits = httpx2.Limits(max_keepalive_connections=0)
            async with httpx2.AsyncClient(trust_env=False, limits=limits) as http:

                async def get(host: str, port: int) -> int:
                    async with slots:
                        return len((await http.get(f"http://{host}:{port}/feed")).content)

                return list(await asyncio.gather(*(get(*host) for host in hosts)))

        return asyncio.run(run())

    timed(folder, fetch)


def urllib(folder: Path) -> None:
    def fetch(hosts: list[tuple[str, int]]) -> list[int]:
        from urllib.request import ProxyHandler, build_opener

        opener = build_opener(ProxyHandler({}))
        lengths = []
        for host, port in hosts:
            with opener.open(f"http://{host}:{port}/feed", timeout=30) as answer:
                lengths.append(len(answer.read()))
        return lengths

    timed(folder, fetch)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        run_way({"ours": ours, "sockets": sockets, "client": client, "urllib": urllib})
