"""Sentence -> tuple[Figure, ...]: numbers as newspapers write them, with amount, unit and counted noun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bulletin.rewriter.guard.tokenize_sentence import (
    ONES,
    ORDINALS,
    SCALES,
    TENS,
    UNITS,
    TokenKind,
    guarded,
    read_tokens,
)

_FIGURE = re.compile(
    r"(?P<sign>[£$€])?\s?(?P<value>\d[\d,]*(?:\.\d+)?)(?:(?:st|nd|rd|th)\b)?"
    r"|(?P<word>\b(?:[a-z]+-)?[a-z]+\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s?-?(?P<scale>hundred|thousand|million|billion|trillion|lakh|crore|mln|mn|bn|tn|m|k)?\b"
    r"\s?-?(?P<unit>%|per cent|percent(?:age)?|pounds?|dollars?|euros?|pence|p)?(?![^\W\d_])",
    re.IGNORECASE,
)
_REST = re.compile(r"\s(?:and\s)?((?:[a-z]+-)?[a-z]+)\b", re.IGNORECASE)
_AT_LEAST = re.compile(
    r"\b(?:more than|over|above|at least|no fewer than|no less than|upwards of)\s+[£$€]?$", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"\b(?:fewer than|less than|under|below|at most|no more than|up to|nearly|almost)\s+[£$€]?$",
    re.IGNORECASE,
)
_VAGUE = guarded("vague")

NEAR = 4
"""Words on either side of a number that are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number in a sentence."""

    shown: str
    """As written, for a remark."""
    amounts: frozenset[Decimal]
    """Possible amounts: "5m" is five million, or five metres."""
    unit: str
    counted: str
    """Stem of the counted noun: the first content word after the number."""
    around: frozenset[str]
    """Stems of the words nearby."""
    bound: str = ""
    """A bound by the words before it: "at least", "at most" or none."""


def find_wrong_figures(sentence: str, origins: Sequence[str], *, small: frozenset[str]) -> tuple[str, ...]:
    """
    Find numbers of a sentence that its origins lack, or have for another noun.

    Amount and unit must be the same, and no other number may count the same noun there.
    """
    known = [figure for origin in origins for figure in read_figures(origin, small=small)]
    wrong = []
    for figure in read_figures(sentence, small=small):
        same = [other for other in known if _is_same(figure, other)]
        if not same:
            wrong.append(f'the number "{figure.shown}" is not in the source')
        elif not any(_agrees(figure, other) for other in same) and _counts_elsewhere(figure, same, known):
            wrong.append(f'"{figure.shown}" counts something else in the source')
        elif figure.bound and all(other.bound and other.bound != figure.bound for other in same):
            wrong.append(f'"{figure.shown}" is not {figure.bound} that in the source')
    ours, theirs = (set(re.findall(r"[a-z]+", text.casefold())) for text in (sentence, " ".join(origins)))
    wrong += [f'"{word}" is not in the source' for word in sorted((ours - theirs) & _VAGUE)]
    return tuple(wrong)


def read_figures(sentence: str, *, small: frozenset[str]) -> Iterator[Figure]:
    """Read every number, in digits or in words, but for a bare "one"."""
    text = sentence.replace("’", "'")
    at = 0
    while match := _FIGURE.search(text, at):
        at = match.end()
        digits = match["value"]
        value = Decimal(digits.replace(",", "")) if digits else _spelt(match["word"].casefold())
        if value is None:
            continue
        after = _AFTER.match(text, at)
        scale = (after["scale"] or "").casefold() if after else ""
        unit = (after["unit"] or "").casefold() if after else ""
        while after and scale in ("hundred", "thousand") and (next_up := _AFTER.match(text, after.end())):
            # "two hundred thousand pounds": one scale after the other
            if not next_up["scale"]:
                break
            value, after = value * SCALES[scale], next_up
            scale, unit = next_up["scale"].casefold(), (next_up["unit"] or "").casefold()
        if match["word"] and match["word"].casefold() in ("one", "second") and not scale:
            continue
        end = after.end() if after and (scale or unit) else at
        if scale and match["word"] and (rest := _REST.match(text, end)):
            # "two hundred and five"
            more = _spelt(rest[1].casefold())
            if more is not None and more < SCALES[scale]:
                value, scale, end = value * SCALES[scale] + more, "", rest.end()
        at = end
        yield _figure(text, match, value, scale=scale, unit=unit, end=end, small=small)


def _figure(
    text: str, match: re.Match[str], value: Decimal, *, scale: str, unit: str, end: int, small: frozenset[str]
) -> Figure:
    before, rest = text[: match.start()], text[end:]
    near = before[-24:]
    return Figure(
        shown=text[match.start() : end].strip(),
        amounts=frozenset({value * SCALES.get(scale, 1)} | ({value} if scale == "m" else set())),
        unit=UNITS.get(match["sign"] or "", "") or UNITS.get(unit, ""),
        counted=_first_counted(rest, small),
        around=frozenset(_news(before, small)[-NEAR:] + _news(f"the {rest}", small)[:NEAR]),
        bound="at least" if _AT_LEAST.search(near) else "at most" if _AT_MOST.search(near) else "",
    )


def _news(text: str, small: frozenset[str]) -> list[str]:
    return [token.stem for token in read_tokens(text, small=small) if token.is_news]


def _first_counted(rest: str, small: frozenset[str]) -> str:
    """The next word, or the one after a name; a comma ends the search."""
    for token in read_tokens(f"the {rest}", small=small)[1:3]:
        if token.kind is not TokenKind.NAME:
            is_noun = token.kind is TokenKind.CONTENT and not token.text[0].isdigit()
            return token.stem if is_noun else ""
    return ""


def _spelt(word: str) -> Decimal | None:
    if word in ORDINALS:
        return Decimal(ORDINALS[word])
    first, _, rest = word.partition("-")
    if first in TENS:
        if not rest:
            return Decimal(TENS[first])
        ones = ONES.get(rest, ORDINALS.get(rest))
        return Decimal(TENS[first] + (ones or 0))
    return Decimal(ONES[first]) if first in ONES and (not rest or len(first) > 2) else None


def _is_same(figure: Figure, other: Figure) -> bool:
    # A sum may be read without its currency, a share never without its "per cent".
    units = {figure.unit, other.unit}
    return bool(figure.amounts & other.amounts) and (
        len(units) == 1 or ("" in units and "percent" not in units)
    )


def _agrees(figure: Figure, other: Figure) -> bool:
    if figure.counted:
        return figure.counted == other.counted or not figure.around
    return not figure.around.isdisjoint(other.around) or not figure.around


def _counts_elsewhere(figure: Figure, same: Sequence[Figure], known: Sequence[Figure]) -> bool:
    """Whether another number of the source counts the same noun, or all words nearby differ."""
    if figure.counted and any(other.counted == figure.counted for other in known if other not in same):
        return True
    return bool(figure.around) and all(figure.around.isdisjoint(other.around) for other in same)
