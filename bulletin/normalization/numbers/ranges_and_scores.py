"""Scores, ranges, odds and fractions -> words: "2-1" -> "two one", "18-24" -> "eighteen to twenty-four"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.numbers.number_patterns import END, NUMBER, START

_PAIR = re.compile(
    rf"{START}(?<!\d[-–/])(?P<low>\d{{1,3}}) ?(?P<dash>[-–]) ?(?P<high>\d{{1,3}}){END}(?![-–/]\d)"
)
_RANGE = re.compile(
    rf"(?<![\w.,])(?P<minus>(?<!\w)-)?(?P<low>{NUMBER})(?:st|nd|rd|th)? ?[-–] ?(?P<high>{NUMBER})(?P<mark>(?:st|nd|rd|th)\b)?(?![\w.,]?\d)"
)
_RATIO = re.compile(rf"{START}(?P<low>\d{{1,3}}):(?P<high>\d{{1,3}}){END}")
_MIXED = re.compile(rf"{START}(?P<whole>\d{{1,4}})[ -](?P<top>\d{{1,2}})/(?P<bottom>\d{{1,2}}){END}(?!/)")
_FRACTION = re.compile(rf"{START}(?P<top>\d{{1,3}})/(?P<bottom>\d{{1,3}}){END}(?!/)")
_HALF = re.compile(rf"{START}1/2(?= [a-z])|(?<=\b[Aa] )1/2{END}")
_ODDS = re.compile(r"(?<![\w.,/])(\d{1,3})/(\d{1,2})(?= (?:(?:joint )?favourites?|on|shot|outsiders?)\b)")
_DASHED_ODDS = re.compile(
    rf"{START}(\d{{1,3}})[-–](\d{{1,2}})(?= (?:(?:joint )?favourites?|shot|outsiders?)\b)"
)
_HOUSES = re.compile(rf"{START}(\d{{1,3}})/(\d{{1,3}})(?= [A-Z][a-z]{{1,30}} [A-Z])")
_NAMED = re.compile(r"(?<![\w.,/])(\d{1,2})/(\d{1,4})(?:th|rd|nd|st)(s?)(?!\w)")
_IN_SO_MANY = re.compile(rf"{START}(\d{{1,3}})-in-(?:a-)?(\d[\d,]{{0,9}})(?:-| )(?=[a-z])")
_NEARBY = 60
"""Characters on either side in which a word of sport makes a pair of figures a score."""
_BOWLED = re.compile(r"\b(?:took|takes|taking|claimed|figures of|finished with) $")
_CLUB_BEFORE, _CLUB_AFTER = re.compile(r"[A-Z][a-z]+ $"), re.compile(r" [A-Z][a-z]+")
_FORMATION = re.compile(rf"{START}(?<!\d[-–])\d(?:[-–]\d){{2,4}}{END}(?![-–]\d)")
_NEXT_PAIR = re.compile(r" \d{1,3}[-–]\d")
_TO_TELL = re.compile(r"[\w'-]+")


def say_scores(text: str, tongue: Tongue) -> str:
    """
    Pairs of figures that are results; other pairs are left for `say_ranges`.

    A pair that falls ("3-1"), begins with nought or is level can be no range. One that rises ("1-3") is a
    score beside a word of sport or another score, and a range before what it counts ("10-15 minutes"). 83 in 604
    articles; cricket, odds and formations (3) stay, because sport feeds of British stations are full of them.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("City won 2-1, Town lost 3-0, a 2–2 draw")
    'City won two one, Town lost three nil, a two two draw'
    >>> make_speakable("England were 250-6 at tea.")
    'England were two hundred and fifty for six at tea.'
    >>> make_speakable("the 5-1 favourite took 10-15 minutes in a 4-4-2")
    'the five to one favourite took ten to fifteen minutes in a four four two'
    """
    text = _DASHED_ODDS.sub(lambda m: f"{tongue.whole(m[1])} {tongue.word('to')} {tongue.whole(m[2])}", text)
    text = _FORMATION.sub(lambda m: tongue.each_digit(m[0]), text)
    return _PAIR.sub(lambda m: _say_pair(m, tongue), text)


def say_ranges(text: str, tongue: Tongue) -> str:
    """
    Say ranges; 18 in 604 articles. "3:1" (2) is a ratio, and "36:05" a time that a race took.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("aged 18-24, 2nd-4th, by 3:1, in 36:05")
    'aged eighteen to twenty-four, second to fourth, by three to one, in thirty-six oh five'
    """
    text = _RANGE.sub(lambda m: _say_range(m, tongue), text)
    to = tongue.word("to")
    return _RATIO.sub(lambda m: _say_ratio(m, to, tongue), text)


def say_fractions(text: str, tongue: Tongue) -> str:
    """
    Say fractions; 12 in 604 articles. A denominator that is no common fraction is "out of".

    Odds with a slash, two house numbers, "a 1-in-100 chance", "3/10ths", blood pressure and "½ price": rare in
    national news (2 of 604 articles), common in racing, health, listings and police appeals of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("2 3/4 miles, a 1/4 mile, 7/10")
    'two and three quarters miles, a quarter mile, seven out of ten'
    >>> make_speakable("a 7/2 favourite, blood pressure of 140/90, a 1-in-100 chance")
    'a seven to two favourite, blood pressure of one hundred and forty over ninety, a one in one hundred chance'
    >>> make_speakable("3/10ths of it at ½ price, from 12/14 High Street Shops")
    'three tenths of it at half price, from twelve to fourteen High Street Shops'
    """
    text = _MIXED.sub(lambda m: _say_mixed(m, tongue), text)
    text = _pressure(tongue).sub(
        lambda m: f"{m[1]}{tongue.whole(m[2])} {tongue.word('over')} {tongue.whole(m[3])}", text
    )
    text = _IN_SO_MANY.sub(r"\1 in \2 ", text)
    for pattern in (_ODDS, _HOUSES):
        text = pattern.sub(lambda m: f"{tongue.whole(m[1])} {tongue.word('to')} {tongue.whole(m[2])}", text)
    text = _NAMED.sub(lambda m: _say_named(m, tongue), text)
    text = _HALF.sub(tongue.word("half_before"), text)
    return _FRACTION.sub(lambda m: _after_article(m, tongue) or m[0], text)


def _say_named(match: re.Match[str], tongue: Tongue) -> str:
    """ "3/10ths" -> "three tenths", "1/1000th" -> "one thousandth"."""
    part = tongue.ordinal(int(match[2])).removeprefix(f"{tongue.numbers.spell(1)} ")
    return f"{tongue.whole(match[1])} {part}{'s' if match[1] != '1' else ''}"


@lru_cache(maxsize=16)
def _pressure(tongue: Tongue) -> re.Pattern[str]:
    """ "blood pressure of 140/90"."""
    return re.compile(
        rf"(\b(?:{tongue.any_of('pressure_words')}) (?:[a-z]+ ){{0,3}})(\d{{2,3}})/(\d{{2,3}}){END}"
    )


def _say_ratio(match: re.Match[str], to: str, tongue: Tongue) -> str:
    """ "3:1", but "36:05" and "in 42:17" are minutes and seconds."""
    low, high = match["low"], match["high"]
    took = re.search(rf"\b(?:{tongue.any_of('time_words')}) $", match.string[: match.start()][-20:])
    if len(high) == 2 and int(high) < 60 and (high[0] == "0" or took):
        seconds = tongue.each_digit(high, nought=tongue.word("oh")) if high[0] == "0" else tongue.whole(high)
        return f"{tongue.whole(low)} {seconds}"
    return f"{tongue.whole(low)} {to} {tongue.whole(high)}"


def _say_pair(match: re.Match[str], tongue: Tongue) -> str:
    low, high = int(match["low"]), int(match["high"])
    before = match.string[max(0, match.start() - _NEARBY) : match.start()]
    after = match.string[match.end() : match.end() + _NEARBY]
    words = _words_near(match)
    following = re.match(r" ([a-z-]+)", after)
    following_word = following[1] if following else ""
    if words & tongue.words("odds_words") and not words & tongue.words("score_nouns") - {"at", "up", "down"}:
        return f"{tongue.whole(match['low'])} {tongue.word('to')} {tongue.whole(match['high'])}"
    if low <= 10 < high and _BOWLED.search(before):
        return f"{tongue.whole(match['low'])} {tongue.word('for')} {tongue.whole(match['high'])}"
    if high <= 10 and (low >= 100 or (low >= 20 and words & tongue.words("cricket_words"))):
        return f"{tongue.whole(match['low'])} {tongue.word('for')} {tongue.whole(match['high'])}"
    if re.match(rf" (?:{either(tongue.table('dates')['days'])})\b", after) and high <= 12:
        return match[0]  # "10-4 Sat" is when a shop is open
    if not _is_score(low, high, before, following_word, after, words, tongue):
        return match[0]
    # The games of a set follow one another: "six four, seven five".
    pause = "," if _NEXT_PAIR.match(after) else ""
    return f"{_goals(match['low'], tongue)} {_goals(match['high'], tongue)}{pause}"


def _words_near(match: re.Match[str]) -> set[str]:
    """Small-lettered words of the same sentence on either side."""
    before = match.string[max(0, match.start() - _NEARBY) : match.start()]
    after = match.string[match.end() : match.end() + _NEARBY]
    words = _TO_TELL.findall(re.split(r"[.;!?] ", before)[-1]) + _TO_TELL.findall(
        re.split(r"[.;!?]", after)[0]
    )
    return {word.lower() for word in words}


def _is_score(
    low: int, high: int, before: str, following: str, after: str, words: set[str], tongue: Tongue
) -> bool:
    if following in tongue.words("score_nouns"):
        return True
    last = _TO_TELL.findall(before)[-1:]
    if (last and last[0].lower() in tongue.words("range_words")) or after.startswith(("-", "%", "°")):
        return False
    if (following.endswith("s") and following not in tongue.words("not_nouns")) or following in tongue.words(
        "counted"
    ):
        return False
    if low > high or low == 0 or low == high:
        return True
    if low < 20 and _CLUB_BEFORE.search(before) and _CLUB_AFTER.match(after):
        return True
    if re.search(r"\d[-–]\d{1,3},? (?:and )?\(?$", before) or re.match(
        r"[,)]? (?:and )?\(?\d{1,3}[-–]\d{1,3}\b", after
    ):
        return True
    return bool(words & tongue.words("score_words"))


def _goals(figure: str, tongue: Tongue) -> str:
    return tongue.word("nil") if int(figure) == 0 else tongue.whole(figure)


def _say_range(match: re.Match[str], tongue: Tongue) -> str:
    say = _as_ordinal if match["mark"] else _as_number
    low, high = say(match["low"], tongue), say(match["high"], tongue)
    minus = f"{tongue.word('minus')} " if match["minus"] else ""
    if re.match(r"0\d", match["high"]):
        # no range, but a reference in groups
        return f"{tongue.each_digit(match['low'], nought=tongue.word('oh'))}, {high}"
    return f"{minus}{low} {tongue.word('to')} {high}"


def _as_ordinal(written: str, tongue: Tongue) -> str:
    return tongue.ordinal(int(written.replace(",", "").partition(".")[0]))


def _as_number(written: str, tongue: Tongue) -> str:
    return tongue.number(written)


def _say_mixed(match: re.Match[str], tongue: Tongue) -> str:
    part = _fraction(int(match["top"]), int(match["bottom"]), tongue)
    if not part or int(match["top"]) >= int(match["bottom"]):
        return match[0]
    return f"{tongue.whole(match['whole'])} {tongue.word('and')} {part}"


def _after_article(match: re.Match[str], tongue: Tongue) -> str:
    """ "a 1/4 mile" has its article already."""
    spoken = _fraction(int(match["top"]), int(match["bottom"]), tongue)
    if (
        not spoken
        and int(match["top"]) > int(match["bottom"])
        and _words_near(match) & tongue.words("odds_words")
    ):
        return f"{tongue.whole(match['top'])} {tongue.word('to')} {tongue.whole(match['bottom'])}"
    has_article = re.search(
        r"\b(?:an?|the) $", match.string[max(0, match.start() - 5) : match.start()], re.IGNORECASE
    )
    return re.sub(r"^an? ", "", spoken) if has_article else spoken


def _fraction(top: int, bottom: int, tongue: Tongue) -> str:
    """Nothing for what is no part of a whole: "737/800"."""
    if top == bottom and top in (5, 10, 20, 100):
        return f"{tongue.whole(str(top))} {tongue.word('out_of')} {tongue.whole(str(bottom))}"
    if not 0 < top < bottom or bottom > 100:
        return ""
    if bottom == 2:
        return tongue.word("half")
    if bottom == 4:
        return tongue.word("quarter") if top == 1 else f"{tongue.whole(str(top))} {tongue.word('quarters')}"
    if bottom in (3, 5, 6, 7, 8, 16):
        part = tongue.ordinal(bottom)
        return (
            f"{'an' if part[0] == 'e' else 'a'} {part}" if top == 1 else f"{tongue.whole(str(top))} {part}s"
        )
    return f"{tongue.whole(str(top))} {tongue.word('out_of')} {tongue.whole(str(bottom))}"
