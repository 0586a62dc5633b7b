"""
Sums of money -> words: "£3.5bn" -> "three point five billion pounds".

Source: codes and units of currencies are those of ISO 4217; counts in the 604 fresh articles:
`python -m bench.normalization_matches`.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import NUMBER, is_adjective

_SCALE = r"(?: ?(?P<scale>(?:«scales»)(?<![A-Za-z]{4}))(?![A-Za-z])|[ -]?(?P<long>(?:«scales»)(?<=[^\s\d-]{4}))(?![A-Za-z]))?"
"""
A scale of up to three letters ("bn") may have a space before it, a longer one a hyphen too.

Example: `say_money`.
"""
_SIGN = r"(?<![A-Za-z])(?P<sign>«currencies»)"
"""Example: `say_money`."""
_MARKS = r"(?:(?:«currencies»)(?<![A-Za-z.]))"
"""Example: `say_money`."""
_STOP = r"(?!\d)(?![.,]\d)"
"""Example: `say_money`."""
_EACH = r"(?P<each>-a-(?=[a-z]))?"
"""Example: `say_money`."""
_LAKH = r"(?<!\w)((?:Rs\.?|INR|₹) ?\d[\d,]*(?:\.\d+)?) ?L\b(?!')"
""" "Rs 34L": after a sum of rupees L is a lakh, and no litre. Example: `say_money`."""
_RAND = r"(?<![\w-])R ?(?P<sum>\d{1,3}(?:[, ]\d{3})+\b|\d[\d,.]*(?= ?(?:k|m|mn|bn|tn|million|billion|trillion)\b))"
""" "R4bn", "R12 500": with a scale or thousands it is no road. Example: `say_money`."""
_TINY = rf"{_MARKS} ?{NUMBER}(?: ?(?:«scales»))?"
"""
>>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
>>> load_tongue("en-GB").pattern(_TINY).search("at £3/kg")[0]
'£3'
"""
_LOW_SCALE = _SCALE.replace("<scale>", "<low_scale>").replace("<long>", "<low_long>")
"""Example: `say_money`."""
_RANGE = rf"{_SIGN} ?(?P<low>{NUMBER}){_LOW_SCALE} ?[-–] ?(?P<again>(?P=sign) ?)?(?P<number>{NUMBER}){_SCALE}{_STOP}"
"""Example: `say_money`."""
_BEFORE = rf"(?P<minus>(?<!\w)-)?{_SIGN} ?(?P<number>{NUMBER}){_SCALE}{_STOP}{_EACH}(?: ?(?P<glued>«money.after»)(?!\w))?"
"""Example: `say_money`."""
_AFTER = rf"(?P<minus>(?<!\w)-)?(?<![\w.,])(?P<number>{NUMBER}){_SCALE} ?(?P<sign>{_MARKS}|(?=[A-Z]{{3}})(?:«currencies»))(?!\w)"
"""Example: `say_money`."""
_COINS = rf"(?<![\w.,])(?:(?P<low>{NUMBER})(?:«small_coins»)? ?[-–] ?)?(?P<number>{NUMBER})(?P<coin>«small_coins»)(?!\w){_EACH}"
"""Example: `say_money`."""


def say_money(text: str, tongue: Tongue) -> str:
    """
    Say sums with a sign or a code before or after them (ISO 4217), ranges of sums, and small coins.

    Before a noun a sum is an adjective: see `is_adjective`. 590 in 604 articles, nearly all with the sign first.
    Under three matches, and kept, because another sum would be heard: ranges (2), where "£5-10m" is "five pounds, ten m";
    a sign or a code behind the sum (none), as Europe writes it; "50p" (none) and "£3/kg" (2), prices of British stations;
    "£12/£10" (none), which is heard as £12.10; "R4bn", "R12 500" and "Rs 34L" (none), as feeds of South Africa and India
    write: 34 rupees are no 3.4 million.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("a £3.5bn plan cost £3.5bn, tickets £10.50")
    'a three point five billion pound plan cost three point five billion pounds, tickets ten pounds fifty'
    >>> make_speakable("£5m-£10m, 20 €, 50p, £3/kg")
    'five to ten million pounds, twenty euros, fifty pence, three pounds per kilogram'
    >>> make_speakable("Tickets: £12/£10 concessions.")
    'Tickets: twelve pounds or ten pounds concessions.'
    >>> make_speakable("R4bn, R12 500, Rs 34L, the R34 road")
    'four billion rand, twelve thousand five hundred rand, thirty-four lakh rupees, the R-thirty-four road'
    """
    if "lakh" in tongue.tables["scales"]:
        text = tongue.sub(_LAKH, r"\1 lakh", text)
    if "ZAR" in tongue.tables["currencies"]:
        text = tongue.sub(_RAND, lambda m, _: f"ZAR{m['sum'].replace(' ', '')}", text)
    text = tongue.sub(r"(?<=\d)/(?=[£€$]\d)", " «or» ", text)
    text = tongue.sub(rf"({_TINY}|{NUMBER}(?:«small_coins»))/(?=[a-z]{{2}})", r"\1 «per» ", text)
    text = tongue.sub(_RANGE, _say_range, text)
    for pattern in (_BEFORE, _AFTER):
        text = tongue.sub(pattern, _say_sum, text)
    return tongue.sub(_COINS, _say_coins, text)


def _say_sum(match: re.Match[str], tongue: Tongue) -> str:
    """
    Sum of money, with its unit in the singular before a noun; "£20-a-week" is an adjective too.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_BEFORE, _say_sum, "-£5, £20-a-week fees, a £3bn plan, US$5")
    'minus five pounds, twenty pound a week fees, a three billion pound plan, five dollars'
    >>> load_tongue("en-GB").sub(_AFTER, _say_sum, "20 €, 5m EUR")
    'twenty euros, five million euros'
    """
    each = match.groupdict().get("each")
    adjective = bool(each) or is_adjective(match, tongue, nouns=frozenset(tongue.tables["money"]["nouns"]))
    spoken = _amount(match["number"], _scale(match, tongue), match["sign"], adjective, tongue)
    spoken += each.replace("-", " ") if each else ""
    spoken += f" {tongue.tables['money']['after'][match['glued']]}" if match.groupdict().get("glued") else ""
    spoken += " " if match.string[match.end() : match.end() + 1].isalpha() and not each else ""
    return f"{tongue.word('minus')} {spoken}" if match["minus"] else spoken


def _say_range(match: re.Match[str], tongue: Tongue) -> str:
    """
    Range of sums with one scale and one unit, as newspapers write "£30-£40m" for thirty to forty million.

    Only a larger first figure, or one with another scale, stands for itself.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_RANGE, _say_range, "£5m-£10m, £30-£40m, £500-£1m")
    'five to ten million pounds, thirty to forty million pounds, five hundred pounds to one million pounds'
    """
    adjective = is_adjective(match, tongue, nouns=frozenset(tongue.tables["money"]["nouns"]))
    low, high = _scale(match, tongue, "low_"), _scale(match, tongue)
    spoken = _amount(match["number"], high, match["sign"], adjective, tongue)
    # Newspapers write "£30-£40m" for thirty to forty million; only a larger first figure stands for itself.
    is_larger = float(match["low"].replace(",", "")) > float(match["number"].replace(",", ""))
    if high and not low and match["again"] and is_larger:
        first = _amount(match["low"], "", match["sign"], adjective, tongue)
    elif low and low != high:
        first = f"{tongue.number(match['low'])} {low}"
    else:
        first = tongue.number(match["low"])
    return f"{first} {tongue.word('to')} {spoken}"


def _say_coins(match: re.Match[str], tongue: Tongue) -> str:
    """
    Small coins, singular after one; the first sum of a range has no unit.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_COINS, _say_coins, "1p, 50p, 5p-10p, 10p-a-bag charge")
    'one penny, fifty pence, five to ten pence, ten pence a bag charge'
    """
    singular, plural = tongue.tables["small_coins"][match["coin"]]
    spoken = f"{tongue.number(match['number'])} {singular if match['number'] == '1' else plural}"
    spoken += match["each"].replace("-", " ") if match["each"] else ""
    if match["low"]:
        return f"{tongue.number(match['low'])} {tongue.word('to')} {spoken}"
    return spoken


def _scale(match: re.Match[str], tongue: Tongue, prefix: str = "") -> str:
    """
    Word of a sum's scale; empty without one.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> pattern = load_tongue("en-GB").pattern(_BEFORE)
    >>> [_scale(pattern.search(text), load_tongue("en-GB")) for text in ("£3bn", "£3 million", "£3")]
    ['billion', 'million', '']
    """
    written = match[f"{prefix}scale"] or match[f"{prefix}long"]
    return str(tongue.tables["scales"][written]) if written else ""


def _amount(number: str, scale: str, sign: str, adjective: bool, tongue: Tongue) -> str:
    """
    Amount in words: newsreaders say "ten pounds fifty", but "ten pounds and five pence".

    A sum with a scale, or without two decimals, has no small coins.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue = load_tongue("en-GB")
    >>> [_amount(number, "", "£", False, tongue) for number in ("10.50", "10.05", "0.05", "1.5")]
    ['ten pounds fifty', 'ten pounds and five pence', 'five pence', 'one point five pounds']
    >>> _amount("3.5", "billion", "£", True, tongue)
    'three point five billion pound'
    """
    singular, plural, hundredth, hundredths = tongue.tables["currencies"][sign]
    if scale:
        return f"{tongue.number(number)} {scale} {singular if adjective else plural}"
    whole, _, decimals = number.replace(",", "").partition(".")
    if len(decimals) != 2 or not hundredths:
        return f"{tongue.number(number)} {singular if adjective or number == '1' else plural}"
    coins = int(decimals)
    small = f"{tongue.whole(str(coins))} {hundredth if coins == 1 else hundredths}"
    if int(whole) == 0:
        return small
    large = f"{tongue.whole(whole)} {singular if adjective or whole == '1' else plural}"
    if not coins:
        return large
    # Newsreaders say "ten pounds fifty", but "ten pounds and five pence".
    return f"{large} {tongue.whole(decimals)}" if coins > 9 else f"{large} {tongue.word('and')} {small}"
