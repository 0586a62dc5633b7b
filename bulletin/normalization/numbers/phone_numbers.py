"""
Telephone numbers -> their digits, one by one: "0800 555 111" -> "oh eight hundred, five five five, one one one".

Source: groups of figures as in ITU-T E.123, at most fifteen digits as in ITU-T E.164; counts in the 604 fresh
articles: `python -m bench.normalization_matches`.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import START

_LONG = (
    r"(?<![\w£$€.,])(?:\+\d{1,3}[ -]?(?:\(0\) ?)?\(?\d{1,5}\)?(?:[ -]?\d{2,7}){1,4}|\(?0\d{2,5}\)?(?:[ -]\d{2,7}){1,4}|0\d{9,10})"
    r"(?![\w%])(?![.,]\d)"
)
"""Example: `say_phone_numbers`."""
_AMERICAN = r"(?<![\w£$€.,-])(?:1[ -])?\(?\d{3}\)?[ -]\d{3}-\d{4}(?![\w-])|(?<![\w£$€.,-])555-\d{4}(?![\w-])"
"""Example: `say_phone_numbers`."""


_COUNT = r"(?!\w)(?![.,:/]\d|[-–]\d|%)(?! (?:«counted»)\b)"
"""Example: `say_phone_numbers`."""
_SHORT = (
    rf"(?P<before>\b(?:«call_words») )(?P<number>«short_numbers»){_COUNT}",
    rf"(?i)(?P<before>\b(?:«strong_call_words»)(?: [a-z]{{1,12}})?:? )(?P<number>\d{{3}} \d{{3}}|\d{{5,8}}|\d{{3}}){_COUNT}",
    rf"(?i)(?P<before>\b(?:«strong_call_words»)(?: [A-Za-z]{{1,15}}){{1,2}} «to» )(?P<number>\d{{5,6}}){_COUNT}",
    rf"(?P<before>){START}(?P<number>«short_numbers»)(?= (?:«called_nouns»)\b)",
    rf"(?P<before>\b(?:[Oo]n|[Oo]r) )(?P<number>\d{{3}} \d{{3}}){_COUNT}",
    rf"(?P<before>\b[Oo]r )(?P<number>999|101|111|112){_COUNT}",
)
"""Example: `say_phone_numbers`."""
_REFERENCE = r"(\b(?:«reference_words»),? (?:[a-z]+:? ){0,2})(\d{1,6}(?:[/-]\d{1,10}){1,3}|\d{5,15})(?![\w%])(?![.,]\d)"
""" "quoting 24/567": two groups of figures, or one long group. Example: `say_phone_numbers`."""


def say_phone_numbers(text: str, tongue: Tongue) -> str:
    """
    Say telephone numbers digit by digit: long ones by their look, short ones by the words around them.

    30 in 604 articles. A comma parts the groups of a long number (ITU-T E.123 writes a space there), because
    listeners write it down. Most short forms match under three times ("the 101 number" and references 1,
    "text 81333" 2, "or 101", "on 555 111" and "text SHOUT to 85258" none). They are kept, because appeals of
    police and charities end with them, and no listener can dial "eighty-five thousand two hundred and
    fifty-eight".

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("call 0800 123 4567")
    'call oh eight hundred, one two three, four five six seven'
    >>> make_speakable("Call 999 or 101, quoting 24/567, after a 999 call")
    'Call nine nine nine or one oh one, quoting two four, five six seven, after a nine nine nine call'
    >>> make_speakable("text SHOUT to 85258, or ring us on 555 111")
    'text Shout to eight five two five eight, or ring us on five five five one one one'
    >>> make_speakable("call 1-555-123-4567")
    'call one, five five five, one two three, four five six seven'
    """
    text = tongue.sub(_LONG, _say_long, text)
    text = tongue.sub(_AMERICAN, lambda m, _: _say_groups(m[0], tongue), text)
    text = tongue.sub(_REFERENCE, lambda m, _: m[1] + _say_groups(m[2], tongue), text)
    for pattern in _SHORT:
        text = tongue.sub(pattern, lambda m, _: m["before"] + tongue.reference(m["number"]), text)
    return text


def _say_long(match: re.Match[str], tongue: Tongue) -> str:
    """
    Long telephone number: eight to fifteen digits, or any after a plus; other figures stay as printed.

    The nought of "+44 (0)20" is left out, because it is only dialled at home.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_LONG, _say_long, "+44 (0)20 7946 0000")
    'plus four four, two oh, seven nine four six, oh oh oh oh'
    >>> load_tongue("en-GB").sub(_LONG, _say_long, "row 012 34")
    'row 012 34'
    """
    # "+44 (0)20": the nought is only dialled at home
    if match[0].startswith("+"):
        return _say_groups(match[0].replace("(0)", ""), tongue)
    is_number = 8 <= sum(map(str.isdigit, match[0])) <= 15
    return _say_groups(match[0], tongue) if is_number else match[0]


def _say_groups(written: str, tongue: Tongue) -> str:
    """
    Groups of a number, parted by commas and read digit by digit, but "0800" is "oh eight hundred".

    ITU-T E.123 writes a space where the comma is; listeners write the number down.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_groups("0800 555 111", load_tongue("en-GB")), _say_groups("+44", load_tongue("en-GB"))
    ('oh eight hundred, five five five, one one one', 'plus four four')
    """

    def say_group(group: str) -> str:
        is_hundreds = re.fullmatch(r"0[1-9]00", group)
        return (
            f"{tongue.reference(group[:2])} {tongue.word('hundred')}"
            if is_hundreds
            else tongue.reference(group)
        )

    plus = f"{tongue.tables['symbols']['+']} " if written.startswith("+") else ""
    return plus + ", ".join(map(say_group, re.findall(r"\d+", written)))
