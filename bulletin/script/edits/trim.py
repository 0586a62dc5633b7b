"""A sentence that is too long loses what it can be understood without: asides first, then its tail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from bulletin.script.edits.asides import between
from bulletin.script.edits.bereft import is_bereft
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_main_verb,
    has_verb,
    is_finite,
    is_sure_verb,
    listed,
    one_of,
    says_somebody,
    starts_clause,
    table,
)
from bulletin.script.edits.joints import ONE_OF_LIST, ends_well, opens_only
from bulletin.script.edits.squeeze import squeeze
from bulletin.script.edits.tidy import close_up
from bulletin.script.rare import Rare
from bulletin.text import count_words

LEAST = 8
"""A sentence is never trimmed to fewer words."""

_OPENING = Rare(
    r"^(?:(?:[A-Z]\w+ly |Not )?[A-Za-z]\w+ing|Reluctant|Determined|Desperate|Busy|[A-Z]\w+ed|Unhappy|Angry|Fed up|Keen|Eager|As an?|Despite|Amid|Following|With|In|Having|Because of) [^,;\"]{24,200}, (?!and\b|or\b|but\b)"
)
_IT_SAID = Rare(r"\b(?:said|says) it (?=had|would|will|has|is|was)")
"""Who says so is "it"."""
SPEAKER = Rare(
    r", (?!wh)[^,]{2,70}\b(?:said|says|told|added|confirmed|announced|claimed|warned|reported)\b(?: [^,]{2,40})?\.$"
    r"|\baccording to\b",
    re.IGNORECASE,
)
"""Who says it, at the end of the sentence."""
_CONCEDED = Rare(r"\bthat (?:while|although|though|even though) [^,;\"]{10,160}, (?=[a-z]|[A-Z])")
NEEDS_OPENING = Rare(r"\b(?:such|it|them|this|these|those|so|also)\b")
_TAIL_RELATIVE = Rare(r", (?:which|where|whose|who|whom) [^;\"]{5,200}\.$")
_TAIL = (
    r"such as|including|as well as|along with|among them|especially|particularly|amid|despite|even as|though|although|"
    r"thanks to|in addition to|compared with|with|regardless of|part of|one of|an? [\w'-]+(?: [\w'-]+){0,2} (?:that|which|who|where)|a move|a decision|a claim|a figure|"
    r"(?:\w+ )?\w+ (?:minutes?|hours?|days?|weeks?|months?|years?) (?:after|before)|"
    r"(?!during|morning|evening|according)[a-z]{2,}ing"
)
_SUBORDINATE = Rare(r", (?:as|after|because|before|since|even though|so that) ([^,;\"]{12,200})\.$")
_THAT = Rare(
    r"\b(said|says) that (?=(?:the|an?|he|she|it|they|his|her|their|its|there|this|these|those|more|most|some|all|[A-Z]\w+)\b)"
)
_SAID_WHEN = Rare(
    r"(?P<said>\b(?:said|says|announced|confirmed|claimed|alleged|warned|told (?:the )?[\w' ]{3,30}?))(?: (?:late|early))? on "
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?(?=[ ,])"
)
"""The day on which it was said is the least that a listener needs."""
_SAID_WHERE = Rare(
    r"(?P<said>\b(?:said|says|announced|confirmed|claimed|alleged|warned)) (?:in|at|during) (?:(?:an?|the|his|her|its|their) )?(?!which\b|whom\b)[^,;\"]{2,70}? (?=that\b)"
)
"""Nor does he need where it was said."""
_ON_DAY = Rare(
    r"^(?P<who>(?:[^\s,]+ ){1,9}?[^\s,]+) (?:late )?on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day (?=(?:said|has|had|was|were|is|are|will|\w{2,}ed|took|"
    r"told|held|met|gave|won|lost|made|sought|came|went)\b)"
)
"""The day between a subject and its verb; a bulletin's news is of the day."""
_AS_WELL = Rare(
    r"(?<=\w) as well as (?!(?:he|she|it|they|we|you|can|could|possible|expected|hoped|before|ever|usual|any)\b)"
)
"""After a comma what follows is an afterthought, and "and" would make a list of it."""
_TOLD_PRESS = Rare(
    r"\btold (?:reporters|journalists|the media|the press|media persons|mediapersons|newsmen|a (?:press|news) conference)(?: (?:at|in|during|on|after|outside|here) [^,;\"]{3,60}?)? that (?:in (?=this|that))?"
)
"""Whom somebody told, who told the world."""
_LAST_DAY = Rare(
    r",? (?:late |early )?on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?\.$"
)
_TO_COME = Rare(
    r"\b(?:will|would|due|until|if|since|not|to (?!the\b|an?\b|his\b|her\b|its\b|their\b)[a-z]+)\b|n't\b"
)
_FACT_THAT = Rare(
    r"\b(?P<of>(?:by|of|to|for|in|at|on|about|with|from|despite|given|over|than) )?the fact that\b"
)
_OPENS_PART = Rare(r" (?:when|because|if|who|which|whose|where|whether|how|why)\b")
_RESUMES = Rare(r"\s*(?:why|how|whether|that|to|what|than)\b")
_WHO_WERE = Rare(
    r"(?<=[a-z]) (?:who|which|that) (?:is|was|are|were) (?=(?!supposed|expected|used|allowed|forced|asked|told)\w{3,}ed (?:in|on|at|by|from|with|during|after|near|over)\b)"
)


def trim(text: str, *, most: int) -> str:
    """Delete, least needed first, until at most `most` words are left or nothing more can go."""
    if count_words(text) > most and text.count(" - ") == 1:
        # what hangs at a dash hangs at a comma
        text = text.replace(" - ", ", ")
    text = squeeze(_tighten(text), most=most) if count_words(text) > most else text
    for step in _steps():
        if count_words(text) <= most:
            break
        shorter = close_up(step(text))
        if shorter == text:
            continue
        if SPEAKER.search(text) and not SPEAKER.search(shorter):
            # better long than said by nobody
            continue
        if count_words(shorter) >= LEAST and has_verb(shorter):
            text = shorter
    return text if count_words(text) <= most else _drop_day(text, most=most)


def _drop_day(text: str, *, most: int) -> str:
    """ "The court on Monday ruled" -> "The court ruled", where that makes a sentence short enough."""
    shorter = (_ON_DAY.sub(lambda match: f"{match['who']} ", text, count=1), _without_last_day(text))
    return next((short for short in shorter if short != text and count_words(short) <= most), text)


def _without_last_day(text: str) -> str:
    """ "was opened by the mayor on Monday." -> "was opened by the mayor."; what is still to come keeps its day."""
    match = _LAST_DAY.search(text)
    head = text[: match.start()] if match else ""
    if not match or _TO_COME.search(head):
        return text
    return f"{head}." if _stands(head) and not says_somebody(head[-40:]) else text


def is_second(part: str) -> bool:
    """Whether the words after a comma go on with the main clause: "said the minister", "but was closed"."""
    found = WORD.findall(part)
    return bool(found) and (is_sure_verb(found[0]) or bare(found[0]) in ("and", "but"))


def _steps() -> Iterator[Callable[[str], str]]:
    yield from between()
    yield _drop_tail_relative
    yield _drop_tail
    yield _drop_tail
    yield _drop_subordinate
    yield _drop_opening
    yield _drop_conceded


_LINK = Rare(r"^(?:However|Now|Meanwhile|Nevertheless|Nonetheless|Moreover|Furthermore|In addition), (?=\w)")
"""What only joins a sentence to the one before."""


def _tighten(text: str) -> str:
    """Fewer words for the same: "said that the" -> "said the", "people who were hurt in" -> "people hurt in"."""
    pattern, tight = _tight()
    text = _AS_WELL.sub(" and ", pattern.sub(lambda match: tight[match[0].casefold()], text))
    text = capitalise(_LINK.sub("", text))
    text = _FACT_THAT.sub(lambda match: match[0] if match["of"] else "that", text)
    text = _SAID_WHEN.sub(lambda match: match["said"], text)
    text = _SAID_WHERE.sub(lambda match: f"{match['said']} ", text, count=1)
    text = _TOLD_PRESS.sub("said that ", text)
    return _THAT.sub(r"\1 ", _WHO_WERE.sub(" ", text))


@lru_cache(maxsize=1)
def _tight() -> tuple[Rare, dict[str, str]]:
    tight = dict(table()["tight"])
    choices = "|".join(sorted(map(re.escape, tight), key=len, reverse=True))
    return Rare(rf"\b(?:{choices})\b"), tight


def _drop_tail_relative(text: str) -> str:
    match = _TAIL_RELATIVE.search(text)
    if match and ONE_OF_LIST.search(text[: match.start()]):
        # "the latest of a list of schools, which have no roof": what makes it a list is the news
        return text
    if match and _stands(text[: match.start()]) and is_tail(text[match.start() :]):
        return text[: match.start()] + "."
    return text


def _drop_tail(text: str) -> str:
    """Drop the last ", prompting ..." and its like."""
    for match in reversed(list(_tail().finditer(text))):
        if _stands(text[: match.start()]) and is_tail(text[match.start() :]):
            return text[: match.start()] + "."
    return text


def _drop_subordinate(text: str) -> str:
    """Drop a last clause after a comma: ", as", ", after", ", because", ", before", ", since"."""
    match = _SUBORDINATE.search(text)
    if match and has_verb(match[1]) and _stands(text[: match.start()]):
        return text[: match.start()] + "."
    return text


def _drop_opening(text: str) -> str:
    """Drop a long opening, "Raising the matter in parliament, ...", before the clause that tells the news."""
    match = _OPENING.match(text)
    rest = text[match.end() :] if match else ""
    opening = WORD.findall(match[0])[1:] if match else []
    if (
        not starts_clause(rest)
        or NEEDS_OPENING.search(_IT_SAID.sub("", rest[:60]))
        or any(map(is_finite, opening))
        or is_bereft(match[0] if match else "", rest)
    ):
        return text
    return rest[:1].upper() + rest[1:]


def _drop_conceded(text: str) -> str:
    """ "found that while A, B" -> "found that B"."""
    match = _CONCEDED.search(text)
    if not match or not starts_clause(text[match.end() :]):
        return text
    return f"{text[: match.start()]}that {text[match.end() :]}"


@lru_cache(maxsize=1)
def _tail() -> Rare:
    return Rare(rf", (?:{_TAIL}) (?=(?!and\b|or\b)[^;\"]{{4,260}}\.$)")


def _stands(head: str) -> bool:
    """Whether what is left can end here: a verb, no open pair, no list, not only an opening."""
    return has_main_verb(head) and ends_well(head) and not opens_only(head) and not lacks_deed(head)


def lacks_deed(head: str) -> bool:
    """ "They were angry when Fox", "(told) police that on Friday": the last clause has no verb yet."""
    clause = _OPENS_PART.split(head)[-1]
    if clause != head and not any(map(is_finite, WORD.findall(clause))):
        return True
    _, that, said = head.rpartition(" that ")
    opens = bare(said.split(" ", 1)[0]) if that else ""
    return opens in listed("words", "prepositions") and not any(map(is_finite, WORD.findall(said)))


def is_tail(tail: str) -> bool:
    """Whether a deleted end holds no second main clause: ", which ..., but the court refused." does."""
    return not any(
        _resumed().match(piece) or is_second(piece) or _RESUMES.match(piece) or _is_main(piece.strip())
        for piece in re.split(r"[,;]", tail)[2:]
    )


@lru_cache(maxsize=1)
def _resumed() -> Rare:
    return Rare(rf"\s*(?:and|but|so|yet|or)?\s*(?:{one_of('words', 'pronouns')})\b")


def _is_main(piece: str) -> bool:
    """Whether a piece between commas goes on with the sentence: "defied the guard", "Fox had left"."""
    found = WORD.findall(piece)
    if not found:
        return False
    return (is_finite(found[0]) and bare(found[0]) not in listed("forms", "given")) or (
        piece[0].isupper() and starts_clause(piece)
    )
