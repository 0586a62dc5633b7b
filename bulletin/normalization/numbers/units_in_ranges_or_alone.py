"""
Units that are written short: at both ends of a range, without a figure, and the letter m of metres.

Source: symbols of units are those of the SI brochure; "between" takes "and" (Fowler, "between"); counts in the 604
fresh articles: `python -m bench.normalization_matches`. Judgement, no source: the characters within which a word
decides between metres and millions, because they hold most sentences.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import NUMBER, text_before

_DASH = r" ?[-–] ?"
"""Example: `join_pairs`."""
_FIGURE = r"\d[\d,]{0,12}(?:\.\d{1,3})?"
"""Example: `join_pairs`."""
_UNIT = "(«units»|«glued_units»|«scales»|m|%)"
"""Example: `join_pairs`."""
_WITH_UNIT = rf"(?<![\w.,£$€])({_FIGURE}) ?{_UNIT}"
"""Example: `join_pairs`."""
_BETWEEN = rf"\b([Bb]etween (?:\d{{1,3}}(?:\.\d{{1,3}})?(?:am|pm|%|C)?|[£€$]{_FIGURE}(?:k|m|bn|tn)?)){_DASH}(?=[£€$]?\d)"
"""Example: `join_pairs`."""
_BETWEEN_YEARS = rf"\b([Bb]etween (?:1\d|20)\d\d){_DASH}(?=(?:1\d|20)\d\d(?!\w))"
"""Example: `join_pairs`."""
_BETWEEN_SHORT = r"\b([Bb]etween )(1[0-9]|20)(\d\d) ?[-–/] ?(\d\d)(?![\w-])(?!\.\d)"
"""Example: `join_pairs`."""
_TWO_MONTHS = rf"(?<![\w-])(«dates.months»)\.?{_DASH}(«dates.months»)(?![\w-])"
"""Example: `join_pairs`."""
_TWO_DATES = rf"((?<!\w)(?:«dates.months»)\.?(?: \d\d?(?:st|nd|rd|th)?)?(?: (?:1\d|20)\d\d)?){_DASH}(?=(?:\d\d? )?(?:«dates.months»)(?!\w))"
"""Example: `join_pairs`."""


def join_pairs(text: str, tongue: Tongue) -> str:
    """
    Drop a unit that stands at both ends of a range, so that it is said once (6 in 604 articles), and join months.

    Spans of months (1) and dates (1), and ranges of two units (none), are kept: "Jan" and "cm" would not be said in full, and
    two dates without "to" are heard as two events. So are ranges after "between" (1): "between seven to nine" is no
    English, "between" takes "and" (Fowler, "between"); and two sums (none): "two point five zero to three pounds" is none.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("5km-10km")
    'five to ten kilometres'
    >>> make_speakable("Jan-Mar, 30 Sept-2 Oct")
    'January to March, the thirtieth of September to the second of October'
    >>> make_speakable("between 7-9pm, £2.50-£3; between 1914-18")
    'between seven and nine P-M, two pounds fifty to three pounds; between nineteen fourteen and nineteen eighteen'
    >>> make_speakable("hail of 5mm-2cm")
    'hail of five millimetres to two centimetres'
    """
    months = tongue.tables["dates"]["months"]
    text = tongue.sub(rf"{_WITH_UNIT}({_DASH})(?={_FIGURE} ?\2(?!\w))", r"\1\3", text)
    text = tongue.sub(rf"{_WITH_UNIT}{_DASH}(?={_FIGURE} ?{_UNIT}(?!\w))", _say_first_of_two, text)
    text = tongue.sub(_BETWEEN, r"\1 «and» ", text)
    text = tongue.sub(_BETWEEN_YEARS, r"\1 «and» ", text)
    text = tongue.sub(_BETWEEN_SHORT, r"\1\2\3 «and» \2\4", text)
    text = tongue.sub(rf"([£€$]\d{{1,6}}\.\d\d){_DASH}(?=[£€$]?\d)", r"\1 «to» ", text)
    text = tongue.sub(_TWO_MONTHS, lambda m, _: f"{months[m[1]]} {tongue.word('to')} {months[m[2]]}", text)
    return tongue.sub(_TWO_DATES, r"\1 «to» ", text)


def _say_first_of_two(match: re.Match[str], tongue: Tongue) -> str:
    r"""
    First of two measures with different units; an m beside kilometres means metres, so it gets a space.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> pattern = rf"{_WITH_UNIT}{_DASH}(?={_FIGURE} ?{_UNIT}(?!\w))"
    >>> load_tongue("en-GB").sub(pattern, _say_first_of_two, "5mm-2cm, 500m-2km")
    '5mm to 2cm, 500 m to 2km'
    """
    unit = " m" if (match[2], match[3]) == ("m", "km") else match[2]
    return f"{match[1]}{unit} {tongue.word('to')} "


_FREE = r"(?<![\w.,])(?<!\w-)"
"""Example: `mark_metres`."""
_WORDS = re.compile(r"[\w'-]+")
"""Example: `_say_if_length`."""
_NEARBY = 80
"""
Characters on either side in which a word decides between metres and millions.

Example: `_say_if_length`.
"""
_ENDS = r"(?=[.,;:!?)]|$| (?:«not_nouns»)\b)"
"""Example: `mark_metres`."""
_SURELY_METRES = (
    rf"(\b(?:«metre_verbs») )({NUMBER})m(?!\w)",
    rf"(ft,? \(?|(?:foot(?: [a-z-]+)?|inches|\bins?),? \()({NUMBER})m(?!\w)",
    rf"(\b(?:[Tt]he|[Oo]ver) )(60|100|200|400|800|1,?000|1,?500|3,?000|5,?000|10,?000)m{_ENDS}",
    rf"(\b(?:«length_words») of )({NUMBER})m(?!\w)",
)
r"""
>>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
>>> load_tongue("en-GB").sub(_SURELY_METRES[0], r"\1\2 m", "He ran 100m.")
'He ran 100 m.'
"""
_PERHAPS_METRES = rf"{_FREE}(?P<low>{NUMBER}m? ?[-–] ?)?(?P<number>{NUMBER})m(?!\w)(?!\.\d){_ENDS}"
"""A figure with m that no noun follows: "above 300m.", "40m down the cliff". Example: `mark_metres`."""


def mark_metres(text: str, tongue: Tongue) -> str:
    """
    Write a space before the letter m where it means metres, so that `say_units` says them.

    8 in 604 articles; forms that match none ("ran 100m", "a depth of 40m", "ft (12m)") are kept, because metres read as
    millions are the worst mistake of all figures.
    `say_units` knows the rest, by the noun that follows ("a 100m sprint").

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> mark_metres("He ran 100m at a depth of 40m, with snow above 300m.", load_tongue("en-GB"))
    'He ran 100 m at a depth of 40 m, with snow above 300 m.'
    >>> mark_metres("watched by 300m viewers", load_tongue("en-GB"))
    'watched by 300m viewers'
    """
    for pattern in _SURELY_METRES:
        text = tongue.sub(pattern, r"\1\2 m", text)
    return tongue.sub(_PERHAPS_METRES, _say_if_length, text)


def _say_if_length(match: re.Match[str], tongue: Tongue) -> str:
    """
    Letter m with a space before it, where the sentence measures something.

    A word of height, depth or distance nearby proves metres, unless a nearer word is counted in millions.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_PERHAPS_METRES, _say_if_length, "Snow fell at a height of 300m.")
    'Snow fell at a height of 300 m.'
    >>> load_tongue("en-GB").sub(_PERHAPS_METRES, _say_if_length, "The depth of the debt is 300m.")
    'The depth of the debt is 300m.'
    """
    before = _WORDS.findall(re.split(r"[;!?] |\. ", match.string[: match.start()][-_NEARBY:])[-1])
    after = _WORDS.findall(re.split(r"[;!?] |\.(?: |$)", match.string[match.end() :][:_NEARBY])[0])
    near = (word.lower() for pair in zip_longest(reversed(before), after, fillvalue="") for word in pair)
    for word in near:
        if word in tongue.words("millions_words"):
            return match[0]
        if word in tongue.words("length_words"):
            return f"{(match['low'] or '').replace('m', '')}{match['number']} m"
    return match[0]


def say_bare_units(text: str, tongue: Tongue) -> str:
    """
    Say a unit without a figure: in a price or a measurement, and signs that are no words.

    A unit alone matches 1, after "per" or a slash none; kept, because "kWh", "£2/bbl" and "£500/m²" would lose their unit.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("It costs £3/kg, or £500/m², measured in µg per m3.")
    'It costs three pounds per kilogram, or five hundred pounds per square metre, measured in micrograms per cubic metre.'
    >>> make_speakable("kWh prices")
    'kilowatt hour prices'
    """
    units = tongue.tables["units"]
    text = tongue.sub(r"\b([Pp]er) («units»)(?![\w/])", lambda m, _: f"{m[1]} {units[m[2]][0]}", text)
    # after a slash, once the sum is words: "three pounds/kg"
    text = tongue.sub(
        r"(?<=[a-z])/(«units»)(?![\w/])", lambda m, _: f" {tongue.word('per')} {units[m[1]][0]}", text
    )
    return tongue.sub(r"(?<![\w/.])(«bare_units.forms»)(?![\w/])", _say_bare, text)


def _say_bare(match: re.Match[str], tongue: Tongue) -> str:
    r"""
    Unit without a figure, in the plural, but in the singular before a noun that it describes.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> pattern = r"(?<![\w/.])(«bare_units.forms»)(?![\w/])"
    >>> load_tongue("en-GB").sub(pattern, _say_bare, "measured in kWh; kWh prices; three lakh km")
    'measured in kilowatt hours; kilowatt hour prices; three lakh kilometres'
    """
    singular, plural = tongue.tables["units"][match[1]]
    before = re.search(r"(\w+) $", text_before(match, 20))
    counted = before is not None and before[1] in tongue.tables["scales"]
    noun = re.match(r"[ -]([a-z]+)\b", match.string[match.end() :][:40])
    is_noun = noun is not None and noun[1] not in tongue.words("not_nouns")
    return str(singular if is_noun and not counted else plural)
