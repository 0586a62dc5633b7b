"""
Scores, ranges, odds and fractions -> words: "2-1" -> "two one", "18-24" -> "eighteen to twenty-four".

Source: counts in the 604 fresh articles: `python -m bench.normalization_matches`. Judgement, no source: how a
score is said, because sports desks say it and no style guide writes it down; and the characters within which a
word of sport counts, because they hold most sentences.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import END, NUMBER, START, text_before

_PAIR = rf"{START}(?<!\d[-–/])(?P<low>\d{{1,3}}) ?[-–] ?(?P<high>\d{{1,3}}){END}(?![-–/]\d)"
"""Example: `say_scores`."""
_RANGE = rf"(?<![\w.,])(?P<minus>(?<!\w)-)?(?P<low>{NUMBER})(?:st|nd|rd|th)? ?[-–] ?(?P<high>{NUMBER})(?P<mark>(?:st|nd|rd|th)\b)?(?![\w.,]?\d)"
"""Example: `say_ranges`."""
_RATIO = rf"{START}(\d{{1,3}}):(\d{{1,3}}){END}"
"""Example: `say_ranges`."""
_MIXED = rf"{START}(?P<whole>\d{{1,4}})[ -](?P<top>\d{{1,2}})/(?P<bottom>\d{{1,2}}){END}(?!/)"
"""Example: `say_fractions`."""
_FRACTION = rf"{START}(?P<top>\d{{1,3}})/(?P<bottom>\d{{1,3}}){END}(?!/)"
"""Example: `say_fractions`."""
_HOUSES = rf"{START}(\d{{1,3}})/(\d{{1,3}})(?= [A-Z][a-z]{{1,30}} [A-Z])"
"""Example: `say_fractions`."""
_NAMED = r"(?<![\w.,/])(\d{1,2})/(\d{1,4})(?:th|rd|nd|st)(s?)(?!\w)"
"""Example: `say_fractions`."""
_FORMATION = rf"{START}(?<!\d[-–])\d(?:[-–]\d){{2,4}}{END}(?![-–]\d)"
"""Example: `say_scores`."""
_NEARBY = 60
"""
Characters on either side in which a word of sport makes a pair of figures a score.

Example: `_say_pair`.
"""
_BOWLED = re.compile(r"\b(?:took|takes|taking|claimed|figures of|finished with) $")
"""Example: `_say_pair`."""
_WORDS = re.compile(r"[\w'-]+")
"""Example: `_words_near`."""


def say_scores(text: str, tongue: Tongue) -> str:
    """
    Pairs of figures that are results; other pairs are left for `say_ranges`.

    A pair that falls ("3-1"), begins with nought or is level can be no range. A rising pair ("1-3") is a
    score beside a word of sport or another score, and a range before a counted noun ("10-15 minutes"). 83 in
    604 articles. Formations match 2 and bowlers' figures none; kept, because "four to four-two" is heard as a
    score, and "took five to twenty-three" as a range.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("City won 2-1, Town lost 3-0, a 2–2 draw")
    'City won two one, Town lost three nil, a two two draw'
    >>> make_speakable("England were 250-6 at tea, Fox took 5-23.")
    'England were two hundred and fifty for six at tea, Fox took five for twenty-three.'
    >>> make_speakable("the 5-1 favourite took 10-15 minutes in a 4-4-2")
    'the five to one favourite took ten to fifteen minutes in a four four two'
    """
    text = tongue.sub(_FORMATION, lambda m, _: tongue.each_digit(m[0]), text)
    return tongue.sub(_PAIR, _say_pair, text)


def say_ranges(text: str, tongue: Tongue) -> str:
    """
    Say ranges; 18 in 604 articles. "3:1" is a ratio, "36:05" and "in 42:17" a time that a race took. Ratios match 2,
    times with a word before them none; kept, because the rules that are left say "three: one" and "forty-two to seventeen".

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("aged 18-24, 2nd-4th, by 3:1, in 36:05")
    'aged eighteen to twenty-four, second to fourth, by three to one, in thirty-six oh five'
    """
    text = tongue.sub(_RANGE, _say_range, text)
    return tongue.sub(_RATIO, _say_ratio, text)


def say_fractions(text: str, tongue: Tongue) -> str:
    """
    Say fractions; 12 in 604 articles. A denominator that is no common fraction is "out of".

    Alone ("3/4 of voters") 1, house numbers 1, "3/10ths" none. They are kept, because a share would be heard
    as two counts ("three four of voters", "three ten ths"), and "12/14 High Street Shops" as a share of the
    shops.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("2 3/4 miles, a 1/4 mile, 7/10")
    'two and three quarters miles, a quarter mile, seven out of ten'
    >>> make_speakable("a 7/2 favourite, 3/10ths, from 12/14 High Street Shops")
    'a seven to two favourite, three tenths, from twelve to fourteen High Street Shops'
    """
    text = tongue.sub(_MIXED, _say_mixed, text)
    text = tongue.sub(_HOUSES, _say_range_of_two, text)
    text = tongue.sub(_NAMED, _say_named, text)
    return tongue.sub(_FRACTION, lambda m, _: _after_article(m, tongue) or m[0], text)


def _say_range_of_two(match: re.Match[str], tongue: Tongue, glue: str = "to") -> str:
    r"""
    Two figures with a word between them.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> match = re.match(r"(\d+)-(\d+)", "5-23")
    >>> _say_range_of_two(match, load_tongue("en-GB")), _say_range_of_two(match, load_tongue("en-GB"), "for")
    ('five to twenty-three', 'five for twenty-three')
    """
    return f"{tongue.whole(match[1])} {tongue.word(glue)} {tongue.whole(match[2])}"


def _say_named(match: re.Match[str], tongue: Tongue) -> str:
    """
    Fraction with a named denominator, in the plural above one.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_NAMED, _say_named, "3/10ths, 1/1000th")
    'three tenths, one thousandth'
    """
    part = tongue.ordinal(int(match[2])).removeprefix(f"{tongue.numbers.spell(1)} ")
    return f"{tongue.whole(match[1])} {part}{'s' if match[1] != '1' else ''}"


def _say_ratio(match: re.Match[str], tongue: Tongue) -> str:
    """
    Ratio with "to"; with a nought, or after a word of time, the figures are minutes and seconds.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_RATIO, _say_ratio, "by 3:1, 36:05, won in 42:17")
    'by three to one, thirty-six oh five, won in forty-two seventeen'
    """
    took = tongue.pattern(r"\b(?:«time_words») $").search(match.string[: match.start()][-20:])
    if len(match[2]) == 2 and int(match[2]) < 60 and (match[2][0] == "0" or took):
        return f"{tongue.whole(match[1])} {tongue.whole(match[2])}"
    return _say_range_of_two(match, tongue)


def _say_pair(match: re.Match[str], tongue: Tongue) -> str:
    """
    Pair of figures by the words near it: odds have "to", cricket has "for", a score nothing.

    Other pairs stay, because they are ranges. A comma parts sets of tennis, because they follow one another.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_PAIR, _say_pair, "City won 3-0. A 5-1 favourite fell. Fox took 5-23.")
    'City won three nil. A five to one favourite fell. Fox took five for twenty-three.'
    >>> load_tongue("en-GB").sub(_PAIR, _say_pair, "Fox won 6-4 7-5; aged 18-24")
    'Fox won six four, seven five; aged 18-24'
    """
    low, high = int(match["low"]), int(match["high"])
    before = text_before(match, _NEARBY)
    after = match.string[match.end() : match.end() + _NEARBY]
    words = _words_near(match)
    if words & tongue.words("odds_words") and not words & tongue.words("score_nouns") - {"at", "up", "down"}:
        return _say_range_of_two(match, tongue)
    is_bowled = low <= 10 < high and _BOWLED.search(before)
    if is_bowled or (high <= 10 and (low >= 100 or (low >= 20 and words & tongue.words("cricket_words")))):
        return _say_range_of_two(match, tongue, "for")
    if not _is_score(low, high, before, after, words, tongue):
        return match[0]
    # The games of a set follow one another: "six four, seven five".
    pause = "," if re.match(r" \d{1,3}[-–]\d", after) else ""
    goals = (tongue.word("nil") if goals == 0 else tongue.numbers.spell(goals) for goals in (low, high))
    return " ".join(goals) + pause


def _words_near(match: re.Match[str]) -> set[str]:
    """
    Words of the same sentence on either side, in small letters, because only they tell what a figure counts.

    >>> sorted(_words_near(re.search("2-1", "It rained. City won 2-1 at home. Town lost.")))
    ['at', 'city', 'home', 'won']
    """
    before = re.split(r"[.;!?] ", text_before(match, _NEARBY))[-1]
    after = re.split(r"[.;!?]", match.string[match.end() : match.end() + _NEARBY])[0]
    return {word.lower() for word in _WORDS.findall(f"{before} {after}")}


def _is_score(low: int, high: int, before: str, after: str, words: set[str], tongue: Tongue) -> bool:
    """
    Whether a pair of figures is a score: it falls, is level or begins with nought, or sport is near.

    Before a counted noun, or after a word of ranges, it is none.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue = load_tongue("en-GB")
    >>> _is_score(3, 1, "City led ", "", set(), tongue), _is_score(1, 3, "City ", " Town", set(), tongue)
    (True, True)
    >>> _is_score(10, 15, "took ", " minutes", set(), tongue), _is_score(1, 3, "", "", {"won"}, tongue)
    (False, True)
    """
    following = match[1] if (match := re.match(r" ([a-z-]+)", after)) else ""
    if following in tongue.words("score_nouns"):
        return True
    last = _WORDS.findall(before)[-1:]
    if (last and last[0].lower() in tongue.words("range_words")) or after.startswith(("-", "%", "°")):
        return False
    is_plural = following.endswith("s") and following not in tongue.words("not_nouns")
    if is_plural or following in tongue.words("counted"):
        return False
    is_between_clubs = low < 20 and re.search(r"[A-Z][a-z]+ $", before) and re.match(r" [A-Z][a-z]+", after)
    is_beside_score = re.search(r"\d[-–]\d{1,3},? (?:and )?\(?$", before) or re.match(
        r"[,)]? (?:and )?\(?\d{1,3}[-–]\d{1,3}\b", after
    )
    is_no_range = low >= high or low == 0
    return bool(is_no_range or is_between_clubs or is_beside_score or words & tongue.words("score_words"))


def _say_range(match: re.Match[str], tongue: Tongue) -> str:
    """
    Range with "to", of ordinals if its end is one; a nought in the end makes it a reference in groups.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_RANGE, _say_range, "18-24, 2nd-4th, -5-10, file 24-05")
    'eighteen to twenty-four, second to fourth, minus five to ten, file two four, oh five'
    """
    if re.match(r"0\d", match["high"]):
        # no range, but a reference in groups
        return f"{tongue.reference(match['low'])}, {tongue.number(match['high'])}"

    def say(written: str) -> str:
        is_ordinal = bool(match["mark"])
        return (
            tongue.ordinal(int(written.replace(",", "").partition(".")[0]))
            if is_ordinal
            else tongue.number(written)
        )

    minus = f"{tongue.word('minus')} " if match["minus"] else ""
    return f"{minus}{say(match['low'])} {tongue.word('to')} {say(match['high'])}"


def _say_mixed(match: re.Match[str], tongue: Tongue) -> str:
    """
    Whole number and a fraction below one; other figures stay as printed.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_MIXED, _say_mixed, "2 3/4 miles, 2 5/4")
    'two and three quarters miles, 2 5/4'
    """
    part = _fraction(int(match["top"]), int(match["bottom"]), tongue)
    if not part or int(match["top"]) >= int(match["bottom"]):
        return match[0]
    return f"{tongue.whole(match['whole'])} {tongue.word('and')} {part}"


def _after_article(match: re.Match[str], tongue: Tongue) -> str:
    """
    Fraction without its article where one is printed; a fraction above one near a word of betting is odds.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> texts = ("a 1/3 share", "1/3 of it", "a 7/2 favourite", "a 7/2 ferry")
    >>> [_after_article(re.search(_FRACTION, text), load_tongue("en-GB")) for text in texts]
    ['third', 'a third', 'seven to two', '']
    """
    spoken = _fraction(int(match["top"]), int(match["bottom"]), tongue)
    is_larger = int(match["top"]) > int(match["bottom"])
    if not spoken and is_larger and _words_near(match) & tongue.words("odds_words"):
        return _say_range_of_two(match, tongue)
    before = text_before(match, 5)
    return re.sub(r"^an? ", "", spoken) if re.search(r"(?i)\b(?:an?|the) $", before) else spoken


def _fraction(top: int, bottom: int, tongue: Tongue) -> str:
    """
    Words of a fraction; empty for figures that are no part of a whole: "737/800".

    A denominator that is no common fraction is "out of"; so are full marks.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> figures = ((1, 2), (1, 8), (3, 4), (7, 10), (10, 10), (737, 800))
    >>> [_fraction(top, bottom, load_tongue("en-GB")) for top, bottom in figures]
    ['a half', 'an eighth', 'three quarters', 'seven out of ten', 'ten out of ten', '']
    """
    is_full_score = top == bottom and top in (5, 10, 20, 100)
    if not is_full_score and (not 0 < top < bottom or bottom > 100):
        return ""
    count = tongue.whole(str(top))
    if bottom == 2:
        return tongue.word("half")
    if bottom == 4:
        return tongue.word("quarter") if top == 1 else f"{count} {tongue.word('quarters')}"
    if bottom in (3, 5, 6, 7, 8, 16) and not is_full_score:
        part = tongue.ordinal(bottom)
        return f"{count} {part}s" if top > 1 else f"{'an' if part[0] == 'e' else 'a'} {part}"
    return f"{count} {tongue.word('out_of')} {tongue.whole(str(bottom))}"
