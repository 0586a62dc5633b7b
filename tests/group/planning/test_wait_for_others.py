"""Bulletins that are due together wait for each other, on the workers that can do them."""

from __future__ import annotations

from datetime import timedelta

from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.group.planning.wait_for_others import WaitForOthers
from tests.support.factories import NOW

MINUTE = timedelta(minutes=1)
QUICK = GroupWorker(name="a", voices=("tone:low",), parallel=3)
ABLE = GroupWorker(name="b", voices=("tone:low", "slow:ann"))


def test_a_bulletin_waits_for_the_others_over_all_places() -> None:
    waits = WaitForOthers.on([QUICK, ABLE])
    for _ in range(9):
        waits.add(NOW, takes=MINUTE, voice="tone:low")
    waits.add(NOW + MINUTE, takes=60 * MINUTE, voice="tone:low")
    assert waits.of(NOW, takes=MINUTE, voice="tone:low") == 2 * MINUTE
    assert waits.of(NOW + MINUTE, takes=60 * MINUTE, voice="tone:low") == timedelta(0)


def test_bulletins_of_a_voice_that_one_worker_has_wait_for_that_worker() -> None:
    waits = WaitForOthers.on([QUICK, ABLE])
    for voice in ("tone:low", "slow:ann", "slow:ann", "slow:ann"):
        waits.add(NOW, takes=MINUTE, voice=voice)
    assert waits.of(NOW, takes=MINUTE, voice="slow:ann") == 2 * MINUTE
    assert waits.of(NOW, takes=MINUTE, voice="tone:low") == 0.75 * MINUTE
    assert waits.longest() == 3 * MINUTE


def test_a_voice_that_no_worker_has_is_read_by_the_next_one() -> None:
    waits = WaitForOthers.on([QUICK])
    for _ in range(4):
        waits.add(NOW, takes=MINUTE, voice="gone:ann")
    assert waits.of(NOW, takes=MINUTE, voice="gone:ann") == MINUTE
    assert WaitForOthers.on([]).places == 1
