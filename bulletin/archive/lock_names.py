"""
Names of the locks that transactions on a server hold until they end (`Database.writing`).

A transaction that needs several takes them in the order of this module, and those of one kind in the order of their
names, as `in_one_transaction` does: so two never wait for each other.
"""

from __future__ import annotations

GARBAGE = "garbage"
"""Shared by publications, which pin objects of the store; the collector has it alone to say which ones it deletes."""


def kills_of(station: str) -> str:
    """
    Kill list of a station, or that for all of them (EVERY_STATION).

    Publishing holds it, too, so a kill comes before the last check of the list or after the bulletin. A publication
    shares the lists that it only reads, of its desk and for all stations, with other publications.
    """
    return f"kills:{station}"


def bulletins_of(station: str) -> str:
    """Bulletins and aired stories: a story is aired once or once more, by what is recorded already."""
    return f"bulletins:{station}"


def edits_of(station: str) -> str:
    """Edits, and the beginning of a slot: an edit counts for the bulletin that is made after it."""
    return f"edits:{station}"


def requests_of(station: str) -> str:
    """Requests to the service: the same work is asked for once."""
    return f"requests:{station}"


WORKERS = "workers"
"""Register of workers: a name that no live one has is taken."""


def count_of(name: str) -> str:
    """A count of a day, such as a paid voice's characters, or the pause of a voice: it is read, then changed."""
    return f"count:{name}"
