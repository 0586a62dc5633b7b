"""Parcel -> a folder at the far end, file by file: only what has changed, in order, under whole names."""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from bulletin.delivery.delivery_port import HALF, TREES, Parcel, ParcelFile
from bulletin.delivery.file_names import check_names, make_name
from bulletin.delivery.time_limit import Limit
from bulletin.errors import DeliveryError

LIST = "bulletin-files.json"
"""At the far end: whose folder it is, and what lies there by whom."""
OLD = ".bulletin-old"
"""Ending of a file that steps aside where nothing can be renamed onto it."""
_SAVE_EVERY, _SAVE_AFTER_S = 25, 30.0
"""Files, seconds: an upload that is cut goes on near the place where it stopped."""
_PROBE = "bulletin-check.txt"


class Far(Protocol):
    """A folder at the far end, while the line is open. Every method raises DeliveryError, or its library's errors."""

    def read(self, name: str) -> bytes | None:
        """None: there is no such file."""

    def put(self, name: str, source: Path) -> None:
        """Whole or not at all; folders on the way are made."""

    def delete(self, name: str) -> None:
        """Silent about a file that is not there."""

    def names(self, folder: str) -> Iterable[str]:
        """What lies in a folder ("": the top), as far as it says so."""


Connect = Callable[[Limit], AbstractContextManager[Far]]
"""Opens the line, and has it watched; turns its library's errors into DeliveryError."""


class Upload:
    """What all deliveries share that put files into a folder far away; a kind gives it its `connect`."""

    is_newest_only = False

    def __init__(
        self,
        *,
        name: str,
        connect: Connect,
        names: Sequence[str] = (),
        timeout_s: float,
        within_s: float = 0.0,
    ) -> None:
        check_names(f"[[deliveries]] {name}", names, carts=None)
        self.name = name
        self._connect = connect
        self._names = tuple(names)
        self._timeout_s, self._within_s = timeout_s, within_s

    def check(self) -> None:
        """The line, the login, and that files may be written, renamed and deleted: one of a few bytes is."""
        with self._line() as (_, far), tempfile.TemporaryDirectory() as folder:
            far.read(LIST)
            probe = Path(folder) / _PROBE
            probe.write_text("Written and deleted by `bulletin check`.\n", encoding="utf-8")
            far.put(_PROBE, probe)
            far.delete(_PROBE)

    def publish(self, parcel: Parcel) -> None:
        """In the parcel's order; then what is there no more, or has expired, is deleted."""
        with self._line() as (limit, far):
            there = self._claimed(far, parcel)
            wanted = dict(self._wanted(parcel))
            stamps = {name: _stamp(item.path) for name, item in wanted.items()}
            new = [name for name in wanted if there.get(name, {}).get("is") != stamps[name]]
            over = self._over(parcel, there, set(wanted))
            limit.allow(
                total_bytes=sum(wanted[name].path.stat().st_size for name in new), files=len(new) + len(over)
            )
            aside = _sweep(far, {*map(_folder_of, new), ""})
            saved_at = time.monotonic()
            for put, name in enumerate(new, 1):
                far.put(name, wanted[name].path)
                there[name] = self._entry(parcel, stamps[name])
                if put % _SAVE_EVERY == 0 or time.monotonic() - saved_at > _SAVE_AFTER_S:
                    _save(far, parcel, there)
                    saved_at = time.monotonic()
            there |= {name: self._entry(parcel, stamp) for name, stamp in stamps.items()}
            for name in over:
                far.delete(name)
                del there[name]
            _save(far, parcel, there)
            for name in aside:
                far.delete(name)

    def withdraw(self, parcel: Parcel) -> None:
        """Delete what came with that bulletin."""
        with self._line() as (limit, far):
            there = self._claimed(far, parcel)
            gone = [
                name
                for name, told in there.items()
                if told.get("guid") == parcel.guid and told.get("by") == self.name
            ]
            limit.allow(total_bytes=0, files=len(gone))
            for name in gone:
                far.delete(name)
                del there[name]
            if gone:
                _save(far, parcel, there)

    @contextmanager
    def _line(self) -> Iterator[tuple[Limit, Far]]:
        with (
            Limit(self.name, timeout_s=self._timeout_s, within_s=self._within_s) as limit,
            self._connect(limit) as far,
        ):
            yield limit, far

    def _entry(self, parcel: Parcel, stamp: str) -> dict[str, Any]:
        """What the list says of a file."""
        until = {"until": parcel.expires.isoformat()} if parcel.expires else {}
        return {"by": self.name, "guid": parcel.guid, **until, "is": stamp}

    def _wanted(self, parcel: Parcel) -> list[tuple[str, ParcelFile]]:
        """Names at the far end; the profile's own for a file whose name stays here."""
        sound = parcel.sound
        if not self._names or sound is None or parcel.kind in TREES:
            return [(item.name, item) for item in parcel.items]
        stems = [make_name(pattern, parcel) for pattern in self._names]
        here = Path(sound.name).stem
        return [
            (f"{stem}{item.name.removeprefix(here)}", item)
            for stem in stems
            for item in parcel.items
            if item.name.startswith(here)
        ]

    def _over(self, parcel: Parcel, there: Mapping[str, Mapping[str, Any]], wanted: set[str]) -> list[str]:
        """Of what this delivery put there: all else of a whole folder; else what expired before this one's hour."""
        ours = [name for name, told in there.items() if told.get("by") == self.name and name not in wanted]
        if parcel.kind in TREES:
            return ours
        if parcel.kind == "podcast":
            return []
        due = parcel.due.isoformat()
        return [name for name in ours if there[name].get("until", due) <= due]

    def _claimed(self, far: Far, parcel: Parcel) -> dict[str, dict[str, Any]]:
        """What lies there. Raises DeliveryError where the folder is another station's."""
        raw = far.read(LIST)
        try:
            told = json.loads(raw) if raw else {}
            files = {name: dict(one) for name, one in told.get("files", {}).items() if _is_within(name)}
        except (ValueError, AttributeError, TypeError, RecursionError):
            return {}  # damaged: everything is brought once more
        if told.get("station", parcel.station) != parcel.station:
            raise DeliveryError(
                f'{self.name}: the folder there is of the station "{told["station"]}" ({LIST} says so); give this '
                f"one a folder of its own, or delete {LIST} there if that is this station's old name",
                is_lasting=True,
            )
        return files


def _is_within(name: str) -> bool:
    """Others may write that list, too: it must not have us delete what lies elsewhere."""
    return not name.startswith("/") and ".." not in name.split("/")


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _save(far: Far, parcel: Parcel, there: Mapping[str, Any]) -> None:
    told = {"station": parcel.station, "files": dict(sorted(there.items()))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / LIST
        path.write_text(json.dumps(told, indent=0) + "\n", encoding="utf-8")
        far.put(LIST, path)


def _sweep(far: Far, folders: Iterable[str]) -> list[str]:
    """Delete what dead uploads have left; say what stepped aside for one, and may go when the new file is there."""
    aside = []
    for folder in sorted(folders):
        for found in far.names(folder):
            name = f"{folder}/{found}" if folder else found
            if found.endswith(HALF):
                far.delete(name)
            elif found.endswith(OLD):
                aside.append(name)
    return aside


def _folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def part_of(name: str) -> str:
    """A name for an unfinished file, in its folder: a new one each time, as a dead upload may still be written to."""
    return f"{name}.{uuid.uuid4().hex[:8]}{HALF}"


def put_in_place(
    part: str, name: str, *, rename: Callable[[str, str], object], delete: Callable[[str], object]
) -> None:
    """
    Rename where that cannot be done onto a file that is there: this one steps aside, and comes back if need be.

    There is a moment with no file. A server that lets nobody rename keeps what it has.
    """
    aside = f"{name}{OLD}"
    delete(aside)
    rename(name, aside)
    try:
        rename(part, name)
    except Exception:
        rename(aside, name)
        raise
    delete(aside)


def parents_of(name: str) -> list[str]:
    """ "a/b/c.mp3" -> ["a", "a/b"]"""
    return [str(folder) for folder in reversed(PurePosixPath(name).parents) if str(folder) not in (".", "/")]
