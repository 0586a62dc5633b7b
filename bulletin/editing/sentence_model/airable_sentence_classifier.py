"""
Signals -> rating from 0 to 1 that a sentence can open a story or follow, and the least ratings; learnt from editors' labels.

Source: learnt, `python -m bench.sentence_weights`; docs/decisions/0004 has the thresholds and how many sentences
of each are bad. Judgement, no source: `PLAIN`, because the station's own texts are read as written and no label of
them exists.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp

from bulletin.editing.sentence_model.airable_sentence_features import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Least ratings by `SentenceModel`, from 0 to 1, for a sentence in each place of a story."""

    opening: float
    standfirst: float
    """Rating for the first sentence of a standfirst (a text of at most 60 words)."""
    next: float
    """Rating for the article's next sentence."""
    over_gap: float
    """Rating for a sentence after others that are left out."""


THRESHOLDS = (
    Thresholds(opening=0.7, standfirst=0.7, next=0.75, over_gap=0.85),
    Thresholds(opening=0.6, standfirst=0.6, next=0.72, over_gap=0.85),
    Thresholds(opening=0.5, standfirst=0.45, next=0.65, over_gap=0.82),
    Thresholds(opening=0.4, standfirst=0.3, next=0.4, over_gap=0.75),
)
"""
The first ones apply if there is enough news; each next if a bulletin would be short by the one before.

docs/decisions/0004 says how many of the sentences that pass each are bad.

Example: `edit_article_for_radio.tell_article`.
"""
_SURELY = Thresholds(opening=0.8, standfirst=0.8, next=0.8, over_gap=0.9)
"""Example: `stricter`."""
LENIENT = THRESHOLDS[-1]
"""Example: `edit_article_for_radio.tell_article`."""
PLAIN = Thresholds(opening=0.0, standfirst=0.0, next=0.35, over_gap=0.1)
"""
Thresholds for the station's own stories, weather and travel, which are read as written.

Example: `edit_article_for_radio.tell_article`.
"""


def stricter(thresholds: Thresholds) -> Thresholds:
    """
    The next higher thresholds, for stories that may be features: their first sentences often hide the event.

    >>> stricter(THRESHOLDS[2]) is THRESHOLDS[1], stricter(THRESHOLDS[0]).opening
    (True, 0.8)
    """
    step = THRESHOLDS.index(thresholds)
    return THRESHOLDS[step - 1] if step else _SURELY


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceModel:
    """Logistic regression, learnt by `python -m bench.sentence_weights`; docs/decisions/0004 says from what."""

    opening: tuple[Mapping[str, float], ...]
    """Signal -> weight ("bias": of all), that it may open a story, and that an editor would choose it."""
    following: tuple[Mapping[str, float], ...]
    """Likewise: probability that it is clear and correct after the chosen sentences, and wanted by an editor."""

    def rate_opening(self, signals: Signals) -> float:
        """
        Rating from 0 (no listener would know its subject) to 1 (a newsreader would begin so).

        Raises KeyError for a signal that was not learnt.

        >>> 0 < load_sentence_model().rate_opening({}) < 1
        True
        """
        return _rate(self.opening, signals)

    def rate_following(self, signals: Signals) -> float:
        """
        Rating from 0 (unclear, or wrong after a gap) to 1; raises KeyError as `rate_opening` does.

        >>> 0 < load_sentence_model().rate_following({}) < 1
        True
        """
        return _rate(self.following, signals)


def _rate(weights: tuple[Mapping[str, float], ...], signals: Signals) -> float:
    """
    Mean probability of the two regressions.

    docs/decisions/0004 says from what they are learnt.

    >>> round(_rate(({"bias": 0.0, "day": 9.0}, {"bias": 0.0, "day": 0.0}), {"day": True}), 2)
    0.75
    """
    return sum(_chance(row, signals) for row in weights) / len(weights)


def _chance(weights: Mapping[str, float], signals: Signals) -> float:
    """
    Probability from the log odds: the bias, and the weight of each signal.

    >>> _chance({"bias": 0.0, "day": 1.0}, {"day": False}), _chance({"bias": -1.0, "day": 1.0}, {"day": True})
    (0.5, 0.5)
    """
    odds = weights["bias"] + sum(weights[signal] * value for signal, value in signals.items() if value)
    return 1 / (1 + exp(-odds))


@lru_cache(maxsize=1)
def load_sentence_model() -> SentenceModel:
    """
    The model in `sentence_model.json`.

    >>> len(load_sentence_model().opening)
    2
    """
    text = (resources.files("bulletin.editing.sentence_model") / "sentence_model.json").read_text(
        encoding="utf-8"
    )
    model = json.loads(text)
    return SentenceModel(opening=tuple(model["opening"]), following=tuple(model["following"]))
