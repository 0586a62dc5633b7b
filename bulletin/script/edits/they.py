"""Whether the "we" of a speaker can be told as "they": of several, and of whoever speaks for a body; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import WORD, one_of
from bulletin.script.edits.pronouns import is_person
from bulletin.script.edits.sexes import sex_of_speaker, sexes_in
from bulletin.script.rare import Rare


def is_they(who: str, source: str) -> bool:
    """
    Whether "the rowers said", "ferry minister Joan Pike told a court" speaks for several.

    The "we" of a minister or a spokeswoman is the body's, and "they"; the "we" of "Fox" or "the singer" would be heard
    as others, and so would anybody's who speaks to reporters: as the reporters.
    """
    if _told_many().search(who):
        return False
    if _for_many().search(who) or _ONE_OF_MANY.match(who):
        return True
    if _ALONE.match(who.strip()) or sex_of_speaker(who, source) or sexes_in(who):
        return False
    return not any(map(is_person, WORD.findall(who)))


_ONE_OF_MANY = Rare(r"\W*(?:[Ss]aid |[Ss]ays )?(?:[Oo]ne|[Aa]n?) (?:of the )?[a-z]")
_ALONE = Rare(r"(?:,? )?(?:(?:said|says|adds|added) )?(?:he|she)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _for_many() -> Rare:
    return Rare(rf"\b(?:{one_of('people', 'for_many')})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _told_many() -> Rare:
    """ "Pike told reporters that they have won": the reporters have."""
    return Rare(rf"\btold (?:the )?(?:\w+ )?(?:{one_of('people', 'listeners')})\b", re.IGNORECASE)
