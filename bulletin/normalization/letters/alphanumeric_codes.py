"""
Codes of letters and figures -> both said: "A361" -> "A-three-six-one", "M25" -> "M-twenty-five", "5G" -> "five-G".

Source: counts in the 604 fresh articles: `python -m bench.normalization_matches`. Judgement, no source: how a code
is said, because no style guide writes it down; road numbers follow British travel news.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

_MOTORWAY = r"(?<!\w)([A-Z]\d{1,3})\(M\)"
"""Example: `say_codes`."""
_JUNCTION = r"(?<!\w)J(?=\d{1,2}[a-z]? (?:(?:of|on|at|for) (?:the )?[AM]|(?:to|and|or) J)\d)|(?<=[AM]\d )J(?=\d)|(?<=[AM]\d\d )J(?=\d)"
"""
>>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
>>> load_tongue("en-GB").sub(_JUNCTION, "«junction» ", "at J15 of the M4")
'at junction 15 of the M4'
"""
_JUNCTIONS = r"(?<!\w)J(\d{1,2}a?)( [a-z]{2,3} | ?[-–] ?)J?(\d{1,2}a?)(?!\w)"
"""Example: `_say_junctions`."""
_UNDER = r"(?<!\w)U-?(1\d|2[0-3])(s?)(?!\w)"
"""Example: `say_codes`."""
_CODE = r"(?<![\w])(?<!\d\.)(?P<code>(?:[A-Z]{1,4}-?\d{1,5}|\d{1,4}[A-Z]{1,3})(?:-?[A-Z]{1,2}\d{0,2}|-\d{1,3})?)(?P<many>'?s)?(?!\w)"
"""Example: `say_codes`."""
_GLUED = r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?!'?s(?!\w))(?=[^\W\d_])"
"""
>>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
>>> load_tongue("en-GB").sub(_GLUED, " ", "Wexcombe2")
'Wexcombe 2'
"""
_FREQUENCY = (
    r"(?<![\w.,£$€])(\d{2,3})\.(\d{1,2})(?=(?:,? (?:and|&|to|or)? ?\d{2,3}\.\d{1,2}){0,4} ?(?:FM|fm|MHz)\b)"
)
"""Example: `say_frequencies`."""
_MODEL = r"(\b(?:«codes.digit_by_digit_after») )(\d{3,4})(?:-(\d{1,3}))?(?!\w)(?![.,]\d)"
"""Example: `say_models`."""


def say_frequencies(text: str, tongue: Tongue) -> str:
    """
    Say frequencies digit by digit, as stations say their own.

    None in 604 articles; kept, because a station's greeting and its own stories name its frequency in every bulletin.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("103.5 and 105.3 FM")
    'one-oh-three point five and one-oh-five point three F-M'
    >>> make_speakable("on 96.3FM and 101.2 MHz")
    'on ninety-six point three F-M and one-oh-one point two megahertz'
    """
    text = tongue.sub(r"(?<=\d)(?=FM\b|DAB\b)", " ", tongue.sub(_FREQUENCY, _say_frequency, text))
    return tongue.sub(r"(?<=[a-z]) ?MHz\b", f" {tongue.tables['units']['MHz'][1]}", text)


def say_models(text: str, tongue: Tongue) -> str:
    """
    Say the figures of models, flights and rooms digit by digit; 8 in 604 articles.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("the Boeing 737-800")
    'the Boeing seven-three-seven eight-oh-oh'
    """
    return tongue.sub(
        _MODEL, lambda m, _: m[1] + " ".join(_digits(part, tongue) for part in m.groups()[1:] if part), text
    )


def say_codes(text: str, tongue: Tongue) -> str:
    """
    Say codes of letters and figures (roads, aircraft, generations), 171 of them in 604 articles.

    Up to two figures are a number, three and more are digits, as British travel news reads road numbers.
    Hyphens join the parts, so that engines say the letter A and not the article. Junctions, "A1(M)" and
    "U21s": none in 604 articles, which hold no travel news. They are kept, because a driver must hear the
    junction and the motorway, and "U-twenty-one's" is no team.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("the M25, the A361 and the F-35")
    'the M-twenty-five, the A-three-six-one and the F-thirty-five'
    >>> make_speakable("between J15 and J16 of the A1(M)")
    'between junction fifteen and junction sixteen of the A-one-M'
    >>> make_speakable("the England U21s")
    'the England under-twenty-ones'
    """
    text = tongue.sub(_JUNCTIONS, _say_junctions, text)
    text = tongue.sub(_JUNCTION, "«junction» ", text)
    text = tongue.sub(_MOTORWAY, lambda m, _: f"{_say(m[1], tongue)}-M", text)
    text = tongue.sub(_UNDER, lambda m, _: f"{tongue.word('under')}-{tongue.whole(m[1])}{m[2]}", text)
    text = tongue.sub(_CODE, lambda m, _: _say(m["code"], tongue) + ("'s" if m["many"] else ""), text)
    return tongue.sub(_GLUED, " ", text)


def _say_frequency(match: re.Match[str], tongue: Tongue) -> str:
    """
    Frequency as stations say their own: three figures digit by digit, two as a number.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_FREQUENCY, _say_frequency, "on 103.5 and 96.3 FM")
    'on one-oh-three point five and ninety-six point three FM'
    """
    whole = _digits(match[1], tongue) if len(match[1]) == 3 else tongue.whole(match[1])
    after = " " if match.string[match.end() : match.end() + 1].isalpha() else ""
    return f"{whole} {tongue.word('point')} {tongue.reference(match[2])}{after}"


def _say_junctions(match: re.Match[str], tongue: Tongue) -> str:
    """
    Two junctions of a motorway, each with the word, because a driver must hear both.

    Only "to", "and", "or" and a hyphen join two; with any other word the text stays as printed.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_JUNCTIONS, _say_junctions, "between J15 and J16, at J4-5, J6 via J7")
    'between junction 15 and junction 16, at junction 4 to junction 5, J6 via J7'
    """
    glue = match[2].strip(" -–") or tongue.word("to")
    if glue not in (tongue.word("to"), tongue.word("and"), tongue.word("or")):
        return match[0]
    junction = tongue.word("junction")
    return f"{junction} {match[1]} {glue} {junction} {match[3]}"


def _say(code: str, tongue: Tongue) -> str:
    """
    Code of letters and figures: up to two figures are a number, more are digits (British travel news).

    A hyphen joins the parts, so that engines say the letter A and not the article; three letters stand apart.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_say(code, load_tongue("en-GB")) for code in ("M25", "A361", "F-35", "BBC2")]
    ['M-twenty-five', 'A-three-six-one', 'F-thirty-five', 'B-B-C two']
    """

    def say_part(part: str) -> str:
        if part.isdigit():
            return _digits(part, tongue) if len(part) > 2 or part[0] == "0" else tongue.whole(part)
        return (len(part) > 2 and tongue.tables["said"].get(part)) or "-".join(part)

    glue = " " if re.fullmatch(r"[A-Z]{3,4}-?\d+", code) else "-"
    return glue.join(map(say_part, re.findall(r"[A-Z]+|\d+", code)))


def _digits(digits: str, tongue: Tongue) -> str:
    """
    Digits of a code, joined by hyphens, with "oh" for noughts.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _digits("105", load_tongue("en-GB"))
    'one-oh-five'
    """
    return tongue.reference(digits).replace(" ", "-")
