"""Short forms of places -> words: "Reno, Nev." -> "Reno, Nevada", "SE Asia" -> "south-east Asia"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.letters.title_abbreviations import stop_after
from bulletin.normalization.numbers.number_patterns import CAPITAL


def say_places(text: str, tongue: Tongue) -> str:
    """
    Members of a congress ("D-Calif."), states after a town, and points of the compass before a place or a degree.

    A short form that is a word or a name of its own ("Miss.", "Ill.") counts only after a comma or a party.
    """
    party, state, wind, area, degree = _patterns(tongue)
    known = {**tongue.strings("states"), **tongue.strings("postal")}
    parties, states, winds = (tongue.strings(name) for name in ("parties", "states", "winds"))
    text = party.sub(lambda m: f"{parties[m[1]]}, {known.get(m[2], m[2])}{stop_after(m, tongue)}", text)
    text = state.sub(lambda m: f"{m[1]}{states[m[2]]}{stop_after(m, tongue)}", text)
    text = wind.sub(lambda m: winds[m[0]], text)
    text = area.sub(lambda m: winds[m[0]], text)
    return degree.sub(lambda m: f" {winds[m[0]]}", text)


@lru_cache(maxsize=16)
def _patterns(tongue: Tongue) -> tuple[re.Pattern[str], ...]:
    states, winds = either(tongue.strings("states")), tongue.strings("winds")
    two = either(wind for wind in winds if len(wind) == 2)
    areas = either(tongue.table("compass")["before"])
    return (
        re.compile(
            rf"(?<![\w-])({either(tongue.strings('parties'))})-({states}|{either(tongue.strings('postal'))}|[{CAPITAL}][a-z]{{3,12}})(?![\w-])\.?"
        ),
        re.compile(rf"(?<=[a-z])(, )({states})\."),
        re.compile(rf"(?<![\w-])(?:{two})(?= [{CAPITAL}][a-z])|(?<=\b[Tt]he )(?:{two})(?![\w&-])"),
        re.compile(rf"(?<![\w.-])(?:{either(winds)})(?= (?:{areas})\b)"),
        re.compile(rf"(?<=°)(?:{either(winds)})(?!\w)"),
    )
