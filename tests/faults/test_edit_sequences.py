"""Random edits by two editors, new readings of the feeds and kill -9 between them: none lost, none applied twice."""

from __future__ import annotations

import pytest

from bench.edit_sequences import run_all


@pytest.mark.faults
@pytest.mark.slow
def test_no_edit_is_lost_or_applied_twice_and_every_aired_word_has_its_origin() -> None:
    shown: list[str] = []
    failed = run_all(range(6), 15, show=shown.append)

    assert not failed, "\n".join(shown)
    assert " killed processes" in shown[-1]
    assert " edited sentences" in shown[-1]
