"""Begin and end of troubles -> alerts: delayed, not repeated, one at the end; a file keeps open ones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.runtime.files.atomic_write import write_atomically


class AlertKind(StrEnum):
    """The kind of a trouble; docs/SERVICE.md lists them."""

    SLOT_MISSED = "slot-missed"
    """No bulletin at a slot, or a late one."""
    STAND_BY = "stand-by"
    """A stand-by aired instead of news."""
    VOICE = "voice"
    """Another voice than the first of the chain read the bulletin."""
    FEED = "feed"
    """A feed fails."""
    ARCHIVE = "archive"
    """The archive was damaged and set aside, or cannot be opened."""
    KILL_LIST = "kill-list"
    """Entries of the kill list may be missing, until an editor has looked."""
    PROFILE = "profile"
    """A changed profile is wrong; the old one stays in force."""
    SERVICE = "service"
    """An unforeseen failure."""
    DISK = "disk"
    """The disk is nearly full."""
    OUTLET = "outlet"
    """A delivery target does not take bulletins."""
    STREAM = "stream"
    """A bulletin was not on the station's stream at its slot, or not to its end."""


AT_ONCE = frozenset(
    {AlertKind.SLOT_MISSED, AlertKind.STREAM, AlertKind.ARCHIVE, AlertKind.KILL_LIST, AlertKind.PROFILE}
)
"""Kinds that raise an alert the first time, regardless of `after`."""


Report = Callable[..., None]
"""Receives a trouble of a station, or its end: `EventDesk.report`."""


class AlertState(StrEnum):
    """Whether a trouble lasts."""

    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(slots=True, kw_only=True)
class Trouble:
    """A trouble that is not over."""

    kind: AlertKind
    about: str = ""
    """The name of the feed or delivery, where there are several."""
    since: datetime
    times: int = 0
    """Times in a row."""
    told_at: datetime | None = None
    """Time of the last alert; None: not yet."""


@dataclass(slots=True, kw_only=True)
class Alert(Trouble):
    """A message to people."""

    station: str
    state: AlertState
    text: str


Troubles = dict[tuple[AlertKind, str], Trouble]
"""Open troubles by kind and name."""


FOLDER = "alerts"
"""Private subfolder, one file for each station: another service may keep other stations of the folder."""
_LEAST_BYTES = 4096
"""Size of a file, a block of most file systems: it is overwritten in place, so a full disk has room for it."""
_ADAPTER = TypeAdapter(list[Trouble])


def read_open_alerts(path: Path) -> Troubles:
    """The open alerts of a file; none where it is missing or damaged."""
    with suppress(OSError, ValueError):
        return {
            (trouble.kind, trouble.about): trouble for trouble in _ADAPTER.validate_json(path.read_bytes())
        }
    return {}


def write_open_alerts(path: Path, troubles: Troubles) -> bool:
    """Write the file; True when it is written. Raises nothing: a full disk is itself an alert."""
    text = _ADAPTER.dump_json([*troubles.values()], indent=1).decode().ljust(_LEAST_BYTES)
    with suppress(OSError):
        if path.is_file() and len(text.encode()) == path.stat().st_size == _LEAST_BYTES:
            with path.open("r+b", buffering=0) as file:
                file.write(text.encode())
        else:
            write_atomically(path, text)
        return True
    return False


@dataclass(slots=True, kw_only=True)
class AlertBook:
    """
    The open troubles of one station.

    An alert is sent when a trouble has come `after` times in a row, again when it still lasts after `cool_down`, and
    once more when it is over; a trouble without an alert is never "resolved".
    """

    station: str
    options: AlertsOptions
    open: Troubles = field(default_factory=dict)
    """Open troubles with or without an alert, including the troubles of an earlier service."""

    def raise_alert(self, kind: AlertKind, text: str, *, now: datetime, about: str = "") -> Alert | None:
        """Count a trouble once more; the alert to send now, if any."""
        trouble = self.open.setdefault((kind, about), Trouble(kind=kind, about=about, since=now))
        trouble.times += 1
        is_enough = kind in AT_ONCE or trouble.times >= self.options.after
        # a clock that was set back must not silence a trouble for hours
        cool_down = timedelta(minutes=self.options.cool_down_min)
        cools = trouble.told_at is not None and timedelta(0) <= now - trouble.told_at < cool_down
        if not is_enough or cools:
            return None
        trouble.told_at = now
        return Alert(**asdict(trouble), station=self.station, state=AlertState.FIRING, text=text)

    def resolve(self, kind: AlertKind, text: str, *, about: str = "") -> Alert | None:
        """Close a trouble; the alert to send now, if any."""
        trouble = self.open.pop((kind, about), None)
        if trouble is None or trouble.told_at is None:
            return None
        return Alert(**asdict(trouble), station=self.station, state=AlertState.RESOLVED, text=text)
