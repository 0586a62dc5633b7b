"""Store of a group -> why it cannot be used from this machine."""

from __future__ import annotations

import threading
from pathlib import Path

from bulletin.config.tables.group_options import GroupOptions
from bulletin.errors import StoreError
from bulletin.station.group_files.check_store_of_group import read_identity_of_store
from bulletin.storage.open_store import open_store

WITHIN_S = 5.0
"""A store that is away is asked for longer by workers; a person waits for the status."""


def find_store_problem(group: GroupOptions, *, within_s: float = WITHIN_S) -> str:
    """The problem with its remedy; empty: the store answers, and is that of a group of this name. Nothing is made."""
    problems: list[str] = []

    def look() -> None:
        try:
            if "://" not in group.store and not Path(group.store).expanduser().is_dir():
                raise StoreError(f"store {group.store}: no such folder; mount the share, or start a worker")
            read_identity_of_store(group, open_store(group.store))  # raises for a store of another group
        except StoreError as error:
            problems.append(str(error))

    thread = threading.Thread(target=look, daemon=True)  # a share whose server is gone may hang for ever
    thread.start()
    thread.join(within_s)
    if thread.is_alive():
        return f"store {group.store}: no answer within {within_s:g} s; start its server, or mount its share"
    return "".join(problems)
