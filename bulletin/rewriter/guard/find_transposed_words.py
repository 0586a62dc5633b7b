"""Sentence, origins -> words that the model exchanged: with them swapped back, it is nearer to its origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby, pairwise

from bulletin.rewriter.guard.tokenize_sentence import TokenKind, Tokens, name_runs, read_tokens, word_set

GAIN = 2
"""Pairs of neighbours that a swap must restore; one may be chance."""

_BE = word_set("is are was were be been being gets got")
_NAME = "@"
"""Prefix of a name; align_words_with_source.py compares names, which may be in apposition."""
_SCALES = word_set("hundred thousand million billion trillion lakh crore")
_LISTS = word_set("and or , nor &")
_SHORT_WAY = 3
"""Most function words between a name and its verb."""


def find_exchanged(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> Iterator[str]:
    """
    Find exchanged words: "guilty of theft but cleared of fraud" for the reverse.

    Only neighbours among the content words are compared, so that function words may change. A list may change its
    order.
    """
    ours = read_tokens(sentence, small=small)
    printed = [read_tokens(origin, small=small) for origin in origins]
    for tokens in printed:
        yield from _exchanges(ours, tokens)
    deeds = {deed for tokens in printed for deed in _deeds(tokens)}
    for who, deed, whom in _deeds(ours):
        # "Fox was beaten by Pike" for "Fox beat Pike"
        if (whom, deed, who) in deeds and (who, deed, whom) not in deeds:
            yield f'"{who}" and "{whom}" are swapped'


def _units(tokens: Tokens) -> list[str]:
    """Stems of the words that carry news; a name of several words is its last one."""
    units: list[str] = []
    for is_name, run in groupby(tokens, key=lambda token: token.kind is TokenKind.NAME):
        words = list(run)
        if is_name:
            units.append(_NAME + words[-1].low)
            continue
        for token in words:
            if token.low in _SCALES and units and units[-1].startswith("#"):
                units[-1] += token.low
            elif token.kind is TokenKind.CONTENT:
                units.append(token.stem)
    return units


def _listed(tokens: Tokens) -> set[frozenset[str]]:
    """Pairs of words that a list holds together."""
    return {
        frozenset(_units(tokens[index - 1 : index]) + _units(tokens[index + 1 : index + 3])[:1])
        for index, token in enumerate(tokens)
        if token.low in _LISTS and 0 < index < len(tokens) - 1
    }


def _exchanges(tokens: Tokens, origin: Tokens) -> Iterator[str]:
    ours, theirs, listed = _units(tokens), _units(origin), _listed(origin)
    # the passive has its neighbours the other way round
    is_ordered = all(token.low != "by" for token in (*tokens, *origin))

    def neighbours(units: Sequence[str]) -> Counter[tuple[str, ...]]:
        return Counter(pair if is_ordered else tuple(sorted(pair)) for pair in pairwise(units))

    origin_pairs = neighbours(theirs)

    def kept(units: Sequence[str]) -> int:
        return (neighbours(units) & origin_pairs).total()

    enough = kept(ours) + GAIN
    common = [index for index, unit in enumerate(ours) if unit in theirs and not unit.startswith(_NAME)]
    for left, right in combinations(common, 2):
        pair = {ours[left], ours[right]}
        alike = ours[left].startswith("#") == ours[right].startswith("#")
        if len(pair) == 2 and alike and pair not in listed:
            swapped = list(ours)
            swapped[left], swapped[right] = ours[right], ours[left]
            if kept(swapped) >= enough and theirs.count(ours[left]) == theirs.count(ours[right]) == 1:
                yield f'"{ours[left].lstrip("#")}" and "{ours[right].lstrip("#")}" are swapped'
    # a figure may also stand for another which the sentence leaves out
    absent = [unit for unit in set(theirs).difference(ours) if unit.startswith("#")]
    for index in common:
        for unit in absent if ours[index].startswith("#") else ():
            if kept([*ours[:index], unit, *ours[index + 1 :]]) >= enough:
                yield f'"{ours[index].lstrip("#")}" replaces "{unit.lstrip("#")}"'


def _deeds(tokens: Tokens) -> Iterator[tuple[str, str, str]]:
    """(who, verb, whom) with a verb between two names; after "was" and before "by" the other way round."""
    for (_, left), (right, end) in pairwise(name_runs(tokens)):
        between = tokens[left:right]
        verbs = [token for token in between if token.kind is TokenKind.CONTENT and token.low.isalpha()]
        if len(verbs) != 1 or len(between) > _SHORT_WAY + 1 or any(t.kind is TokenKind.MARK for t in between):
            continue
        lows = [token.low for token in between]
        who, deed, whom = tokens[left - 1].low, verbs[0], tokens[end - 1].low
        if lows[-1] == "by" and _BE.intersection(lows):
            yield whom, deed.stem, who
        elif lows[-1] == deed.low:
            yield who, deed.stem, whom
