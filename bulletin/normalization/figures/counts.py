"""
Ordinals, Roman numerals, codes, years and all other figures -> words.

Source: number rules of Unicode CLDR; the form before a noun is the language's grammar (`grammar.Grammar`).
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar, figure
from bulletin.normalization.figures.marks import GROUPED, NEAR, NUMBER
from bulletin.normalization.load_number_and_abbreviation_tables import NOWHERE, Tongue
from bulletin.normalization.numbers.roman_numerals import read_roman

_PHONE = r"(?<![\w.,/])(?<!\d-)(?!\d\d([-/])\d\d\1\d{4}(?!\d))(?:\+\d{1,3}[ /-]?(?:\(0\) ?)?|\(?0)\d{1,5}\)?(?:(?:[ -]| ?/ ?)\d{2,8}){1,5}(?![\w%]|[.,:]\d)|(?<![\w.,])0\d{8,10}(?!\w)"
"""Example: `say_phone_numbers`."""
_ROMAN = r"(?<!\w)(?P<head>(?:«roman_before»)s?) (?P<roman>[IVXL]{1,7})(?P<mark>{marks})?(?!\w)"
"""Example: `say_roman_numerals`."""
_ROMAN_BEFORE_NOUN = r"(?<!\w)(?P<roman>[IVXL]{1,7})(?P<mark>{marks})?(?= (?:«roman_after»)(?!\w))"
"""Example: `say_roman_numerals`."""
_ORDINAL = r"(?<![\w,.])(?P<number>\d{1,3})(?P<mark>{marks})(?!\w)"
"""Example: `say_ordinals`."""
_LEFT_ROMAN = r"(?<![\w.'-])(?P<roman>[IVX]{2,6})(?![\w'-]|\.\w)"
"""Example: `say_left_romans`."""
_YEAR = rf"(?<![\w.,{GROUPED}-])(?P<year>1[1-9]\d\d|20\d\d)(?![\w%]|[.,]\d|-[^\W\d_])"
"""Example: `say_years`."""
_NUMBER = rf"(?P<minus>(?<![\w)])-)?(?P<number>{NUMBER})(?P<joined>-(?=[^\W\d_]))?"
"""Example: `say_numbers`."""
_VERSIONED = (
    r"(?<!\w)(?P<head>(?:«version_words»)) (?P<number>\d{1,4}(?:\.\d{1,4}){1,4}(?:\.x)?)(?![\w,]|\.\d)"
)
"""Example: `say_versions`."""
_VERSION = r"(?<![\w.,])\d{1,4}(?:\.\d{1,4}){1,4}(?:\.x)?(?![\w])"
"""A full stop that is left within a figure belongs to a name: "iOS 18.1", "7.1.x". Example: `say_numbers`."""


def say_versions(text: str, tongue: Tongue) -> str:
    """
    Say the number of a version behind a word of [lists] version_words: its full stops part neither thousands nor decimals.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> say_versions("Version 1.117 und Python 3.1.0", load_tongue("de"))
    'Version eins Punkt einhundertsiebzehn und Python drei Punkt eins Punkt null'
    """
    dot = tongue.tables["words"].get("dot", NOWHERE)
    if dot == NOWHERE:
        return text
    return tongue.sub(_VERSIONED, lambda m, _: f"{m['head']} {_say_version(m['number'], dot, tongue)}", text)


def say_phone_numbers(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say telephone numbers digit by digit, with a pause between groups (ITU-T E.123).

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("unter 0800 555 11", language="de")
    'unter null acht null null, fünf fünf fünf, eins eins'
    """

    def say(match: re.Match[str], _: Tongue) -> str:
        if not 6 <= sum(map(str.isdigit, match[0])) <= 15:
            return match[0]
        groups = re.findall(r"\d+", match[0].replace("(0)", ""))
        plus = f"{tongue.tables['symbols'].get('+', '')} " if match[0].startswith("+") else ""
        return plus.lstrip() + ", ".join(map(tongue.each_digit, groups))

    return tongue.sub(_PHONE, say, text)


def say_roman_numerals(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say Roman numerals behind the words of [lists] roman_before, and before those of roman_after.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("Papst Leo XIV. kam, Kapitel IV", language="de")
    'Papst Leo der Vierzehnte kam, Kapitel vier'
    """
    marks = tongue.tables["words"].get("ordinal_marks", NOWHERE)
    for pattern in (_ROMAN, _ROMAN_BEFORE_NOUN):
        text = tongue.sub(
            pattern.replace("{marks}", marks), lambda match, _: _say_roman(match, tongue, grammar), text
        )
    return text


def _say_roman(match: re.Match[str], tongue: Tongue, grammar: Grammar) -> str:
    """
    Numeral up to a hundred, by the language's grammar; others stay as printed.

    >>> from bulletin.normalization.figures.grammars.load_grammar import load_grammar
    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> tongue, grammar = load_tongue("de"), load_grammar("de")
    >>> text = "Kapitel IV, Kapitel IIX"
    >>> tongue.sub(_ROMAN.replace("{marks}", "x"), lambda match, _: _say_roman(match, tongue, grammar), text)
    'Kapitel vier, Kapitel IIX'
    """
    value = read_roman(match["roman"])
    if value is None or value > 100:
        return match[0]
    head = match.groupdict().get("head") or ""
    before, after = (
        match.string[max(0, match.start("roman") - NEAR) : match.start("roman")],
        match.string[match.end() : match.end() + NEAR],
    )
    spoken = grammar.roman(value, tongue, before=before, mark=match["mark"] or "", after=after)
    stop = "." if match["mark"] == "." and not after.strip() else ""
    return f"{head}{' ' if head else ''}{spoken}{stop}"


def say_left_romans(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say Roman numerals that no word announces: two letters or more of I, V and X are no initials.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("el golpe II", language="es"), make_speakable("o VIII Festival", language="pt-BR")
    ('el golpe dos', 'o oitavo Festival')
    """
    known = {*tongue.tables["said"], *tongue.tables["spelled"]["only"]}

    def say(match: re.Match[str], _: Tongue) -> str:
        value = read_roman(match["roman"])
        if value is None or match["roman"] in known:
            return match[0]
        before, after = match.string[: match.start()][-NEAR:], match.string[match.end() :][:NEAR]
        if grammar.has_roman_before_name and re.match(r" [A-ZÀ-Þ][a-zà-ÿ]", after):
            return grammar.roman(value, tongue, before=before, mark="", after=after)
        return tongue.numbers.spell(value, "cardinal")

    return tongue.sub(_LEFT_ROMAN, say, text)


def say_ordinals(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say ordinals in figures. A full stop marks one only within a sentence, and not before a word that opens one.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("der 2. Platz, im 21. Jahrhundert, Rang 3.", language="de")
    'der zweite Platz, im einundzwanzigsten Jahrhundert, Rang drei.'
    """
    marks = tongue.tables["words"].get("ordinal_marks", NOWHERE)
    if marks == NOWHERE:
        return text

    def say(match: re.Match[str], _: Tongue) -> str:
        before, after = (
            match.string[max(0, match.start() - NEAR) : match.start()],
            match.string[match.end() : match.end() + NEAR],
        )
        word = re.match(r" ([^\W\d_][\w-]*)", after)
        if match["mark"] == "." and (word is None or word[1] in tongue.words("starters")):
            return match[0]
        return grammar.ordinal(int(match["number"]), tongue, mark=match["mark"], before=before, after=after)

    return tongue.sub(_ORDINAL.replace("{marks}", marks), say, text)


def say_codes(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Part letters from figures with a hyphen: "A7", "G20" (the figures are said by `say_numbers`).

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("die A7 und die G20", language="de")
    'die A-sieben und die G-zwanzig'
    """
    return re.sub(r"(?<![^\W\d_])([A-ZÀ-Þ]{1,4}) ?(?=\d{1,4}(?!\w|,\d))", _code, text)


def _code(match: re.Match[str]) -> str:
    """
    Letters before a figure, with a hyphen where nothing parts them.

    >>> [_code(re.match("([A-Z]+) ?(?=7)", text)) for text in ("A7", "A 7")]
    ['A-', 'A ']
    """
    return match[0] if match[0].endswith(" ") else f"{match[1]}-"


def say_years(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say four figures from 1100 to 2099 as a year, unless they count a noun.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("im Jahr 1989 kamen 1989 Menschen", language="de")
    'im Jahr neunzehnhundertneunundachtzig kamen eintausendneunhundertneunundachtzig Menschen'
    """

    months = tongue.tables["dates"]["full_months"]

    def say(match: re.Match[str], _: Tongue) -> str:
        before = match.string[max(0, match.start() - NEAR) : match.start()].rstrip().rpartition(" ")[2]
        noun = grammar.noun_after(match.string[match.end() : match.end() + NEAR], tongue)
        is_dated = before in tongue.words("year_words") or before in months
        is_count = not is_dated and grammar.counts(int(match["year"]), noun, tongue, before=before)
        return match[0] if is_count else tongue.year(match["year"])

    return tongue.sub(_YEAR, say, text)


def say_numbers(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say every figure that is left, in the form that its noun needs.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("1 Person, 21 Personen, 1 Mann, -4, Platz 1, iOS 18.1", language="de")
    'eine Person, einundzwanzig Personen, ein Mann, minus vier, Platz eins, iOS achtzehn Punkt eins'
    >>> make_speakable("Rust 1.30", language="de")
    'Rust eins Punkt dreißig'
    >>> make_speakable("Son 47.615.034.", language="es")
    'Son cuarenta y siete millones seiscientos quince mil treinta y cuatro.'
    """
    dot = tongue.tables["words"].get("dot", NOWHERE)
    if dot != NOWHERE:
        text = re.sub(_VERSION, lambda m: _say_version(m[0], dot, tongue), text)
        text = re.sub(r"(?<=\d)\.(?=\d)", f" {dot} ", text)

    def say(match: re.Match[str], _: Tongue) -> str:
        rest, before = (
            match.string[match.end() : match.end() + NEAR],
            match.string[max(0, match.start() - NEAR) : match.start()],
        )
        number, is_grouped = match["number"], before.endswith(GROUPED)
        before = before.removesuffix(GROUPED)
        is_code = before[-1:] == "-" and before[-2:-1].isalpha()
        is_version = rest.startswith(f" {dot} ") or before.endswith(f" {dot} ")
        noun = "" if match["joined"] or is_code or is_version else grammar.noun_after(rest, tongue)
        is_count = bool(noun) or is_grouped or number.endswith("000")
        if number.isdigit() and len(number) > 6 and not is_count:
            spoken = tongue.each_digit(number)
        else:
            spoken = figure(number, tongue, grammar, noun=noun, before=before, minus=bool(match["minus"]))
        left = " " if before[-1:].isalnum() else ""
        return f"{left}{spoken}{'-' if match['joined'] else ' ' if rest[:1].isalnum() else ''}"

    return tongue.sub(_NUMBER, say, text)


def _say_version(written: str, dot: str, tongue: Tongue) -> str:
    """
    Number of a version, part by part; a nought in front and a lone letter are said as they stand.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_say_version(written, "Punkt", load_tongue("de")) for written in ("1.30", "7.04", "7.1.x")]
    ['eins Punkt dreißig', 'sieben Punkt null vier', 'sieben Punkt eins Punkt X']
    """

    def say(part: str) -> str:
        if not part.isdigit():
            return part.upper()
        is_number = part == "0" or part[0] != "0"
        return tongue.numbers.spell(int(part), "cardinal") if is_number else tongue.each_digit(part)

    return f" {dot} ".join(map(say, written.split(".")))
