"""What lies where the playout looks, by the side files; and which slot needs a stand-by now."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.config.options import Profile
from bulletin.model import Level, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Lies:
    """A rendition on air."""

    due: datetime
    """The slot that it was made for."""
    level: Level


def on_air_kinds(profile: Profile) -> tuple[str, ...]:
    """The renditions that a playout takes by the clock."""
    outputs = profile.outputs
    return tuple(kind for kind in dict.fromkeys(outputs.make) if outputs.rendition(kind).time_check)


def look_at(folder: Path, kinds: Collection[str]) -> dict[str, Lies | None]:
    """What each rendition of `kinds` is; None where there is none, or nothing that can be told from it."""
    return {kind: _look(folder, kind) for kind in kinds}


def _look(folder: Path, kind: str) -> Lies | None:
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        told = json.loads((folder / f"{kind}.json").read_bytes())
        due = datetime.fromisoformat(told["due"])
        if (folder / Path(told["audio"]).name).is_file() and due.tzinfo:
            return Lies(due=due, level=Level(told["level"]))
    return None


def standby_slot(
    coming: Sequence[Slot],
    lies: Mapping[str, Lies | None],
    *,
    now: datetime,
    after: timedelta,
    lead: timedelta,
) -> Slot | None:
    """
    The slot that needs a stand-by put in place now: nothing lies there, or what lies there has aired.

    `coming` are the next slots, `lies` tells of the renditions on air, `after` is how long after its hour a
    bulletin has surely been taken. Once the work on the slot begins (`lead` before it), that goes first; but what
    somebody has deleted since has nobody at work on it. A slot that has no rendition on air needs none.
    """
    for slot in coming:
        wanted = [kind for kind in lies if not slot.outputs or kind in slot.outputs]
        if not wanted:
            continue
        if slot.due - now <= lead:
            return None if all(lies[kind] for kind in wanted) else slot
        return slot if any(_is_over(lies[kind], slot, now=now, after=after) for kind in wanted) else None
    return None


def _is_over(lies: Lies | None, slot: Slot, *, now: datetime, after: timedelta) -> bool:
    if lies is None:
        return True
    # One for a later hour than the next was put there by a clock that ran ahead.
    return lies.due > slot.due or (lies.due + after <= now < slot.due and lies.due != slot.due)
