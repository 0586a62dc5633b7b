"""Parcel -> a folder at the far end, file by file: only what has changed, in order, under whole names."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from bulletin.errors import DeliveryError
from bulletin.outlets.delivery import Item, Parcel
from bulletin.outlets.naming import check_names, make_name

LIST = "bulletin-files.json"
"""At the far end: whose folder it is, and what lies there by whom."""
PART = ".bulletin-part"
"""Ending of an unfinished file there: no "*.wav" of a dropbox finds it."""
_SAVE_EVERY = 25
"""Files; an upload that is cut goes on near the place where it stopped."""

_TREES = ("site", "stories")


class Far(Protocol):
    """A folder at the far end, while the line is open. Every method raises DeliveryError."""

    def read(self, name: str) -> bytes | None:
        """None: there is no such file."""

    def put(self, name: str, source: Path) -> None:
        """Whole or not at all; folders on the way are made."""

    def delete(self, name: str) -> None:
        """Silent about a file that is not there."""


class Upload:
    """What all deliveries share that put files into a folder far away; a kind gives it its `connect`."""

    is_newest_only = False

    def __init__(
        self, *, name: str, connect: Callable[[], AbstractContextManager[Far]], names: Sequence[str] = ()
    ) -> None:
        check_names(f"[[deliveries]] {name}", names)
        self.name = name
        self._connect = connect
        self._names = tuple(names)

    def check(self) -> None:
        """The line, the login, and that the folder can be read."""
        with self._connect() as far:
            far.read(LIST)

    def publish(self, parcel: Parcel) -> None:
        """In the parcel's order; then what is there no more, or has expired, is deleted."""
        with self._connect() as far:
            there = self._claimed(far, parcel)
            wanted = dict(self._wanted(parcel))
            entry = {"by": self.name, "guid": parcel.guid}
            if parcel.expires:
                entry["until"] = parcel.expires.isoformat()
            put = 0
            for name, item in wanted.items():
                stamp = _stamp(item.path)
                if there.get(name, {}).get("is") != stamp:
                    far.put(name, item.path)
                    put += 1
                    there[name] = entry | {"is": stamp}
                    if put % _SAVE_EVERY == 0:
                        _save(far, parcel, there)
                else:
                    there[name] = entry | {"is": stamp}
            for name in self._over(parcel, there, set(wanted)):
                far.delete(name)
                del there[name]
            _save(far, parcel, there)

    def withdraw(self, parcel: Parcel) -> None:
        """Delete what came with that bulletin."""
        with self._connect() as far:
            there = self._claimed(far, parcel)
            gone = [
                name
                for name, told in there.items()
                if told.get("guid") == parcel.guid and told.get("by") == self.name
            ]
            for name in gone:
                far.delete(name)
                del there[name]
            if gone:
                _save(far, parcel, there)

    def _wanted(self, parcel: Parcel) -> list[tuple[str, Item]]:
        """Names at the far end; the profile's own for a file whose name stays here."""
        sound = parcel.sound
        if not self._names or sound is None or parcel.kind in _TREES:
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
        if parcel.kind in _TREES:
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
            files = {str(name): dict(one) for name, one in told.get("files", {}).items()}
        except (ValueError, AttributeError, TypeError):
            return {}  # damaged: everything is brought once more
        if told.get("station", parcel.station) != parcel.station:
            raise DeliveryError(
                f'{self.name}: the folder there is of the station "{told["station"]}" ({LIST} says so); give this '
                f"one a folder of its own, or delete {LIST} there if that is this station's old name",
                is_lasting=True,
            )
        return files


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _save(far: Far, parcel: Parcel, there: Mapping[str, Any]) -> None:
    told = {"station": parcel.station, "files": dict(sorted(there.items()))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / LIST
        path.write_text(json.dumps(told, indent=0) + "\n", encoding="utf-8")
        far.put(LIST, path)


def part_of(name: str) -> str:
    """The name of an unfinished file, in the folder where it is to be."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.name}{PART}"))


def parents_of(name: str) -> list[str]:
    """ "a/b/c.mp3" -> ["a", "a/b"]"""
    return [str(folder) for folder in reversed(PurePosixPath(name).parents) if str(folder) not in (".", "/")]
