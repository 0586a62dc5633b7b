"""Troubles as they come and go -> what people are told: not at once, not twice, and when it is over. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class AlertKind(StrEnum):
    """What can be wrong."""

    SLOT_MISSED = "slot-missed"
    """A slot passed with nothing made for it."""
    STAND_BY = "stand-by"
    """The slot was met by less than fresh stories."""
    VOICE = "voice"
    """Not the first voice of the chain spoke."""
    FEED = "feed"
    """A feed fails."""
    ARCHIVE = "archive"
    """The archive was damaged and set aside, or cannot be opened."""
    KILL_LIST = "kill-list"
    """Entries of the kill list may be missing, until an editor has looked."""
    PROFILE = "profile"
    """A changed profile is wrong; the old one stays in force."""
    SERVICE = "service"
    """Something failed that nobody foresaw."""
    DISK = "disk"
    """Little room is left."""
    OUTLET = "outlet"
    """A place that takes bulletins does not."""

    STREAM = "stream"
    """A bulletin was not on the station's stream at its slot, or not to its end."""


AT_ONCE = frozenset(
    {AlertKind.SLOT_MISSED, AlertKind.STREAM, AlertKind.ARCHIVE, AlertKind.KILL_LIST, AlertKind.PROFILE}
)
"""What nobody waits to see a second time."""


class AlertState(StrEnum):
    """What a message says of its trouble."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What somebody is told."""

    station: str
    kind: AlertKind
    about: str = ""
    """Which one, where there are several: a feed's name."""
    state: AlertState
    text: str
    since: datetime
    times: int
    """How often in a row."""


@dataclass(slots=True)
class Trouble:
    """What has happened and is not over."""

    since: datetime
    times: int = 0
    """How often in a row."""
    told_at: datetime | None = None
    """When people were told last; None: not yet."""


Troubles = dict[tuple[AlertKind, str], Trouble]
"""By kind, and which one where there are several."""


@dataclass(slots=True, kw_only=True)
class AlertBook:
    """
    The open troubles of one station.

    A trouble is told when it has come `after` times in a row, again while it lasts when `cool_down` has
    passed, and once more when it is over; what was never told is never "resolved".
    """

    station: str
    after: int
    cool_down: timedelta
    open: Troubles = field(default_factory=dict)
    """Told or not; what an earlier service left open, too."""

    def raise_alert(self, kind: AlertKind, text: str, *, now: datetime, about: str = "") -> Alert | None:
        """It has happened (again). What must be told now, if anything."""
        trouble = self.open.setdefault((kind, about), Trouble(now))
        trouble.times += 1
        is_enough = kind in AT_ONCE or trouble.times >= self.after
        # a clock that was set back must not silence a trouble for hours
        cools = trouble.told_at is not None and timedelta(0) <= now - trouble.told_at < self.cool_down
        if not is_enough or cools:
            return None
        trouble.told_at = now
        return self._alert(kind, about, AlertState.FIRING, text, trouble)

    def resolve(self, kind: AlertKind, text: str, *, about: str = "") -> Alert | None:
        """It goes well. What must be told now, if anything."""
        trouble = self.open.pop((kind, about), None)
        if trouble is None or trouble.told_at is None:
            return None
        return self._alert(kind, about, AlertState.RESOLVED, text, trouble)

    def troubles(self) -> tuple[tuple[AlertKind, str], ...]:
        """What has happened and is not over, told or not."""
        return tuple(self.open)

    def _alert(self, kind: AlertKind, about: str, state: AlertState, text: str, trouble: Trouble) -> Alert:
        return Alert(
            station=self.station,
            kind=kind,
            about=about,
            state=state,
            text=text,
            since=trouble.since,
            times=trouble.times,
        )
