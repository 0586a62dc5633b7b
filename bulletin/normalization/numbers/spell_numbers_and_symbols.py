"""
Remaining figures and symbols -> words; then only letters and sentence marks.

Source: AP Stylebook and Guardian style guide, "numbers"; Chicago Manual of Style, "en dash"; counts in the 604
fresh articles: `python -m bench.normalization_matches`.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import END, NUMBER, START, text_before

_NUMBER = (
    rf"(?P<minus>(?<![\w)])-)?(?P<number>{NUMBER}|\.\d{{1,15}})(?P<many>'?s(?!\w))?(?P<joined>-(?=[a-z]))?"
)
"""Example: `say_numbers`."""
_CONTINENTAL = r"(?<![\w.,])(?:\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,15})?|\d{1,15},\d{1,15})(?![\d.,]\d)"
"""Example: `swap_decimal_marks`."""
_COUNTING = re.compile(
    r"(?:some|about|around|nearly|over|than|least|almost|roughly|another|exactly|just|up to|only|approximately|estimated) $"
)
"""Example: `_say_year`."""


def swap_decimal_marks(text: str, tongue: Tongue) -> str:
    """
    Write "1.234,5" as "1,234.5" in a language with a decimal comma, because later steps read the latter.

    None in English articles: `decimal_mark` is an option of a station's own language.

    >>> from types import SimpleNamespace
    >>> swap_decimal_marks("1.234,5 km", SimpleNamespace(word=lambda name: ","))
    '1,234.5 km'
    """
    if tongue.word("decimal_mark") != ",":
        return text
    return re.sub(_CONTINENTAL, lambda m: m[0].translate(str.maketrans(".,", ",.")), text)


def say_fixed_phrases(text: str, tongue: Tongue) -> str:
    """
    Say the phrases of the table [fixed] and a grade's star; 27 in 604 articles.

    The plural of a grade: none in 604 articles; kept, because "four A*s" without its star is another grade.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("since 9/11, open 24/7, an A* in maths")
    'since nine eleven, open twenty-four seven, an A-star in maths'
    >>> make_speakable("4 A*s")
    'four A-stars'
    >>> make_speakable("a Grade II* house")
    'a Grade Two-star house'
    """
    fixed = tongue.tables["fixed"]
    text = tongue.sub(r"(?<=(?<![\w*])[A-U])\*'?s(?!\w)", f"-{many(tongue.word('star'))}", text)
    text = tongue.sub(r"(?<=(?<![\w*])[A-U])\*(?![\w*])|(?<=(?<!\w)II)\*(?![\w*])", "-«star»", text)
    phrase = r"(?<![\w.,/:])(?<![\d\s]-)(?:«fixed»)(?![\w/:])(?![-.,]\d)"
    return tongue.sub(phrase, lambda m, _: fixed[m[0]], text)


def say_ordinals(text: str, tongue: Tongue) -> str:
    """
    Say ordinals in figures; 172 in 604 articles.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("finished 102nd")
    'finished one hundred and second'
    """
    ordinal = r"(?<![\w.])(\d{1,3}(?:,\d{3})*|\d{1,15})(?:st|nd|rd|th)(?!\w)"
    return tongue.sub(ordinal, lambda m, _: tongue.ordinal(int(m[1].replace(",", ""))), text)


def say_years(text: str, tongue: Tongue) -> str:
    """
    Say four figures from 1000 to 2099 without a comma as a year, except before a noun that can be counted.

    Newspapers put the comma into counts ("1,200 people"; AP and Guardian style guides, "numbers"), so the exceptions
    are few. 1,185 in 604 articles. "c. 1850": none; kept, because a listener must hear the writer's doubt.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("in 2005, and in 1989 1500 people came")
    'in two thousand and five, and in nineteen eighty-nine one thousand five hundred people came'
    >>> make_speakable("built c. 1850")
    'built around eighteen fifty'
    >>> make_speakable("about 1500 ferries in 2026")
    'about one thousand five hundred ferries in twenty twenty-six'
    """
    text = tongue.sub(r"(?<!\w)c\.? ?(?=1\d{3}(?!\w))", "«around» ", text)
    return tongue.sub(rf"{START}(1[0-9]\d\d|20\d\d){END}", _say_year, text)


def _say_year(match: re.Match[str], tongue: Tongue) -> str:
    r"""
    Four figures as a year; they stay a count before a counted noun, and between "about" and any noun.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(r"\d{4}", _say_year, "in 1989, 1500 people, about 1200 ferries, about 1900")
    'in nineteen eighty-nine, 1500 people, about 1200 ferries, about nineteen hundred'
    """
    following = re.match(r"[ -]([a-z]+)", match.string[match.end() :][:40])
    is_count = following and (
        following[1] in tongue.words("counted")
        or (following[1] not in tongue.words("not_nouns") and _COUNTING.search(text_before(match, 20)))
    )
    return match[0] if is_count else tongue.year(match[0])


def say_numbers(text: str, tongue: Tongue) -> str:
    """
    Say every figure that is left, negative ones too; 2,685 in 604 articles.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("999 homes, half of 3.14, a 7.8-magnitude quake, -4")
    'nine hundred and ninety-nine homes, half of three point one four, a seven point eight magnitude quake, minus four'
    """
    return tongue.sub(_NUMBER, _say_number, text)


def _say_number(match: re.Match[str], tongue: Tongue) -> str:
    """
    Figure in words: a plural, a minus and a hyphen before a word count; seven plain digits are a reference.

    "1,000s" are thousands, and round millions are a number. A hyphen stays only after a whole number.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_NUMBER, _say_number, "-4, a pair of 4s, Channel 4's, 1,000s, 7654321")
    "minus four, a pair of fours, Channel four's, thousands, seven six five four three two one"
    >>> load_tongue("en-GB").sub(_NUMBER, _say_number, "a 10-year-old, a 7.8-magnitude quake, 3000000")
    'a ten-year-old, a seven point eight magnitude quake, three million'
    """
    written = match["number"]
    # Seven figures and more without a comma are a reference, and are read like one.
    is_reference = written.isdigit() and len(written) > 6 and not written.endswith("000")
    spoken = tongue.reference(written) if is_reference else tongue.number(written)
    if match["many"] and re.fullmatch(r"10{1,5}|1,000|1,000,000", written):
        spoken = spoken.removeprefix(f"{tongue.numbers.spell(1)} ")  # "1,000s" are thousands
    # "Channel 4's", but "a pair of 4s"
    spoken = spoken + "'s" if match["many"] == "'s" else many(spoken) if match["many"] else spoken
    spoken = f"{tongue.word('minus')} {spoken}" if match["minus"] else spoken
    if match["joined"]:
        # "seven point eight magnitude", but "ten-year-old".
        return spoken + (" " if "." in written else "-")
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return (" " if before.isalnum() else "") + spoken + (" " if after.isalnum() else "")


def many(word: str) -> str:
    """
    Put a spelt number into the plural.

    >>> many("twenty-one"), many("sixty"), many("six")
    ('twenty-ones', 'sixties', 'sixes')
    """
    return word[:-1] + "ies" if word.endswith("y") else word + ("es" if word.endswith("x") else "s")


def say_symbols(text: str, tongue: Tongue) -> str:
    """
    Say the signs of the table [symbols] and drop a slash between words; 344 in 604 articles.

    `keep_sayable` drops signs without a name in the language.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("Marks & Spencer, his/her")
    'Marks and Spencer, his her'
    """
    symbols = tongue.tables["symbols"]
    text = tongue.sub("«symbols»", lambda m, _: f" {symbols[m[0]]} ", text)
    return re.sub(r"(?<=\w)/(?=\w)", " ", text)


def say_pauses(text: str) -> str:
    """
    Turn dashes, brackets, bars and ellipses into commas, because engines know no other pauses; 2,113 in 604 articles.

    A long dash within a word matches 2; kept, because "Paris–Dakar" is one name (Chicago Manual of Style, "en dash").

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("The bridge (built in May) is shut – again")
    'The bridge, built in May, is shut, again'
    >>> make_speakable("It sank... Two fled -- and hid | Paris–Dakar")
    'It sank. Two fled, and hid, Paris-Dakar'
    """
    text = re.sub(r"\.{3,}", "...", text)
    text = re.sub(r" ?\.{2,3} ?(?=[A-ZÀ-Þ])", ". ", text)
    text = re.sub(r" ?\.{2,3}", ", ", text)
    text = re.sub(r"-{2,}", " - ", text)
    text = re.sub(r"(?<=\w)–(?=\w)", "-", text)
    text = re.sub(r"(?<=\s)[–-](?=\s)|(?<=\w)-(?=\s)(?! ?(?:and|or|to) )|–|(?<=\s)-(?=[A-Za-z])", ", ", text)
    text = re.sub(r" \((?=\w)|(?<=\w)\)(?= \w)", ", ", text)
    return text.replace("|", ", ")


def keep_sayable(text: str) -> str:
    """
    Keep letters, apostrophes within words, and , . ? ! - ; : with one space between words.

    >>> keep_sayable("Wait *here* , please!?")
    'Wait here, please?'
    """
    # Runs are folded first: a pattern that looks ahead from every character of a run takes quadratic time.
    text = " ".join(re.sub(r"[^\w\s,.?!;:'-]|[\d_]|(?<!\w)'|'(?!\w)", " ", text).split())
    text = re.sub(r"-{2,}", "-", text)
    text = re.sub(r"(?<!\w)-|-(?!\w)", " ", text)
    text = re.sub(r" (?=[,.?!;:])", "", " ".join(text.split()))
    # of several marks in a row the strongest
    text = re.sub(
        r"[,.?!;:][,.?!;: ]*", lambda marks: next(mark for mark in "?!.;:," if mark in marks[0]) + " ", text
    )
    text = " ".join(text.split()).lstrip(",.;:!? ")
    return text if any(char.isalpha() for char in text) else ""
