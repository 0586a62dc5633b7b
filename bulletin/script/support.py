"""Is it true? Every number, name and negation of a sentence must stand in the sentences it came from; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bulletin.script.edits.days import DAY_NAMES
from bulletin.script.edits.grammar import listed, table
from bulletin.script.negations import find_moved_negations
from bulletin.text import words

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NAME = re.compile(r"(?<!\w)[A-Z][\w'’-]*")
_NEGATION = re.compile(
    r"\b(?:not|no|never|nobody|none|nothing|neither|nor|without|cannot|unlikely)\b|n't\b", re.IGNORECASE
)
_INSIDE = re.compile(r"[-.,:']")
_SMALL = {
    word: str(value)
    for value, word in enumerate(
        (
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        )
    )
}  # fmt: skip
_TENS = {
    word: value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}


_SCALES = {
    "hundred": "hundred", "thousand": "thousand", "k": "thousand", "million": "million", "m": "million", "mn": "million",
    "billion": "billion", "bn": "billion", "trillion": "trillion", "tn": "trillion", "lakh": "lakh", "crore": "crore",
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(?P<number>(?<![\w.,])\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join([*_TENS, *sorted(_SMALL, key=len, reverse=True)])})(?:-[a-z]+)?\b)"
    rf"(?:[ -]?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b)?(?: ?-?(?P<percent>%|per ?cent\b))?",
    re.IGNORECASE,
)


def find_unsupported(text: str, origins: Sequence[str], *, days: Iterable[str] = ()) -> tuple[str, ...]:
    """
    Numbers, names and negations of `text` that stand in none of its origins.

    `days` are weekdays that were reckoned from the article's own date. A number may be written in words on
    one side and in figures on the other.
    """
    source = " ".join(origins)
    allowed = {day.casefold() for day in days}
    known, numbers = _facts_of(source)
    told = numbers_in(text)
    lost = [number for number in told if number not in numbers]
    if told or "-" in text or "one" in text.casefold():
        # else there is no amount in it: "one" is no number without its scale, and "mid-twenty" no word by itself
        lost += [
            one.shown
            for one in amounts_in(text)
            if (one.number == "1" or one.number in numbers) and not any(map(one.is_same, _amounts_of(source)))
        ]
    lost += [name for name in names_in(text) if not _is_known(name, known) and _bare(name) not in allowed]
    denied = len(_NEGATION.findall(source.replace("’", "'")))
    if len(_NEGATION.findall(text)) > denied:
        lost.append("not")
    elif denied:
        lost += ["not"] * bool(find_moved_negations(text, origins))
    return tuple(dict.fromkeys(lost))


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number with what makes it large, or a share."""

    shown: str
    number: str
    scale: str
    """ "million" for "5m" too; "rest" for the five of "two hundred and five"."""
    is_percent: bool
    is_money: bool

    def is_same(self, other: Amount) -> bool:
        """Whether `other` says as much; what the letter m after a figure means is left open."""
        scales = {self.scale, other.scale}
        is_letter = "m" in (self.shown[-1], other.shown[-1]) and not (self.is_money or other.is_money)
        same = len(scales) == 1 or (scales == {"million", ""} and is_letter)
        return self.number == other.number and self.is_percent == other.is_percent and same


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Every number to which a scale or a "per cent" belongs, and every other as it is."""
    found: list[Amount] = []
    end = -1
    for match in _AMOUNT.finditer(text):
        digits = numbers_in(match["number"]) or (["1"] if match["scale"] else [])
        if digits:
            scale = _SCALES.get((match["scale"] or "").casefold(), "")
            follows = text[end : match.start()] in (" and ", " ") if end > 0 else False
            if follows and not scale and found[-1].scale in ("hundred", "thousand"):
                scale = "rest"
            end = match.end()
            found.append(
                Amount(
                    shown=match[0],
                    number=digits[0],
                    scale=scale,
                    is_percent=match["percent"] is not None,
                    is_money=text[match.start() - 1 : match.start()] in tuple("£$€"),
                )
            )
    return tuple(found)


@lru_cache(maxsize=64)
def _amounts_of(source: str) -> tuple[Amount, ...]:
    return amounts_in(source)


@lru_cache(maxsize=64)
def _facts_of(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a source, in small letters, and its numbers; asked for each sentence that came from it."""
    known = frozenset[str]().union(*map(_parts, words(source)))
    return known, frozenset(numbers_in(source))


def numbers_in(text: str) -> list[str]:
    """Figures, and numbers to ninety-nine in words, all as figures: "twenty-seven" and "1,200" -> "27", "1200"."""
    found = [number.replace(",", "").rstrip(".") for number in _NUMBER.findall(text)]
    for word in re.findall(r"[a-z]+(?:-[a-z]+)*", text.casefold()):
        if "-" not in word and word not in _TENS and word not in _SMALL:
            continue
        first, _, rest = word.partition("-")
        second = rest.partition("-")[0]
        if first in _TENS:
            found.append(str(_TENS[first] * 10 + int(_SMALL.get(second, "0"))))
        elif first in _SMALL and first != "one":
            found.append(_SMALL[first])
    return found


def names_in(text: str) -> list[str]:
    """Words with a capital, but for those that only open the sentence."""
    found = []
    for number, match in enumerate(_NAME.finditer(text)):
        low = _bare(match[0])
        if match[0] in DAY_NAMES:
            found.append(match[0])
            continue
        opens = number == 0 and match.start() == 0
        if (
            low not in _common_words()
            and not (opens and _is_plain_opening(low))
            and not _is_spelt_number(low)
        ):
            found.append(match[0])
    return found


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Words that are no name, whatever letter they begin with."""
    lists = ("not_names", "prepositions", "determiners", "pronouns")
    return frozenset().union(*(listed("words", name) for name in lists))


def weekdays_named(text: str) -> tuple[str, ...]:
    return tuple(day for day in DAY_NAMES if day in text)


def _is_plain_opening(low: str) -> bool:
    """Whether a word that opens a sentence is an ordinary one: anything in the edits' own tables."""
    # "As per" is told as "According to"
    return low in _plain_words() or low == "according"


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    """What may open any sentence, and what the words of print are said as."""
    said = frozenset(
        word for said in (table()["plain"] | table()["reworded"]).values() for word in str(said).split()
    )
    return said | listed("connectives", "light") | listed("words", "back_pointing")


def _is_spelt_number(low: str) -> bool:
    first = low.partition("-")[0]
    return first in _TENS or first in _SMALL


@lru_cache(maxsize=16_384)
def _parts(word: str) -> frozenset[str]:
    low = word.casefold().replace("’", "'")
    bare = low.removesuffix("'s").removesuffix("'")
    return frozenset((low, bare, *_INSIDE.split(bare)))


def _bare(name: str) -> str:
    return name.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")


def _is_known(name: str, known: frozenset[str]) -> bool:
    low = _bare(name)
    return low in known or all(part in known for part in low.split("-")) or f"{low}s" in known
