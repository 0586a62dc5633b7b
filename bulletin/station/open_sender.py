"""Profile -> sender of the station's deliveries, with the sounds of its group."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.delivery.send_deliveries import Sender, sender_of
from bulletin.station.group_files.check_store_of_group import check_store_of_group
from bulletin.station.group_files.working_copy import fetch_object
from bulletin.station.open_archive import open_group_store
from bulletin.station.output_folder import STATE
from bulletin.storage.store_interface import Store


def open_sender(
    loaded: LoadedProfile, *, output: Path, archive: Archive, store: Store | None = None
) -> Sender:
    """
    The sender of a station's deliveries; in a group it fetches the sounds that this machine does not have.

    `store` is the group's, by default that of the profile. Raises ConfigError, StoreError.
    """
    if store is None and loaded.profile.group.is_on:
        store = open_group_store(loaded.profile.group, output=output)
        check_store_of_group(loaded.profile.group, archive=archive, store=store)
    return sender_of(
        loaded,
        folder=output / loaded.id,
        state=output / STATE,
        archive=archive,
        fetch=partial(fetch_object, store=store) if store else None,
    )
