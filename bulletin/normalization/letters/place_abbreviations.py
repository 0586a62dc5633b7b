"""Short forms of American states and parties -> words: "Reno, Nev." -> "Reno, Nevada"."""

from __future__ import annotations

import re
from functools import lru_cache

from bulletin.normalization.language_tables import Tongue, either
from bulletin.normalization.letters.title_abbreviations import stop_after
from bulletin.normalization.numbers.number_patterns import CAPITAL


def say_places(text: str, tongue: Tongue) -> str:
    """
    Say the party and state of members of a congress ("D-Calif."), and states after a town.

    Both as the AP Stylebook ("state names") prints them; 176 in 604 articles. A short form that is a word or a name
    of its own ("Miss.", "Ill.") counts only after a comma or a party.

    >>> from bulletin.normalization.normalize import make_speakable
    >>> make_speakable("Rep. Ann Fox, D-Calif., in Reno, Nev.")
    'Representative Ann Fox, Democrat, California, in Reno, Nevada.'
    """
    party, state = _patterns(tongue)
    states, parties = tongue.table("states"), tongue.table("parties")
    known = {**states, **tongue.table("postal")}
    text = party.sub(lambda m: f"{parties[m[1]]}, {known.get(m[2], m[2])}{stop_after(m, tongue)}", text)
    return state.sub(lambda m: f"{m[1]}{states[m[2]]}{stop_after(m, tongue)}", text)


@lru_cache(maxsize=16)
def _patterns(tongue: Tongue) -> tuple[re.Pattern[str], re.Pattern[str]]:
    states, postal = either(tongue.table("states")), either(tongue.table("postal"))
    return (
        re.compile(
            rf"(?<![\w-])({either(tongue.table('parties'))})-({states}|{postal}|[{CAPITAL}][a-z]{{3,12}})(?![\w-])\.?"
        ),
        re.compile(rf"(?<=[a-z])(, )({states})\."),
    )
