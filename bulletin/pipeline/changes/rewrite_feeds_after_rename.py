"""Changed name, colour or address of a station -> its feeds and pages rewritten from the archive."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bulletin.delivery.send_deliveries import Sender
from bulletin.errors import BulletinError, OutletError
from bulletin.publishing.outlet_interface import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewedOutlet:
    """Files that one outlet rewrote."""

    outlet: str
    changed: int
    """Files."""


def renew_outlets(
    outlets: Iterable[Outlet], sender: Sender, *, publishing: AbstractContextManager[None]
) -> tuple[RenewedOutlet, ...]:
    """
    Rewrite the feeds and pages of every outlet, the podcast's feed last because it names the others' files.

    Sound and transcripts stay as they aired. Holds `publishing`, the station's publish lock, which waits for a run
    that is publishing; raises LockedError when that takes too long, and OutletError after the last outlet if any
    failed. Notes the changed files for `sender`.
    """
    renewed, failures = [], []
    with publishing:
        for outlet in sorted(outlets, key=lambda outlet: outlet.lists_others):
            try:
                changed = outlet.renew()
            except BulletinError as error:
                failures.append(f"{outlet.name}: {error}")
            else:
                if changed is not None:
                    renewed.append(RenewedOutlet(outlet=outlet.name, changed=changed))
        sender.note()
    if failures:
        raise OutletError("\n".join(failures))
    return tuple(renewed)
