"""Whole numbers -> words, by the rules of a language (the rule-based number format of Unicode CLDR, in small)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LARGEST = 10**15
"""From here on a number is read digit by digit: nobody follows a quadrillion on the radio."""

_PART = re.compile(r"\[(?P<rest>[^\]]*)\]|<(?P<above>\w*)<|>(?P<below>\w*)>|=(?P<same>\w+)=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of a rule set: what is said from `base` on."""

    base: int
    divisor: int
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The rule sets of one language."""

    sets: Mapping[str, tuple[Rule, ...]]

    def spell(self, number: int, rules: str = "cardinal") -> str:
        """Say 0 <= number < LARGEST by the rule set called `rules`."""
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


def parse_numbers(table: Mapping[str, Sequence[str]]) -> Numbers:
    """Read rule sets from their lines; the largest base comes first."""
    sets = {}
    for name, lines in table.items():
        rules = sorted((_parse_rule(line) for line in lines), key=lambda rule: -rule.base)
        sets[name] = tuple(rules)
    return Numbers(sets=sets)


def _parse_rule(line: str) -> Rule:
    """A body that must begin with a space is written with a ' before it, as CLDR does."""
    head, _, body = line.partition(": ")
    base_text, _, radix_text = head.partition("/")
    base, radix = int(base_text), int(radix_text or 10)
    divisor = 1
    while divisor * radix <= base:
        divisor *= radix
    return Rule(base=base, divisor=divisor, body=body.removeprefix("'"))
