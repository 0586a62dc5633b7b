"""True script -> false scripts, each with one false statement of a known kind, to measure a guard."""

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
        digits = [index for index, char in enumerate(number) if char.isdigit()]
        index = rng.choice(digits)
        new = rng.choice([d for d in "123456789" if d != number[index]])
        return number[:index] + new + number[index + 1 :]

    return _at_random(script, rng, _NUMBER, lambda match: changed(match[0]))


def put_foreign_name(script: Script, rng: random.Random, other: Script) -> Script | None:
    """A name from another article replaces one of the script's names."""
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
    index = rng.randrange(len(script) + 1)
    return (*script[:index], rng.choice(other), *script[index:])


def insert_not(script: Script, rng: random.Random, other: Script) -> Script | None:
    """A "not" after an auxiliary verb."""
    return _at_random(script, rng, _VERB, lambda match: f"{match[0]} not")


def drop_not(script: Script, rng: random.Random, other: Script) -> Script | None:
    """A "not" is gone."""
    return _at_random(script, rng, _NOT, lambda match: "")


def swap_names(script: Script, rng: random.Random, other: Script) -> Script | None:
    """Two names of one sentence in each other's place; "A and B" is not changed into "B and A"."""
    pairs: list[tuple[int, re.Match[str], re.Match[str]]] = []
    for index, text in enumerate(script):
        matches = [m for m in _NAME.finditer(text) if m[0] in set(_names(text))]
        for number, first in enumerate(matches):
            for second in matches[number + 1 :]:
                between = text[first.end() : second.start()]
                shared = set(re.findall(r"\w+", first[0])) & set(re.findall(r"\w+", second[0]))
                if not shared and not _LISTED.fullmatch(between):
                    pairs.append((index, first, second))
    if not pairs:
        return None
    index, first, second = rng.choice(pairs)
    text = script[index]
    a, b = first[0].removesuffix("'s"), second[0].removesuffix("'s")
    new = (
        text[: first.start()]
        + b
        + text[first.start() + len(a) : second.start()]
        + a
        + text[second.start() + len(b) :]
    )
    return (*script[:index], new, *script[index + 1 :])


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
    names = []
    for match in _NAME.finditer(text):
        first = re.split(r"[ -]", match[0])[0]
        if first not in _NO_NAMES and (match.start() > 0 or " " in match[0]):
            names.append(match[0])
    return names


def _at_random(
    script: Script,
    rng: random.Random,
    pattern: re.Pattern[str],
    new: Callable[[re.Match[str]], str],
    *,
    only: Sequence[str] | set[str] | None = None,
) -> Script | None:
    matches = [
        (index, match)
        for index, text in enumerate(script)
        for match in pattern.finditer(text)
        if only is None or match[0] in only
    ]
    if not matches:
        return None
    index, match = rng.choice(matches)
    text = script[index]
    tail = "'s" if only is not None and match[0].endswith("'s") else ""
    return (
        *script[:index],
        text[: match.start()] + new(match) + tail + text[match.end() :],
        *script[index + 1 :],
    )
