"""Thresholds of the sentence model: least ratings at which a sentence is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Least ratings by `SentenceModel`, from 0 to 1, for a sentence in each place of a story."""

    opening: float
    standfirst: float
    """For the first sentence of a standfirst (a text of at most 60 words)."""
    next: float
    """For the sentence that the article has next."""
    over_gap: float
    """For one before which the article has sentences that are not told."""


THRESHOLDS = (
    Thresholds(opening=0.7, standfirst=0.7, next=0.75, over_gap=0.85),
    Thresholds(opening=0.6, standfirst=0.6, next=0.72, over_gap=0.85),
    Thresholds(opening=0.5, standfirst=0.45, next=0.65, over_gap=0.82),
    Thresholds(opening=0.4, standfirst=0.3, next=0.4, over_gap=0.75),
)
"""
The first where there is news enough; each next where the bulletin would be short by the one before.

docs/decisions/0004 says how many of the sentences that pass each are bad.
"""
_SURELY = Thresholds(opening=0.8, standfirst=0.8, next=0.8, over_gap=0.9)
LENIENT = THRESHOLDS[-1]
PLAIN = Thresholds(opening=0.0, standfirst=0.0, next=0.35, over_gap=0.1)
"""For the station's own stories, weather and travel: they are told as they stand."""


def stricter(thresholds: Thresholds) -> Thresholds:
    """
    The next higher thresholds, for stories that may be features: their first sentences often keep back what happened.

    >>> stricter(THRESHOLDS[2]) is THRESHOLDS[1], stricter(THRESHOLDS[0]).opening
    (True, 0.8)
    """
    step = THRESHOLDS.index(thresholds)
    return THRESHOLDS[step - 1] if step else _SURELY
