"""A quotation in the first person -> what was said, in the third: "I am fit," she said -> "She is fit," she said."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import (
    bare,
    capitalise,
    is_finite,
    listed,
    lower_first,
    one_of,
    starts_clause,
)
from bulletin.script.edits.sexes import sex_of_speaker
from bulletin.script.edits.speakers import asks
from bulletin.script.edits.they import is_they
from bulletin.script.rare import Rare

_QUOTED = Rare(r'"([^"]{3,300})"')
_OWN = Rare(r"\b(?:I|[Ww]e|[Mm]e|us|[Mm]y|[Oo]urs?|[Mm]ine|[Mm]yself|[Oo]urselves)\b")
_UNCLEAR = Rare(
    r"\b(?:you|your|yours|let's|here|right now)\b|[?!]|\b(?:thought|think|wondered|said), '?(?:I|we)\b|\b(?:I|we) (?:and|or)\b|\b(?:and|or) (?:me|us)\b",
    re.IGNORECASE,
)
_BE = {
    "am": "is",
    "'m": "'s",
    "have": "has",
    "'ve": " has",
    "do": "does",
    "don't": "doesn't",
    "haven't": "hasn't",
}
_SAME = frozenset(
    "was wasn't had hadn't will won't would wouldn't can can't cannot could couldn't may might must should shouldn't did didn't 'd 'll".split()
)
_OTHERS = {
    "he": {"me": "him", "my": "his", "mine": "his", "myself": "himself"},
    "she": {"me": "her", "my": "her", "mine": "hers", "myself": "herself"},
}
_MANY = {"we": "they", "us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves"}
_FIRST_VERB = Rare(
    r"\bI(?P<short>'m|'ve|'d|'ll)?(?P<adverb> (?:also|just|never|still|really|always|now|only|often|sometimes|once|then|even|\w+ly))?(?: (?P<verb>[a-z']+))?"
)


_TOGETHER = Rare(
    r"(?:^|[,;] |\b(?:that|because|when|while|as|if) )(?:[Mm]y [a-z]+ |(?:[A-Z][\w'’-]+ ){1,3})and $"
)
""" "Pike and I have" are two: "Pike and he have"."""


_SAID_OPENING = Rare(
    r'^(?P<who>[^":]{3,120}\b(?:said|says))[:,] "(?P<rest>(?:In|If|When|As|At|On|For|With|After|Since|Under|Once|This|Last|Next|Every|By|From|Despite) [^"]{8,300})"$'
)


_COLON = Rare(
    r'^([^":]{3,120}\b(said|says|added|adds|told [^":,]{2,60})((?: (?:in|on|at|during) [^":,]{3,60})?))[:,] "([^"]{8,300})"$'
)
_READ = Rare(r'([,.]") reads? (?=(?:the|an?|its|his|her) )')
"""What a notice, a report or a post says."""
_BROKEN = Rare(
    r'^"([^"]{8,200}),?,?" ([^",;:]{2,60} (?:said|says|added|adds)|(?:said|says|added|adds) [^",;:]{2,60}), "([a-z][^"]{4,200}?)[.,]"$'
)
"""Who says it stands in the middle of what is said."""


def report(text: str, *, small: frozenset[str] = frozenset(), source: str = "") -> str:
    """
    Put the speaker's "I" and "we" in the third person and take a colon from before what was said.

    Nothing is changed where the sentence does not tell who "I" is, or where "you" is spoken to.
    """
    text = _BROKEN.sub(r'"\1, \3," \2.', _said_for_read(text.replace("’", "'")))
    if text.count('"') != 2:
        return text
    match = _QUOTED.search(text)
    if not match:
        return text
    body = match[1]
    if _OWN.search(body):
        outside = text[: match.start()] + " " + text[match.end() :]
        changed = _in_third_person(body, outside=outside, source=source)
        if not changed:
            return text
        body = changed
    return _without_colon(f'{text[: match.start()]}"{body}"{text[match.end() :]}', small=small)


def _said_for_read(text: str) -> str:
    """'"...," read the notice' -> '"...," said the notice'; its "we" would be nobody."""
    return text if _OWN.search(text) else _READ.sub(r"\1 said ", text)


def _in_third_person(body: str, *, outside: str, source: str) -> str:
    if _UNCLEAR.search(body):
        return ""
    if re.search(r"\b(?:I|me|my|mine|myself)\b", body, re.IGNORECASE):
        if re.search(r"\b(?:we|us|ours?|ourselves)\b", body, re.IGNORECASE):
            # "he never thought their folk": of one speaker, not of somebody else
            return ""
        he, she = (
            bool(_speaks("male_speakers").search(outside)),
            bool(_speaks("female_speakers").search(outside)),
        )
        if not (he or she):
            sex = sex_of_speaker(outside, source)
            he, she = sex == "He", sex == "She"
        if he == she:
            return ""
        who = "he" if he else "she"
        if _speaks(who).search(body):
            return ""
        body = _conjugate(body, who)
        if not body:
            return ""
        return _swap(body, _OTHERS[who])
    if _speaks("they").search(body) or not is_they(outside, source):
        return ""
    return _swap(body, _MANY)


@lru_cache(maxsize=8)
def _speaks(name: str) -> Rare:
    return Rare(rf"\b(?:{one_of('people', name)})\b", re.IGNORECASE)


def _conjugate(body: str, who: str) -> str:
    """Each "I" with its verb; nothing where a verb's third person is not known."""
    parts: list[str] = []
    end = 0
    for match in _FIRST_VERB.finditer(body):
        verb = _third(match["short"] or match["verb"] or "")
        if not verb:
            return ""
        parts.append(body[end : match.start()])
        said = capitalise(who) if match.start() == 0 else who
        if match["verb"] and _TOGETHER.search(body[: match.start()]):
            verb = match["verb"]
        adverb, rest = match["adverb"] or "", f" {match['verb']}" if match["verb"] else ""
        parts.append(f"{said}{verb}{adverb}{rest}" if match["short"] else f"{said}{adverb} {verb}")
        end = match.end()
    return "".join((*parts, body[end:]))


def _third(verb: str) -> str:
    if verb in _SAME:
        return verb
    if verb in _BE:
        return _BE[verb]
    if verb in listed("forms", "same_in_past"):
        return ""
    if verb in listed("verbs", "irregular") or (verb.endswith("ed") and is_finite(verb)):
        return verb
    for third in (f"{verb}s", f"{verb}es", f"{verb[:-1]}ies"):
        if verb and third in listed("verbs", "present"):
            return third
    return _with_s(verb) if verb in listed("verbs", "plain") | listed("verbs", "purposes") else ""


def _with_s(verb: str) -> str:
    """ "teach" -> "teaches", "carry" -> "carries"."""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}s"


def _swap(body: str, table: dict[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        new = table[match[0].casefold()]
        return capitalise(new) if match[0][0].isupper() and match.start() == 0 else new

    return _any_of(tuple(table)).sub(put, body)


@lru_cache(maxsize=8)
def _any_of(words: tuple[str, ...]) -> Rare:
    return Rare(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


def _without_colon(text: str, *, small: frozenset[str]) -> str:
    """'He said: "The road is shut."' -> 'He said the road is shut.'"""
    if opened := _SAID_OPENING.match(text):
        rest = opened["rest"]
        if starts_clause(rest.partition(", ")[2]) and rest.count(". ") == 0:
            return f"{opened['who']} that {lower_first(rest, small=small)}"
    match = _COLON.match(text)
    if not match or not starts_clause(match[4]) or match[4].count(". ") or asks(match[4]):
        return text
    said = match[4]
    that = (
        ""
        if match[2] in ("said", "says")
        and not match[3]
        and bare(said.split(" ", 1)[0]) not in listed("words", "prepositions")
        and not said.split(" ", 1)[0].endswith(",")
        else " that"
    )
    return f"{match[1]}{that} {lower_first(said, small=small)}"
