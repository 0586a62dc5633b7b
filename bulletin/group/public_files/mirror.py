"""
Published files of a group -> a bucket or folder with the public names, for a CDN, nginx or a cheap web host.

Several machines may mirror at the same time, and one may be frozen and woken: the tags of the objects are read before the
ledger, and every put is conditional on them. So a machine that knows an older state is refused.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.database.group_tables import STANDBY
from bulletin.archive.ledgers.group.published_files import PublishedFile, PublishedFiles
from bulletin.delivery.collect_files_to_deliver import upload_order
from bulletin.errors import StoreError
from bulletin.service.http.serve_published_files import cache_of
from bulletin.station.group_files.working_copy import fetch_object
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_STATE = "mirrored"
"""Folder of the target with what was put there: path, hash of the content, tag."""
_LOOK_AT_ALL_S = 60.0
_MOST_IN_TURN = 3
"""Stations that fail one after the other, until the round ends."""
_Known = Mapping[str, tuple[str, str]]
"""Path -> hash and tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What one round did for one station."""

    written: int = 0
    deleted: int = 0
    refused: int = 0
    """Files that another machine has changed meanwhile; the next round looks again."""


def mirror_station(station: str, *, archive: Archive, store: Store, target: Store) -> Mirrored:
    """
    Bring one station's files in `target`, at `<station>/<path>`, up to date: sounds first, the feed last.

    Files that nothing names any more are deleted at the end. Raises StoreError and ArchiveError; the next round finishes
    the work.
    """
    tags = _tags(target, station)
    state = target.get_with_tag(f"{_STATE}/{station}.json")
    known = _parse_state(state.data) if state else {}
    # after the tags: a later publication changes them
    files = {
        path: file
        for path, file in PublishedFiles(archive).of_station(station).items()
        if not path.startswith(STANDBY)
    }
    now_known: dict[str, tuple[str, str]] = {}
    written = refused = 0
    for path in sorted(files, key=upload_order):
        file, tag = files[path], tags.get(path)
        if tag and known.get(path) == (file.sha256, tag):
            now_known[path] = (file.sha256, tag)
            continue
        new_tag = _put(target, f"{station}/{path}", file, store=store, tag=tag)
        if new_tag is None:
            refused += 1
        else:
            now_known[path] = (file.sha256, new_tag)
            written += 1
    gone = tags.keys() - files.keys()
    if written or gone:
        new_tags = _tags(target, station)
        now_known = {
            path: (sha256, tag or new_tags.get(path, "")) for path, (sha256, tag) in now_known.items()
        }
        # a machine that was refused knows an older state
        gone = set() if refused else {path for path in gone if new_tags.get(path) == tags[path]}
    for path in sorted(gone):
        target.delete(f"{station}/{path}")
    if now_known != known:
        _write_state(target, station, now_known, tag=state.tag if state else None)
    return Mirrored(written=written, deleted=len(gone), refused=refused)


class Mirror:
    """Mirror of stations, which looks at those that have published since its last round, and at all once a minute."""

    def __init__(
        self, *, archive: Archive, store: Store, target: Store, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._archive, self._store, self._target, self._clock = archive, store, target, clock
        self._done: dict[str, tuple[object, ...]] = {}
        self._looked_s = clock()

    def round(self, stations: Collection[str]) -> dict[str, Mirrored]:
        """
        One round; the stations that were looked at.

        A station that fails stops no other, unless one after the other fails: then the target is away. Raises
        ArchiveError, and the first StoreError after the round; the next round tries again.
        """
        rounds: dict[str, Mirrored] = {}
        failed: list[StoreError] = []
        failed_in_turn = 0
        if (
            self._clock() - self._looked_s > _LOOK_AT_ALL_S
        ):  # as when a machine whose clock is slow has published
            self._done.clear()
            self._looked_s = self._clock()
        for station, version in PublishedFiles(self._archive).versions().items():
            if station not in stations or self._done.get(station) == version:
                continue
            try:
                done = mirror_station(station, archive=self._archive, store=self._store, target=self._target)
            except StoreError as error:
                failed.append(error)
                failed_in_turn += 1
                if failed_in_turn == _MOST_IN_TURN:
                    break
                log.error("not mirrored: station=%s: %s", station, error)
                continue
            failed_in_turn = 0
            rounds[station] = done
            if not done.refused:
                self._done[station] = version
            log.info(
                "mirrored: station=%s target=%s written=%d deleted=%d refused=%d",
                station,
                self._target.label,
                done.written,
                done.deleted,
                done.refused,
            )
        if failed:
            raise failed[0]
        return rounds


def _put(target: Store, key: str, file: PublishedFile, *, store: Store, tag: str | None) -> str | None:
    """
    The new tag, "" where it is not known yet; None where another machine has changed the object since its tag was read.
    """
    data = fetch_object(file.sha256, store, name=file.path)
    headers = {"Content-Type": file.media_type, "Cache-Control": cache_of(Path(file.path))}
    if tag is None:
        return "" if target.put_new(key, data, headers=headers) else None
    return target.put(key, data, if_unchanged=tag, headers=headers) or None


def _tags(target: Store, station: str) -> dict[str, str]:
    """Tag of each object of a station, by its path."""
    return {item.key.partition("/")[2]: item.tag for item in target.list(station)}


def _write_state(target: Store, station: str, known: _Known, *, tag: str | None) -> None:
    """Remember what was put; where another machine did so meanwhile, its state stays."""
    key, data = f"{_STATE}/{station}.json", json.dumps(known, sort_keys=True).encode()
    if tag is None:
        target.put_new(key, data)
    else:
        target.put(key, data, if_unchanged=tag)


def _parse_state(data: bytes) -> dict[str, tuple[str, str]]:
    """What was put; nothing where the state is damaged: then all files are put again."""
    try:
        return {str(path): (str(sha256), str(tag)) for path, (sha256, tag) in json.loads(data).items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
