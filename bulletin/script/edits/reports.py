"""Reports: a second thing that somebody said, and who said it, as sentences of their own."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_main_verb,
    has_verb,
    listed,
    one_of,
    says_somebody,
    starts_clause,
    table,
)
from bulletin.script.edits.joints import (
    FEWEST,
    JOINING,
    Halves,
    close,
    inside,
    is_dependent,
    opens_clause,
    stands,
)
from bulletin.script.edits.subjects import subject
from bulletin.script.rare import Rare, sub
from bulletin.text import count_words

_SECOND = Rare(
    r"(?:; (?:and |but |while )?(?:that )?|,? (?:and|but) that |, (?:and|but|while) |"
    r" (?:and|but) (?=(?:now |then |later )?(?:he|she|they|it|there) |(?:the|a|his|her|its|their) [\w-]+ (?:[\w-]+ )?(?:is|was|are|were|has|have|had|will|would|could|must) ))"
)

_NOW = Rare(r"^(?:now|then|later) (?=he |she |they |it )")
_SEVERAL = Rare(r"^(?:two|three|four|five|six)\b", re.IGNORECASE)
_REPORTED_BY = Rare(r"^According to (?P<who>[^,\"]{3,150}), ")


def second_report(text: str) -> Halves | None:
    """ "Fox said A and that B." -> "Fox said A." "Fox also said B." """
    found = reporter(text)
    if not found:
        return None
    who, verb, start = found
    said = sub(r"^that ", "", text[start:])
    that = " that" if text[start:].startswith("that ") else ""
    for match in sorted(_SECOND.finditer(said), key=lambda one: abs(one.start() - len(said) // 2)):
        first, second = said[: match.start()], said[match.end() :].rstrip(".")
        if min(count_words(first), count_words(second)) < FEWEST or first.count('"') % 2:
            continue
        if (
            not (opens_clause(first) or ((that or match[0][0] == ";") and has_main_verb(first)))
            or not (opens_clause(_NOW.sub("", second)) or (match[0][0] == ";" and has_main_verb(second)))
            or is_dependent(first)
        ):
            continue
        more = "but" if "but" in match[0] else ""
        again = f"{capitalise(more)} {inside(who)}" if more else who
        also = "" if more else "also "
        return (
            f"{text[:start]}{that.strip()}{' ' if that else ''}{first}.",
            f"{again} {also}{verb}{that} {second}.",
        )
    return None


def reported_after(text: str) -> Halves | None:
    """ "Police said A after B." -> "Police said A." "They said this came after B.": B is still theirs."""
    found = reporter(text)
    if not found:
        return None
    who, _, start = found
    for match in reversed(
        list(re.finditer(r",? after (?=(?:he|she|they|it|the|an?|his|her|their|[A-Z])\b)", text))
    ):
        head, tail = text[: match.start()], text[match.end() :]
        said = sub(r"^that ", "", head[start:])
        if match.start() <= start or not starts_clause(said) or is_dependent(said):
            continue
        if not starts_clause(tail) and not _is_deed(tail):
            continue
        last = bare(WORD.findall(head)[-1])
        if last in listed("words", "measures") or count_words(said) < FEWEST or count_words(tail) < FEWEST:
            continue
        himself = None if _is_paper(who) else re.match(r"(?:he|she|they|it)\b", said)
        return close(head), f"{capitalise(himself[0]) if himself else who} said this came after {tail}"
    return None


def _is_paper(who: str) -> bool:
    """Whether nobody is "he" who reports: "The media report said she paid" is not what she said."""
    last = bare(who.rpartition(" ")[2])
    return last in listed("words", "voices") | listed("words", "bodies") | {
        "media",
        "paper",
        "newspaper",
        "it",
        "they",
    }


def _is_deed(tail: str) -> bool:
    """Whether something happened, told as a thing and no clause: "a complaint by the party"."""
    return bool(
        re.match(r"(?:an?|the) (?:[\w-]+ ){1,3}(?:by|in|at|on|with|from|between|over|to)\b", tail)
    ) and not (has_verb(tail))


def accused_of(text: str) -> Halves | None:
    """ "A man was held for allegedly stealing a boat." -> "A man was held." "The man is accused of stealing a boat." """
    match = _alleged().match(text) if " for allegedly " in text else None
    if not match:
        return None
    who = match["passive"] or match["active"]
    last = WORD.findall(who)[-1]
    several = match["aux"] in ("were", "have been", "are") if match["aux"] else bool(_SEVERAL.search(who))
    again = last if last[0].isupper() else f"the {last}"
    if " and " in who:
        again, several = "they", True
    is_told = says_somebody(match["head"][: match.start("passive")]) if match["passive"] else False
    accused = f"{again} {'are' if several else 'is'} accused of {match['deed']}"
    if is_told and not match["head"].startswith(("Police", "The police", "Officers", "A senior")):
        found = reporter(text)
        return (close(match["head"]), f"{found[0]} said {accused}") if found else None
    return close(match["head"]), capitalise(accused)


@lru_cache(maxsize=1)
def _alleged() -> Rare:
    arrest = rf"(?:{one_of('parting', 'arrests')})"
    return Rare(
        rf"^(?P<head>(?:.{{0,160}}?\b)?(?:(?P<passive>(?:an?|the|two|three|four|five|six|[A-Z][\w'-]+) [^,;\"]{{2,60}}?),? (?P<aux>was|were|has been|have been|is|are) "
        rf"(?:\w+ly )?{arrest}|{arrest} (?P<active>(?:an?|the|two|three|four|five|six) [^,;\"]{{2,60}}?(?:man|men|woman|women|boys?|girls?|people|persons|teenagers?|students?|youths?)))"
        r"\b[^;\"]{0,90}?) for allegedly (?P<deed>\w+ing [^;\"]{20,200}\.)$",
        re.IGNORECASE,
    )


def said_meanwhile(text: str) -> Halves | None:
    """ "A cleric issued a fatwa, saying B." -> "... a fatwa." "The cleric said B." """
    for match in reversed(list(_saying().finditer(text))):
        head, tail = text[: match.start()], match["tail"]
        who = subject(head)
        if not who or not starts_clause(tail) or not stands(head) or says_somebody(head):
            continue
        verb = str(table()["pasts"][match["verb"]])
        that = "" if verb == "said" and not match["that"] else " that"
        return close(head), f"{who} {verb}{that} {tail}."
    return None


def reported_by(text: str) -> Halves | None:
    """ "According to a report by X, A." -> "A." "That's according to a report by X." """
    match = _REPORTED_BY.match(text)
    rest = text[match.end() :] if match else ""
    if not match or not starts_clause(rest) or count_words(rest) < 2 * FEWEST:
        return None
    return capitalise(rest), f"That's according to {match['who']}."


@lru_cache(maxsize=512)
def reporter(text: str) -> tuple[str, str, int] | None:
    """Who reports, the verb as it is said the second time, and where the report begins."""
    who = subject(text)
    if bare(text.split(" ", 1)[0]) in JOINING:
        return None
    for match in _before_report().finditer(text[:120]):
        found = _report().match(text[match.end() :])
        if not found or has_verb(text[: match.start()].rsplit(",", 1)[-1]):
            return None
        verb = "said" if found["verb"].startswith("told") or found["verb"] == "added" else found["verb"]
        start = match.end() + found.end() + 1
        return (who, verb, start) if who else None
    return None


@lru_cache(maxsize=1)
def _report() -> Rare:
    told = r"told [^,]{2,60}?(?= that\b)|told [^,]{2,40}?"
    return Rare(rf"^(?P<verb>{told}|{one_of('saying', 'reports')})\b")


@lru_cache(maxsize=1)
def _before_report() -> Rare:
    return Rare(rf" (?=told|{one_of('saying', 'reports')})")


@lru_cache(maxsize=1)
def _saying() -> Rare:
    verbs = "|".join(sorted(table()["pasts"], key=len, reverse=True))
    return Rare(
        rf", (?P<verb>{verbs}) (?P<that>(?:(?:in|at|during) (?:[\w-]+ ){{1,6}}?)?that )?(?P<tail>[^;\"]{{20,220}})\.$"
    )
