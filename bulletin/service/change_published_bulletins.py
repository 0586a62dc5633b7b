"""Change of published bulletins between two slots; a bulletin that was withdrawn leaves its place to a stand-by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bulletin.config.load_profile import LoadedProfile
from bulletin.pipeline.slot_profile_overrides import due_by_hand, overrides_by_hand
from bulletin.service.slots.publish_best_standby import put_standby_on_air
from bulletin.station.build_station_object import Station, open_station
from bulletin.station.open_archive import open_archive_of

Result = TypeVar("Result")


@contextmanager
def changing_published(
    loaded: LoadedProfile, change: Callable[[Station], Result], *, output: Path, now: Callable[[], datetime]
) -> Iterator[tuple[Station, Result, str]]:
    """
    Call `change` with the station; yields the station, the result and a message about the stand-by on air, or "".

    Raises BulletinError, as the change does.
    """
    with open_archive_of(loaded, output=output) as archive:
        due = due_by_hand(loaded, archive=archive, now=now())
    overrides = overrides_by_hand(loaded, due=due)
    with open_station(loaded, output=output, overrides=overrides) as station:
        result = change(station)
        if standby := put_standby_on_air(station, due=due, now=now()):
            station.sender.note()  # destinations get it now, not with the next bulletin
        yield station, result, standby
