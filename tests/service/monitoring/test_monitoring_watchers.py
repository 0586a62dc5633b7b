"""Running service as monitored by systemd, Prometheus, the log and an engineer who edits a profile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.free_ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")]

PROFILE = """\
name = "{name}"
time_zone = "UTC"
length = "0:30"
[clock]
[[clock.slots]]
at = "{at}"
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[standby]
after_min = 0
[outputs]
make = ["fm"]
[alerts]
webhook = "env:BULLETIN_TEST_HOOK"
"""
HOOK = "http://127.0.0.1:9/very-secret-hook"


class Watched:
    """`bulletin serve` with the notify socket of a service manager and its own address."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "valley.toml"
        self.old = old_bulletin(folder)
        self.write(name="Valley Radio")
        self.log = folder / "log"
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(str(folder / "notify"))
        self._manager.settimeout(180)
        self.address = f"127.0.0.1:{free_port()}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bulletin", "serve", "valley.toml", "--listen", self.address],
                cwd=folder,
                env=os.environ
                | {
                    "NOTIFY_SOCKET": str(folder / "notify"),
                    "BULLETIN_TEST_HOOK": HOOK,
                    "BULLETIN_DATA": str(folder / "data"),
                },
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def write(self, *, name: str, more: str = "") -> None:
        at = datetime.now(UTC) + timedelta(hours=2)
        new = self.path.with_suffix(".new")
        new.write_text(PROFILE.format(name=name, at=f"{at:%H:%M}") + more)
        new.replace(self.path)

    def wait_for(self, message: str) -> str:
        """First notification that begins with `message`."""
        while True:
            notification = self._manager.recv(4096).decode()
            if notification.startswith(message):
                return notification

    def logged(self) -> list[dict[str, Any]]:
        complete, _, _ = self.log.read_text().rpartition("\n")  # the last line may be incomplete
        return [json.loads(line) for line in complete.splitlines()]

    def until(self, what: Callable[[], bool]) -> None:
        over = time.monotonic() + 180
        while not what():
            assert time.monotonic() < over, self.log.read_text()
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def ask(self, path: str) -> httpx2.Response:
        return httpx2.get(f"http://{self.address}{path}", trust_env=False, timeout=60)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._manager.close()


def old_bulletin(folder: Path) -> Path:
    """Bulletin that no index names, older than the retention limit."""
    path = folder / "output" / "valley" / "valley-20200101-0700-20200101T065900Z.mp3"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"old")
    os.utime(path, (1.6e9, 1.6e9))
    return path


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    service = Watched(tmp_path)
    yield service
    service.close()


def test_systemd_prometheus_and_the_log_follow_the_service(watched: Watched):
    """One service for all checks, since it takes seconds to start."""
    assert "on air: valley" in watched.wait_for("READY=1")
    watched.wait_for("WATCHDOG=1")
    assert watched.ask("/healthz").json()["alive"] is True
    assert watched.ask("/readyz").status_code == 200
    metrics = watched.ask("/metrics").text
    assert "bulletin_tick_timestamp_seconds" in metrics
    assert 'bulletin_slots_missed_total{station="valley"} 0.0' in metrics

    watched.until(
        lambda: any(
            entry["message"] == "old files deleted, as set in [keep]: station=valley"
            for entry in watched.logged()
        )
    )
    assert not watched.old.exists()

    watched.write(name="Valley Radio", more="lenght = 7\n")
    watched.process.send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in watched.wait_for("RELOADING=1")
    watched.wait_for("READY=1")
    refused = next(
        entry for entry in watched.logged() if entry["message"].startswith("changed profile has a mistake")
    )
    assert "valley.toml:17" in refused["error"]
    assert "lenght" in refused["error"]
    assert watched.ask("/healthz").status_code == 200

    watched.write(name="Hill Radio")
    watched.until(lambda: any(entry["message"].startswith("profile reloaded") for entry in watched.logged()))

    shutil.rmtree(watched.path.parent / "output")
    watched.until(lambda: watched.ask("/readyz").status_code == 503)
    assert "is not there any more" in watched.ask("/readyz").json()["stations"][0]["trouble"]
    assert watched.ask("/healthz").status_code == 200

    watched.process.send_signal(signal.SIGTERM)
    watched.wait_for("STOPPING=1")
    assert watched.process.wait(90) == 0
    text = watched.log.read_text()
    assert '"kind": "profile"' in text
    assert '"state": "resolved"' in text
    assert "very-secret-hook" not in text


def test_a_second_service_on_the_same_address_says_so(watched: Watched, tmp_path: Path):
    watched.wait_for("READY=1")
    other = tmp_path / "other"
    other.mkdir()
    (other / "hill.toml").write_text(watched.path.read_text())

    done = subprocess.run(
        [sys.executable, "-m", "bulletin", "serve", "hill.toml", "--listen", watched.address],
        cwd=other,
        env=os.environ | {"BULLETIN_TEST_HOOK": HOOK},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 75
    assert "--listen" in done.stderr
    assert "Traceback" not in done.stderr
