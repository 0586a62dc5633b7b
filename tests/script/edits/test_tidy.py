from __future__ import annotations

import pytest

from bulletin.script.edits.tidy import close_dashes, tidy


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("the ferry claim- 'legacy' backlog", "the ferry claim-'legacy' backlog"),
        ("then- U.S. envoy Joan Pike", "then-U.S. envoy Joan Pike"),
        ("the oldest of boats- the ferry", "the oldest of boats, the ferry"),
        ("two- and three-masted boats", "two- and three-masted boats"),
        ("a boat - made up of barrels - sank", "a boat, made up of barrels, sank"),
        ("a council - run ferry", "a council-run ferry"),
    ],
)
def test_a_hyphen_beside_a_space(written: str, said: str) -> None:
    assert close_dashes(tidy(written)) == said
