"""Time -> the slot that an edit counts for: the next one whose bulletin has not been begun."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.editor_edits import SlotBegunError
from bulletin.errors import NewsroomError
from bulletin.model import Slot, SlotState
from bulletin.newsroom.desk import Desk
from bulletin.schedule.plan_slots import slots_of

_NEAR, _AHEAD = timedelta(days=1), timedelta(days=8)
_SHOWN = 3
_BEGUN = (SlotState.WORKING, SlotState.DONE)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotChoice:
    """The bulletin that an edit counts for."""

    due: datetime | None
    """None: the next bulletin, of a station without slots."""
    note: str = ""
    """Why it is a later one than the editor asked for."""


def choose_slot(desk: Desk, due: datetime | None = None, *, may_have_begun: bool = False) -> SlotChoice:
    """
    The slot of `due`, or the next one; a later one where that bulletin is being made already.

    With `may_have_begun` one that is being made counts, too: its approval may still come.

    Raises NewsroomError for a time that is no slot and a station that was removed, ConfigError, ArchiveError.
    """
    check_station(desk)
    now = desk.now()
    near = slots_of(desk.loaded, since=now, until=now + _NEAR)
    states = _BEGUN[1:] if may_have_begun else _BEGUN
    is_near = bool(near) and (due is None or due <= now or due in {slot.due for slot in near})
    if is_near and (choice := _first_open(desk, near, due, states=states)):  # nearly always
        return choice
    slots = (*near, *slots_of(desk.loaded, since=now + _NEAR, until=now + _AHEAD))
    if not slots:
        if due:
            raise NewsroomError(
                f"{desk.station} has no slots; leave the time out: edits count for its next bulletin"
            )
        return SlotChoice(due=None)
    if due and due > now and due not in {slot.due for slot in slots}:
        shown = ", ".join(clock_time(desk, slot.due) for slot in slots[:_SHOWN])
        raise NewsroomError(
            f"{clock_time(desk, due)} is no slot of {desk.station}; the next ones are {shown}"
        )
    if choice := _first_open(desk, slots, due, states=states):
        return choice
    raise NewsroomError(
        f"{desk.station} has no later slot in the next {_AHEAD.days} days; edit again tomorrow"
    )


def _first_open(
    desk: Desk, slots: tuple[Slot, ...], due: datetime | None, *, states: tuple[SlotState, ...]
) -> SlotChoice | None:
    """The first of the slots from `due` on whose bulletin has not been begun."""
    begun = _begun(desk, slots, states=states)
    wanted = due or slots[0].due
    chosen = next((slot.due for slot in slots if slot.due >= wanted and slot.due not in begun), None)
    return SlotChoice(due=chosen, note=_why_later(desk, wanted, chosen)) if chosen else None


def check_station(desk: Desk) -> None:
    """Raise NewsroomError where the station was removed while an editor had it open."""
    if not desk.loaded.path.exists():
        raise NewsroomError(
            f"{desk.station} has been removed ({desk.loaded.path.name} is gone); its edits stay in the archive"
        )


def with_open_slot(desk: Desk, due: datetime | None, do: Callable[[SlotChoice], Result]) -> Result:
    """Call `do` with the slot; once more with the next one where the bulletin is begun in between."""
    while True:
        choice = choose_slot(desk, due)
        try:
            return do(choice)
        except SlotBegunError:
            if choose_slot(desk, due) == choice:  # the ledger's state changed back in between
                raise


def clock_time(desk: Desk, moment: datetime) -> str:
    """Time on the station's clock; with the day if it is not today's."""
    zone = ZoneInfo(desk.loaded.profile.time_zone)
    local, today = moment.astimezone(zone), desk.now().astimezone(zone)
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%a %H:%M}"


def _begun(desk: Desk, slots: tuple[Slot, ...], *, states: tuple[SlotState, ...]) -> set[datetime]:
    rows = SlotLedger(desk.archive).rows(
        since=slots[0].due, until=slots[-1].due + timedelta(seconds=1), station=desk.station
    )
    return {row.due for row in rows if row.state in states}


def _why_later(desk: Desk, wanted: datetime, chosen: datetime) -> str:
    if chosen == wanted:
        return ""
    time, later = clock_time(desk, wanted), clock_time(desk, chosen)
    if wanted <= desk.now():
        return f"The {time} slot has passed: this counts for the {later} bulletin."
    return f"The {time} bulletin is being made already: this counts for the {later} bulletin."
