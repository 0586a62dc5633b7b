"""State of a group as lines: what needs a look is shown, the rest is counted."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.archive.ledgers.group.waiting_work import HeldPiece
from bulletin.config.tables.group_options import GroupOptions
from bulletin.group.monitoring.find_store_problem import find_store_problem
from bulletin.group.monitoring.group_status import GroupStatus, SlotStanding, StationStanding, WorkerStanding
from bulletin.group.monitoring.group_status_text import status_data, status_lines
from bulletin.model import SlotRecord
from bulletin.station.group_files.check_store_of_group import IDENTITY
from tests.support.factories import NOW

SECOND = timedelta(seconds=1)
PIECES = tuple(HeldPiece(kind="speak", key=f"s{number}", owner="studio-1", due=NOW) for number in range(5))
HILL = StationStanding(
    station="hill",
    last=SlotRecord(station="hill", due=NOW, note="no voice"),
    last_standing=SlotStanding.LATE,
    next_due=NOW + timedelta(hours=1),
    next_standing=SlotStanding.DUE,
)
FINE = StationStanding(
    station="valley", last=SlotRecord(station="valley", due=NOW), last_standing=SlotStanding.READY
)
STATUS = GroupStatus(
    group="north",
    at=NOW + 5 * SECOND,
    stations=(HILL, FINE),
    past={SlotStanding.LATE: 1, SlotStanding.READY: 1},
    coming={SlotStanding.DUE: 1},
    workers=(
        WorkerStanding(
            worker=GroupWorker(name="studio-1", machine="studio", version="0.2", seen_at=NOW),
            is_alive=True,
            silent_s=5,
            holds=PIECES,
        ),
        WorkerStanding(
            worker=GroupWorker(name="plan-1", role="planner", machine="attic", seen_at=NOW - 600 * SECOND),
            is_alive=False,
            silent_s=600,
        ),
    ),
    waiting={"mix": 1},
    working={"speak": 5},
    queue_age_s=3,
    canary_age_s=12,
)


def test_lines_show_what_needs_a_look():
    text = "\n".join(status_lines(STATUS))

    assert f"group north: 2 stations, {NOW + 5 * SECOND:%a %d %b %H:%M:%S} UTC" in text
    assert "last hour  1 ready, 1 late" in text
    assert (
        "queue      1 waiting (1 mix); 5 in work (5 speak); oldest ready for 3 s; last test job 12 s ago"
        in text
    )
    assert (
        "studio-1 (worker on studio, version 0.2, seen 5 s ago): speak s0, speak s1, speak s2, 2 more" in text
    )
    assert "plan-1 (planner on attic, version unknown, SILENT, seen 10 min ago): idle" in text
    assert f"hill  {NOW:%H:%M} LATE (no voice); next {NOW + timedelta(hours=1):%H:%M} due" in text
    assert "valley  " not in text
    assert "1 other station without trouble (--all lists them)" in text
    assert f"! hill: the slot of {NOW:%H:%M} UTC is late (no voice)" in text
    assert "! no planner is alive: start `bulletin group plan`" in text
    assert f"valley  {NOW:%H:%M} ready" in "\n".join(status_lines(STATUS, all_stations=True))


def test_data_has_every_part_of_the_state():
    data = status_data(replace(STATUS, canary_age_s=None))

    assert data["slots"] == {"last_hour": {"late": 1, "ready": 1}, "next_hour": {"due": 1}}
    assert data["queue"]["canary_age_s"] is None
    assert [len(worker["holds"]) for worker in data["workers"]] == [5, 0]
    assert data["stations"][0]["last"] == {"due": NOW.isoformat(), "standing": "late", "note": "no voice"}
    assert len(data["troubles"]) == 3


def test_the_key_of_a_sentence_is_short():
    piece = HeldPiece(kind="speak", key="ab12cd34" * 8, owner="studio-1", due=NOW)
    (one, _) = STATUS.workers
    text = "\n".join(status_lines(replace(STATUS, workers=(replace(one, holds=(piece,)),))))
    assert "seen 5 s ago): speak ab12cd34…\n" in text


def test_a_store_that_cannot_be_used_is_a_trouble(tmp_path: Path):
    def problem(folder: Path) -> str:
        return find_store_problem(
            GroupOptions(database="postgresql://db/news", store=str(folder), name="north")
        )

    store, other = tmp_path / "store", tmp_path / "other"
    for folder, owner in ((store, "north"), (other, "south")):
        folder.mkdir()
        (folder / IDENTITY).write_text(f"{owner} 12ab", "ascii")

    assert problem(store) == ""
    assert "no such folder" in problem(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()
    assert 'belongs to the group "south"' in problem(other)
    (trouble,) = set(replace(STATUS, store_problem=problem(other)).troubles) - set(STATUS.troubles)
    assert trouble == problem(other)


def test_a_store_that_does_not_answer_holds_the_status_for_seconds(tmp_path: Path):
    os.mkfifo(tmp_path / IDENTITY)  # a file whose read does not end
    group = GroupOptions(database="postgresql://db/news", store=str(tmp_path), name="north")
    assert find_store_problem(group, within_s=0.05) == (
        f"store {tmp_path}: no answer within 0.05 s; start its server, or mount its share"
    )
    with (tmp_path / IDENTITY).open("wb"):
        """The reader ends."""
