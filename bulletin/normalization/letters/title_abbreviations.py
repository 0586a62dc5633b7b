"""Abbreviated titles, streets, companies -> words: "Lt Col Davies of St Mary's Rd"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.lexicon import SHIELD
from bulletin.normalization.numbers.number_patterns import CAPITAL

_NAME = f"[{CAPITAL}{SHIELD}]"


def say_titles(text: str, tongue: Tongue) -> str:
    """
    Say abbreviated titles, "Jr", "v" between two sides, "No 10", "e.g." and the like; 1,003 in 604 articles.

    British print writes them without a full stop, American print with one (Guardian and AP style guides), so it is
    optional. "Co Durham" (none in 604) is how papers write counties of Ireland and the north of England.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("Lt Col Davies and Sen. Warren at No 10, e.g. on England v Wales")
    'Lieutenant Colonel Davies and Senator Warren at number ten, for example on England versus Wales'
    >>> make_speakable("a farm in Co Durham")
    'a farm in County Durham'
    """
    patterns = _patterns(tongue)
    anywhere, after = tongue.table("anywhere"), tongue.table("after_names")
    signs = tongue.table("number_signs")
    text = patterns.versus.sub(tongue.table("versus")["said"], text)
    text = patterns.anywhere.sub(lambda m: anywhere[m[1]] + stop_after(m, tongue), text)
    text = patterns.before.sub(lambda m: _say_before(m, tongue), text)
    text = patterns.after.sub(lambda m: f" {after[m[1]]}{stop_after(m, tongue)}", text)
    pages = tongue.table("pages")
    text = patterns.pages.sub(lambda m: f"{pages[m[1]]} ", text)
    text = patterns.county.sub(lambda m: _say_county(m, tongue), text)
    return patterns.number.sub(
        lambda m: (
            (m["after"] or "")
            + (signs["more"] if m[1] in signs["many"] else signs["one"])
            + ("" if m["small"] else " ")
        ),
        text,
    )


def say_saints_and_streets(text: str, tongue: Tongue) -> str:
    """
    Say "St" as a saint before a name, as a street after one; 63 in 604 articles.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("St Mary's in Bury St Edmunds")
    "Saint Mary's in Bury Saint Edmunds"
    >>> make_speakable("10 Baker St and the High St")
    'ten Baker Street and the High Street'
    """
    saint = tongue.table("saint")
    text = _street(tongue).sub(lambda m: f"{m[1]} {saint['street']}{stop_after(m, tongue)}", text)
    text = re.sub(rf"(?<!\w){saint['short']}\.? ?(?={_NAME})", f"{saint['saint']} ", text)
    return re.sub(
        rf"(?<=\w )(?<!\bthe ){saint['short']}\b\.?(?! ?\d)",
        lambda m: saint["street"] + stop_after(m, tongue),
        text,
    )


def stop_after(match: re.Match[str], tongue: Tongue) -> str:
    """The full stop of an abbreviation ends the sentence too when nothing follows, or a new sentence does."""
    if not match[0].endswith("."):
        return ""
    after = re.match(r"[\"')]*(?:$| ([\w']+))", match.string[match.end() :][:40])
    begins = after is not None and (after[1] is None or after[1] in tongue.words("starters"))
    return "." if begins else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _TitlePatterns:
    versus: re.Pattern[str]
    anywhere: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    number: re.Pattern[str]
    pages: re.Pattern[str]
    county: re.Pattern[str]


@lru_cache(maxsize=16)
def _street(tongue: Tongue) -> re.Pattern[str]:
    saint = tongue.table("saint")
    road = rf"(?:(?:(?<=\d )|(?<=\d[a-z] ))[{CAPITAL}][\w'-]{{1,30}}|(?<!\w)(?:{either(saint['streets'])}))"
    return re.compile(rf"({road}) {saint['short']}\b\.?")


@lru_cache(maxsize=16)
def _patterns(tongue: Tongue) -> _TitlePatterns:
    titles = either(tongue.table("before_names"))
    never = either(tongue.table("careful")["never_before"])
    return _TitlePatterns(
        versus=re.compile(rf"(?<=[\w{SHIELD}] )(?:{either(tongue.table('versus')['forms'])})\.?(?= {_NAME})"),
        anywhere=re.compile(rf"(?<![\w.])({either(tongue.table('anywhere'))})(?![\w-])(?!\.\w)"),
        before=re.compile(
            rf"(?<![\w.])(?<!\w-)((?:(?:{titles})(?!\w)(?:\. ?| |-)){{1,4}})(?={_NAME}|and (?:{titles})\b)(?!(?:{never})\b)"
        ),
        after=re.compile(rf"(?<=\w),? ({either(tongue.table('after_names'))})(?!\w)\.?"),
        number=re.compile(
            rf"(?<![\w.])({either(tongue.table('number_signs')['forms'])}) ?(?=\d)"
            rf"|(?P<small>\bno)(?= \d+[A-Z]? (?:{tongue.any_of('numbered_after')})\b)"
            rf"|(?P<after>\b(?:{tongue.any_of('numbered_before')}) )no ?(?=\d)"
        ),
        pages=re.compile(rf"(?<![\w.])({either(tongue.table('pages'))}) ?(?=\d)"),
        county=re.compile(
            rf"(?<!\w){either([tongue.table('county')['short']])} (?=[{CAPITAL}{SHIELD}][a-z{SHIELD}])"
        ),
    )


def _is_person(match: re.Match[str]) -> bool:
    """ "the Hon Ann", "Hon Ann Fox"; but not "Hon Hai", and not "Hon Hai Precision" by its "never_before"."""
    the = re.search(r"\b[Tt]he $", match.string[max(0, match.start() - 4) : match.start()])
    return bool(the or re.match(rf"{_NAME}[\w'-]* {_NAME}", match.string[match.end() :]))


def _say_county(match: re.Match[str], tongue: Tongue) -> str:
    """ "in Co Durham", but "the Ford Motor Co Board": a firm's name stands before it."""
    before = match.string[max(0, match.start() - 40) : match.start()].split()
    is_firm = bool(before) and (before[-1][0].isupper() or before[-1] in ("&", tongue.word("and")))
    return match[0] if is_firm else f"{tongue.table('county')['said']} "


def _say_before(match: re.Match[str], tongue: Tongue) -> str:
    """A run of titles; a lone one that is a word of its own needs its full stop, or words around it that tell."""
    titles = re.findall(r"\w+", match[1])
    careful, before = tongue.table("careful"), tongue.table("before_names")
    office = re.match(r"[\w-]+", match.string[match.end() :])
    if titles[-1] in careful["of_office"] and office and office[0] in careful["offices"]:
        spoken = [*(str(before[title]) for title in titles[:-1]), str(careful["of_office"][titles[-1]])]
        return " ".join(spoken) + " "
    is_lone = len(titles) == 1 and titles[0] in careful["titles"] and "." not in match[1]
    if is_lone and not (titles[0] in careful["with_two_names"] and _is_person(match)):
        return match[0]
    return " ".join(before[title] for title in titles) + " "
