"""Dashboard and alert rules of a group, asked of a real Prometheus that scrapes a planner's health address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bulletin.archive.ledgers.group.group_workers import GroupWorker
from bulletin.archive.ledgers.group.waiting_work import HeldPiece
from bulletin.group.monitoring.group_metrics import GroupMetrics
from bulletin.group.monitoring.group_status import GroupStatus, SlotStanding, StationStanding, WorkerStanding
from bulletin.group.monitoring.health_server import serve_health
from bulletin.model import SlotRecord, SlotState
from tests.support.factories import NOW
from tests.support.prometheus_server import MONITORING, Prometheus, needs_prometheus, prometheus

pytestmark = [pytest.mark.clients, needs_prometheus]

PIECE = HeldPiece(kind="mix", key="hill 08:00", owner="studio-1", station="hill", due=NOW)
TROUBLED = GroupStatus(
    group="north",
    at=NOW,
    clock_ahead_s=-30.0,
    stations=(
        StationStanding(
            station="hill",
            last=SlotRecord(station="hill", due=NOW, state=SlotState.MISSED),
            last_standing=SlotStanding.MISSED,
        ),
        StationStanding(station="moor", unserved="no worker has its profile"),
    ),
    past={SlotStanding.MISSED: 1, SlotStanding.READY: 3},
    coming={SlotStanding.DUE: 4},
    workers=(
        WorkerStanding(
            worker=GroupWorker(
                name="studio-1", machine="studio", version="0.2", seen_at=NOW - timedelta(seconds=90)
            ),
            is_alive=False,
            holds=(PIECE,),
        ),
    ),
    waiting={"speak": 4},
    working={"mix": 1},
    done={"mix": 3},
    failed={"feed": 9},
    queue_age_s=75.0,
    canary_age_s=200.0,
    voices_missing={"kokoro:af": ("hill", "moor")},
)


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A group in trouble: every metric has a series."""
    metrics, rules = GroupMetrics(lambda: TROUBLED), [MONITORING / "group.rules.yml"]
    with serve_health(("127.0.0.1", 0), find_problem=lambda: "", metrics=metrics) as server:
        address = server.address.removeprefix("http://")
        with prometheus(tmp_path_factory.mktemp("group"), address, rules=rules) as observer:
            yield observer


def test_every_query_of_the_dashboard_has_an_answer(observed: Prometheus):
    observed.check_dashboard(MONITORING / "group.dashboard.json")


def test_prometheus_evaluates_every_rule_over_metrics_that_exist(observed: Prometheus):
    observed.check_rules()
