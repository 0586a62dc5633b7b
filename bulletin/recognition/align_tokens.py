"""Tokens of a script and of a recogniser's text -> the stretches in which they differ. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bulletin.recognition.tokens import Kind, Token

_GAP = 0.8
"""Cost of a token that one side lacks."""
_OTHER_KIND = 1.3
_NEAR = 0.6
"""Cost of another word that is written much like it, or of another figure."""
_FAR = 1.1


@dataclass(frozen=True, slots=True)
class Difference:
    """Ranges of tokens that stand for each other and are not the same; either may be empty."""

    script: range
    heard: range


def find_differences(script: Sequence[Token], heard: Sequence[Token]) -> list[Difference]:
    """
    Stretches that differ, in order, by the cheapest alignment (Needleman and Wunsch 1970).

    >>> from bulletin.recognition.tokens import tokens_of
    >>> find_differences(tokens_of("twelve men did not row"), tokens_of("20 men did row"))
    [Difference(script=range(0, 1), heard=range(0, 1)), Difference(script=range(3, 4), heard=range(3, 3))]
    """
    differences: list[Difference] = []
    begin = None
    for i, j, is_same in _steps(script, heard):
        if is_same and begin:
            differences.append(Difference(range(begin[0], i), range(begin[1], j)))
            begin = None
        elif not is_same and begin is None:
            begin = (i, j)
    if begin:
        differences.append(Difference(range(begin[0], len(script)), range(begin[1], len(heard))))
    return differences


def _steps(script: Sequence[Token], heard: Sequence[Token]) -> list[tuple[int, int, bool]]:
    """Steps of the cheapest alignment: the places before each, and whether it is a pair of the same token."""
    rows, columns = len(script), len(heard)
    cost = [[_GAP * j for j in range(columns + 1)]]
    for i in range(1, rows + 1):
        above, row = cost[-1], [_GAP * i]
        for j in range(1, columns + 1):
            pair = above[j - 1] + _pair_cost(script[i - 1], heard[j - 1])
            row.append(min(pair, above[j] + _GAP, row[j - 1] + _GAP))
        cost.append(row)
    steps = []
    i, j = rows, columns
    while i or j:
        here = cost[i][j]
        if i and j and here == cost[i - 1][j - 1] + _pair_cost(script[i - 1], heard[j - 1]):
            i, j = i - 1, j - 1
            steps.append((i, j, script[i].key == heard[j].key))
        elif i and here == cost[i - 1][j] + _GAP:
            i -= 1
            steps.append((i, j, False))
        else:
            j -= 1
            steps.append((i, j, False))
    return steps[::-1]


def _pair_cost(ours: Token, theirs: Token) -> float:
    if ours.key == theirs.key:
        return 0.0
    if ours.kind is not theirs.kind:
        return _OTHER_KIND
    if ours.kind is not Kind.WORD:
        return _NEAR
    return _NEAR if _is_written_alike(ours.key, theirs.key) else _FAR


@lru_cache(maxsize=65_536)
def _is_written_alike(word: str, other: str) -> bool:
    """Whether two words share half of their pairs of letters, or their beginning."""
    if word[:3] == other[:3]:
        return True
    pairs, others = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (word, other))
    return 2 * len(pairs & others) >= max(len(pairs), len(others), 1)
