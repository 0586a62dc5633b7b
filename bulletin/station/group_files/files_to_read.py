"""
Published files of a station, for a page of the newsroom on any machine.

On one machine they are in the output folder. In a group they are a copy that only readers have: the output folder of a
machine is as old as the last bulletin that was made there, and has no sound of others.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import OutletError, StoreError
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.files.file_lock import hold
from bulletin.runtime.files.file_permissions import make_private
from bulletin.station.group_files.working_copy import WorkingCopy, check_out, fetch_sound
from bulletin.station.open_archive import open_group_store
from bulletin.station.output_folder import STATE
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_WAIT_S = 5.0


def output_to_read(loaded: LoadedProfile, *, output: Path, archive: Archive) -> Path:
    """
    Output folder with the station's files as listeners have them; sounds are placeholders until `sound_to_read`.

    While the store is away, as they were last. Raises ArchiveError.
    """
    group = loaded.profile.group
    if not group.is_on:
        return output
    root = output / STATE / "group" / "read"
    state = root / STATE
    copy = WorkingCopy(
        public=root / loaded.id,
        standby=prepared_folder(state, loaded.id),
        sign=state / f"{loaded.id}.copy",
    )
    files = PublishedFiles(archive).of_station(loaded.id)
    try:
        make_private(state)
        with hold(state / f"{loaded.id}.lock", wait_s=_WAIT_S):
            check_out(copy, files, store=_store(group, output))
    except (StoreError, OutletError, OSError) as error:
        log.warning("published files not read, those of the last time are shown: %s: %s", loaded.id, error)
    return root


def sound_to_read(path: Path, *, loaded: LoadedProfile, output: Path) -> Path:
    """A sound of that folder, fetched if it is a placeholder. Raises StoreError."""
    if loaded.profile.group.is_on:
        fetch_sound(path, store=_store(loaded.profile.group, output))
    return path


@lru_cache
def _store(group: GroupOptions, output: Path) -> Store:
    """One for all pages of a process: a bucket's needs connections."""
    return open_group_store(group, output=output)
