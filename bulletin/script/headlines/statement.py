"""A title as a whole statement, short enough to be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulletin.script.headlines.be import hidden_verb, is_phrase, with_be
from bulletin.script.headlines.case import is_used_as_verb, sentence_case
from bulletin.script.headlines.commas import with_and
from bulletin.script.headlines.tree import (
    FINITE,
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

_NO_SUBJECT = frozenset({"IN", "RB", "CC", "VBG", "VBN"})
_NEWS = frozenset({"VBN", "VBD", "VBZ", "VBG", "CD"})
_MOST_COMMENT = 6
_SAYS = re.compile(r"(?<= )(says?|said) ")


def whole_statement(text: str, *, first_sentence: str, most: int, has_speaker: bool = False) -> str:
    """
    The title as a statement of at most so many words; nothing where it is none, or where that is not sure.

    "Two held over theft" gets its "have been", "Wexcombe to lose ferry" its "is"; the tree of the result must bear
    it out.
    """
    small = sentence_case(text, first_sentence)
    if not has_speaker and (_demands(parse_title(small)) or _accuses(parse_title(small), first_sentence)):
        return ""
    told = (
        _two_statements(small, first_sentence)
        or _statement(small, first_sentence)
        or _behind_comment(small, first_sentence)
    )
    if count_words(told) > most:
        # "are" is a word shorter than "have been"
        told = _statement(small, first_sentence, is_present=True)
    if not told or count_words(told) > most:
        return ""
    last = WORD.findall(told)[-1]
    # a title that its page cut off ends in the middle of a word
    is_cut = last.casefold() in word_list("hangs") or (len(last) == 1 and last.islower()) or told[-1] in "&,-"
    return "" if is_cut or _is_unknown(parse_title(told), first_sentence) else told


def _statement(text: str, first_sentence: str, *, is_present: bool = False) -> str:
    """One statement, with the verb that print leaves out; nothing where it is none."""
    doc = parse_title(text)
    root = root_of(doc)
    is_verb = root.tag_ != "VBZ" or is_used_as_verb(root.lower_)
    is_whole = ((is_verb and is_statement(doc)) or _has_hidden_verb(text)) and not lacks_be(root)
    told = text if is_whole else with_be(text, first_sentence, is_present=is_present)
    if not told or not _is_sound(parse_title(told)):
        told = _with_reported(text, first_sentence)
    return with_and(told) if told else ""


def _is_sound(doc: Doc) -> bool:
    """Whether no clause lacks its verb, and what somebody says or tells has one: not "says deal near"."""
    root = root_of(doc)
    told = doc[root.i + 1 :]
    # "tells court of fear"
    is_of = root.lower_.startswith("t") and any(word.tag_ in ("TO", "IN") for word in told[:4])
    is_clause = root.lower_ in ("say", "says", "said", "tell", "tells", "told") and not is_of
    return not has_bare_clause(doc) and (not is_clause or any(word.tag_ in FINITE for word in told))


def _is_whole(doc: Doc) -> bool:
    return is_statement(doc) and not lacks_be(root_of(doc)) and not has_bare_clause(doc)


def _with_reported(text: str, first_sentence: str) -> str:
    """What somebody says as a statement of its own: "says ferry to stop" -> "says ferry is to stop"."""
    begin, *rest = _SAYS.split(text, maxsplit=1)
    if not rest or not is_phrase(begin.strip()):
        return ""
    told = rest[1] if _is_whole(parse_title(rest[1])) else with_be(rest[1], first_sentence)
    return f"{begin}{rest[0]} {told}" if told and not has_bare_clause(parse_title(told)) else ""


def _two_statements(text: str, first_sentence: str) -> str:
    """Two statements that only a comma joins: "Ferry hits pier, crew rescued" -> "... and crew are rescued"."""
    head, _, tail = text.partition(", ")
    if ", " in tail or min(count_words(head), count_words(tail)) < 2 or any_of("denies").search(tail):
        return ""
    opens = {parse_title(head)[0].tag_, parse_title(tail)[0].tag_}
    one = "" if opens & _NO_SUBJECT else _statement(head, first_sentence, is_present=True)
    if not one:
        return ""
    other = tail if _opens_with_verb(tail) else _statement(tail, first_sentence, is_present=True)
    # "Judge tells Pike, Fox to pay"
    is_object = any(child.dep_ == "dobj" for child in root_of(parse_title(one)).children)
    is_order = is_object and re.search(r"\b(?:(?:is|are) to|will)\b", other)
    return f"{one} and {other}" if other and not is_order else ""


def _opens_with_verb(tail: str) -> bool:
    """ "sinks in harbour", "send help": with the subject of what stands before."""
    docs = {"VBZ": parse_title(f"It {tail}"), "VB": parse_title(f"They {tail}")}
    return any(
        root_of(doc).i == 1 and doc[1].tag_.removesuffix("P") == tag and is_statement(doc, stands_for=True)
        for tag, doc in docs.items()
    ) and is_used_as_verb(docs["VBZ"][1].lower_)


def _behind_comment(text: str, first_sentence: str) -> str:
    """The statement after a comment without a verb: "Fears as ferry sinks" -> "Ferry sinks"."""
    head, _, tail = text.partition(" as ")
    is_news = any(any_of(name).search(head) for name in ("states", "plain_verbs", "denials"))
    is_news = is_news or any(token.tag_ in _NEWS for token in parse_title(head))
    is_comment = tail and not is_news and count_words(head) <= _MOST_COMMENT
    return _statement(tail, first_sentence) if is_comment else ""


def _demands(doc: Doc) -> bool:
    """ "must" and "should" are what somebody demands; without a speaker nobody knows who."""
    return any(child.lower_ in ("must", "should", "ought") for child in root_of(doc).children)


def _accuses(doc: Doc, first_sentence: str) -> bool:
    """Whether a crime of somebody named is told without a court: "Pike stole bell"."""
    root = root_of(doc)
    subject = subject_of(root)
    is_named = subject is not None and subject.tag_ == "NNP" and subject.dep_ == "nsubj"
    is_crime = root.lower_ in word_list("crimes")
    return is_named and is_crime and not any_of("proves").search(first_sentence)


def _has_hidden_verb(text: str) -> bool:
    """Whether one is the verb of the subject in front, and what follows is not told as over: "talks dead"."""
    place = hidden_verb(text)
    is_state = any_of("states").search(text.partition(" as ")[0], place)
    return place > 0 and not (is_state or any_of("suffered").search(text, place))


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
