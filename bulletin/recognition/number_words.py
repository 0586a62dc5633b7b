"""
Words of any language but English -> the same words with every number as one figure. Pure.

CLDR's rules spell numbers; here their spellings are the table that reads them: "tausendzweihundert", "mille deux
cents". Source: Unicode Technical Standard 35, part 3, "Rule-Based Number Formatting". English has `figures`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bulletin.language.cldr import CldrNumbers, load_cldr_numbers
from bulletin.recognition.figures import Figure, join_numbers

_MOST_WORDS = 8
"""Words of one number below a million: "novecentos e noventa e nove mil e um"."""
_YEARS = range(1_100, 2_100)
_SCALES = (12, 9, 6)
"""Powers of ten with a word of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """Spellings of a language's numbers, in plain letters without blanks."""

    small: Mapping[str, int]
    """0 to 999, in every gender and case, cardinal and ordinal; years."""
    thousands: Mapping[str, int]
    """Whole thousands up to 999,000."""
    scales: Mapping[str, int]
    """Word -> power of ten."""
    point: str
    links: frozenset[str]
    """What may stand between thousands and the rest: nothing, or the word for "and"."""
    ambiguous: frozenset[str]
    """Spellings that alone are no figure, but other words: "ein", "une", and as ordinals "zweite", "secondo"."""

    def read(self, words: Sequence[str], start: int) -> tuple[Decimal, int] | None:
        """
        The number that begins at a word, and the place behind it.

        >>> load_number_words("de").read("zwei Komma fünf Millionen Euro".split(), 0)
        (Decimal('2500000.0'), 4)
        """
        whole = self._read_whole(words, start)
        if whole is None:
            return None
        value, at = whole
        if at + 1 < len(words) and plain_letters(words[at]) == self.point:
            value, at = self._read_decimals(words, value, at)
        if at < len(words) and (power := self.scales.get(plain_letters(words[at]))):
            value, at = value * 10**power, at + 1
            rest = self._read_whole(words, at)
            if rest and rest[0] < 10**power and power > 3:
                value, at = value + rest[0], rest[1]
        elif at == start + 1 and plain_letters(words[start]) in self.ambiguous:
            return None
        return value, at

    def _read_decimals(self, words: Sequence[str], value: Decimal, point: int) -> tuple[Decimal, int]:
        """Decimals as one number ("vierzehn"), or one by one."""
        at = point + 1
        behind = self._read_whole(words, at)
        while behind:
            value, at = _with_decimals(value, behind[0]), behind[1]
            behind = self._read_whole(words, at) if behind[0] < 10 else None
        return value, at if at > point + 1 else point

    def _read_whole(self, words: Sequence[str], start: int) -> tuple[Decimal, int] | None:
        """The longest number below a million."""
        if start < len(words) and words[start][:1].isdigit():
            return Decimal(words[start]), start + 1
        for end in range(min(len(words), start + _MOST_WORDS), start, -1):
            value = self._value("".join(map(plain_letters, words[start:end])))
            if value is not None:
                return Decimal(value), end
        return None

    def _value(self, letters: str) -> int | None:
        if letters in self.small:
            return self.small[letters]
        if letters in self.thousands:
            return self.thousands[letters]
        for cut in range(3, len(letters) - 1):
            thousands = self.thousands.get(letters[:cut])
            if thousands is not None:
                for link in self.links:
                    rest = letters[cut:].removeprefix(link)
                    if rest in self.small and self.small[rest] < 1_000:
                        return thousands + self.small[rest]
        return None


def join_number_words(words: Sequence[str], language: str) -> Iterator[tuple[str | Figure, int, int]]:
    """
    Each word or figure, with the place of its first word and of the word behind it.

    In a language whose numbers CLDR does not spell only digits are figures.

    >>> [i if isinstance(i, str) else i.value for i, _, _ in join_number_words("mille deux cents chats".split(), "fr")]
    ['1200', 'chats']
    """
    table, at = load_number_words(language), 0
    while at < len(words):
        read = table.read(words, at)
        if read:
            value, end = read
            digits = words[at] if end == at + 1 and words[at].isdigit() else ""
            yield join_numbers([(value, digits)]), at, end
            at = end
        else:
            yield words[at], at, at + 1
            at += 1


def plain_letters(text: str) -> str:
    """
    Small letters without accents, blanks and hyphens.

    >>> plain_letters("Vingt-et-un"), plain_letters("fünf")
    ('vingtetun', 'funf')
    """
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in letters if letter.isalnum())


@lru_cache(maxsize=8)
def load_number_words(language: str) -> NumberWords:
    """The spellings of a language; empty where CLDR has none. Takes half a second of processor time."""
    numbers = load_cldr_numbers(language)
    if numbers is None:
        empty: dict[str, int] = {}
        return NumberWords(
            small=empty, thousands=empty, scales=empty, point="", links=frozenset(), ambiguous=frozenset()
        )
    ones = {plain_letters(text) for text in numbers.spellings(1)}
    small = dict(_years(numbers, ones))
    for number in range(999, -1, -1):
        small |= dict.fromkeys(_forms(numbers, number, ones), number)
    cardinals = {plain_letters(numbers.spell(n, rules)) for n, rules in ((2, "cardinal"), (2, "cardinal_f"))}
    twos = {plain_letters(text) for text in numbers.spellings(2)}
    return NumberWords(
        small=small,
        thousands={
            form: number
            for number in range(999_000, 0, -1_000)
            for form in _forms(numbers, number, ones, rules=("cardinal", "cardinal_m", "cardinal_f"))
        },
        scales={  # the least power last: "mil millones" does not make "millones" a thousand millions
            plain_letters(numbers.spell(times * 10**power, "cardinal").split()[-1]): power
            for power in _SCALES
            for times in (1, 2)
        },
        point=plain_letters(numbers.point),
        links=frozenset(("", _link(numbers))),
        ambiguous=frozenset(ones | (twos - cardinals)),
    )


def _forms(
    numbers: CldrNumbers, number: int, ones: Collection[str], *, rules: Sequence[str] = ()
) -> set[str]:
    """Spellings in plain letters, also without a "one" before a hundred or a thousand: "einhundert", "hundert"."""
    texts = {numbers.spell(number, name) for name in rules} if rules else numbers.spellings(number)
    forms = {plain_letters(text) for text in texts}
    if 100 <= number < 200 or 1_000 <= number < 2_000:
        for one in sorted(ones, key=len, reverse=True):
            forms |= {form.removeprefix(one) for form in forms if len(form) > len(one) + 2}
    return forms


def _years(numbers: CldrNumbers, ones: Collection[str]) -> Iterator[tuple[str, int]]:
    """Years as CLDR spells them, and by hundreds: "negentienvierentachtig", "negentienhonderdvierentachtig"."""
    hundred = min(_forms(numbers, 100, ones, rules=("cardinal",)), key=len)
    for year in _YEARS:
        yield plain_letters(numbers.spell(year, "year")), year
        if year // 100 % 10:
            rest = plain_letters(numbers.spell(year % 100, "cardinal")) if year % 100 else ""
            yield plain_letters(numbers.spell(year // 100, "cardinal")) + hundred + rest, year


def _link(numbers: CldrNumbers) -> str:
    """What stands between a thousand and one, in plain letters: "e" of "mil e um"."""
    thousand, one = (plain_letters(numbers.spell(n, "cardinal")) for n in (1_000, 1))
    return plain_letters(numbers.spell(1_001, "cardinal")).removeprefix(thousand).removesuffix(one)


def _with_decimals(value: Decimal, decimals: Decimal) -> Decimal:
    """2 and 5 -> 2.5; a further one is put behind: 2.5 and 0 -> 2.50."""
    text = str(value)
    return Decimal(f"{text}{decimals}" if "." in text else f"{text}.{decimals}")
