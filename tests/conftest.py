"""Fixtures and hooks of all tests."""

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
from hypothesis.internal.conjecture import providers

from bulletin.audio.music import load_jingles
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle
from bulletin.imaging import find_shipped_jingle_sets
from bulletin.runtime.redact_secrets import hide
from bulletin.station import build_components_from_profile
from tests.support.postgres_server import postgres_server, postgres_url  # noqa: F401 - fixtures

# The same examples in every run, so that a run that passed passes again. A changed test gets new ones.
# No deadline for an example, because a busy machine would exceed it.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
# No examples from the constants of loaded modules: other processes have loaded others, and reading the source of all of
# them takes each process seconds. Hypothesis has no setting for it.
pytest.MonkeyPatch().setattr(providers, "is_local_module_file", lambda path: False, raising=False)

_UMASK = os.umask(0o022)
os.umask(_UMASK)

# Ten seconds of processor time a bulletin; the tests of the hearing switch it on.
os.environ["BULLETIN_HEARING"] = "off"

_ALL_MARKED = {"faults", "clients", "judges"}
_FOUND_BY_NAME = {"slow", "faults", "browser", "clients"}
_MARK_OF_FILE = re.compile(
    r"^pytestmark = .*\bmark\.(slow|faults|browser|clients|judges|net)\b", re.MULTILINE
)


@pytest.fixture(autouse=True)
def reset_log_levels() -> Iterator[None]:
    """
    Reset the levels of the root logger and of pytest's handlers, since a command raises them.

    Not to what they were before the test: a fixture of a module or session may have run a command earlier.
    """
    _reset_log_levels()
    yield
    _reset_log_levels()


def _reset_log_levels() -> None:
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for handler in root.handlers:
        handler.setLevel(logging.NOTSET)


@pytest.fixture(autouse=True)
def reset_umask() -> Iterator[None]:
    """Reset the umask to that of the session, since a command sets it for its process, which the next test shares."""
    os.umask(_UMASK)
    yield
    os.umask(_UMASK)


@pytest.fixture(autouse=True)
def forget_secrets() -> Iterator[None]:
    """Forget the secrets of a test, since the next test may use the same word openly."""
    yield
    hide.forget()


@pytest.fixture(scope="session", autouse=True)
def prepare_jingles_once() -> Iterator[None]:
    """
    Prepare our own jingles, and draw the same artwork, once for each process.

    A station keeps both in its output folder, but every test has a new output folder.
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
    """Refuse a mark that its file does not name, because `.ci/run` finds marked files by name."""
    lost = {
        f"{item.path}: names no mark.{mark.name}"
        for item in items
        for mark in item.iter_markers()
        if mark.name in _FOUND_BY_NAME and mark.name not in _named_in(item.path)
    }
    if lost:
        raise pytest.UsageError("\n".join(sorted(lost)))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip folders and files in which every test is marked, because their import costs the default run seconds."""
    is_default = config.option.markexpr.startswith("not slow")
    is_named = any(collection_path.name in name for name in config.invocation_params.args)
    return True if is_default and not is_named and _is_all_marked(collection_path) else None


def _is_all_marked(path: Path) -> bool:
    if not path.name.startswith("test_"):
        return path.name in _ALL_MARKED
    return path.is_file() and _MARK_OF_FILE.search(path.read_text("utf-8")) is not None


def pytest_collection() -> None:
    """Collect without garbage collection: all that is made then stays, and to look through it takes half of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Take the thousands of collected tests out of garbage collection."""
    gc.freeze()
    gc.enable()


@lru_cache
def _named_in(path: Path) -> frozenset[str]:
    text = path.read_text("utf-8")
    if re.search("import .*pytestmark", text):
        return frozenset(_FOUND_BY_NAME)
    return frozenset(re.findall(r"mark\.(\w+)\b", text))
