"""What hangs at the end of a long sentence, a deed, a purpose, a time, is told after it in one of its own."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.grammar import (
    WORD,
    bare,
    is_finite,
    is_main_verb,
    listed,
    one_of,
    says_somebody,
    starts_clause,
    table,
)
from bulletin.script.edits.joints import (
    FEWEST,
    Halves,
    close,
    is_present,
    stands,
)
from bulletin.script.edits.pronouns import is_person
from bulletin.script.edits.subjects import subject
from bulletin.script.rare import Rare, sub
from bulletin.text import count_words

_SINCE = Rare(
    r",? (?P<when>(?:(?:just|only|mere|merely|barely|almost|nearly|less than|more than) )?(?:(?:an?|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|several|a few|\d{1,3}) )?(?:minutes?|hours?|days?|weeks?|months?|years?) (?:after|before)) "
    r"(?P<tail>[^\";]{15,220})\.$"
)
_MIGHT = Rare(r"\b(?:would|could|might|may|should|born)\b")
"""What has not come yet, and what "this came" is not said of."""
_ONE_TIME = Rare(r"(?:minute|hour|day|week|month|year) ")
_APPOSED = Rare(
    r", (?P<article>an? )?(?P<noun>(?:[a-z]+ )?[a-z]{3,}) (?:(?P<link>that|which) (?P<verb>\w+)|(?P<done>\w+ed)(?= by\b)) "
    r"(?P<tail>[^;\"]{12,200})\.$"
)
_FOR_DOING = Rare(
    r" for (?P<tail>(?:(?:allegedly )?[a-z]{2,}ing|(?:the|his|her|their|its|alleged|\w+(?:ful|less|ous|ive|ly|al|ent|ant|ed|ing)) [a-z]{4,}) [^,;\"]{24,200})\.$"
)
_HELD_OPEN = Rare(
    r"\b(?:not|never|no|if|unless|would|could|might|may|should|whether|will)\b|n't\b", re.IGNORECASE
)
_OPENED = Rare(
    r"^(?P<first>[A-Z][a-z]+ing|Unhappy|Angry|Tired|Upset|Worried|Alarmed|Concerned|Fed up|Keen|Eager|[A-Z][a-z]{2,}ed) "
    r"(?P<more>[^,;\"]{20,200}), (?P<news>[^\"]{30,})$"
)
_PURPOSE = Rare(r" (?:in order )?to (?P<verb>[a-z]+) (?=(?P<tail>[^,;\"]{16,180})\.$)")
_AIM_OF_ANOTHER = Rare(
    r" to (?!the\b|an?\b|his\b|her\b|their\b|its\b)[a-z]+ |\bfor (?:[\w'’-]+ ){0,3}[\w'’-]+$"
)
"""One aim after another, of which the second may be the first one's; "a deadline for them to settle"."""
_RESOLVED = Rare(r" (?:decided|agreed|resolved|chosen|promised|offered|pledged) to(?= [a-z]+ (?!to\b))")
_PAID = Rare(r"\b(?:pays?|paid|costs?|spends?|spent) (?:\w+ ){0,6}(?:of )?(?:[£$€]|Rs|\d)")
"""What somebody paid for is not his aim."""


def since_then(text: str) -> Halves | None:
    """ "A is shut, days after B." -> "A is shut." "This comes days after B." """
    match = _SINCE.search(text)
    head = text[: match.start()] if match else ""
    if not match or not stands(head) or count_words(head) < FEWEST or _MIGHT.search(head):
        return None
    if not match[0].startswith(",") and (says_somebody(head) or _ONE_TIME.match(match["when"])):
        # "in the third year after the war" is one time
        return None
    first = bare(WORD.findall(match["tail"])[0])
    if is_finite(WORD.findall(head)[-1]) or starts_clause(match["tail"].partition(", ")[2]):
        return None
    if first in ("that", "which") or first.endswith("ing") or count_words(match["tail"]) < FEWEST - 2:
        return None
    came = "comes" if is_present(head) and "before" not in match["when"] else "came"
    return close(head), f"This {came} {match['when']} {match['tail']}."


def told_of(text: str) -> Halves | None:
    """ "..., claims that have angered Fox." -> "... ." "The claims have angered Fox." """
    match = _APPOSED.search(text)
    head = text[: match.start()] if match else ""
    if not match or not stands(head):
        return None
    noun = match["noun"]
    is_many = noun.endswith("s") and not noun.endswith("ss")
    words, joints = noun.split(), listed("parting", "meeting_point")
    if is_person(words[-1].removesuffix("s")):
        # "three men, neighbours that had known him": the neighbours would be heard as others
        return None
    if bool(match["article"]) == is_many or any(is_finite(w) or w in joints for w in words[:-1]):
        return None
    if (
        words[-1].endswith(("ing", "ly", "ed"))
        or words[0] in ("including", "involving", "regarding", "concerning", "following", "according")
        or words[0] in listed("words", "prepositions") | joints
    ):
        return None
    if match["done"]:
        be = "were" if is_many else "was"
        if re.search(r"\bsince\b", match["tail"]):
            be = "have been" if is_many else "has been"
        return close(head), f"The {noun} {be} {match['done']} {match['tail']}."
    if bare(match["verb"]) not in listed("verbs", "auxiliary") and not is_finite(match["verb"]):
        return None
    return close(head), f"The {noun} {match['verb']} {match['tail']}."


def meant_to(text: str) -> Halves | None:
    """ "They opened a kiosk in the station to offer advice." -> "... in the station." "The aim is to offer advice." """
    for match in reversed(list(_PURPOSE.finditer(text))):
        head = text[: match.start()]
        if says_somebody(head) or not stands(head) or _mindless().search(head) or _UNSURE.search(head):
            continue
        if _is_aim(match, head):
            aim = "The aim was" if not is_present(head) else "The aim is"
            return close(head), f"{aim} to {match['verb']} {match['tail']}."
    return None


def _is_aim(match: re.Match[str], head: str) -> bool:
    """Whether "to" tells what the whole was for, and not what the last word is for, or what came of it."""
    # "has decided to give his pay to a school to help it": the first aim is no longer one
    done = _RESOLVED.sub(" ", head)
    found = [bare(word) for word in WORD.findall(done)]
    verb, tail = match["verb"], match["tail"]
    if verb not in listed("verbs", "purposes") or len(found) < FEWEST + 1:
        return False
    last = found[-1]
    bound = listed("words", "prepositions") | listed("words", "takes_to") | listed("parting", "joins_to")
    if set(found) & listed("verbs", "wanting") or is_finite(last) or last in bound:
        return False
    if any(is_finite(joint[1]) for joint in re.finditer(r"\b(?:and|but) (\w+)", tail)):
        return False
    if re.search(r"(?<!they )(?<!he )\b(?:say|says|said)\b", tail) or _AS_IT_WAS.match(f"{verb} {tail}"):
        return False
    takes = verb == "take" and not tail.startswith(("on ", "part "))
    return not (takes or _AIM_OF_ANOTHER.search(done) or _PAID.search(head))


_UNSURE = Rare(
    r"\b(?:not|never|no|if|unless|would|could|might|may|should|who|which|that|first|last|only|every|any)\b|n't\b"
)
_AS_IT_WAS = Rare(
    r"find (?:that|the|his|her|its|their|it|him|them|himself|herself)\b|become (?:the|one of)\b"
)
""" "came home to find the boat gone", "crossed the line to become the first": what came of it, and no aim."""


_HOW_LONG = Rare(
    r"(?:the|an?|his|her|its|their) (?:whole |entire )?(?:rest|remainder|whole|duration|time|season|length|foreseeable|moment)\b"
)


@lru_cache(maxsize=1)
def _mindless() -> Rare:
    """What has no aims."""
    return Rare(
        rf"^(?:An?|The|Heavy|Strong) (?:[\w-]+ )?(?:{one_of('parting', 'mindless')})\b", re.IGNORECASE
    )


def for_doing(text: str) -> Halves | None:
    """ "A court fined the owner for leaving a door open." -> "A court fined the owner." "This was for leaving a door open." """
    for match in reversed(list(_FOR_DOING.finditer(text))):
        head, tail = text[: match.start()], match["tail"]
        found = [bare(word) for word in WORD.findall(head)]
        alleged = tail.startswith("allegedly ")
        if (
            not (alleged or set(found) & listed("verbs", "judging"))
            or says_somebody(head)
            or not stands(head)
        ):
            continue
        if count_words(head) < FEWEST + 1 or found[-1] in listed("words", "prepositions") | {
            "responsible",
            "known",
        }:
            continue
        if any(
            is_main_verb(joint[1]) for joint in re.finditer(r"\b(?:and|but) (?!\w+ed \w+ing\b)(\w+)", tail)
        ):
            continue
        if tail.startswith(
            ("the first", "the next", "the last", "the second", "questioning")
        ) or _HOW_LONG.match(tail):
            continue
        if _HELD_OPEN.search(head) or re.search(
            r"\b(?:who|which|that|after|over|(?:accused|convicted) of)\b", head
        ):
            continue
        return close(head), f"{'This is' if is_present(head) else 'This was'} for {tail}."
    return None


def opened_by(text: str) -> Halves | None:
    """ "Tired of waiting for the council, residents paid." -> "Residents paid." "They were tired of waiting for ..." """
    match = _OPENED.match(text)
    news = match["news"] if match else ""
    if not match or not starts_clause(news) or bare(match["first"]) in listed("words", "no_deeds"):
        return None
    who = _again(news)
    if not who or _has_deed(match["more"]) or count_words(news) < FEWEST + 4:
        # "Feeding the ducks can harm them, the council said": the opening is the subject
        return None
    if re.search(r"\b(?:it|its|he|she|his|her|they|their|them)\b", match["more"]):
        return None
    if is_finite(match["first"]) and not re.match(r"(?:by|in|at|on|with|from|over|of)\b", match["more"]):
        return None
    is_many = who == "They"
    if said := {**table()["deeds"], **table()["pasts"]}.get(match["first"].casefold()):
        # "Calling it a test, the ministry said": "called", not "was calling"
        past = f"{who} {said} {match['more']}."
        return None if is_present(news) else (news[:1].upper() + news[1:], past)
    be = ("are" if is_many else "is") if is_present(news) else ("were" if is_many else "was")
    return news[:1].upper() + news[1:], f"{who} {be} {match['first'].casefold()} {match['more']}."


def _has_deed(opening: str) -> bool:
    """Whether a verb stands in it; "to cut the cost" holds none that is finite."""
    found = WORD.findall(opening)
    small = listed("words", "prepositions") | listed("words", "determiners") | {"to", "of"}
    return any(
        is_main_verb(word) and bare(before) not in small
        for before, word in zip(("", *found), found, strict=False)
    )


def _again(news: str) -> str:
    """Who the news is about, the second time: "They" for several, a name for one; nothing where it is not clear."""
    who = subject(news)
    if not who or bare(news.split(" ", 1)[0]) in ("he", "she", "it", "they"):
        return ""
    last = bare(who.split()[-1])
    is_many = (last.endswith("s") and not last.endswith(("ss", "us", "is"))) or last in (
        "people",
        "men",
        "women",
    )
    return "They" if is_many and not who.split()[-1][0].isupper() else who


def after_that(text: str) -> Halves | None:
    """ "Amid growing anger over fares, the council met." -> "The council met." "This came amid growing anger ..." """
    match = _opening().match(text)
    if not match or not starts_clause(match["news"]) or not _is_thing(match["cause"]):
        return None
    if _LASTING.match(match["cause"]):
        # "After years in a drawer": how long it lay there
        return None
    first = bare(match["news"].split(" ", 1)[0])
    if first in listed("words", "back_pointing") or bare(match["cause"].split(" ", 1)[0]).endswith("ing"):
        return None
    if (
        re.search(r"\b(?:it|they|he|she|its|their|his|her|that|this)\b", match["cause"])
        or count_words(match["cause"]) < 4
    ):
        return None
    now, then = table()["comes"][match["link"].casefold()]
    news = match["news"]
    return news[:1].upper() + news[1:], f"{now if is_present(news) else then} {match['cause']}."


_LASTING = Rare(r"(?:[a-z]+ )?(?:minutes|hours|days|weeks|months|years|decades|centuries) (?!of\b)")


def _is_thing(cause: str) -> bool:
    """No clause; "a heightened threat" holds no verb."""
    plain = sub(r"^((?:an?|the|more|new|\w+ing) )\w+ed (?=[a-z])", r"\1", cause)
    return not starts_clause(plain)


@lru_cache(maxsize=1)
def _opening() -> Rare:
    return Rare(
        r"^(?P<link>After|Following|Amid|Despite) (?P<cause>(?!all\b)[^,\"]{20,140}), (?P<news>.{30,})$"
    )
