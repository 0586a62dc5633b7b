"""
Worker process that publishes one piece of work and stops at a breakpoint: killed there, frozen, or told to go on.

    python -m tests.support.publishing_worker '{"database": …, "store": …, "stop_at": "upload 3"}'

Prints "claimed", "stop" at the breakpoint, where it waits for a line, and its end: "published" or the error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.server_archive import open_server_archive
from bulletin.errors import BulletinError
from bulletin.model import Bulletin
from bulletin.storage.folder_store import FolderStore
from tests.support.factories import NOW
from tests.support.group_of_machines import on_machine, publish


class Breakpoint:
    """A named place in the work."""

    def __init__(self, name: str) -> None:
        self._name, self._uploads = name, 0

    def reach(self, name: str) -> None:
        if name == self._name:
            print("stop", flush=True)
            sys.stdin.readline()

    def upload(self) -> None:
        self._uploads += 1
        self.reach(f"upload {self._uploads}")


class WatchedStore(FolderStore):
    """A folder whose uploads are breakpoints."""

    breakpoint: Breakpoint

    def put_new(self, key: str, data: bytes, *, headers: Mapping[str, str] | None = None) -> bool:
        self.breakpoint.upload()
        return super().put_new(key, data, headers=headers)


def main() -> None:
    told: dict[str, Any] = json.loads(sys.argv[1])
    stop = Breakpoint(told["stop_at"])
    store = WatchedStore(Path(told["store"]))
    store.breakpoint = stop
    machine, now = Path(told["machine"]), NOW + timedelta(hours=told["hours"], minutes=1)
    with open_server_archive(told["database"]) as archive:
        work = WorkLedger(archive, now=archive.now)
        lease = timedelta(seconds=told["lease_s"])
        piece = work.claim("mix", told["key"], owner=told["machine"], lease=lease)
        if piece is None:
            print("taken", flush=True)
            return
        print("claimed", flush=True)

        def finish() -> bool:
            stop.reach("before the commit")
            return work.finish(piece, result="fresh")

        def check(bulletin: Bulletin) -> None:
            stop.reach("in the transaction")

        try:
            with on_machine(
                machine,
                Path(told["profile"]),
                archive=archive,
                store=store,
                now=now,
                is_mine=lambda: work.holds(piece),
                check=check,
                finish=finish,
            ) as station:
                publish(station, machine / "scratch", hours=told["hours"])
        except BulletinError as error:
            print(f"{type(error).__name__}: {error}", flush=True)
        else:
            print("published", flush=True)


if __name__ == "__main__":
    main()
