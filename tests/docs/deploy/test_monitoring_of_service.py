"""Dashboard and alert rules, asked of a real Prometheus that scrapes a running service."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

import pytest

from tests.support.delivery_servers.base import wait_for
from tests.support.free_ports import free_port
from tests.support.prometheus_server import MONITORING, Prometheus, metrics_in, needs_prometheus, prometheus

RULES = MONITORING / "stations.rules.yml"
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "stations.dashboard.json").read_text("utf-8"))
EMPTY_WHILE_ALL_IS_WELL = {"bulletin_failures_total"}
"""Metrics that this service has no series of."""
MADE = "count_over_time(bulletin_stage_duration_seconds_count[5m]) > 1 and on () bulletin_outbox_pieces"
"""Has a series when a bulletin was made, two scrapes ago, and could not be delivered."""

PROFILE = """\
name = "Hill Radio"
time_zone = "UTC"
length = "0:30"
[[clock.slots]]
at = "{at}"
[[feeds]]
url = "gazette.rss"
[[feeds]]
name = "Dead"
url = "http://127.0.0.1:1/"
[speech]
chain = ["tone"]
[outputs]
make = ["fm", "podcast"]
[[deliveries]]
kind = "folder"
path = "{playout}"
rendition = "podcast"
"""
RSS = """<rss version="2.0"><channel><title>G</title><item><title>Bridge over the Wex to close</title><guid>1</guid>
<pubDate>{date}</pubDate><description>The bridge over the River Wex closes next month for six weeks of repairs. The county
council said drivers should use the A361.</description></item></channel></rss>"""

pytestmark = [pytest.mark.clients, needs_prometheus]


class Query(NamedTuple):
    """One query of a panel."""

    panel: str
    expression: str
    legend: str

    @property
    def asked(self) -> str:
        """The expression with all stations chosen."""
        return self.expression.replace("$station", ".*")


QUERIES = [
    Query(panel["title"], target["expr"], target["legendFormat"])
    for panel in DASHBOARD["panels"]
    for target in panel.get("targets", ())
]


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A service whose feed and delivery fail, and that has just met a slot; and Prometheus, which scrapes it."""
    folder, now = tmp_path_factory.mktemp("station"), datetime.now(UTC)
    (folder / "gazette.rss").write_text(RSS.format(date=format_datetime(now - timedelta(hours=1))), "utf-8")
    (folder / "file").touch()
    profile = PROFILE.format(at=f"{now + timedelta(minutes=2):%H:%M}", playout=folder / "file" / "playout")
    (folder / "hill.toml").write_text(profile, "utf-8")
    health = f"127.0.0.1:{free_port()}"
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bulletin",
                "serve",
                "./hill.toml",
                "--listen",
                f"127.0.0.1:{free_port()}",
                "--health",
                health,
            ],
            cwd=folder,
            env=os.environ | {"BULLETIN_DATA": str(folder / "data")},
            stdout=log,
            stderr=log,
        ) as service,
    ):
        try:
            with prometheus(folder / "prometheus", health, rules=[RULES]) as server:
                wait_for(lambda: bool(server.series(MADE)) or service.poll() is not None, within_s=240)
                assert service.poll() is None, (folder / "log").read_text("utf-8")
                yield server
        finally:
            service.terminate()
            service.wait(120)


def test_every_query_of_the_dashboard_has_an_answer(observed: Prometheus):
    known = observed.metrics()

    for query in QUERIES:
        names = metrics_in(query.expression)
        assert names <= known, (query, names - known)
        series = observed.series(query.asked)
        assert series or names & EMPTY_WHILE_ALL_IS_WELL, query
        for labels in series:
            missing = set(re.findall(r"\{\{(\w+)\}\}", query.legend)) - set(labels)
            assert not missing, (query, missing)


def test_variables_of_the_dashboard_have_values(observed: Prometheus):
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            found = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"])
            assert found, variable
            assert [labels[found[2]] for labels in observed.series(found[1])] == ["hill"]


def test_prometheus_evaluates_every_rule_over_metrics_that_exist(observed: Prometheus):
    known = observed.metrics()
    wait_for(lambda: all(rule["lastEvaluation"][:4] != "0001" for rule in _rules(observed)))

    for rule in _rules(observed):
        assert (rule["health"], rule.get("lastError", "")) == ("ok", ""), rule
        names = metrics_in(rule["query"])
        assert names <= known, (rule["name"], names - known)
        for name in names - EMPTY_WHILE_ALL_IS_WELL:
            assert observed.series(name), (rule["name"], name)


def _rules(observed: Prometheus) -> list[dict[str, Any]]:
    return [rule for group in observed.ask("rules")["groups"] for rule in group["rules"]]
