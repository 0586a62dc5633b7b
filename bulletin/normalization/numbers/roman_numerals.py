"""Roman numerals -> words: "Charles III" -> "Charles the Third", "World War II" -> "World War Two"."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from bulletin.language.first_names import given_names
from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.numbers.number_patterns import CAPITAL

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_WRITTEN = (
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_TEAM = re.compile(r"(?P<head>(?<!\w)\d{1,2}(?:st|nd|rd|th)) (?P<roman>XI|XV|XIII)(?![\w&])")
_NUMERAL = r"(?P<roman>[IVXLC]{1,8})(?![\w&])(?!-[A-Z]\b)"


def say_roman_numerals(text: str, tongue: Tongue) -> str:
    """
    An ordinal after a monarch or a pope, a number after any other word that is numbered so.

    A person who bears his father's name has an ordinal too: "John Smith III".
    "I" is a numeral after a title ("King Charles I") unless a verb says that it is the speaker;
    "X", "V" and "MIX" need a word before them that is known to be numbered. 32 in 604 articles, 24 of them after a
    numbered word; monarchs, popes and sons (5) stay, because letters read for a king's number are heard by all, and so does
    "1st XI" (none) of the cricket results that clubs send in.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("King Charles III, Henry VIII and John Smith III in World War II")
    'King Charles the Third, Henry the Eighth and John Smith the Third in World War Two'
    >>> make_speakable("King Charles I met")
    'King Charles I met'
    """
    titled, named, numbered, sons, other = _patterns(tongue)
    text = titled.sub(lambda m: _ordinal(m, tongue), text)
    text = named.sub(lambda m: _ordinal(m, tongue), text)
    text = numbered.sub(lambda m: _number(m, tongue), text)
    text = sons.sub(lambda m: _son(m, tongue), text)
    text = _TEAM.sub(lambda m: _number(m, tongue), text)
    never = tongue.table("numbered")["never"]
    return other.sub(lambda m: m[0] if m["roman"] in never else _number(m, tongue), text)


@lru_cache(maxsize=16)
def _patterns(tongue: Tongue) -> tuple[re.Pattern[str], ...]:
    monarchs, numbered = tongue.table("monarchs"), tongue.table("numbered")
    titles, names = either(monarchs["titles"]), either(monarchs["names"])
    pronoun = rf"(?!(?<= I)(?:'(?!s)| (?:{either(monarchs['pronoun_verbs'])})\b))"
    word = rf"[{CAPITAL}][\w'-]{{1,30}}"
    words = either(numbered["words"])
    more = rf"(?: {tongue.word('and')} (?P<more>[IVX]{{2,6}}|[IV](?= *(?:[,.;:)]|$)))(?![\w&]))?"
    return (
        re.compile(rf"(?P<head>(?<!\w)(?:{titles}) {word}(?: {word})?) {_NUMERAL}{pronoun}{more}"),
        re.compile(rf"(?P<head>(?<!\w)(?:{names})) {_NUMERAL}{pronoun}{more}"),
        re.compile(rf"(?P<head>(?<!\w)(?:{words})) {_NUMERAL}(?!'){more}"),
        re.compile(
            rf"(?P<head>(?<![\w'-])(?P<given>[{CAPITAL}][\w-]{{1,20}})(?: [{CAPITAL}]\.?)?(?: [{CAPITAL}][\w-]{{1,30}}){{1,2}})"
            rf" (?P<roman>{either(monarchs['sons'])})(?![\w&])"
        ),
        re.compile(rf"(?P<head>(?<!\w){word}) (?P<roman>[IVX]{{2,6}})(?![\w'&])"),
    )


def _ordinal(match: re.Match[str], tongue: Tongue) -> str:
    value = read_roman(match["roman"])
    if value is None:
        return match[0]
    spoken = f"{match['head']} {tongue.table('monarchs')['the']} {tongue.ordinal(value).capitalize()}"
    second = read_roman(match["more"]) if match["more"] else None
    if second is not None:
        return f"{spoken} {tongue.word('and')} {tongue.ordinal(second).capitalize()}"
    return spoken + match[0][match.end("roman") - match.start() :]


def _son(match: re.Match[str], tongue: Tongue) -> str:
    """ "Robert Griffin III": known by the given name that it begins with."""
    if not any(match["given"].lower() in names for names in given_names().values()):
        return match[0]
    value = read_roman(match["roman"]) or 0
    return f"{match['head']} {tongue.table('monarchs')['the']} {tongue.ordinal(value).capitalize()}"


def _number(match: re.Match[str], tongue: Tongue) -> str:
    value = read_roman(match["roman"])
    if value is None or value > 100:
        return match[0]
    spoken = f"{match['head']} {tongue.whole(str(value)).capitalize()}"
    more = match.groupdict().get("more")
    second = read_roman(more) if more else None
    if second is not None:
        return f"{spoken} {tongue.word('and')} {tongue.whole(str(second)).capitalize()}"
    return spoken + match[0][match.end("roman") - match.start() :]


def read_roman(written: str) -> int | None:
    """
    Value of a well-formed numeral; None for any other.

    >>> read_roman("XIV"), read_roman("IIX")
    (14, None)
    """
    values = [_VALUES[letter] for letter in written]
    total = sum(-low if low < high else low for low, high in pairwise([*values, 0]))
    rest, again = total, ""
    for value, letters in _WRITTEN:
        count, rest = divmod(rest, value)
        again += letters * count
    return total if again == written else None
