"""
Whole numbers -> words, by the rules of a language (the rule-based number format of Unicode CLDR, in small).

Source: Unicode Technical Standard 35, part 3, "Rule-Based Number Formatting"; docs/decisions/0020. Judgement, no
source: the largest number in words, because no listener follows a quadrillion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bulletin.language.cldr import CldrNumbers

LARGEST = 10**15
"""
First number that is read digit by digit, because no listener follows a quadrillion.

Example: `load_number_and_abbreviation_tables.Tongue.ordinal`.
"""

_PART = re.compile(r"\[(?P<rest>[^\]]*)\]|<(?P<above>\w*)<|>(?P<below>\w*)>|=(?P<same>\w+)=")
"""Example: `Numbers.spell`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of a rule set: the words for numbers from `base` on."""

    base: int
    divisor: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The rule sets of one language."""

    sets: Mapping[str, tuple[Rule, ...]]
    """The language's own rule sets, which go before CLDR's."""
    cldr: CldrNumbers | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Our names of rule sets -> CLDR's, where the language chooses: "cardinal" -> "spellout-cardinal-verbose"."""

    def has(self, rules: str) -> bool:
        """
        Whether a rule set of this name exists.

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> load_tongue("en-GB").numbers.has("year")
        True
        """
        return rules in self.sets or (self.cldr is not None and self.cldr.has(self.names.get(rules, rules)))

    def spell(self, number: int, rules: str = "cardinal") -> str:
        """
        Spell a whole number, 0 <= number < LARGEST, by the rule set called `rules`.

        Source of the rules: Unicode Technical Standard 35, part 3, "Rule-Based Number Formatting".

        >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
        >>> load_tongue("en-GB").numbers.spell(102), load_tongue("en-US").numbers.spell(102)
        ('one hundred and two', 'one hundred two')
        >>> load_tongue("en-GB").numbers.spell(1905, "year")
        'nineteen oh five'
        """
        if rules not in self.sets and self.cldr is not None:
            return self.cldr.spell(number, self.names.get(rules, rules))
        rule = next(rule for rule in self.sets[rules] if rule.base <= number)
        above, below = divmod(number, rule.divisor)

        def part(match: re.Match[str]) -> str:
            if match["rest"] is not None:
                return _PART.sub(part, match["rest"]) if below else ""
            if match["above"] is not None:
                return self.spell(above, match["above"] or rules)
            if match["below"] is not None:
                return self.spell(below, match["below"] or rules)
            return self.spell(number, match["same"])

        return _PART.sub(part, rule.body)


def parse_numbers(
    table: Mapping[str, Sequence[str]],
    *,
    cldr: CldrNumbers | None = None,
    names: Mapping[str, str] | None = None,
) -> Numbers:
    """
    Parse rule sets from their lines; the largest base comes first. CLDR's rules fill the gaps.

    Raises ValueError for a line without a base.

    >>> parse_numbers({"cardinal": ["0: zero", "1: one", "2: two", "20: twenty[->>]"]}).spell(21)
    'twenty-one'
    """
    sets = {}
    for name, lines in table.items():
        rules = sorted((_parse_rule(line) for line in lines), key=lambda rule: -rule.base)
        sets[name] = tuple(rules)
    return Numbers(sets=sets, cldr=cldr, names=names or {})


def _parse_rule(line: str) -> Rule:
    """
    Line of a rule set, "base/radix: body" as in CLDR: a ' protects a space at the body's start.

    The divisor is the largest power of the radix, 10 or as printed, that the base holds. Raises ValueError.

    >>> _parse_rule("20: twenty[->>]"), _parse_rule("1100/100: <<' hundred").divisor
    (Rule(base=20, divisor=10, body='twenty[->>]'), 100)
    """
    match = re.fullmatch(r"(\d+)(?:/(\d+))?: '?(.*)", line)
    if not match:
        raise ValueError(f'"{line}" is not a number rule; write "base: words", as in "20: twenty[->>]"')
    base, radix = int(match[1]), int(match[2] or 10)
    divisor = 1
    while divisor * radix <= base:
        divisor *= radix
    return Rule(base=base, divisor=divisor, body=match[3])
