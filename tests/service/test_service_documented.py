"""docs/SERVICE.md lists the real alerts, limits and metrics."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import bulletin
from bulletin.service.monitoring.alert_rules import AlertKind
from bulletin.service.monitoring.station_health import LITTLE_ROOM
from bulletin.service.public_server.forward_to_service import RequestGate
from bulletin.service.resources.limit_http_connections import ConnectionLimits
from bulletin.service.slots.run_slot_jobs import STUCK
from bulletin.service.start_http_servers import HEALTH, INSIDE
from bulletin.service.supervisor_round_timer import ROUND_S
from bulletin.service.worker_base_classes import GRACE

ROOT = Path(bulletin.__file__).parent.parent
SERVICE = (ROOT / "docs" / "SERVICE.md").read_text(encoding="utf-8")


def test_every_kind_of_alert_is_documented() -> None:
    table = SERVICE.partition("| kind | when |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == {str(kind) for kind in AlertKind}


def test_limits_are_as_documented() -> None:
    clock = (ROOT / "docs" / "CLOCK.md").read_text(encoding="utf-8")

    assert f"less than {LITTLE_ROOM // 1024**2} MB are left" in SERVICE
    assert "Every five seconds, by monotonic time" in clock
    assert ROUND_S == 5
    assert "up to ten minutes late is still made" in clock
    assert timedelta(minutes=10) == GRACE
    assert "given up after 15 minutes" in clock
    assert timedelta(minutes=15) == STUCK


def test_limits_of_the_web_server_are_as_documented() -> None:
    serving = (ROOT / "docs" / "SERVING.md").read_text(encoding="utf-8")
    public, gate = ConnectionLimits(), RequestGate()

    assert f"{public.connections} open, or fewer" in serving
    assert f"{public.per_client} of one client (an IPv4 address" in serving
    assert f"complete within {public.request_s:.0f} s" in serving
    assert f"must read about 60 kB in {public.send_s:.0f} s" in serving
    assert (
        f"{gate.at_once} open, {gate.per_s:.0f} a second on average ({gate.burst:.0f} in a burst); "
        f"from one client {gate.at_once_per_client} open, {gate.per_s / 2:.0f} a second ({gate.burst / 2:.0f} in a burst)"
    ) in serving
    assert f"{INSIDE.connections} connections, {INSIDE.per_client} of one client" in serving
    assert f"`127.0.0.1:{HEALTH.port}`" in SERVICE


def test_every_metric_is_documented() -> None:
    code = (ROOT / "bulletin" / "service" / "monitoring" / "prometheus_metrics.py").read_text(
        encoding="utf-8"
    )
    names = set(re.findall(r'"(bulletin_[a-z_]+)"', code))
    documented = {name.removesuffix("_total") for name in re.findall(r"`(bulletin_[a-z_]+)", SERVICE)}

    assert names
    assert documented == names
