"""Jobs for the restrained process that misbehave, or tell what they see."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any


def fill_memory(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"size": len(bytearray(3 * 10**9))}


def compute_forever(facts: Mapping[str, Any]) -> dict[str, Any]:
    while True:
        pass


def hang(facts: Mapping[str, Any]) -> dict[str, Any]:
    time.sleep(3600)
    return {}


def crash(facts: Mapping[str, Any]) -> dict[str, Any]:
    os.abort()


def tell_variables(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"names": sorted(os.environ)}
