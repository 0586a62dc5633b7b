"""Processors that this process may use."""

from __future__ import annotations

import os


def usable_processors() -> int:
    """Processors on which the system lets this process run: less than the machine's in many containers."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
