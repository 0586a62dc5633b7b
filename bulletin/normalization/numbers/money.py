"""Sums of money -> words: "£3.5bn" -> "three point five billion pounds"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.numbers.attributive_amounts import is_adjective
from bulletin.normalization.numbers.number_patterns import NUMBER

_LAKH = re.compile(r"(?<!\w)((?:Rs\.?|INR|₹) ?\d[\d,]*(?:\.\d+)?) ?L\b(?!')")
""" "Rs 34L": after a sum of rupees L is a lakh, and no litre."""
_RAND = re.compile(
    r"(?<![\w-])R ?(?P<sum>\d{1,3}(?:[, ]\d{3})+\b|\d[\d,.]*(?= ?(?:k|m|mn|bn|tn|million|billion|trillion)\b))"
)
""" "R4bn", "R12 500": with a scale or thousands it is no road."""
_EITHER = re.compile(r"(?<=\d)/(?=[£€$]\d)")


def say_money(text: str, tongue: Tongue) -> str:
    """
    Say sums with a sign or a code before or after them (ISO 4217), ranges of sums, and small coins.

    Before a noun a sum is an adjective: see `is_adjective`. 590 in 604 articles, nearly all with the sign first; a
    sign behind is how Europe writes, ranges, "£3/kg" (4) and "50p" are how British stations do.
    "£12/£10", "£500m+" and "£300 million's worth": rare in national news (none of 604 articles), common in listings,
    sport and council news of local feeds. "R4bn", "R12 500" and "Rs 34L" (none) are how feeds of
    South Africa and India write.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("a £3.5bn plan cost £3.5bn, tickets £10.50")
    'a three point five billion pound plan cost three point five billion pounds, tickets ten pounds fifty'
    >>> make_speakable("£5m-£10m, 20 €, 50p, £3/kg")
    'five to ten million pounds, twenty euros, fifty pence, three pounds per kilogram'
    >>> make_speakable("Tickets: £12/£10 concessions.")
    'Tickets: twelve pounds or ten pounds concessions.'
    >>> make_speakable("a £500m+ contract, £300 million's worth")
    'a five hundred million pound-plus contract, three hundred million pounds worth'
    >>> make_speakable("R4bn, R12 500, Rs 34L, the R34 road")
    'four billion rand, twelve thousand five hundred rand, thirty-four lakh rupees, the R-thirty-four road'
    """
    patterns = _patterns(tongue)
    if "lakh" in tongue.table("scales"):
        text = _LAKH.sub(r"\1 lakh", text)
    if "ZAR" in tongue.table("currencies"):
        text = _RAND.sub(lambda m: f"ZAR{m['sum'].replace(' ', '')}", text)
    text = _EITHER.sub(f" {tongue.word('or')} ", text)
    text = patterns.each.sub(lambda m: f"{m[1]} {tongue.word('per')} ", text)
    text = patterns.more.sub(r"\1-plus", text)
    text = patterns.ranges.sub(lambda m: _say_range(m, tongue), text)
    text = patterns.before.sub(lambda m: _say_sum(m, tongue), text)
    text = patterns.after.sub(lambda m: _say_sum(m, tongue), text)
    text = patterns.coins.sub(lambda m: _say_coins(m, tongue), text)
    # "£300 million's worth" is "three hundred million pounds' worth"
    return re.sub(r"(?<=s)'s(?= worth\b)", "'", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _MoneyPatterns:
    ranges: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    coins: re.Pattern[str]
    each: re.Pattern[str]
    more: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(tongue: Tongue) -> _MoneyPatterns:
    signs, scales = tongue.table("currencies"), tongue.table("scales")
    sign = rf"(?<![A-Za-z])(?P<sign>{either(signs)})"
    short = either(scale for scale in scales if len(scale) <= 3)
    long = either(scale for scale in scales if len(scale) > 3)
    scale = rf"(?: ?(?P<scale>{short})(?![A-Za-z])|[ -]?(?P<long>{long})(?![A-Za-z]))?"
    low_scale = scale.replace("<scale>", "<low_scale>").replace("<long>", "<low_long>")
    marks = either(sign for sign in signs if not sign[-1].isalpha() and sign != "Rs.")
    codes = either(sign for sign in signs if re.fullmatch("[A-Z]{3}", sign))
    coins = either(tongue.table("small_coins"))
    tiny = rf"(?:{marks}) ?{NUMBER}(?: ?(?:{short}|{long}))?"
    stop = r"(?!\d)(?![.,]\d)"
    glued = rf"(?: ?(?P<glued>{either(tongue.table('money')['after'])})(?!\w))?"
    each = r"(?P<each>-a-(?=[a-z]))?"
    return _MoneyPatterns(
        ranges=re.compile(
            rf"{sign} ?(?P<low>{NUMBER}){low_scale} ?[-–] ?(?P<again>(?P=sign) ?)?(?P<number>{NUMBER}){scale}{stop}"
        ),
        before=re.compile(rf"(?P<minus>(?<!\w)-)?{sign} ?(?P<number>{NUMBER}){scale}{stop}{each}{glued}"),
        after=re.compile(
            rf"(?P<minus>(?<!\w)-)?(?<![\w.,])(?P<number>{NUMBER}){scale} ?(?P<sign>{marks}|{codes})(?!\w)"
        ),
        each=re.compile(rf"({tiny}|{NUMBER}(?:{coins}))/(?=[a-z]{{2}})"),
        more=re.compile(rf"({tiny})\+(?= [a-z])"),
        coins=re.compile(
            rf"(?<![\w.,])(?:(?P<low>{NUMBER})(?:{coins})? ?[-–] ?)?(?P<number>{NUMBER})(?P<coin>{coins})(?!\w){each}"
        ),
    )


def _say_sum(match: re.Match[str], tongue: Tongue) -> str:
    """ "£20-a-week" is an adjective too, and its hyphens are no part of the words."""
    each = match.groupdict().get("each")
    adjective = bool(each) or is_adjective(match, tongue, nouns=frozenset(tongue.table("money")["nouns"]))
    spoken = _amount(match["number"], _scale(match, tongue), match["sign"], adjective, tongue)
    spoken += each.replace("-", " ") if each else ""
    spoken += f" {tongue.table('money')['after'][match['glued']]}" if match.groupdict().get("glued") else ""
    spoken += " " if match.string[match.end() : match.end() + 1].isalpha() and not each else ""
    return f"{tongue.word('minus')} {spoken}" if match["minus"] else spoken


def _say_range(match: re.Match[str], tongue: Tongue) -> str:
    """ "£5m-£10m" -> "five to ten million pounds", "£500-£1m" -> "five hundred pounds to one million pounds"."""
    adjective = is_adjective(match, tongue, nouns=frozenset(tongue.table("money")["nouns"]))
    low, high = _scale(match, tongue, "low_"), _scale(match, tongue)
    spoken = _amount(match["number"], high, match["sign"], adjective, tongue)
    # Newspapers write "£30-£40m" for thirty to forty million; only a larger first figure stands for itself.
    if high and not low and match["again"] and _value(match["low"]) > _value(match["number"]):
        first = _amount(match["low"], "", match["sign"], adjective, tongue)
    elif low and low != high:
        first = f"{tongue.number(match['low'])} {low}"
    else:
        first = tongue.number(match["low"])
    return f"{first} {tongue.word('to')} {spoken}"


def _value(number: str) -> float:
    return float(number.replace(",", ""))


def _say_coins(match: re.Match[str], tongue: Tongue) -> str:
    one, many = tongue.table("small_coins")[match["coin"]]
    spoken = f"{tongue.number(match['number'])} {one if match['number'] == '1' else many}"
    spoken += match["each"].replace("-", " ") if match["each"] else ""
    if match["low"]:
        return f"{tongue.number(match['low'])} {tongue.word('to')} {spoken}"
    return spoken


def _scale(match: re.Match[str], tongue: Tongue, prefix: str = "") -> str:
    written = match[f"{prefix}scale"] or match[f"{prefix}long"]
    return str(tongue.table("scales")[written]) if written else ""


def _amount(number: str, scale: str, sign: str, adjective: bool, tongue: Tongue) -> str:
    one, many, hundredth, hundredths = tongue.table("currencies")[sign]
    if scale:
        return f"{tongue.number(number)} {scale} {one if adjective else many}"
    whole, _, decimals = number.replace(",", "").partition(".")
    if len(decimals) != 2 or not hundredths:
        return f"{tongue.number(number)} {one if adjective or number == '1' else many}"
    coins = int(decimals)
    small = f"{tongue.whole(str(coins))} {hundredth if coins == 1 else hundredths}"
    if int(whole) == 0:
        return small
    large = f"{tongue.whole(whole)} {one if adjective or whole == '1' else many}"
    if not coins:
        return large
    # Newsreaders say "ten pounds fifty", but "ten pounds and five pence".
    return f"{large} {tongue.whole(decimals)}" if coins > 9 else f"{large} {tongue.word('and')} {small}"
