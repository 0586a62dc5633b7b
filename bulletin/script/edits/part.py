"""A sentence that is too long is parted in two, each with a subject and a verb of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bulletin.script.edits.doings import after_opening
from bulletin.script.edits.goes_on import asks_too_by, goes_on, goes_on_in_past
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    is_main_verb,
    listed,
    lower_first,
    one_of,
    sayings,
    says_somebody,
    starts_clause,
)
from bulletin.script.edits.joints import (
    AND_THAT,
    FEWEST,
    can_part,
    close,
    is_present,
    may_come_after,
    mid,
    opens_clause,
    without_sum,
)
from bulletin.script.edits.relatives import by_relative
from bulletin.script.edits.reports import reporter
from bulletin.script.edits.subjects import agrees, are_many, is_several, subject
from bulletin.script.edits.unfold import unfold
from bulletin.script.rare import Rare, sub
from bulletin.text import count_words

_JOINTS = (
    (Rare(r"; (?:and |but )?"), ""),
    (Rare(r", but "), "But "),
    (Rare(r", and "), ""),
    (Rare(r", while "), ""),
    (Rare(r", so "), "So "),
    (Rare(r", although "), ""),
    (Rare(r" - (?:and |but )?"), ""),
    (Rare(r" but (?=(?:now |then |later )?(?:he|she|they|it|the|police|officials) )"), "But "),
    (Rare(r" and (?=(?:according to [^,]{3,60}, )(?:he|she|they|it|the|an?) )"), ""),
    (Rare(r",? and (?=(?:in|at|on|by|after|during|from|for) [^,]{3,40}? (?:he|she|it|they) \w+)"), ""),
    (AND_THAT, ""),
    (Rare(r" and (?=(?:now |then |later )?(?:he|she|they|it) )"), ""),
    (
        Rare(
            r"(?<!not) but (?=(?:now |then |later )?(?:some|many|most|others|another|both|an?|two|three|there) )"
        ),
        "But ",
    ),
    (
        Rare(r" while (?=(?:an?|another|others|some|two|three|four|five|six|[A-Z][\w'’-]+) )"),
        "Meanwhile, ",
    ),
    (
        Rare(
            r" and (?=[A-Z][\w'’]+ (?:also |later |then )?"
            r"(?:is|was|are|were|has|had|have|will|would|said|told|did|can|could|also \w+ed) )"
        ),
        "",
    ),
    (
        Rare(
            r" and (?=(?:the|an?|his|her|its|their) (?:[\w-]+ ){1,3}(?:is|was|are|were|has|had|have|will|would|can|could) )"
        ),
        "",
    ),
)
_ONE_OF = Rare(
    r"an? (?:[\w-]+ ){1,4}?\w+ed (?:by|in|at|as|for|from|to|with|of)\b|"
    r"(?:one|part|some|most|many) of (?:an?|the|his|her|its|their) (?![^.]*\b(?:is|are|was|were|has|have|had|will|would|can|could)\b)"
)
"""After a dash it tells of what stands before it: "a boat - one of the few built here"."""
_AFTER_PLACE = Rare(
    r"(?:in|at|on|by|after|during|from|for) (?:the|all|both|each|that|this|an?|one|two|three|four) (?:[\w-]+ ){1,4}(?:he|she|it|they) \w"
)
_SHARED = Rare(
    r"(,?) (and|but) (?=(?:(?:also|later|then|now|almost|even|still|soon|just|\w{3,}ly) )?(\w+)\b)"
)
_AFTER = Rare(r",? after (?=(\w+) (\w+))")
_SAID_LAST = Rare(
    r"[^,](?:,| -) [^,\"]{2,70}(?:, [^,\"]{2,60},)? (?:said|says|claimed|reported|told [^,\"]{2,40}|tweeted|wrote)(?: (?:on|in|at) [^,\"]{2,50})?\.$"
)
"""All of it is somebody's: the first half alone would be the station's."""
_MADE_IT = Rare(r"\w+ (?:the|an?|his|her|its|their|him|them|it|one|two|three|four|five|six|[A-Z\d])")
"""A deed with what it was done to: "and made the crowd wait", not "and made in Wexcombe"."""
_HANGING = Rare(
    r"\b(?:if|when|because|whether|that|which|who|whom|whose|where|both|between|either|neither|how|why|what)\b"
)


_ENDLESS = 300
"""Words. No newsroom's sentence has as many; every joint is looked at with all that stands on both sides of it."""


def part(text: str, *, most: int) -> tuple[str, ...]:
    """Part at the joint nearest to the middle, and again while a part is too long; what has no end stays whole."""
    if not most < count_words(text) <= _ENDLESS or _SAID_LAST.search(text):
        return (text,)
    halves = _best(_by_clause(text)) or _best(_by_subject(text)) or _best(by_relative(text))
    halves = (
        halves
        or _best(_by_after(text))
        or _by_source(text)
        or unfold(text)
        or _best(_by_reported_subject(text))
    )
    halves = halves or after_opening(
        text, (lambda rest: _best(_by_clause(rest)), lambda rest: _best(_by_subject(rest)), unfold)
    )
    if not halves:
        return (text,)
    return (*part(halves[0], most=most), *part(halves[1], most=most))


def _best(found: Iterator[tuple[str, str]]) -> tuple[str, str] | None:
    """The most even of the ways to part."""
    return min(found, key=lambda two: abs(count_words(two[0]) - count_words(two[1])), default=None)


def _by_clause(text: str) -> Iterator[tuple[str, str]]:
    """Where two clauses are joined, each with a subject of its own."""
    for joint, opening in _JOINTS:
        for match in joint.finditer(text):
            head, tail = text[: match.start()].strip(), text[match.end() :].strip()
            if (
                can_part(head, tail)
                and (
                    opens_clause(tail)
                    or _AFTER_PLACE.match(tail)
                    or (match[0][:2] in (" -", "; ") and _is_clause(tail))
                )
                and not (match[0].startswith(" -") and _ONE_OF.match(tail))
                and not (match[0] == " and " and _two_things().search(head))
            ):
                yield close(head), opening + (tail if opening else capitalise(tail))


@lru_cache(maxsize=1)
def _two_things() -> Rare:
    """A head whose last clause has no verb yet: "hopes the north road and the south bridge are open" is one hope."""
    return Rare(
        rf"\b(?:{one_of('parting', 'holding')}|that|whether|if|because|how|why|when|where|after|before|while|as) "
        r"(?:(?:the|an?|his|her|its|their) )?(?:[\w-]+ ){0,3}[\w-]+$"
    )


def _is_clause(tail: str) -> bool:
    """ "(it is old - ) wooden steps are missing": a verb nobody takes for a noun, soon, and not of "who" or "which"."""
    found = [bare(word) for word in WORD.findall(tail)[:8]]
    verb = next((at for at, word in enumerate(found) if word in listed("verbs", "auxiliary")), 0)
    opens = found[:1] and (
        found[0] in listed("words", "prepositions") or found[0].endswith(("ing", "ed", "ly"))
    )
    return verb > 0 and not opens and "to" not in found[:verb] and not _HANGING.search(" ".join(found[:verb]))


def _by_subject(text: str) -> Iterator[tuple[str, str]]:
    """Where one subject has two verbs: the subject is said again, "a man" as "the man"."""
    who = subject(text)
    if not who or bare(who) in listed("words", "determiners"):
        # "The former Spurs manager, Redknapp, ..." is not told again as "The"
        return
    for match in _SHARED.finditer(text):
        head, tail = text[: match.start()], text[match.end() :]
        asks_too = asks_too_by(head, match[3])
        if (
            not (
                is_main_verb(match[3])
                or goes_on_in_past(head, match[3], tail=tail)
                or asks_too
                or (
                    bare(match[3]) in listed("forms", "made")
                    and _MADE_IT.match(tail)
                    and not is_present(head)
                )
            )
            or not can_part(head, f"said {tail}" if asks_too else tail)
            or (_HANGING.search(head) and not asks_too)
            or not (agrees(who, match[3]) if asks_too else goes_on(head, match[3], tail=tail, who=who))
            or (", " in tail and sayings(tail.rpartition(", ")[2]))
        ):
            continue
        if head.startswith(f"{who} ") and (is_several(who) or are_many(who, head)):
            who = "They"
        again = f"But {mid(who)}" if match[2] == "but" else who
        yield close(head), f"{again} {tail}"


def _by_reported_subject(text: str) -> Iterator[tuple[str, str]]:
    """ "Police said a man stole a car and hit a wall." -> "Police said a man stole a car." "They said the man hit a wall." """
    found = reporter(text)
    if not found or found[1] == "announced":
        return
    who, verb, start = found
    opening, said = text[:start], sub(r"^that ", "", text[start:])
    if not starts_clause(said):
        return
    for first, second in _by_subject(capitalise(said)):
        if not second.startswith(("But ", "They ", "It ")) and not says_somebody(second):
            yield f"{opening}{lower_first(first)}", f"{who} {verb} {mid(second)}"


def _by_source(text: str) -> tuple[str, str] | None:
    """ "According to police, A and B." -> "According to police, A." "They said B." """
    match = _ACCORDING.match(text)
    who = subject(f"{capitalise(match['who'])} said so.") if match else ""
    if not match or not who or not starts_clause(match["rest"]):
        return None
    rest = capitalise(match["rest"])
    halves = _best(_by_clause(rest)) or _best(_by_subject(rest)) or unfold(rest)
    if not halves or halves[1].startswith(("But ", "So ", "Meanwhile")) or any(map(says_somebody, halves)):
        return None
    first = match["rest"][0] + halves[0][1:]
    return f"According to {match['who']}, {first}", f"{who} said {lower_first(halves[1])}"


_ACCORDING = Rare(r"^According to (?P<who>[^,\"]{3,80}), (?P<rest>.{30,})$")


_MAY = Rare(r"\b(?:could|might|may)\b")
"""What is still to come, if it comes: "this" is that it could."""


def _by_after(text: str) -> Iterator[tuple[str, str]]:
    """ "A man was held after a shop burned down." -> "A man was held." "This came after a shop burned down." """
    for match in _AFTER.finditer(text):
        head, tail = text[: match.start()], without_sum(text[match.end() :])
        found = WORD.findall(head)
        # "ten years after" is one time, "ten years, after" is none
        is_time = bare(found[-1]) in listed("words", "measures") and match[0][0] != "," if found else True
        if is_time or says_somebody(head):
            continue
        if count_words(head) < FEWEST + 2 or not can_part(head, tail) or not starts_clause(tail):
            continue
        if "," in tail[:30] or _HANGING.search(head) or not may_come_after(head, tail):
            continue
        is_now = is_present(head) or bool(_MAY.search(head))
        yield close(head), f"{'This comes after' if is_now else 'This came after'} {tail}"
