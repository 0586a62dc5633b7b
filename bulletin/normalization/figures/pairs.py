"""
Scores, ranges and fractions -> words, or figures with a word between them that later steps say with their unit.

Source: docs/decisions/0070. Judgement, no source: how a score is said, because sports desks say it and no style guide writes it down; and the
characters within which a word of sport counts, because they hold most sentences.
"""

from __future__ import annotations

import re

from bulletin.normalization.figures.grammars.grammar import Grammar, figure
from bulletin.normalization.figures.marks import NUMBER, START
from bulletin.normalization.load_number_and_abbreviation_tables import NOWHERE, Tongue

_RATIO = rf"{START}(?P<low>\d{{1,3}}) ?: ?(?P<high>\d{{1,3}})(?![\w]|[:.,]\d)"
"""Example: `say_scores`."""
_PAIR = (
    rf"{START}(?<![\d]-)(?P<low>\d{{1,3}}) ?[-–] ?(?P<high>\d{{1,3}})(?![\w%°€$£]| ?[%°€$£])(?![-–/:.,]\d)"
)
"""Example: `say_scores`."""
_RANGE = rf"{START}(?P<low>-?{NUMBER})(?P<unit> ?(?:%|°C?|€))? ?[-–] ?(?P<high>{NUMBER})(?![-–/]\d)"
"""Example: `join_ranges`."""
_SUMS = rf"(?<![\w.,])(?P<sign>«currencies») ?(?P<low>{NUMBER})[-–](?P=sign)(?P<high> ?{NUMBER})(?![-–/]\d)"
"""A sign of a currency before both figures, said once. Example: `join_ranges`."""
_MIXED = rf"{START}(?P<whole>\d{{1,4}}) (?P<part>\d/\d{{1,2}})(?![\w/])"
"""Example: `say_fractions`."""
_FRACTION = rf"{START}(?P<low>\d{{1,3}})/(?P<high>\d{{1,3}})(?![\w/])"
"""Example: `say_fractions`."""
_NEAR = 60
"""Example: `say_scores`."""
_WORDS = re.compile(r"[\w'-]+")
"""Example: `say_scores`."""
_MOST_GAMES = 7
"""Games of a tennis set, of which several stand beside one another: "6-4, 3-6 en 7-5". Example: `_is_score`."""
_SET_BEFORE = re.compile(r"\d[-–]\d{1,2},?(?: \w{1,3})? $")
"""Example: `_is_score`."""
_SET_AFTER = re.compile(r",?(?: \w{1,3})? \d{1,2}[-–]\d")
"""Example: `_is_score`."""


def say_scores(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say pairs with a colon; a pair with a hyphen is a score if it falls, is level, begins with nought, or sport is near.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("Köln gewann 3:1, Bonn 2-0; 10-15 Kinder", language="de")
    'Köln gewann drei zu eins, Bonn zwei zu null; zehn bis fünfzehn Kinder'
    """
    if tongue.tables["words"].get("score", NOWHERE) == NOWHERE:
        return text

    def say(match: re.Match[str], _: Tongue) -> str:
        goals = (_goals(match[name], tongue, grammar) for name in ("low", "high"))
        return f" {tongue.word('score')} ".join(goals).replace("  ", " ")

    def say_pair(match: re.Match[str], _: Tongue) -> str:
        return say(match, tongue) if _is_score(match, tongue, grammar) else match[0]

    return tongue.sub(_PAIR, say_pair, tongue.sub(_RATIO, say, text))


def part_numbered(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Part the two figures of a number such as that of a decree: no range.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("le décret n°2019-1130", language="fr")
    'le décret numéro deux mille dix-neuf, mille cent trente'
    """
    return tongue.sub(r"((?<!\w)«number_signs.one» \d{1,4})-(?=\d{1,5}(?![\w-]))", r"\1, ", text)


def join_ranges(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Write the word for "to" between two figures, which later steps say with their unit.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("10-15 km, 5–10 %, 20.000-30.000 Menschen, $3-$5", language="de")
    'zehn bis fünfzehn Kilometer, fünf bis zehn Prozent, zwanzigtausend bis dreißigtausend Menschen, drei bis fünf Dollar'
    """
    text = tongue.sub(_SUMS, lambda m, _: f"{m['low']} {tongue.word('to')} {m['sign']}{m['high']}", text)
    return tongue.sub(
        _RANGE, lambda m, _: f"{m['low']}{m['unit'] or ''} {tongue.word('to')} {m['high']}", text
    )


def say_fractions(text: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Say the fractions of the table [fractions], others as parts "out of".

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("2 1/2 Stunden, 3/4 der Menschen, 7/10", language="de")
    'zweieinhalb Stunden, drei viertel der Menschen, sieben von zehn'
    >>> make_speakable("Tore in der Bundesliga 23/24", language="de")
    'Tore in der Bundesliga dreiundzwanzig vierundzwanzig'
    """
    fractions = tongue.tables.get("fractions", {})

    def say_mixed(match: re.Match[str], _: Tongue) -> str:
        form = fractions.get(f"n {match['part']}")
        whole = figure(match["whole"], tongue, grammar)
        if form:
            return str(form).format(n=whole)
        part = fractions.get(match["part"])
        return f"{whole} {tongue.word('and')} {part}" if part else match[0]

    def say(match: re.Match[str], _: Tongue) -> str:
        if match[0] in fractions:
            return str(fractions[match[0]])
        words = tongue.tables["words"]
        is_part = 0 < int(match["low"]) < int(match["high"]) and words.get("out_of", NOWHERE) != NOWHERE
        figures = [figure(match[name], tongue, grammar) for name in ("low", "high")]
        if _is_season(match, tongue):
            return " ".join(figures)
        return f" {words['out_of']} ".join(figures) if is_part else match[0]

    return tongue.sub(_FRACTION, say, tongue.sub(_MIXED, say_mixed, text))


def _is_season(match: re.Match[str], tongue: Tongue) -> bool:
    """
    Whether two figures are the years of a season: each has two digits, the second follows the first, and sport is near.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> texts = ("Die Tore der Saison 23/24", "Note 19/20", "Die Tore: 23/25")
    >>> [_is_season(re.search(_FRACTION, text), load_tongue("de")) for text in texts]
    [True, False, False]
    """
    low, high = match["low"], match["high"]
    near = match.string[max(0, match.start() - _NEAR) : match.end() + _NEAR].casefold()
    words = {word.casefold() for word in tongue.words("score_words") | tongue.words("season_words")}
    is_pair = len(low) == len(high) == 2 and int(high) == int(low) + 1
    return is_pair and not words.isdisjoint(_WORDS.findall(near))


def _goals(written: str, tongue: Tongue, grammar: Grammar) -> str:
    """
    Goals of one side; a language may have its own word for none.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> _goals("0", load_tongue("de"), Grammar())
    'null'
    """
    nil = tongue.tables["words"].get("nil", NOWHERE)
    return str(nil) if written == "0" and nil != NOWHERE else figure(written, tongue, grammar)


def _is_score(match: re.Match[str], tongue: Tongue, grammar: Grammar) -> bool:
    """
    Whether a pair is a score; a rising pair before a counted noun, or after a word of ranges, is none.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> texts = ("Bonn 2-0", "10-15 Kinder", "Bonn gewann 2-3", "zwischen 3-2", "3-6, 7-5")
    >>> [_is_score(re.search(_PAIR, text), load_tongue("de"), Grammar()) for text in texts]
    [True, False, True, False, True]
    """
    low, high = int(match["low"]), int(match["high"])
    before = re.split(r"[.;!?] ", match.string[max(0, match.start() - _NEAR) : match.start()])[-1]
    after = re.split(r"[.;!?]", match.string[match.end() : match.end() + _NEAR])[0]
    last = _WORDS.findall(before)[-1:]
    if last and last[0].casefold() in tongue.words("range_words"):
        return False
    if before.endswith("(") and after.startswith(")") and max(low, high) < 100:
        return True
    near = {word.casefold() for word in _WORDS.findall(f"{before} {after}")}
    is_sport = bool(near & {word.casefold() for word in tongue.words("score_words")})
    first = _WORDS.match(after.lstrip())
    if first and first[0] in (tongue.words("counted") | tongue.tables["units"].keys()) and low < high:
        return False
    is_set = max(low, high) <= _MOST_GAMES and bool(_SET_BEFORE.search(before) or _SET_AFTER.match(after))
    return is_sport or low >= high or low == 0 or is_set
