"""A title as a whole statement, short enough to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.editing.english.word_lists import TITLE_WORD, any_of, listed
from bulletin.editing.headlines.headline_tree import (
    FINITE,
    has_bare_clause,
    is_statement,
    lacks_be,
    parse_title,
    root_of,
    subject_of,
)
from bulletin.editing.headlines.hidden_verb import has_hidden_verb
from bulletin.editing.headlines.list_commas import with_and
from bulletin.editing.headlines.title_case import is_used_as_verb, sentence_case
from bulletin.language.sentences import count_words

if TYPE_CHECKING:
    from bulletin.language.sentence_parser import Doc

_NO_SUBJECT = frozenset({"IN", "RB", "CC", "VBG", "VBN"})


def whole_statement(text: str, *, first_sentence: str, most: int, has_speaker: bool = False) -> str:
    """
    The title as a statement of at most so many words; nothing where it is none, or where that is not sure.

    "Two held over theft" and "Wexcombe to lose ferry" lack their verb and are none.
    """
    small = sentence_case(text, first_sentence)
    if not has_speaker and (_demands(parse_title(small)) or _accuses(parse_title(small), first_sentence)):
        return ""
    statement = _two_statements(small) or _statement(small)
    if not statement or count_words(statement) > most:
        return ""
    last = TITLE_WORD.findall(statement)[-1]
    # a title that its page cut off ends in the middle of a word
    is_cut = (
        last.casefold() in listed("headlines", "hangs")
        or (len(last) == 1 and last.islower())
        or statement[-1] in "&,-"
    )
    return "" if is_cut else statement


def _statement(text: str) -> str:
    """One statement, with "and" for a comma; nothing where it is none."""
    doc = parse_title(text)
    root = root_of(doc)
    is_verb = root.tag_ not in ("VBZ", "VBP") or is_used_as_verb(root.lower_)
    is_whole = ((is_verb and is_statement(doc)) or has_hidden_verb(text)) and not lacks_be(root)
    return with_and(text) if is_whole and _is_sound(doc) else ""


def _is_sound(doc: Doc) -> bool:
    """Whether no clause lacks its verb, and what somebody says or tells has one: not "says deal near"."""
    root = root_of(doc)
    after_verb = doc[root.i + 1 :]
    # "tells court of fear"
    is_of = root.lower_.startswith("t") and any(word.tag_ in ("TO", "IN") for word in after_verb[:4])
    is_clause = root.lower_ in ("say", "says", "said", "tell", "tells", "told") and not is_of
    return not has_bare_clause(doc) and (not is_clause or any(word.tag_ in FINITE for word in after_verb))


def _is_whole(doc: Doc) -> bool:
    return is_statement(doc) and not lacks_be(root_of(doc)) and not has_bare_clause(doc)


def _two_statements(text: str) -> str:
    """Two statements that only a comma joins: "Ferry hits pier, sinks" -> "Ferry hits pier and sinks"."""
    head, _, tail = text.partition(", ")
    if ", " in tail or min(count_words(head), count_words(tail)) < 2 or any_of("denies").search(tail):
        return ""
    opens = {parse_title(head)[0].tag_, parse_title(tail)[0].tag_}
    is_two = _is_whole(parse_title(head)) and (_opens_with_verb(tail) or _is_whole(parse_title(tail)))
    return f"{head} and {tail}" if is_two and not opens & _NO_SUBJECT else ""


def _opens_with_verb(tail: str) -> bool:
    """ "sinks in harbour", "send help": with the subject of what stands before."""
    docs = {"VBZ": parse_title(f"It {tail}"), "VB": parse_title(f"They {tail}")}
    return any(
        root_of(doc).i == 1 and doc[1].tag_.removesuffix("P") == tag and is_statement(doc, stands_for=True)
        for tag, doc in docs.items()
    ) and is_used_as_verb(docs["VBZ"][1].lower_)


def _demands(doc: Doc) -> bool:
    """ "must" and "should" are what somebody demands; without a speaker nobody knows who."""
    return any(child.lower_ in ("must", "should", "ought") for child in root_of(doc).children)


def _accuses(doc: Doc, first_sentence: str) -> bool:
    """Whether a crime of somebody named is told without a court: "Pike stole bell"."""
    root = root_of(doc)
    subject = subject_of(root)
    is_named = subject is not None and subject.tag_ == "NNP" and subject.dep_ == "nsubj"
    is_crime = root.lower_ in listed("headlines", "crimes")
    return is_named and is_crime and not any_of("proves").search(first_sentence)
