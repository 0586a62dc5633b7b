"""A title as a whole statement, short enough to be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulletin.script.headlines.be import is_or_are, missing_be
from bulletin.script.headlines.title import is_title_case
from bulletin.script.headlines.tree import (
    MARKS,
    has_bare_clause,
    hides_participle,
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
    from bulletin.script.parse import Doc

_FEWEST_LEFT = 6
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
    if not is_whole or lacks_be(root_of(parse_title(small))) or hides_participle(parse_title(small)):
        place, verb = missing_be(small, first_sentence)
        if not verb:
            return ""
        text, small = (f"{part[:place]}{verb} {part[place:]}" for part in (text, small))
    while count_words(text) > most or has_bare_clause(parse_title(small)):
        end = _end_without_clause(parse_title(small))
        text, small = text[:end].rstrip(" ,"), small[:end].rstrip(" ,")
        if count_words(text) < _FEWEST_LEFT or not is_statement(parse_title(small)):
            return ""
    is_cut = WORD.findall(text)[-1].casefold() in word_list("hangs")
    return "" if is_cut or _is_unknown(parse_title(small), first_sentence) else text


def _demands(doc: Doc) -> bool:
    """ "must" and "should" are what somebody demands; without a speaker nobody knows who."""
    return any(child.lower_ in ("must", "should", "ought") for child in root_of(doc).children)


def _has_verb_in_s(text: str) -> bool:
    """Whether a word that the parser takes for a noun is the verb of one: "Pike shares picture of ferry"."""
    doc = parse_title(text)
    for token in doc[1:-2]:
        after = doc[token.i + 1]
        is_form = token.text.islower() and token.lower_.endswith("s") and token.tag_ in ("VBZ", "NNS")
        if not is_form or token.lower_ in word_list("plural_attributes"):
            continue
        has_object = after.tag_ in _OPENS_OBJECT
        if not (token.tag_ == "VBZ" or has_object or token.lower_ in word_list("plain_verbs")):
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


def _end_without_clause(doc: Doc) -> int:
    """Where the title ends without its last "after ..." or "as ..."; 0 where there is none."""
    root = root_of(doc)
    last = doc[-2].i if doc[-1].is_punct else doc[-1].i
    for child in sorted(root.children, key=lambda child: -child.i):
        subtree = [token.i for token in child.subtree]
        begins = doc[min(subtree)]
        if child.i > root.i and max(subtree) >= last and begins.lower_ in MARKS:
            is_clause = child.dep_ == "advcl" or (child.dep_ == "prep" and begins.lower_ != "as")
            return begins.idx if is_clause else 0
    return 0


def _is_unknown(doc: Doc, first_sentence: str) -> bool:
    """
    Whether the subject is one name that the story itself has to introduce: "teacher Joan Pike".

    Those who hold an office are known by it.
    """
    subject = subject_of(root_of(doc))
    if subject is None or subject.tag_ != "NNP" or len(list(subject.subtree)) > 1:
        return False
    for token in parse_sentence(first_sentence):
        if token.text != subject.text:
            continue
        before = [word for word in token.subtree if word.i < token.i and word.tag_ == "NN"]
        if before and not any(word.lower_ in word_list("offices") for word in before):
            return True
    return False
