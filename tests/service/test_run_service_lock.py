"""Service lock: one service for each station, and status checks never block a start."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import RunningError
from bulletin.runtime.files.file_lock import hold
from bulletin.service.is_station_served import is_served, service_lock
from bulletin.service.run_service import _take_locks


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedProfile:
    (tmp_path / "hill.toml").write_text('name = "Hill"\n', encoding="utf-8")
    return load_profile(str(tmp_path / "hill.toml"))


def held_for_a_moment(path: Path) -> threading.Timer:
    """Hold the lock as `bulletin status` does; the returned timer releases it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = ExitStack()
    lock.enter_context(hold(path))
    timer = threading.Timer(0.05, lock.close)
    timer.start()
    return timer


def test_a_status_check_does_not_block_a_start(loaded: LoadedProfile, tmp_path: Path) -> None:
    timer = held_for_a_moment(service_lock(tmp_path, "hill"))

    with ExitStack() as stack:
        _take_locks(stack, [loaded], tmp_path)
        assert is_served(tmp_path, "hill")
    timer.join()
    assert not is_served(tmp_path, "hill")


@pytest.mark.slow
def test_a_second_service_is_refused(loaded: LoadedProfile, tmp_path: Path) -> None:
    with ExitStack() as first, ExitStack() as second:
        _take_locks(first, [loaded], tmp_path)
        with pytest.raises(RunningError, match="another service already runs this station"):
            _take_locks(second, [loaded], tmp_path)
