"""What is heard first names things itself."""

from __future__ import annotations

import pytest

from bulletin.script.edits.context import introduce


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Divers met these barrel jellyfish.", "Divers met barrel jellyfish."),
        ("Both these towns are cut off.", "Both towns are cut off."),
        ("The end of those works is near.", "The end of works is near."),
    ],
)
def test_nothing_is_pointed_at_that_nobody_has_named(text: str, heard: str) -> None:
    assert introduce(text) == heard


@pytest.mark.parametrize(
    "text",
    [
        "Help goes to those who fled.",
        "Help goes to those living there.",
        "Help goes to those affected.",
        "She said all these roads are shut.",
        '"All these roads are shut," she said.',
        "One of these roads is shut.",
        "Most of those roads are shut.",
        "Some would call these streets theirs.",
        "In these times nobody travels.",
    ],
)
def test_what_is_said_beside_it_tells_which(text: str) -> None:
    assert introduce(text) == text
