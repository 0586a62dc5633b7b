"""Page "Group": an editor of one station sees that one; a user of all stations sees the machines, too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import Piece
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.model import Slot
from bulletin.newsroom.accounts.roles import parse_roles
from tests.support.newsroom_server import PASSWORD, PROFILE, ServedNewsroom, served_newsroom

pytestmark = pytest.mark.slow

GROUP = '[group]\nname = "north"\ndatabase = "postgresql://news@db/news"\nstore = "/shared"\n'
MINUTE = timedelta(minutes=1)


def write_group(served: ServedNewsroom) -> None:
    """Slots of two stations, a worker with a piece, and a dead one."""
    archive = served.archive
    now, slots = archive.now(), SlotLedger(archive)
    for station in ("demo", "other"):
        slots.plan(Slot(station=station, due=now + gap, length_s=30) for gap in (-3 * MINUTE, 30 * MINUTE))
    register = WorkerLedger(archive, now=archive.now)
    register.announce(
        GroupWorker(name="attic-worker-1", machine="attic", version="0.2", stations=("demo", "other"))
    )
    work = WorkLedger(archive, now=archive.now)
    work.plan(Piece(kind="mix", key=f"{name} 08:00", due=now, station=name) for name in ("demo", "other"))
    work.claim("mix", "other 08:00", owner="attic-worker-1", lease=MINUTE)


def test_a_user_sees_the_stations_of_their_roles(tmp_path: Path):
    with served_newsroom(tmp_path, profile=PROFILE + GROUP) as served:
        write_group(served)
        served.accounts.add("norma", PASSWORD, parse_roles(["viewer"]))
        eddie, norma = served.browser("eddie"), served.browser("norma")
        one, everything = eddie.get("/group").text, norma.get("/group").text

        assert 'href="/group"' in eddie.get("/demo/").text
        assert "Group north" in one
        assert "Demo Radio" in one
        assert "late" in one
        for hidden in ("Other Radio", "other 08:00", "attic-worker-1", "no planner"):
            assert hidden not in one
            assert hidden in everything
        assert everything.index("Demo Radio") < everything.index("attic-worker-1")


def test_without_a_group_there_is_no_page(tmp_path: Path):
    with served_newsroom(tmp_path) as served:
        assert served.browser("eddie").get("/group").status_code == 404
        assert "/group" not in served.browser("eddie").get("/demo/").text
