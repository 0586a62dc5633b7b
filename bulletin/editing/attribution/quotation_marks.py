"""Quotation marks: dropped where the sentence says whose words they hold, kept where they carry doubt; pure."""

from __future__ import annotations

import re

from bulletin.editing.english.punctuation import drop_quote_marks
from bulletin.editing.english.word_lists import WORD, regex

_MARKED = r'"(?P<words>[^"]{1,400}?)[.,!?]?"'
_SINGLE_WORD = r"(?<![\w.'])'([a-z]+(?:-[a-z]+)*)'(?![\w'])"


def drop_attributed_marks(text: str) -> str:
    """
    Drop quotation marks where the sentence says whose words they hold; keep them where they carry doubt.

    A sentence that keeps its marks is not read. A reporting verb or a name explains the marks; any other few words in
    marks are somebody's whom the sentence does not name.

    >>> drop_attributed_marks('The mayor called it "a disgrace".'), drop_attributed_marks('The "secret" talks ended.')
    ('The mayor called it a disgrace.', 'The "secret" talks ended.')
    """
    marked = regex(_SINGLE_WORD).sub(r'"\1"', text)
    return marked if has_unattributed_quote(marked) else drop_quote_marks(marked)


def has_unattributed_quote(text: str) -> bool:
    """
    Whether words in quotation marks are no name, and the sentence does not say whose they are.

    >>> has_unattributed_quote('The "secret" talks ended.'), has_unattributed_quote('Fox said the talks were "secret".')
    (True, False)
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
    """Whether the words are written as a title or a name."""
    words = WORD.findall(quotation)
    capitals = sum(word[0].isupper() or word[0].isdigit() for word in words)
    return bool(words) and 2 * capitals >= len(words)


_SAYS_WHOSE = (
    r"(?i)\b(?:«saying.of_words»|«verbs.saying»|«verbs.saying_plain»|«verbs.reporting»|according to)\b"
)
"""Somebody speaks, judges or asks."""


_NAMES_IT = r"\b(?:«saying.of_names»)(?: (?:of|as|that|which|reading|read|reads|was|is|the|a|an|its|his|her))*[:,]? ?$"
"""Right before the marks, a word says that a name, a sign or a song follows."""
