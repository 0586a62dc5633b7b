"""What may open a story, and what belongs to its first sentence; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.script.edits import context
from bulletin.script.edits.backstory import is_backstory
from bulletin.script.edits.fitness import unknown_thing, why_unfit
from bulletin.script.edits.own_words import is_first_person
from bulletin.script.edits.proper_names import names_in, untold_name
from bulletin.script.headline_match import HeadlineMatch
from bulletin.script.quotations import Printed

NEXT_PARAGRAPHS = 3
"""Among which the turn is looked for that a scene leads up to."""
OWN_VOICE = 10
"""First sentences in which a columnist's "I" shows."""
WHOLE_PARAGRAPH = 5
"""Sentences of a paragraph from which a page has lost its line ends."""
STANDFIRST = 60
"""Words; a text no longer is a standfirst, written to be read under its title."""

_NAME = re.compile(r"\b[A-Z][\w'’-]*")

_EXPLAINED = re.compile(r"\b[Tt]he (?=[A-Z]|(?:[a-z][\w-]* ){1,3}(?:of|about|between|that|who|which)\b)")
""" "the Wexcombe ferry", "the race between": which one, the words themselves say."""


def may_open(text: str, printed: Sequence[Printed], place: int, match: HeadlineMatch) -> bool:
    """Whether an edited sentence tells what the headline tells, and needs nothing before it."""
    if why_unfit(text, is_first=True, opens_article=place == 0, any_length=True) or not context.stands_alone(
        text
    ):
        return False
    # "The candidates": a listener has not read the title
    if is_backstory(text) or unknown_thing(text, told=""):
        return False
    # in print a name may stand in brackets
    source = printed[place].text
    if place == 0:
        return match.is_told(source) and match.tells_event(source)
    before = " ".join(one.text for one in printed[:place])
    # "the Arm deal" leans on what was skipped; a name is known by itself
    is_far = printed[place].paragraph > printed[0].paragraph + 1 or text.startswith("The ")
    leans = is_far and context.points_to_untold(text, told="", before=_NAME.sub("", before))
    leans = leans or context.opens_on_somebody(text) or context.adds(text)
    return not leans and not untold_name(text, before=before, told="") and match.is_told_fully(source)


def leans_on_title(text: str, title: str, match: HeadlineMatch) -> bool:
    """Whether a standfirst's first sentence speaks of "the crash" as known, or leaves out the title's dead."""
    plain = _EXPLAINED.sub("", text)
    leans = re.match(r"The [a-z]", plain) or context.points_to_untold(plain, told="", before=title)
    return bool(leans) or not match.tells_harm(text)


def tells_title(text: str, match: HeadlineMatch) -> bool:
    """Whether it tells enough of the title to do without it."""
    is_half = 2 * match.count_shared(text) >= len(match.words) > 0
    return match.tells_harm(text) and (is_half or match.is_told_fully(text))


def opens_thought(printed: Sequence[Printed], place: int) -> bool:
    """Whether nothing of its paragraph comes before it: later sentences lean on the first."""
    here = printed[place]
    return here.opens_paragraph or sum(one.paragraph == here.paragraph for one in printed) > WHOLE_PARAGRAPH


def is_taken_back(printed: Sequence[Printed], place: int) -> bool:
    """Whether one of the sentences after the next denies it: it names the same, and would have to be told too."""
    names = {name for name in names_in(printed[place].text) if len(name) > 1}
    return any(
        (context.denies(one.text) or context.reverses(one.text)) and names.intersection(names_in(one.text))
        for one in printed[place + 2 : place + 4]
    )


def turn_after(printed: Sequence[Printed], end: int, match: HeadlineMatch) -> int | None:
    """
    Place of the "But" that opens a later paragraph, and holds what the first sentence leads up to.

    That of the next paragraph always belongs to it, one further down where it tells more of what the headline tells.
    """
    lead = printed[end - 1]
    for place in range(end, len(printed)):
        far = printed[place].paragraph - lead.paragraph
        if far > NEXT_PARAGRAPHS:
            return None
        if printed[place].opens_paragraph and far and context.turns(text := printed[place].text):
            return place if far == 1 or match.count_shared(text) > match.count_shared(lead.text) else None
    return None


def is_column(printed: Sequence[Printed]) -> bool:
    """Whether the article itself says "I" among its first sentences: it is its writer's, and no news."""
    quoting = {one.paragraph for one in printed[:OWN_VOICE] if one.is_quoted or one.text[0] in "\"'“‘"}
    return any(is_first_person(one.text) for one in printed[:OWN_VOICE] if one.paragraph not in quoting)
