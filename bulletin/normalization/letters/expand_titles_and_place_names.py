"""
Abbreviated titles, streets, companies and places -> words: "Lt Col Davies of St Mary's Rd", "Reno, Nev.".

Source: Guardian style guide, "abbreviations and acronyms"; AP Stylebook, "abbreviations and acronyms", "titles"
and "state names"; counts in the 604 fresh articles: `python -m bench.normalization_matches`.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import CAPITAL, text_before
from bulletin.normalization.pronunciation_lexicon import SHIELD

_NAME = f"[{CAPITAL}{SHIELD}]"
"""Example: `_is_person`."""
_VERSUS = rf"(?<=[\w{SHIELD}] )(?:«versus.forms»)\.?(?= {_NAME})"
"""Example: `say_titles`."""
_BEFORE_FIGURE = r"(?<![\w.])(«pages»)(?!(?<=m)[23](?!\d)) ?(?=\d)"
"""Abbreviation before a figure, but no "km2". Example: `say_titles`."""
_ANYWHERE = r"(?<![\w.])(«anywhere»)(?![\w-])(?!\.\w)"
"""Example: `say_titles`."""
_BEFORE = rf"(?<![\w.])(?<!\w-)((?:(?:«before_names»)(?!\w)(?:\. ?| |-)){{1,4}})(?={_NAME}|and (?:«before_names»)\b)(?!(?:«careful.never_before»)\b)"
"""Example: `say_titles`."""
_AFTER = r"(?<=\w),? («after_names»)(?!\w)\.?"
"""Example: `say_titles`."""
_NUMBERED = (
    r"(?<![\w.])(«number_signs.forms») ?(?=\d)|(?P<small>\bno)(?= \d+[A-Z]? (?:«numbered_after»)\b)"
    r"|(?P<after>\b(?:«numbered_before») )no ?(?=\d)"
)
"""Example: `say_titles`."""
_COUNTY = rf"(?<!\w)«county.short» (?=[{CAPITAL}{SHIELD}][a-z{SHIELD}])"
"""Example: `say_titles`."""
_STREET = rf"((?:(?:(?<=\d )|(?<=\d[a-z] ))[{CAPITAL}][\w'-]{{1,30}}|(?<!\w)(?:«saint.streets»))) «saint.short»\b\.?"
"""
>>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
>>> load_tongue("en-GB").pattern(_STREET).search("10 Baker St")[0]
'Baker St'
"""
_PARTY = rf"(?<![\w-])(«parties»)-(«states»|«postal»|[{CAPITAL}][a-z]{{3,12}})(?![\w-])\.?"
"""Example: `say_places`."""
_WIND = rf"(?<![\w-])(?=[A-Z]{{2}})(?:«winds»)(?= [{CAPITAL}][a-z])|(?<=\b[Tt]he )(?=[A-Z]{{2}})(?:«winds»)(?![\w&-])"
"""Example: `say_places`."""


def say_titles(text: str, tongue: Tongue) -> str:
    """
    Say abbreviated titles, "Jr", "v" between two sides, "No 10", "e.g." and the like; 1,003 in 604 articles.

    British print writes them without a full stop, American print with one (Guardian and AP style guides), so
    it is optional. "Co Durham": none in 604 articles; kept, because papers write counties of Ireland and the
    north of England so. "Co" would be heard as a firm, and the county is the place of the news.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("Lt Col Davies and Sen. Warren at No 10, e.g. on England v Wales")
    'Lieutenant Colonel Davies and Senator Warren at number ten, for example on England versus Wales'
    >>> make_speakable("a farm in Co Durham")
    'a farm in County Durham'
    >>> make_speakable("Ann Fox Jr, pp 4-5")
    'Ann Fox Junior, pages four to five'
    """
    anywhere, after, pages = (tongue.tables[name] for name in ("anywhere", "after_names", "pages"))
    text = tongue.sub(_VERSUS, "«versus.said»", text)
    text = tongue.sub(_BEFORE_FIGURE, lambda m, _: f"{pages[m[1]]} ", text)
    text = tongue.sub(_ANYWHERE, lambda m, _: anywhere[m[1]] + stop_after(m, tongue), text)
    text = tongue.sub(_BEFORE, _say_before, text)
    text = tongue.sub(_AFTER, lambda m, _: f" {after[m[1]]}{stop_after(m, tongue)}", text)
    text = tongue.sub(_COUNTY, _say_county, text)
    return tongue.sub(_NUMBERED, _say_number_sign, text)


def say_saints_and_streets(text: str, tongue: Tongue) -> str:
    """
    Say "St" as a saint before a name, as a street after one; 63 in 604 articles.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("St Mary's in Bury St Edmunds")
    "Saint Mary's in Bury Saint Edmunds"
    >>> make_speakable("10 Baker St and the High St")
    'ten Baker Street and the High Street'
    """
    street = tongue.tables["saint"]["street"]
    text = tongue.sub(_STREET, lambda m, _: f"{m[1]} {street}{stop_after(m, tongue)}", text)
    text = tongue.sub(rf"(?<!\w)«saint.short»\.? ?(?={_NAME})", "«saint.saint» ", text)
    after_name = r"(?<=\w )(?<!\bthe )«saint.short»\b\.?(?! ?\d)"
    return tongue.sub(after_name, lambda m, _: street + stop_after(m, tongue), text)


def stop_after(match: re.Match[str], tongue: Tongue) -> str:
    """
    The full stop of an abbreviation ends the sentence too when nothing follows, or a new sentence does.

    That of a title does not before a word, because names begin like sentences: "mevr. De Vries".

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> texts = ("in Mill Rd.", "in Mill Rd. The ferry", "in Mill Rd. near it")
    >>> [stop_after(re.search("Rd[.]", text), load_tongue("en-GB")) for text in texts]
    ['.', '.', '']
    >>> [stop_after(re.search("mevr[.]", text), load_tongue("nl")) for text in ("met mevr. De Vries", "met mevr.")]
    ['', '.']
    """
    if not match[0].endswith("."):
        return ""
    is_title = match[0].strip(", .") in tongue.tables["before_names"]
    after = re.match(r"[\"')]*(?:$| ([\w']+))", match.string[match.end() :][:40])
    begins = after is not None and (
        after[1] is None or (after[1] in tongue.words("starters") and not is_title)
    )
    return "." if begins else ""


def _say_number_sign(match: re.Match[str], tongue: Tongue) -> str:
    """
    Number sign as a word, singular or plural; "flat no 3" keeps its first word.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_NUMBERED, _say_number_sign, "at No 10, Nos 4 and 5, flat no 3")
    'at number 10, numbers 4 and 5, flat number 3'
    """
    signs = tongue.tables["number_signs"]
    sign = signs["more"] if match[1] in signs["many"] else signs["one"]
    return f"{match['after'] or ''}{sign}{'' if match['small'] else ' '}"


def _is_person(match: re.Match[str]) -> bool:
    """
    Whether a title that is also a name stands before a person: after "the", or before two names.

    A firm of two names ("Hon Hai Precision") is in the table's "never_before".

    >>> texts = ("the Hon Ann", "Hon Ann Fox", "Hon Hai grew")
    >>> [_is_person(re.search("Hon ", text)) for text in texts]
    [True, True, False]
    """
    the = re.search(r"\b[Tt]he $", text_before(match, 4))
    return bool(the or re.match(rf"{_NAME}[\w'-]* {_NAME}", match.string[match.end() :]))


def _say_county(match: re.Match[str], tongue: Tongue) -> str:
    """
    County before its name; after a capital or "and" the letters "Co" are the end of a firm's name, and stay.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_COUNTY, _say_county, "in Co Durham, the Ford Motor Co Board")
    'in County Durham, the Ford Motor Co Board'
    >>> load_tongue("en-GB").sub(_COUNTY, _say_county, "It was Ann Fox. Co Durham won")
    'It was Ann Fox. County Durham won'
    """
    before = text_before(match, 40).split()
    is_firm = (
        bool(before)
        and not before[-1].endswith(".")
        and (before[-1][0].isupper() or before[-1] in ("&", tongue.word("and")))
    )
    return match[0] if is_firm else f"{tongue.tables['county']['said']} "


def _say_before(match: re.Match[str], tongue: Tongue) -> str:
    """
    Run of titles before a name, each in full.

    A lone title that is also a word needs its full stop, or the right words around it.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_BEFORE, _say_before, "Lt Col Fox, Hon Hai, the Hon Ann, Sen. Fox")
    'Lieutenant Colonel Fox, Hon Hai, the Honourable Ann, Senator Fox'
    >>> load_tongue("en-GB").sub(_BEFORE, _say_before, "Gen Fox and Gen Z, Dr Fox and Mrs Fox")
    'General Fox and Gen Z, Doctor Fox and Missus Fox'
    """
    titles = re.findall(r"\w+", match[1])
    careful, before = tongue.tables["careful"], tongue.tables["before_names"]
    office = re.match(r"[\w-]+", match.string[match.end() :])
    if titles[-1] in careful["of_office"] and office and office[0] in careful["offices"]:
        spoken = [*(str(before[title]) for title in titles[:-1]), str(careful["of_office"][titles[-1]])]
        return " ".join(spoken) + " "
    is_lone = len(titles) == 1 and titles[0] in careful["titles"] and "." not in match[1]
    if is_lone and not (titles[0] in careful["with_two_names"] and _is_person(match)):
        return match[0]
    return " ".join(before[title] for title in titles) + " "


def say_places(text: str, tongue: Tongue) -> str:
    """
    Say the party and state of members of a congress ("D-Calif."), states after a town, and points of the compass.

    The first two as the AP Stylebook ("state names") prints them; 176 in 604 articles. A short form that is a
    word or a name of its own ("Miss.", "Ill.") counts only after a comma or a party. A point of the compass
    counts before a place, after "the" and after a degree. None in 604 articles, which hold no weather; kept,
    because forecasts are in every bulletin and "the S-W" or "degreesN" is no region.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("Rep. Ann Fox, D-Calif., in Reno, Nev.")
    'Representative Ann Fox, Democrat, California, in Reno, Nevada.'
    >>> make_speakable("rain in NW Wiltshire, N Yorks and the SW, at 51.5°N")
    'rain in north-west Wiltshire, north Yorkshire and the south-west, at fifty-one point five degrees north'
    """
    states, parties, winds = (tongue.tables[name] for name in ("states", "parties", "winds"))
    known = {**states, **tongue.tables["postal"]}
    text = tongue.sub(
        _PARTY, lambda m, _: f"{parties[m[1]]}, {known.get(m[2], m[2])}{stop_after(m, tongue)}", text
    )
    text = tongue.sub(
        r"(?<=[a-z])(, )(«states»)\.", lambda m, _: f"{m[1]}{states[m[2]]}{stop_after(m, tongue)}", text
    )
    for wind in (_WIND, r"(?<![\w.-])(?:«winds»)(?= (?:«compass.before»)\b)"):
        text = tongue.sub(wind, lambda m, _: winds[m[0]], text)
    return tongue.sub(r"(?<=°)(?:«winds»)(?!\w)", lambda m, _: f" {winds[m[0]]}", text)
