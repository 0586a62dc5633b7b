"""
Cost of the newsroom's process.

    python -m bench.newsroom [--editors 50] [--seconds 60] [--busy 1.0]

Editors: that many pages with live changes (server-sent events) are open at `bulletin newsroom`, in a process of its
own; its CPU seconds (user and system, from /proc) are divided by the time. First nothing changes; then a request of
the service records a step every `--busy` seconds, and every open page receives it.
"""

from __future__ import annotations

import argparse
import os
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2

from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger
from bulletin.newsroom.accounts.manage_users import Accounts
from bulletin.newsroom.accounts.roles import parse_roles
from bulletin.station.open_archive import open_archive

STATION, PASSWORD = "valley", "valley harbour lantern"
PROFILE = 'name = "Valley"\n[speech]\nchain = ["tone"]\n[[clock.slots]]\nat = "00:00-23:00"\n'
_PAGES_PER_USER = 15
_WARM_S = 20.0
"""By then the process has loaded its word lists and templates, once (newsroom_main.py)."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--editors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--busy", type=float, default=1.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-newsroom-") as name:
        folder = Path(name)
        users = [f"user{number}" for number in range(-(-options.editors // _PAGES_PER_USER))]
        add_users(folder, users)
        with newsroom_process(folder) as (pid, port), ExitStack() as stack:
            cookies = [sign_in(port, user) for user in users]
            pages = [
                stack.enter_context(open_page(port, cookies[number % len(cookies)]))
                for number in range(options.editors)
            ]
            time.sleep(_WARM_S)
            still = share_of_core(pid, options.seconds, pages)
            number = begin_request(folder)
            busy = share_of_core(
                pid, options.seconds, pages, every_s=options.busy, change=lambda n: step(folder, number, n)
            )
    print(f"{options.editors} open editors, {options.seconds:g} s each, percent of a core:")
    print(f"  nothing changes            {100 * still:6.2f} %")
    print(f"  a change every {options.busy:g} s         {100 * busy:6.2f} %")


def add_users(folder: Path, users: list[str]) -> None:
    """Profile, archive and users of the station."""
    (folder / f"{STATION}.toml").write_text(PROFILE, encoding="utf-8")
    with open_archive(folder / "output") as archive:
        accounts = Accounts(archive=archive, now=lambda: datetime.now(UTC))
        for user in users:
            accounts.add(user, PASSWORD, parse_roles(["editor"]))


@contextmanager
def newsroom_process(folder: Path) -> Iterator[tuple[int, int]]:
    """The newsroom in a process: its number and port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "bulletin",
        "newsroom",
        f"{STATION}.toml",
        "--listen",
        f"127.0.0.1:{port}",
    ]
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, cwd=folder, env=environ, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until_open(port)
            yield process.pid, port
        finally:
            process.terminate()


def wait_until_open(port: int) -> None:
    """Return when the newsroom answers."""
    until = time.monotonic() + 60.0
    while time.monotonic() < until:
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/sign-in", trust_env=False, timeout=30).status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise SystemExit("the newsroom did not start")


def sign_in(port: int, user: str) -> str:
    """Cookie of a new session."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client:
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
        assert token
        client.post("/sign-in", data={"csrf": token[1], "name": user, "password": PASSWORD})
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@contextmanager
def open_page(port: int, cookie: str) -> Iterator[socket.socket]:
    """A page's connection for live changes."""
    with socket.create_connection(("127.0.0.1", port)) as page:
        request = f"GET /{STATION}/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
        page.sendall(request.encode())
        if not page.recv(65536).startswith(b"HTTP/1.1 200"):
            raise SystemExit("a page was refused")
        yield page


def begin_request(folder: Path) -> int:
    """A request that a service has begun."""
    now = datetime.now(UTC)
    with open_archive(folder / "output") as archive:
        ledger = RequestLedger(archive)
        asked = ledger.ask(
            STATION,
            RequestKind.MAKE_NOW,
            asked_by="ann",
            key="k1",
            now=now,
            expires_at=now + timedelta(hours=1),
        )
        ledger.claim(asked.id, owner="bench", now=now, lease=timedelta(hours=1))
    return asked.id


def step(folder: Path, number: int, count: int) -> None:
    """Record a step of the request, as the service does."""
    with open_archive(folder / "output") as archive:
        RequestLedger(archive).progress(number, owner="bench", stage="speak", step=f"{count} of 90")


def share_of_core(
    pid: int,
    seconds: float,
    pages: list[socket.socket],
    *,
    every_s: float = 0.0,
    change: object = None,
) -> float:
    """CPU seconds of the process in each second, while all pages read what comes."""
    selector = selectors.DefaultSelector()
    for page in pages:
        page.setblocking(False)
        selector.register(page, selectors.EVENT_READ)
    began, before, changes = time.monotonic(), cpu_s(pid), 0
    while (passed := time.monotonic() - began) < seconds:
        for key, _ in selector.select(0.1):
            if not key.fileobj.recv(65536):  # type: ignore[union-attr]
                raise SystemExit("a page was closed")
        if callable(change) and passed >= changes * every_s:
            changes += 1
            change(changes)
    return (cpu_s(pid) - before) / (time.monotonic() - began)


def cpu_s(pid: int) -> float:
    """User and system seconds of a process (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
