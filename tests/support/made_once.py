"""Result that all worker processes of a test run share: the first that needs it makes it, the others wait."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import pytest

from bulletin.runtime.files.file_lock import hold

Result = TypeVar("Result")

_WAIT_S = 300.0


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Result]) -> Result:
    """
    Call `make` with an empty folder, once in a test run, and return its result in every worker process.

    The result must survive pickling, and nobody may change the folder.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, kept = shared / name, shared / f"{name}.pickle"
    with hold(shared / f"{name}.lock", wait_s=_WAIT_S):
        if not kept.exists():
            folder.mkdir(exist_ok=True)
            result = make(folder)
            kept.write_bytes(pickle.dumps(result))
    return cast(Result, pickle.loads(kept.read_bytes()))
