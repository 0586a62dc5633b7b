"""The engines of a group stay small: a queue is Procrastinate's work, not ours."""

from __future__ import annotations

import re
from pathlib import Path

import bulletin

ROOT = Path(bulletin.__file__).parent.parent
ENGINES = ROOT / "bulletin" / "group" / "engines"
NOTE = ROOT / "docs" / "decisions" / "0080-procrastinate-and-the-ledger.md"
MOST = 500


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_the_port_and_its_adapters_have_under_500_lines_together() -> None:
    lines = {path.name: lines_of(path) for path in ENGINES.rglob("*.py")}

    assert {"engine_port.py", "procrastinate_engine.py", "thread_engine.py"} <= set(lines)
    assert sum(lines.values()) < MOST, lines


def test_the_design_note_states_the_lines_of_the_adapters() -> None:
    ours = lines_of(ENGINES / "procrastinate_engine.py")
    notify = lines_of(ROOT / "bench" / "queue_engines" / "notify_engine.py")
    note = NOTE.read_text("utf-8")

    assert re.findall(r"^\| lines of the adapter \| (\d+) \| (\d+) \|$", note, re.MULTILINE) == [
        (str(ours), str(notify))
    ]
    assert f"an engine of {notify} lines" in note
