from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bulletin.runtime.files.scratch_folder import is_at_work, run_of, scratch_folder

KILLED = """
import os, signal, sys
from pathlib import Path
from bulletin.runtime.files.scratch_folder import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "clip.wav").write_bytes(b"half")
    os._exit(9)
"""


def test_a_run_leaves_no_folder(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "clip.wav").write_bytes(b"sound")

    assert not folder.exists()


def test_an_interrupt_while_it_is_removed_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []
    removed = shutil.rmtree

    def interrupted_once(folder: Path, **how: Any) -> None:
        times.append(folder)
        if len(times) == 1:
            raise KeyboardInterrupt
        removed(folder, **how)

    monkeypatch.setattr("bulletin.runtime.files.scratch_folder.shutil.rmtree", interrupted_once)
    with pytest.raises(KeyboardInterrupt), scratch_folder(tmp_path) as folder:
        (folder / "clip.wav").write_bytes(b"sound")

    assert not folder.exists()


def test_a_killed_run_is_swept_by_the_next_and_a_live_one_is_not(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    left = list(tmp_path.glob("run-*"))

    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        there = set(tmp_path.glob("run-*"))

    assert len(left) == 1
    assert there == {first, second}
    assert not list(tmp_path.glob("run-*"))


def test_the_lock_shows_whether_a_run_is_at_work(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (killed,) = tmp_path.glob("run-*")
    assert not is_at_work(killed.name, folder=tmp_path)

    with scratch_folder(tmp_path) as folder:
        run = run_of(folder / "again" / "clip.wav")
        assert run == folder.name
        assert is_at_work(run, folder=tmp_path)
    assert not is_at_work(run, folder=tmp_path)
