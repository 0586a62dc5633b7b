from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bulletin.scratch import scratch_folder, sweep_runs

KILLED = """
import os, signal, sys
from pathlib import Path
from bulletin.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "clip.wav").write_bytes(b"half")
    os._exit(9)
"""


def test_a_run_leaves_no_folder(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "clip.wav").write_bytes(b"sound")

    assert not folder.exists()


def test_a_killed_run_is_swept_by_the_next_and_a_live_one_is_not(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    left = list(tmp_path.glob("run-*"))

    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        there = set(tmp_path.glob("run-*"))

    assert len(left) == 1
    assert there == {first, second}
    assert sweep_runs(tmp_path) == 0
