"""Each processor mixes one bulletin at a time."""

from __future__ import annotations

from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest

from bulletin.model import Bulletin
from bulletin.pipeline import mix_and_check_bulletin
from bulletin.pipeline.make_bulletin import make_bulletin
from tests.pipeline.test_make_bulletin import NOW, profile, station

pytestmark = pytest.mark.slow


@pytest.fixture
def mixes(monkeypatch: pytest.MonkeyPatch) -> BoundedSemaphore:
    mixes = BoundedSemaphore(1)
    monkeypatch.setattr(mix_and_check_bulletin, "_MIXES", mixes)
    return mixes


def test_no_other_mix_may_begin_on_the_processor_of_a_mix(
    mixes: BoundedSemaphore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix, may_another_begin = mix_and_check_bulletin.mix_bulletin, []

    def watched(*arguments: Any, **options: Any) -> Bulletin:
        may_another_begin.append(mixes.acquire(blocking=False))
        return mix(*arguments, **options)

    monkeypatch.setattr(mix_and_check_bulletin, "mix_bulletin", watched)
    with station(profile(tmp_path), tmp_path / "output") as built:
        make_bulletin(built, now=NOW)
    assert may_another_begin == [False]
    assert mixes.acquire(blocking=False)


def test_a_mix_that_hangs_keeps_no_other_bulletin_off_the_air(
    mixes: BoundedSemaphore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mix_and_check_bulletin, "_LONGEST_WAIT_S", 0.1)
    mixes.acquire()
    with station(profile(tmp_path), tmp_path / "output") as built:
        assert make_bulletin(built, now=NOW).bulletin.renditions
    mixes.release()  # raises where the late mix has released a turn that it did not have
