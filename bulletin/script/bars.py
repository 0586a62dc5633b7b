"""How sure it must be that a listener understands a sentence before it is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """From 0 to 1, as `SentenceModel` rates sentences."""

    opening: float
    standfirst: float
    """Of the first sentence of a standfirst."""
    next: float
    """Of the sentence that the article has next."""
    over_gap: float
    """Of one before which something was left out."""


BARS = (
    Bar(opening=0.7, standfirst=0.7, next=0.75, over_gap=0.85),
    Bar(opening=0.6, standfirst=0.6, next=0.72, over_gap=0.85),
    Bar(opening=0.5, standfirst=0.45, next=0.65, over_gap=0.82),
    Bar(opening=0.4, standfirst=0.3, next=0.4, over_gap=0.75),
)
"""
The first, where there is news enough; each next one where the bulletin would be short by the one before.

docs/decisions/0004 has how many of the sentences that each lets through are bad.
"""
_SURELY = Bar(opening=0.8, standfirst=0.8, next=0.8, over_gap=0.9)
LENIENT = BARS[-1]
PLAIN = Bar(opening=0.0, standfirst=0.0, next=0.35, over_gap=0.1)
"""The station's own words, a forecast and the roads are told as they stand."""


def stricter(bar: Bar) -> Bar:
    """
    The bar before it, for what may be no news at all: such pieces rather keep back what happened.

    >>> stricter(BARS[2]) is BARS[1], stricter(BARS[0]).opening
    (True, 0.8)
    """
    place = BARS.index(bar)
    return BARS[place - 1] if place else _SURELY
