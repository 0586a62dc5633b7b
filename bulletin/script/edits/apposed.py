"""Who or what a name is, between two commas in a long sentence, is told after it; pure."""

from __future__ import annotations

from bulletin.script.edits.grammar import WORD, bare, has_verb, is_finite, listed
from bulletin.script.edits.joints import FEWEST, JOINING, Halves, held_back, stands
from bulletin.script.edits.subjects import subject
from bulletin.script.rare import Rare
from bulletin.text import count_words

_APPOSED = Rare(
    r"^(?P<who>(?:The |the )?[A-Z][^,;\"]{1,60}), (?P<aside>(?:an?|the|one of (?:the|its|his|her|their)|his|her|its|their) [^,;\"]{12,130}), (?P<rest>[^\"]{20,})$"
)
_AT_THE_TIME = Rare(
    r"\bof (?:which|whom|whose)\b|\b(?:then|now|former|late|once|since|first|second|third|latest|only|next|last)\b"
)
"""Of which "is" would say something else, or which is told of the deed and not of who did it."""
_DEAD = Rare(r"\b(?:died|dies|dead|death|killed|murdered|drowned|funeral|body|buried|hanged|suicide|slain)\b")
_ADVERB = Rare(r"^(?:[a-z]{3,}ly |also |now |later |then |(?:late |early )?on \w+day )")


def apposed(text: str) -> Halves | None:
    """ "Fox Foods, a firm that bought the mill, was fined." -> "Fox Foods was fined." "Fox Foods is a firm that ..." """
    match = _APPOSED.match(text)
    if not match:
        return None
    who, aside, rest = match["who"], match["aside"], match["rest"]
    following = WORD.match(_ADVERB.sub("", rest))
    if following is None or not is_finite(following[0]) or has_verb(who) or not _is_name(who):
        return None
    if count_words(aside) < FEWEST - 2 or _AT_THE_TIME.search(aside) or not _is_thing(aside):
        return None
    whole = f"{who} {rest}"
    again = subject(whole)
    if not again or again == "They" or not stands(whole) or held_back(aside):
        return None
    be = "was" if _DEAD.search(text) else "is"
    return whole, f"{again} {be} {aside}."


def _is_name(who: str) -> bool:
    """Whether it ends with a name, and no preposition stands in it: "the father of Ann Fox, a farmer," is two people."""
    words = who.split()
    small = {bare(word) for word in words if word[0].islower()}
    return (
        words[-1][0].isupper()
        and not small & (listed("words", "prepositions") | {"and", "or"})
        and bare(words[0]) not in listed("words", "prepositions") | JOINING
    )


def _is_thing(aside: str) -> bool:
    """Whether no verb stands in it but after "who" or "that"."""
    head = _RELATIVE.split(aside, maxsplit=1)[0]
    return not any(map(is_finite, WORD.findall(head)))


_RELATIVE = Rare(r"\b(?:who|which|that|whose|where)\b")
