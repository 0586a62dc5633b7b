"""Two texts -> the lines that differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher


def changed_lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    """
    Lines that differ, in their order: "del" and "ins" with their text.

    Whole lines are compared: `difflib.ndiff`, which also looks for lines that are alike, takes a minute for two lists
    of four hundred.

    >>> list(changed_lines("a = 1\\nb = 2", "a = 1\\nb = 3"))
    [('del', 'b = 2'), ('ins', 'b = 3')]
    """
    before, after = old.splitlines(), new.splitlines()
    for tag, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if tag != "equal":
            yield from (("del", line) for line in before[first:last])
            yield from (("ins", line) for line in after[start:end])
