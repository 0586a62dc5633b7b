"""True scripts -> false ones, each with one lie of a known kind: what a guard is measured with."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Script = tuple[str, ...]
"""The sentences of one story."""

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?")
_NAME = re.compile(r"\b[A-Z][a-z'’]+(?:[ -][A-Z][a-z'’]+)*(?:'s)?\b")
_NO_NAMES = frozenset(
    (
        "The A An He She It They We I In On At For From With After Before As When While If But And So Or Not Mr Mrs Ms Dr "
        "This That These Those There His Her Their Its Police Officials About More Some Most One Two Three Four Five Six "
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
        "September October November December According By Since During Under All Both Each Many No People"
    ).split()
)
_VERB = re.compile(
    r"\b(is|are|was|were|will|would|has|have|had|can|could|should|may|might|must)\b(?! not\b|n't)"
)
_LISTED = re.compile(r"(?:[\s,&]|'s|\b(?:and|or|the|of|in)\b|\b[A-Z][\w'’-]*)*")
"""Between two names of one list, or of one name: to swap them is no lie."""
_DONE = re.compile(
    r"\b(has|have|had|was|were|been|be) (?!(?:said|told|added|called|allowed|used|named|based|involved|provided|asked|described)\b)(\w{3,}ed)\b"
)
_NOT = re.compile(r" (?:not|never)\b|n't\b")


def change_number(script: Script, rng: random.Random, other: Script) -> Script | None:
    """One figure is another."""

    def changed(number: str) -> str:
        digits = [place for place, char in enumerate(number) if char.isdigit()]
        place = rng.choice(digits)
        new = rng.choice([d for d in "123456789" if d != number[place]])
        return number[:place] + new + number[place + 1 :]

    return _at_random(script, rng, _NUMBER, lambda match: changed(match[0]))


def put_foreign_name(script: Script, rng: random.Random, other: Script) -> Script | None:
    """A name out of another article in place of one of its own."""
    own = {name for text in script for name in _names(text)}
    foreign = [name for text in other for name in _names(text) if name not in own]
    if not foreign:
        return None
    name = rng.choice(foreign).removesuffix("'s")
    return _at_random(script, rng, _NAME, lambda match: name, only=own)


def add_foreign_sentence(script: Script, rng: random.Random, other: Script) -> Script | None:
    """A sentence out of another article."""
    if not other:
        return None
    place = rng.randrange(len(script) + 1)
    return (*script[:place], rng.choice(other), *script[place:])


def insert_not(script: Script, rng: random.Random, other: Script) -> Script | None:
    """A "not" after an auxiliary verb."""
    return _at_random(script, rng, _VERB, lambda match: f"{match[0]} not")


def drop_not(script: Script, rng: random.Random, other: Script) -> Script | None:
    """A "not" is gone."""
    return _at_random(script, rng, _NOT, lambda match: "")


def swap_names(script: Script, rng: random.Random, other: Script) -> Script | None:
    """Two names of one sentence in each other's place; "A and B" is not changed into "B and A"."""
    found: list[tuple[int, re.Match[str], re.Match[str]]] = []
    for place, text in enumerate(script):
        matches = [m for m in _NAME.finditer(text) if m[0] in set(_names(text))]
        for number, one in enumerate(matches):
            for two in matches[number + 1 :]:
                between = text[one.end() : two.start()]
                shared = set(re.findall(r"\w+", one[0])) & set(re.findall(r"\w+", two[0]))
                if not shared and not _LISTED.fullmatch(between):
                    found.append((place, one, two))
    if not found:
        return None
    place, one, two = rng.choice(found)
    text = script[place]
    a, b = one[0].removesuffix("'s"), two[0].removesuffix("'s")
    new = (
        text[: one.start()] + b + text[one.start() + len(a) : two.start()] + a + text[two.start() + len(b) :]
    )
    return (*script[:place], new, *script[place + 1 :])


def put_foreign_verb(script: Script, rng: random.Random, other: Script) -> Script | None:
    """Something else happens: a participle out of another article."""
    foreign = [match[2] for text in other for match in _DONE.finditer(text)]
    own = {match[2] for text in script for match in _DONE.finditer(text)}
    new = [verb for verb in foreign if verb not in own]
    if not new:
        return None
    verb = rng.choice(new)
    return _at_random(script, rng, _DONE, lambda match: f"{match[1]} {verb}")


LIES: dict[str, Callable[[Script, random.Random, Script], Script | None]] = {
    "number changed": change_number,
    "foreign name": put_foreign_name,
    "foreign sentence": add_foreign_sentence,
    "foreign verb": put_foreign_verb,
    "not inserted": insert_not,
    "not dropped": drop_not,
    "names swapped": swap_names,
}


def _names(text: str) -> list[str]:
    """Capitalised words that are surely names: not the sentence's first word alone."""
    found = []
    for match in _NAME.finditer(text):
        first = re.split(r"[ -]", match[0])[0]
        if first not in _NO_NAMES and (match.start() > 0 or " " in match[0]):
            found.append(match[0])
    return found


def _at_random(
    script: Script,
    rng: random.Random,
    pattern: re.Pattern[str],
    new: Callable[[re.Match[str]], str],
    *,
    only: Sequence[str] | set[str] | None = None,
) -> Script | None:
    found = [
        (place, match)
        for place, text in enumerate(script)
        for match in pattern.finditer(text)
        if only is None or match[0] in only
    ]
    if not found:
        return None
    place, match = rng.choice(found)
    text = script[place]
    tail = "'s" if only is not None and match[0].endswith("'s") else ""
    return (
        *script[:place],
        text[: match.start()] + new(match) + tail + text[match.end() :],
        *script[place + 1 :],
    )
