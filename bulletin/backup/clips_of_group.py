"""Recorded clips that the database of a group names -> the backup, from this machine's folder and the group's store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.find_clips_in_use import find_clips_in_use
from bulletin.backup.backup_manifest import CLIP_FILES
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import StoreError
from bulletin.speech.clips.clip_folder import CLIPS
from bulletin.speech.clips.shared_clips import (
    RECORDING_AGE,
    clip_keys,
    fetch_clip,
    find_missing_keys,
    has_whole_clip,
)
from bulletin.station.open_archive import open_group_store
from bulletin.station.output_folder import STATE
from bulletin.storage.store_interface import Store

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedClips:
    """Hashes of the recorded clips that the rows of an archive name."""

    every: frozenset[str]
    kept: frozenset[str]
    """Those that the store of a group keeps; it deletes clips of bulletins that are older than RECORDING_AGE."""


def find_named_clips(archive: Archive, *, now: datetime) -> NamedClips:
    """Raises ArchiveError."""
    return NamedClips(
        every=find_clips_in_use(archive, since=_EVER),
        kept=find_clips_in_use(archive, since=now - RECORDING_AGE),
    )


def fetch_named_clips(
    named: NamedClips, *, group: GroupOptions, output: Path, to: Path
) -> tuple[dict[str, Path], tuple[str, ...]]:
    """
    Fetch the clips that this machine lacks from the store: name in the backup -> file, and a line for each missing one.

    Raises nothing of the store: while it is away, the rows are backed up all the same, and the lines give its error.
    """
    lacking = {sha256 for sha256 in named.every if not has_whole_clip(output / STATE / CLIPS, sha256)}
    reason = "not on this machine, and missing or damaged in the store"
    try:
        if lacking:
            _fetch(lacking, store=open_group_store(group, output=output), to=to)
    except StoreError as error:
        reason = str(error)
    files = {f"{CLIP_FILES}/{path.name}": path for path in sorted(to.glob("*"))}
    missing = sorted(sha256 for sha256 in named.kept & lacking if not has_whole_clip(to, sha256))
    return files, tuple(
        f"{CLIP_FILES}/{sha256}.wav (recorded clip: {reason}; look into {STATE}/{CLIPS} of other machines' output folders)"
        for sha256 in missing
    )


def _fetch(clips: Collection[str], *, store: Store, to: Path) -> None:
    absent = set(find_missing_keys(clips, store=store))
    for sha256 in sorted(clips):
        if absent.isdisjoint(clip_keys(sha256)):
            fetch_clip(sha256, folder=to, store=store)
