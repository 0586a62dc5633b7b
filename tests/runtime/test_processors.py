"""Processors that this process may use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ON_ONE = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); from bulletin.runtime import processors; print(processors.usable_processors())"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no processor affinity")
def test_only_processors_that_a_process_may_use_count() -> None:
    result = subprocess.run([sys.executable, "-c", ON_ONE], capture_output=True, text=True, check=True)
    assert result.stdout == "1\n"
