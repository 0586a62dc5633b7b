"""Processors of this process, and mixes that take turns on them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

import pytest

from bulletin.model import Bulletin
from bulletin.pipeline import mix_and_check_bulletin
from bulletin.pipeline.make_bulletin import make_bulletin
from tests.pipeline.test_make_bulletin import NOW, profile, station

ON_ONE = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); from bulletin.runtime import processors; print(processors.usable_processors())"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no processor affinity")
def test_only_processors_that_a_process_may_use_count() -> None:
    result = subprocess.run([sys.executable, "-c", ON_ONE], capture_output=True, text=True, check=True)
    assert result.stdout == "1\n"


@pytest.mark.slow
@pytest.mark.parametrize("processors", [1, 3])
def test_each_processor_mixes_one_bulletin_at_a_time(
    processors: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix, lock, running, most = mix_and_check_bulletin.mix_bulletin, Lock(), 0, 0

    def counted(*arguments: Any, **options: Any) -> Bulletin:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return mix(*arguments, **options)
        finally:
            with lock:
                running -= 1

    def made(name: str) -> int:
        folder = tmp_path / name
        folder.mkdir()
        with station(profile(folder), folder / "output") as built:
            return len(make_bulletin(built, now=NOW).bulletin.renditions)

    monkeypatch.setattr(mix_and_check_bulletin, "mix_bulletin", counted)
    monkeypatch.setattr(mix_and_check_bulletin, "MIXING", BoundedSemaphore(processors))
    with ThreadPoolExecutor(3) as threads:
        assert all(threads.map(made, "abc"))
    assert 1 <= most <= processors
