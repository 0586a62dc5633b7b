"""Error of PostgreSQL or its driver -> ArchiveError with the server, the database and the remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bulletin.archive.database.check_database_damage import UnfitValueError
from bulletin.errors import ArchiveError

_AWAY = "the database server is away ({}); is it running, and can this machine reach it?"
_SHAPE = "a table is not as this Bulletin made it ({}); restore the database from a backup"

_MESSAGES: Mapping[str, str] = {
    "08": _AWAY,
    "22P05": "the database does not store every character; create it with ENCODING 'UTF8'",
    "25006": "the database is read-only, a standby perhaps; name the primary server",
    "25P03": "a transaction was idle for too long, and the server ended it; the next one begins anew",
    "28": "the server refuses this user ({}); correct user and password: PGPASSWORD, ~/.pgpass or the address",
    "hba": "the server accepts no such connection from this machine ({}); add a line for it to its pg_hba.conf",
    "3D": "the server has no such database ({}); create it (createdb), or correct its name",
    "42501": "this user may not change the database ({}); make the user its owner",
    "42P01": _SHAPE,
    "42703": _SHAPE,
    "53100": "the disk of the database server is full; free some space there",
    "53200": "the database server has too little memory ({})",
    "53300": "the database server has too many connections; raise its max_connections, or run fewer workers",
    "53": "the database server is at a limit of its own ({})",
    "54": "the database server is at a limit of its own ({})",
    "57014": "the database server took too long for a query; is it overloaded?",
    "57": _AWAY,
    "58": "the database server cannot read or write its files ({}); is its disk full or broken?",
    "XX": "the database is damaged ({}); restore it from a backup",
}
"""SQLSTATE, or its first two characters (the class) -> message with the server's own words, and the remedy."""

_BEFORE_LOGIN = {
    r"no pg_hba\.conf entry": "hba",
    r"password authentication failed|no password supplied|Peer authentication failed": "28",
    r"role \".*\" (?:does not exist|is not permitted to log in)": "28",
    r"database \".*\" does not exist": "3D",
    r"too many clients|remaining connection slots|too many connections": "53300",
    r"session is read-only|not a hot standby|server is in hot standby": "25006",
}
"""Words of a refused connection, which has no SQLSTATE -> that of the same event."""

_CONFLICTS = ("40001", "40P01")
_MISTAKES = ("42", "22", "23")
"""Classes of errors in a query, and of rows that break a rule of a table."""


class ConflictingWriteError(ArchiveError):
    """Two transactions waited for each other or changed the same row, and the server ended this one: try again."""


class BusyRowsError(ArchiveError):
    """Another transaction has kept rows or a lock for longer than the server lets this one wait: try again."""


def server_error(label: str, error: BaseException) -> ArchiveError:
    """ArchiveError for an error of psycopg; the label names server and database."""
    words = _words(error)
    code = str(getattr(error, "sqlstate", None) or "") or _code_of_words(words)
    if code in _CONFLICTS:
        return ConflictingWriteError(f"{label}: two writers waited for each other; try again")
    if code == "22003":
        return UnfitValueError(f"{label}: a number is too large; correct it")
    if code == "55P03":
        return BusyRowsError(f"{label}: another program keeps the rows locked; try again later")
    message = _MESSAGES.get(code) or _MESSAGES.get(code[:2])
    if message is None and code[:2] in _MISTAKES:
        message = "not read or changed, because of a mistake in Bulletin; report this message: {}"
    return ArchiveError(f"{label}: {(message or _AWAY).format(words)}")


def _code_of_words(words: str) -> str:
    return next((code for pattern, code in _BEFORE_LOGIN.items() if re.search(pattern, words)), "08")


def _words(error: BaseException) -> str:
    """First line of a message, without what the label says already."""
    line = next(filter(None, map(str.strip, str(error).splitlines())), type(error).__name__)
    line = re.sub(r"^connection failed: (connection to server .*? failed: )?(FATAL:\s+)?", "", line)
    return line[:160]
