"""Codes of letters and figures -> both said: "A361" -> "A-three-six-one", "M25" -> "M-twenty-five", "5G" -> "five-G"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either

_MOTORWAY = re.compile(r"(?<!\w)([A-Z]\d{1,3})\(M\)")
_JUNCTION = re.compile(
    r"(?<!\w)J(?=\d{1,2}[a-z]? (?:(?:of|on|at|for) (?:the )?[AM]|(?:to|and|or) J)\d)|(?<=[AM]\d )J(?=\d)|(?<=[AM]\d\d )J(?=\d)"
)
_JUNCTIONS = re.compile(r"(?<!\w)J(\d{1,2}a?)( [a-z]{2,3} | ?[-–] ?)J?(\d{1,2}a?)(?!\w)")
_UNDER = re.compile(r"(?<!\w)U-?(1\d|2[0-3])(s?)(?!\w)")
_CODE = re.compile(
    r"(?<![\w])(?<!\d\.)(?P<code>(?:[A-Z]{1,4}-?\d{1,5}|\d{1,4}[A-Z]{1,3})(?:-?[A-Z]{1,2}\d{0,2}|-\d{1,3})?)(?P<many>'?s)?(?!\w)"
)
_GLUED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?!'?s(?!\w))(?=[^\W\d_])")
_FREQUENCY = re.compile(
    r"(?<![\w.,£$€])(\d{2,3})\.(\d{1,2})(?=(?:,? (?:and|&|to|or)? ?\d{2,3}\.\d{1,2}){0,4} ?(?:FM|fm|MHz)\b)"
)
_BAND_RANGE = re.compile(r"(?<![\w.,£$€])(\d{2,3}\.\d{1,2}) ?[-–] ?(?=\d{2,3}\.\d{1,2} ?(?:FM|fm|MHz)\b)")
_AIRBUS = re.compile(r"(?<!\w)(Airbus A)-?(\d)([1-9]\d)(?!\w)")
_BAND = re.compile(r"(?<=\d)(?=FM\b|DAB\b)")


def say_frequencies(text: str, tongue: Tongue) -> str:
    """
    Say frequencies digit by digit, as stations say their own.

    None in 604 articles: a station's greeting and its own stories name them. A band of them ("87.7-88.5FM"): rare in
    national news (none of 604 articles), common in what local stations write of themselves.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("103.5 and 105.3 FM")
    'one-oh-three point five and one-oh-five point three F-M'
    >>> make_speakable("87.7-88.5FM")
    'eighty-seven point seven to eighty-eight point five F-M'
    """

    def say(match: re.Match[str]) -> str:
        whole, decimals = match[1], tongue.each_digit(match[2], nought=tongue.word("oh"))
        after = " " if match.string[match.end() : match.end() + 1].isalpha() else ""
        whole = _digits(whole, tongue) if len(whole) == 3 else tongue.whole(whole)
        return f"{whole} {tongue.word('point')} {decimals}{after}"

    text = _BAND_RANGE.sub(rf"\1 {tongue.word('to')} ", text)
    text = _BAND.sub(" ", _FREQUENCY.sub(say, text))
    megahertz = tongue.table("units")["MHz"][1]
    return re.sub(r"(?<=[a-z]) ?MHz\b", f" {megahertz}", text)


def say_models(text: str, tongue: Tongue) -> str:
    """
    Say the figures of models, flights and rooms digit by digit; 8 in 604 articles.

    An Airbus is said in two numbers: rare in national news (1 of 604 articles), common in airport news of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("the Boeing 737-800")
    'the Boeing seven-three-seven eight-oh-oh'
    >>> make_speakable("an Airbus A320")
    'an Airbus A-three-twenty'
    """
    text = _AIRBUS.sub(lambda m: f"{m[1]}-{tongue.whole(m[2])}-{tongue.whole(m[3])}", text)
    return _model(tongue).sub(
        lambda m: m[1] + _digits(m[2], tongue) + (f" {_digits(m[3], tongue)}" if m[3] else ""), text
    )


def say_codes(text: str, tongue: Tongue) -> str:
    """
    Say codes of letters and figures (roads, aircraft, generations), 171 of them in 604 articles.

    Up to two figures are a number, three and more are digits, as British travel news reads road numbers. Hyphens join the
    parts, so that engines say the letter A and not the article. Junctions, "A1(M)" and "U21s" (none in 604) are
    how travel and sport feeds of British stations write.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("the M25, the A361 and the F-35")
    'the M-twenty-five, the A-three-six-one and the F-thirty-five'
    >>> make_speakable("between J15 and J16 of the A1(M)")
    'between junction fifteen and junction sixteen of the A-one-M'
    >>> make_speakable("the England U21s")
    'the England under-twenty-ones'
    """
    text = _JUNCTIONS.sub(lambda m: _say_junctions(m, tongue), text)
    text = _JUNCTION.sub(f"{tongue.word('junction')} ", text)
    text = _MOTORWAY.sub(lambda m: f"{_say(m[1], tongue)}-M", text)
    text = _UNDER.sub(lambda m: f"{tongue.word('under')}-{tongue.whole(m[1])}{m[2]}", text)
    text = _CODE.sub(lambda m: _say(m["code"], tongue) + ("'s" if m["many"] else ""), text)
    return _GLUED.sub(" ", text)


@lru_cache(maxsize=16)
def _model(tongue: Tongue) -> re.Pattern[str]:
    makers = either(tongue.table("codes")["digit_by_digit_after"])
    return re.compile(rf"(\b(?:{makers}) )(\d{{3,4}})(?:-(\d{{1,3}}))?(?!\w)(?![.,]\d)")


def _say_junctions(match: re.Match[str], tongue: Tongue) -> str:
    """ "J15 and J16", "J15-16"."""
    glue = match[2].strip(" -–") or tongue.word("to")
    if glue not in (tongue.word("to"), tongue.word("and"), tongue.word("or")):
        return match[0]
    junction = tongue.word("junction")
    return f"{junction} {match[1]} {glue} {junction} {match[3]}"


def _say(code: str, tongue: Tongue) -> str:
    spoken = []
    for part in re.findall(r"[A-Z]+|\d+", code):
        if part.isdigit():
            spoken.append(_figures(part, tongue))
        else:
            word = tongue.table("said").get(part) if len(part) > 2 else None
            spoken.append(word or "-".join(part))
    if re.fullmatch(r"[A-Z]{3,4}-?\d+", code):
        return " ".join(spoken)
    return "-".join(spoken)


def _figures(digits: str, tongue: Tongue) -> str:
    if len(digits) > 2 or digits[0] == "0":
        return _digits(digits, tongue)
    return tongue.whole(digits)


def _digits(digits: str, tongue: Tongue) -> str:
    return tongue.each_digit(digits, nought=tongue.word("oh")).replace(" ", "-")
