"""Each processor mixes one bulletin at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bulletin.model import Bulletin
from bulletin.pipeline import mix_and_check_bulletin
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.runtime.processor_turns import ProcessorTurns
from tests.pipeline.test_make_bulletin import NOW, profile, station

pytestmark = pytest.mark.slow


class NotedTurns(ProcessorTurns):
    """Turns that tell whether one is taken."""

    is_taken = False

    @contextmanager
    def one(self) -> Iterator[None]:
        with super().one():
            self.is_taken = True
            yield
            self.is_taken = False


def test_a_mix_has_a_turn_on_a_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns, mix, seen = NotedTurns(longest_wait_s=60), mix_and_check_bulletin.mix_bulletin, []

    def watched(*arguments: Any, **options: Any) -> Bulletin:
        seen.append(turns.is_taken)
        return mix(*arguments, **options)

    monkeypatch.setattr(mix_and_check_bulletin, "MIX_TURNS", turns)
    monkeypatch.setattr(mix_and_check_bulletin, "mix_bulletin", watched)
    with station(profile(tmp_path), tmp_path / "output") as built:
        make_bulletin(built, now=NOW)

    assert seen == [True]
    assert not turns.is_taken
