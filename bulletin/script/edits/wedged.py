"""What is wedged into a long sentence, who leads a group, under which rules, is told after it."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.script.edits.causes import is_open
from bulletin.script.edits.grammar import (
    WORD,
    bare,
    capitalise,
    has_verb,
    is_finite,
    listed,
    one_of,
    says_somebody,
    starts_clause,
    table,
)
from bulletin.script.edits.joints import FEWEST, Halves, close, held_back, is_present, stands
from bulletin.script.edits.subjects import is_several, subject
from bulletin.script.rare import Rare
from bulletin.text import count_words

_LED_BY = Rare(
    r"^(?P<who>(?:The|An?|Some|Several|Two|Three|Four|Five|Six|[A-Z][\w'’-]+) [^,\"]{2,70}), (?P<done>[a-z]{2,}(?:ed|en|own)|led|held|built|run|found|made|set|born) "
    r"(?P<how>(?:by|in|at|from|with|as|on|for|to) [^,;\"]{6,160}), (?P<rest>[^\"]{20,})$"
)
_IN_WHICH = Rare(
    r"(?P<thing>\b(?:an?|one) (?:[\w-]+ ){0,2}?(?P<noun>[a-z-]{3,})),? (?P<link>in|under|during|at|through|on|after|before) which (?P<tail>[^;\"]{16,200})\.$"
)
_ASSERTING = Rare(r"^(?P<verb>[A-Z][a-z]+ing) that (?P<told>[^\"]{20,200}?), (?P<news>[^\"]{20,})$")
_SAID = Rare(
    r"^(?P<who>[^,\"]{2,70}?),? (?P<verb>said|says|added|announced|warned|claimed|alleged|promised|demanded|asked|urged|criticised|blamed|argued|insisted)\b"
)


def led_by(text: str) -> Halves | None:
    """ "The walkers, led by a piper, crossed the moor." -> "The walkers crossed the moor." "They were led by a piper." """
    match = _LED_BY.match(text)
    following = WORD.findall(match["rest"])[:4] if match else []
    if not match or not following or has_verb(match["who"]):
        return None
    if (
        not any(map(is_finite, following))
        or starts_clause(match["rest"])
        or bare(following[0]) in ("and", "or")
    ):
        return None
    if count_words(match["how"]) < FEWEST - 2 or any(map(is_finite, WORD.findall(match["how"]))):
        return None
    whole = f"{match['who']} {match['rest']}"
    who = subject(whole)
    if not who or says_somebody(match["how"]) or not stands(whole):
        return None
    is_many = who == "They" or is_several(match["who"].split(" of ", 1)[0])
    again = "They" if is_many else who
    lasts = match["done"] in listed("parting", "lasting")
    if lasts and not is_present(whole):
        # "The firm, owned by a family, closed": it still may be
        return None
    be = ("are" if is_many else "is") if lasts else ("were" if is_many else "was")
    return whole, f"{again} {be} {match['done']} {match['how']}."


def in_which(text: str) -> Halves | None:
    """ "... has a scheme under which pupils ride free." -> "... has a scheme." "Under this scheme, pupils ride free." """
    for match in reversed(list(_IN_WHICH.finditer(text))):
        head = text[: match.end("thing")]
        if not stands(head) or says_somebody(head) or is_open(head) or not starts_clause(match["tail"]):
            continue
        if match["noun"] in listed("words", "times") or bare(match["noun"]) in ("way", "manner", "extent"):
            continue
        this = f"{match['link'].capitalize()} this {held_back(match['thing'])}{match['noun']}"
        return close(head), f"{this}, {match['tail']}."
    return None


def accused_as_well(text: str) -> Halves | None:
    """ "... held five men suspected of stealing bells." -> "... held five men." "They are suspected of stealing bells." """
    for match in reversed(list(_suspected().finditer(text))):
        head = text[: match.end("thing")]
        if not stands(head) or says_somebody(head) or is_open(head) or count_words(match["tail"]) < 3:
            continue
        if _frees().search(head) or (is_several(match["noun"]) and not match["many"]):
            # who is cleared is no longer accused; "one of three men"
            continue
        past = match["what"].startswith("convicted")
        if match["many"]:
            again = "They were" if past else "They are"
        else:
            again = f"The {match['noun']} {'was' if past else 'is'}"
        return close(head), f"{again} {match['what']} {match['tail']}."
    return None


def asked_in(text: str) -> Halves | None:
    """ "... will hear a plea seeking a ban." -> "... will hear a plea." "The plea seeks a ban." """
    for match in reversed(list(_asking().finditer(text))):
        head = text[: match.start("verb")].rstrip()
        if not stands(head) or says_somebody(head) or is_open(_WILL.sub("", head)):
            continue
        if count_words(match["tail"]) < FEWEST - 2 or _ON_DAY.search(match["tail"]):
            # "will hear a plea seeking a ban on Monday": it will hear it then
            continue
        if any(is_finite(joint[1]) for joint in re.finditer(r"\b(?:and|but) (\w+)", match["tail"])):
            continue
        now, then = table()["asks"][match["verb"]]
        is_held = match["noun"] in listed("parting", "gatherings")
        who = subject(head) if is_held else f"The {match['noun']}"
        if not who:
            continue
        if who == "They":
            # "They asks"
            now = now.removesuffix("s")
        return close(head), f"{who} {now if is_present(head) else then} {match['tail']}."
    return None


_WILL = Rare(r"\bwill\b(?! not)")
_ON_DAY = Rare(r" on \w+day(?: (?:morning|afternoon|evening|night))?$")


@lru_cache(maxsize=1)
def _frees() -> Rare:
    return Rare(rf"\b(?:{one_of('parting', 'frees')})\b")


@lru_cache(maxsize=1)
def _suspected() -> Rare:
    many = r"(?P<many>two|three|four|five|six|seven|eight|nine|ten|several|\d{1,3})"
    noun = rf"(?P<noun>(?:{one_of('people', 'suspects')}|[a-z]{{3,}}(?:er|or|ers|ors)))"
    return Rare(
        rf"(?P<thing>\b(?:an?|one|{many}) (?:[\w-]+ ){{0,3}}?{noun})"
        r" (?P<what>(?:suspected|accused|convicted) of|charged with|wanted (?:for|over)|believed to) (?P<tail>[^;\"]{12,200})\.$"
    )


@lru_cache(maxsize=1)
def _asking() -> Rare:
    return Rare(
        rf"\b(?:an?|the|another) (?:[\w-]+ ){{0,2}}?(?P<noun>{one_of('words', 'askings')})(?: (?:in|at|on|across|near|outside|before) (?!which|whom)[^,;\"]{{3,50}}?)? (?P<verb>{'|'.join(table()['asks'])}) "
        r"(?P<tail>(?!that\b)[^;\"]{12,220})\.$"
    )


def asserted_first(text: str) -> Halves | None:
    """ "Stating that A, the mayor said B." -> "The mayor stated that A." "The mayor also said B." """
    match = _ASSERTING.match(text)
    said = _SAID.match(match["news"]) if match else None
    pasts = table()["pasts"]
    if (
        not match
        or not said
        or match["verb"].casefold() not in pasts
        or not starts_clause(capitalise(match["told"]))
    ):
        return None
    if starts_clause(match["told"].rpartition(", ")[2]) and ", " in match["told"]:
        # which comma closes it is not clear
        return None
    who = said["who"]
    if has_verb(who):
        return None
    again = subject(f"{who} said it.") or who
    verb = pasts[match["verb"].casefold()]
    rest = match["news"][said.end("who") :].lstrip(", ")
    return (
        f"{who[:1].upper()}{who[1:]} {verb} that {match['told']}.",
        f"{again} also {rest}",
    )
