"""
Names of the locks that transactions on a server hold until they end (`Database.writing`).

A transaction that needs several takes them in the order of this module, so that two never wait for each other.
"""

from __future__ import annotations

GARBAGE = "garbage"
"""Lock between publications, which pin objects of the store, and the collector, which deletes unused ones."""


def kills_of(station: str) -> str:
    """Kill list. Publishing holds it, too, so a kill comes before the last check of the list or after the bulletin."""
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


def count_of(name: str) -> str:
    """A count of a day, such as a paid voice's characters: it is read, then raised."""
    return f"count:{name}"
