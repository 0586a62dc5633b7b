"""Kill list of a station: words, links and ids of stories that never air."""

from __future__ import annotations

from contextlib import suppress

from bulletin.archive.record_dataclasses import Kill
from bulletin.errors import ArchiveError, UnfitTextError, UnknownRecordError
from bulletin.newsroom.desk import Desk
from bulletin.publishing.move_standby_files_on_air import discard_stand_bys
from bulletin.station.build_station_object import PUBLISH_WAIT_S, hold_publish_lock

_LONGEST = 300


def list_kills(desk: Desk) -> tuple[Kill, ...]:
    """Entries of the archive; those of the profile are in its text. Raises ArchiveError."""
    return desk.archive.kills(desk.station)


def block_entry(desk: Desk, *, entry: str) -> Kill:
    """
    Block a word (or several), a link or an article's id in every new bulletin; prepared stand-bys are discarded.

    Published bulletins stay as they are: withdraw a story to take it out of them. Raises UnfitTextError for an entry
    that would block nearly every story, LockedError, ArchiveError.
    """
    entry = " ".join(entry.split())
    if sum(char.isalnum() for char in entry) < 2 or len(entry) > _LONGEST:
        raise UnfitTextError(
            f'"{entry[:40]}" is too short: it would block nearly every story; use a longer word'
            if len(entry) <= _LONGEST
            else f"the entry has more than {_LONGEST} characters: no story has it; use a word, a link or an id"
        )
    kill = Kill(entry=entry, added_at=desk.now())
    desk.archive.add_kill(desk.station, kill)
    with hold_publish_lock(desk.state, desk.station, wait_s=PUBLISH_WAIT_S):
        discard_stand_bys(desk.state, desk.station)
    with suppress(ArchiveError):  # the word is blocked even if that fails
        desk.audit("block", entry)
    return kill


def unblock_entry(desk: Desk, *, entry: str) -> tuple[Kill, ...]:
    """Unblock an entry; withdrawn bulletins stay withdrawn. Raises UnknownRecordError, ArchiveError."""
    entry = " ".join(entry.split())
    removed = desk.archive.remove_kill(desk.station, entry, at=desk.now())
    if not removed:
        in_profile = entry in desk.loaded.profile.stories.kill
        hint = (
            f"remove it from [stories] kill in {desk.loaded.path}"
            if in_profile
            else "`bulletin kill list` shows it"
        )
        raise UnknownRecordError(f'"{entry[:80]}" is not on the kill list of {desk.station}; {hint}')
    desk.audit("unblock", entry)
    return removed
