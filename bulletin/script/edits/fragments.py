"""Sentences without news, "A nurse who sings.", what stands under a picture, and what is not for the air; pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bulletin.script.edits.grammar import WORD, bare, has_verb, is_finite, is_plural_verb, listed, one_of
from bulletin.script.rare import Rare

_SOMEBODY_WHO = Rare(r"An? (?:[\w-]+ ){1,3}(?:who|which|that) ")
_HOLDS = frozenset("which that and but or to".split())


def tells_only_who(text: str) -> bool:
    """Whether every verb of "A nurse who wants to sing but is told ..." belongs to "who"."""
    if not _SOMEBODY_WHO.match(text):
        return False
    found = WORD.findall(text)
    held = listed("words", "pronouns") | listed("verbs", "auxiliary") | _HOLDS
    return not any(
        (is_finite(word) or is_plural_verb(word, after=before))
        and bare(before) not in held
        and not bare(before).endswith("ly")
        for before, word in pairwise(found)
    )


_SHOWS = Rare(
    r"^An? (?:(?:undated|file|aerial|old|recent) )?(?:(?:look(?: back)?|glimpse|guide|peek) (?:at|into|to)|(?:photo|photograph|picture|image|still) (?:of|from|showing)) "
    r"(?P<what>.+)$"
)
_TELLS = Rare(
    r"\b(?:shows?|showed|reveals?|revealed|suggests?|suggested|emerged|went|sparked|appears?|appeared|has been|have been|will|won|sold)\b"
)


def only_shows(text: str) -> bool:
    """ "A look back at the life of the ferryman, who died in May.": what the page has, and no news of it."""
    match = _SHOWS.match(text)
    if match is None or _TELLS.search(match["what"]):
        return False
    what = re.split(r"\b(?:who|which|that|where|when|whose|as|the way)\b", match["what"], maxsplit=1)[0]
    return not has_verb(what)


_PICTURED = Rare(
    r", [A-Z]\w+(?: [A-Z]\w+){0,2}, (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}(?:, \d{4})?[.]$"
)


def is_pictured(printed: str) -> bool:
    """Whether a printed sentence ends with the place and the day under an agency's picture: "in Wex, May 4, 2017." """
    return bool(_PICTURED.search(printed))


@lru_cache(maxsize=1)
def _unsaid() -> Rare:
    return Rare(rf"\b(?:{one_of('words', 'unsaid')})\b", re.IGNORECASE)


def is_unsaid(text: str) -> bool:
    """Whether it holds a word that no station says in the news, in a quotation either."""
    return bool(_unsaid().search(text))
