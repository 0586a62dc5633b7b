"""A source sentence -> sentences that can be read: the edits in their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from bulletin.script.edits.adjunct import cut_adjunct
from bulletin.script.edits.alarm import is_broken
from bulletin.script.edits.attribution import put_attribution_first
from bulletin.script.edits.dates import resolve_days
from bulletin.script.edits.days import Days
from bulletin.script.edits.fitness import MOST
from bulletin.script.edits.grammar import capitalise, says_somebody
from bulletin.script.edits.longest import end_sooner
from bulletin.script.edits.part import part
from bulletin.script.edits.people import put_age_first, put_office_first
from bulletin.script.edits.quotes import hear_quotes
from bulletin.script.edits.reported import report
from bulletin.script.edits.squeeze import squeeze
from bulletin.script.edits.tidy import (
    close_dashes,
    close_up,
    double_quotes,
    drop_asides,
    name_the_meant,
    say_plainly,
    tidy,
)
from bulletin.script.edits.trim import trim
from bulletin.script.rare import Rare


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the edits may know besides the sentence."""

    days: Days | None
    small: frozenset[str]
    """Words that the article writes in small letters, and never with a capital inside a sentence."""
    spell: Callable[[int], str]
    """A number in words."""
    bodies: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Letters that the article explains in brackets: the whole name, and what kind of body it is."""
    source: str = ""
    """The article, for what it tells of who speaks."""
    is_lead: bool = False
    """Whether nothing is told before it."""
    most: int = MOST
    """Words to which a sentence is cut."""


def edit_sentence(text: str, setting: Setting) -> tuple[str, ...]:
    """
    Make one printed sentence readable; nothing comes out of a quotation that nobody says.

    The order matters: quote marks show where the speaker's words end, so they go after the attribution has
    moved; brackets go first, because they hide in names; length is cut last, when it is known.
    """
    plain = _CROSSHEAD.sub("", tidy(name_the_meant(text)))
    text = report(double_quotes(drop_asides(plain)), small=setting.small, source=setting.source)
    text = put_attribution_first(text, small=setting.small, is_lead=setting.is_lead)
    if _is_bare_quote(text):
        return ()
    text = put_age_first(text, spell=setting.spell, small=setting.small)
    text = put_office_first(text)
    text = _hear_short_quotes(say_plainly(resolve_days(text, setting.days)))
    shorter = [
        short
        for one in part(text, most=setting.most)
        for short in part(trim(one, most=setting.most), most=setting.most)
    ]
    moved = [half for one in shorter for half in _name_speaker(one, setting)]
    edited = tuple(_finish(_shorten(one, setting)) for one in moved)
    if any(map(is_broken, edited)):
        # what sounds broken is told as it was written, or as far as it is whole
        whole = _finish(text)
        return tuple(takewhile(lambda one: not is_broken(one), edited)) if is_broken(whole) else (whole,)
    return edited


def _name_speaker(text: str, setting: Setting) -> tuple[str, ...]:
    """With who says it first, as far as quote marks hid him before; what he says may then be parted."""
    moved = put_attribution_first(text, small=setting.small, is_lead=setting.is_lead)
    return part(moved, most=setting.most) if moved != text else (text,)


def _shorten(text: str, setting: Setting) -> str:
    """What nothing could part: a few words less, else an end less; and of that a few words."""
    most = setting.most
    short = end_sooner(cut_adjunct(squeeze(text, most=most), most=most), most=most, is_lead=setting.is_lead)
    return squeeze(short, most=most)


_CROSSHEAD = Rare(r"^(?=[A-Z'’ -]*[A-Z]{6})(?:[A-Z'’-]+ ){4,}(?=[A-Z][a-z])")
"""A line between paragraphs that the page ran into the next: "FERRY TO STOP IN MARCH The ferry will stop"."""


def _hear_short_quotes(text: str) -> str:
    """A word or two in marks part no sentence; whole clauses keep their marks until it is parted."""
    quoted = re.findall(r'"([^"]*)"', text)
    return hear_quotes(text) if quoted and all(len(one.split()) <= 5 for one in quoted) else text


def _is_bare_quote(text: str) -> bool:
    """Whether a quotation opens the sentence or a clause: without its marks, nobody hears whose words they are."""
    return text.startswith('"') or bool(
        re.search(r', "[^"]{20,}"(?! said)', text) and not says_somebody(text)
    )


def _finish(text: str) -> str:
    return capitalise(close_up(_LOOSE_COMMA.sub(_said_so, close_dashes(hear_quotes(text)))))


_LOOSE_COMMA = Rare(
    r"\b(?P<verb>said|says|saying|added|adds|adding)[,:] (?P<first>The|A|An|There|This|It|He|She|They|His|Her|Their|Its|No|All) "
)
"""What is left of 'said, "The road is shut."' once the marks are gone."""


def _said_so(match: re.Match[str]) -> str:
    that = " that" if match["verb"].startswith("add") or match["first"] == "This" else ""
    return f"{match['verb']}{that} {match['first'].casefold()} "


_CAPITAL_INSIDE = re.compile(r"[A-Z](?<=[a-z,;] [A-Z])[a-z'’]+\b")
"""The look-behind comes second: what begins with a letter is found eight times as fast."""


def small_words(source: str) -> frozenset[str]:
    """Words that stand in small letters, and never with a capital inside a sentence."""
    inside = {word.casefold() for word in _CAPITAL_INSIDE.findall(source)}
    return frozenset(re.findall(r"\b[a-z][a-z'’]+\b", source)) - inside
