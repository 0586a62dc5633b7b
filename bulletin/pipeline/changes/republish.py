"""A station after another name, colour or address -> its feeds and pages written again, from what is kept."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.errors import BulletinError, OutletError
from bulletin.publishing.outlet_port import Renewable, Staged
from bulletin.station.station import Station

_OTHERS_S = 60.0
"""How long a run of the same station may take to publish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What one outlet wrote again."""

    outlet: str
    changed: int
    """Files."""


def renew_station(station: Station) -> tuple[Renewed, ...]:
    """
    Have each outlet write its feeds and pages again: those that others are named in first, the podcast's feed last.

    No sound is touched, and no transcript: they are what aired. Waits for a run that is publishing; raises
    LockedError when that takes too long, OutletError when an outlet failed, after all were asked.
    """
    able = [outlet for outlet in station.outlets if isinstance(outlet, Renewable)]
    done, failed = [], []
    with station.publishing(wait_s=_OTHERS_S):
        for outlet in sorted(able, key=lambda one: isinstance(one, Staged)):
            try:
                done.append(Renewed(outlet=outlet.name, changed=outlet.renew()))
            except BulletinError as error:
                failed.append(f"{outlet.name}: {error}")
        station.sender.note()
    if failed:
        raise OutletError("\n".join(failed))
    return tuple(done)
