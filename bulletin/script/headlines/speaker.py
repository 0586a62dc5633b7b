"""Who says it comes first: "Ferry is safe: Council" -> "Council says ferry is safe"."""

from __future__ import annotations

import re

from bulletin.script.headlines.title import FEWEST_WORDS, is_voice
from bulletin.script.headlines.words import WORD, any_of, word_list
from bulletin.script.parse import has_parser, parse_sentence
from bulletin.text import count_words

_AT_END = re.compile(
    rf"^(?P<told>[^:]+), (?:(?P<said>{any_of('says').pattern}) (?P<who>[^,:]+)|(?P<whose>[^,:]+?) (?P<says>{any_of('says').pattern}))$",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\b(?:to|on|at|after|in|for|as|before|over|with|from)\b|[\d,;!?]", re.IGNORECASE)
""" "Court to council", "Fox on her fall": not only who says it."""
_SCORE = re.compile(r"\d-\d|\bv\b|\bvs\b")
_SMALL = frozenset("the a an no all some most more many its his her their new".split())
_MOST_SPEAKER = 5
"""Words of a speaker's name and office."""


def say_speaker_first(text: str, first_sentence: str) -> str:
    """
    The title with its speaker in front; nothing where a colon leaves it open who speaks.

    >>> say_speaker_first("Ferry will come back, says Joan Pike", "")
    'Joan Pike says Ferry will come back'
    """
    if match := _AT_END.match(text):
        who = (match["who"] or match["whose"]).strip()
        verb = (match["said"] or match["says"]).casefold()
        return _join(who, verb, match["told"], first_sentence) if _may_speak(who) else ""
    head, colon, tail = text.partition(": ")
    if not colon:
        return text
    if ": " in tail:
        return ""
    if _may_speak(tail) and count_words(head) >= FEWEST_WORDS and _speaks(tail, first_sentence):
        return _join(tail, _says(tail), head, first_sentence)
    if count_words(tail) < FEWEST_WORDS:
        return ""
    if _may_speak(head) and _speaks(head, first_sentence):
        return _join(head, _says(head), tail, first_sentence)
    return tail if _is_topic(head) else ""


def _may_speak(who: str) -> bool:
    found = WORD.findall(who)
    return 0 < len(found) <= _MOST_SPEAKER and '"' not in who and not _NOT_ONLY.search(who)


def _speaks(who: str, first_sentence: str) -> bool:
    """Whether it is a study, a court, an office, or the story's first sentence has it say something."""
    if is_voice(who):
        return True
    if not has_parser():
        return False
    last = WORD.findall(who)[-1]
    return any(
        token.text == last and _has_saying_head(token) for token in parse_sentence(first_sentence)
    )


def _has_saying_head(token) -> bool:  # type: ignore[no-untyped-def]
    return token.dep_ == "nsubj" and bool(any_of("owns_words").fullmatch(token.head.text))


def _says(who: str) -> str:
    last = WORD.findall(who)[-1].casefold()
    several = last in word_list("plurals") or " and " in who
    return "say" if several or (last in word_list("voices") and last.endswith("s")) else "says"


def _is_topic(head: str) -> bool:
    """Whether what stands before the colon only names a field: a quotation, a score, a war, a sport."""
    found = WORD.findall(head)
    if (head.startswith('"') and head.endswith('"')) or _SCORE.search(head):
        return True
    return 0 < len(found) <= _MOST_SPEAKER and found[-1].casefold() in word_list("topics")


def _join(who: str, verb: str, told: str, first_sentence: str) -> str:
    first = WORD.findall(told)[:1]
    small = bool(first) and (first[0].casefold() in _SMALL or first[0].lower() in WORD.findall(first_sentence))
    clause = told[:1].lower() + told[1:] if small else told
    return f"{who[:1].upper()}{who[1:]} {verb} {clause}"
