"""
Sentences of a story -> remarks on unfit sentences, repeats, and an opening without an antecedent.

Source: `sentence_rejection_reasons.py` and `needs_previous_sentence.py`, whose rules this applies to a finished
story. Judgement, no source: four fifths of the words for a repeat, because no labels of repeats exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.editing.context.needs_previous_sentence import has_binding_connective, points_back
from bulletin.editing.fitness.sentence_rejection_reasons import why_unfit
from bulletin.language.split_sentences import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One breach of one rule."""

    rule: str
    evidence: str


def lint_story(sentences: Sequence[str]) -> tuple[Remark, ...]:
    """
    Remarks on the sentences of one story, in the order in which they are read.

    >>> [remark.rule for remark in lint_story(["A ferry sank off Wexcombe.", "Did it sink?"])]
    ['a question']
    """
    remarks: list[Remark] = []
    for number, text in enumerate(sentences):
        if reason := why_unfit(text, is_first=number == 0):
            remarks.append(Remark(rule=reason, evidence=text))
        if is_told_again(text, sentences[:number]):
            remarks.append(Remark(rule="said before", evidence=text))
    if sentences and (points_back(sentences[0]) or has_binding_connective(sentences[0])):
        remarks.append(Remark(rule="opens on nothing", evidence=sentences[0]))
    return tuple(remarks)


def is_told_again(text: str, before: Sequence[str]) -> bool:
    """
    Whether a sentence and an earlier one share more than four fifths of the shorter one's words.

    None of 604 articles, because the bench lints no script; kept, because a listener would hear one fact twice.

    >>> earlier = ["The ferry sank off Wexcombe."]
    >>> is_told_again("The ferry sank off Wexcombe again.", earlier)
    True
    >>> is_told_again("Five people are safe.", earlier)
    False
    """
    spoken = set(words(text.casefold()))
    earlier = (set(words(sentence.casefold())) for sentence in before)
    return any(len(spoken & old) > 0.8 * min(len(spoken), len(old)) > 3 for old in earlier)
