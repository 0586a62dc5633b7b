"""
Percentages, temperatures, heights and units -> words: "6ft 2in" -> "six foot two".

Source: symbols of units are those of the SI brochure and of British and American weights and measures; "percent"
is one word (AP Stylebook, "percent"); counts in the 604 fresh articles: `python -m bench.normalization_matches`.
"""

from __future__ import annotations

import re
from functools import partial

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import NUMBER, START, is_adjective
from bulletin.normalization.numbers.ranges_and_scores import say_fractions

_FREE = r"(?<![\w.,])(?<!\w-)"
"""Example: `say_heights`."""
_SIGNED = rf"(?:(?P<low>-?{NUMBER}) ?(?:[-–]| to ) ?)?(?P<minus>(?<![\w)])-)?"
"""The first figure of a range, and a minus. Example: `say_units`."""
_MIXED = r"(?<![\w.,/])(\d{1,4} \d/\d{1,2})"
"""Example: `say_percentages`."""
_PERCENT = rf"{_FREE}{_SIGNED}(?P<number>{NUMBER}|\.\d{{1,9}}) ?-?(?:%|per[ -]?cent\b)(?P<points> points?\b)?"
"""Example: `_signed`."""
_TEMPERATURE = (
    rf"{_FREE}(?:(?P<low>-?{NUMBER})[°CF]{{0,2}} ?(?:[-–]| to ) ?)?(?P<minus>(?<![\w)])-)?(?P<number>{NUMBER}) ?"
    r"(?P<scale>(?:° ?[CFK](?![\w])|°|(?<=\d)[CF](?![\w&])(?!-\d)))"
)
"""Example: `say_temperatures`."""
_FOOT = (
    rf"{_FREE}(?P<large>\d{{1,3}})(?:ft|'|-foot-| ft)\.? ?-?(?P<small>\d{{1,2}})(?:in\b|ins\b|\"|'')?(?!\w)"
)
"""Example: `say_heights`."""
_STONE = rf"{_FREE}(?P<large>\d{{1,3}})st\.? (?P<small>\d{{1,2}})lbs?(?!\w)"
"""Example: `say_heights`."""
_INCHES = rf"{_FREE}(\d{{1,3}})\"(?= (?:of|tall|wide|long|deep|thick|across|screen|TV|pipe|gun))"
"""Example: `say_units`."""
_ABBREVIATED = (
    r"(?<=\d)[ -]?(?:«units»)\.(?= [a-z])|(?<=\d)[ -]?(?:sq|cu|fl)\.? [a-z]{1,6}(?:\.(?! ?[A-Z]|$))?"
)
""" "12-oz. can", "1,500 sq. ft.": full stops that belong to a unit. Example: `say_units`."""
_TIMES = rf"{START}(?P<count>\d{{1,3}}) ?[x×] ?(?P<number>\d{{1,5}})(?P<metres>m)?(?!\w)"
"""Example: `say_units`."""
_UNIT = rf"{_FREE}{_SIGNED}(?P<number>{NUMBER})[ -]?(?P<unit>«units»|«shouted_units.forms»)(?:/(?P<per>«units»|«shouted_units.forms»|«per_whats»))?(?![\w/])(?!\.\w)"
"""Example: `say_units`."""
_METRE = (
    rf"{_FREE}{_SIGNED}(?P<number>{NUMBER})(?: m(?![\w])(?= |[.,;)]|$)"
    r"|m(?!\w)(?=(?= (?:[a-z]+ )?(?:«metre_nouns»)\b)|-(?:«metre_nouns»)\b)|(?<=,\d{3})m(?!\w))"
)
"""
The letter m is metres with a space, before a word of length, in a tall person; else it means millions.

Example: `say_units`.
"""
_ENDS = re.compile(r"$| [A-Z]")
"""
End of the sentence after a unit with a full stop. 1 in 604 articles; kept, because two sentences would be one.

>>> [bool(_ENDS.match(rest)) for rest in (" The ferry", " of it")]
[True, False]
"""
_K_RUN = rf"{START}(?P<number>\d{{1,2}})[kK](?= (?:«k_runs»)\b)|(?<=\b[Tt]he )(?P<distance>\d{{1,2}})[kK](?!\w)(?! [a-z]+s\b)"
"""Example: `say_scales`."""
_SCALE = rf"{_FREE}{_SIGNED}(?P<number>{NUMBER})[ -]?(?![bB](?!\w))(?P<scale>(?<=\d)(?:«scales»)|(?:«scales»)(?<=[^\s\d-]{{4}}))(?!\w)"
"""
Without a sign of money "3b" is a flat, and a scale of up to three letters is joined to its figure.

Example: `say_scales`.
"""


def say_percentages(text: str, tongue: Tongue) -> str:
    """
    Say percentages; 513 in 604 articles. "Percent" is one word, because engines stress it better.

    "12½%": none in 604 articles; kept, because a rate would be heard as "twelve one two percent".

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("20%, 3-4 per cent, 12½% and -0.5%")
    'twenty percent, three to four percent, twelve and a half percent and minus zero point five percent'
    """
    text = tongue.sub(
        rf"{_MIXED}(?: ?%| per ?cent\b)",
        lambda m, _: f"{say_fractions(m[1], tongue)} {tongue.word('percent')}",
        text,
    )
    text = tongue.sub(
        _PERCENT, lambda m, _: f"{_signed(m, tongue)} {tongue.word('percent')}{m['points'] or ''}", text
    )
    return text.replace("per cent", tongue.word("percent"))


def say_temperatures(text: str, tongue: Tongue) -> str:
    """
    Say temperatures; 9 in 604 articles. "°C" names the scale, as the writer did.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("It was -5C, then 30°C.")
    'It was minus five degrees, then thirty degrees Celsius.'
    """
    return tongue.sub(_TEMPERATURE, _say_temperature, text)


def say_heights(text: str, tongue: Tongue) -> str:
    """
    Say heights in feet and inches and weights in stone.

    1 in 604 articles; kept, because appeals for missing people give both. Without the rules "9st" is heard as
    "ninth", "1m 85cm" as one million and "5'11" without its unit.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("He is 6ft 2in.")
    'He is six foot two.'
    >>> make_speakable("She weighs 9st, he 12st 4lb.")
    'She weighs nine stone, he twelve stone four.'
    >>> make_speakable("1m 85cm tall")
    'one metre eighty-five tall'
    """
    foot, stone = (tongue.tables["heights"][name][0] for name in ("foot", "stone"))
    for pattern, unit in ((_FOOT, f" {foot} "), (_STONE, f" {stone} ")):
        text = tongue.sub(pattern, partial(_say_two_figures, glue=unit), text)
    text = tongue.sub(rf"{_FREE}(\d?[02-9]|11)st(?!\w)", lambda m, _: f"{tongue.whole(m[1])} {stone}", text)
    metre, metres = tongue.tables["metre"]["forms"]
    return tongue.sub(
        rf"{_FREE}(\d)m ?(\d\d)(?:cm)?(?!\w)",
        lambda m, _: _say_two_figures(m, tongue, glue=f" {metre if m[1] == '1' else metres} "),
        text,
    )


def _say_two_figures(match: re.Match[str], tongue: Tongue, *, glue: str) -> str:
    r"""
    Two figures with the larger unit between them; the smaller unit is not said.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _say_two_figures(re.match(r"(\d)ft (\d)in", "6ft 2in"), load_tongue("en-GB"), glue=" foot ")
    'six foot two'
    """
    return f"{tongue.whole(match[1])}{glue}{tongue.whole(match[2])}"


def say_units(text: str, tongue: Tongue) -> str:
    """
    Say figures with a unit, singular before a noun ("a 30mph limit"); 93 in 604 articles.

    The signs come from the SI brochure and the weights and measures of Britain and America (units.toml).
    Some match under three times in 604 articles and are kept, because a figure would lose its unit or its value:
    "4in of snow" (1) and a sign for inches (none) are heard as "four in" and "three of rain", seconds ("9.58s", none) and
    "3x" (1) as plurals and letters, fractions before a unit ("2½ miles", none) as two more figures, and a full
    stop ("12-oz. can", none; American print) ends the sentence.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("5km away, 300 sq m, 50km/h winds, 20g/l, a 3 x 4m room")
    'five kilometres away, three hundred square metres, fifty kilometres per hour winds, twenty grams per litre, a three by four metre room'
    >>> make_speakable("4in of snow, a 100m sprint")
    'four inches of snow, a one hundred metre sprint'
    >>> make_speakable("a 12-oz. can, in 9.58s, 3x faster, 2½ miles")
    'a twelve ounce can, in nine point five eight seconds, three times faster, two and a half miles'
    >>> make_speakable('3" of rain')
    'three inches of rain'
    """
    glued = tongue.tables["glued_units"]
    text = tongue.sub(_INCHES, r"\1 ins", text)
    text = tongue.sub(_ABBREVIATED, lambda m, _: m[0].replace(".", ""), text)
    text = tongue.sub(
        rf"{_MIXED}[ -]?(«units»)(?![\w/])",
        lambda m, _: f"{say_fractions(m[1], tongue)} {_forms(m[2], tongue)[1]}",
        text,
    )
    text = tongue.sub(r"(?<=\d)(?:«glued_units»)(?![\w-])", lambda m, _: f" {glued[m[0]]}", text)
    text = tongue.sub(rf"{_FREE}(\d{{1,6}}\.\d{{1,3}})s(?!\w)", r"\1 secs", text)
    text = tongue.sub(rf"{_FREE}(\d{{1,3}})x(?= [a-z]|[.,;]|$)", r"\1 «times»", text)
    text = tongue.sub(_TIMES, _say_times, text)
    text = tongue.sub(
        _UNIT, lambda m, _: _say_unit(m, tongue, _forms(m["unit"], tongue)) + _say_per(m, tongue), text
    )
    return tongue.sub(_METRE, lambda m, _: _say_unit(m, tongue, tongue.tables["metre"]["forms"]), text)


def say_scales(text: str, tongue: Tongue) -> str:
    """
    Say "5m people" as millions; 97 in 604 articles.

    A 10k is a run, 10k of anything else are thousands. None in 604 articles; kept, because fun runs are in every local
    station's news, and "the ten thousand" is another distance to listeners or the number of runners.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("5m people, 10k tickets for the 10k run")
    'five million people, ten thousand tickets for the ten K run'
    """
    scales = tongue.tables["scales"]
    text = tongue.sub(_K_RUN, lambda m, _: f"{tongue.number(m['number'] or m['distance'])} K", text)
    return tongue.sub(_SCALE, lambda m, _: f"{_signed(m, tongue)} {scales[m['scale']]}", text)


def _forms(unit: str, tongue: Tongue) -> list[str]:
    """
    Singular and plural of a unit, also of one in capitals.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _forms("km", load_tongue("en-GB")), _forms("MPH", load_tongue("en-GB"))
    (['kilometre', 'kilometres'], ['mile per hour', 'miles per hour'])
    """
    units = tongue.tables["units"]
    forms: list[str] = units[unit] if unit in units else units[unit.lower()]
    return forms


def _signed(match: re.Match[str], tongue: Tongue) -> str:
    """
    Figure or range with a minus before each part that has one.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_signed(re.search(_PERCENT, text), load_tongue("en-GB")) for text in ("3-4%", "-5 to -2%", "-0.5%")]
    ['three to four', 'minus five to minus two', 'minus zero point five']
    """
    minus = f"{tongue.word('minus')} "
    spoken = f"{minus if match['minus'] else ''}{tongue.number(match['number'])}"
    if not match["low"]:
        return spoken
    low = tongue.number(match["low"].lstrip("-"))
    return f"{minus if match['low'][0] == '-' else ''}{low} {tongue.word('to')} {spoken}"


def _say_temperature(match: re.Match[str], tongue: Tongue) -> str:
    """
    Temperature with its scale as printed; one degree, and degrees before a noun, are singular.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_TEMPERATURE, _say_temperature, "It was -5C, then 1°, in a 30°C heat.")
    'It was minus five degrees, then one degree, in a thirty degree Celsius heat.'
    """
    spoken = str(tongue.tables["temperatures"][match["scale"].replace(" ", "")])
    if (match["number"] == "1" and not match["low"]) or is_adjective(match, tongue):
        spoken = spoken.replace(tongue.word("degrees"), tongue.word("degree"))
    return f"{_signed(match, tongue)} {spoken}"


def _say_unit(match: re.Match[str], tongue: Tongue, forms: list[str]) -> str:
    """
    Figure with its unit, in the singular after one and before a noun: see `is_adjective`.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue = load_tongue("en-GB")
    >>> tongue.sub(_UNIT, lambda m, _: _say_unit(m, tongue, _forms(m["unit"], tongue)), "1km, a 30mph limit")
    'one kilometre, a thirty mile per hour limit'
    """
    singular, plural = forms
    nouns = tongue.words("measured_nouns")
    if forms == tongue.tables["metre"]["forms"]:
        nouns |= tongue.words("metre_nouns") - tongue.words("not_nouns")
    single = (match["number"] == "1" and not match["low"]) or is_adjective(match, tongue, nouns=nouns)
    # "a 10-yr deal", not "18-24 mths"
    joined = re.match(r"-[A-Za-z]", match.string[match.end("number") :])
    noun = re.match(r" ([a-z]+)", match.string[match.end() :])
    single |= bool(joined and noun and noun[1] not in tongue.words("not_nouns"))
    is_end = match.groupdict().get("unit", "")[-1:] == "." and _ENDS.match(match.string, match.end())
    stop = "." if is_end else ""
    return f"{_signed(match, tongue)} {singular if single else plural}{stop}"


def _say_per(match: re.Match[str], tongue: Tongue) -> str:
    """
    Unit after a slash, in the singular after "per"; empty without one.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> pattern = load_tongue("en-GB").pattern(_UNIT)
    >>> [_say_per(pattern.search(text), load_tongue("en-GB")) for text in ("20g/l", "20g/day", "20g")]
    [' per litre', ' per day', '']
    """
    if not match["per"]:
        return ""
    is_unit = match["per"] not in tongue.words("per_whats")
    return f" {tongue.word('per')} {_forms(match['per'], tongue)[0] if is_unit else match['per']}"


def _say_times(match: re.Match[str], tongue: Tongue) -> str:
    """
    Two sides of a room or a field, with "by" for the sign.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_TIMES, _say_times, "a 3 x 4m room, 4×4")
    'a three by 4 m room, four by 4'
    """
    metres = " m" if match["metres"] else ""
    return f"{tongue.whole(match['count'])} {tongue.word('by')} {match['number']}{metres}"
