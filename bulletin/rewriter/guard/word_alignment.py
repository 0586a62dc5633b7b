"""Sentence, origins -> names in another's place and changed negations, by alignment word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bulletin.editing.english.word_lists import listed
from bulletin.rewriter.guard.answer_words import Token, TokenKind, read_tokens
from bulletin.rewriter.guard.changed_negations import FEWEST_COMMON, changed_negations, part_contractions

_GOVERNING = listed("words", "prepositions")
_NAME = "\0name"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, or a whole name."""

    mask: str
    """The word; one sign for every name."""
    key: str = ""
    """Of a name: its last word in small letters."""
    shown: str = ""


def find_misplaced(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """
    What differs where a sentence runs along with one of its origins.

    Same words, other name: it must not be one that the same two sentences have elsewhere. A list may change
    its order, and so may a sentence: only what stands between the same words is compared.
    """
    sentence_units = _units(sentence, small)
    printed = [_units(origin, small) for origin in origins]
    named = {unit.key for origin_units in printed for unit in origin_units if unit.key}
    wrong: list[str] = []
    for origin_units in printed:
        matcher = SequenceMatcher(
            None, [u.mask for u in sentence_units], [u.mask for u in origin_units], autojunk=False
        )
        wrong += _changed_names(sentence_units, origin_units, matcher, named)
        wrong += changed_negations(
            [u.mask for u in sentence_units], [u.mask for u in origin_units], matcher.get_opcodes()
        )
    return tuple(dict.fromkeys(wrong))


def _units(sentence: str, small: frozenset[str]) -> list[_Unit]:
    units: list[_Unit] = []
    run: list[Token] = []
    for token in read_tokens(part_contractions(sentence), small=small):
        if token.kind is TokenKind.NAME:
            run.append(token)
            continue
        if run:
            units.append(_name(run))
        run = []
        units.append(_Unit(token.low))
    return [*units, _name(run)] if run else units


def _name(run: Sequence[Token]) -> _Unit:
    return _Unit(_NAME, run[-1].low, " ".join(token.text for token in run))


def _changed_names(
    sentence_units: Sequence[_Unit],
    origin_units: Sequence[_Unit],
    matcher: SequenceMatcher[str],
    named: set[str],
) -> Iterator[str]:
    ours = {unit.key for unit in sentence_units if unit.key}
    theirs = {unit.key for unit in origin_units if unit.key}
    for block in matcher.get_matching_blocks():
        if sum(unit.mask != _NAME for unit in sentence_units[block.a : block.a + block.size]) < FEWEST_COMMON:
            continue
        for step in range(block.size):
            one, other = sentence_units[block.a + step], origin_units[block.b + step]
            # its own name is told elsewhere in the sentence, or another origin's stands for it
            is_moved = (
                one.key != other.key and one.key in named and (other.key in ours or one.key not in theirs)
            )
            if (
                is_moved
                and one.key not in _listed(origin_units, block.b + step)
                and _has_same_part(sentence_units, origin_units, block.a + step, block.b + step)
            ):
                yield f'"{one.shown}" stands in the place of "{other.shown}"'


def _has_same_part(
    sentence_units: Sequence[_Unit], origin_units: Sequence[_Unit], here: int, there: int
) -> bool:
    """ "was told by Joan Pike that" and "told Joan Pike that": what a preposition governs is another part."""
    before, other = (
        sentence_units[here - 1].mask if here else "",
        origin_units[there - 1].mask if there else "",
    )
    return before == other or not {before, other} & _GOVERNING


def _listed(units: Sequence[_Unit], place: int) -> set[str]:
    """Names that a list holds together with the one at `place`."""
    keys = set()
    for step in (-1, 1):
        here = place
        while 0 <= here < len(units) and (
            units[here].mask == _NAME or units[here].mask in (",", "and", "or", "the")
        ):
            keys.add(units[here].key)
            here += step
    return keys
