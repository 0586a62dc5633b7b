"""Heights of a waveform -> SVG paths: a bar for speech, a filled band for music. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

STEP = 4
"""Units from bar to bar; the picture is 100 units high."""
_REACH = 0.48


def bars_path(heights: Sequence[int], music: Sequence[int] = ()) -> str:
    """
    A vertical line for each bar in which somebody speaks, centred.

    >>> bars_path([100, 50, 50], music=[0, 50, 20])
    'M2 2V98M10 26V74'
    """
    layers = music or (0,) * len(heights)
    return "".join(
        f"M{_middle(number)} {50 - half:.0f}V{50 + half:.0f}"
        for number, (height, under) in enumerate(zip(heights, layers, strict=False))
        if under < height and (half := max(1.0, height * _REACH))
    )


def music_path(music: Sequence[int]) -> str:
    """
    A band around the middle wherever there is music, its edge smoothed.

    >>> music_path([0, 50, 0])
    'M4 50Q6 26 8 50Q6 74 4 50Z'
    """
    runs = groupby(enumerate(music), key=lambda item: item[1] > 0)
    return "".join(_band(list(run)) for has_music, run in runs if has_music)


def _band(run: Sequence[tuple[int, int]]) -> str:
    left, right = run[0][0] * STEP, (run[-1][0] + 1) * STEP
    upper = [(_middle(number), 50 - height * _REACH) for number, height in run]
    lower = [(x, 100 - y) for x, y in reversed(upper)]
    return f"M{left} 50{_edge(upper, right)}{_edge(lower, left)}Z"


def _edge(points: Sequence[tuple[float, float]], end: float) -> str:
    """Curves through the middles between the points, to the middle line at `end`."""
    ends = [((x + next_x) / 2, (y + next_y) / 2) for (x, y), (next_x, next_y) in pairwise(points)]
    return "".join(
        f"Q{x:g} {y:.0f} {to_x:g} {to_y:.0f}"
        for (x, y), (to_x, to_y) in zip(points, [*ends, (end, 50)], strict=True)
    )


def _middle(number: int) -> int:
    return STEP * number + STEP // 2
