"""Dashboard and alert rules, asked of a real Prometheus that scrapes a running service."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.support.delivery_servers.base import wait_for
from tests.support.free_ports import free_port
from tests.support.prometheus_server import MONITORING, Prometheus, needs_prometheus, prometheus

RULES = MONITORING / "stations.rules.yml"
DASHBOARD = MONITORING / "stations.dashboard.json"
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
    observed.check_dashboard(DASHBOARD, empty=EMPTY_WHILE_ALL_IS_WELL)


def test_prometheus_evaluates_every_rule_over_metrics_that_exist(observed: Prometheus):
    observed.check_rules(empty=EMPTY_WHILE_ALL_IS_WELL)
