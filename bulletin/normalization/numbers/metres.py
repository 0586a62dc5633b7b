"""A figure with the letter m -> "300 m" where it is a length; everything else with an m is millions."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest

from bulletin.normalization.language_tables import Tongue
from bulletin.normalization.numbers.number_patterns import NUMBER

_FREE = r"(?<![\w.,])(?<!\w-)"
_TO_TELL = re.compile(r"[\w'-]+")
_NEARBY = 80
"""Characters on either side in which a word tells metres from millions."""
_RACES = r"60|100|200|400|800|1,?000|1,?500|3,?000|5,?000|10,?000"


def mark_metres(text: str, tongue: Tongue) -> str:
    """
    Write a space before the letter m where it means metres, so that `say_units` says them.

    8 in 604 articles; each form stays, because metres told as millions are the worst mistake of all figures.
    `say_units` knows the rest, by the noun that follows ("a 100m sprint").

    >>> from bulletin.normalization.language_tables import load_tongue
    >>> mark_metres("He ran 100m at a depth of 40m, with snow above 300m.", load_tongue("en-GB"))
    'He ran 100 m at a depth of 40 m, with snow above 300 m.'
    >>> mark_metres("watched by 300m viewers", load_tongue("en-GB"))
    'watched by 300m viewers'
    """
    if not _LOOKS.search(text):
        return text
    for pattern in _sure(tongue):
        text = pattern.sub(r"\1\2 m", text)
    return _open(tongue).sub(lambda m: _say_if_length(m, tongue), text)


_LOOKS = re.compile(r"\dm(?!\w)")


@lru_cache(maxsize=16)
def _sure(tongue: Tongue) -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"(\b(?:{tongue.any_of('metre_verbs')}) )({NUMBER})m(?!\w)"),
        re.compile(rf"(ft,? \(?|(?:foot(?: [a-z-]+)?|inches|\bins?),? \()({NUMBER})m(?!\w)"),
        re.compile(rf"(\b(?:[Tt]he|[Oo]ver) )({_RACES})m{_ends(tongue)}"),
        re.compile(rf"(\b(?:{tongue.any_of('length_words')}) of )({NUMBER})m(?!\w)"),
    )


@lru_cache(maxsize=16)
def _open(tongue: Tongue) -> re.Pattern[str]:
    """A figure with m that no noun follows: "above 300m.", "40m down the cliff"."""
    return re.compile(
        rf"{_FREE}(?P<low>{NUMBER}m? ?[-–] ?)?(?P<number>{NUMBER})m(?!\w)(?!\.\d){_ends(tongue)}"
    )


def _ends(tongue: Tongue) -> str:
    return rf"(?=[.,;:!?)]|$| (?:{tongue.any_of('not_nouns')})\b)"


def _say_if_length(match: re.Match[str], tongue: Tongue) -> str:
    """
    A space before the letter m where the sentence measures something.

    A word of height, depth or distance nearby tells so, unless a nearer one tells of what comes in millions.
    """
    before = _TO_TELL.findall(re.split(r"[;!?] |\. ", match.string[: match.start()][-_NEARBY:])[-1])
    after = _TO_TELL.findall(re.split(r"[;!?] |\.(?: |$)", match.string[match.end() :][:_NEARBY])[0])
    near = (word.lower() for pair in zip_longest(reversed(before), after, fillvalue="") for word in pair)
    for word in near:
        if word in tongue.words("millions_words"):
            return match[0]
        if word in tongue.words("length_words"):
            return f"{(match['low'] or '').replace('m', '')}{match['number']} m"
    return match[0]
