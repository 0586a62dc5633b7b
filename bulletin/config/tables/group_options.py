"""Group of stations on many machines: its database, its store, its name."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from bulletin.config.option_types import Options, matching, refusing
from bulletin.config.read_profile_secrets import UNKNOWN

HERE = "here"
"""Database of a group of one machine: the output folder's own archive."""


def _is_no_postgresql(value: str) -> bool:
    known = ("postgresql://", "postgres://", UNKNOWN)
    return bool(value) and value != HERE and not value.startswith(known)


def _is_no_store(value: str) -> bool:
    return "://" in value and not value.startswith(("s3://", UNKNOWN))


class GroupOptions(Options):
    """Database and store that the machines of a group share; without a database the station runs on this machine alone."""

    database: Annotated[
        str,
        refusing(
            _is_no_postgresql,
            'write it as "postgresql://db.example.org/news", or "here" for one machine; it is {}',
        ),
    ] = ""
    """"postgresql://user@host/database", or "env:NAME" for one with a password; "here": stations of one machine share their work, without PostgreSQL (`bulletin serve` only). Empty: no group."""
    store: Annotated[str, refusing(_is_no_store, 'write a folder, or "s3://bucket/prefix"; it is {}')] = ""
    """Folder that all machines have, or "s3://bucket/prefix", for speech, recorded clips and published files. Empty: the output folder's own, for database = "here" alone."""
    name: Annotated[
        str, matching(r"[a-z0-9][a-z0-9-]{0,39}", "write a name of small letters, digits and hyphens")
    ] = "group"
    """Name of the group; a database holds one group, and refuses another name."""

    @model_validator(mode="after")
    def _machines_need_a_store(self) -> GroupOptions:
        is_known = not self.database.startswith(UNKNOWN)
        if is_known and self.is_on and not self.is_here and not self.store:
            raise ValueError(
                'a group on PostgreSQL needs a store that all its machines have: store = "/shared/bulletin", or '
                '"s3://bucket/prefix"'
            )
        return self

    @property
    def is_on(self) -> bool:
        """Whether the station belongs to a group."""
        return bool(self.database)

    @property
    def is_here(self) -> bool:
        """Whether the group is one process on one machine, with the archive of its output folder."""
        return self.database == HERE
