"""Percentages, temperatures, heights and units -> words: "6ft 2in" -> "six foot two"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.numbers.attributive_amounts import is_adjective
from bulletin.normalization.numbers.number_patterns import NUMBER, START
from bulletin.normalization.numbers.ranges_and_scores import say_fractions

_RANGE = rf"(?:(?P<low>-?{NUMBER}) ?(?:[-–]| to ) ?)?"
_MINUS = r"(?P<minus>(?<![\w)])-)?"
_FREE = r"(?<![\w.,])(?<!\w-)"
_SECONDS = re.compile(rf"{_FREE}(\d{{1,6}}\.\d{{1,3}})s(?!\w)")
_WEIGHT = re.compile(rf"{_FREE}(?P<large>\d{{1,3}})lbs?\.? (?P<small>\d{{1,2}})oz(?!\w)")
_STONES = re.compile(rf"{_FREE}(\d?[02-9]|11)st(?!\w)")
_STONE = re.compile(rf"{_FREE}(?P<large>\d{{1,3}})st\.? (?P<small>\d{{1,2}})lbs?(?!\w)")
_METRES = re.compile(rf"{_FREE}(\d)m ?(\d\d)(?:cm)?(?!\w)")
_FOLD = re.compile(rf"{_FREE}(\d{{1,3}})x(?= [a-z]|[.,;]|$)")
_INCHES = re.compile(rf"{_FREE}(\d{{1,3}})\"(?= (?:of|tall|wide|long|deep|thick|across|screen|TV|pipe|gun))")
_TIMES_OF = re.compile(rf"{_FREE}(\d{{1,3}}) ?[x×] (?=[a-z£€$])")
_MIXED = re.compile(r"(?<![\w.,/])(\d{1,4} \d/\d{1,2})(?: ?%| per ?cent\b)")
_PERCENT = re.compile(
    rf"{_FREE}{_RANGE}{_MINUS}(?P<number>{NUMBER}|\.\d{{1,9}}) ?-?(?:%|per[ -]?cent\b)(?P<points> points?\b)?"
)
_FOOT = re.compile(
    rf"{_FREE}(?P<large>\d{{1,3}})(?:ft|'|-foot-| ft)\.? ?-?(?P<small>\d{{1,2}})(?:in\b|ins\b|\"|'')?(?!\w)"
)
_ENDS = re.compile(r"$| [A-Z]")
_TIMES = re.compile(rf"{START}(?P<count>\d{{1,3}}) ?[x×] ?(?P<number>\d{{1,5}})(?P<metres>m)?(?!\w)")


def say_percentages(text: str, tongue: Tongue) -> str:
    """
    Say percentages; 513 in 604 articles. "Percent" is one word, because engines stress it better.

    "12½%" (none) stays, because its fraction would be read as two more figures.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("20%, 3-4 per cent, 12½% and -0.5%")
    'twenty percent, three to four percent, twelve and a half percent and minus zero point five percent'
    """
    text = _MIXED.sub(lambda m: f"{say_fractions(m[1], tongue)} {tongue.word('percent')}", text)
    text = _PERCENT.sub(
        lambda m: _signed(m, tongue) + " " + tongue.word("percent") + (m["points"] or ""), text
    )
    return text.replace("per cent", tongue.word("percent"))


def say_temperatures(text: str, tongue: Tongue) -> str:
    """
    Say temperatures; 9 in 604 articles. "°C" names the scale, as the writer did.

    Two scales with a slash ("180C/350F"): rare in national news (none of 604 articles), common in weather and recipes
    of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("It was -5C, then 30°C.")
    'It was minus five degrees, then thirty degrees Celsius.'
    >>> make_speakable("Bake at 180C/350F.")
    'Bake at one hundred and eighty degrees, three hundred and fifty degrees Fahrenheit.'
    """
    text = re.sub(r"(?<=\d[CF])/(?=\d|[a-z])", ", ", text)
    return _temperature(tongue).sub(lambda m: _say_temperature(m, tongue), text)


def say_heights(text: str, tongue: Tongue) -> str:
    """
    Say heights in feet and inches and weights in stone.

    1 in 604 articles; kept for sport and crime appeals of British stations, which would hear "9st" as an ordinal.
    "7lb 4oz" and "1m 85cm": rare in national news (none of 604 articles), common in births, sport and appeals for
    missing people of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("He is 6ft 2in.")
    'He is six foot two.'
    >>> make_speakable("She weighs 9st, he 12st 4lb.")
    'She weighs nine stone, he twelve stone four.'
    >>> make_speakable("a 7lb 4oz baby, weighing 7lb 4oz; 1m 85cm tall")
    'a seven pound four ounce baby, weighing seven pounds four ounces; one metre eighty-five tall'
    """
    foot, stone = tongue.table("heights")["foot"][0], tongue.table("heights")["stone"][0]
    for pattern, unit in ((_FOOT, foot), (_STONE, stone)):
        text = pattern.sub(
            lambda m, unit=unit: f"{tongue.whole(m['large'])} {unit} {tongue.whole(m['small'])}",  # type: ignore[misc]
            text,
        )
    text = _WEIGHT.sub(lambda m: _say_weight(m, tongue), text)
    text = _STONES.sub(lambda m: f"{tongue.whole(m[1])} {stone}", text)
    metre, metres = tongue.table("metre")["forms"]
    return _METRES.sub(
        lambda m: f"{tongue.whole(m[1])} {metre if m[1] == '1' else metres} {tongue.whole(m[2])}", text
    )


def _say_weight(match: re.Match[str], tongue: Tongue) -> str:
    """ "weighing 7lb 4oz", "a 7lb 4oz baby"."""
    units = tongue.table("units")
    is_single = is_adjective(match, tongue)
    return " ".join(
        f"{tongue.whole(match[part])} {units[unit][0 if is_single or match[part] == '1' else 1]}"
        for part, unit in (("large", "lb"), ("small", "oz"))
    )


def say_units(text: str, tongue: Tongue) -> str:
    """
    Say figures with a unit, singular before a noun ("a 30mph limit"); 93 in 604 articles.

    The signs are those of the SI brochure and of weights and measures of Britain and America (units.toml). "4in of
    snow" (1) is how weather feeds write; full stops ("12-oz. can", none) are American print, and would end a
    sentence; seconds ("9.58s", none) and "3x" (1) would be plurals and letters.
    Fractions before a unit ("2½ miles", none) would be read as two more figures. A sign for inches (3" of rain) and
    "10 x £100": rare in national news (none of 604 articles), common in weather, competitions and listings of local
    feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("5km away, 300 sq m, 50km/h winds, 20g/l, a 3 x 4m room")
    'five kilometres away, three hundred square metres, fifty kilometres per hour winds, twenty grams per litre, a three by four metre room'
    >>> make_speakable("4in of snow, a 100m sprint")
    'four inches of snow, a one hundred metre sprint'
    >>> make_speakable("a 12-oz. can, in 9.58s, 3x faster, 2½ miles")
    'a twelve ounce can, in nine point five eight seconds, three times faster, two and a half miles'
    >>> make_speakable('3" of rain, 10 x £100 prizes')
    'three inches of rain, ten times one hundred pound prizes'
    """
    text = _INCHES.sub(r"\1 ins", text)
    text = _stopped(tongue).sub(lambda m: m[0].replace(".", ""), text)
    text = _mixed(tongue).sub(lambda m: f"{say_fractions(m[1], tongue)} {_forms(m[2], tongue)[1]}", text)
    text = _glued(tongue).sub(lambda m: f" {tongue.table('glued_units')[m[0]]}", text)
    text = _SECONDS.sub(r"\1 secs", text)
    text = _FOLD.sub(rf"\1 {tongue.word('times')}", text)
    text = _TIMES_OF.sub(rf"\1 {tongue.word('times')} ", text)
    text = _TIMES.sub(lambda m: _say_times(m, tongue), text)
    text = _unit(tongue).sub(
        lambda m: _say_unit(m, tongue, _forms(m["unit"], tongue)) + _say_per(m, tongue), text
    )
    return _metre(tongue).sub(lambda m: _say_unit(m, tongue, tongue.table("metre")["forms"]), text)


def say_scales(text: str, tongue: Tongue) -> str:
    """
    Say "5m people" as millions; 97 in 604 articles.

    A 10k is a run (none in 604, but every local station tells of some), 10k of anything else are thousands.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("5m people, 10k tickets for the 10k run")
    'five million people, ten thousand tickets for the ten K run'
    """
    scales = tongue.table("scales")
    runs = tongue.any_of("k_runs")
    k_run = rf"{START}(?P<number>\d{{1,2}})[kK](?= (?:{runs})\b)|(?<=\b[Tt]he )(?P<distance>\d{{1,2}})[kK](?!\w)(?! [a-z]+s\b)"
    text = re.sub(k_run, lambda m: f"{tongue.number(m['number'] or m['distance'])} K", text)
    return _scale(tongue).sub(lambda m: f"{_signed(m, tongue)} {scales[m['short'] or m['long']]}", text)


@lru_cache(maxsize=16)
def _glued(tongue: Tongue) -> re.Pattern[str]:
    """Letters that are a unit only right after a figure: "4in of snow"."""
    return re.compile(rf"(?<=\d)(?:{either(tongue.table('glued_units'))})(?![\w-])")


@lru_cache(maxsize=16)
def _scale(tongue: Tongue) -> re.Pattern[str]:
    scales = tongue.table("scales")
    # without a sign of money "3b" is a flat
    short, long = (
        either(s for s in scales if (len(s) <= 3) is is_short and s not in ("b", "B"))
        for is_short in (True, False)
    )
    return re.compile(
        rf"{_FREE}{_RANGE}{_MINUS}(?P<number>{NUMBER})(?P<glue>[ -]?)(?:(?P<short>(?<=\d)(?:{short}))|(?P<long>{long}))(?!\w)"
    )


@lru_cache(maxsize=16)
def _temperature(tongue: Tongue) -> re.Pattern[str]:
    scale = r"(?P<scale>(?:° ?[CFK](?![\w])|°|(?<=\d)[CF](?![\w&])(?!-\d)))"
    return re.compile(
        rf"{_FREE}(?:(?P<low>-?{NUMBER})[°CF]{{0,2}} ?(?:[-–]| to ) ?)?{_MINUS}(?P<number>{NUMBER}) ?{scale}"
    )


@lru_cache(maxsize=16)
def _unit(tongue: Tongue) -> re.Pattern[str]:
    units = either([*tongue.table("units"), *tongue.table("shouted_units")["forms"]])
    per = rf"(?:/(?P<per>{units}|{tongue.any_of('per_whats')}))?"
    return re.compile(
        rf"{_FREE}{_RANGE}{_MINUS}(?P<number>{NUMBER})[ -]?(?P<unit>{units}){per}(?![\w/])(?!\.\w)"
    )


@lru_cache(maxsize=16)
def _stopped(tongue: Tongue) -> re.Pattern[str]:
    """ "12-oz. can", "1,500 sq. ft.": full stops that belong to a unit."""
    units = either(unit for unit in tongue.table("units") if unit.isalpha() and len(unit) < 5)
    pairs = either(
        two for unit in tongue.table("units") if " " in unit for two in (unit.replace(" ", ". "), unit)
    )
    return re.compile(rf"(?<=\d)[ -]?(?:{pairs})(?:\.(?! ?[A-Z]|$))?|(?<=\d)[ -]?(?:{units})\.(?= [a-z])")


@lru_cache(maxsize=16)
def _mixed(tongue: Tongue) -> re.Pattern[str]:
    """ "2 1/2 kg": a fraction before a unit."""
    return re.compile(rf"(?<![\w.,/])(\d{{1,4}} \d/\d{{1,2}})[ -]?({either(tongue.table('units'))})(?![\w/])")


@lru_cache(maxsize=16)
def _metre(tongue: Tongue) -> re.Pattern[str]:
    """The letter m is metres with a space, before a word of length, in a tall person; else it means millions."""
    follows = rf"(?= (?:[a-z]+ )?(?:{tongue.any_of('metre_nouns')})\b)|-(?:{tongue.any_of('metre_nouns')})\b"
    return re.compile(
        rf"{_FREE}{_RANGE}{_MINUS}(?P<number>{NUMBER})(?: m(?![\w])(?= |[.,;)]|$)|m(?!\w)(?={follows})|(?<=,\d{{3}})m(?!\w))"
    )


def _forms(unit: str, tongue: Tongue) -> list[str]:
    units = tongue.table("units")
    forms: list[str] = units[unit] if unit in units else units[unit.lower()]
    return forms


def _signed(match: re.Match[str], tongue: Tongue) -> str:
    spoken = tongue.number(match["number"])
    if match["minus"]:
        spoken = f"{tongue.word('minus')} {spoken}"
    if match["low"]:
        spoken = f"{_low(match['low'], tongue)} {tongue.word('to')} {spoken}"
    return spoken


def _low(written: str, tongue: Tongue) -> str:
    spoken = tongue.number(written.lstrip("-"))
    return f"{tongue.word('minus')} {spoken}" if written.startswith("-") else spoken


def _say_temperature(match: re.Match[str], tongue: Tongue) -> str:
    spoken = str(tongue.table("temperatures")[match["scale"].replace(" ", "")])
    if (match["number"] == "1" and not match["low"]) or is_adjective(match, tongue):
        spoken = spoken.replace(tongue.word("degrees"), tongue.word("degree"))
    return f"{_signed(match, tongue)} {spoken}"


def _say_unit(match: re.Match[str], tongue: Tongue, forms: list[str]) -> str:
    one, many = forms
    nouns = tongue.words("measured_nouns")
    if forms == tongue.table("metre")["forms"]:
        nouns |= tongue.words("metre_nouns") - tongue.words("not_nouns")
    single = (match["number"] == "1" and not match["low"]) or is_adjective(match, tongue, nouns=nouns)
    # "a 10-yr deal", not "18-24 mths"
    joined = re.match(r"-[A-Za-z]", match.string[match.end("number") :])
    noun = re.match(r" ([a-z]+)", match.string[match.end() :])
    single |= bool(joined and noun and noun[1] not in tongue.words("not_nouns"))
    stop = (
        "."
        if match.groupdict().get("unit", "")[-1:] == "." and _ENDS.match(match.string, match.end())
        else ""
    )
    return f"{_signed(match, tongue)} {one if single else many}{stop}"


def _say_per(match: re.Match[str], tongue: Tongue) -> str:
    """ "20g/l" -> "twenty grams per litre"."""
    if not match["per"]:
        return ""
    is_unit = match["per"] not in tongue.words("per_whats")
    return f" {tongue.word('per')} {_forms(match['per'], tongue)[0] if is_unit else match['per']}"


def _say_times(match: re.Match[str], tongue: Tongue) -> str:
    metres = " m" if match["metres"] else ""
    return f"{tongue.whole(match['count'])} {tongue.word('by')} {match['number']}{metres}"
