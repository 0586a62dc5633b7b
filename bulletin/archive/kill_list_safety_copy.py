"""
Sealed copy of the kill list: a checksummed file beside the archive.

SQLite has no checksums, and a damaged archive may be recovered from a copy of yesterday. So everything that was
taken off the air is stored a second time: JSON Lines, a SHA-256 digest on each line and one over all of them in
the last. A damaged line is detected and loses only itself. Removed entries stay in the file as ended, so that an
older archive cannot bring them back.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bulletin.archive.database.check_database_damage import NOISE
from bulletin.errors import OutletError
from bulletin.runtime.files.atomic_write import atomic_file
from bulletin.runtime.files.file_lock import hold

log = logging.getLogger(__name__)

ADD_MISSING = "add missing entries, then run `bulletin kill confirm`"
LOOK_THROUGH = f"look through `bulletin kill list`, {ADD_MISSING}"
"""Remedy when entries may be missing."""

_OTHERS_S = 10.0
"""Seconds to wait for another process that writes the file."""
_MOST_ENDED = 2000
"""Ended entries, removed stories and withdrawn episodes that are kept, the newest; entries in force are all kept."""


class KillKind(StrEnum):
    """Kind of an entry."""

    KILL = "kill"
    """An entry of a station's kill list."""
    OWN_STORY = "own-story"
    """A story of the station's own that was removed."""
    EPISODE = "episode"
    """An episode that was withdrawn."""


Key = tuple[KillKind, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KillEntry:
    """A kill, a removed story or a withdrawn episode."""

    kind: KillKind
    station: str
    name: str
    """The kill list's entry, the id of an article, the guid of an episode."""
    at: datetime
    """Moment of the entry; aware UTC."""
    note: str = ""
    ended_at: datetime | None = None
    """Moment of the removal from the list; aware UTC."""

    @property
    def key(self) -> Key:
        return self.kind, self.station, self.name

    def ended(self, at: datetime) -> KillEntry:
        """The entry, removed at that moment, never before it was added: a fast clock may have added it."""
        return replace(self, ended_at=max(at, self.at))


_KILL_ENTRY = TypeAdapter(KillEntry)
Entries = Mapping[Key, KillEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedKills:
    """Contents of a sealed file."""

    entries: Entries
    """Entries with intact lines."""
    is_intact: bool
    """False: the file is missing or partly damaged."""
    is_counted: bool = False
    """Its last line is intact, so the number of entries is known."""
    is_there: bool = True
    damaged: int = 0
    """Lines that cannot be read."""
    doubt: str = ""
    """Why entries may be missing; empty: none are."""


class KillList:
    """The file at `path`. Several processes may use it at the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> SealedKills:
        """Every intact line. Raises nothing: an unreadable file counts as damaged."""
        try:
            return _parse(self.path.read_bytes())
        except OSError:
            return SealedKills(entries={}, is_intact=False, is_there=self.path.exists())

    def read_settled(self) -> SealedKills:
        """Read the file; if it is missing, wait for a process that is writing the first one."""
        sealed = self.read()
        if not sealed.is_there and self.was_written:
            with suppress(OutletError), hold(self._lock, wait_s=_OTHERS_S):
                return self.read()
        return sealed

    @property
    def was_written(self) -> bool:
        """Whether a process has ever begun to write it: the lock file stays."""
        return self._lock.exists()

    def write(self, entries: Entries, *, doubt: str | None = None) -> bool:
        """
        Merge `entries` into the file; False when it cannot be written.

        Entries in force stay as they are unless `entries` end them. `doubt` replaces that of the file. Raises
        nothing. On a full disk the seal of the old file is broken: it is incomplete, and must not look complete.
        """
        try:
            with hold(self._lock, wait_s=_OTHERS_S):
                before = self.read()
                changes = {
                    k: e for k, e in entries.items() if e.ended_at or not _is_in_force(before.entries.get(k))
                }
                after = _pruned({**before.entries, **changes})
                doubt = before.doubt if doubt is None else doubt
                if after != before.entries or doubt != before.doubt or not before.is_intact:
                    _write(self.path, _format(after, doubt))
        except (OSError, OutletError) as error:
            log.error("kill list has no current safety copy: path=%s: %s", self.path, error)
            _break_seal(self.path)
            return False
        return True

    @property
    def _lock(self) -> Path:
        return self.path.with_name(f"{self.path.name}.lock")


def kill_list_path(archive: Path) -> Path:
    """Path of the sealed kill list of the archive at that path."""
    return archive.with_name(f"{archive.stem}.kills")


def why_incomplete(sealed: SealedKills, joined: Entries, *, name: str, was_there: bool) -> str:
    """
    Why a damaged sealed copy may have had entries that the archive lacks; empty: it had none.

    `was_there`: the archive notes that there was a copy. An archive cannot detect that its own log lost its end.
    """
    if sealed.damaged > len(joined) - len(sealed.entries):
        return f"unreadable entries of {name}, which the archive does not have either: {sealed.damaged}"
    if not sealed.is_there:
        return f"the file {name}, a copy of the kill list, is missing" if was_there else ""
    return "" if sealed.is_counted else f"the file {name}, a copy of the kill list, is damaged"


def join(known: Iterable[KillEntry], sealed: Entries) -> Entries:
    """
    Merge the entries of an archive and of its sealed copy.

    An entry that ended after the archive's entry began stays ended.
    """
    joined = dict(sealed)
    for entry in known:
        other = sealed.get(entry.key)
        if other is None or (other.ended_at is not None and other.ended_at < entry.at):
            joined[entry.key] = entry
    return joined


def _is_in_force(entry: KillEntry | None) -> bool:
    return entry is not None and entry.ended_at is None


def _pruned(entries: Entries) -> Entries:
    spare = [e for e in entries.values() if e.kind is not KillKind.KILL or e.ended_at]
    spare.sort(key=lambda e: e.ended_at or e.at)
    gone = {entry.key for entry in spare[:-_MOST_ENDED]}
    return {key: entry for key, entry in entries.items() if key not in gone}


def _parse(data: bytes) -> SealedKills:
    entries: dict[Key, KillEntry] = {}
    body, _, last = data.rstrip(b"\n").rpartition(b"\n")
    lines, damaged = list(filter(None, body.split(b"\n"))), 0
    for line in (*lines, last):
        try:
            record = _unsealed(line)
            if "end" not in record:
                entry = _KILL_ENTRY.validate_python(record)
                entries[entry.key] = entry
        except NOISE:
            damaged += line is not last
    with suppress(*NOISE):
        end = _unsealed(last)["end"]
        damaged = max(damaged, int(end["entries"]) - len(entries))
        is_intact = end["sha256"] == _digest(b"\n".join(lines)).decode() and not damaged
        return SealedKills(
            entries=entries, is_intact=is_intact, is_counted=True, damaged=damaged, doubt=str(end["doubt"])
        )
    return SealedKills(entries=entries, is_intact=False, damaged=damaged)


def _format(entries: Entries, doubt: str) -> bytes:
    lines = [_sealed(asdict(entry)) for entry in entries.values()]
    end = {"entries": len(lines), "sha256": _digest(b"\n".join(lines)).decode(), "doubt": doubt}
    return b"\n".join([*lines, _sealed({"end": end}), b""])


def _sealed(data: Mapping[str, object]) -> bytes:
    body = json.dumps(data, default=datetime.isoformat).encode("ascii")
    return body + b"\t" + _digest(body)


def _unsealed(line: bytes) -> Any:
    body, _, digest = line.rpartition(b"\t")
    if _digest(body) != digest:
        raise ValueError("a line in the copy of the kill list is damaged")
    return json.loads(body)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode("ascii")


def _write(path: Path, data: bytes) -> None:
    """Write atomically, for the owner only, and synchronized to the disk."""
    with atomic_file(path) as part:
        part.touch(mode=0o600)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _break_seal(path: Path) -> None:
    """Cut off the last byte of the seal, which a full disk allows."""
    with suppress(OSError):
        data = path.read_bytes().rstrip(b"\n")
        if _parse(data).is_intact:
            os.truncate(path, len(data) - 1)
