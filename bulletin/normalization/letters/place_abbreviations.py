"""Short forms of places -> words: "Reno, Nev." -> "Reno, Nevada", "SE Asia" -> "south-east Asia"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.letters.title_abbreviations import stop_after
from bulletin.normalization.numbers.number_patterns import CAPITAL


def say_places(text: str, tongue: Tongue) -> str:
    """
    Say the party and state of members of a congress ("D-Calif."), states after a town, and points of the compass.

    The first two as the AP Stylebook ("state names") prints them; 176 in 604 articles. A short form that is a word
    or a name of its own ("Miss.", "Ill.") counts only after a comma or a party.
    A point of the compass counts before a place, after "the" and after a degree: rare in national news (none of 604
    articles), common in weather, travel and political news of local feeds.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("Rep. Ann Fox, D-Calif., in Reno, Nev.")
    'Representative Ann Fox, Democrat, California, in Reno, Nevada.'
    >>> make_speakable("rain in NW Wiltshire, N Yorks and the SW, at 51.5°N")
    'rain in north-west Wiltshire, north Yorkshire and the south-west, at fifty-one point five degrees north'
    """
    party, state, wind, area, degree = _patterns(tongue)
    states, parties, winds = (tongue.table(name) for name in ("states", "parties", "winds"))
    known = {**states, **tongue.table("postal")}
    text = party.sub(lambda m: f"{parties[m[1]]}, {known.get(m[2], m[2])}{stop_after(m, tongue)}", text)
    text = state.sub(lambda m: f"{m[1]}{states[m[2]]}{stop_after(m, tongue)}", text)
    text = wind.sub(lambda m: winds[m[0]], text)
    text = area.sub(lambda m: winds[m[0]], text)
    return degree.sub(lambda m: f" {winds[m[0]]}", text)


@lru_cache(maxsize=16)
def _patterns(tongue: Tongue) -> tuple[re.Pattern[str], ...]:
    states, postal = either(tongue.table("states")), either(tongue.table("postal"))
    winds = tongue.table("winds")
    two = either(wind for wind in winds if len(wind) == 2)
    areas = either(tongue.table("compass")["before"])
    return (
        re.compile(
            rf"(?<![\w-])({either(tongue.table('parties'))})-({states}|{postal}|[{CAPITAL}][a-z]{{3,12}})(?![\w-])\.?"
        ),
        re.compile(rf"(?<=[a-z])(, )({states})\."),
        re.compile(rf"(?<![\w-])(?:{two})(?= [{CAPITAL}][a-z])|(?<=\b[Tt]he )(?:{two})(?![\w&-])"),
        re.compile(rf"(?<![\w.-])(?:{either(winds)})(?= (?:{areas})\b)"),
        re.compile(rf"(?<=°)(?:{either(winds)})(?!\w)"),
    )
