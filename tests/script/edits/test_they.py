from __future__ import annotations

import pytest

from bulletin.script.edits.they import is_they


@pytest.mark.parametrize(
    ("who", "they"),
    [
        ("he said", False),
        ("said Joan Pike.", False),
        ("Pike told the House", False),
        ("ferry minister Joan Pike said", True),
        ("said a spokeswoman for Joan Pike.", True),
        ("the singer said", False),
        ("ferry minister Joan Pike told reporters", False),
        ("one singer at the door said", True),
        ("Joan Pike told a parade", False),
        ("the rowers said", True),
        ("Wexcombe Rowing said", True),
    ],
)
def test_the_we_of_one_who_speaks_for_nobody_else_is_not_told_as_they(who: str, they: bool) -> None:
    assert is_they(who, "Joan Pike sold her boat in May. Wexcombe Rowing bought it.") is they
