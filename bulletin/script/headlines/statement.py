"""A title as a whole statement, short enough to be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulletin.script.headlines.be import is_or_are, missing_be
from bulletin.script.headlines.title import is_title_case
from bulletin.script.headlines.tree import (
    has_bare_clause,
    is_statement,
    lacks_be,
    parse_title,
    root_of,
    subject_of,
)
from bulletin.script.headlines.words import WORD, any_of, word_list
from bulletin.script.parse import parse_sentence
from bulletin.text import count_words

if TYPE_CHECKING:
    from bulletin.script.parse import Doc, Token

_OPENS_OBJECT = frozenset({"DT", "JJ", "CD", "PRP$", "NN", "NNP", "NNS", "NNPS"})


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


def whole_statement(text: str, *, first_sentence: str, most: int, has_speaker: bool = False) -> str:
    """
    The title as a statement of at most so many words; nothing where it is none, or where that is not sure.

    "Two held over theft" gets its "are", "Wexcombe to lose ferry" its "is"; the tree of the result must bear it out.
    """
    small = sentence_case(text, first_sentence)
    if not has_speaker and _demands(parse_title(small)):
        return ""
    is_whole = is_statement(parse_title(small)) or _has_verb_in_s(small)
    if not is_whole or lacks_be(root_of(parse_title(small))):
        place, verb = missing_be(small, first_sentence)
        if not verb:
            return ""
        text, small = (f"{part[:place]}{verb} {part[place:]}" for part in (text, small))
    if count_words(text) > most or has_bare_clause(parse_title(small)):
        return ""
    last = WORD.findall(text)[-1]
    # a title that its page cut off ends in the middle of a word
    is_cut = last.casefold() in word_list("hangs") or (len(last) == 1 and last.islower())
    if is_cut or _is_unknown(parse_title(small), first_sentence):
        return ""
    return _with_and(text, parse_title(small))


def _with_and(text: str, doc: Doc) -> str:
    """The comma of two things side by side, which is not heard, as "and": "Fox, Pike meet" is "Fox and Pike meet"."""
    for token in reversed(list(doc)):
        if token.dep_ != "conj" or token.pos_ not in ("NOUN", "PROPN") or token.left_edge.i < 2:
            continue
        comma, after = doc[token.left_edge.i - 1], doc[token.right_edge.i + 1]
        is_pair = not any(
            child.dep_ in ("cc", "conj")
            for child in (*token.children, *token.head.children)
            if child is not token and child != token
        )
        if comma.text == "," and is_pair and after.text != ",":
            text = f"{text[: comma.idx]} and{text[comma.idx + 1 :]}"
    return text


def is_of_name(statement: str, text: str) -> bool:
    """Whether a name that the text has too is the subject: "Ferry builder Joan Pike has died"."""
    return any(
        token.dep_ in ("nsubj", "nsubjpass")
        and token.tag_ in ("NNP", "NNPS")
        and re.search(rf"\b{re.escape(token.text)}\b", text)
        for token in root_of(parse_title(statement)).children
    )


def _demands(doc: Doc) -> bool:
    """ "must" and "should" are what somebody demands; without a speaker nobody knows who."""
    return any(child.lower_ in ("must", "should", "ought") for child in root_of(doc).children)


def _has_verb_in_s(text: str) -> bool:
    """Whether a word that the parser takes for a noun is the verb of one: "Pike shares picture of ferry"."""
    doc = parse_title(text)
    for token in doc[1:-2]:
        is_verb = token.tag_ == "VBZ" or token.lower_ in word_list("plain_verbs")
        may_be = token.tag_ == "NNS" and doc[token.i + 1].tag_ in _OPENS_OBJECT
        is_form = token.text.islower() and token.lower_ not in word_list("plural_attributes")
        if not is_form or not (is_verb or may_be):
            continue
        if any(word.tag_ == "IN" for word in doc[: token.i]) or any_of("suffered").search(text, token.idx):
            return False
        tree = parse_title(f"It {text[token.idx :]}")
        return (
            is_or_are(text[: token.idx]) == "is"
            and root_of(tree).i == 1
            and is_statement(tree, stands_for=True)
        )
    return False


def _is_unknown(doc: Doc, first_sentence: str) -> bool:
    """
    Whether the subject is one name that the story itself has to introduce: "teacher Joan Pike".

    Those who hold an office are known by it.
    """
    subject = subject_of(root_of(doc))
    if subject is None or subject.tag_ != "NNP" or len(list(subject.subtree)) > 1:
        return False
    named = [token for token in parse_sentence(first_sentence) if token.text == subject.text]
    return any(
        _is_role(word) for token in named for word in (token.head, *token.children) if word.i < token.i
    )


def _is_role(word: Token) -> bool:
    """ "singer" before a name, and no office."""
    return word.tag_ == "NN" and word.text.islower() and word.lower_ not in word_list("offices")
