"""Script -> Script with the passages of the second reader marked. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bulletin.model import Passage, Script, StoryScript

Turns = Literal["stories", "headlines"]


def share_out(script: Script, *, second_reads: Turns) -> Script:
    """
    Mark the passages of the second reader: every other story, or the headlines.

    The first reader always has the opening, the lead and the closing; all cuts of a story have the same
    reader.
    """
    if second_reads == "headlines":
        return replace(script, stories=tuple(_headline_by_second(item) for item in script.stories))
    return replace(
        script,
        stories=tuple(
            replace(item, cuts=tuple(_by_second(cut) for cut in item.cuts)) if number % 2 else item
            for number, item in enumerate(script.stories)
        ),
    )


def _headline_by_second(item: StoryScript) -> StoryScript:
    return replace(item, headline=_by_second(item.headline)) if item.headline else item


def _by_second(passage: Passage) -> Passage:
    return replace(passage, by_second=True)
