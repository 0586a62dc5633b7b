"""A sentence that is only a few words too long loses those that say nothing; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from bulletin.script.edits.grammar import one_of
from bulletin.script.edits.tidy import close_up
from bulletin.script.rare import Rare
from bulletin.text import count_words

FEW = 5
"""Words too many; more of them need a cut."""

_WHO_WERE = Rare(
    r"(?<=[a-z]) (?:who|which|that) (?:is|was|are|were) (?=(?!going\b|being\b|having\b|willing\b|missing\b|trying\b)[a-z]{3,}ing "
    r"(?:the|an?|in|on|at|from|with|his|her|their|its|for|to|home|out|up|round|around|through|over|as)\b)"
)
""" "a man who was driving the van" """
_TOOK_PLACE = Rare(
    r", (?:which|that) (?:took place|happened|occurred|was held) (?=(?:in|at|on|near|outside|during|between) [^,]*(?:\.$|, [A-Z]))"
)
""" "the fair, which took place at the quay." """
_DAY = Rare(
    r" (?:late |early )?on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?(?= (?!morning\b|afternoon\b|evening\b|night\b|and\b|or\b|to\b|until\b|when\b|but\b)[a-z])"
)
_TO_COME = Rare(
    r"\b(?:will|would|due|until|if|since|not|every|each|may|might|can|could|should|(?:is|are) (?:\w+ing|to|expected|scheduled|planned|set))\b|n't\b"
)
"""What is still to come keeps its day, and so does what did not happen on it."""
_MID_ASIDE = Rare(
    r"(?<=[a-z]), (?:the|an?|one of the|one of its|one of his|one of her) [a-z][^,;\"]{6,90}, (?=(?:and|in|on|at|to|for|with|after|before|during|of|over|by|from) )"
)
""" "met Ann Fox, the mayor of Wex, and Guy Hale" """


def squeeze(text: str, *, most: int) -> str:
    """Without words that say little, as few of them as need be; as it was where that does not make it short enough."""
    if not most < count_words(text) <= most + FEW:
        return text
    short = text
    for one in _cuts():
        short = close_up(one(short))
        if count_words(short) <= most:
            return short
    return text


def _cuts() -> Iterator[Callable[[str], str]]:
    yield lambda text: _empty().sub("", text)
    yield lambda text: _WHO_WERE.sub(" ", text)
    yield lambda text: _TOOK_PLACE.sub(" ", text)
    yield lambda text: _idle().sub(" ", text)
    yield _without_day
    yield _without_aside


def _without_day(text: str) -> str:
    """ "was told on Monday that" -> "was told that": a bulletin's news is of the day."""
    match = _DAY.search(text)
    if not match or _TO_COME.search(text[: match.start()]):
        return text
    return text[: match.start()] + text[match.end() :]


def _without_aside(text: str) -> str:
    """Who or what the last name is, where it can be no second of three: "a teacher, a driver, and two boys"."""
    match = _MID_ASIDE.search(text)
    if not match or text.count(",") != 2:
        return text
    before, after = text[: match.start()], text[match.end() :]
    is_listed = after.startswith("and ") and not before.split()[-1][0].isupper()
    return text if is_listed else f"{before} {after}"


@lru_cache(maxsize=1)
def _idle() -> Rare:
    """Adverbs that only weigh the words after them; not what is denied or compared."""
    return Rare(
        rf"(?<=[a-z])(?<!not)(?<!n't)(?<!as)(?<!so)(?<!more)(?<!no) (?:{one_of('parting', 'idle')}) (?=[a-z])"
    )


@lru_cache(maxsize=1)
def _empty() -> Rare:
    return Rare(rf",? (?:{one_of('parting', 'empty')})(?=[ ,.])")
