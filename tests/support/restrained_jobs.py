"""Jobs for the restrained process that misbehave, or tell what they see."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from bulletin.runtime.restrained_process import report_progress


def fill_memory(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"size": len(bytearray(3 * 10**9))}


def compute_forever(facts: Mapping[str, Any]) -> dict[str, Any]:
    while True:
        pass


def count_to_three(facts: Mapping[str, Any]) -> dict[str, Any]:
    for number in range(3):
        report_progress(number + 1)
        sys.stderr.write("a library's own words\n")
    return {"count": 3}


def hang(facts: Mapping[str, Any]) -> dict[str, Any]:
    time.sleep(3600)
    return {}


def crash(facts: Mapping[str, Any]) -> dict[str, Any]:
    os.abort()


def tell_variables(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"names": sorted(os.environ)}
