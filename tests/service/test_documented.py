"""What docs/SERVICE.md lists for engineers is what there is."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import bulletin
from bulletin.service.alerts import Kind
from bulletin.service.clock import TICK_S
from bulletin.service.health import LITTLE_ROOM
from bulletin.service.keeper import STUCK
from bulletin.service.post import GRACE

ROOT = Path(bulletin.__file__).parent.parent
SERVICE = (ROOT / "docs" / "SERVICE.md").read_text(encoding="utf-8")


def test_every_kind_of_alert_is_documented() -> None:
    table = SERVICE.partition("| kind | when |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == {str(kind) for kind in Kind}


def test_limits_are_those_that_are_documented() -> None:
    clock = (ROOT / "docs" / "CLOCK.md").read_text(encoding="utf-8")

    assert f"less than {LITTLE_ROOM // 1024**2} MB are left" in SERVICE
    assert "rings every five seconds" in clock
    assert TICK_S == 5
    assert "up to ten minutes late is still made" in clock
    assert timedelta(minutes=10) == GRACE
    assert "given up after 15 minutes" in clock
    assert timedelta(minutes=15) == STUCK


def test_every_metric_is_documented() -> None:
    code = (ROOT / "bulletin" / "service" / "metrics.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"(bulletin_[a-z_]+)"', code))
    told = {name.removesuffix("_total") for name in re.findall(r"`(bulletin_[a-z_]+)", SERVICE)}

    assert names
    assert told == names
