"""Profile -> sender of the station's deliveries; in a group with the sounds of all machines, and its workers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.delivery_pieces import delivery_pieces
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
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

    In a group of several machines the group's workers deliver. `store` is the group's, by default that of the profile.
    Raises ConfigError, StoreError.
    """
    if store is None and loaded.profile.group.is_on:
        store = open_group_store(loaded.profile.group, output=output)
        check_store_of_group(loaded.profile.group, archive=archive, store=store)
    group = loaded.profile.group
    sender = sender_of(
        loaded,
        folder=output / loaded.id,
        state=output / STATE,
        archive=archive,
        fetch=partial(fetch_object, store=store) if store else None,
    )
    if group.is_on and not group.is_here:
        sender = replace(sender, ask_workers=partial(_ask_workers, archive, loaded.id))
    return sender


def _ask_workers(archive: Archive, station: str, deliveries: Collection[str]) -> str:
    """
    Let workers of the group deliver now; a piece that is in work goes through the outbox to its end.

    Returns why none will, or "".
    """
    now = datetime.now(UTC)
    work = WorkLedger(archive, now=archive.now, clock=lambda: datetime.now(UTC))
    work.plan(delivery_pieces(((station, delivery) for delivery in deliveries), due=now))
    alive = WorkerLedger(archive, now=archive.now).alive()
    if any(worker.does_pieces for worker in alive):
        return ""
    return "it waits for a worker of the group, and none is alive: start `bulletin group worker`"
