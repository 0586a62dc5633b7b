"""Outlets of a station: what it publishes, its destinations, and their last deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxItem, OutboxState
from bulletin.config.load_profile import LoadedProfile
from bulletin.runtime.redact_secrets import hide

SHOWN = 40
"""Ended deliveries shown."""
_WORDS = {
    OutboxState.WAITING: "waiting",
    OutboxState.DONE: "delivered",
    OutboxState.GIVEN_UP: "given up",
    OutboxState.DROPPED: "removed by hand",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """One delivery of the outbox; times are on the station's clock."""

    id: int
    destination: str
    title: str
    action: str
    """ "publish" or "withdraw"."""
    state: str
    words: str
    """State in words."""
    tries: int
    note: str
    at: datetime
    """When it ended, or when it was added."""
    next_try_at: datetime | None
    can_retry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A [[deliveries]] table, and how it does."""

    name: str
    kind: str
    output: str
    waiting: int
    given_up: int
    last_done_at: datetime | None
    last_problem: str

    @property
    def is_well(self) -> bool:
        return not (self.given_up or self.last_problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """What a station publishes, and where."""

    outputs: tuple[str, ...]
    """Renditions that it makes."""
    destinations: tuple[Destination, ...]
    rows: tuple[DeliveryRow, ...]
    """Newest first."""


def read_outlets(loaded: LoadedProfile, archive: Archive) -> Outlets:
    """Destinations of the profile with the last deliveries, newest first. Raises ArchiveError."""
    zone = ZoneInfo(loaded.profile.time_zone)
    items = Outbox(archive).rows(loaded.id, limit=SHOWN)
    names = {options.title for options in loaded.profile.deliveries}
    return Outlets(
        outputs=tuple(map(str, loaded.profile.outputs.make)),
        destinations=tuple(
            _destination(
                options.title,
                options.kind,
                str(options.rendition),
                [item for item in items if item.delivery == options.title],
                zone,
            )
            for options in loaded.profile.deliveries
        ),
        rows=tuple(_row(item, names, zone) for item in reversed(items)),
    )


def _destination(name: str, kind: str, output: str, items: list[OutboxItem], zone: ZoneInfo) -> Destination:
    done = [item.done_at for item in items if item.state is OutboxState.DONE and item.done_at]
    open_ = [item for item in items if item.state in (OutboxState.WAITING, OutboxState.GIVEN_UP)]
    return Destination(
        name=name,
        kind=kind,
        output=output,
        waiting=sum(item.state is OutboxState.WAITING for item in items),
        given_up=sum(item.state is OutboxState.GIVEN_UP for item in items),
        last_done_at=max(done).astimezone(zone) if done else None,
        last_problem=next((hide(item.note) for item in reversed(open_) if item.note and item.tries), ""),
    )


def _row(item: OutboxItem, names: set[str], zone: ZoneInfo) -> DeliveryRow:
    is_waiting = item.state is OutboxState.WAITING
    words = _WORDS[item.state]
    if item.state is OutboxState.DONE and item.action is OutboxAction.WITHDRAW:
        words = "withdrawn"
    return DeliveryRow(
        id=item.id,
        destination=item.delivery,
        title=item.title,
        action=str(item.action),
        state=str(item.state),
        words=words,
        tries=item.tries,
        note=hide(item.note),
        at=(item.done_at or item.created_at).astimezone(zone),
        next_try_at=item.next_try_at.astimezone(zone) if is_waiting else None,
        can_retry=item.state is not OutboxState.DONE and item.delivery in names,
    )
