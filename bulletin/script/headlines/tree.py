"""Whether a title is a whole statement, by its dependency tree, and the "is" that print leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from bulletin.script.headlines.title import is_title_case
from bulletin.script.headlines.words import WORD, any_of, word_list
from bulletin.script.parse import parse_sentence
from bulletin.text import count_words

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_SUBJECT = frozenset({"nsubj", "nsubjpass", "expl"})
_OBJECT = frozenset({"dobj", "ccomp", "attr", "acomp", "dative"})
_BESIDE = frozenset({"prep", "advmod", "npadvmod", "advcl", "punct"})
"""What may stand before a subject: "In Wexcombe, ..."."""
_MARKS = frozenset({"after", "as", "while", "amid", "following"})
"""What they open may be left out at the end of a headline that is too long; never a condition or a "but"."""
_FEWEST_LEFT = 6
_MONEY = re.compile(r"(?:(?:over|nearly|about|around|almost|at least|more than) )?(?:Rs|[£$€])\.? ?\d", re.IGNORECASE)


def sentence_case(text: str, first_sentence: str) -> str:
    """A title in Title Case with small letters, but for what the story has with capitals; as long as it was."""
    if not is_title_case(text):
        return text
    names = {word for word in WORD.findall(first_sentence)[1:] if word[0].isupper()}

    def small(match: re.Match[str]) -> str:
        word, low = match[0], match[0].lower()
        is_name = word in names or sum(map(str.isupper, word)) > 1 or word == "I"
        return word if is_name or match.start() == 0 or len(low) != len(word) else low

    return WORD.sub(small, text)


def whole_statement(text: str, *, first_sentence: str, most: int) -> str:
    """
    The title as a statement of at most so many words; nothing where it is none, or where that is not sure.

    "Two held over theft" gets its "are", "Wexcombe to lose ferry" its "is"; the tree of the result must bear it out.
    """
    small = sentence_case(text, first_sentence)
    if not is_statement(_parse(small)) or _lacks_be(_parse(small)):
        place, verb = _missing_be(small, first_sentence)
        if not verb:
            return ""
        text, small = (f"{one[:place]}{verb} {one[place:]}" for one in (text, small))
        if not _bears_out(_parse(small), place):
            return ""
    while count_words(text) > most:
        end = _end_without_clause(_parse(small))
        text, small = text[:end].rstrip(" ,"), small[:end].rstrip(" ,")
        if not end or count_words(text) < _FEWEST_LEFT or not is_statement(_parse(small)):
            return ""
    last = WORD.findall(text)[-1]
    return "" if last.casefold() in word_list("hangs") else text


def is_statement(doc: Doc) -> bool:
    """Whether the root is a finite verb behind a subject that is no pronoun, and nothing else stands before it."""
    root = _root(doc)
    subject = _subject(root)
    if subject is None or not _is_finite(root) or subject.i > root.i or subject.tag_ in ("PRP", "WP", "WDT"):
        return False
    before = [child for child in root.children if child.i < subject.i]
    if any(child.dep_ not in _BESIDE | _SUBJECT for child in before) or _opinion(root):
        return False
    # an object that is "him" is somebody else than the subject, and nobody knows who
    return not any(child.dep_ in ("dobj", "dative") and child.tag_ == "PRP" for child in root.children)


def _opinion(root: Token) -> bool:
    """ "must" and "should" are what somebody demands, and it is not told who."""
    return any(child.tag_ == "MD" and child.lower_ in ("must", "should", "ought") for child in root.children)


def _is_finite(verb: Token) -> bool:
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass") and child.i < verb.i]
    if any(child.tag_ == "TO" for child in helpers):
        return False
    if helpers:
        return helpers[0].tag_ in _FINITE
    return verb.tag_ in ("VBZ", "VBP", "VBD")


def _lacks_be(doc: Doc) -> bool:
    """Whether a form that may be past or done to the subject has no object: "Students forced to pay"."""
    root = _root(doc)
    return _may_be_participle(root) and not any(child.dep_ in ("aux", "auxpass") for child in root.children)


def _may_be_participle(token: Token) -> bool:
    if token.tag_ not in ("VBD", "VBN"):
        return False
    form = token.lower_
    has_object = any(child.dep_ in _OBJECT and child.i > token.i for child in token.children)
    return not has_object and (form.endswith("ed") or form in word_list("ambiguous"))


def _missing_be(text: str, first_sentence: str) -> tuple[int, str]:
    """Where "is" or "are" belongs, and which; no word where that is not sure."""
    for place in _places(text, first_sentence):
        who = text[:place].strip().rstrip(",")
        verb = _is_or_are(who)
        if verb:
            return place, verb
        break
    return 0, ""


def _places(text: str, first_sentence: str) -> Iterator[int]:
    """Beginning of the first word, in order, that print has without its verb."""
    doc = _parse(text)
    for token in doc[1:-1]:
        before, after = doc[token.i - 1], doc[token.i + 1]
        if any_of("states").match(text, token.idx):
            yield token.idx
        elif token.lower_ == "to" and after.tag_ == "VB" and before.lower_ not in word_list("takes_to"):
            yield token.idx
        elif token.tag_ == "VBG" and before.tag_ in ("NNS", "NNP") and token.dep_ in ("acl", "ROOT"):
            yield token.idx
        elif _may_be_participle(token) and _is_done(token, first_sentence):
            yield token.idx


def _is_done(token: Token, first_sentence: str) -> bool:
    """Whether it is done to the subject: by its meaning, or by the story's first sentence."""
    if token.lower_ in word_list("suffered"):
        return True
    return any(
        word.lower_ == token.lower_ and any(child.dep_ == "auxpass" for child in word.children)
        for word in parse_sentence(first_sentence)
    )


@lru_cache(maxsize=512)
def _is_or_are(who: str) -> str:
    """By the head of the subject; nothing where it has a verb, or where a name may be of one or of several."""
    if _MONEY.match(who):
        return "is"
    found = WORD.findall(who)
    doc = _parse(who)
    head = _root(doc)
    if not found or any(token.tag_ in _FINITE | {"VBG", "WP", "WDT"} for token in doc):
        return ""
    last, first = head.lower_, found[0].casefold()
    if head.tag_ not in ("NN", "NNS", "NNP", "CD") or any(child.dep_ == "conj" for child in head.children):
        return "are" if any(child.dep_ == "conj" for child in head.children) else ""
    if first in ("one", "a", "an", "another", "1"):
        return "is"
    if head.tag_ in ("NNS", "CD") or last in word_list("plurals") or _counts(found):
        return "are"
    return "is" if head.tag_ == "NN" or not last.endswith("s") else ""


def _counts(found: list[str]) -> bool:
    first = found[0].casefold()
    return first in word_list("counts") or (first.isdigit() and first != "1" and len(first) < 4)


def _bears_out(doc: Doc, place: int) -> bool:
    """Whether "is" at this place has all words before it as its subject, and no other verb goes without a joint."""
    root = _root(doc)
    subject = _subject(root)
    if subject is None or not is_statement(doc):
        return False
    be = next((token for token in doc if token.idx == place), None)
    if be is None or (be.i != root.i and be.head.i != root.i):
        return False
    subtree = [token.i for token in subject.subtree]
    if min(subtree) != 0 or max(subtree) < be.i - 2:
        return False
    return not any(_is_loose_verb(token, root) for token in doc[be.i + 1 :])


def _is_loose_verb(token: Token, root: Token) -> bool:
    """A later verb that nothing joins: "Man is caught speeding kisses policeman"."""
    if token.i == root.i or token.tag_ not in ("VBZ", "VBP", "VBD"):
        return False
    joints = ("mark", "nsubj", "nsubjpass", "aux", "auxpass", "cc", "advmod")
    joined = any(child.dep_ in joints for child in token.children) or token.dep_ in ("conj", "relcl", "aux", "auxpass")
    return not joined


def _end_without_clause(doc: Doc) -> int:
    """Where the title ends without its last "after ..." or "as ..."; 0 where there is none."""
    root = _root(doc)
    last = doc[-2].i if doc[-1].is_punct else doc[-1].i
    for child in sorted(root.children, key=lambda child: -child.i):
        subtree = [token.i for token in child.subtree]
        begins = doc[min(subtree)]
        if child.i > root.i and max(subtree) >= last and begins.lower_ in _MARKS:
            is_clause = child.dep_ == "advcl" or (child.dep_ == "prep" and begins.lower_ != "as")
            return begins.idx if is_clause else 0
    return 0


def _root(doc: Doc) -> Token:
    return next(token for token in doc if token.head.i == token.i)


def _subject(verb: Token) -> Token | None:
    return next((child for child in verb.children if child.dep_ in _SUBJECT), None)


def _parse(text: str) -> Doc:
    return parse_sentence(f"{text}.")
