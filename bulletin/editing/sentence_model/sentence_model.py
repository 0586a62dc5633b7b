"""Signals -> rating from 0 to 1 that a sentence can open a story or follow; learnt from editors' labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp

from bulletin.editing.sentence_model.sentence_signals import Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceModel:
    """Logistic regression, learnt by `python -m bench.sentence_weights`; docs/decisions/0004 says from what."""

    opening: tuple[Mapping[str, float], ...]
    """Signal -> weight, "bias" of every sentence: that it may open a story at all, and that an editor would choose it."""
    following: tuple[Mapping[str, float], ...]
    """That it is understood and right after what was told, and that an editor would want it."""

    def rate_opening(self, signals: Signals) -> float:
        """
        From 0 (no listener would know who or what is meant) to 1 (as a newsreader would begin).

        Raises KeyError for a signal that was not learnt.
        """
        return _rate(self.opening, signals)

    def rate_following(self, signals: Signals) -> float:
        """From 0 (unclear, or wrong without what was left out) to 1; raises KeyError as `rate_opening` does."""
        return _rate(self.following, signals)


def _rate(weights: tuple[Mapping[str, float], ...], signals: Signals) -> float:
    """The mean of the chances."""
    return sum(_chance(row, signals) for row in weights) / len(weights)


def _chance(weights: Mapping[str, float], signals: Signals) -> float:
    odds = weights["bias"] + sum(weights[signal] * value for signal, value in signals.items() if value)
    return 1 / (1 + exp(-odds))


@lru_cache(maxsize=1)
def load_sentence_model() -> SentenceModel:
    """The model in `sentence_model.json`."""
    text = (resources.files("bulletin.editing.sentence_model") / "sentence_model.json").read_text(
        encoding="utf-8"
    )
    model = json.loads(text)
    return SentenceModel(opening=tuple(model["opening"]), following=tuple(model["following"]))
