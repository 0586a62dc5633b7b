"""Archive -> the edits that hold for a bulletin; their results -> notes of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.editor_edits import HELD, EditLedger, counts_for
from bulletin.config.profile_options import Profile
from bulletin.model import FOR_EVERY_BULLETIN, AppliedEdit, Edit, EditAction, EditState, Left, Script
from bulletin.schedule.plan_slots import coming_slots, find_holidays

if TYPE_CHECKING:
    from bulletin.station.build_station_object import Station

_NEAR, _AHEAD = timedelta(days=1), timedelta(days=8)


def edits_of_bulletin(station: Station, *, at: datetime, now: datetime) -> tuple[Edit, ...]:
    """
    Edits of the bulletin of `at`, with undone ones and their undos; `without_undone` gives those that hold.

    A bulletin between slots has those of the coming slot: its editor hears what was decided. Raises ArchiveError.
    """
    due = next_slot(station.profile, at=at) or at
    after = last_slot(station.profile, before=due)
    return held_edits(station.archive, station.words.id, due=due, after=after, now=now)


def next_slot(profile: Profile, *, at: datetime) -> datetime | None:
    """The slot at `at`, or the next one after it; None for a station without slots in the next days."""
    for until in (at + _NEAR, at + _AHEAD):
        if slots := _slots(profile, since=at, until=until):
            return slots[0]
    return None


def last_slot(profile: Profile, *, before: datetime) -> datetime | None:
    """The slot before a moment, if it is less than a day ago."""
    return next(reversed(_slots(profile, since=before - _NEAR, until=before)), None)


def _slots(profile: Profile, *, since: datetime, until: datetime) -> list[datetime]:
    is_holiday = find_holidays(profile.clock.holidays)
    zone = profile.time_zone
    return list(coming_slots(profile.clock, zone=zone, since=since, until=until, is_holiday=is_holiday))


def held_edits(
    archive: Archive,
    station: str,
    *,
    due: datetime | None,
    after: datetime | None = None,
    now: datetime,
    records: Sequence[Edit] | None = None,
) -> tuple[Edit, ...]:
    """
    Edits of a slot, and of its stories, with undos; of a station without slots those since its last bulletin.

    An edit of a story that came while the slot's bulletin was being made counts for later ones only. `after` is the
    slot before. `records` are all edits of the station of the last days, if the caller has them.
    Raises ArchiveError.
    """
    if records is None:
        records = EditLedger(archive).edits(station, due=due, after=after, since=now - HELD, with_undone=True)
    dues = (due, after)
    rows = [edit for edit in records if (_is_between(edit.due, *dues) if edit.due else _counts(edit, due))]
    if all(edit.due or edit.action in FOR_EVERY_BULLETIN for edit in rows):
        return tuple(rows)
    last = archive.last_bulletin(station, until=now)
    return _since_last(rows, last.made_at if last else None)


def _counts(edit: Edit, due: datetime | None) -> bool:
    return due is None or counts_for(edit, due)


def _is_between(moment: datetime, due: datetime | None, after: datetime | None) -> bool:
    return due is not None and (after < moment <= due if after else moment == due)


def _since_last(rows: Iterable[Edit], made_at: datetime | None) -> tuple[Edit, ...]:
    """Edits without a slot that the last bulletin has not used up; an undo holds as long as what it undoes."""
    kept: dict[int, Edit] = {}
    for edit in sorted(rows, key=lambda edit: edit.id):
        if edit.action is EditAction.UNDO:
            holds = edit.undoes in kept
        else:
            is_lasting = edit.due is not None or edit.action in FOR_EVERY_BULLETIN
            holds = is_lasting or made_at is None or edit.made_at >= made_at
        if holds:
            kept[edit.id] = edit
    return tuple(kept.values())


def describe_edits(applied: Iterable[AppliedEdit]) -> Iterator[str]:
    """Notes for the editor on edits that need a look or were refused."""
    for item in applied:
        if item.state in (EditState.NEEDS_LOOK, EditState.REFUSED):
            edit = item.edit
            yield f'edit {edit.id} ({edit.action} "{edit.story_title}", {edit.editor}) {_STATES[item.state]}: {item.reason}'


def describe_dropped_pins(script: Script, dropped: Iterable[Left]) -> Iterator[str]:
    """Notes on pinned, lengthened or approved stories that the voice left no time for: it read slower than expected."""
    required = {item.story.best.id: item.story.title for item in script.stories if item.is_required}
    for left in dropped:
        if title := required.get(left.article_id):
            yield f'"{title}" was pinned or approved, but did not air: {left.reason}'


_STATES = {EditState.NEEDS_LOOK: "needs a look", EditState.REFUSED: "was refused"}
