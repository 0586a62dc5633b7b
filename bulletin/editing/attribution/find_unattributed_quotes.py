"""
Words without a speaker: quotations with and without marks, "we" and "I"; pure.

Source: broadcast news names the speaker of each opinion and claim (Associated Press Broadcast News Handbook,
"attribution"), and separates opinion from fact (BBC Editorial Guidelines, section 4). Judgement, no source: the number
of first sentences, because a columnist says "I" early.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bulletin.editing.attribution.find_quoted_sentences import Printed
from bulletin.editing.english.clean_punctuation import double_quotes, drop_quote_marks, normalize_marks
from bulletin.editing.english.guess_parts_of_speech import is_finite
from bulletin.editing.english.word_list_regexes import WORD, regex

_MARKED = r'"(?P<words>[^"]{1,400}?)[.,!?]?"'
"""Example: `has_unattributed_quote`."""
_SINGLE_WORD = r"(?<![\w.'])'([a-z]+(?:-[a-z]+)*)'(?![\w'])"
"""Example: `drop_attributed_marks`."""


def drop_attributed_marks(text: str) -> str:
    """
    Drop quotation marks where the sentence names the speaker; keep them where they carry doubt (scare quotes).

    A sentence that keeps its marks is not read. A reporting verb or a name explains the marks; other short quotations
    have a speaker whom the sentence does not name.

    >>> drop_attributed_marks('The mayor called it "a disgrace".'), drop_attributed_marks('The "secret" talks ended.')
    ('The mayor called it a disgrace.', 'The "secret" talks ended.')
    """
    marked = regex(_SINGLE_WORD).sub(r'"\1"', text)
    return marked if has_unattributed_quote(marked) else drop_quote_marks(marked)


def has_unattributed_quote(text: str) -> bool:
    """
    Whether words in quotation marks are no name and have no speaker in the sentence.

    >>> has_unattributed_quote('The "secret" talks ended.'), has_unattributed_quote('Fox said the talks were "secret".')
    (True, False)
    >>> has_unattributed_quote('The song "row on" ended.')
    False
    >>> has_unattributed_quote("The 'secret' talks ended.")
    True
    """
    text = regex(_SINGLE_WORD).sub(r'"\1"', text)
    if '"' not in text:
        return False
    if text.count('"') % 2:
        return True
    outside = re.sub(r'"[^"]*"', " ", text)
    if regex(_SAYS_WHOSE).search(outside):
        return False
    return any(
        not _is_name(match["words"]) and not regex(_NAMES_IT).search(text[: match.start()])
        for match in regex(_MARKED).finditer(text)
    )


def _is_name(quotation: str) -> bool:
    """
    Whether the words are written as a title or a name.

    >>> _is_name("The Old Ferry"), _is_name("real disgrace")
    (True, False)
    """
    words = WORD.findall(quotation)
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in words)
    return bool(words) and 2 * capitals >= len(words)


_SAYS_WHOSE = (
    r"(?i)\b(?:«saying.of_words»|«verbs.saying»|«verbs.saying_plain»|«verbs.reporting»|according to)\b"
)
"""Reporting verbs: saying, judging, asking. Example: `has_unattributed_quote`."""


_NAMES_IT = r"\b(?:«saying.of_names»)(?: (?:of|as|that|which|reading|read|reads|was|is|the|a|an|its|his|her))*[:,]? ?$"
"""Word right before the marks that announces a name, a sign or a song. Example: `has_unattributed_quote`."""


def is_unmarked_quote(text: str) -> bool:
    """
    Whether a sentence is a quotation without its quotation marks, or only a speaker and a reporting verb.

    The latter is 1 telling of 604 articles; kept, because "Pike said on Monday" with nothing said is broken English.

    >>> is_unmarked_quote("There is time, she remarked days after."), is_unmarked_quote("Pike said in May.")
    (True, True)
    >>> is_unmarked_quote("Pike said the ferry sank.")
    False
    >>> is_unmarked_quote("There is time left he said.")
    True
    """
    return bool(
        regex(_SPEAKER_BETWEEN).match(text) or regex(_LOOSE_SPEAKER).search(text) or _says_nothing(text)
    )


_LOOSE_SPEAKER = (
    r"[^,](?<!what)(?<!that)(?<!than)(?<! as) (?:he|she|they) (?:adds?|added|said|says|remarked|quipped)[.]$"
)
"""
>>> bool(regex(_LOOSE_SPEAKER).search("There is time left she quipped."))
True
"""
_SPEAKER_BETWEEN = (
    r"(?i)^(?!(?:«words.prepositions»|when|while|if|because|although|though|once)\b)(?P<told>[^,]{8,160}), (?:he|she|they) (?:said|says|added|adds|remarked|quipped) "
    r"(?!that\b|it\b|he\b|she\b|they\b|the\b|an?\b|his\b|her\b|their\b)"
)
"""
Statement and speaker, and more words after them: "There is time, she remarked days after".

Example: `is_unmarked_quote`.
"""
_ONLY_SPEAKER = (
    r"^[^,]{3,60} (?:said|says|added|adds|told (?:\w+|(?:the )?(?:(?:[A-Z][\w'’.-]+|of|and)(?: (?!on|in|at)|(?=[. ]))){1,5}|a (?:court|jury|hearing|press conference|news conference))|remarked)"
    r"(?: (?:on|in|at) (?P<when>[^,]{3,30})| \w+day)?[.]$"
)
"""Example: `_says_nothing`."""


def _says_nothing(text: str) -> bool:
    """
    Whether a sentence has only a speaker and a reporting verb: what she said is in another sentence.

    1 telling of 604 articles; kept, because such a sentence says nothing.

    >>> _says_nothing("Pike said on Monday."), _says_nothing("Pike told the Gazette.")
    (True, True)
    >>> _says_nothing("Pike said on Monday she would row.")
    False
    """
    match = regex(_ONLY_SPEAKER).match(text)
    return match is not None and not any(map(is_finite, WORD.findall(match["when"] or "")))


_SPEAKERS_OWN = (
    r"(?<!War )(?<!Part )(?<!Act )(?<!Phase )(?<!Type )\bI\b"
    r"|\b(?:we|me|my|ours?|let's)\b|\bus\b|(?:^|[.:,] )(?:We|My|Ours?|Let's)\b"
)
"""A capital inside a sentence belongs to a title: "They Killed My Father". Example: `speaks_of_itself`."""
_LISTENERS = r"\b(?:[Yy]ou|[Yy]ours?)\b"
"""Example: `speaks_of_itself`."""


def speaks_of_itself(text: str, *, to_listeners: bool = False) -> bool:
    """
    Whether the words are a speaker's own ("we", "I", "you") and not the station's.

    A lead may speak to the listeners: "You can now report potholes online."

    >>> speaks_of_itself("We have rowed for years."), speaks_of_itself("World War I ended.")
    (True, False)
    >>> speaks_of_itself("You can row."), speaks_of_itself("You can row.", to_listeners=True)
    (True, False)
    """
    return bool(regex(_SPEAKERS_OWN).search(text.replace("’", "'"))) or (
        not to_listeners and bool(regex(_LISTENERS).search(text))
    )


_FIRST_PERSON = r"(?:^|\b[a-z]+[,;:]? |- )I(?:'(?:m|ve|d|ll))? [a-z]"
"""Not "Elizabeth I was". Example: `is_first_person`."""
_ON_THE_SPOT = r"\bhere\b(?! to stay| and there)|\bHere\b"
"""Example: `is_on_the_spot`."""


def is_first_person(printed: str) -> bool:
    """
    Whether the article's own voice, outside quotation marks, says "I".

    >>> is_first_person("I have rowed for years."), is_first_person('"I row," Fox said.')
    (True, False)
    """
    return bool(regex(_FIRST_PERSON).search(_outside_marks(printed)))


def is_on_the_spot(printed: str) -> bool:
    """
    Whether a reporter says "here" on the spot, because the newsreader is elsewhere.

    >>> is_on_the_spot("The ferry landed here on Monday."), is_on_the_spot("The ferry is here to stay.")
    (True, False)
    """
    return bool(regex(_ON_THE_SPOT).search(_outside_marks(printed)))


@lru_cache(maxsize=1_024)
def _outside_marks(printed: str) -> str:
    """
    Text outside quotation marks; empty if a mark has no partner.

    >>> _outside_marks('"I row," Fox said.'), _outside_marks('"I row, Fox said.')
    ('Fox said.', '')
    """
    text = double_quotes(normalize_marks(printed))
    return "" if text.count('"') % 2 else re.sub(r'"[^"]*"', " ", text).strip()


_OWN_VOICE = 10
"""First sentences in which a columnist's "I" shows. Example: `is_column`."""

_MUST = r"^(?:[\w'’.-]+ ){1,6}(?:must|should|needs? to)(?: not| never)? (?!have\b|be (?:held|paid)\b)[a-z]"
"""Example: `is_demand`."""
_SPEAKS = r"(?i)[:?\"“‘]|\b(?:says?|said|rules?|ruled|tells?|told|finds?|warns?|court|judge|law|according)\b"
"""Example: `is_demand`."""


def is_column(printed: Sequence[Printed]) -> bool:
    """
    Whether the article itself says "I" among its first ten sentences: an opinion column, not news.

    >>> from bulletin.editing.attribution.find_quoted_sentences import read_sentences
    >>> is_column(list(read_sentences(["I have rowed for years. It is hard."])))
    True
    """
    first = printed[:_OWN_VOICE]
    quoting = {sentence.paragraph for sentence in first if sentence.is_quoted or sentence.text[0] in "\"'“‘"}
    return any(is_first_person(sentence.text) for sentence in first if sentence.paragraph not in quoting)


def is_demand(title: str) -> bool:
    """
    Whether a title makes a demand without a speaker, which is the writer's opinion.

    1 title of 604 articles, which leave out opinion; kept, because a column would air as news.

    >>> is_demand("Council must open the quay"), is_demand("Council must open the quay, says mayor")
    (True, False)
    """
    return bool(regex(_MUST).search(title)) and not regex(_SPEAKS).search(title)
