"""Sentence, origins -> names in another's place and changed negations, by alignment word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from bulletin.editing.english.word_list_regexes import listed
from bulletin.rewriter.guard.tokenize_sentence import TokenKind, guarded, part_contractions, read_tokens

FEWEST_COMMON = 2
"""Words in common on both sides of a stretch, from which the stretch is compared."""
SURE_COMMON = 3
"""Words in common on one side of a lone "not", from which its loss counts."""
MOST_LEFT_OUT = 4
"""Most words of a stretch with a "not"; a longer one is an aside, which may be left out."""

_NEGATING = guarded("negating")
_GOVERNING = listed("words", "prepositions")
_NAME = "\0name"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, or a whole name."""

    mask: str
    """The word, or one sign for all names."""
    key: str = ""
    """Last word of a name, in small letters."""
    shown: str = ""


def find_misplaced(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> Iterator[str]:
    """
    Differences between a sentence and the origins that it follows word by word.

    Same words, other name: it must not be a name that the same two sentences have elsewhere. A list may change
    its order, and so may a sentence: only stretches between the same words are compared.
    """
    units = _units(sentence, small)
    printed = [_units(origin, small) for origin in origins]
    named = {unit.key for origin_units in printed for unit in origin_units if unit.key}
    masks = [unit.mask for unit in units]
    for origin_units in printed:
        origin_masks = [unit.mask for unit in origin_units]
        matcher = SequenceMatcher(None, masks, origin_masks, autojunk=False)
        yield from _changed_names(units, origin_units, matcher, named)
        yield from _changed_negations(masks, origin_masks, matcher.get_opcodes())


def _units(sentence: str, small: frozenset[str]) -> list[_Unit]:
    units: list[_Unit] = []
    tokens = read_tokens(part_contractions(sentence), small=small)
    for is_name, run in groupby(tokens, key=lambda token: token.kind is TokenKind.NAME):
        words = list(run)
        if is_name:
            units.append(_Unit(_NAME, words[-1].low, " ".join(token.text for token in words)))
        else:
            units += [_Unit(token.low) for token in words]
    return units


def _changed_names(
    units: Sequence[_Unit], origin_units: Sequence[_Unit], matcher: SequenceMatcher[str], named: set[str]
) -> Iterator[str]:
    ours = {unit.key for unit in units if unit.key}
    theirs = {unit.key for unit in origin_units if unit.key}
    for block in matcher.get_matching_blocks():
        if sum(unit.mask != _NAME for unit in units[block.a : block.a + block.size]) < FEWEST_COMMON:
            continue
        for here, there in zip(
            range(block.a, block.a + block.size), range(block.b, block.b + block.size), strict=True
        ):
            new, old = units[here], origin_units[there]
            # the sentence has the old name elsewhere, or the new name comes from another origin
            is_moved = new.key != old.key and new.key in named and (old.key in ours or new.key not in theirs)
            if (
                is_moved
                and new.key not in _listed_names(origin_units, there)
                and _has_same_part(units, origin_units, here, there)
            ):
                yield f'"{new.shown}" replaces "{old.shown}"'


def _has_same_part(units: Sequence[_Unit], origin_units: Sequence[_Unit], here: int, there: int) -> bool:
    """Whether both have the name after the same preposition or none: not "told by Fox" and "told Fox"."""
    before = units[here - 1].mask if here else ""
    origin_before = origin_units[there - 1].mask if there else ""
    return before == origin_before or not {before, origin_before} & _GOVERNING


def _listed_names(units: Sequence[_Unit], index: int) -> set[str]:
    """Names that a list holds together with the one at `index`."""
    keys = set()
    for step in (-1, 1):
        here = index
        while 0 <= here < len(units) and units[here].mask in (_NAME, ",", "and", "or", "the"):
            keys.add(units[here].key)
            here += step
    return keys


def _changed_negations(
    words: Sequence[str], origin_words: Sequence[str], codes: Sequence[tuple[str, int, int, int, int]]
) -> Iterator[str]:
    """Negations that a sentence adds to its origin or drops; the words are in small letters."""
    # the words before and after each stretch that are the same in both
    common = [0, *(end - start if tag == "equal" else 0 for tag, start, end, _, _ in codes), 0]
    for number, (tag, start, end, origin_start, origin_end) in enumerate(codes):
        before, after = common[number], common[number + 2]
        printed = origin_words[origin_start:origin_end]
        if tag == "insert" and _NEGATING.issuperset(printed):
            # "he did have a choice" of "I did not have a choice", "the maker says it is" of "... says it is not"
            is_last = number + 1 == len(codes)
            if (before > 0 and after >= SURE_COMMON) or (is_last and before >= SURE_COMMON):
                yield f'a "{printed[0]}" is left out'
                continue
        if tag == "equal" or min(before, after) < FEWEST_COMMON:
            continue
        ours, theirs = _NEGATING.intersection(words[start:end]), _NEGATING.intersection(printed)
        if ours and not theirs:
            yield f'"{min(ours)}" is said of something else in the source'
        elif theirs and not ours and tag == "insert" and len(printed) <= MOST_LEFT_OUT:
            yield f'a "{min(theirs)}" is left out'
