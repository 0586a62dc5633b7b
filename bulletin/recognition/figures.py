"""
Words of English -> the same words with every figure as one token: "twelve hundred" and "1,200" are both 1200. Pure.

Source: Cambridge Grammar of the English Language (2002), chapter 5, numerals; the words are in english_words.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from bulletin.language.read_word_lists import read_table

_Step = Literal["", "digits", "small", "tens", "hundred", "scale", "ordinal", "decimals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, or several side by side ("ten thirty")."""

    value: str
    """The plain number, "1200" or "2.5"; of several, one behind the other: "1030"."""
    digits: str
    """All digits as written, without point: "250" of "2.50"."""
    parts: int = 1
    """Numbers that stand side by side in it."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Number words and their values."""

    small: dict[str, int]
    tens: dict[str, int]
    ordinals: dict[str, int]
    zeros: frozenset[str]
    scales: dict[str, int]
    """Power of ten."""


def join_figures(words: Sequence[str]) -> Iterator[tuple[str | Figure, int, int]]:
    """
    Each word or figure, with the place of its first word and of the word behind it.

    >>> [item if isinstance(item, str) else item.value for item, _, _ in join_figures("a hundred and five cats".split())]
    ['105', 'cats']
    >>> [item.value for item, _, _ in join_figures("three and a half million".split())]
    ['3500000']
    >>> [item.value for item, _, _ in join_figures("nineteen eighty four".split())]
    ['1984']
    """
    at = 0
    while at < len(words):
        numbers, end = _read_numbers(words, at)
        if numbers:
            yield join_numbers(numbers), at, end
            at = end
        else:
            yield words[at], at, at + 1
            at += 1


def join_numbers(numbers: Sequence[tuple[Decimal, str]]) -> Figure:
    """Numbers side by side, each with its digits if it was written with digits, as one figure."""
    values = [_plain(value) for value, _ in numbers]
    digits = "".join(written or value for (_, written), value in zip(numbers, values, strict=True))
    return Figure(value="".join(values), digits=digits.replace(".", ""), parts=len(numbers))


def _plain(value: Decimal) -> str:
    """1.50 -> "1.5", 1E+6 -> "1000000"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read_numbers(words: Sequence[str], start: int) -> tuple[list[tuple[Decimal, str]], int]:
    """Numbers that stand side by side from `start` on, each with its digits if it has any, and the place behind."""
    numbers: list[tuple[Decimal, str]] = []
    at = start
    while at < len(words):
        reader = _NumberReader(words, at, is_first=not numbers)
        if reader.end == at:
            break
        numbers.append((reader.value, reader.written))
        at = reader.end
    return numbers, at


class _NumberReader:
    """Reads one number from a place on; `end` is that place where there is none."""

    def __init__(self, words: Sequence[str], start: int, *, is_first: bool) -> None:
        self._words = words
        self._table = _tables()
        self._total = Decimal(0)
        self._current: Decimal | None = None
        self._last: _Step = ""
        self._last_scale = 1_000
        """Power of ten of the last scale word; the next one is smaller."""
        self._behind_scale = start
        """Place of the first word behind it."""
        self.written = ""
        """The number's digits, if it was written with digits."""
        self.end = self._skip_article(start)
        begin = self.end
        while self.end < len(words) and self._take(words[self.end], is_first=is_first):
            self.end += 1
        if self.end == begin:
            self.end = start

    @property
    def value(self) -> Decimal:
        return self._total + (self._current or 0)

    def _skip_article(self, start: int) -> int:
        """ "a hundred", "half a million": the article and "half" belong to the number."""
        rest = self._words[start : start + 3]
        if len(rest) == 3 and rest[:2] == ["half", "a"] and rest[2] in self._table.scales:
            self._current, self._last = Decimal("0.5"), "decimals"
            return start + 2
        if len(rest) > 1 and rest[0] == "a" and (rest[1] == "hundred" or rest[1] in self._table.scales):
            self._current, self._last = Decimal(1), "small"
            return start + 1
        return start

    def _take(self, word: str, *, is_first: bool) -> bool:
        """Whether the word belongs to the number; then it is counted."""
        table = self._table
        if word[:1].isdigit():
            return self._take_digits(word)
        if word in table.small:
            return self._add(table.small[word], "small")
        if word in table.tens:
            return self._add(table.tens[word], "tens")
        if word in table.ordinals:
            return self._add(table.ordinals[word], "ordinal")
        if word in table.zeros:
            is_sure = word != "oh" or not is_first
            return is_sure and self._last == "" and self._add(0, "ordinal")
        if word == "hundred" or word in table.scales:
            return self._multiply(word)
        if word == "and":
            return self._take_and()
        return word == "point" and self._take_point()

    def _take_digits(self, word: str) -> bool:
        if self._current is not None or (self._last and self._last != "scale"):
            return False
        self._note_place()
        self._current, self._last, self.written = Decimal(word), "digits", self.written + word
        return True

    def _note_place(self) -> None:
        """Remember where the part behind a scale word begins, with its "and"."""
        if self._last == "scale":
            has_and = self._words[self.end - 1] == "and"
            self._behind_scale = self.end - 1 if has_and else self.end

    def _add(self, value: int, step: _Step) -> bool:
        """Add a number below a hundred where it may stand: "hundred five", "twenty five", not "five twenty"."""
        fits = self._last in ("", "hundred", "scale")
        if self._last == "tens" and 0 < value < 10:
            fits, step = True, "ordinal" if step == "ordinal" else "small"
        if not fits or self._last == "ordinal":
            return False
        self._note_place()
        self._current = (self._current or Decimal(0)) + value
        self._last = step
        return True

    def _multiply(self, word: str) -> bool:
        if self._current is None or self._last == "ordinal":
            return False
        if word == "hundred":
            if self._last not in ("small", "tens") or self._current >= 100:
                return False
            self._current, self._last = self._current * 100, "hundred"
            return True
        if self._table.scales[word] >= self._last_scale:  # "6 billion 4 billion" are two numbers
            self._current, self.end, self.written = None, self._behind_scale, ""
            return False
        self._last_scale = self._table.scales[word]
        self._total += self._current * 10**self._last_scale
        self._current, self._last, self.written = None, "scale", ""
        return True

    def _take_and(self) -> bool:
        """ "and" within a number, "and a half" at its end. The words behind are counted here, or with the next step."""
        rest = self._words[self.end + 1 : self.end + 3]
        if rest == ["a", "half"] and self._current is not None and self._last in ("small", "tens", "digits"):
            self._current, self._last, self.written = self._current + Decimal("0.5"), "decimals", ""
            self.end += 2
            return True
        table = self._table
        follows = bool(rest) and (
            rest[0] in table.small or rest[0] in table.tens or rest[0] in table.ordinals
        )
        return follows and self._last in ("hundred", "scale")

    def _take_point(self) -> bool:
        """ "point two five": the figures behind the point, one by one."""
        if self._current is None or self._last not in ("small", "tens", "hundred", "digits"):
            return False
        figures = ""
        at = self.end + 1
        while at < len(self._words) and (figure := self._figure(self._words[at])):
            figures, at = figures + figure, at + 1
        if not figures:
            return False
        self._current, self._last, self.end = Decimal(f"{self._current}.{figures}"), "decimals", at - 1
        return True

    def _figure(self, word: str) -> str:
        """One figure behind the point, or none."""
        if word in self._table.zeros:
            return "0"
        value = self._table.small.get(word, 10)
        return word if word.isdigit() else str(value) if value < 10 else ""


@lru_cache(maxsize=1)
def _tables() -> _Words:
    words = read_table("bulletin.recognition", "english_words.toml")["figures"]

    def numbered(name: str, *, first: int = 0, step: int = 1) -> dict[str, int]:
        return {word: first + step * place for place, word in enumerate(words[name].split())}

    return _Words(
        small=numbered("small"),
        tens=numbered("tens", first=20, step=10),
        ordinals=numbered("small_ordinals")
        | numbered("tens_ordinals", first=20, step=10)
        | numbered("tens_plurals", first=20, step=10),
        zeros=frozenset(words["zeros"].split()),
        scales=dict(words["scales"]),
    )
