"""
Requests a second for a station's feed, answered by one process of the service on loopback.

    python -m bench.serve [--seconds 5] [--connections 16]

The server is a separate process with the routes of `bulletin serve`; the feed holds 48 episodes. The client uses
persistent connections, and sends the next request on each as soon as the answer is there. Both share the machine, so
with one more processor the server would be faster. Printed: requests a second for the complete feed and for 304
answers, the server's CPU milliseconds for each, and the slowest of a hundred.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from starlette.applications import Starlette

from bulletin.archive.record_dataclasses import EpisodeRecord
from bulletin.config.tables.output_options import PodcastOptions
from bulletin.model import StationWords
from bulletin.publishing.podcast.rss import PodcastShow, build_feed
from bulletin.service.http.serve_published_files import PublicFolder, public_routes
from bulletin.service.http.web_server import WebServer

_EPISODES = 48


def feed() -> bytes:
    """As a station's after two days, with notes of 1,500 characters."""
    show = PodcastShow(
        options=PodcastOptions(base_url="https://news.example/"),
        station=StationWords(id="demo", name="Demo"),
        artwork="artwork-0a1b2c3d.jpg",
        guid="1fd84adf-96b7-530a-a69b-886a8326c3c0",
    )
    now = datetime(2026, 11, 25, tzinfo=UTC)
    episodes = [
        EpisodeRecord(
            guid=f"demo-{number}",
            station="demo",
            title=f"Bulletin {number}",
            published=now - timedelta(hours=number),
            audio=f"demo-{number}.mp3",
            media_type="audio/mpeg",
            bytes=1_900_000,
            duration_s=120.0,
            description="<p>Bridge closes for repairs</p>" * 50,
            sha256="ab" * 32,
            files=(("transcript", f"demo-{number}.vtt", "text/vtt"),),
        )
        for number in range(_EPISODES)
    ]
    return build_feed(show, episodes)


def serve(folder: Path, pipe: Connection) -> None:
    """Serve until stopped; then return the CPU seconds."""
    public_folder = PublicFolder(station="demo", folder=folder)
    server = WebServer(Starlette(routes=public_routes(lambda: [public_folder])), host="127.0.0.1", port=0)
    server.start()
    pipe.send(server.address)
    while pipe.recv() != "stop":
        times = os.times()
        pipe.send(times.user + times.system)
    server.stop()


def ask(address: str, headers: str, until: float, waits: list[float]) -> None:
    """One connection, kept: question after question until the time is over."""
    host, _, port = address.removeprefix("http://").partition(":")
    question = f"GET /demo/feed.xml HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()
    with socket.create_connection((host, int(port))) as line:
        while time.perf_counter() < until:
            began = time.perf_counter()
            line.sendall(question)
            _read_answer(line)
            waits.append(time.perf_counter() - began)


def _read_answer(line: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0 if head.startswith(b"HTTP/1.1 304") else _length(head)
    left = length - len(body)
    while left > 0:
        left -= len(line.recv(min(left, 262_144)))


def _length(head: bytes) -> int:
    named = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(named[0].partition(b":")[2])


def measure(address: str, pipe: Connection, *, headers: str, seconds: float, connections: int) -> str:
    """A line of the table."""
    pipe.send("cpu")
    cpu_s = pipe.recv()
    waits: list[list[float]] = [[] for _ in range(connections)]
    until = time.perf_counter() + seconds
    askers = [threading.Thread(target=ask, args=(address, headers, until, own)) for own in waits]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    pipe.send("cpu")
    cpu_s = pipe.recv() - cpu_s
    all_waits = sorted(wait for own in waits for wait in own)
    slow_ms = 1000 * all_waits[len(all_waits) * 99 // 100]
    middle_ms = 1000 * statistics.median(all_waits)
    each_ms = 1000 * cpu_s / len(all_waits)
    return f"{len(all_waits) / seconds:>10.0f}{each_ms:>10.2f}{middle_ms:>10.1f}{slow_ms:>10.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--connections", type=int, default=16)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "feed.xml"
        path.write_bytes(feed())
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, theirs))
        process.start()
        address = ours.recv()
        about = path.stat()
        tag = f'If-None-Match: "{about.st_mtime_ns:x}-{about.st_size:x}"\r\n'
        print(f"feed of {about.st_size} bytes, {args.connections} connections")
        print(f"{'':<10}{'a second':>10}{'CPU ms':>10}{'median ms':>10}{'p99 ms':>10}")
        for name, headers in (("whole", ""), ("304", tag)):
            result = measure(
                address, ours, headers=headers, seconds=args.seconds, connections=args.connections
            )
            print(f"{name:<10}{result}")
        ours.send("stop")
        process.join()


if __name__ == "__main__":
    sys.exit(main())
