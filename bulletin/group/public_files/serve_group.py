"""Public server and mirror of a group: processes that need neither voice nor mixer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from starlette.applications import Starlette

from bulletin.errors import ArchiveError, BulletinError, ConfigError, StoreError
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.open_group import Group, open_group
from bulletin.group.public_files.mirror import Mirror
from bulletin.group.public_files.published_objects import ObjectFiles, PublishedNames, PublishedStation
from bulletin.service.http.list_stations import list_routes
from bulletin.service.http.serve_published_files import public_routes
from bulletin.service.http.web_server import WebServer
from bulletin.service.resources import process_limits
from bulletin.service.start_http_servers import ListenOptions, folder_of
from bulletin.station.build_station_object import STATE
from bulletin.storage.open_store import open_store

log = logging.getLogger(__name__)

_OBJECTS = "objects"
"""Folder of objects that this machine keeps, in the private folder of the output."""
_PROFILES_EVERY_S = 10.0


def serve_group(
    profiles: GroupProfiles,
    *,
    output: Path,
    listen: ListenOptions,
    stop: threading.Event,
    cache_mb: float = 1000.0,
) -> None:
    """
    Answer with the published files of the group's stations until `stop`.

    Names come from the database, content from the store; objects that were asked for are kept on this machine.
    Raises as `open_group`, and RunningError where the address is taken.
    """
    process_limits.use_one_malloc_arena()
    with (
        open_group(profiles, output=output) as group,
        public_server(group, listen, cache_mb=cache_mb) as refresh,
    ):
        while not (profiles.has_moved or stop.wait(_PROFILES_EVERY_S)):
            _refresh(profiles)
            refresh()


@contextmanager
def public_server(
    group: Group, listen: ListenOptions, *, cache_mb: float = 1000.0
) -> Iterator[Callable[[], None]]:
    """
    Answer in threads while the block runs; it gets the function to call after a change of profiles.

    Raises RunningError where the address is taken.
    """
    names = PublishedNames(group.archive)
    objects = ObjectFiles(group.store, folder=group.output / STATE / _OBJECTS, limit_mb=cache_mb)
    stations = [*_public_stations(group, names, objects)]

    def refresh() -> None:
        stations[:] = _public_stations(group, names, objects)

    app = Starlette(routes=[*list_routes(lambda: stations), *public_routes(lambda: stations)])
    limits = process_limits.limits_within(process_limits.raise_descriptor_limit())
    server = WebServer(app, host=listen.host, port=listen.port, limits=limits)
    server.start()
    try:
        yield refresh
    finally:
        server.stop()


def mirror_group(
    profiles: GroupProfiles, *, output: Path, target: str, every_s: float, stop: threading.Event
) -> None:
    """
    Keep a bucket or folder with the public names of the group's stations up to date until `stop`; once with `every_s` 0.

    While the database or a store is away, it waits for them. Raises as `open_group`, StoreError for a target that
    cannot be written.
    """
    with open_group(profiles, output=output) as group:
        public = open_store(target, is_public=True)
        if public.label == group.store.label:
            raise ConfigError(
                f"{target}: is the store of the group itself; name another bucket, prefix or folder"
            )
        public.check()
        mirror = Mirror(archive=group.archive, store=group.store, target=public)
        log.info("mirror ready: target=%s stations=%d", public.label, len(_ids(profiles)))
        while True:
            try:
                mirror.round(_ids(profiles))
            except (ArchiveError, StoreError) as error:
                if not every_s:
                    raise
                log.error("mirror waits, the next round finishes the work: %s", error)
            if not every_s or profiles.has_moved or stop.wait(every_s):
                return
            _refresh(profiles)


def _ids(profiles: GroupProfiles) -> Sequence[str]:
    """Stations of the group, also those whose profile is invalid on this machine: their listeners know no profile."""
    return sorted({*profiles.stations, *profiles.refused})


def _public_stations(group: Group, names: PublishedNames, objects: ObjectFiles) -> Sequence[PublishedStation]:
    stations = []
    for station in _ids(group.profiles):
        loaded = group.profiles.stations.get(station)
        known = folder_of(loaded, output=group.output) if loaded else None
        stations.append(
            PublishedStation(
                station=station,
                names=names,
                objects=objects,
                feed_url=known.feed_url if known else "",
                hub=known.hub if known else "",
            )
        )
    return stations


def _refresh(profiles: GroupProfiles) -> None:
    try:
        profiles.refresh()
    except BulletinError as error:
        log.error("profiles not read again, the former ones stay: %s", error)
