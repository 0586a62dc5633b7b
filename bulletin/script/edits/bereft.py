"""Whether what is left of a sentence speaks of somebody whom only the words that would go have named; pure."""

from __future__ import annotations

import re

from bulletin.script.edits.grammar import NAME, WORD, bare, listed
from bulletin.script.edits.pronouns import is_person
from bulletin.script.edits.sexes import sexes_in
from bulletin.script.rare import Rare

_PRONOUN = Rare(r"\b(?:(?P<he>he|him|his|himself)|she|hers?|herself)\b")
_THE_ONE = Rare(r"\bthe (?:[\w-]+ ){0,2}?(?P<who>[a-z]+)\b")
_FULL_NAME = re.compile(rf"(?<=\w )(?:{NAME})")


def is_bereft(gone: str, rest: str, *, head: str = "") -> bool:
    """
    Whether "her" in `rest` has lost "his daughter Ann Fox", or "the singer" has lost "who sang with Ann Fox".

    `head` stood before the words that would go. Nobody is missed where somebody stands before the pronoun, and no
    name that is still told.
    """
    pronoun = _PRONOUN.search(rest)
    if pronoun:
        before = f"{head} {rest[: pronoun.start()]}"
        sex = "He" if pronoun["he"] else "She"
        if sex in sexes_in(gone) and not _tells_of_somebody(before):
            return True
    names = [name for name in _FULL_NAME.findall(gone) if len(name.split()) > 1]
    if not names or any(name.split()[-1] in f"{head} {rest}" for name in names):
        return False
    return any(is_person(match["who"]) for match in _THE_ONE.finditer(rest))


def _tells_of_somebody(text: str) -> bool:
    """By a word, a first name, or "Fox" alone; "the Harbour Board" is nobody."""
    found = WORD.findall(text)
    if sexes_in(text) or any(map(is_person, found)):
        return True
    return any(
        word[0].isupper()
        and bare(word) not in listed("words", "not_names")
        and not before[:1].isupper()
        and bare(before) != "the"
        and not after[:1].isupper()
        for before, word, after in zip(("", *found), found, (*found[1:], ""), strict=False)
    )
