"""Script and measured clips -> the running order, every sound in its place, and what was left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bulletin.audio.bend import bend_speech
from bulletin.audio.choice import NO_ROOM, Choice, choose_cuts, offer_all
from bulletin.audio.layout import Music, Rundown, Tune, fit, make_budget
from bulletin.model import Left, Passage, Role, Script, Spoken

_HIT_S = 0.1
"""Nearer to the target than this is no news."""
_LUXURIES = (
    ("the ident's voice-over", Role.IDENT, None),
    ("the closing jingle", None, Music.CLOSING),
    ("the ident", Role.IDENT, Music.IDENT),
)
"""What a bulletin can do without, in the order in which it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A bulletin that can be mixed."""

    rundown: Rundown
    aired: tuple[Passage, ...]
    """In running order."""
    dropped: tuple[Left, ...]
    notes: tuple[str, ...]


def plan_rundown(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[Music, Tune],
    *,
    target_s: float,
    gap_s: float,
    rate_hz: int,
    bend: float = 0.0,
) -> Plan:
    """
    Decide what airs and when, so that the bulletin lasts `target_s`.

    Cuts and stories first, then gaps, then the music's tails; then the speech is stretched or squeezed by
    a share of `bend` at most. When the lead alone is too long for the
    target, the ident's voice-over goes (the opening names the station too), then the closing jingle,
    then the ident. Notes say what went, and what still misses.
    """
    made = _plan(script, spoken, tunes, target_s=target_s, gap_s=gap_s, rate_hz=rate_hz, bend=bend)
    gone: list[str] = []
    for name, role, music in _LUXURIES:
        if made.rundown.duration_s <= target_s + _HIT_S:
            break
        fewer = {kind: tune for kind, tune in tunes.items() if kind is not music}
        rest = replace(spoken, clips=tuple(clip for clip in spoken.clips if clip.passage.role is not role))
        shorter = _plan(script, rest, fewer, target_s=target_s, gap_s=gap_s, rate_hz=rate_hz, bend=bend)
        if shorter.rundown.frames < made.rundown.frames:
            made, spoken, tunes = shorter, rest, fewer
            gone.append(f"without {name}: there is no time for it")
    return replace(made, notes=(*gone, *made.notes))


def _plan(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[Music, Tune],
    *,
    target_s: float,
    gap_s: float,
    rate_hz: int,
    bend: float,
) -> Plan:
    budget = make_budget(offer_all(script, spoken), tunes, target_s=target_s, gap_s=gap_s, bend=bend)
    choice = choose_cuts(script, spoken, budget)
    rundown = fit(choice, tunes, target_s=target_s, gap_s=gap_s, rate_hz=rate_hz)
    rundown = bend_speech(rundown, choice, tunes, target_s=target_s, bend=bend)
    return Plan(
        rundown=rundown,
        aired=tuple(one.clip.passage for one in rundown.voiced),
        dropped=choice.dropped,
        notes=_notes(choice, rundown, target_s=target_s),
    )


def _notes(choice: Choice, rundown: Rundown, *, target_s: float) -> tuple[str, ...]:
    amiss_s = rundown.duration_s - target_s
    if abs(amiss_s) <= _HIT_S:
        return ()
    lasts = f"{clock(rundown.duration_s)} for a target of {clock(target_s)}"
    if amiss_s > 0 and len(choice.told) <= 1:
        return (f"{lasts}: opening, lead story and closing alone are longer",)
    if amiss_s > 0:
        return (f"{lasts}: no cut of the stories fits more closely",)
    if any(left.reason == NO_ROOM for left in choice.dropped):
        return (f"{lasts}: the next story would be too long",)
    return (f"{lasts}: there is too little news",)


def clock(seconds: float) -> str:
    """117.3 -> "1:57.3"."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths % 600 / 10:04.1f}"
