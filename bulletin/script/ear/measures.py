"""Percentages, temperatures, heights and units -> words: "6ft 2in" -> "six foot two"."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest

from bulletin.script.ear.adjectives import is_adjective
from bulletin.script.ear.figures import NUMBER, START
from bulletin.script.ear.scores import say_fractions
from bulletin.script.ear.tongue import Tongue, either

_RANGE = rf"(?:(?P<low>-?{NUMBER}) ?(?:[-–]| to ) ?)?"
_MINUS = r"(?P<minus>(?<![\w)])-)?"
_FREE = r"(?<![\w.,])(?<!\w-)"
_SECONDS = re.compile(rf"{_FREE}(\d{{1,6}}\.\d{{1,3}})s(?!\w)")
_WEIGHT = re.compile(rf"{_FREE}(?P<large>\d{{1,3}})lbs?\.? (?P<small>\d{{1,2}})oz(?!\w)")
_STONES = re.compile(rf"{_FREE}(\d?[02-9]|11)st(?!\w)")
_METRES = re.compile(rf"{_FREE}(\d)m ?(\d\d)(?:cm)?(?!\w)")
_FOLD = re.compile(rf"{_FREE}(\d{{1,3}})x(?= [a-z]|[.,;]|$)")
_MIXED = re.compile(r"(?<![\w.,/])(\d{1,4} \d/\d{1,2})(?: ?%| per ?cent\b)")
_PERCENT = re.compile(
    rf"{_FREE}{_RANGE}{_MINUS}(?P<number>{NUMBER}|\.\d{{1,9}}) ?-?(?:%|per[ -]?cent\b)(?P<points> points?\b)?"
)
_FOOT = re.compile(
    rf"{_FREE}(?P<large>\d{{1,3}})(?:ft|'|-foot-| ft)\.? ?-?(?P<small>\d{{1,2}})(?:in\b|ins\b|\"|'')?(?!\w)"
)
_STONE = re.compile(rf"{_FREE}(?P<large>\d{{1,3}})st\.? (?P<small>\d{{1,2}})lbs?(?!\w)")
_TO_TELL = re.compile(r"[\w'-]+")
_NEARBY = 80
"""Characters on either side in which a word tells metres from millions."""
_TIMES = re.compile(rf"{START}(?P<count>\d{{1,3}}) ?[x×] ?(?P<number>\d{{1,5}})(?P<metres>m)?(?!\w)")


def say_percentages(text: str, tongue: Tongue) -> str:
    """ "20%", "3-4 per cent", "-0.5%": "percent" is one word, because engines stress it better."""
    text = _MIXED.sub(lambda m: f"{say_fractions(m[1], tongue)} {tongue.word('percent')}", text)
    text = _PERCENT.sub(
        lambda m: _signed(m, tongue) + " " + tongue.word("percent") + (m["points"] or ""), text
    )
    return text.replace("per cent", tongue.word("percent"))


def say_temperatures(text: str, tongue: Tongue) -> str:
    """ "-5C" -> "minus five degrees"; "°C" names the scale, as the writer did."""
    return _temperature(tongue).sub(lambda m: _say_temperature(m, tongue), text)


def say_heights(text: str, tongue: Tongue) -> str:
    """ "6ft 2in" -> "six foot two", "12st 4lb" -> "twelve stone four"."""
    foot, stone = tongue.table("heights")["foot"][0], tongue.table("heights")["stone"][0]
    text = _FOOT.sub(lambda m: f"{tongue.whole(m['large'])} {foot} {tongue.whole(m['small'])}", text)
    text = _STONE.sub(lambda m: f"{tongue.whole(m['large'])} {stone} {tongue.whole(m['small'])}", text)
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
    """Figures with a unit; singular before a noun: "a 100m sprint", "a 30mph limit"."""
    text = re.sub(rf"(\b(?:{tongue.any_of('metre_verbs')}) )({NUMBER})m(?!\w)", r"\1\2 m", text)
    text = re.sub(rf"(ft,? \(?)({NUMBER})m(?!\w)", r"\1\2 m", text)
    text = re.sub(rf"(\b(?:{tongue.any_of('length_words')}) of )({NUMBER})m(?!\w)", r"\1\2 m", text)
    text = _length(tongue).sub(lambda m: _say_if_length(m, tongue), text)
    text = _glued(tongue).sub(lambda m: f" {tongue.strings('glued_units')[m[0]]}", text)
    text = _SECONDS.sub(r"\1 secs", text)
    text = _FOLD.sub(rf"\1 {tongue.word('times')}", text)
    text = _per(tongue).sub(lambda m: f"{m[1]} {tongue.table('units')[m[2]][0]}", text)
    text = _TIMES.sub(lambda m: _say_times(m, tongue), text)
    text = _unit(tongue).sub(lambda m: _say_unit(m, tongue, _forms(m["unit"], tongue)) + _say_per(m, tongue), text)
    text = _share(tongue).sub(lambda m: f" {tongue.word('per')} {_forms(m[1], tongue)[0]}", text)
    text = _bare_unit(tongue).sub(lambda m: _say_bare(m, tongue), text)
    return _metre(tongue).sub(lambda m: _say_unit(m, tongue, tongue.table("metre")["forms"]), text)


def say_scales(text: str, tongue: Tongue) -> str:
    """ "5m people" -> "five million people"; a 10k is a run, 10k of anything else are thousands."""
    scales = tongue.table("scales")
    runs = tongue.any_of("k_runs")
    k_run = rf"{START}(?P<number>\d{{1,2}})[kK](?= (?:{runs})\b)"
    text = re.sub(k_run, lambda m: f"{tongue.number(m['number'])} K", text)
    return _scale(tongue).sub(lambda m: f"{_signed(m, tongue)} {scales[m['short'] or m['long']]}", text)


@lru_cache(maxsize=16)
def _glued(tongue: Tongue) -> re.Pattern[str]:
    """Letters that are a unit only right after a figure: "4in of snow"."""
    return re.compile(rf"(?<=\d)(?:{either(tongue.strings('glued_units'))})(?![\w-])")


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
def _share(tongue: Tongue) -> re.Pattern[str]:
    """What a sum buys one of, once the sum is words: "three pounds/kg"."""
    return re.compile(rf"(?<=[a-z])/({either(tongue.table('units'))})(?![\w/])")


@lru_cache(maxsize=16)
def _bare_unit(tongue: Tongue) -> re.Pattern[str]:
    """Signs of units that are no words, without a figure: "measured in µg"."""
    return re.compile(rf"(?<![\w/.])({either(tongue.table('bare_units')['forms'])})(?![\w/])")


@lru_cache(maxsize=16)
def _length(tongue: Tongue) -> re.Pattern[str]:
    """A figure with m that no noun follows: "above 300m.", "40m down the cliff"."""
    follows = rf"(?=[.,;:!?)]|$| (?:{tongue.any_of('not_nouns')})\b)"
    return re.compile(rf"{_FREE}(?P<low>{NUMBER}m? ?[-–] ?)?(?P<number>{NUMBER})m(?!\w)(?!\.\d){follows}")


@lru_cache(maxsize=16)
def _metre(tongue: Tongue) -> re.Pattern[str]:
    """The letter m is metres with a space, before a word of length, in a tall person; else it means millions."""
    follows = rf"(?= (?:[a-z]+ )?(?:{tongue.any_of('metre_nouns')})\b)|-(?:{tongue.any_of('metre_nouns')})\b"
    return re.compile(
        rf"{_FREE}{_RANGE}{_MINUS}(?P<number>{NUMBER})(?: m(?![\w])(?= |[.,;)]|$)|m(?!\w)(?={follows})|(?<=,\d{{3}})m(?!\w))"
    )


@lru_cache(maxsize=16)
def _per(tongue: Tongue) -> re.Pattern[str]:
    return re.compile(rf"\b([Pp]er) ({either(tongue.table('units'))})(?![\w/])")


def _forms(unit: str, tongue: Tongue) -> list[str]:
    units = tongue.table("units")
    forms: list[str] = units[unit] if unit in units else units[unit.lower()]
    return forms


def _signed(match: re.Match[str], tongue: Tongue) -> str:
    said = tongue.number(match["number"])
    if match["minus"]:
        said = f"{tongue.word('minus')} {said}"
    if match["low"]:
        said = f"{_low(match['low'], tongue)} {tongue.word('to')} {said}"
    return said


def _low(written: str, tongue: Tongue) -> str:
    said = tongue.number(written.lstrip("-"))
    return f"{tongue.word('minus')} {said}" if written.startswith("-") else said


def _say_temperature(match: re.Match[str], tongue: Tongue) -> str:
    said = str(tongue.table("temperatures")[match["scale"].replace(" ", "")])
    if (match["number"] == "1" and not match["low"]) or is_adjective(match, tongue):
        said = said.replace(tongue.word("degrees"), tongue.word("degree"))
    return f"{_signed(match, tongue)} {said}"


def _say_unit(match: re.Match[str], tongue: Tongue, forms: list[str]) -> str:
    one, many = forms
    nouns = tongue.words("measured_nouns")
    if forms == tongue.table("metre")["forms"]:
        nouns |= tongue.words("metre_nouns") - tongue.words("not_nouns")
    single = (match["number"] == "1" and not match["low"]) or is_adjective(match, tongue, nouns=nouns)
    return f"{_signed(match, tongue)} {one if single else many}"


def _say_if_length(match: re.Match[str], tongue: Tongue) -> str:
    """
    A space before the letter m where the sentence measures something.

    A word of height, depth or distance nearby tells so, unless a nearer one tells of what comes in millions.
    """
    before = _TO_TELL.findall(re.split(r"[;!?] |\. ", match.string[: match.start()][-_NEARBY:])[-1])
    after = _TO_TELL.findall(re.split(r"[;!?] |\.(?: |$)", match.string[match.end() :][:_NEARBY])[0])
    near = [word.lower() for pair in zip_longest(reversed(before), after, fillvalue="") for word in pair]
    for word in near:
        if word in tongue.words("millions_words"):
            return match[0]
        if word in tongue.words("length_words"):
            return f"{(match['low'] or '').replace('m', '')}{match['number']} m"
    return match[0]


def _say_bare(match: re.Match[str], tongue: Tongue) -> str:
    """ "measured in kWh", but "kWh prices"."""
    noun = re.match(r"[ -]([a-z]+)\b", match.string[match.end() :][:40])
    return _forms(match[1], tongue)[0 if noun and noun[1] not in tongue.words("not_nouns") else 1]


def _say_per(match: re.Match[str], tongue: Tongue) -> str:
    """ "20g/l" -> "twenty grams per litre"."""
    if not match["per"]:
        return ""
    is_unit = match["per"] not in tongue.words("per_whats")
    return f" {tongue.word('per')} {_forms(match['per'], tongue)[0] if is_unit else match['per']}"


def _say_times(match: re.Match[str], tongue: Tongue) -> str:
    metres = " m" if match["metres"] else ""
    return f"{tongue.whole(match['count'])} {tongue.word('by')} {match['number']}{metres}"
