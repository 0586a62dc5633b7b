"""Clock skew: one rule for files dated by a clock that was ahead."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bulletin
from bulletin.runtime.latest_credible_time import latest_made

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_clocks_that_differ_by_minutes_agree_on_what_is_the_newest() -> None:
    assert latest_made(NOW) == NOW + timedelta(minutes=10)


def test_the_tolerance_is_defined_once() -> None:
    """Feed, pages, stories, deliveries, stand-by, health and ledger use the same tolerance."""
    own = [
        path.name
        for path in Path(bulletin.__file__).parent.rglob("*.py")
        if "CLOCKS" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and "CLOCKS" in target.id
    ]

    assert own == ["latest_credible_time.py", "latest_credible_time.py"]
