"""Whether a sentence is a quotation that lost its marks, or says only that somebody spoke; pure."""

from __future__ import annotations

from bulletin.editing.english.word_classes import is_finite
from bulletin.editing.english.word_lists import WORD, regex


def is_unmarked_quote(text: str) -> bool:
    """
    Whether a sentence is a quotation that lost its marks, or says only that somebody spoke.

    >>> is_unmarked_quote("There is time, she remarked days after."), is_unmarked_quote("Pike said in May.")
    (True, True)
    >>> is_unmarked_quote("Pike said the ferry sank.")
    False
    """
    return bool(
        regex(_SPEAKER_BETWEEN).match(text) or regex(_LOOSE_SPEAKER).search(text) or _says_nothing(text)
    )


_LOOSE_SPEAKER = (
    r"[^,](?<!what)(?<!that)(?<!than)(?<! as) (?:he|she|they) (?:adds?|added|said|says|remarked|quipped)[.]$"
)
_SPEAKER_BETWEEN = (
    r"(?i)^(?!(?:«words.prepositions»|when|while|if|because|although|though|once)\b)(?P<told>[^,]{8,160}), (?:he|she|they) (?:said|says|added|adds|remarked|quipped) "
    r"(?!that\b|it\b|he\b|she\b|they\b|the\b|an?\b|his\b|her\b|their\b)"
)
"""What was said comes first, and after who says it the sentence goes on: "There is time, she remarked days after"."""
_ONLY_SPEAKER = (
    r"^[^,]{3,60} (?:said|says|added|adds|told (?:\w+|(?:the )?(?:(?:[A-Z][\w'’.-]+|of|and)(?: (?!on|in|at)|(?=[. ]))){1,5}|a (?:court|jury|hearing|press conference|news conference))|remarked)"
    r"(?: (?:on|in|at) (?P<when>[^,]{3,30})| \w+day)?[.]$"
)


def _says_nothing(text: str) -> bool:
    """ "Pike said on Monday."; not "Pike said on Monday she would row."."""
    match = regex(_ONLY_SPEAKER).match(text)
    return match is not None and not any(map(is_finite, WORD.findall(match["when"] or "")))
