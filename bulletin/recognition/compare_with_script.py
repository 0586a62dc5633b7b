"""Sentences and what a recogniser heard of them -> figures, negations and names that it heard differently. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bulletin.recognition.align_tokens import Difference, find_differences
from bulletin.recognition.sounds_alike import sounds_alike
from bulletin.recognition.tokens import Kind, Token, is_homophone, tokens_of

_LEAST_HEARD = 0.5
"""Share of a sentence's words below which it counts as not heard: no witness of anything."""
_MOST_QUOTED = 6

MissKind = Literal["figure", "negation", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSentence:
    """A sentence as the comparison needs it."""

    spoken: str
    names: frozenset[str] = frozenset()
    """Words of its proper names, in small letters, as they are written and as they are spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A part of a sentence that a recogniser heard differently."""

    kind: MissKind
    place: int
    """Number of its token in the sentence."""
    said: str
    """The words of the script; empty: a negation that the script does not have."""
    heard: str
    """What was heard in their place; empty: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSentence:
    """A sentence after the comparison."""

    misses: tuple[Miss, ...] = ()
    is_heard: bool = True
    """False: so little of it was recognised that nothing follows from it."""
    share: float = 1.0
    """Share of its words that were recognised."""


def compare(
    sentences: Sequence[ScriptSentence], heard: str, *, known_names: Collection[str] = frozenset()
) -> tuple[HeardSentence, ...]:
    """
    Compare sentences that were heard one after the other with the recogniser's text.

    `known_names` are words of names in small letters; a name is missed only where one of them was heard that does not
    sound like it.

    >>> (found,) = compare([ScriptSentence(spoken="Twelve hundred people did not vote.")], "2,200 people did not vote.")
    >>> [(miss.said, miss.heard) for miss in found.misses]
    [('twelve hundred', '2200')]
    """
    comparison = _Comparison(sentences, heard, known_names)
    return tuple(comparison.judge(number) for number in range(len(sentences)))


class _Comparison:
    """Aligned tokens of some sentences."""

    def __init__(self, sentences: Sequence[ScriptSentence], heard: str, known_names: Collection[str]) -> None:
        self._known = known_names
        self._names = [sentence.names for sentence in sentences]
        parts = [tokens_of(sentence.spoken) for sentence in sentences]
        self._script = [token for part in parts for token in part]
        self._owners = [number for number, part in enumerate(parts) for _ in part]
        self._starts = [sum(map(len, parts[:number])) for number in range(len(parts))]
        self._heard = tokens_of(heard)
        self._differences = find_differences(self._script, self._heard)

    def judge(self, number: int) -> HeardSentence:
        """The misses in one sentence."""
        own = range(self._starts[number], self._starts[number] + self._owners.count(number))
        lost = sum(
            len(range(max(d.script.start, own.start), min(d.script.stop, own.stop)))
            for d in self._differences
        )
        share = 1 - lost / len(own) if own else 1.0
        if len(own) - lost < _LEAST_HEARD * len(own):
            return HeardSentence(is_heard=False, share=share)
        misses = (miss for difference in self._differences for miss in self._find(difference, own))
        return HeardSentence(misses=tuple(sorted(misses, key=lambda miss: miss.place)), share=share)

    def _find(self, difference: Difference, own: range) -> Iterator[Miss]:
        heard = [self._heard[at] for at in difference.heard]
        script = [self._script[at] for at in difference.script]
        for at in difference.script:
            if at not in own:
                continue
            token = self._script[at]
            if token.kind is Kind.FIGURE and not has_figure(token, script, heard):
                yield self._miss("figure", at, heard, own)
            elif token.kind is Kind.NEGATION and not has_negation(token, script, heard):
                yield self._miss("negation", at, heard, own)
            elif other := self._other_name(at, script, heard):
                yield Miss(kind="name", place=at - own.start, said=token.text, heard=other)
        if added := self._added_negation(difference, script, heard, own):
            yield added

    def _miss(self, kind: MissKind, at: int, heard: Sequence[Token], own: range) -> Miss:
        token = self._script[at]
        same = [item for item in heard if item.kind is token.kind] or heard[:_MOST_QUOTED]
        words = " ".join(item.text for item in same)
        return Miss(kind=kind, place=at - own.start, said=token.text, heard=words)

    def _added_negation(
        self, difference: Difference, script: Sequence[Token], heard: Sequence[Token], own: range
    ) -> Miss | None:
        """A negation that was heard where the script has none, and no word that sounds like one."""
        place = max(0, difference.script.start - (0 if difference.script else 1))
        if place not in own or any(token.kind is Kind.NEGATION for token in script):
            return None
        ours = {token.key for token in script}
        for token in heard:
            is_like_ours = any(is_homophone(token.key, word) for word in ours)
            if token.kind is Kind.NEGATION and not is_like_ours:
                return Miss(kind="negation", place=place - own.start, said="", heard=token.text)
        return None

    def _other_name(self, at: int, script: Sequence[Token], heard: Sequence[Token]) -> str:
        """Another known name in the place of a name; empty where something that sounds like it was heard."""
        name = self._script[at].text
        if name not in self._names[self._owners[at]]:
            return ""
        words = [token.text for token in heard if token.kind is Kind.WORD]
        joined = [
            "".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, min(a + 4, len(words) + 1))
        ]
        if any(sounds_alike(name, word) for word in joined):
            return ""
        own = self._names[self._owners[at]] | {token.text for token in script}
        others = (word for word in words if word in self._known and word not in own)
        return next((word for word in others if not any(sounds_alike(word, mine) for mine in own)), "")


def has_figure(token: Token, script: Sequence[Token], heard: Sequence[Token]) -> bool:
    """
    Whether a figure of the script was heard in its place.

    Figures side by side may be written as one ("ten thirty", 10:30), and "one" may be no figure at all.
    """
    theirs = [item.figure for item in heard if item.figure]
    ours = [item.figure for item in script if item.figure]
    if any(figure.value == token.key for figure in theirs):
        return True
    parts = [(len(figures), sum(figure.parts for figure in figures)) for figures in (ours, theirs)]
    digits = ["".join(figure.digits for figure in figures) for figures in (ours, theirs)]
    if parts[0] != parts[1] and digits[0] == digits[1]:
        return True
    if token.text == "one" and not theirs:
        return True
    return any(is_homophone(token.key, item.key) for item in heard)


def has_negation(token: Token, script: Sequence[Token], heard: Sequence[Token]) -> bool:
    """Whether as many negations were heard as the script has; "no one" and "nobody" are the same."""
    counts = Counter(item.kind for item in script), Counter(item.kind for item in heard)
    alike = sum(is_homophone(token.key, item.key) for item in heard)
    return counts[1][Kind.NEGATION] + alike >= counts[0][Kind.NEGATION]
