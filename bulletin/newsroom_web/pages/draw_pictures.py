"""Numbers -> paths and places of the SVG pictures in the templates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bulletin.newsroom.views.aired.log_of_bulletins import LoggedPassage

WAVE_WIDTH, WAVE_HEIGHT = 1000, 100
"""Units of a waveform's viewBox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMark:
    """The start of a story on the waveform."""

    x: float
    """From 0 to WAVE_WIDTH."""
    number: int
    """From 1, as in the list below the picture."""
    title: str
    start_s: float


def wave_path(bars: Sequence[int]) -> str:
    """Outline of a waveform of bars of 1 to 100, around the middle; empty without bars. A shape is clear at any width."""
    if not bars:
        return ""
    step = WAVE_WIDTH / len(bars)
    places = [(step * (number + 0.5), bar / 2) for number, bar in enumerate(bars)]
    upper = "".join(f"L{x:.1f} {50 - half:g}" for x, half in places)
    lower = "".join(f"L{x:.1f} {50 + half:g}" for x, half in reversed(places))
    return f"M0 50{upper}L{WAVE_WIDTH} 50{lower}Z"


def story_marks(passages: Iterable[LoggedPassage], *, duration_s: float) -> tuple[StoryMark, ...]:
    """Marks of the stories whose start is known."""
    stories = [passage for passage in passages if passage.is_story]
    return tuple(
        StoryMark(
            x=round(min(1.0, passage.start_s / duration_s) * WAVE_WIDTH, 1),
            number=number,
            title=passage.title,
            start_s=passage.start_s,
        )
        for number, passage in enumerate(stories, 1)
        if passage.start_s is not None and duration_s > 0
    )
