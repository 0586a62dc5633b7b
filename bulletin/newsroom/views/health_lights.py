"""StationHealth -> four lights for the newsroom: feeds, voices, outlets, stand-by. Words for editors. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bulletin.model import Level
from bulletin.service.monitoring.station_health import StationHealth


class Light(StrEnum):
    """State of a part of the station; pages add a word and a shape, because colour alone says nothing to many."""

    GOOD = "good"
    LOOK = "look"
    """Something is weaker than usual; the station stays on air."""
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLight:
    """One light with its words."""

    part: str
    """ "Feeds", "Voice", "Outlets", "Stand-by"."""
    light: Light
    text: str
    """What it is: "6 of 6 answer"."""
    detail: str = ""
    """Which thing, and what to do."""


def light_up(health: StationHealth, *, standby: Level | None, has_on_air: bool) -> tuple[HealthLight, ...]:
    """The lights of a station; `standby` is the level of the next slot's stand-by, `has_on_air` whether it needs one."""
    if health.trouble:
        return (HealthLight(part="Station", light=Light.BAD, text="state not known", detail=health.trouble),)
    return (
        _feeds(health.failing_feeds, health.feeds),
        _voice(health),
        _outlets(health),
        _standby(standby, health.missing, has_on_air=has_on_air),
    )


def _feeds(failing: Mapping[str, int], count: int) -> HealthLight:
    if not count:
        return HealthLight(
            part="Feeds", light=Light.BAD, text="none", detail="add a feed on the page Station"
        )
    names = ", ".join(sorted(failing))
    light = Light.GOOD if not failing else Light.LOOK if len(failing) < count else Light.BAD
    return HealthLight(
        part="Feeds",
        light=light,
        text=f"{count - len(failing)} of {count} answer",
        detail=f"no answer from {names}" if names else "",
    )


def _voice(health: StationHealth) -> HealthLight:
    if not health.voice:
        return HealthLight(
            part="Voice", light=Light.LOOK, text="not used yet", detail="no bulletin was made yet"
        )
    text = f"{health.engine}: {health.voice}"
    if health.is_first_voice:
        return HealthLight(part="Voice", light=Light.GOOD, text=text)
    detail = "the first voice of the profile failed; this one read the last bulletin"
    return HealthLight(part="Voice", light=Light.LOOK, text=text, detail=detail)


def _outlets(health: StationHealth) -> HealthLight:
    troubles = health.failing_outlets
    if health.missing:
        detail = f"{', '.join(health.missing)}: the file on air is gone; make a bulletin now"
        return HealthLight(part="Outlets", light=Light.BAD, text="file missing", detail=detail)
    if not troubles:
        text = f"{health.outlets} of {health.outlets} work" if health.outlets else "own folder only"
        return HealthLight(part="Outlets", light=Light.GOOD, text=text)
    given_up = any(trouble.given_up for trouble in troubles.values())
    notes = "; ".join(f"{name}: {trouble.note or 'waiting'}" for name, trouble in sorted(troubles.items()))
    return HealthLight(
        part="Outlets",
        light=Light.BAD if given_up else Light.LOOK,
        text=f"{max(0, health.outlets - len(troubles))} of {health.outlets} work",
        detail=notes,
    )


def _standby(level: Level | None, missing: Collection[str], *, has_on_air: bool) -> HealthLight:
    if not has_on_air:
        return HealthLight(part="Stand-by", light=Light.GOOD, text="not needed", detail="no playout output")
    if level is None:
        detail = "the service prepares it after the slot; until then the last bulletin stays on air"
        return HealthLight(part="Stand-by", light=Light.LOOK, text="not ready yet", detail=detail)
    weak = level in (Level.EVERGREEN, Level.IDENT)
    names = {Level.LAST_GOOD: "last bulletin", Level.EVERGREEN: "timeless words", Level.IDENT: "ident only"}
    return HealthLight(
        part="Stand-by",
        light=Light.LOOK if weak and missing else Light.GOOD,
        text=f"ready: {names.get(level, level)}",
    )
