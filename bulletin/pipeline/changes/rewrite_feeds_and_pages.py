"""Changed name, colour or address of a station -> its feeds and pages rewritten from the archive."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.errors import BulletinError, OutletError
from bulletin.station.build_station import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewedOutlet:
    """Files that one outlet rewrote."""

    outlet: str
    changed: int
    """Files."""


def renew_station(station: Station) -> tuple[RenewedOutlet, ...]:
    """
    Rewrite the feeds and pages of every outlet, the podcast's feed last because it names the others' files.

    Sound and transcripts stay as they aired. Waits for a run that is publishing; raises LockedError when that
    takes too long, and OutletError after the last outlet if any failed.
    """
    renewed, failures = [], []
    with station.publishing():
        for outlet in sorted(station.outlets, key=lambda outlet: outlet.lists_others):
            try:
                changed = outlet.renew()
            except BulletinError as error:
                failures.append(f"{outlet.name}: {error}")
            else:
                if changed is not None:
                    renewed.append(RenewedOutlet(outlet=outlet.name, changed=changed))
        station.sender.note()
    if failures:
        raise OutletError("\n".join(failures))
    return tuple(renewed)
