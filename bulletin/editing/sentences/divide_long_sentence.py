"""
One long sentence -> two whole ones without losing a word, where the dependency tree licenses it.

Source: only coordinated main clauses are parted (Quirk et al. 1985, chapter 13), because each of them is a
sentence. Sentences of more than 25 words are split (GOV.UK content design, "writing for GOV.UK"). Judgement, no
source: the fewest words of a half, because a shorter one sounds like an afterthought.
"""

from __future__ import annotations

from bulletin.editing.english.dependency_tree import (
    find_root,
    find_subject,
    is_finite,
    keeps_arguments,
    keeps_words,
    text_of,
)
from bulletin.editing.english.guess_parts_of_speech import capitalise, says_somebody
from bulletin.language.english_grammar_parser import Doc, parse_sentence
from bulletin.language.split_sentences import count_words

LONG = 25
"""Words from which a sentence is split if it can be. Example: `split_sentence`."""
FEWEST = 6
"""Fewest words of each half. Example: `_split_clauses`."""
_SCOPE = frozenset(
    "if when while although though because since unless as according both either neither not".split()
)
"""
Words at the beginning of a sentence that may hold for both its halves.

>>> "if" in _SCOPE, "ferry" in _SCOPE
(True, False)
"""


def split_sentence(text: str) -> tuple[str, ...]:
    """
    The two halves of a long sentence, read together; the sentence alone if nothing licenses a split.

    A sentence of at most 25 words, read in one breath, is never split.

    >>> split_sentence("The ferry sank, and Fox left.")
    ('The ferry sank, and Fox left.',)
    """
    if count_words(text) <= LONG:
        return (text,)
    halves = _split_clauses(parse_sentence(text))
    if halves and keeps_words(halves, text, dropped=("and",)) and keeps_arguments(halves, text):
        return halves
    return (text,)


def _split_clauses(doc: Doc) -> tuple[str, ...]:
    """
    Two sentences from two main clauses; empty if one speaker may hold for both.

    Only coordinated main clauses are parted (Quirk et al. 1985, chapter 13): each of them is a sentence.

    >>> _split_clauses(parse_sentence("Fox sold the boat in early May, and Pike bought the quay in June."))
    ('Fox sold the boat in early May.', 'Pike bought the quay in June.')
    >>> _split_clauses(parse_sentence("Fox said she sold the boat in May, and Pike bought the quay in June."))
    ()
    """
    root = find_root(doc)
    subject = find_subject(root) if root is not None else None
    if root is None or subject is None or says_somebody(doc.text) or "lleged" in doc.text:
        return ()
    opening = doc[: subject.left_edge.i]
    if any(token.lower_ in _SCOPE or token.dep_ in ("advcl", "mark", "ccomp") for token in opening):
        return ()
    for clause in root.children:
        clause_subject = find_subject(clause)
        if (
            clause.dep_ != "conj"
            or not is_finite(clause)
            or clause_subject is None
            or clause_subject.tag_ in ("WDT", "WP")
        ):
            continue
        start = clause.left_edge.i
        joint = doc[start - 1]
        # its subject opens it, nothing comes after it, and "but" stays
        if (
            clause_subject.left_edge.i != start
            or clause.right_edge.i < len(doc) - 3
            or joint.lower_ not in ("and", "but", ";")
            # "will help us, and viewers, dive deeper": an aside and no clause
            or "," in (doc[clause_subject.right_edge.i].text, doc[clause_subject.right_edge.i + 1].text)
        ):
            continue
        first, second = text_of(doc, 0, joint.i), text_of(doc, start, len(doc))
        if min(count_words(first), count_words(second)) < FEWEST:
            continue
        second = f"But {second}" if joint.lower_ == "but" else capitalise(second)
        return f"{first.rstrip('.')}.", second
    return ()
