"""Reading pace of a voice: words, letters and seconds. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bulletin.language.split_sentences import count_letters
from bulletin.model import Clip

LETTERS_A_WORD = 4.6
"""Average of English news, without spaces and punctuation."""


def measure_letters(clips: Iterable[Clip]) -> float | None:
    """Letters a second over all clips, the pauses inside them included, recorded voices not; None when there are none."""
    letters, seconds = 0, 0.0
    for clip in clips:
        letters += count_letters(clip.passage.spoken)
        seconds += clip.duration_s - clip.passage.recorded_s
    return letters / seconds if letters and seconds else None


def plausible_seconds(text: str, *, pace_wps: float) -> tuple[float, float]:
    """
    The shortest and the longest that `text` may take in a voice of `pace_wps` words a second.

    By letters, not words: "a" and "constitutional" are one word each.
    """
    usual_s = count_letters(text) / LETTERS_A_WORD / pace_wps
    return 0.6 * usual_s - 0.15, 1.9 * usual_s + 1.2
