"""Archive of a group of machines, on a PostgreSQL server."""

from __future__ import annotations

from bulletin.archive.archive import Archive
from bulletin.archive.database.postgres_engine import PATIENCE_S
from bulletin.archive.database_server import DatabaseServer


class ServerArchive(Archive, DatabaseServer):
    """Feeds, stories and bulletins of many machines."""


def open_server_archive(
    url: str, *, group: str = "", patience_s: float = PATIENCE_S, only_looks: bool = False
) -> ServerArchive:
    """
    Open the archive of a group of machines on a PostgreSQL server, as `DatabaseServer.open_server`.

    `group` is the name of the group, which owns the database from then on.
    """
    return ServerArchive.open_server(url, group=group, patience_s=patience_s, only_looks=only_looks)
