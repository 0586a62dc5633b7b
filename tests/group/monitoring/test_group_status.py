"""State of a group from rows of its ledgers: standings of slots, workers, stations that none can serve."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.archive.ledgers.group.waiting_work import HeldPiece
from bulletin.group.monitoring.group_metrics import GroupMetrics
from bulletin.group.monitoring.group_status import (
    GroupStatus,
    SlotStanding,
    WorkerStanding,
    count_slots,
    slot_standing,
    station_standings,
    unserved_stations,
    voices_missing,
    worker_standings,
)
from bulletin.model import Level, SlotRecord, SlotState
from tests.support.factories import NOW

MINUTE = timedelta(minutes=1)
DUE = NOW - 10 * MINUTE


def slot(station: str = "hill", due: datetime = DUE, **fields: object) -> SlotRecord:
    return SlotRecord(station=station, due=due, **fields)  # type: ignore[arg-type]


def worker(name: str = "studio-1", *, silent_s: float = 1, **fields: object) -> GroupWorker:
    seen_at = NOW - timedelta(seconds=silent_s)
    return GroupWorker(name=name, machine="studio", seen_at=seen_at, **fields)  # type: ignore[arg-type]


EARLY, AFTER = DUE - MINUTE, DUE + MINUTE


@pytest.mark.parametrize(
    ("row", "standing"),
    [
        (slot(state=SlotState.DONE, level=Level.FRESH, ready_at=EARLY), "ready"),
        (slot(state=SlotState.DONE, level=Level.PARTIAL, ready_at=AFTER), "late"),
        # the stand-by aired in time, the news replaced it
        (slot(state=SlotState.DONE, level=Level.FRESH, ready_at=AFTER, standby=Level.IDENT, standby_at=EARLY), "ready"),
        (slot(state=SlotState.DONE, level=Level.LAST_GOOD, ready_at=EARLY), "stand-by"),
        (slot(state=SlotState.WORKING, standby=Level.LAST_GOOD, standby_at=EARLY), "stand-by"),
        (slot(state=SlotState.WORKING), "late"),
        (slot(state=SlotState.MISSED), "missed"),
        (slot(due=NOW + MINUTE), "due"),
        (slot(due=NOW + MINUTE, standby=Level.IDENT, standby_at=NOW - MINUTE), "due"),
        (slot(due=NOW + MINUTE, state=SlotState.DONE, level=Level.FRESH, ready_at=NOW), "ready"),
    ],
)  # fmt: skip
def test_standing_of_a_slot(row: SlotRecord, standing: str):
    assert slot_standing(row, now=NOW) == standing


def test_slots_and_stations_are_counted_before_and_after_now():
    rows = [
        slot(due=DUE - 30 * MINUTE, state=SlotState.MISSED),
        slot(state=SlotState.DONE, level=Level.FRESH, ready_at=EARLY),
        slot(due=NOW + 20 * MINUTE),
        slot(due=NOW + 50 * MINUTE),
        slot("valley", due=NOW, note="no story"),
    ]

    past, coming = count_slots(rows, now=NOW)
    hill, moor, valley = station_standings(rows, now=NOW, stations=["moor"], unserved={})

    assert past == {SlotStanding.MISSED: 1, SlotStanding.READY: 1, SlotStanding.LATE: 1}
    assert coming == {SlotStanding.DUE: 2}
    assert (hill.last_standing, hill.next_due) == (SlotStanding.READY, NOW + 20 * MINUTE)
    assert (moor.last, moor.next_due) == (None, None)
    assert GroupStatus(group="north", at=NOW, stations=(hill, valley), workers=alive()).troubles == (
        f"valley: the slot of {NOW:%H:%M} UTC is late (no story)",
    )


def alive() -> tuple[WorkerStanding, ...]:
    both = worker(voices=("hibari:demo",), stations=("hill",)), worker("planner-1", role="planner")
    return worker_standings(both, (), now=NOW)[0]


def test_a_changed_profile_that_is_refused_is_named_once_for_all_machines():
    refused = {"hill": "hill.toml:3: no such option; the previous profile stays in force"}
    workers = (
        worker(stations=("hill",), refused=refused),
        worker("studio-2", stations=("hill",), refused=refused),
        worker("studio-3", stations=("hill",), refused={"valley": "missing"}),
        worker("planner-1", role="planner"),
    )
    standings, _ = worker_standings(workers, (), now=NOW)

    assert GroupStatus(group="north", at=NOW, workers=standings).troubles == (
        f"hill: its changed profile is refused on studio: {refused['hill']}",
    )


def test_a_silent_worker_is_dead_and_its_pieces_are_shown():
    piece = HeldPiece(kind="mix", key="hill 08:00", owner="studio-2", station="hill", due=DUE)
    stray = HeldPiece(kind="speak", key="ab12", owner="gone-7", due=DUE)

    standings, strays = worker_standings([worker(), worker("studio-2", silent_s=61)], [piece, stray], now=NOW)

    assert [(one.is_alive, one.holds) for one in standings] == [(True, ()), (False, (piece,))]
    assert strays == (stray,)


def test_a_station_is_unserved_if_every_live_worker_refuses_or_lacks_its_profile():
    workers = [
        worker(stations=("hill",), refused={"valley": "line 3: no such option"}),
        worker("studio-2", stations=("moor",), refused={"hill": "no such file"}),
        worker("studio-3", silent_s=999, stations=("coast", "valley")),
    ]
    standings, _ = worker_standings(workers, (), now=NOW)

    assert unserved_stations(standings, stations=["hill", "moor", "coast"]) == {
        "coast": "no worker has its profile",
        "valley": "studio: line 3: no such option",
    }
    assert unserved_stations((), stations=["hill"]) == {}


def test_a_station_that_was_removed_from_planners_and_workers_is_no_trouble():
    """Its last slot is an hour in the ledger."""
    workers = [worker(stations=("hill",)), worker("a", role="planner", clocks={"hill": "1", "coast": "1"})]
    standings, _ = worker_standings(workers, (), now=NOW)
    stations = ["hill", "moor", "coast"]

    assert unserved_stations(standings, stations=stations) == {"coast": "no worker has its profile"}
    assert set(unserved_stations(standings, stations=stations, asked=["moor"])) == {"coast", "moor"}


def test_a_sign_of_life_after_this_look_is_no_negative_time():
    (standing,), _ = worker_standings([worker(silent_s=-0.3)], (), now=NOW)
    assert (standing.is_alive, standing.silent_s) == (True, 0.0)


def test_a_voice_is_missing_if_no_live_worker_has_it():
    workers = [worker(voices=("hibari:demo",)), worker("studio-3", silent_s=999, voices=("kokoro:af",))]
    standings, _ = worker_standings(workers, (), now=NOW)
    needed = {"hibari:demo": ("hill",), "kokoro:af": ("", "valley")}

    assert voices_missing(standings, needed=needed) == {"kokoro:af": ("", "valley")}


def test_a_voice_that_a_profile_names_first_and_no_live_worker_has_is_missing():
    """No sentence waits for it: the next voice reads."""
    lacking = {"kokoro:af": ("valley",), "hibari:demo": ("hill",)}
    workers = [
        worker("a", lacking=lacking),
        worker("b", voices=("hibari:demo",), lacking={"kokoro:af": ("moor",)}),
    ]
    standings, _ = worker_standings(workers, (), now=NOW)

    assert voices_missing(standings, needed={}) == {"kokoro:af": ("moor", "valley")}


def test_troubles_name_the_thing_and_the_remedy():
    (standing,) = station_standings(
        (), now=NOW, stations=["moor"], unserved={"moor": "no worker has its profile"}
    )
    status = GroupStatus(
        group="north",
        at=NOW,
        clock_ahead_s=-30.2,
        stations=(standing,),
        voices_missing={"kokoro:af": ("", "valley")},
    )

    assert status.troubles == (
        "moor: no worker can serve it; no worker has its profile",
        "no worker is alive: start `bulletin group worker`",
        "no planner is alive: start `bulletin group plan`",
        (
            "no worker can use the voice kokoro:af, needed by valley: a worker's log says why; "
            "install it, or change [speech] chain"
        ),
        "the clock of this machine is 30 s behind the database's: check its NTP",
    )
    assert GroupStatus(group="north", at=NOW, workers=alive()).troubles == ()


def test_a_service_is_worker_and_planner():
    standings, _ = worker_standings([worker("valley", role="service", stations=("hill",))], (), now=NOW)
    status = GroupStatus(group="north", at=NOW, workers=standings)

    assert status.troubles == ()
    assert unserved_stations(standings, stations=["hill", "moor"]) == {"moor": "no worker has its profile"}
    shown = GroupMetrics(lambda: status).exposition().decode()
    assert 'bulletin_group_workers{role="worker",state="alive"} 1.0' in shown
    assert 'bulletin_group_workers{role="planner",state="alive"} 1.0' in shown


def test_planners_whose_profiles_differ_in_their_slots_are_named():
    planners = (
        worker("a", role="planner", clocks={"hill": "1", "moor": "1"}),
        worker("b", role="planner", clocks={"hill": "2", "moor": "1"}),
        worker("old", role="planner", clocks={"moor": "2"}, silent_s=120),
    )
    standings, _ = worker_standings((*planners, worker("c")), (), now=NOW)
    assert GroupStatus(group="north", at=NOW, workers=standings).troubles == (
        "old on studio has been silent for 2 min: start it again; one that was replaced is forgotten after two days",
        "hill: planners have different slots of it (a, b): give their machines the same profile",
    )
