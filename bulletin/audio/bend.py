"""A rundown that misses its target -> one whose speech is a little slower or faster, and hits it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bulletin.audio.choice import Choice
from bulletin.audio.layout import Music, Rundown, Tune, lay_out

_HIT_S = 0.1
_PROBE = 0.01


def bend_speech(
    made: Rundown, choice: Choice, tunes: Mapping[Music, Tune], *, target_s: float, bend: float
) -> Rundown:
    """
    Stretch or squeeze all speech alike, by a share of `bend` at most, so that the whole lasts `target_s`.

    A bulletin that is still too long then is squeezed as far as it goes. One that is still too short has
    too little news, and is left as it was: it never drawls.
    """
    if not bend or abs(made.duration_s - target_s) <= _HIT_S:
        return made
    target = round(target_s * made.rate_hz)
    best = made
    for _ in range(4):
        best = min(
            best, _bent(best, choice, tunes, target=target, bend=bend), key=lambda one: _miss(one, target)
        )
    # Every clip's ends are rounded to a frame: what is left of that is silence at the end.
    if _miss(best, target) <= 2 * len(best.voiced) + 2:
        return replace(best, frames=target)
    return made if best.frames < target - _HIT_S * made.rate_hz else best


def _bent(made: Rundown, choice: Choice, tunes: Mapping[Music, Tune], *, target: int, bend: float) -> Rundown:
    """A step nearer: how much of the speech makes the whole longer shows by trying."""
    now = made.breath.stretch
    probe = -_PROBE if made.frames > target else _PROBE
    tried = lay_out(choice, tunes, breath=replace(made.breath, stretch=now + probe), rate_hz=made.rate_hz)
    growth = (tried.frames - made.frames) / probe
    if growth <= 0:
        return made
    stretch = min(max(now + (target - made.frames) / growth, 1.0 - bend), 1.0 + bend)
    return lay_out(choice, tunes, breath=replace(made.breath, stretch=stretch), rate_hz=made.rate_hz)


def _miss(made: Rundown, target: int) -> int:
    return abs(made.frames - target)
