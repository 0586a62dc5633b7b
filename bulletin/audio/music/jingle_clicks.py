"""
Clicks of jingles: found and named once, when a jingle is loaded, and not again in each finished file.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bulletin.audio.metering.detect_clicks import ClickFinder
from bulletin.audio.music.prepared_jingle_cache import PreparedJingle
from bulletin.audio.place_sounds_on_timeline import JingleKind, Rundown
from bulletin.model import Cue
from bulletin.runtime.read_sound_file import Samples

_MOST_TIMES = 3
"""Most clicks that a note lists."""
_APART_S = 0.1
"""Least distance of two clicks of a jingle."""
_SAME_S = 0.02
"""Largest distance of a click in the file from the same click in the jingle: encoders shift it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMusic:
    """A jingle in a finished file, in seconds from its start."""

    start_s: float
    end_s: float
    clicks_s: tuple[float, ...]
    """Clicks that the jingle's own file has."""


def find_jingle_clicks(samples: Samples, *, rate_hz: int) -> tuple[float, ...]:
    """Times of clicks in a jingle, in its channels together."""
    finder = ClickFinder(rate_hz=rate_hz)
    finder.feed(samples.mean(axis=1, dtype=np.float32))
    times: list[float] = []
    for at_s in finder.times_s:
        if not times or at_s - times[-1] >= _APART_S:
            times.append(at_s)
    return tuple(times)


def describe_clicks(clicks_s: Sequence[float]) -> str:
    """What to tell of a jingle that clicks, after its name."""
    times = ", ".join(f"{at_s:.1f}" for at_s in clicks_s[:_MOST_TIMES])
    more = f" and {len(clicks_s) - _MOST_TIMES} more" if len(clicks_s) > _MOST_TIMES else ""
    return f"may click at {times} s{more}; listen to it, and export it again if it does"


def place_music(rundown: Rundown, jingles: Mapping[JingleKind, PreparedJingle]) -> tuple[PlacedMusic, ...]:
    """Music of a rundown, with the clicks of its files; a bed is repeated."""
    return tuple(
        PlacedMusic(
            start_s=played.start / rundown.rate_hz,
            end_s=played.end / rundown.rate_hz,
            clicks_s=tuple(
                _repeated(
                    jingles[played.jingle], played.start / rundown.rate_hz, played.end / rundown.rate_hz
                )
            ),
        )
        for played in rundown.played
        if played.jingle in jingles
    )


def clicks_beside_music(
    clicks_s: Sequence[float], music: Sequence[PlacedMusic], cues: Sequence[Cue]
) -> tuple[float, ...]:
    """
    Clicks that the music does not explain.

    Under words it explains only the clicks of its own file. Alone it explains all but those at its ends, where
    the mix may have cut it.
    """
    return tuple(
        at_s
        for at_s in clicks_s
        if not any(
            _explains(placed, at_s, has_words=any(cue.start_s <= at_s < cue.end_s for cue in cues))
            for placed in music
        )
    )


def _explains(placed: PlacedMusic, at_s: float, *, has_words: bool) -> bool:
    if any(abs(at_s - click_s) < _SAME_S for click_s in placed.clicks_s):
        return True
    return not has_words and placed.start_s + _SAME_S < at_s < placed.end_s - _SAME_S


def _repeated(jingle: PreparedJingle, start_s: float, end_s: float) -> Iterator[float]:
    """Times of a jingle's clicks in the file, for each time that it is played."""
    length_s = jingle.timing.length_s
    while start_s < end_s and length_s > 0:
        yield from (start_s + click_s for click_s in jingle.clicks_s if start_s + click_s < end_s)
        start_s += length_s
