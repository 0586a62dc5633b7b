"""
Patterns of written figures, and whether an amount belongs to the noun after it: "a £5m plan".

Source: a premodifying noun phrase has no plural (Quirk et al. 1985, chapter 17). Forms of written figures: counts
in the 604 fresh articles, `python -m bench.normalization_matches`.
"""

from __future__ import annotations

import re

from bulletin.normalization.load_number_and_abbreviation_tables import Tongue

NUMBER = r"(?:\d{1,2}(?:,\d\d){1,4},\d{3}|\d{1,3}(?:,\d{3}){1,6}|\d{1,15})(?:\.\d{1,15})?"
"""
1,234.5 or 1234.5, or as India writes it 1,20,000. Every repetition is bounded, so that no text takes more than linear time.

Example: `money.say_money`.
"""

START = r"(?<!\w)(?<!\d[.,])"
"""Before a figure: not the middle of a word or of a longer figure. Example: `spoken_times.say_times`."""

END = r"(?!\w)(?![.,]\d)"
"""After a figure. Example: `spoken_times.say_times`."""

CAPITAL = "A-ZÀ-ÖØ-Þ"
"""For a character class. Example: `expand_titles_and_place_names.say_titles`."""

_NEXT = re.compile(
    r"(?: (?P<word>[a-z]{1,30}(?:-[a-z]{1,30})?)|(?P<hyphen>-)(?P<joined>[A-Za-z]{1,30}))(?![\w@])"
)
"""Example: `is_adjective`."""
_ARTICLE = re.compile(r"(?<!\w)[Aa]n? $")
"""Example: `units_of_measure.say_units`."""
_MIDDLE = re.compile(
    r"(?: [A-Z][\w'-]{1,20}){1,3} (?!and |in |on |at |to |from |by |for |of |has |had |was |is |were |will )[a-z]{3,20}(?<!ed)(?!\w)"
)
"""Example: `is_adjective`."""
_EACH = re.compile(r" an? (?P<per>[a-z]{1,30}) (?P<noun>[a-z]{1,30})(?![\w@])")
"""
>>> _EACH.match(" a year loss")["noun"]
'loss'
"""
_WORDS = re.compile(r"[\w'-]+")
"""Example: `_follows_determiner`."""


def is_adjective(match: re.Match[str], tongue: Tongue, *, nouns: frozenset[str] = frozenset()) -> bool:
    """
    A noun follows, and an article or the like stands within the three words before.

    The noun is enough when it is one of `nouns`; a hyphen always is ("£20-a-week", "30ft-high"). English says the
    unit in the singular there (a premodifying noun phrase has no plural: "a ten-mile walk"; Quirk et al. 1985, chapter 17);
    510 in 604 articles.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> plan = re.compile("£5m").search("a £5m plan")
    >>> cost = re.compile("£5m").search("it cost £5m on Monday")
    >>> [is_adjective(match, load_tongue("en-GB")) for match in (plan, cost)]
    [True, False]
    >>> texts = ("a £5m Wexcombe yacht", "a £5m a year loss", "costs the firm £5m a year", "£5m-a-year deal")
    >>> [is_adjective(re.search("£5m", text), load_tongue("en-GB")) for text in texts]
    [True, True, False, True]
    """
    after = _NEXT.match(match.string, match.end())
    # An "a" proves a singular noun: "a £3.2m (€3.7m) yacht", "a 20ft by 10ft shed", "a 330ml can".
    if _MIDDLE.match(match.string, match.end()) and _follows_determiner(match, tongue, most=1):
        return True
    followed = after is not None or match.string.startswith(" (", match.end())
    if followed and _ARTICLE.search(text_before(match, 4)):
        return True
    if after is None:
        return False
    if after["hyphen"]:
        return after["joined"] != "plus"
    word = after["word"]
    if word in nouns:
        return True
    if each := _EACH.match(match.string, match.end()):
        # "a £60m a year loss", but "cost the firm £60m a year"
        is_noun = each["per"] in tongue.words("per_whats") and each["noun"] not in tongue.words("not_nouns")
        return is_noun and _follows_determiner(match, tongue, most=1)
    is_no_noun = word in tongue.words("not_nouns") or word.endswith(("ed", "ly"))
    return not is_no_noun and _follows_determiner(match, tongue)


def text_before(match: re.Match[str], most: int) -> str:
    """
    Up to so many characters before a match.

    >>> text_before(re.compile("£5m").search("a new £5m plan"), 4)
    'new '
    """
    return match.string[max(0, match.start() - most) : match.start()]


def _follows_determiner(match: re.Match[str], tongue: Tongue, *, most: int = 3) -> bool:
    """
    Whether a determiner or a genitive stands before a figure, within its phrase.

    No punctuation may stand between, and three words at most, since no rule finds a verb.

    >>> from bulletin.normalization.load_number_and_abbreviation_tables import load_tongue
    >>> texts = ("a new £5m", "Wexcombe's £5m", "the ferry, £5m")
    >>> [_follows_determiner(re.search("£5m", text), load_tongue("en-GB")) for text in texts]
    [True, True, False]
    """
    phrase = re.split(r"[,.;:!?()]", text_before(match, 20 if most == 1 else 60))[-1]
    words = _WORDS.findall(phrase)[-most:]
    return any(word.lower() in tongue.words("determiners") or word.endswith("'s") for word in words)
