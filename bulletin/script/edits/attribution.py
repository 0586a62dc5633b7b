"""Who says it comes first: a listener cannot look back to see whose words they were."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import (
    NAME,
    WORD,
    bare,
    capitalise,
    has_verb,
    listed,
    lower_first,
    one_of,
    starts_clause,
)

_WITHOUT_THAT = ("said", "says", "claims", "believes")
"""After these "that" may be left out; "has announced trains will run" would be heard wrongly."""
_ACCORDING = re.compile(r"^(.{15,400}), according to ([^,;\"]{3,90})\.$")
_TOO_LOOSE = re.compile(r"\b(?:who|which|that|but|because|and|as|while|when|where|after|if|with)\b")
_REPORTS = re.compile(
    r"^(?:it|this|that|there|he|she|they|the|a|an|his|her|their|its|some|many|most|all|more|no)\b",
    re.IGNORECASE,
)
_SPEAKERS_OWN = re.compile(
    r"(?<!War )(?<!Part )(?<!Act )(?<!Phase )(?<!Type )\bI\b"
    r"|\b(?:we|me|my|ours?|let's)\b|\b(?:told?|tells?|with|to|for|by|from|at|on|of|let|let's|join|contact|send|give|gave|gives) us\b|(?:^|[.:,] )(?:We|My|Ours?|Let's)\b"
)
"""A capital inside a sentence belongs to a title: "They Killed My Father"."""
_LISTENERS = re.compile(r"\b(?:[Yy]ou|[Yy]ours?)\b")


def put_attribution_first(text: str, *, small: frozenset[str] = frozenset()) -> str:
    """
    "The road is closed, police said." -> "Police said the road is closed."

    Nothing is changed where it is not clear what the speaker said and what the reporter did.
    """
    for move in (_move_quote, _move_according, _move_said, _move_court, _move_inverted, _move_with_office):
        moved = move(text, small)
        if moved != text:
            return capitalise(moved)
    return text


def speaks_of_itself(text: str, *, to_listeners: bool = False) -> bool:
    """
    Whether the words are somebody's own, "we" and "I" and "you", and not the station's.

    A lead may speak to the listeners: "You can now report potholes online."
    """
    return bool(_SPEAKERS_OWN.search(text.replace("’", "'"))) or (
        not to_listeners and bool(_LISTENERS.search(text))
    )


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    saying = one_of("verbs", "saying")
    when = r"(?: (?:on|in|at|during|last|earlier|late) [^\",.;]{2,45}| \w{3,6}day(?: \w{5,9})?)?"
    who = r"[^\",;:]{2,80}?"
    have = r"(?:has |have |had )?(?:also )?"
    told = r"told (?:the )?[\w .'-]{2,40}?"
    return {
        "quote": re.compile(rf'^"([^"]{{8,300}})[,.?!]"\s+({who})\s+({have}(?:{saying}|{told}))({when})\.$'),
        "quote_inverted": re.compile(rf'^"([^"]{{8,300}})[,.?!]"\s+({saying})\s+({who}[^\",;]{{0,60}})\.$'),
        "said": re.compile(rf"^(.{{15,400}}), ({who})\s+({have}(?:{saying}|{told}))({when})\.$"),
        "court": re.compile(
            r"^(.{15,400}), ((?:an?|the) (?:[\w' -]{2,40} )?(?:court|jury|inquest|tribunal|hearing|inquiry|committee))"
            rf" ((?:has |was |has been )?(?:heard|told))({when})\.$"
        ),
        "inverted_office": re.compile(
            rf'^"?([^"]{{15,400}}?)[,?!]"?,? ({saying}) ({NAME}), ([^",;:]{{4,90}})\.$'
        ),
        "inverted": re.compile(
            rf"^(.{{15,400}}), ({saying}) ((?:{NAME}|(?:an?|the|one) )[^\",;:]{{0,60}})\.$"
        ),
    }


def _move_quote(text: str, small: frozenset[str]) -> str:
    if match := _patterns()["quote"].match(text):
        body, who, verb, when = match.groups()
    elif match := _patterns()["quote_inverted"].match(text):
        body, verb, who = match.groups()
        when = ""
    else:
        return text
    if not _is_reportable(body) or not _is_speaker(who):
        return text
    return _join(who, verb, when, body, small)


def _is_reportable(body: str) -> bool:
    """Whether somebody's words can follow "said" as they are: a statement, no order and no cry."""
    if not has_verb(body, within=14) or speaks_of_itself(body):
        return False
    _, _, rest = body.partition(", ")
    opens = bare(body.split(" ", 1)[0]) in listed("words", "prepositions") and starts_clause(rest)
    return opens or bool(_REPORTS.match(body)) or starts_clause(body)


def _move_according(text: str, small: frozenset[str]) -> str:
    match = _ACCORDING.match(text)
    if not match or _odd_quotes(match[1]) or _TOO_LOOSE.search(match[2].replace(" and ", " ")):
        return text
    if re.search(r"\baccording to\b", match[1]) or not has_verb(match[1]):
        return text
    return f"According to {match[2]}, {lower_first(match[1], small=small)}."


def _move_said(text: str, small: frozenset[str]) -> str:
    match = _patterns()["said"].match(text)
    if not match or _odd_quotes(match[1]) or not _is_speaker(match[2]) or not _is_whole(match[1]):
        return text
    return _join(match[2], match[3], match[4], match[1], small)


def _move_inverted(text: str, small: frozenset[str]) -> str:
    match = _patterns()["inverted"].match(text)
    if not match or _odd_quotes(match[1]) or not _is_speaker(match[3]) or not _is_whole(match[1]):
        return text
    return _join(match[3], match[2], "", match[1], small)


def _move_court(text: str, small: frozenset[str]) -> str:
    """ "..., the court heard." """
    match = _patterns()["court"].match(text)
    if not match or _odd_quotes(match[1]) or not _is_whole(match[1]):
        return text
    return f"{match[2]} {match[3]}{match[4]} that {lower_first(match[1], small=small)}."


def _move_with_office(text: str, small: frozenset[str]) -> str:
    """ "..., said Ann Fox, who leads the council." -> "Ann Fox, who leads the council, said ..." """
    match = _patterns()["inverted_office"].match(text)
    if not match or not _is_whole(match[1]) or speaks_of_itself(match[1]):
        return text
    body, verb, who, office = match.groups()
    if text.startswith('"') and not _REPORTS.match(body):
        body = body[:1].upper() + body[1:]
    return _join(f"{who}, {office},", verb, "", body, small)


def _join(who: str, verb: str, when: str, body: str, small: frozenset[str]) -> str:
    body = re.sub(r"^(?:But|And|So|Yet),? (?=\w)", "", body)
    opens = bare(body.split(" ", 1)[0])
    needs_that = (
        when
        or verb.split()[-1] not in _WITHOUT_THAT
        or opens in listed("words", "prepositions")
        or opens in ("when", "while", "if")
    )
    that = " that" if needs_that else ""
    return f"{who.strip()} {verb}{when}{that} {lower_first(body.strip(' ,'), small=small)}."


def _is_speaker(who: str) -> bool:
    found = WORD.findall(who)
    if found and bare(found[0]).endswith("ing"):
        return False
    plain = re.sub(r" and (?=[A-Z])| familiar with | with (?:knowledge|direct knowledge) of ", " ", who)
    return 0 < len(found) <= 12 and not _TOO_LOOSE.search(plain) and not has_verb(who)


def _is_whole(body: str) -> bool:
    """Whether the words before the speaker can stand alone: a clause, and no second speaker in it."""
    said = {bare(word) for word in WORD.findall(body)} & listed("verbs", "saying")
    return has_verb(body) and not said and not body.rstrip().endswith(("and", "but"))


def _odd_quotes(text: str) -> bool:
    return text.count('"') % 2 == 1
