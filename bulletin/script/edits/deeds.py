"""What a subject, or the whole of what was told, did besides: ", killing ...", ", causing ...", "while rejecting ..."; pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.causes import is_open
from bulletin.script.edits.grammar import listed, one_of, says_somebody, starts_clause, table
from bulletin.script.edits.joints import FEWEST, Halves, close, has_two_clauses, keeps_doubt, stands
from bulletin.script.edits.subjects import subject
from bulletin.script.rare import Rare
from bulletin.text import count_words

_JOINED = Rare(r",? (?:and|but|so|while|as|because|when) ")
_PASSIVE = Rare(
    r"\b(?:is|are|was|were|been|being|be) (?:\w+ly )?(?:\w+ed|held|made|given|told|sent|found|hit|shot)\b"
)
_SECOND = Rare(r"\b(?P<joint>and|or|but|while|,) (?P<verb>[a-z]{2,}ing)\b(?! (?:and|or|of|in|to|for)\b)")
"""A further deed in the tail, in the form of the first."""
_OF_DOING = Rare(r"\b(?:of|for|by|from|in|without|against|about|with|after|before) (?:[\w'’-]+ )?\w{2,}ing\b")
_PARTED = Rare(r"[.;]| (?:who|which|that|where|when) ")


def did_then(text: str) -> Halves | None:
    """ "Farmers marched through town, demanding more." -> "... through town." "The farmers demanded more." """
    for match in reversed(list(_deeds().finditer(text))):
        head, tail = text[: match.start()], in_past(match["tail"])
        who = subject(head)
        speaks = match["verb"] in listed("parting", "spoken_deeds") and match[0].startswith(", ")
        if not who or not tail or not stands(head) or _PASSIVE.search(head):
            continue
        if says_somebody(head) and not (speaks and _speaks_first(head)):
            continue
        if has_two_clauses(head) or not keeps_doubt(head, tail):
            continue
        if any(starts_clause(head[joint.end() :]) for joint in _JOINED.finditer(head)):
            # the last deed has another subject
            continue
        if count_words(head) < FEWEST or count_words(tail) < FEWEST - 2:
            continue
        return close(head), f"{who} {table()['deeds'][match['verb']]} {tail}."
    return None


@lru_cache(maxsize=1)
def _deeds() -> Rare:
    verbs = "|".join(sorted(table()["deeds"], key=len, reverse=True))
    # without a comma only after a day or an hour: "a campaign asking farmers" is no deed of the subject's
    return Rare(
        rf"(?:, (?:and )?| by |(?<=day) |(?<=morning) |(?<=night) |(?<=afternoon) )(?P<verb>{verbs}) (?P<tail>(?!that\b)[^;\"]{{10,220}})\.$"
    )


def _speaks_first(head: str) -> bool:
    """Whether the subject itself says something, so that what it says besides is its own: "The court said ...", "Fox has said"."""
    said = _SAYS.match(head)
    return bool(said) and not _JOINED.search(head)


_SAYS = Rare(
    r"^(?:[A-Z][\w'’-]*|[^,\"]{2,70}?) (?:on \w+day )?(?:has |had )?(?:said|says|announced|claimed|added|told [^,]{2,40}) "
)


def in_past(tail: str) -> str:
    """ "nine people and wounding five" -> "nine people and wounded five"; nothing where a verb's past is not known."""
    pasts = {**table()["deeds"], **table()["effects"], **table()["pasts"]}
    end = _PARTED.search(tail)
    own, rest = (tail[: end.start()], tail[end.start() :]) if end else (tail, "")
    second = _SECOND.search(own)
    if second is None or _OF_DOING.search(own[: second.start()]):
        # "of sending letters and harassing ferrymen"
        return tail
    if any(match["verb"] not in pasts for match in _SECOND.finditer(own)):
        return ""
    return _SECOND.sub(lambda match: f"{match['joint']} {pasts[match['verb']]}", own) + rest


def effect(text: str) -> Halves | None:
    """ "A tyre burst, forcing the airport to shut." -> "A tyre burst." "This forced the airport to shut." """
    for match in reversed(list(_effects().finditer(text))):
        head, tail = text[: match.start()], in_past(match["tail"])
        did = match["did"] or table()["effects"][match["verb"]]
        if tail and stands(head) and not says_somebody(head) and not is_open(head):
            return close(head), f"This {did} {tail}."
    return None


@lru_cache(maxsize=1)
def _effects() -> Rare:
    verbs = "|".join(sorted(table()["effects"], key=len, reverse=True))
    pasts = "|".join(sorted(map(str, table()["effects"].values()), key=len, reverse=True))
    return Rare(rf", (?:(?P<verb>{verbs})|which (?P<did>{pasts})) (?P<tail>[^;\"]{{12,220}})\.$")


def while_doing(text: str) -> Halves | None:
    """ "The court jailed Fox while rejecting his plea." -> "The court jailed Fox." "The court also rejected his plea." """
    for match in reversed(list(_whiles().finditer(text))):
        head, tail = text[: match.start()], in_past(match["tail"])
        who = subject(head)
        if not who or not tail or not stands(head) or not keeps_doubt(head, tail) or _PASSIVE.search(head):
            continue
        if says_somebody(head) and not _speaks_first(head):
            continue
        if (
            re.search(r"\b(?:that|who|which)\b", head)
            or min(count_words(head), count_words(tail)) < FEWEST - 1
        ):
            continue
        return close(head), f"{who} also {table()['deeds'][match['verb']]} {tail}."
    return None


@lru_cache(maxsize=1)
def _whiles() -> Rare:
    verbs = one_of("parting", "spoken_deeds")
    return Rare(rf",? while (?:also )?(?P<verb>{verbs}) (?P<tail>(?!that\b)[^;\"]{{16,220}})\.$")
