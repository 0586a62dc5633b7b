"""Port of all deliveries: destinations outside the output folder, which may be down, full or slow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bulletin.errors import DeliveryError

BUILTIN = {
    "folder": "bulletin.delivery.targets.folder:PlayoutFolder",
    "ftp": "bulletin.delivery.targets.ftp:Ftp",
    "sftp": "bulletin.delivery.targets.sftp:Sftp",
    "webdav": "bulletin.delivery.targets.webdav:WebDav",
    "s3": "bulletin.delivery.targets.s3:S3",
    "azuracast": "bulletin.delivery.targets.azuracast:AzuraCast",
    "command": "bulletin.delivery.targets.command:Command",
    "webhook": "bulletin.delivery.targets.webhook:Webhook",
    "websub": "bulletin.delivery.targets.websub:WebSub",
}
"""Kind -> "module:class", for `plugins.find_part`; other packages use the entry point `bulletin.deliveries`."""

PART_SUFFIX = ".bulletin-part"
"""Ending of an unfinished file at the far end: no "*.wav" of a playout matches it."""
FOLDER_RENDITIONS = ("site", "stories")
"""Renditions of many files that are delivered as one folder, not bulletin by bulletin."""
SOUND_SUFFIXES = frozenset({".mp3", ".wav", ".flac", ".opus"})


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFile:
    """One file of a parcel."""

    name: str
    """Path in the public folder, with slashes: "stories/flood-1f2e.mp3"."""
    path: Path
    """A copy or link that does not change during the delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A bulletin, or the whole public folder, to be delivered."""

    station: str
    guid: str
    title: str
    kind: str
    """Rendition: "podcast", "fm", "speaker", "stories", or "site" for the whole public folder."""
    due: datetime
    """The bulletin's hour; aware UTC."""
    expires: datetime | None = None
    """Moment after which the bulletin must not air."""
    level: str = "fresh"
    time_zone: str = "UTC"
    """The station's: file names may hold its local time."""
    items: tuple[ParcelFile, ...] = ()
    """In the order of upload: audio, transcripts, pages, feed."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Content of the side file: duration_s, sha256, bytes ..."""
    confirm: Callable[[], None] = field(default=_nothing, compare=False, repr=False)
    """
    Call it just before a file takes its place, or the place of another one. Raises LateDeliveryError where another
    worker of the group delivers by now, as after a pause of this one: it may have brought a newer bulletin there.
    """

    @property
    def sound(self) -> ParcelFile | None:
        """The bulletin's own sound file; None for a folder of many."""
        return next((item for item in self.items if item.name == self.facts.get("audio")), None)


class LastingError(DeliveryError):
    """Delivery error that no retry mends: the engineer must act first."""

    def __init__(self, message: str) -> None:
        super().__init__(message, is_lasting=True)


class Delivery(Protocol):
    """One destination; the options of its table are arguments of the constructor, beside `name`."""

    name: str
    """Name in the profile and in messages."""
    is_newest_only: bool
    """It holds only the newest bulletin: an older one that waits is dropped."""

    def check(self) -> None:
        """Raise DeliveryError, with the remedy, if nothing could be delivered now. Changes nothing."""

    def publish(self, parcel: Parcel) -> None:
        """
        Deliver the files, each whole or not at all; the former files stay until then.

        Idempotent. Raises DeliveryError with the destination and the remedy, `is_lasting` where another try
        fails too.
        """

    def withdraw(self, parcel: Parcel) -> None:
        """Delete a delivered bulletin; it is no error if it was never delivered. Raises DeliveryError."""


def parcel_data(action: str, parcel: Parcel) -> dict[str, Any]:
    """A parcel without its files as data for JSON."""
    return {
        "action": action,
        "station": parcel.station,
        "guid": parcel.guid,
        "title": parcel.title,
        "rendition": parcel.kind,
        "due": parcel.due.isoformat(),
        "expires": parcel.expires.isoformat() if parcel.expires else None,
        "level": parcel.level,
        "facts": dict(parcel.facts),
    }
