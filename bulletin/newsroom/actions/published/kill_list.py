"""Kill list of a station: words, links and ids of stories that never air, and the bulletins that carried them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bulletin.archive.ledgers.newsroom_requests import RequestKind
from bulletin.archive.record_dataclasses import EVERY_STATION, Kill
from bulletin.errors import ArchiveError, UnfitTextError, UnknownRecordError
from bulletin.newsroom.actions.ask_service import RequestAnswer
from bulletin.newsroom.actions.published.ask_urgently import ask_urgently, ask_workers_elsewhere
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.aired.say_consequences import (
    Consequences,
    count_bulletins,
    delivery_lines,
    name_bulletins,
    outlet_lines,
)
from bulletin.newsroom.views.aired.withdrawal_plan import PlannedBulletin, plan_block
from bulletin.publishing.move_standby_files_on_air import discard_stand_bys, stations_with_stand_bys
from bulletin.station.build_station_object import PUBLISH_WAIT_S, hold_publish_lock

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockAnswer:
    """A blocked entry, and the withdrawal of the bulletins with it."""

    kill: Kill
    withdrawal: RequestAnswer | None
    """None: published bulletins were kept."""


def list_kills(desk: Desk) -> tuple[Kill, ...]:
    """Entries in force at the station; those of the profile are in its text. Raises ArchiveError."""
    return desk.archive.kills(desk.station)


def kills_of_all_stations(desk: Desk) -> frozenset[str]:
    """Entries of the kill list that hold for every station. Raises ArchiveError."""
    return frozenset(kill.entry for kill in desk.archive.kills(EVERY_STATION))


def block_entry(desk: Desk, *, entry: str, everywhere: bool = False) -> Kill:
    """
    Block a word (or several), a link or an article's id in every new bulletin; prepared stand-bys are discarded.

    With `everywhere` it holds for all stations of the archive, also for those that come later.
    Published bulletins stay as they are; `block_and_withdraw` takes them back. Raises UnfitTextError for an entry
    that would block nearly every story, LockedError, ArchiveError.
    """
    entry = _clean_entry(entry)
    kill = Kill(entry=entry, added_at=desk.now())
    desk.archive.add_kill(EVERY_STATION if everywhere else desk.station, kill)
    for station in stations_with_stand_bys(desk.state) if everywhere else (desk.station,):
        with hold_publish_lock(desk.state, station, wait_s=PUBLISH_WAIT_S):
            discard_stand_bys(desk.state, station)
    with suppress(ArchiveError):  # the word is blocked even if that fails
        desk.audit("block everywhere" if everywhere else "block", entry)
    return kill


def consequences_of_block(desk: Desk, *, entry: str) -> Consequences:
    """What `block_and_withdraw` will do; reads the whole archive. Raises UnfitTextError, ArchiveError."""
    entry = _clean_entry(entry)
    planned = plan_block(desk.loaded, desk.archive, entry, output=desk.output)
    return Consequences(title=entry, lines=tuple(_lines(desk, entry, planned)))


def block_and_withdraw(
    desk: Desk, *, entry: str, keep_published: bool = False, everywhere: bool = False, key: str = ""
) -> BlockAnswer:
    """
    Block an entry, and withdraw every published bulletin with a story that matches it, as `bulletin kill` does.

    The entry is blocked before, and stays so if the withdrawal fails. A running service withdraws at once; without
    one it is done here. With `keep_published` the bulletins stay. With `everywhere` the entry holds for all stations; the
    bulletins of the others are withdrawn by `block_and_withdraw` at each. Raises as `block_entry`, and OutletError.
    """
    kill = block_entry(desk, entry=entry, everywhere=everywhere)
    if keep_published:
        return BlockAnswer(kill=kill, withdrawal=None)
    answer = ask_urgently(desk, RequestKind.WITHDRAW_BLOCKED, {"entry": kill.entry}, key=key)
    return BlockAnswer(kill=kill, withdrawal=answer)


def withdraw_elsewhere(desk: Desk, *, entry: str, known: Collection[str]) -> tuple[str, ...]:
    """
    Ask for the withdrawal of a blocked entry at the stations of the group that have no profile on this machine.

    `known` are those that have one. Returns the others, which workers do. Raises ArchiveError.
    """
    return ask_workers_elsewhere(desk, RequestKind.WITHDRAW_BLOCKED, {"entry": entry}, known=known)


def _lines(desk: Desk, entry: str, planned: Sequence[PlannedBulletin]) -> Iterator[str]:
    yield f'No story with "{entry}" airs on {desk.station} any more, from any feed.'
    if not planned:
        yield "No bulletin that can still be heard contains one."
        return
    yield f"{count_bulletins(planned)} withdrawn, and not remade: {name_bulletins(planned)}."
    yield from outlet_lines(desk, {outlet for item in planned for outlet in item.outlets}, is_gone=True)
    yield from delivery_lines([options.title for options in desk.loaded.profile.deliveries])
    yield "To take one story out of them instead, withdraw it in the log: they are remade without it."
    yield "Listeners keep what they have downloaded."


def _clean_entry(entry: str) -> str:
    """Raise UnfitTextError for an entry that would block nearly every story, or none."""
    entry = " ".join(entry.split())
    if sum(char.isalnum() for char in entry) < 2 or len(entry) > _LONGEST:
        raise UnfitTextError(
            f'"{entry[:40]}" is too short: it would block nearly every story; use a longer word'
            if len(entry) <= _LONGEST
            else f"the entry has more than {_LONGEST} characters: no story has it; use a word, a link or an id"
        )
    return entry


def unblock_entry(desk: Desk, *, entry: str, everywhere: bool = False) -> tuple[Kill, ...]:
    """
    Unblock an entry; withdrawn bulletins stay withdrawn. Raises UnknownRecordError, ArchiveError.

    With `everywhere` one that holds for all stations.
    """
    entry = " ".join(entry.split())
    removed = desk.archive.remove_kill(EVERY_STATION if everywhere else desk.station, entry, at=desk.now())
    if not removed and not everywhere and entry in kills_of_all_stations(desk):
        raise UnknownRecordError(
            f'"{entry[:80]}" is blocked for all stations, not for {desk.station} alone; '
            "`bulletin kill remove` with `--all-stations` unblocks it everywhere"
        )
    if not removed:
        in_profile = entry in desk.loaded.profile.stories.kill
        hint = (
            f"remove it from [stories] kill in {desk.loaded.path}"
            if in_profile
            else "`bulletin kill list` shows it"
        )
        raise UnknownRecordError(f'"{entry[:80]}" is not on the kill list of {desk.station}; {hint}')
    desk.audit("unblock everywhere" if everywhere else "unblock", entry)
    return removed
