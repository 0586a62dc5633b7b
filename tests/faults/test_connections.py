"""A sample of `python -m bench.connections`: a service under attack for about a minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.connections import play, report

pytestmark = pytest.mark.faults


def test_slow_connections_cost_no_slot_and_health_is_told(tmp_path: Path) -> None:
    found = play(tmp_path, seconds=60, connections=800, seed=7)

    assert found.faults == [], f"{report(found)}\n{found.log}"
    assert found.clients["made"] > 800
    assert "Traceback" not in found.log
    assert "web connections closed" in found.log
    assert found.most["public descriptors"] > 400  # it was full
    assert found.most["clock descriptors"] < 200
