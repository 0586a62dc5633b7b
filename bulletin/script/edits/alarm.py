"""Signs that an edit has broken a sentence, which no table of English can foresee; pure."""

from __future__ import annotations

from functools import lru_cache

from bulletin.script.edits.grammar import has_verb, one_of
from bulletin.script.rare import Rare

_BROKEN = (
    # "The including employees", "His and"
    Rare(
        r"^(?:The|An?|His|Her|Their|Its) (?:including|according|of|in|on|at|by|for|from|with|and|or|but|is|was|are|were|who|which|that) "
    ),
    # two articles, or one before nothing
    Rare(r"\b(?:an?|the) (?:an?|the|and|or|of|is|was|were|has)\b"),
    # "They is", "It are"
    Rare(r"^(?:They|These|Those) (?:is|was|has)\b|^(?:He|She|It|This) (?:are|were|have)\b"),
    Rare(r"\b(?:said|says|told) (?:said|says|told|that that|and|or)\b"),
    Rare(r"(?<!\bwas )(?<!\bwere )(?<!\bbeen )(?<!\bis )(?<!\bare )(?<!\band )\btold that\b"),
    # a second beginning, in the middle
    Rare(
        r"\b(?:said|says|that) (?:The|It|There|This|He|She|They|We|If|When|In|On|At|For|But|And|An|To|As|Because|After|Before|While) [a-z]"
    ),
    # marks that stand for what is gone
    Rare(r" ,|,,|, [.]|[;:,][.]|, (?:and|but|or)[.]"),
    Rare(r"^[a-z](?=[a-z]* [a-z])"),
)
_NO_END = Rare(
    r"\b(?:of|and|or|but|the|an?|which|while|if|because|than|their|its|also|according|including)[.]$"
)
_END_CHARS = 16
"""More than the longest of those words has."""


@lru_cache(maxsize=1)
def _lettered() -> Rare:
    """A letter, and no article."""
    return Rare(rf"\b(?:{one_of('refused', 'lettered')}) A[.]$|\bA (?:and|or) [A-Z]\b")


@lru_cache(maxsize=1)
def _noun_only() -> Rare:
    """A noun that looks like a verb, "the remains of a hiker": the sentence needs another."""
    return Rare(
        rf"^(?:[^,]{{2,60}} (?:said|says) (?:that )?)?(?:[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts) (?P<noun>{one_of('refused', 'nouns_only')}) (?P<rest>[^,]+)[.]$"
    )


def is_broken(text: str) -> bool:
    """Whether a sentence bears the mark of a cut that went wrong."""
    noun = _noun_only().match(text)
    if noun and not has_verb(noun["rest"]):
        return True
    is_cut = _NO_END.search(text[-_END_CHARS:]) or any(sign.search(text) for sign in _BROKEN)
    return bool(is_cut) and not _lettered().search(text)
