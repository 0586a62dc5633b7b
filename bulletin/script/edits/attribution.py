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
    is_finite,
    listed,
    lower_first,
    one_of,
    sayings,
)
from bulletin.script.edits.own_words import speaks_of_itself
from bulletin.script.edits.speakers import (
    REPORTS,
    TOO_LOOSE,
    is_reportable,
    is_speaker,
    is_whole,
    join,
    odd_quotes,
    without_joint,
)
from bulletin.script.rare import Rare

_ACCORDING = Rare(r"^(.{15,400}), according to ([^,;\"]{3,90}?)(?: (?:that|which) [^;\"]{8,200})?\.$")
_ACCORDING_WEDGED = Rare(
    r"^(?P<head>[^,;\"]{3,90}), according to (?P<who>[^,;\"]{3,80}), (?P<rest>[^\"]{10,300}\.)$"
)
_WEDGED = Rare(
    r"^(?P<head>[^,\"]{3,90}(?:, [^,\"]{3,60})?), (?P<said>[^,\"]{5,70}), (?P<rest>[^\"]{10,300}\.)$"
)
"""Who says it stands between two commas."""
_ASIDE_OF_SPEAKER = Rare(r"(?<=\w), who [^,\"]{5,90}, (?=(?:said|says|added|told \w+)(?: on \w+)?\.$)")
_ITS = Rare(r"(?:It|He|She|They|Its|His|Her|Their)\b", re.IGNORECASE)
"""A speaker whom a lead explains only after naming what he speaks of: "its director said"."""


def put_attribution_first(text: str, *, small: frozenset[str] = frozenset(), is_lead: bool = False) -> str:
    """
    "The road is closed, police said." -> "Police said the road is closed."

    Nothing is changed where it is not clear what the speaker said and what the reporter did, nor in a lead where
    "the club" would be heard before its name.
    """
    if is_lead and _patterns()["unnamed"].search(text):
        return text
    text = _ASIDE_OF_SPEAKER.sub(" ", text)
    for move in _MOVES:
        moved = move(text, small)
        if moved != text and not (is_lead and _ITS.match(moved)):
            return capitalise(moved)
    return text


@lru_cache(maxsize=1)
def _patterns() -> dict[str, Rare]:
    # "..., allegations Doha denies" says the opposite
    saying = rf"(?!den)(?:{one_of('verbs', 'saying')}|{one_of('verbs', 'finding')})"
    plain = rf"(?:{one_of('verbs', 'saying_plain')}|tell (?:the )?[\w .'-]{{2,40}}?)"
    roles = one_of("words", "roles")
    when = r"(?: (?:on|in|at|during|last|earlier|late) [^\",.;]{2,60}?| \w{3,6}day(?: \w{5,9})?| (?:yesterday|today|tonight|last night|this \w{6,9}))?"
    who = r"[^\",;:]{2,80}?"
    have = r"(?:has |have |had )?(?:also )?"
    told = r"told (?:[Tt]he )?[\w .'-]{2,40}?"
    meanwhile = r"(?:,? (?:after|while|as|when|before|following|amid|outside|adding|calling|referring|speaking) [^\";]{8,230}|, and [^\";]{8,230}"
    meanwhile += r"| and \w{3,}ed [^\";]{8,230}|, in an? (?:\w+ ){0,3}(?:reply|statement|letter|post|interview|note|email|message))?"
    return {
        "quote": Rare(
            rf'^"([^"]{{8,300}})[,.?!]"\s+({who})\s+({have}(?:{saying}|{told}))({when}){meanwhile}\.$'
        ),
        "quote_inverted": Rare(rf'^"([^"]{{8,300}})[,.?!]"\s+({saying})\s+({who}[^\",;]{{0,60}})\.$'),
        "said": Rare(
            rf"^(.{{15,400}}), ({who})\s+({have}(?:{saying}|{told}))({when})(?:,? (?:while|as|amid|after|following) [^\";]{{8,230}})?\.$"
        ),
        "plain": Rare(rf"^(.{{15,400}}), ((?:[\w' -]{{2,60}} )?(?:\w+s|police|people)) ({plain})({when})\.$"),
        "court": Rare(
            rf"^(.{{15,400}}), ((?:an?|the) (?:[\w' -]{{2,40}} )?(?:{one_of('saying', 'courts')}))"
            rf" ((?:has |was |has been )?(?:heard|told))({when})\.$"
        ),
        "inverted_office": Rare(
            rf'^"?([^"]{{15,400}}?)[,?!]"?,? ({saying}) ({NAME}), ([^",;:]{{4,90}})(?:,( (?:in|on|at|during) [^",;:]{{4,60}}))?\.$'
        ),
        "inverted": Rare(
            rf"^(.{{15,400}}), ({saying}) ((?:(?:[a-z-]+ ){{0,2}}(?:{roles}) {NAME}|{NAME}|(?:an?|the|one) )[^\",;:]{{0,60}}?)(?: (?:as|while|after) (?:he|she|they|it) [^\";]{{8,200}})?\.$"
        ),
        "speaker": Rare(
            rf"^(?:((?:[\w.'-]+ ){{0,7}}?[\w.'-]+) ({saying}|{plain})|({saying}|{plain}) ((?:[\w.'-]+ ){{0,7}}[\w.'-]+))$"
        ),
        "inverted_body": Rare(
            rf"^(.{{15,400}}), ({saying}) ((?:[a-z]+ )?(?:{one_of('saying', 'bodies_inverted')}))\.$"
        ),
        "inverted_plain": Rare(rf"^(.{{15,400}}), ({plain}) ([^\",;:]{{0,50}}\w+s)\.$"),
        # who may report what somebody else said
        "paper": Rare(rf"\b(?:{one_of('saying', 'papers')})\b"),
        # a speaker whom only the words before explain
        "unnamed": Rare(
            rf", (?:(?:said|says) )?the (?:{one_of('saying', 'unnamed')})(?: (?:has )?(?:said|says|announced|confirmed)[^,]{{0,40}})?\.$"
        ),
        "believed": Rare(
            rf"^(?P<told>.{{15,400}}), it (?P<be>is|was|has been) (?P<how>{one_of('saying', 'believed')})\.$"
        ),
        "says_report": Rare(
            rf"^(?P<told>.{{15,400}}), (?P<verb>says|said) (?P<who>an? (?:new |major |official )?(?:{one_of('saying', 'studies')})) "
            r"(?:highlighting|showing|warning|claiming|looking|examining|revealing|calling|which|that) [^;]{5,160}\.$"
        ),
    }


def _move_quote(text: str, small: frozenset[str]) -> str:
    # the mark at its beginning may stand before an earlier sentence, or be lost
    whole = f'"{text}' if text.count('"') == 1 and not text.startswith('"') else text
    if match := _patterns()["quote"].match(whole):
        body, who, verb, when = match.groups()
    elif match := _patterns()["quote_inverted"].match(whole):
        body, verb, who = match.groups()
        when = ""
    else:
        return text
    if not is_reportable(body) or not is_speaker(who):
        return text
    return join(who, verb, when, body, small)


def _move_according(text: str, small: frozenset[str]) -> str:
    if wedged := _ACCORDING_WEDGED.match(text):
        following = WORD.match(wedged["rest"])
        if following and is_finite(following[0]) and not has_verb(wedged["head"]):
            return (
                f"According to {wedged['who']}, {lower_first(wedged['head'], small=small)} {wedged['rest']}"
            )
    match = _ACCORDING.match(text)
    if not match or odd_quotes(match[1]) or TOO_LOOSE.search(match[2].replace(" and ", " ")):
        return text
    if re.search(r"\baccording to\b", match[1], re.IGNORECASE) or not has_verb(match[1]):
        return text
    return f"According to {match[2]}, {lower_first(without_joint(match[1]).rstrip(','), small=small)}."


def _move_said(text: str, small: frozenset[str]) -> str:
    match = _patterns()["said"].match(text) or _patterns()["plain"].match(text)
    if not match or odd_quotes(match[1]) or not is_speaker(match[2]):
        return text
    if not is_whole(match[1]) and not (_patterns()["paper"].search(match[2]) and has_verb(match[1])):
        return text
    return join(match[2], match[3], match[4], match[1], small)


def _move_inverted(text: str, small: frozenset[str]) -> str:
    match = (
        _patterns()["inverted"].match(text)
        or _patterns()["inverted_body"].match(text)
        or _patterns()["inverted_plain"].match(text)
    )
    if not match or odd_quotes(match[1]) or not is_speaker(match[3]) or not is_whole(match[1]):
        return text
    if match[2].startswith("t") or (
        match[2] in listed("verbs", "finding") and not (set(map(bare, WORD.findall(match[3]))) & _finders())
    ):
        # "told CCTV": whom, not who; "found a clue" is no "says a study"
        return text
    return join(match[3], match[2], "", match[1], small)


@lru_cache(maxsize=1)
def _finders() -> frozenset[str]:
    return (
        listed("words", "voices")
        | listed("words", "bodies")
        | listed("words", "roles")
        | listed("saying", "finders")
    )


def _move_wedged(text: str, small: frozenset[str]) -> str:
    """ "The bridge, police said, is shut." -> "Police said the bridge is shut." """
    match = _WEDGED.match(text)
    found = _patterns()["speaker"].match(match["said"]) if match else None
    following = WORD.match(match["rest"]) if match else None
    if not match or not found or not following or not is_finite(following[0]) or sayings(match["rest"]):
        return text
    who, verb = (found[1], found[2]) if found[1] else (found[4], found[3])
    if not is_speaker(who) or bare(who) in ("he", "she", "they", "it", "i", "we") or has_verb(match["head"]):
        return text
    head = match["head"] + ("," if "," in match["head"] else "")
    return join(who, verb, "", f"{head} {match['rest'].rstrip('.')}", small)


def _move_court(text: str, small: frozenset[str]) -> str:
    """ "..., the court heard." """
    match = _patterns()["court"].match(text)
    if not match or odd_quotes(match[1]) or not is_whole(match[1]):
        return text
    return f"{match[2]} {match[3]}{match[4]} that {lower_first(match[1], small=small)}."


def _move_with_office(text: str, small: frozenset[str]) -> str:
    """ "..., said Ann Fox, who leads the council." -> "Ann Fox, who leads the council, said ..." """
    match = _patterns()["inverted_office"].match(text)
    if not match or not is_whole(match[1]) or speaks_of_itself(match[1]):
        return text
    body, verb, who, office, when = match.groups()
    if text.startswith('"') and not REPORTS.match(body):
        body = body[:1].upper() + body[1:]
    return join(f"{who}, {office},", verb, when or "", body, small)


_INFORMED = Rare(
    r"^(?P<told>.{15,400}), (?P<who>(?:(?:the|an?) (?:[\w'-]+ ){1,4}|(?:Parliament|parliament|MPs|councillors|Congress|jurors|magistrates) ))(?P<verb>(?:was|were) (?:informed|told))(?P<when> (?:on|in|at) [^,\";]{3,40})?\.$"
)
_APPOSED_SAYS = Rare(
    rf"^(?P<told>.{{15,400}}), (?P<who>{NAME}, (?:an?|the|his|her|its|their) [^,\"]{{3,70}},|(?:an?|the|his|her|its|their) [^,\"]{{3,60}}, {NAME},) "
    r"(?P<verb>said|says|added|warned|told (?!that)[\w .'-]{2,40}?)(?P<when> (?:on|in|at) [^,\";]{3,40})?\.$"
)
_SAID_SINCE = Rare(
    r"^(?P<told>[^,\"]{15,200}), (?P<who>(?:(?:an?|the) )?[^,\"]{3,50}?) (?P<verb>(?:has |have |had )?(?:said|found|indicated|suggested|shown|revealed|suggests|"
    r"suggest|shows|show|says|say|warned|warn|reported))(?P<when> on \w+day)?, (?P<rest>(?!notwith)[a-z]{3,}ing [^\"]{8,200})\.$"
)


def _move_nobody(text: str, small: frozenset[str]) -> str:
    """
    "It was stolen, it is believed." -> "It is believed that it was stolen."

    So with what the House was told, what a report says, and "sales fell, a survey has found, adding to fears".
    """
    if match := _patterns()["believed"].match(text):
        first = f"It {match['be']} {match['how']} that"
    elif match := _INFORMED.match(text):
        first = f"{capitalise(match['who'])}{match['verb']}{match['when'] or ''} that"
    elif match := _patterns()["says_report"].match(text):
        first = f"{capitalise(match['who'])} {match['verb']}"
    elif match := _APPOSED_SAYS.match(text):
        told = match["told"]
        if odd_quotes(told) or not is_whole(told) or speaks_of_itself(told):
            return text
        return join(match["who"], match["verb"], match["when"] or "", told.strip('"'), small)
    elif (match := _SAID_SINCE.match(text)) and is_speaker(match["who"]):
        whole = f"{match['told']}, {match['rest']}"
        return (
            join(match["who"], match["verb"], match["when"] or "", whole, small) if is_whole(whole) else text
        )
    else:
        return text
    told = match["told"]
    if odd_quotes(told) or not is_whole(told) or speaks_of_itself(told):
        return text
    return f"{first} {lower_first(without_joint(told), small=small)}."


_MOVES = (
    _move_nobody,
    _move_quote,
    _move_according,
    _move_said,
    _move_court,
    _move_inverted,
    _move_with_office,
    _move_wedged,
)
