"""Telephone numbers -> their digits, one by one: "0800 555 111" -> "oh eight hundred, five five five, one one one"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue
from bulletin.normalization.numbers.number_patterns import START

_LONG = re.compile(
    r"(?<![\w£$€.,])(?:\+\d{1,3}[ -]?(?:\(0\) ?)?\(?\d{1,5}\)?(?:[ -]?\d{2,7}){1,4}|\(?0\d{2,5}\)?(?:[ -]\d{2,7}){1,4}|0\d{9,10})"
    r"(?![\w%])(?![.,]\d)"
)
_AMERICAN = re.compile(
    r"(?<![\w£$€.,-])(?:1[ -])?\(?\d{3}\)?[ -]\d{3}-\d{4}(?![\w-])|(?<![\w£$€.,-])555-\d{4}(?![\w-])"
)


def say_phone_numbers(text: str, tongue: Tongue) -> str:
    """
    Say telephone numbers digit by digit: long ones by their look, short ones by the words around them.

    30 in 604 articles. A comma parts the groups of a long number (ITU-T E.123 writes a space there), because listeners
    write it down. Short numbers and references (9) are what police appeals to listeners end with, and "text SHOUT to 85258" (none) is a charity's.
    "999" without a word that calls, and "on 555 111": rare in national news (none of 604 articles), common in police
    appeals and listings of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("call 0800 123 4567")
    'call oh eight hundred, one two three, four five six seven'
    >>> make_speakable("Call 999 or 101, quoting 24/567, after a 999 call")
    'Call nine nine nine or one oh one, quoting two four, five six seven, after a nine nine nine call'
    >>> make_speakable("999 or 101, or on 555 111")
    'nine nine nine or one oh one, or on five five five one one one'
    """
    text = _LONG.sub(lambda m: _say_long(m, tongue), text)
    text = _AMERICAN.sub(lambda m: _say_groups(m[0], tongue), text)
    text = _list(tongue).sub(lambda m: _say_list(m, tongue), text)
    text = _reference(tongue).sub(lambda m: m[1] + _say_groups(m[2], tongue), text)
    for pattern in _short_patterns(tongue):
        text = pattern.sub(
            lambda m: m["before"] + tongue.each_digit(m["number"], nought=tongue.word("oh")), text
        )
    return text


@lru_cache(maxsize=16)
def _short_patterns(tongue: Tongue) -> tuple[re.Pattern[str], ...]:
    known = tongue.any_of("short_numbers")
    count = rf"(?!\w)(?![.,:/]\d|[-–]\d|%)(?! (?:{tongue.any_of('counted')})\b)"
    strong = tongue.any_of("strong_call_words")
    return (
        re.compile(rf"(?P<before>\b(?:{tongue.any_of('call_words')}) )(?P<number>{known}){count}"),
        re.compile(
            rf"(?P<before>\b(?:{strong})(?: [a-z]{{1,12}})?:? )(?P<number>\d{{3}} \d{{3}}|\d{{5,8}}|\d{{3}}){count}",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?P<before>\b(?:{strong})(?: [A-Za-z]{{1,15}}){{1,2}} {tongue.word('to')} )(?P<number>\d{{5,6}}){count}",
            re.IGNORECASE,
        ),
        re.compile(rf"(?P<before>){START}(?P<number>{known})(?= (?:{tongue.any_of('called_nouns')})\b)"),
        re.compile(rf"(?P<before>\b(?:[Oo]n|[Oo]r) )(?P<number>\d{{3}} \d{{3}}){count}"),
        re.compile(rf"(?P<before>\b[Oo]r )(?P<number>999|101|111|112){count}"),
        re.compile(rf"(?P<before>){START}(?P<number>999|911){count}(?! [a-z]+s\b)"),
    )


@lru_cache(maxsize=16)
def _reference(tongue: Tongue) -> re.Pattern[str]:
    """ "quoting 24/567": two groups of figures, or one that is long."""
    words = tongue.any_of("reference_words")
    return re.compile(
        rf"(\b(?:{words}),? (?:[a-z]+:? ){{0,2}})(\d{{1,6}}(?:[/-]\d{{1,10}}){{1,3}}|\d{{5,15}})(?![\w%])(?![.,]\d)"
    )


@lru_cache(maxsize=16)
def _list(tongue: Tongue) -> re.Pattern[str]:
    """ "call 999 or 101", "dial 111, 999 or 112"."""
    known, words = tongue.any_of("short_numbers"), tongue.any_of("call_words")
    more = rf"(?:(?:,? (?:or|and) |, )(?:{known})(?!\w)(?! [a-z]+s\b)){{1,6}}"
    return re.compile(rf"\b(?:{words}) (?:{known})(?!\w){more}(?![.,:/-]\d|%)")


def _say_list(match: re.Match[str], tongue: Tongue) -> str:
    return re.sub(r"\d+", lambda m: tongue.each_digit(m[0], nought=tongue.word("oh")), match[0])


def _say_long(match: re.Match[str], tongue: Tongue) -> str:
    # "+44 (0)20": the nought is only dialled at home
    if match[0].startswith("+"):
        return _say_groups(match[0].replace("(0)", ""), tongue)
    digits = sum(char.isdigit() for char in match[0])
    if not 8 <= digits <= 15:
        return match[0]
    return _say_groups(match[0], tongue)


def _say_groups(written: str, tongue: Tongue) -> str:
    spoken = [_say_group(group, tongue) for group in re.findall(r"\d+", written)]
    plus = f"{tongue.table('symbols')['+']} " if written.startswith("+") else ""
    return plus + ", ".join(spoken)


def _say_group(group: str, tongue: Tongue) -> str:
    """ "0800" is "oh eight hundred"; every other group is read digit by digit."""
    nought = tongue.word("oh")
    if re.fullmatch(r"0[1-9]00", group):
        return f"{nought} {tongue.each_digit(group[1])} {tongue.word('hundred')}"
    return tongue.each_digit(group, nought=nought)
