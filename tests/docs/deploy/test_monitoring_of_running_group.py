"""Dashboard, alert rules and docs/GROUP.md, compared with what a planner of a working group answers to Prometheus."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.delivery_servers.base import wait_for
from tests.support.free_ports import free_port
from tests.support.group_processes import GroupProcesses, run_group
from tests.support.postgres_server import PostgresServer
from tests.support.prometheus_server import MONITORING, Prometheus, needs_prometheus, prometheus

GROUP_MD = Path(__file__).parents[3] / "docs" / "GROUP.md"
METRICS_OF_TROUBLES = {"bulletin_group_unserved", "bulletin_group_voice_missing"}
"""They have no series in a group that is well."""
PANELS_OF_TROUBLES = {"Stations without news"}
SILENT_ALERTS = {
    "BulletinGroupDatabaseGone",
    "BulletinGroupNotObserved",
    "BulletinGroupNoWorker",
    "BulletinGroupStationUnserved",
    "BulletinGroupVoiceMissing",
    "BulletinGroupVersionsDiffer",
}
"""Alerts that would be false in this group, however busy the machine is."""
_DIRECT = build_opener(ProxyHandler({}))

pytestmark = [pytest.mark.clients, needs_prometheus]
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedGroup:
    """A planner, and the Prometheus that scrapes it."""

    health: str
    server: Prometheus

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an answer of the planner."""
        with _DIRECT.open(f"http://{self.health}{path}", timeout=60) as reply:
            return reply.status, reply.read().decode()


@pytest.fixture(scope="module")
def observed(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[ObservedGroup]:
    """Two stations whose slot is done and over."""
    home, database = tmp_path_factory.mktemp("group"), postgres_server.make_archive()
    health = f"127.0.0.1:{free_port()}"
    with run_group(home, database) as group:
        due = group.write(stations=2, minutes=2)
        group.start("planner", "plan", "--health", health)
        group.start("one", "worker")
        group.wait_until_done(due, stations=2)
        with prometheus(home / "prometheus", health, rules=[MONITORING / "group.rules.yml"]) as server:
            group.wait(lambda: _is_shown(server, group), "the last slot of two stations in Prometheus")
            yield ObservedGroup(health=health, server=server)
    postgres_server.drop(database)


def _is_shown(server: Prometheus, group: GroupProcesses) -> bool:
    """Whether the slot's time has passed, and the queue has carried a test job, as Prometheus knows it."""
    ended = {name: group.log_of(name) for name, one in group.processes.items() if one.poll() is not None}
    assert not ended
    with suppress(URLError, ConnectionError):
        has_canary = server.series("bulletin_group_canary_age_seconds >= 0")
        return bool(has_canary) and len(server.series("bulletin_group_last_slot")) == 2
    return False


def test_a_planner_at_work_is_healthy(observed: ObservedGroup):
    status, text = observed.get("/healthz")

    assert (status, json.loads(text)) == (200, {"alive": True, "problem": ""})


def test_every_query_of_the_dashboard_has_an_answer(observed: ObservedGroup):
    observed.server.check_dashboard(
        MONITORING / "group.dashboard.json", empty=METRICS_OF_TROUBLES, empty_panels=PANELS_OF_TROUBLES
    )


def test_prometheus_evaluates_every_rule_over_metrics_that_exist(observed: ObservedGroup):
    observed.server.check_rules(empty=METRICS_OF_TROUBLES)


def test_a_group_that_is_well_raises_no_alert(observed: ObservedGroup):
    results = {rule["name"]: observed.server.series(rule["query"]) for rule in observed.server.rules()}

    assert results.keys() >= SILENT_ALERTS
    assert {name: series for name, series in results.items() if series and name in SILENT_ALERTS} == {}


def test_the_documented_metrics_are_those_of_a_planner_with_their_labels(observed: ObservedGroup):
    row = re.compile(r"^\| `(bulletin_group_\w+)(?:\{([\w,]+)\})?` \|", re.MULTILINE)
    rows = row.findall(GROUP_MD.read_text("utf-8"))
    documented = {name: set(filter(None, labels.split(","))) for name, labels in rows}
    families = list(text_string_to_metric_families(observed.get("/metrics")[1]))

    assert {family.name for family in families} == documented.keys()
    for family in families:
        labels = [set(sample.labels) for sample in family.samples]
        assert labels or family.name in METRICS_OF_TROUBLES, family.name
        assert all(one == documented[family.name] for one in labels), (family.name, labels)


def test_an_answer_names_every_process_and_kind_of_piece_of_the_group(observed: ObservedGroup):
    def values(name: str, label: str) -> set[str]:
        return {one[label] for one in observed.server.series(name)}

    wait_for(lambda: values("bulletin_group_worker_pieces", "worker") == {"planner", "one"})
    assert values("bulletin_group_last_slot", "station") == {"st0", "st1"}
    assert values('bulletin_group_workers{state="alive"} == 1', "role") == {"worker", "planner"}
    assert values('bulletin_group_pieces_last_hour{state="done"} > 0', "kind") >= {"draft", "mix"}
