"""Sentence, origins -> words that the model exchanged: with them swapped back, it is nearer to its origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from bulletin.rewriter.guard.answer_words import Token, TokenKind, read_tokens, word_set

GAIN = 2
"""Pairs of neighbours that a swap must restore; one may be chance."""

_BE = word_set("is are was were be been being gets got")
_NAME = "@"
"""Prefix of a name; word_alignment.py compares names, which may be in apposition."""
_SCALES = word_set("hundred thousand million billion trillion lakh crore")
_LISTS = word_set("and or , nor &")
_SHORT_WAY = 3
"""Words of glue between a name and its verb."""


def find_exchanged(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """
    Find exchanged words: "guilty of theft but cleared of fraud" for the reverse.

    Only neighbours among the content words are compared, so that function words may change. A list may change its
    order.
    """
    ours = read_tokens(sentence, small=small)
    said = _units(ours)
    wrong: list[str] = []
    for origin in origins:
        tokens = read_tokens(origin, small=small)
        told = _units(tokens)
        # the passive has its neighbours the other way round
        is_ordered = all(token.low != "by" for token in (*ours, *tokens))
        wrong += _exchanges(said, told, listed=_listed(tokens), is_ordered=is_ordered)
    wrong += _turned_about(sentence, origins, small)
    return tuple(dict.fromkeys(wrong))


def _units(tokens: Sequence[Token]) -> list[str]:
    """Stems of the words that carry news; a name of several words is its last one."""
    units: list[str] = []
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.kind is TokenKind.NAME and after is not None and after.kind is TokenKind.NAME:
            continue
        if token.low in _SCALES and units and units[-1].startswith("#"):
            units[-1] += token.low
        elif token.kind in (TokenKind.NAME, TokenKind.CONTENT):
            units.append(_NAME + token.low if token.kind is TokenKind.NAME else token.stem)
    return units


def _listed(tokens: Sequence[Token]) -> frozenset[frozenset[str]]:
    """Pairs of words that a list holds together."""
    found = set()
    for place, token in enumerate(tokens):
        if token.low in _LISTS and 0 < place < len(tokens) - 1:
            found.add(
                frozenset(_units(tokens[place - 1 : place]) + _units(tokens[place + 1 : place + 3])[:1])
            )
    return frozenset(found)


def _exchanges(
    said: Sequence[str], told: Sequence[str], *, listed: frozenset[frozenset[str]], is_ordered: bool
) -> Iterator[str]:
    held = set(told)
    theirs = _neighbours(told, is_ordered=is_ordered)

    def kept(units: Sequence[str]) -> int:
        return sum((_neighbours(units, is_ordered=is_ordered) & theirs).values())

    now = kept(said)
    ours = [place for place, unit in enumerate(said) if unit in held and not unit.startswith(_NAME)]
    for one, other in combinations(ours, 2):
        pair = frozenset((said[one], said[other]))
        alike = said[one].startswith("#") == said[other].startswith("#")
        if len(pair) == 2 and alike and pair not in listed:
            swapped = list(said)
            swapped[one], swapped[other] = said[other], said[one]
            if kept(swapped) >= now + GAIN and told.count(said[one]) == told.count(said[other]) == 1:
                yield f'"{said[one].lstrip("#")}" and "{said[other].lstrip("#")}" have changed places'
    absent = held - set(said)
    for place in ours:
        for unit in absent if said[place].startswith("#") else ():
            # of figures also one that stands for another which the sentence leaves out
            if unit.startswith("#") and kept([*said[:place], unit, *said[place + 1 :]]) >= now + GAIN:
                yield f'"{said[place].lstrip("#")}" stands in the place of "{unit.lstrip("#")}"'


def _neighbours(units: Sequence[str], *, is_ordered: bool) -> Counter[tuple[str, ...]]:
    return Counter(pair if is_ordered else tuple(sorted(pair)) for pair in pairwise(units))


def _turned_about(sentence: str, origins: Sequence[str], small: frozenset[str]) -> list[str]:
    """Find exchanged agent and patient: "Fox was beaten by Pike" for "Fox beat Pike"."""
    told = {deed for origin in origins for deed in _deeds(read_tokens(origin, small=small))}
    return [
        f'"{who}" and "{whom}" have changed places'
        for who, deed, whom in _deeds(read_tokens(sentence, small=small))
        if (whom, deed, who) in told and (who, deed, whom) not in told
    ]


def _deeds(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    """(who, verb, whom) with a verb between two names; after "was" and before "by" the other way round."""
    names = [place for place, token in enumerate(tokens) if token.kind is TokenKind.NAME]
    for left, right in pairwise(names):
        between = tokens[left + 1 : right]
        verbs = [token for token in between if token.kind is TokenKind.CONTENT and token.low.isalpha()]
        if len(verbs) != 1 or len(between) > _SHORT_WAY + 1 or any(t.kind is TokenKind.MARK for t in between):
            continue
        lows = [token.low for token in between]
        who, whom = tokens[left].low, tokens[_last(tokens, right)].low
        if lows[-1] == "by" and _BE & set(lows):
            yield whom, verbs[0].stem, who
        elif lows[-1] == verbs[0].low:
            yield who, verbs[0].stem, whom


def _last(tokens: Sequence[Token], place: int) -> int:
    """The place of a name's last word."""
    while place + 1 < len(tokens) and tokens[place + 1].kind is TokenKind.NAME:
        place += 1
    return place
