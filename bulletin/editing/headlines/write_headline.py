"""Article title -> headline that can be read: a whole statement of at most sixteen words."""

from __future__ import annotations

import re

from bulletin.editing.english.word_lists import any_of, regex
from bulletin.editing.headlines.clean_title import (
    FEWEST_WORDS,
    first_statement,
    unquoted,
    without_circumstance,
)
from bulletin.editing.headlines.headline_form import (
    claims_without_source,
    drop_marks,
    is_clipped,
    is_no_statement,
    spell_out,
)
from bulletin.editing.headlines.headline_speaker import join_speaker, split_speaker
from bulletin.editing.headlines.headline_statement import whole_statement
from bulletin.language.sentence_parser import has_parser
from bulletin.language.sentences import count_words, split_sentences, words

MOST_WORDS = 16
MOST_WORDS_OF_SENTENCE = 25
ENDLESS = 60
"""Words; a longer title is none."""

_BARE_DAY = (
    r"\b(?!(?:on|since|until|till|by|before|after|from|of|for|the|this|through|and|to|in|early|late|last|next)\b)([a-z]{2,})"
    r"(?= (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}(?:$|,| (?:in|at|for|to|with|after|over|as|by)\b))"
)
""" "Council to meet January 16": the day without "on"."""


def write_headline(title: str, *, first_sentence: str) -> str:
    """
    A headline from the article's own title, which newspapers write in the present tense.

    Nothing where the title is no statement, has no speaker for its claim, loses its meaning without its marks, cannot
    be understood when heard, or repeats the story's first sentence.

    >>> write_headline("Why the ferry sank", first_sentence="A ferry sank.")
    ''
    >>> write_headline("Council mends old ferry - Valley Gazette", first_sentence="Fox said so.")
    'Council mends old ferry'
    """
    text = _statement(title, first_sentence=first_sentence, most=MOST_WORDS)
    if count_words(text) < FEWEST_WORDS or repeats_sentence(text, first_sentence):
        return ""
    return text[:1].upper() + text[1:]


def headline_sentence(title: str, *, text: str) -> str:
    """The title as a spoken sentence, for a story of nothing else; `text` is the article's. Nothing without the parser."""
    first_sentence = next(iter(split_sentences(text[:2_000])), "")
    statement = _statement(title, first_sentence=first_sentence, most=MOST_WORDS_OF_SENTENCE)
    is_whole = has_parser() and count_words(statement) >= FEWEST_WORDS
    return f"{statement[:1].upper()}{statement[1:]}." if is_whole else ""


def _statement(title: str, *, first_sentence: str, most: int) -> str:
    if count_words(title) > ENDLESS:
        return ""
    text = spell_out(first_statement(title), first_sentence)
    return _spoken_statement(text, first_sentence, most) or _spoken_statement(
        without_circumstance(text), first_sentence, most
    )


def _spoken_statement(text: str, first_sentence: str, most: int) -> str:
    if is_no_statement(text) or is_clipped(text):
        return ""
    who_says, statement = split_speaker(_with_spoken_ages(text), first_sentence)
    statement = unquoted(statement) if who_says else drop_marks(statement, first_sentence)
    if not statement or (not who_says and claims_without_source(statement, first_sentence)):
        return ""
    most -= count_words(who_says)
    if has_parser():
        statement = whole_statement(
            statement, first_sentence=first_sentence, most=most, has_speaker=bool(who_says)
        )
    elif count_words(statement) > most or not any_of("plain_verbs").search(statement.partition(" ")[2]):
        statement = ""
    return (
        join_speaker(unquoted(who_says), statement, first_sentence) if statement and who_says else statement
    )


def _with_spoken_ages(text: str) -> str:
    """ "Cyclist, 72, is hurt" -> "72-year-old cyclist is hurt"; the age of somebody named waits for the story."""
    text = re.sub(r"^([A-Z][a-z]+), (\d{1,2}), (?=[a-z])", lambda m: f"{m[2]}-year-old {m[1].lower()} ", text)
    text = re.sub(
        r"\b(of|on|to|for|and|after|as|with|by|from|over) ([a-z][\w-]+), (\d{1,2}), (?=[a-z])",
        r"\1 \3-year-old \2 ",
        text,
    )
    text = regex(_BARE_DAY).sub(r"\1 on", text)
    return re.sub(r"(?<=[a-z]), \d{1,2}, (?=[a-z])", " ", text).replace(" & ", " and ")


def repeats_sentence(headline: str, sentence: str) -> bool:
    """
    Whether the sentence says the same as the headline in hardly more words.

    >>> repeats_sentence("Ferry sinks in harbour", "The ferry sinks in harbour."), repeats_sentence("Ferry sinks", "Ann Fox left.")
    (True, False)
    """
    headline_words, sentence_words = words(headline.casefold()), words(sentence.casefold())
    shared = sum(word in set(sentence_words) for word in headline_words)
    return (
        bool(sentence_words)
        and shared > 0.85 * len(headline_words)
        and len(sentence_words) < 1.5 * len(headline_words)
    )
