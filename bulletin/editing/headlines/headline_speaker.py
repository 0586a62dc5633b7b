"""Who says it comes first: "Ferry is safe: Council" -> "Council says ferry is safe"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.editing.english.word_lists import TITLE_WORD, any_of, listed, regex
from bulletin.editing.headlines.clean_title import FEWEST_WORDS, is_voice
from bulletin.editing.headlines.headline_tree import FINITE, parse_title
from bulletin.editing.headlines.title_case import is_common
from bulletin.language.sentence_parser import has_parser, parse_sentence
from bulletin.language.sentences import count_words

if TYPE_CHECKING:
    from bulletin.language.sentence_parser import Token

_AT_END = r"(?i)^(?P<told>[^:]+), (?:(?P<said>(?<![\w'-])(?:«headlines.says»)(?![\w'-])) (?P<who>[^,:]+)|(?P<whose>[^,:]+?) (?P<says>(?<![\w'-])(?:«headlines.says»)(?![\w'-])))$"
_NOT_ONLY = r"(?i)\b(?:to|on|at|about|after|in|for|as|before|over|with|from)\b|[\d,;!?]"
""" "Court to council", "Fox on her fall": not only who says it."""
_SCORE = r"\d-\d|\bv\b|\bvs\b"
_SMALL = frozenset("one the a an no all some most more there it".split())
_MOST_SPEAKER = 5
"""Words of a speaker's name and office."""


def split_speaker(text: str, first_sentence: str) -> tuple[str, str]:
    """
    Who says it, with the verb, and what; nothing at all where a colon leaves it open who speaks.

    >>> split_speaker("Ferry will come back, says Joan Pike", "")
    ('Joan Pike says', 'Ferry will come back')
    """
    if match := regex(_AT_END).match(text):
        who = (match["who"] or match["whose"]).strip()
        verb = (match["said"] or match["says"]).casefold()
        return (f"{who} {verb}", match["told"]) if _may_speak(who) else ("", "")
    head, colon, tail = text.partition(": ")
    if not colon:
        return "", text
    for who, statement in ((tail, head), (head, tail)):
        is_clause = count_words(statement) >= FEWEST_WORDS and ": " not in tail
        if is_clause and _may_speak(who) and _speaks(who, first_sentence):
            return f"{who} {_says(who)}", statement
    return "", tail if _is_topic(head) and ": " not in tail else ""


def _may_speak(who: str) -> bool:
    words = TITLE_WORD.findall(who)
    if not 0 < len(words) <= _MOST_SPEAKER or '"' in who or regex(_NOT_ONLY).search(who):
        return False
    # "Pike Defends Council, Says Mayor Knew"
    return not has_parser() or not any(token.tag_ in FINITE for token in parse_title(who))


def _speaks(who: str, first_sentence: str) -> bool:
    """Whether it is a study, a court, an office, or the story's first sentence has it say something."""
    if is_voice(who):
        return True
    if not has_parser():
        return False
    last = TITLE_WORD.findall(who)[-1]
    return any(token.text == last and _has_saying_head(token) for token in parse_sentence(first_sentence))


def _has_saying_head(token: Token) -> bool:
    return token.dep_ == "nsubj" and bool(any_of("owns_words").fullmatch(token.head.text))


def _says(who: str) -> str:
    last = TITLE_WORD.findall(who)[-1].casefold()
    several = last in listed("headlines", "plurals") or " and " in who
    return "say" if several or (last in listed("headlines", "voices") and last.endswith("s")) else "says"


def _is_topic(head: str) -> bool:
    """Whether what stands before the colon only names a field: a quotation, a score, a sport; an event must stay."""
    is_quoted = head.startswith('"') and head.endswith('"')
    return is_quoted or bool(regex(_SCORE).search(head)) or head.casefold() in listed("headlines", "topics")


def join_speaker(who_says: str, statement: str, first_sentence: str) -> str:
    """
    Both as one statement; a word that the story has with a small letter gets one.

    >>> join_speaker("council says", "Ferry is safe", "The ferry is safe.")
    'Council says ferry is safe'
    """
    first = TITLE_WORD.findall(statement)[0].lower()
    is_small = first in TITLE_WORD.findall(first_sentence) or first in listed("headlines", "counts") | _SMALL
    if has_parser() and f" {statement.split()[0]}" not in first_sentence and statement[1:2].islower():
        is_small = is_small or is_common(first, parse_title(statement)[0].tag_)
    clause = statement[:1].lower() + statement[1:] if is_small else statement
    return f"{who_says[:1].upper()}{who_says[1:]} {clause}"
