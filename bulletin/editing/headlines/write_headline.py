"""
Article title -> headline that can be read: a whole statement of at most sixteen words, its speaker first.

Source: docs/decisions/0015; attribution comes first in spoken news (Associated Press Broadcast News Handbook,
"attribution"). Judgement, no source: the most words of a headline and of a speaker, because a longer one is a
sentence.
"""

from __future__ import annotations

import re

from bulletin.editing.english.word_list_regexes import TITLE_WORD, any_of, listed, regex
from bulletin.editing.headlines.accept_whole_sentence_headline import whole_statement
from bulletin.editing.headlines.clean_title import (
    FEWEST_WORDS,
    first_statement,
    is_voice,
    unquoted,
    without_circumstance,
)
from bulletin.editing.headlines.find_unfit_headlines import (
    claims_without_source,
    drop_marks,
    is_clipped,
    is_no_statement,
    spell_out,
)
from bulletin.editing.headlines.headline_parse_tree import FINITE, is_common, parse_title
from bulletin.language.english_grammar_parser import Token, has_parser, parse_sentence
from bulletin.language.split_sentences import count_words, split_sentences, words

_AT_END = r"(?i)^(?P<told>[^:]+), (?:(?P<said>(?<![\w'-])(?:«headlines.says»)(?![\w'-])) (?P<who>[^,:]+)|(?P<whose>[^,:]+?) (?P<says>(?<![\w'-])(?:«headlines.says»)(?![\w'-])))$"
"""Example: `split_speaker`."""
_NOT_ONLY = r"(?i)\b(?:to|on|at|about|after|in|for|as|before|over|with|from)\b|[\d,;!?]"
"""Words of more than a speaker: "Court to council", "Fox on her fall". Example: `_may_speak`."""
_SMALL = frozenset("one the a an no all some most more there it".split())
"""
>>> join_speaker("council says", "A ferry sinks", "")
'Council says a ferry sinks'
"""
_MOST_SPEAKER = 5
"""Words of a speaker's name and office. Example: `_may_speak`."""


def split_speaker(text: str, first_sentence: str) -> tuple[str, str]:
    """
    Speaker with verb, and statement; both empty if a colon leaves the speaker open.

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
    return "", ""


def _may_speak(who: str) -> bool:
    """
    Whether words can name a speaker: at most five words, without a preposition, a figure or a verb.

    >>> _may_speak("Joan Pike"), _may_speak("Fox on her fall"), _may_speak("Pike defends council")
    (True, False, False)
    """
    words = TITLE_WORD.findall(who)
    if not 0 < len(words) <= _MOST_SPEAKER or '"' in who or regex(_NOT_ONLY).search(who):
        return False
    # "Pike Defends Council, Says Mayor Knew"
    return not has_parser() or not any(token.tag_ in FINITE for token in parse_title(who))


def _speaks(who: str, first_sentence: str) -> bool:
    """
    Whether a name is a study, a court, an office, or the speaker in the story's first sentence.

    >>> _speaks("Court", ""), _speaks("Fox", "Ann Fox said the ferry sank."), _speaks("Fox", "Ann Fox rowed.")
    (True, True, False)
    """
    if is_voice(who):
        return True
    if not has_parser():
        return False
    last = TITLE_WORD.findall(who)[-1]
    return any(token.text == last and _has_saying_head(token) for token in parse_sentence(first_sentence))


def _has_saying_head(token: Token) -> bool:
    """
    Whether the name is the subject of a verb of saying.

    Matches 1 in 604 articles; kept, because a headline must not give a person a claim that the story does not.

    >>> [_has_saying_head(parse_sentence(text)[0]) for text in ("Fox said it sank.", "Fox rowed the ferry.")]
    [True, False]
    """
    return token.dep_ == "nsubj" and bool(any_of("owns_words").fullmatch(token.head.text))


def _says(who: str) -> str:
    """
    The verb that agrees with a speaker: "say" for several.

    >>> _says("Mayor"), _says("Police"), _says("Pike and Fox")
    ('says', 'say', 'say')
    """
    last = TITLE_WORD.findall(who)[-1].casefold()
    several = last in listed("headlines", "plurals") or " and " in who
    return "say" if several or (last in listed("headlines", "voices") and last.endswith("s")) else "says"


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


MOST_WORDS = 16
"""Example: `write_headline`."""
MOST_WORDS_OF_SENTENCE = 25
"""Example: `headline_sentence`."""
ENDLESS = 60
"""Words; a longer title is none. Example: `_statement`."""


def write_headline(title: str, *, first_sentence: str) -> str:
    """
    A headline from the article's own title, which newspapers write in the present tense.

    Empty if the title is no statement, has no speaker for its claim, loses its meaning without its marks,
    cannot be understood when heard, or repeats the story's first sentence.

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
    """
    The title as a spoken sentence, for a story without other words; empty without the parser.

    `text`: the article's.

    >>> headline_sentence("Council mends old ferry", text="Fox said so.")
    'Council mends old ferry.'
    """
    first_sentence = next(iter(split_sentences(text[:2_000])), "")
    statement = _statement(title, first_sentence=first_sentence, most=MOST_WORDS_OF_SENTENCE)
    is_sentence = has_parser() and count_words(statement) >= FEWEST_WORDS
    return f"{statement[:1].upper()}{statement[1:]}." if is_sentence else ""


def _statement(title: str, *, first_sentence: str, most: int) -> str:
    """
    The first statement of a title, of at most `most` words, if need be without its last circumstance.

    >>> _statement("Council ends old ferry service amid 'bitter' row - Gazette", first_sentence="", most=16)
    'Council ends old ferry service'
    """
    if count_words(title) > ENDLESS:
        return ""
    text = spell_out(first_statement(title), first_sentence)
    return _spoken_statement(text, first_sentence, most) or _spoken_statement(
        without_circumstance(text), first_sentence, most
    )


def _spoken_statement(text: str, first_sentence: str, most: int) -> str:
    """
    The statement with its speaker first; empty if it is no statement, or a claim without a speaker.

    >>> _spoken_statement("Ferry is safe again, says mayor", "The ferry is safe.", 16)
    'Mayor says ferry is safe again'
    >>> _spoken_statement("Mayor took bribes", "The mayor is alleged to have taken bribes.", 16)
    ''
    """
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
    """
    The title with an age before a common noun; a named person's age waits for the story.

    >>> _with_spoken_ages("Cyclist, 72, is hurt"), _with_spoken_ages("Joan Pike, 54, is hurt")
    ('72-year-old cyclist is hurt', 'Joan Pike is hurt')
    """
    text = re.sub(r"^([A-Z][a-z]+), (\d{1,2}), (?=[a-z])", lambda m: f"{m[2]}-year-old {m[1].lower()} ", text)
    text = re.sub(
        r"\b(of|on|to|for|and|after|as|with|by|from|over) ([a-z][\w-]+), (\d{1,2}), (?=[a-z])",
        r"\1 \3-year-old \2 ",
        text,
    )
    return re.sub(r"(?<=[a-z]), \d{1,2}, (?=[a-z])", " ", text).replace(" & ", " and ")


def repeats_sentence(headline: str, sentence: str) -> bool:
    """
    Whether the sentence says the same as the headline in hardly more words.

    None of 604 articles; kept for feeds whose summary begins with its title: a listener would hear one sentence twice.

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
