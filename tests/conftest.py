"""What all tests share."""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time: a run that passed must pass again. New ones come with every change of a test.
# And no limit of seconds for an example, which a busy machine would break.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

_FOUND_BY_NAME = {"slow", "faults", "browser", "clients"}


@pytest.fixture(autouse=True)
def logs_as_found() -> Iterator[None]:
    """A command sets how much all handlers tell; pytest's own, by which tests read the log, are among them."""
    root = logging.getLogger()
    before = [(one, one.level) for one in (root, *root.handlers)]
    yield
    for one, level in before:
        one.setLevel(level)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A mark that comes by another way than its name in the file would be left out by `.ci/run`."""
    lost = {
        f"{item.path}: names no mark.{mark.name}"
        for item in items
        for mark in item.iter_markers()
        if mark.name in _FOUND_BY_NAME and mark.name not in _named_in(item.path)
    }
    if lost:
        raise pytest.UsageError("\n".join(sorted(lost)))


def pytest_collection_finish() -> None:
    """Thousands of collected tests need not be looked through whenever Python looks for garbage."""
    gc.collect()
    gc.freeze()


@lru_cache
def _named_in(path: Path) -> frozenset[str]:
    text = path.read_text("utf-8")
    if re.search("import .*pytestmark", text):
        return frozenset(_FOUND_BY_NAME)
    return frozenset(re.findall(r"mark\.(\w+)\b", text))
