"""One long sentence -> two whole ones without losing a word, where the dependency tree licenses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulletin.script.edits.grammar import capitalise, listed, says_somebody
from bulletin.script.edits.tree import (
    find_root,
    find_subject,
    is_finite,
    is_unbroken,
    keeps_arguments,
    keeps_words,
    span_of,
    text_of,
)
from bulletin.script.parse import parse_sentence
from bulletin.text import count_words

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

LONG = 25
"""Words from which a sentence is split where it can be."""
FEWEST = 6
"""Words of each half."""
_SCOPE = frozenset(
    "if when while although though because since unless as according both either neither not".split()
)
"""What opens a sentence may hold for both its halves."""
_BEFORE_VERB = frozenset("aux auxpass neg advmod".split())
_BY_VERB = frozenset("to by with against for".split())
"""Prepositions between a verb and the person whom "who" stands for; after "of", "from" or "in" it may be another noun."""


def split_sentence(text: str) -> tuple[str, ...]:
    """The halves in order, to be told together; the sentence alone where it is short or nothing licenses a split."""
    if count_words(text) <= LONG:
        return (text,)
    for split in (_split_clauses, _split_relative):
        halves, again = split(parse_sentence(text))
        if halves and _is_lossless(halves, text, again):
            return halves
    return (text,)


def _is_lossless(halves: tuple[str, ...], text: str, again: str) -> bool:
    dropped = ("who", "which") if again else ("and",)
    return keeps_words(halves, text, added=(again,), dropped=dropped) and keeps_arguments(
        halves, text, renamed=2 if again else 0
    )


def _split_clauses(doc: Doc) -> tuple[tuple[str, ...], str]:
    """ "Fox sold the boat, and Pike bought the quay." -> two sentences; nothing where a speaker may hold for both."""
    root = find_root(doc)
    subject = find_subject(root) if root is not None else None
    if root is None or subject is None or says_somebody(doc.text) or "lleged" in doc.text:
        return (), ""
    opening = doc[: subject.left_edge.i]
    if any(token.lower_ in _SCOPE or token.dep_ in ("advcl", "mark", "ccomp") for token in opening):
        return (), ""
    for clause in root.children:
        own = find_subject(clause)
        if clause.dep_ != "conj" or not is_finite(clause) or own is None or own.tag_ in ("WDT", "WP"):
            continue
        start = clause.left_edge.i
        joint = doc[start - 1]
        # its subject opens it, nothing comes after it, and "but" stays
        if (
            own.left_edge.i != start
            or clause.right_edge.i < len(doc) - 3
            or joint.lower_ not in ("and", "but", ";")
            # "will help us, and viewers, dive deeper": an aside and no clause
            or "," in (doc[own.right_edge.i].text, doc[own.right_edge.i + 1].text)
        ):
            continue
        first, second = text_of(doc, 0, joint.i), text_of(doc, start, len(doc))
        if min(count_words(first), count_words(second)) < FEWEST:
            continue
        second = f"But {second}" if joint.lower_ == "but" else capitalise(second)
        return (f"{first.rstrip('.')}.", second), ""
    return (), ""


def _split_relative(doc: Doc) -> tuple[tuple[str, ...], str]:
    """ "Ann Fox, who leads the council, has resigned." -> "Ann Fox has resigned. Fox leads the council."."""
    root = find_root(doc)
    if root is None:
        return (), ""
    for clause in doc:
        who = find_subject(clause) if clause.dep_ == "relcl" else None
        if (
            who is None
            or who.lower_ not in ("who", "which")
            or not is_finite(clause)
            or not is_unbroken(clause)
        ):
            continue
        first, end = span_of(clause)
        is_last = end >= len(doc) - 1
        if who.i != first or doc[first - 1].text != "," or not (is_last or doc[end].text == ","):
            continue
        # what follows the clause may go on with it: "for Fox, who led the side, but was slow"
        goes_on = not is_last and clause.head != find_subject(root)
        if goes_on or any(token.dep_ not in _BEFORE_VERB for token in doc[first + 1 : clause.i]):
            continue
        again = _named_again(doc, clause, who, root) if _agrees(clause, clause.head) else ""
        if not again:
            continue
        second = f"{again} {text_of(doc, first + 1, end).rstrip('.')}."
        main = _main(doc, clause, is_last=is_last)
        if count_words(second) >= FEWEST and count_words(main) >= FEWEST:
            return (main, second), again
    return (), ""


def _main(doc: Doc, clause: Token, *, is_last: bool) -> str:
    """The sentence without the clause; a comma stays that closes "aged 43,"."""
    first, end = span_of(clause)
    if is_last:
        return f"{doc[: first - 1].text}."
    comma = "," if "," in str(doc[clause.head.i : first - 1].text) else ""
    return f"{doc[: first - 1].text}{comma} {doc[end + 1 :].text}"


def _agrees(clause: Token, noun: Token) -> bool:
    """Whether "is" and "are" fit the noun: the parser may have taken another one."""
    verb = next((child for child in clause.children if child.dep_ in ("aux", "auxpass")), clause)
    if verb.tag_ not in ("VBZ", "VBP") and verb.lower_ not in ("was", "were"):
        return True
    is_singular = verb.tag_ == "VBZ" or verb.lower_ == "was"
    return is_singular == (noun.tag_ in ("NN", "NNP"))


def _named_again(doc: Doc, clause: Token, who: Token, root: Token) -> str:
    """What "who" or "which" stands for, as a subject of its own; nothing where it may be another noun."""
    noun = clause.head
    is_near, is_subject = noun.i == clause.left_edge.i - 2, noun == find_subject(root)
    if who.lower_ == "which":
        return _thing_again(noun) if is_subject and not noun.conjuncts else ""
    if noun.tag_ == "NNP" and re.fullmatch(r"[A-Z][a-z]\w+", noun.text):
        return str(noun.text) if is_subject or (is_near and _is_object(noun)) else ""
    opens = doc[0].lower_ in listed("words", "determiners")
    return f"The {noun.text}" if is_subject and opens and noun.tag_ in ("NN", "NNS") else ""


def _is_object(noun: Token) -> bool:
    """Whether somebody does something to, by or with the person: "the sprinter from Wex, who" is the sprinter."""
    if noun.dep_ in ("dobj", "dative"):
        return True
    return noun.dep_ == "pobj" and noun.head.lower_ in _BY_VERB and noun.head.head.pos_ in ("VERB", "AUX")


def _thing_again(noun: Token) -> str:
    if noun.tag_ not in ("NN", "NNP", "NNS"):
        return ""
    return "They" if noun.tag_ == "NNS" else "It"
