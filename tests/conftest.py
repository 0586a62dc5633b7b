"""What all tests share."""

from __future__ import annotations

import gc
import logging
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bulletin.audio.music import load_jingles
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle
from bulletin.imaging import find_shipped_jingle_sets
from bulletin.runtime.redact_secrets import hide
from bulletin.station import build_components_from_profile

# The same examples every time: a run that passed must pass again. New ones come with every change of a test.
# And no limit of seconds for an example, which a busy machine would break.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

_ALL_MARKED = {"faults", "clients", "judges"}
_FOUND_BY_NAME = {"slow", "faults", "browser", "clients"}


@pytest.fixture(autouse=True)
def restore_log_levels() -> Iterator[None]:
    """A command sets how much all handlers tell; pytest's own, by which tests read the log, are among them."""
    root = logging.getLogger()
    before = [(logger_or_handler, logger_or_handler.level) for logger_or_handler in (root, *root.handlers)]
    yield
    for logger_or_handler, level in before:
        logger_or_handler.setLevel(level)


@pytest.fixture(autouse=True)
def restore_umask() -> Iterator[None]:
    """A command keeps its files private for the rest of its process; in tests the next one shares that process."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def no_secret_known() -> Iterator[None]:
    """What a profile of one test calls a secret may be a word of another's."""
    yield
    hide.forget()


@pytest.fixture(scope="session", autouse=True)
def ours_is_made_once() -> Iterator[None]:
    """
    Our own jingles as they are played, and what is drawn of the same words, are made once by each process.

    Every test has an output folder of its own, in which a station would keep them for its next runs.
    """
    ours, make = Path(find_shipped_jingle_sets.__file__).parent, load_jingles._prepare_jingle
    again = lru_cache(make)

    def make_once(path: Path, *args: Any, **wishes: Any) -> PreparedJingle:
        if not path.is_relative_to(ours):
            return make(path, *args, **wishes)
        record = again(path, *args, **wishes)
        record.samples.flags.writeable = record.powers.flags.writeable = False
        return record

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load_jingles, "_prepare_jingle", make_once)
        patch.setattr(
            build_components_from_profile, "_draw", lru_cache(build_components_from_profile._draw.__wrapped__)
        )
        patch.setattr(
            build_components_from_profile,
            "_shrink",
            lru_cache(build_components_from_profile._shrink.__wrapped__),
        )
        yield


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


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folders out in which every test is marked: to import them takes the default run seconds."""
    is_default = config.option.markexpr.startswith("not slow")
    is_named = any(collection_path.name in name for name in config.invocation_params.args)
    return True if is_default and collection_path.name in _ALL_MARKED and not is_named else None


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
