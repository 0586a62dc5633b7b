"""
Roman numerals -> words: "Charles III" -> "Charles the Third", "World War II" -> "World War Two".

Source: counts in the 604 fresh articles: `python -m bench.normalization_matches`. Well-formed numerals as in the
Chicago Manual of Style, "Roman numerals".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bulletin.language.read_word_lists import word_set
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import CAPITAL

_VALUES = {"C": 100, "XC": 90, "L": 50, "XL": 40, "X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1}
"""Example: `read_roman`."""
_NUMERAL = r"(?P<roman>[IVXLC]{1,8})(?![\w&])(?!-[A-Z]\b)"
"""Example: `say_roman_numerals`."""
_PRONOUN = r"(?!(?<= I)(?:'(?!s)| (?:«monarchs.pronoun_verbs»)\b))"
"""Example: `say_roman_numerals`."""
_MORE = r"(?: «and» (?P<more>[IVX]{2,6}|[IV](?= *(?:[,.;:)]|$)))(?![\w&]))?"
"""Example: `say_roman_numerals`."""
_WORD = rf"[{CAPITAL}][\w'-]{{1,30}}"
"""
>>> re.findall(_WORD, "King Charles of fox")
['King', 'Charles']
"""
_TITLED = rf"(?P<head>(?<!\w)(?:«monarchs.titles») {_WORD}(?: {_WORD})?) {_NUMERAL}{_PRONOUN}{_MORE}"
"""Example: `_say_ordinal`."""
_NAMED = rf"(?P<head>(?<!\w)(?:«monarchs.names»)) {_NUMERAL}{_PRONOUN}{_MORE}"
"""Example: `say_roman_numerals`."""
_NUMBERED = rf"(?P<head>(?<!\w)(?:«numbered.words»)) {_NUMERAL}(?!'){_MORE}"
"""Example: `_say_number`."""
_SON = (
    rf"(?P<head>(?<![\w'-])(?P<given>[{CAPITAL}][\w-]{{1,20}})(?: [{CAPITAL}]\.?)?(?: [{CAPITAL}][\w-]{{1,30}}){{1,2}})"
    r" (?P<roman>«monarchs.sons»)(?![\w&])(?P<more>)"
)
"""Example: `say_roman_numerals`."""
_TEAM = r"(?P<head>(?<!\w)\d{1,2}(?:st|nd|rd|th)) (?P<roman>XI|XV|XIII)(?![\w&])(?P<more>)"
"""Example: `_say_number`."""
_OTHER = rf"(?P<head>(?<!\w){_WORD}) (?P<roman>[IVX]{{2,6}})(?![\w'&])(?P<more>)"
"""Example: `_say_numerals`."""


def say_roman_numerals(text: str, tongue: Tongue) -> str:
    """
    An ordinal after a monarch or a pope, a number after any other word that is numbered so.

    A person who bears his father's name has an ordinal too: "John Smith III". "I" is a numeral after a title
    ("King Charles I") unless a verb says that it is the speaker; "X", "V" and "MIX" need a word before them
    that is known to be numbered. 32 in 604 articles, 24 of them after a numbered word. Monarchs and popes
    (3), sons (2) and "1st XI" (none) are kept: "Henry V-I-I-I" is no king's name, and sports clubs write "1st
    XI" in their results.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("King Charles III, Henry VIII and John Smith III in World War II")
    'King Charles the Third, Henry the Eighth and John Smith the Third in World War Two'
    >>> make_speakable("King Charles I met")
    'King Charles I met'
    """
    for pattern in (_TITLED, _NAMED):
        text = tongue.sub(pattern, _say_ordinal, text)
    text = tongue.sub(_NUMBERED, _say_number, text)
    text = tongue.sub(
        _SON, lambda m, _: _say_ordinal(m, tongue) if _is_first_name(m["given"]) else m[0], text
    )
    text = tongue.sub(_TEAM, _say_number, text)
    never = tongue.tables["numbered"]["never"]
    return tongue.sub(_OTHER, lambda m, _: m[0] if m["roman"] in never else _say_number(m, tongue), text)


def _is_first_name(word: str) -> bool:
    """
    Whether a word is a first name, because a person with his father's name begins with one.

    >>> _is_first_name("Robert"), _is_first_name("Ferry")
    (True, False)
    """
    return any(
        word.lower() in word_set("bulletin.language", "first_names.toml", f"given.{kind}")
        for kind in ("he", "she")
    )


def _say_ordinal(match: re.Match[str], tongue: Tongue) -> str:
    """
    Numeral of a monarch, a pope or a son: an ordinal with the article.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_TITLED, _say_ordinal, "King Charles III, King Charles I met")
    'King Charles the Third, King Charles I met'
    >>> load_tongue("en-GB").sub(_NAMED, _say_ordinal, "Henry VIII, Henry VII and VIII")
    'Henry the Eighth, Henry the Seventh and Eighth'
    """
    the = f"{tongue.tables['monarchs']['the']} "
    return _say_numerals(match, tongue, lambda value: tongue.ordinal(value).capitalize(), the=the)


def _say_number(match: re.Match[str], tongue: Tongue) -> str:
    """
    Numeral of a thing that is numbered: a number with a capital.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_NUMBERED, _say_number, "World War II, Parts I and II")
    'World War Two, Parts I and II'
    >>> load_tongue("en-GB").sub(_TEAM, _say_number, "the 1st XI")
    'the 1st Eleven'
    """
    return _say_numerals(match, tongue, lambda value: tongue.whole(str(value)).capitalize())


def _say_numerals(match: re.Match[str], tongue: Tongue, say: Callable[[int], str], *, the: str = "") -> str:
    """
    One numeral or two, "Henry the Seventh and Eighth"; words and numerals above a hundred stay as printed.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue = load_tongue("en-GB")
    >>> tongue.sub(_OTHER, lambda match, _: _say_numerals(match, tongue, str), "Ferry IV, Ferry IIX")
    'Ferry 4, Ferry IIX'
    """
    value, second = read_roman(match["roman"]), read_roman(match["more"] or "")
    if value is None or value > 100:
        return match[0]
    rest = (
        f" {tongue.word('and')} {say(second)}" if second else match[0][match.end("roman") - match.start() :]
    )
    return f"{match['head']} {the}{say(value)}{rest}"


def read_roman(written: str) -> int | None:
    """
    Value of a well-formed numeral; None for any other.

    >>> read_roman("XIV"), read_roman("IIX")
    (14, None)
    """
    if not re.fullmatch("C{0,4}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", written):
        return None
    return sum(_VALUES[part] for part in re.findall("XC|XL|IX|IV|[CLXVI]", written)) or None
