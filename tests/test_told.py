"""What a run says of its stages."""

from __future__ import annotations

import pytest

from bulletin.model import Chosen, Left
from bulletin.told import counted, tell_chosen, tell_held_back


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [(1, ("feed",), "1 feed"), (2, ("feed",), "2 feeds"), (0, ("story", "stories"), "0 stories")],
)
def test_one_is_one(number: int, words: tuple[str, ...], said: str) -> None:
    assert counted(number, *words) == said


def test_what_limits_kept_out_is_counted_and_nothing_else() -> None:
    left = [
        Left(title="x", reason="already 3", limit=name) for name in ("per_source", "most", "per_source", "")
    ]
    chosen = Chosen(stories=(), left=tuple(left))

    assert tell_held_back(chosen) == (
        "[stories] kept out, though fit: 2 stories by per_source, 1 story by most",
    )
    assert tell_held_back(Chosen(stories=(), left=())) == ()
    assert tell_chosen(chosen) == "0 stories, 4 left out"
