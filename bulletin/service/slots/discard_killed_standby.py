"""Prepared stand-by with a story that was killed since -> discarded, before it can go on air."""

from __future__ import annotations

import logging

from bulletin.model import Level
from bulletin.pipeline.publish_and_record_bulletin import find_killed_passages, kills_in_force
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds, read_on_air
from bulletin.publishing.move_standby_files_on_air import discard_prepared, prepared_folder
from bulletin.station.build_station_object import Station

log = logging.getLogger(__name__)


def discard_killed_standby(station: Station) -> bool:
    """
    Discard the prepared stand-by if it tells a story that is on a kill list by now, also on that of the profile.

    By its words, not by dates: clocks of machines and copies of profiles differ. One that the archive does not know
    is discarded, too, where anything is on a list. True when it did. The caller holds the publish lock. Raises
    ArchiveError, OutletError.
    """
    folder = prepared_folder(station.state, station.words.id)
    prepared = read_on_air(folder, on_air_kinds(station.profile)).values()
    guids = {file.guid for file in prepared if file and file.level is Level.LAST_GOOD}
    entries = kills_in_force(station) if guids else frozenset()
    if not entries:
        return False
    records = station.archive.standbys(station.words.id, guids)
    known = {to["guid"] for record in records for to in record.went_to}
    told = [passage for record in records for passage in record.running_order]
    killed = find_killed_passages(station, told, entries)
    if not killed and guids <= known:
        return False
    discard_prepared(folder)
    reason = "; ".join(dict.fromkeys(killed.values())) or "its stories are not known"
    log.info("stand-by discarded, a story was killed: station=%s: %s", station.words.id, reason)
    return True
