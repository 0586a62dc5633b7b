"""The verb of a title that the parser takes for a noun: "Council votes to mend ferry"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.editing.english.word_lists import any_of, listed, regex
from bulletin.editing.headlines.headline_tree import FINITE, MARKS, is_statement, parse_title, root_of
from bulletin.editing.headlines.title_case import is_common, is_used_as_verb

if TYPE_CHECKING:
    from bulletin.language.sentence_parser import Token

_AT_LEAST = r"(?i)^(?:at least|up to|more than|over|nearly|about|around|almost|under) "
_OPENS_OBJECT = frozenset({"DT", "JJ", "CD", "PRP$", "NN", "NNP", "NNS", "NNPS", "RB", "VBG", "TO"})
_OPENS_PHRASE = frozenset({"TO", "MD", "DT", "IN", "CC", "PRP$"})
_OPENS_CLAUSE = MARKS | {"until", "when", "before", "because"}
_NO_PHRASE = FINITE | {"WP", "WDT"}


def has_hidden_verb(text: str) -> bool:
    """
    Whether a word is the verb of the subject in front, though the parser takes it for a noun.

    "Pike shares picture", "Old parts trigger scare", "Council votes to mend ferry"; not where what follows is told as
    over: "talks dead".
    """
    doc = parse_title(text)
    for token in doc[1:-2]:
        before, after = doc[token.i - 1], token.nbor().tag_
        if token.tag_ in ("IN", "TO"):
            return False
        # "Civic bodies to meet" and "Council votes to meet", "stars helping team" and "issues sweeping order"
        opens = after in _OPENS_OBJECT and (after != "TO" or before.tag_.startswith("NN"))
        opens = opens and (after != "VBG" or token.nbor().dep_ == "amod")
        is_form = token.text.islower() and before.tag_ not in _OPENS_PHRASE
        if not is_form or {token.lower_, before.lower_} & listed("headlines", "plural_attributes"):
            continue
        is_noun = opens and is_used_as_verb(token.lower_)
        is_plain = token.tag_ == "VBZ" or token.lower_ in listed("headlines", "plain_verbs")
        in_s = is_plain or (is_noun and token.tag_ == "NNS")
        is_base = is_noun and token.tag_ in ("NN", "NNP", "VB", "VBP") and before.tag_ != "JJ"
        if (in_s or is_base) and is_or_are(text[: token.idx]) == ("is" if in_s else "are"):
            tree = parse_title(f"{'It' if in_s else 'They'} {text[token.idx :]}")
            if root_of(tree).i == 1 and is_statement(tree, stands_for=True):
                is_state = any_of("states").search(text.partition(" as ")[0], token.idx)
                return not (is_state or any_of("suffered").search(text, token.idx))
    return False


@lru_cache(maxsize=512)
def is_or_are(who: str) -> str:
    """By the head of the subject; nothing where it has a verb, or where a name may be of one or of several."""
    who = regex(_AT_LEAST).sub("", who).strip()
    if who.count(",") > 1 or re.search(r", (?:.* )?[a-z]+ [A-Z]", who):
        # "Former Wexcombe, Brenford chief Joan Pike" is one
        return ""
    doc = parse_title(who)
    head = root_of(doc)
    is_verbal = any(
        token.tag_ in _NO_PHRASE or token.lower_ in listed("headlines", "plain_verbs") for token in doc
    )
    # "man fatally", "oil tanker probably"
    is_place = (doc[0].tag_ in ("IN", "TO") and doc[0].whitespace_) or doc[-2:][0].tag_ == "RB"
    if is_verbal or is_place or any(token.lower_ in _OPENS_CLAUSE for token in doc):
        return ""
    # two side by side: "Pike, Fox to judge show"
    is_pair = "," in who or any(child.dep_ == "conj" for child in head.children)
    return "are" if is_pair else _number(head, doc[0].lower_)


def _number(head: Token, first: str) -> str:
    last = head.lower_
    if head.tag_ not in ("NN", "NNS", "NNP", "CD", "VBG"):
        return ""
    if (first in ("one", "a", "an", "another", "1") and head.tag_ != "NNS") or head.text == "US":
        return "is"
    is_counted = head.tag_ != "NN" and (first in listed("headlines", "counts") or first.isdigit())
    if head.tag_ == "CD" or last in listed("headlines", "plurals") or is_counted:
        return "are"
    if head.tag_ == "NNS":
        # "Morales"
        is_name = head.text.istitle() and not is_common(last)
        return "are" if last.endswith("s") and not is_name else ""
    # of "Wells" and "GPS" nobody knows
    return "" if last.endswith("s") and (head.tag_ == "NNP" or head.text.isupper()) else "is"
