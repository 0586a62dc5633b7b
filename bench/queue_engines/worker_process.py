"""A worker process of the comparison: claims pieces that do nothing, and ends them. `python -m ... ENGINE URL NAME PARALLEL`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import timedelta

from bench.queue_engines.notify_engine import NotifyEngine
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.archive.server_archive import open_server_archive
from bulletin.errors import ArchiveError
from bulletin.group.engines.engine_port import Engine, Hint
from bulletin.group.engines.procrastinate_engine import ProcrastinateEngine

LEASE = timedelta(seconds=5)


def make_engine(kind: str, url: str, work: WorkLedger) -> Engine:
    return ProcrastinateEngine(url) if kind == "procrastinate" else NotifyEngine(url, work)


def main() -> None:
    kind, url, name, parallel = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    with open_server_archive(url) as archive:
        work = WorkLedger(archive, now=archive.now)
        engine = make_engine(kind, url, work)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=engine.stop, daemon=True).start())

        def handle(hint: Hint) -> None:
            try:
                piece = work.claim(hint.kind, hint.key, owner=name, lease=LEASE)
                if piece:
                    time.sleep(float(piece.payload.get("takes_s", 0)))
                    work.finish(piece, result=repr(time.time()))
            except ArchiveError as error:
                print(f"left to its lease: {error}", file=sys.stderr)

        print("ready", flush=True)
        engine.run(handle, parallel=parallel)
    os._exit(0)


if __name__ == "__main__":
    main()
