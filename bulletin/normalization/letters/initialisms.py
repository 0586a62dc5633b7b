"""
Initials and shouted words -> letters or words: "the NHS" -> "the N-H-S", "NATO" -> "Nato".

Source: AP Stylebook and Guardian style guide, "abbreviations and acronyms"; counts in the 604 fresh articles:
`python -m bench.normalization_matches`. A word that can be said has an onset and a coda of English (Giegerich
1992, English Phonology, chapter 6, syllables). Judgement, no source: the lengths of words, because initials are
short.
"""

from __future__ import annotations

import re

from bulletin.normalization.letters.expand_titles_and_place_names import stop_after
from bulletin.normalization.load_number_and_abbreviation_tables import Tongue
from bulletin.normalization.numbers.number_patterns import CAPITAL

# "U. S." has its last stop: in "the U.S. A man" or "the B-B-C. A man" the "A" opens a sentence.
_DOTTED = r"(?<![\w.])(?P<letters>(?:[A-Z]\.){1,5}[A-Z]|(?<!-)(?:[A-Z]\. ){1,5}[A-Z](?=\.))\.?(?P<own>'s)?(?![\w.])|(?<![\w.])(?P<all>(?:[A-Z]\.){2,6})(?=[a-z']|$)"
"""Example: `say_initials`."""
_STOPS = r"(?<=\b[A-Z]\.)\.{1,5}(?!\w)"
"""Full stop of a sentence behind that of initials: "the U.S.. The". Example: `say_initials`."""
# not the E of "A and E. Next sentence"
_MIDDLE = r"(?<![\w.-])(?<!\band )([A-Z])\. ([A-Z][a-z]{1,30})"
"""Example: `say_initials`."""
_AND = r"(?<![\w&])([A-Z]{1,3})&([A-Z]{1,3})('?s)?(?![\w&])"
"""Example: `_say_and`."""
_INITIALS = rf"(?<![\w'])(?P<word>[{CAPITAL}]{{2,8}})(?P<many>'?s(?!\w))?(?![\w&])"
"""Example: `say_initials`."""
_ELIDED = r"(?<=[^\W\d_]')(?P<word>[A-Z]{2,8})(?P<many>(?!s))(?![\w&])"
"""Initials behind an elided word of another language: "l'ONU", "dell'ONU". Example: `say_initials`."""
_SHOUT = rf"(?<![\w'-])[{CAPITAL}][{CAPITAL}']{{0,30}}(?:[ ,:;.!?-]{{1,3}}(?:[{CAPITAL}'&]|\d){{1,30}}){{3,200}}(?![\w'-])"
"""Example: `lower_shouted_words`."""
_WORD = rf"(?<![\w'&])[{CAPITAL}]{{2,60}}(?:'[A-Z]{{1,2}})?(?![\w&])"
"""Example: `lower_shouted_words`."""
_ACCENTED = frozenset("ÁÀÂÃÉÈÊËÍÎÏÓÔÕÚÙÛÇÑ")
"""Letters of Romance languages that no initials have. Example: `_quiet`."""
_VOWELS = "AEIOUY"
"""Example: `_quiet`."""
# Consonants that can open a word before its first vowel, and at most two consonants together after it.
_ONSET = r"(?:[B-DF-HJ-NP-TV-XZ]|[BCFGPST]H?R|[BCFGPS]L|[CGKPSTW]H|[DTS]W|S[CKMNPQTU]|S[CPT][HLR]|[GK]N|SQU|THR|CHR|SHR)?"
"""Example: `_quiet`."""
_CLOSE = r"(?:[RN]CH|TCH|[NRS]TS|[RN]DS|[RL]LDS?|[RL][MN]S?|GHTS?|[RS]ST|RST|MPS|NKS|LPHS?)?"
"""
>>> [bool(re.fullmatch(_CLOSE, end)) for end in ("NTS", "QX")]
[True, False]
"""
_SAYABLE = re.compile(
    _ONSET + r"(?:[AEIOUY]{1,2}[B-DF-HJ-NP-TV-XZ]{1,2}){0,3}(?:[AEIOUY]{1,2}" + _CLOSE + ")?"
)
"""Example: `_say_initials`."""
_OPENING = re.compile(_ONSET + "[AEIOUY]")
"""Example: `_quiet`."""


def lower_shouted_words(text: str, tongue: Tongue) -> str:
    """
    Lower headlines and words in capitals; in a run of them only known initials stay. 777 words in 604 articles.

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("POLICE HUNT MAN AFTER NHS RAID")
    'Police Hunt Man After N-H-S Raid'
    """
    text = lower_headlines(text, tongue)
    return tongue.sub(_WORD, lambda m, _: _quiet(m[0], tongue, is_shouted=False), text)


def lower_headlines(text: str, tongue: Tongue) -> str:
    """
    Lower runs of four and more words in capitals.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> lower_headlines("POLICE HUNT MAN AFTER NHS RAID, says FERRYMAN", load_tongue("en-GB"))
    'Police Hunt Man After NHS Raid, says FERRYMAN'
    """
    return tongue.sub(
        _SHOUT,
        lambda run, _: tongue.sub(_WORD, lambda m, _: _quiet(m[0], tongue, is_shouted=True), run[0]),
        text,
    )


def say_initials(text: str, tongue: Tongue) -> str:
    """
    Spell "NHS", "MPs", "U.S." and "A&E"; say "NATO" and "OPEC" as words. 3,265 in 604 articles.

    Letters are joined by hyphens, because capitals alone may be a word ("IT", "WHO"). But a voice says a
    first or last "A" between hyphens as the article before another word, so such initials stay in capitals,
    and "A and E" has spaces. (Measured with hibari on a hundred initials: hyphens 40 slips, capitals 19, this
    0.)

    >>> from bulletin.normalization.normalize_text import make_speakable
    >>> make_speakable("the NHS, the U.S. Senate and NATO")
    'the N-H-S, the U-S Senate and Nato'
    >>> make_speakable("MPs visit A&E")
    'MPs visit A and E'
    >>> make_speakable("Ann J. Fox of TfL")
    'Ann J Fox of T-F-L'
    >>> make_speakable("in the U.S.. The")
    'in the U-S. The'
    """
    text = tongue.sub(_AND, _say_and, text)
    text = tongue.sub(_STOPS, lambda _m, _: "", text)
    text = tongue.sub(_DOTTED, _say_dotted, text)
    text = tongue.sub(
        _MIDDLE, lambda m, _: m[0] if m[2] in tongue.words("starters") else f"{m[1]} {m[2]}", text
    )
    # "TfL", "PhD", and initials that have become words
    text = tongue.sub(
        r"(?<![\w'-])(?=\w*[a-z])(?:«said»)(?!\w)", lambda m, _: tongue.tables["said"][m[0]], text
    )
    if "joint" in tongue.tables["spelled"]:  # in English the capitals of "O'BRIEN" are a name
        text = tongue.sub(_ELIDED, _say_initials, text)
    return tongue.sub(_INITIALS, _say_initials, text)


def spell(letters: str, tongue: Tongue) -> str:
    """
    Join letters by hyphens, but where an A stands at an end: see `say_initials`. Another language has its own joint.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> spell("NHS", load_tongue("en-GB")), spell("RSPCA", load_tongue("en-GB"))
    ('N-H-S', 'RSPCA')
    """
    spelled = tongue.tables["spelled"]
    if "joint" in spelled:
        return str(spelled["joint"]).join(letters)
    if len(letters) > 1 and "A" in (letters[0], letters[-1]) and letters not in spelled["hyphened"]:
        return letters
    return "-".join(letters)


def _quiet(word: str, tongue: Tongue, *, is_shouted: bool) -> str:
    """
    Word in capitals in small letters, unless it may be initials.

    In a shouted run every word that can be said is lowered, elsewhere only emphasis, long words, and words with an
    accent, which initials do not have (OQLF, "Accents sur les sigles").

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> [_quiet(word, load_tongue("en-GB"), is_shouted=True) for word in ("POLICE", "NHS", "NOT", "MONDAY")]
    ['Police', 'NHS', 'Not', 'Monday']
    >>> [_quiet(word, load_tongue("en-GB"), is_shouted=False) for word in ("FERRY", "NOT", "WEXCOMBE")]
    ['FERRY', 'not', 'Wexcombe']
    >>> _quiet("SÉRIES", load_tongue("fr"), is_shouted=False)
    'Séries'
    """
    dates = tongue.tables["dates"]
    if word in tongue.tables["spelled"]["only"] or word in tongue.tables["said"]:
        return word
    if word.capitalize() in (*dates["months"].values(), *dates["days"].values()):
        return word.capitalize()
    if word in tongue.tables["emphasis"]["words"]:
        return word.capitalize() if is_shouted else word.lower()
    vowels = sum(letter in _VOWELS for letter in word)
    is_word = is_shouted and len(word) > 3 and _OPENING.match(word)
    is_accented = len(word) > 3 and not _ACCENTED.isdisjoint(word)
    if "'" in word or is_word or is_accented or (len(word) > 6 and vowels > 1):
        return word.capitalize()
    return word


def _say_and(match: re.Match[str], tongue: Tongue) -> str:
    """
    Initials on both sides of "&", spelt, with the word for the sign.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_AND, _say_and, "at A&E, M&S's ferry")
    "at A and E, M and S's ferry"
    """
    own = "'s" if match[3] else ""
    return f"{spell(match[1], tongue)} {tongue.word('and')} {spell(match[2], tongue)}{own}"


def _say_dotted(match: re.Match[str], tongue: Tongue) -> str:
    """
    Initials with full stops, spelt; the last stop stays where it ends the sentence too.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_DOTTED, _say_dotted, "the U.S. Senate, U.N.'s ferry. It left the U.K. The")
    "the U-S Senate, U-N's ferry. It left the U-K. The"
    """
    letters = re.sub("[^A-Z]", "", match["letters"] or match["all"])
    stop = stop_after(match, tongue) if match["letters"] else ""
    return spell(letters, tongue) + (match["own"] or "") + stop


def _say_initials(match: re.Match[str], tongue: Tongue) -> str:
    """
    Initials, spelt, or said as a word if they have become one or can be said.

    Plurals stay in capitals: engines say "MPs" so, and hear a third letter in "M-Ps" (measured with hibari).

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> load_tongue("en-GB").sub(_INITIALS, _say_initials, "NHS, NATO, MPs, MP's, WEXCOM, NOT")
    "N-H-S, Nato, MPs, M-P's, Wexcom, not"
    """
    word, many = match["word"], match["many"] or ""
    said = tongue.tables["said"]
    if word + many in said:
        return str(said[word + many])
    if word in said:
        # "VWs" as printed, since "V-Ws" has another letter
        return word + many if many == "s" and "-" in said[word] else f"{said[word]}{many}"
    if word in tongue.tables["emphasis"]["words"] and not many:
        return word.lower()
    is_word = len(word) > 4 and word not in tongue.tables["spelled"]["only"] and _SAYABLE.fullmatch(word)
    if is_word:
        return word.capitalize() + many
    # Plurals stay as printed: engines say "MPs" so, and hear a third letter in "M-Ps" (measured with hibari).
    return word + many if many == "s" else spell(word, tongue) + many
