"""
A service under attack: slow, half-open, idle and unreadable connections, while slots come and go.

    python -m bench.connections [--seconds 600] [--connections 5000] [--every-min 2] [--seed 1]

`bulletin serve` runs as a separate process by the real clock, with a slot every few minutes. Clients in another
process hold as many connections as the server allows: headers at a byte a second, half a header, silence, an answer
that is not read, requests that idle after their answer, endless bodies, noise. Half of the clients come from
127.0.0.1, as if a web server in front forwarded them, the others from twenty addresses of 127.0.0.0/8. A client whose
connection is closed connects again after some seconds. Meanwhile `/healthz` is requested every second, a listener
requests a public file, and a playout requests a bulletin. The exit code is 1 if a slot was not met in time,
`/healthz` failed once, or the log grew by a megabyte.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from bench.attackers import Attackers
from bench.performance.ways.feed_server import story
from bench.watchers import Asked, Watch, ask
from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.model import SlotRecord

PROFILE = """\
name = "Valley Radio"
time_zone = "UTC"
length = "0:30"
[clock]
margin_s = 0
[[clock.slots]]
at = [{at}]
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[outputs]
make = ["fm"]
"""
MINUTE = timedelta(minutes=1)
_LEAST_S = 45.0
"""The first slot is at least so far away: its work begins under attack."""
LOG_BYTES = 1_000_000


@dataclass(slots=True, kw_only=True)
class Found:
    """What the attack left behind."""

    slots: tuple[SlotRecord, ...]
    dues: tuple[datetime, ...]
    """Of the slots that there were to meet."""
    health: Asked
    public: Asked
    pull: Asked
    """Beside the public server, at the address of health."""
    log_bytes: int
    log: str
    clients: Counter[str]
    """What the attackers did: connections made, closed, refused."""
    most: dict[str, int]
    """Descriptors and kilobytes of the clock's process and of the public one."""

    @property
    def faults(self) -> list[str]:
        """Promises that were not kept."""
        met = {row.due for row in self.slots if row.is_met}
        late = [f"slot {due:%H:%M} not met in time" for due in self.dues if due not in met]
        ill = [f"/healthz: {self.health.answers}"] if self.health.share < 1 else []
        long = [f"log: {self.log_bytes} bytes"] if self.log_bytes >= LOG_BYTES else []
        return [*late, *ill, *long]


def play(folder: Path, *, seconds: float, connections: int, every_min: int = 2, seed: int = 1) -> Found:
    """Attack a service in `folder` for so long."""
    now = datetime.now(UTC)
    first = (now + timedelta(seconds=_LEAST_S) + MINUTE).replace(second=0, microsecond=0)
    until = max(now + timedelta(seconds=seconds), first + timedelta(seconds=3))
    dues = [first + n * every_min * MINUTE for n in range(int((until - first) / (every_min * MINUTE)) + 1)]
    at = ", ".join(f'"{due:%H:%M}"' for due in dues)
    (folder / "valley.toml").write_text(PROFILE.format(at=at), encoding="utf-8")
    write_news(folder, 0)
    public, health = free_port(), free_port()
    log = folder / "log"
    with log.open("wb") as out:
        service = start_service(folder, public=public, health=health, log=out)
    try:
        wait_for(health)
        began = log.stat().st_size
        watch = Watch(folder, service.pid, public=public, health=health)
        attackers = Attackers(public, connections=connections, seed=seed)
        attackers.start()
        _wait(folder, service, until)
        watch.stop()
        clients = attackers.stop()
    finally:
        service.terminate()
        service.wait(60)
    with Archive.open(folder / "output" / ".bulletin" / "archive.sqlite") as archive:
        rows = SlotLedger(archive).rows(since=dues[0], until=until)
    text = log.read_text(encoding="utf-8")
    return Found(
        slots=tuple(rows),
        dues=tuple(dues),
        health=watch.health,
        public=watch.public,
        pull=watch.pull,
        log_bytes=log.stat().st_size - began,
        log=text,
        clients=clients,
        most=watch.most,
    )


def _wait(folder: Path, service: subprocess.Popen[bytes], until: datetime) -> None:
    """With new news every half minute, so that each slot has some."""
    seconds = 0
    while datetime.now(UTC) < until and service.poll() is None:
        seconds += 1
        if seconds % 30 == 0:
            write_news(folder, seconds // 30)
        time.sleep(1.0)


def start_service(folder: Path, *, public: int, health: int, log: object) -> subprocess.Popen[bytes]:
    """`bulletin serve`, with a soft limit of 1,024 descriptors as most systems give."""
    command = [sys.executable, "-m", "bulletin", "serve", "valley.toml"]
    addresses = ["--listen", f"127.0.0.1:{public}", "--health", f"127.0.0.1:{health}"]
    return subprocess.Popen(
        ["bash", "-c", 'ulimit -Sn 1024; exec "$@"', "-", *command, *addresses],
        cwd=folder,
        env=os.environ
        | {"BULLETIN_DATA": str(folder / "data"), "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.DEVNULL,
        stderr=log,  # type: ignore[call-overload]
    )


def write_news(folder: Path, hour: int) -> None:
    """A feed of twenty stories, four of them new with each `hour`."""
    date = format_datetime(datetime.now(UTC) - timedelta(minutes=30))
    items = []
    for number in range(4 * hour + 20, 4 * hour, -1):
        title, sentences = story(0, number)
        items.append(
            f"<item><title>{title}</title><guid>{number}</guid><pubDate>{date}</pubDate>"
            f"<description>{' '.join(sentences[:3])}</description></item>"
        )
    new = folder / "gazette.new"
    new.write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{"".join(items)}</channel></rss>', "utf-8"
    )
    new.replace(folder / "gazette.rss")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def wait_for(port: int) -> None:
    over = time.monotonic() + 60
    while ask(port, "/healthz")[0] != 200:
        if time.monotonic() > over:
            raise TimeoutError("the service does not start")
        time.sleep(0.2)


def report(measured: Found) -> str:
    """For people."""
    met = sum(row.is_met for row in measured.slots if row.due in measured.dues)
    levels = Counter(str(row.level) for row in measured.slots)
    ahead = [(row.due - row.ready_at).total_seconds() for row in measured.slots if row.ready_at]
    lines = [
        f"slots met in time      {met} of {len(measured.dues)} ({dict(levels)}), least {min(ahead, default=0):.0f} s ahead",
    ]
    for name, asked in (
        ("/healthz", measured.health),
        ("a public file", measured.public),
        ("a pull", measured.pull),
    ):
        lines.append(
            f"{name:<22} {asked.answers[200]} of {asked.answers.total()} with 200, slowest {asked.slowest_s:.2f} s"
            f" {dict(asked.answers)}"
        )
    lines += [
        f"log                    {measured.log_bytes} bytes",
        f"attackers              {dict(measured.clients)}",
        f"most                   {measured.most}",
        *(f"FAULT: {fault}" for fault in measured.faults),
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--every-min", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep-log", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measured = play(
            Path(name),
            seconds=args.seconds,
            connections=args.connections,
            every_min=args.every_min,
            seed=args.seed,
        )
    if args.keep_log:
        args.keep_log.write_text(measured.log, encoding="utf-8")
    print(report(measured))
    return 1 if measured.faults else 0


if __name__ == "__main__":
    sys.exit(main())
