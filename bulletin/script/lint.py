"""What is wrong with a story for the ear: the newsroom's rules, counted; for tests and for an editor's eye."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.script.edits.antecedents import binds
from bulletin.script.edits.fitness import HARDEST, MOST, why_unfit
from bulletin.script.edits.pronouns import points_back
from bulletin.text import count_words, words

_MARKS = re.compile(r"[\"“”()\[\]{}<>*_~^\\|…]|\.{3}|--")
_LOOSE_DAY = re.compile(
    r"\b(?:yesterday|tomorrow|last night|last week|next week|last month)\b", re.IGNORECASE
)
_SAID_LAST = re.compile(
    r", (?:[A-Z][\w'’.-]+ ){0,3}(?:he |she |they |police |officials )?(?:said|says|added|told \w+)\.$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One breach of one rule."""

    rule: str
    evidence: str
    is_error: bool
    """An error must not air; a warning is a sentence that could be better."""


def lint_story(sentences: Sequence[str]) -> tuple[Remark, ...]:
    """The sentences of one story in the order in which they are read."""
    found: list[Remark] = []
    for number, text in enumerate(sentences):
        if reason := why_unfit(text, is_first=number == 0):
            found.append(Remark(rule=reason, evidence=text, is_error=True))
        if MOST < count_words(text) <= HARDEST:
            found.append(Remark(rule=f"over {MOST} words", evidence=text, is_error=False))
        for rule, pattern in (("mark", _MARKS), ("loose day", _LOOSE_DAY), ("said last", _SAID_LAST)):
            if match := pattern.search(text):
                found.append(Remark(rule=rule, evidence=match[0], is_error=False))
        if _is_told_again(text, sentences[:number]):
            found.append(Remark(rule="said before", evidence=text, is_error=True))
    if sentences and (points_back(sentences[0]) or binds(sentences[0])):
        found.append(Remark(rule="opens on nothing", evidence=sentences[0], is_error=True))
    return tuple(found)


def _is_told_again(text: str, before: Sequence[str]) -> bool:
    said = set(words(text.casefold()))
    earlier = (set(words(one.casefold())) for one in before)
    return any(len(said & old) > 0.8 * min(len(said), len(old)) > 3 for old in earlier)
