"""Processors that this process may use, and the pieces of heavy work that share them."""

from __future__ import annotations

import os
from threading import BoundedSemaphore


def usable_processors() -> int:
    """Processors on which the system lets this process run: less than the machine's in many containers."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


MIXING = BoundedSemaphore(usable_processors())
"""
Held by each mix while it computes, so that a processor has one at a time.

Measured: two that share a processor take an eighth more processor time than one after the other
(`python -m bench.group --voice hibari --stations 50 --length 2:00 --one-core-each`).
"""
