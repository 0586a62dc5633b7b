"""Regular expression -> words of which each of its matches holds one; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

MOST = 60
"""Words; more are looked for only by an expression that is itself long."""

LETTERS = 15
"""Of an expression for each word: to look for more takes as long as the expression itself."""

MOST_JOINED = 64
"""Ways in which two neighbours can be joined: (a|b)(c|d) has four."""

LONG = 8
"""Letters; a longer word is no rarer."""

WIDEST = 12
"""Characters of a range that are looked for one by one."""

_FOLDS_PART = re.compile(r"\(\?[a-zA-Z]*i")
"""The case of a part is ignored: (?i:...). To fold without need finds the same, in a little more time."""

GROUPS = 2
"""A third tells hardly more."""

Words = frozenset[str]
Needs = tuple[Sequence[Sequence[str]], bool]
"""Groups of words, and whether they are to be looked for in a folded text (see `fold`)."""

NOTHING: Words = frozenset(("",))


def needs_of(pattern: str, flags: int = 0) -> Needs:
    """
    Groups of words, the rarest first; every match holds a word of each group.

    There is none where nothing is sure to stand in a match, and where Python's own parser of expressions,
    which it does not promise to keep, is not there: then the expression is asked every time.
    """
    try:
        parsed = import_module("re._parser").parse(pattern, flags)
        _, found = _read(parsed)
        flags = parsed.state.flags  # those too that stand in the pattern: (?i)
    except (ImportError, AttributeError, TypeError, ValueError):
        return (), False
    is_folded = bool(flags & re.IGNORECASE) or bool(_FOLDS_PART.search(pattern))
    most = max(MOST, len(pattern) // LETTERS)
    groups: list[tuple[str, ...]] = []
    for words in sorted(found, key=_rarity, reverse=True):
        group = _fewest((fold(word) if is_folded else word)[:LONG] for word in words)
        if "" in group or not group or len(group) > most or any(_overlap(group, other) for other in groups):
            continue
        groups.append(group)
    return tuple(groups[:GROUPS]), is_folded


def _fewest(words: Iterable[str]) -> tuple[str, ...]:
    """Without those that hold another."""
    found = set(words)
    few = {word for word in found if not any(other != word and other in word for other in found)}
    return tuple(sorted(few, key=lambda word: (-len(word), word)))


def _overlap(one: Iterable[str], others: Iterable[str]) -> bool:
    return any(word in other or other in word for word in one for other in others)


def fold(text: str) -> str:
    """In letters of one case, as `re` sees them: to it "i" has four forms, and a long s is an s."""
    if not text.isascii():
        text = text.replace("\u0130", "i").replace("\u0131", "i")
    return text.casefold()


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> tuple[Words | None, Words]:
    """All that it can be, where that is little; and the best of what its parts need."""
    whole, needs = _read(items)
    return whole, max(needs, key=_rarity, default=frozenset())


def _read(items: Iterable[tuple[Any, Any]]) -> tuple[Words | None, list[Words]]:
    """All that it can be, and what each of its parts needs."""
    run, is_whole = NOTHING, True
    needs: list[Words] = []
    for whole, part, ahead in _parts(items):
        if ahead and (joined := _join(run, ahead)):
            needs.append(joined)
        if part is not whole:
            needs.append(part)
        joined = _join(run, whole)
        if joined is None:
            needs.append(run)
            is_whole = False
            joined = whole or NOTHING
        run = joined
    needs.append(run)
    return (run if is_whole else None), [words for words in needs if words and "" not in words]


def _parts(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Words | None, Words, Words | None]]:
    """Of each part of a sequence, letters in a row as one; and what follows without being read: (?=...)."""
    letters = ""
    for kind, value in items:
        name = str(kind)
        if name == "LITERAL":
            letters += chr(value)
            continue
        if letters:
            yield (word := frozenset((letters,))), word, None
            letters = ""
        ahead = _of_sequence(value[1])[0] if name == "ASSERT" and value[0] > 0 else None
        yield *_of_item(name, value), ahead
    if letters:
        yield (word := frozenset((letters,))), word, None


def _of_item(kind: str, value: Any) -> tuple[Words | None, Words]:
    """Of one part of a parsed expression; of a kind that is not known, nothing is."""
    if kind == "IN":
        return _of_set(value)
    if kind in ("AT", "ASSERT_NOT"):
        return NOTHING, frozenset()
    if kind == "ASSERT":
        # it takes no room, but what it looks at stands in the text
        return NOTHING, _of_sequence(value[1])[1]
    if kind == "SUBPATTERN":
        return _of_sequence(value[3])
    if kind == "BRANCH":
        return _of_branch([_of_sequence(one) for one in value[1]])
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        return _of_repeat(*value)
    return None, frozenset()


def _of_set(parts: Iterable[tuple[Any, Any]]) -> tuple[Words | None, Words]:
    letters: set[str] = set()
    for kind, value in parts:
        if str(kind) == "LITERAL":
            letters.add(chr(value))
        elif str(kind) == "RANGE" and value[1] - value[0] < WIDEST:
            letters.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None, frozenset()
    return (found := frozenset(letters)), found


def _of_branch(ways: list[tuple[Words | None, Words]]) -> tuple[Words | None, Words]:
    wholes = [whole for whole, _ in ways if whole is not None]
    whole = frozenset[str]().union(*wholes) if len(wholes) == len(ways) else None
    needs = frozenset[str]().union(*(part for _, part in ways))
    return whole, needs if all(part for _, part in ways) else frozenset()


def _of_repeat(least: int, most: int, items: Any) -> tuple[Words | None, Words]:
    whole, needs = _of_sequence(items)
    if not least:
        needs = frozenset()
    if most == 1 and whole is not None:
        return (whole if least else whole | NOTHING), needs
    if whole is not None and len(whole) == 1:
        needs = frozenset(word * min(least, LONG) for word in whole if least)
    return None, needs


def _join(first: Words, second: Words | None) -> Words | None:
    """One after the other; nothing where that would be too much."""
    if second is None or second == NOTHING:
        return None if second is None else first
    if first != NOTHING and (len(first) * len(second) > MOST_JOINED or min(map(len, first)) >= LONG):
        return None
    return frozenset(one + two for one in first for two in second)


def _rarity(words: Words) -> float:
    """The letters of the shortest; ten words more weigh up one letter more."""
    if not words or "" in words:
        return -MOST
    shortest = min(map(len, words))
    return min(shortest, LONG) - len(words) / 10
