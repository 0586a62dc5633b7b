"""Script -> Script with the passages of the second reader marked. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bulletin.model import Script, StoryScript

Turns = Literal["stories", "headlines"]


def share_out(script: Script, *, second_reads: Turns) -> Script:
    """
    Mark the passages of the second reader: every other story, or the headlines.

    The first reader always has the opening, the lead and the closing; all cuts of a story have the same
    reader.
    """
    stories = tuple(
        _mark_headline(story) if second_reads == "headlines" else _mark_cuts(story) if number % 2 else story
        for number, story in enumerate(script.stories)
    )
    return replace(script, stories=stories)


def _mark_headline(story: StoryScript) -> StoryScript:
    return replace(story, headline=story.headline and replace(story.headline, by_second=True))


def _mark_cuts(story: StoryScript) -> StoryScript:
    return replace(story, cuts=tuple(replace(cut, by_second=True) for cut in story.cuts))
