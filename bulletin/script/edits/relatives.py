"""Who or which, at the end of a long sentence: what it tells becomes a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.script.edits.grammar import bare, is_finite, listed
from bulletin.script.edits.joints import ONE_OF_LIST, can_part, close, held_back, keeps_doubt
from bulletin.script.edits.subjects import NAME_AT_END, agrees, is_several, without_office
from bulletin.script.rare import Rare

_RELATIVE = Rare(
    r"(?P<comma>,?) (?:who|which) (?=(?:(?:[a-z]{3,}ly|earlier|later|then|now|also|already|still|once) )?(\w+)\b)"
)
_LISTED = Rare(r"\b(?:including|such as|among them|like|between|both)\b[^.]*$")
"""In a list, what comes after the next comma is not told of the same person."""
_CLEFT = Rare(r".*\b[Ii]t(?: is| was|'s)\b")
_ENDS_IN_ONE = Rare(r"(?<!\d )(?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+(?<!s)$")
"""One person, or one place: "the 51 Wexcombe Rovers who stayed" are some of many."""
_THING_AT_END = Rare(r"\b(?P<article>an?|one|the|his|her|its|their) (?:[a-z-]+ ){0,2}([a-z-]{3,})$")
_MANY_AT_END = Rare(r"\b(?:[a-z-]+ )?([a-z-]{3,}s|people|men|women|children)$")
_ONE_OF_SEVERAL = Rare(r"\b(?:and|or) (?:[\w-]+ ){0,2}[\w-]+$")
_OF_PLACE = Rare(r"\b(?:of|in|from|at|near|for|with) (?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+$")
_GOES_ON = Rare(
    r"^[^,]{0,40},|, (?:is|was|are|were|has|have|had|will|would|said|says|told|can|could|may|did|does|\w+ed)\b"
)


def by_relative(text: str) -> Iterator[tuple[str, str]]:
    """ "They seek a young man, who made off." -> "They seek a young man." "The man made off." """
    for match in _RELATIVE.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        if not is_finite(match[2]) or not can_part(head, tail) or _GOES_ON.search(tail):
            continue
        if (
            not keeps_doubt(head, tail)
            or _LISTED.search(head)
            or _CLEFT.match(head)
            or ONE_OF_LIST.search(head)
        ):
            continue
        is_who = match[0].lstrip(", ").startswith("who")
        if (not match["comma"] and not _ENDS_IN_ONE.search(head)) or (is_who and _OF_PLACE.search(head)):
            # "the mayor of Great Wex, who is ill"
            continue
        who = _antecedent(head, match[2], has_comma=bool(match["comma"]), is_who=is_who)
        if who:
            yield close(head), f"{who} {tail}"


def _antecedent(head: str, verb: str, *, has_comma: bool, is_who: bool) -> str:
    """Of whom or what "who" and "which" at the end of `head` tell; nothing where it is not clear."""
    if name := NAME_AT_END.search(head):
        # "the Air Programme, which aims" -> "The Air Programme aims"
        the = "The " if head[: name.start()].endswith("the ") and without_office(name[1]) == name[1] else ""
        return f"{the}{without_office(name[1])}"
    if thing := _THING_AT_END.search(head):
        noun = thing[2]
        is_sure = (
            has_comma
            and "," not in head
            and bare(verb) in listed("verbs", "sure")
            and agrees(f"The {noun}", verb)
        )
        return f"The {held_back(thing[0])}{noun}" if thing["article"] in ("a", "an", "one") or is_sure else ""
    many = _MANY_AT_END.search(head) if has_comma and is_who and "," not in head else None
    if not many or not is_several(many[1]) or not agrees("They", verb):
        return ""
    return "They" if _ONE_OF_SEVERAL.search(head) else f"The {held_back(many[0])}{many[1]}"
