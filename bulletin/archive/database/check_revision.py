"""Revision of a database -> whether this Bulletin may use it; for files and servers."""

from __future__ import annotations

import re

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
)
"""Revisions of an archive, oldest first; this Bulletin writes the last one."""

OLDEST_WRITER = "0010"
"""
Oldest revision whose programs may use a database of the last revision, beside newer ones.

Each migration stores it. Leave it as it is where a new revision only adds tables, indexes, and columns that may be
left out; raise it where an older program would misread or damage a row. Programs before 0010 do not read it.
"""

OLDEST_WRITER_NAME = "oldest program revision"
"""Row of group_meta that holds it."""

BASE = "base"
"""Revision of a database before the first one."""


def is_known(revision: str) -> bool:
    """Whether a revision is this Bulletin's or an older one's, which can be migrated."""
    return revision == BASE or revision in REVISIONS


def is_newer(revision: str) -> bool:
    """Whether a revision looks like that of a newer Bulletin."""
    return bool(re.fullmatch(r"\d{4}", revision)) and revision > REVISIONS[-1]


def may_use(revision: str, oldest_writer: str) -> bool:
    """
    Whether this Bulletin may use a database of a newer revision, which says who may.

    >>> may_use("9999", oldest_writer=REVISIONS[-1]), may_use("9999", oldest_writer=""), may_use("9999", "9998")
    (True, False, False)
    """
    return (
        is_newer(revision) and bool(re.fullmatch(r"\d{4}", oldest_writer)) and oldest_writer <= REVISIONS[-1]
    )


def describe_newer(revision: str) -> str:
    """Why a database of a newer revision is refused, without the remedy."""
    return (
        f"the archive was written by a newer Bulletin (format {revision}, this Bulletin reads up to "
        f"{REVISIONS[-1]})"
    )
