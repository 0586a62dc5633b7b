"""Sample of `python -m bench.connections`: a service under attack for about a minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.connections import play, report

pytestmark = pytest.mark.faults


def test_slow_connections_cost_no_slot_and_no_health_check(tmp_path: Path) -> None:
    result = play(tmp_path, seconds=60, connections=800, seed=7)

    assert result.faults == [], f"{report(result)}\n{result.log}"
    assert result.clients["made"] > 800
    assert "Traceback" not in result.log
    assert "web connections closed" in result.log
    assert result.most["public descriptors"] > 400  # the server reached its limit
    assert result.most["clock descriptors"] < 200
