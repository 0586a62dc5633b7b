"""
A count of a day is one for all workers.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from threading import Thread

from bulletin.archive.ledgers.group.day_counts import DayCount
from tests.archive.conftest import Opener


def test_of_workers_that_count_at_the_same_time_none_is_lost(open_archive: Opener) -> None:
    counts = [DayCount(open_archive(), "paid") for _ in range(3)]

    def count_up(count: DayCount) -> None:
        for _ in range(5):
            with count.changing() as put:
                put(str(int(count.read() or 0) + 1))

    threads = [Thread(target=count_up, args=(count,)) for count in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counts[0].read() == "15"
    assert DayCount(open_archive(), "another").read() is None
