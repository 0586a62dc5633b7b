"""The "is" or "are" that print leaves out: "Two held" is "Two are held"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.script.headlines.tree import (
    FINITE,
    MARKS,
    is_statement,
    may_be_participle,
    parse_title,
    root_of,
    subject_of,
)
from bulletin.script.headlines.words import WORD, any_of, word_list
from bulletin.script.parse import parse_sentence

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_MONEY = re.compile(
    r"(?:(?:over|nearly|about|around|almost|at least|more than) )?(?:Rs|[£$€])\.? ?\d", re.IGNORECASE
)
_AT_LEAST = re.compile(
    r"^(?:at least|up to|more than|over|nearly|about|around|almost|under) (?=[\d£$€]|\w+ )", re.IGNORECASE
)
_VERBS = frozenset({"VBZ", "VBP", "VBD", "VBN"})
_GLUED_NAME = re.compile(r"[a-z][A-Z]")
""" "RiverWatchers" is one body."""
_LETTERS_S = re.compile(r"[A-Z]{2,}s")
""" "MPs"."""


def missing_be(text: str, first_sentence: str) -> tuple[int, str]:
    """Where "is" or "are" belongs, and which; no word where that is not sure."""
    place = next(_places(text, first_sentence), 0)
    verb = is_or_are(text[:place]) if place else ""
    # "Pike, captain convicted of theft, to be freed": which comma opens an aside is not sure
    # nor is one "is" enough for "Woman dead, child hurt"
    # and who was trapped in the story's first sentence may be free by now
    is_over = {"was", "were"} & _helpers(text[place:].split(" ", 1)[0].casefold(), first_sentence)
    if not verb or ", " in text[place:] or is_over:
        return 0, ""
    pronoun = "It" if verb == "is" else "They"
    # a subject that the parser knows not is stood for by a pronoun
    for begin in (text[:place], f"{pronoun} "):
        if _bears_out(parse_title(f"{begin}{verb} {text[place:]}"), len(begin)):
            return place, verb
    return 0, ""


def _places(text: str, first_sentence: str) -> Iterator[int]:
    """Beginning of the first word, in order, that print has without its verb."""
    doc = parse_title(text)
    is_joined = any(token.lower_ in MARKS for token in doc)
    if doc[-2].lower_ in word_list("suffered") and not is_joined:
        # "Man accused of theft arrested": what comes last is told
        yield doc[-2].idx
    for token in doc[1:-1]:
        is_by = token.nbor().lower_ == "by" and token.lower_ not in word_list("no_object")
        is_done = may_be_participle(token) and (is_by or _is_done(token, first_sentence))
        if any_of("states").match(text, token.idx) or _is_planned(token) or _is_doing(token) or is_done:
            yield token.idx


def _is_planned(token: Token) -> bool:
    """ "Wexcombe to lose ferry", and not "plan to mend ferry", nor "The race to sell jets"."""
    is_to = token.lower_ == "to" and token.nbor().tag_ == "VB" and token.doc[0].tag_ != "DT"
    return is_to and token.nbor(-1).lower_ not in word_list("takes_to")


def _is_doing(token: Token) -> bool:
    """ "Man facing charges": of the subject itself, with an object and no later verb."""
    before, after = token.doc[: token.i], token.doc[token.i + 1 :]
    has_object = any(child.dep_ == "dobj" for child in token.children)
    # "Council fencing returns": the next word may be the verb
    is_plain = not any(word.tag_ == "IN" for word in before) and not any_of("plain_verbs").fullmatch(
        token.nbor().text
    )
    return token.tag_ == "VBG" and has_object and is_plain and not any(word.tag_ in _VERBS for word in after)


def _is_done(token: Token, first_sentence: str) -> bool:
    """Whether it is done to the subject: by its meaning, or by the story's first sentence."""
    return token.lower_ in word_list("suffered") or bool(_helpers(token.lower_, first_sentence))


def _helpers(participle: str, sentence: str) -> frozenset[str]:
    """ "was" of "The ferry was painted", "has" and "been" of "The ferry has been painted"."""
    return frozenset(
        child.lower_
        for word in parse_sentence(sentence)
        if word.lower_ == participle and any(child.dep_ == "auxpass" for child in word.children)
        for child in word.children
        if child.dep_ in ("aux", "auxpass")
    )


@lru_cache(maxsize=512)
def is_or_are(who: str) -> str:
    """By the head of the subject; nothing where it has a verb, or where a name may be of one or of several."""
    if _MONEY.match(who):
        return "is"
    who = _AT_LEAST.sub("", who).strip()
    if who.endswith(","):
        # "Joan Pike, poet," is one
        who = who.partition(",")[0]
    found = WORD.findall(who)
    if not found or who.count(",") > 1:
        return ""
    doc = parse_title(who)
    if any(token.tag_ in FINITE | {"WP", "WDT"} or _is_gerund(token) for token in doc):
        return ""
    head = root_of(doc)
    # two side by side: "Pike, Fox to judge show"
    if "," in who or any(child.dep_ == "conj" for child in head.children):
        return "are"
    return _number(head, found)


def _is_gerund(token: Token) -> bool:
    """ "Man facing charges", and not "Oscar-winning director"."""
    return token.tag_ == "VBG" and token.dep_ not in ("amod", "compound")


def _number(head: Token, found: list[str]) -> str:
    last, first = head.text, found[0].casefold()
    if head.tag_ not in ("NN", "NNS", "NNP", "CD"):
        return ""
    if first in ("one", "a", "an", "another", "1") or last == "US":
        return "is"
    if (
        head.tag_ == "CD"
        or last.lower() in word_list("plurals")
        or _counts(found)
        or _LETTERS_S.fullmatch(last)
    ):
        return "are"
    if head.tag_ == "NNS":
        return "are" if last.endswith("s") and not _GLUED_NAME.search(last) else ""
    # of "Wells" and "GPS" nobody knows
    return "" if last.lower().endswith("s") and (head.tag_ == "NNP" or last.isupper()) else "is"


def _counts(found: list[str]) -> bool:
    first = found[0].casefold()
    return first in word_list("counts") or (first.isdigit() and first != "1" and len(first) < 4)


def _bears_out(doc: Doc, place: int) -> bool:
    """Whether "is" at this place has all words before it as its subject, and no other verb goes without a joint."""
    root = root_of(doc)
    subject = subject_of(root)
    be = next(token for token in doc if token.idx == place)
    if subject is None or not is_statement(doc, stands_for=True) or (be.i != root.i and be.head.i != root.i):
        return False
    subtree = [token.i for token in subject.subtree]
    is_whole = min(subtree) == 0 and max(subtree) >= be.i - 2
    return is_whole and not any(_is_loose_verb(token, root) for token in doc[be.i + 1 :])


def _is_loose_verb(token: Token, root: Token) -> bool:
    """A later verb that nothing joins: "Man is caught speeding kisses policeman"."""
    if (
        token.i == root.i
        or token.tag_ not in ("VBZ", "VBP", "VBD")
        or token.dep_ in ("relcl", "aux", "auxpass")
    ):
        return False
    joints = ("mark", "nsubj", "nsubjpass", "aux", "auxpass")
    if token.dep_ == "conj":
        between = token.doc[token.head.i : token.i]
        return not any(word.dep_ == "cc" or word.text == "," for word in between)
    return not any(child.dep_ in joints for child in token.children)
