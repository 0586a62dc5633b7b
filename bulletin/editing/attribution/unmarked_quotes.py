"""Whether a sentence is a quotation that lost its marks, or says only that somebody spoke; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.editing.english.word_classes import WORD, is_finite, one_of


def is_unmarked_quote(text: str) -> bool:
    """
    Whether a sentence is a quotation that lost its marks, or says only that somebody spoke.

    >>> is_unmarked_quote("There is time, she remarked days after."), is_unmarked_quote("Pike said in May.")
    (True, True)
    >>> is_unmarked_quote("Pike said the ferry sank.")
    False
    """
    return bool(
        _SPEAKER_BETWEEN.match(text)
        or _LOOSE_SPEAKER.search(text)
        or _says_nothing(text)
        or _asked().match(text)
    )


_LOOSE_SPEAKER = re.compile(
    r"[^,](?<!what)(?<!that)(?<!than)(?<! as) (?:he|she|they) (?:adds?|added|said|says|remarked|quipped)[.]$"
)
_SPEAKER_BETWEEN = re.compile(
    rf"^(?!(?:{one_of('words', 'prepositions')}|when|while|if|because|although|though|once)\b)(?P<told>[^,]{{8,160}}), (?:he|she|they) (?:said|says|added|adds|remarked|quipped) "
    r"(?!that\b|it\b|he\b|she\b|they\b|the\b|an?\b|his\b|her\b|their\b)",
    re.IGNORECASE,
)
"""What was said comes first, and after who says it the sentence goes on: "There is time, she remarked days after"."""
_ONLY_SPEAKER = re.compile(
    r"^[^,]{3,60} (?:said|says|added|adds|told (?:\w+|(?:the )?(?:(?:[A-Z][\w'’.-]+|of|and)(?: (?!on|in|at)|(?=[. ]))){1,5}|a (?:court|jury|hearing|press conference|news conference))|remarked)"
    r"(?: (?:on|in|at) (?P<when>[^,]{3,30})| \w+day)?[.]$"
)


@lru_cache(maxsize=1)
def _asked() -> re.Pattern[str]:
    """What was asked, or that something was, and not the answer."""
    return re.compile(rf"^(?:[^,]{{3,60}}, )?[^,]{{3,40}} (?:{one_of('refused', 'asks')})[.]$")


def _says_nothing(text: str) -> bool:
    """ "Pike said on Monday."; not "Pike said on Monday she would row."."""
    match = _ONLY_SPEAKER.match(text)
    return match is not None and not any(map(is_finite, WORD.findall(match["when"] or "")))
