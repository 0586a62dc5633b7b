"""Article title -> a headline that can be read: at most twelve words, a statement, nobody's label on it."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.fragments import is_unsaid
from bulletin.script.edits.grammar import bare, has_verb, is_finite, listed, one_of, starts_clause
from bulletin.script.edits.own_words import speaks_of_itself
from bulletin.script.edits.quotes import has_nobodys_words
from bulletin.script.edits.tidy import (
    close_dashes,
    close_up,
    double_quotes,
    drop_quote_marks,
    say_plainly,
    tidy,
)
from bulletin.script.headline_clause import say_speaker_first, say_verb, say_who_says
from bulletin.script.headline_deed import has_deed
from bulletin.script.rare import Rare, sub
from bulletin.text import count_words, split_sentences, words

MOST_WORDS = 12
FEWEST_WORDS = 4
ENDLESS = 60
"""Words; a longer title is none, and to look for its end takes the square of its length."""

_PUBLISHER = Rare(
    r"\s+(?:[|–—-]|::|»)\s+(?:[A-Z][\w.'’&]*(?: [A-Z&][\w.'’]*){0,4}|[\w-]+\.(?:com|co\.uk|org|net))$"
)
_NEVER = Rare(
    r"\?|…|\.{3}|https?:|[@#]\w|\blive updates\b|\bas it happened\b|\bhere(?:'s| is| are)\b|\b(?:how|why|what|when|where) (?:to|you|we|the|is|are|it)\b"
    # "How the mayor lost ..." promises, and tells nothing
    r"|^(?:how|why|what|when|where|who|which|whose|inside|meet|watch|listen|see|can|could|should|will|is|are|does|do|did|has|have)\b(?!, )"
    # "Fox on what led to her fall": a topic, and nothing said of it
    r"|^(?:\w+ ){1,3}on (?:what|how|why|who|his|her|their|being|\w+ing)\b"
    # "Their day, until it rained": nobody knows whose
    r"|^(?:their|his|her|its|they|he|she)\b(?! (?:majesty|highness|holiness)\b)"
    # what is shown and not told
    r"|\bin (?:pictures|photos|numbers|charts|maps)$|^(?:welcome to|all about|scenes? from|moments?|lessons? (?:from|in))\b"
    # keys and noise
    r"|\w{80}"
    # telegraphese that cannot be heard: "says bank not closed"
    r"|\b(?:says?|said) (?:\w+ ){1,3}not \w+ed\b",
    re.IGNORECASE,
)
_DOING = Rare(r"[A-Z][a-z]{2,}ing\b")
"""What the article does, "Mapping the floods", and not what happened."""
_HANGS = Rare(
    r"\b(?:and|or|but|as|after|amid|while|with|of|to|in|on|at|by|for|from|the|an?|almost|nearly|not|so|than|his|her|their|its|"
    r"is|are|was|were|be)$",
    re.IGNORECASE,
)
"""What a headline that was cut cannot end on."""
_ADDED = Rare(r"(?:, (?:and|but|as|after|while)|,| as| after| amid| following| in bid to| - ) [^,]+$")


def clean_title(title: str) -> str:
    """The title without the site's name, a label or marks; for chapters."""
    text = _one_statement(tidy(_MARKS_ROUND.sub("", title)))
    for _ in range(2):
        text = _PUBLISHER.sub("", _label().sub("", text))
    return drop_quote_marks(text).rstrip(" .")


_MARK = r"[\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f]"
"""Arrows, stars and small pictures."""
_MARKS_ROUND = re.compile(rf"^[\s\"]*(?:{_MARK}\s*)+|(?:\s*{_MARK})+[\s\"]*$")


@lru_cache(maxsize=1)
def _label() -> Rare:
    return Rare(rf"^(?:{one_of('headlines', 'labels')})\s*[:|–—-]\s*", re.IGNORECASE)


@lru_cache(maxsize=1)
def _label_at_end() -> Rare:
    return Rare(rf"\s*(?:,| [|–—-])\s*(?:{one_of('headlines', 'labels_at_end')})$", re.IGNORECASE)


def write_headline(title: str, *, first_sentence: str) -> str:
    """
    A headline from the article's own title, which newspapers write in the present tense.

    Nothing when it cannot be read as it is: a question, a teaser, a topic, too long to cut, somebody's own words,
    or the story's first sentence over again.
    """
    if count_words(title) > ENDLESS or _is_somebodys(title) or re.search(_MARK, _MARKS_ROUND.sub("", title)):
        return ""
    plain = say_plainly(_age_first(close_dashes(_label_at_end().sub("", clean_title(title)))))
    text = _statement(plain, first_sentence=first_sentence)
    if not text or _NEVER.search(text) or speaks_of_itself(text) or is_unsaid(text):
        return ""
    text = _shorten(say_speaker_first(text, first_sentence=first_sentence)) or _shorten(text)
    if not text or (_DOING.match(text) and not has_verb(text)) or not has_deed(text):
        return ""
    whole = say_verb(text)
    text = whole if count_words(whole) <= MOST_WORDS else text
    if count_words(text) < FEWEST_WORDS or _HANGS.search(text) or repeats(text, first_sentence):
        return ""
    return text[:1].upper() + text[1:]


def _shorten(text: str) -> str:
    """Without what was added at the end, as far as must be; nothing where too much or too little would be left."""
    first = bare(text.split(" ", 1)[0])
    only_opens = first in listed("words", "prepositions") or first.endswith("ed") or is_finite(first)
    if count_words(text) > MOST_WORDS and (told := _told_last().match(text)):
        # "Joan Pike, known for her boats, dead at 90": what comes last is the news
        text = f"{told['who']} {told['news']}"
    while count_words(text) > MOST_WORDS:
        shorter = close_up(_ADDED.sub("", text))
        if shorter == text or (only_opens and "," not in shorter):
            return ""
        text = shorter
    return text


@lru_cache(maxsize=1)
def _told_last() -> Rare:
    return Rare(
        rf"(?P<who>[^,:;]+), [^,:;]+, (?P<news>(?:{one_of('headlines', 'states')})\b[^,:;]*)$", re.IGNORECASE
    )


def _one_statement(title: str) -> str:
    """The first of several: "Joan Pike has died. And, the ferry stops" is about Joan Pike."""
    first, *rest = split_sentences(title)[:2] or [title]
    return first.rstrip(".") if rest and count_words(first) >= FEWEST_WORDS and has_verb(first) else title


def _is_somebodys(title: str) -> bool:
    """Whether a few words of the title are somebody's, and it does not say whose."""
    marked = double_quotes(tidy(title))
    # a quotation before a colon is not read
    return ": " not in marked and has_nobodys_words(marked)


def _statement(text: str, *, first_sentence: str) -> str:
    """What is stated in "Topic: statement", and "Statement: Speaker" with the speaker first, where it is sure."""
    head, colon, tail = text.partition(": ")
    if not colon:
        return text
    # A speaker's name and office are hardly ever longer than six words.
    is_statement = starts_clause(tail) or (count_words(tail) > FEWEST_WORDS and has_verb(tail))
    is_statement = is_statement or count_words(tail) > 6
    if ": " in tail or not is_statement or count_words(tail) < FEWEST_WORDS:
        return say_who_says(head, tail, first_sentence=first_sentence) if ": " not in tail else ""
    return tail if count_words(head) <= 5 else ""


def _age_first(text: str) -> str:
    """ "Cyclist, 72, is hurt" -> "72-year-old cyclist is hurt"; the age of somebody named waits for the story."""
    text = sub(r"(?<![\w'-])([a-z][\w-]+), (\d{1,2}), (?=[a-z])", r"\2-year-old \1 ", text)
    text = sub(r"^([A-Z][a-z]+), (\d{1,2}), (?=[a-z])", lambda m: f"{m[2]}-year-old {m[1].lower()} ", text)
    # "Joan Pike, 90, ferryman, dies" keeps the other comma
    text = sub(r"(?<=[a-z]), \d{1,2}(?=, [a-z][^,]{0,40}, )", "", text)
    return sub(r"(?<=[a-z]), \d{1,2}, (?=[a-z])", " ", text).replace(" & ", " and ")


def repeats(headline: str, sentence: str) -> bool:
    """Whether the sentence says the same in hardly more words."""
    said, told = words(headline.casefold()), words(sentence.casefold())
    shared = sum(word in set(told) for word in said)
    return bool(told) and shared > 0.85 * len(said) and len(told) < 1.5 * len(said)
