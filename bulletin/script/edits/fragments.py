"""Sentences without news: "A nurse who sings.", "A look back at his life."; pure."""

from __future__ import annotations

import re
from itertools import pairwise

from bulletin.script.edits.grammar import WORD, bare, has_verb, is_finite, is_plural_verb, listed
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
