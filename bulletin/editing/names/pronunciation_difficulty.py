"""
Letters of a name -> the language it looks like, and how likely a newsreader stumbles; learnt, pure.

Source: learnt, `python -m bench.name_weights`; docs/NAMES.md has recall and false alarms. Judgement, no source:
three letters and the bound of the log odds, because rare groups of letters would decide alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from math import exp, log

LONGEST = 3
"""Letters of the longest n-gram. Example: `ngrams`."""
_FARTHEST = 6.0
"""Example: `NameModel.match_origins`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameModel:
    """Learnt by `python -m bench.name_weights`."""

    origins: Sequence[str]
    """Groups of languages besides English: "romance"."""
    prior: Sequence[int]
    letters: Mapping[str, Sequence[int]]
    """N-gram -> by how much it favours each origin over English: tenths of a natural logarithm."""
    stumbles: Mapping[str, int]
    """N-gram -> by how much it makes a stumble likelier: hundredths of a natural logarithm."""
    weights: Mapping[str, float]
    """Signal -> its weight in the log odds that a newsreader stumbles; "bias" of every word."""

    def match_origins(self, word: str) -> dict[str, float]:
        """
        Log odds of each origin against English.

        >>> odds = load_name_model().match_origins("Giovanni")
        >>> max(odds, key=odds.get)
        'romance'
        """
        favours = [self.prior, *(self.letters[part] for part in ngrams(word) if part in self.letters)]
        columns = zip(*favours, strict=True)
        return {
            origin: max(-_FARTHEST, min(_FARTHEST, sum(column) / 10))
            for origin, column in zip(self.origins, columns, strict=True)
        }

    def rate_spelling(self, word: str) -> float:
        """
        Log odds of a stumble by the groups of letters alone.

        >>> model = load_name_model()
        >>> model.rate_spelling("Siobhan") > model.rate_spelling("Smith")
        True
        """
        return sum(self.stumbles.get(part, 0) for part in ngrams(word)) / 100

    def weigh(self, signals: Mapping[str, float]) -> float:
        """
        Log odds of a stumble, minus the threshold of a listed name.

        >>> model = load_name_model()
        >>> model.weigh({}) == model.weights["bias"]
        True
        """
        return self.weights["bias"] + sum(self.weights[signal] * value for signal, value in signals.items())


def ngrams(word: str) -> set[str]:
    """
    Runs of up to three letters; "^" and "$" are the word's ends.

    >>> sorted(ngrams("Fo"))
    ['$', 'F', 'Fo', 'Fo$', '^', '^F', '^Fo', 'o', 'o$']
    """
    letters = f"^{word}$"
    return {
        letters[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(letters) - size + 1)
    }


def join_origins(odds: Iterable[float]) -> float:
    """
    Log odds of any foreign origin.

    >>> round(join_origins([0.0, 0.0]), 2)
    0.69
    """
    return log(sum(exp(value) for value in odds))


@lru_cache(maxsize=1)
def load_name_model() -> NameModel:
    """
    The model in `name_model.json`.

    >>> "romance" in load_name_model().origins
    True
    """
    text = (resources.files("bulletin.editing.names") / "name_model.json").read_text(encoding="utf-8")
    model = json.loads(text)
    return NameModel(**{field.name: model[field.name] for field in fields(NameModel)})
