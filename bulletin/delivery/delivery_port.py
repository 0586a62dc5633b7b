"""The port of all deliveries: places outside the output folder, which may be down, full or slow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

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
"""Kind -> "module:class", for `plugins.find_part`; strangers use the entry point `bulletin.deliveries`."""

HALF = ".bulletin-part"
"""Ending of an unfinished file there: no "*.wav" of a dropbox finds it."""
TREES = ("site", "stories")
"""Renditions that are many files: what counts there is how they lie together, not one bulletin."""
SOUNDS = frozenset({".mp3", ".wav", ".flac", ".opus"})
"""Suffixes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFile:
    """One file that is handed over."""

    name: str
    """In the public folder, with slashes: "stories/flood-1f2e.mp3"."""
    path: Path
    """Where its content lies now; it does not change while it is handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A bulletin, or the whole public folder, as it lies there."""

    station: str
    guid: str
    title: str
    kind: str
    """Which rendition: "podcast", "fm", "speaker", "stories", or "site" for the whole folder."""
    due: datetime
    """The hour that it is for; aware UTC."""
    expires: datetime | None = None
    """When nobody should hear it any more."""
    level: str = "fresh"
    time_zone: str = "UTC"
    """The station's: names at the far end may hold its local time."""
    items: tuple[ParcelFile, ...] = ()
    """In the order in which they must arrive: audio, transcripts, pages, feed."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """As in fm.json: duration_s, sha256, bytes ..."""

    @property
    def sound(self) -> ParcelFile | None:
        """The bulletin's own sound file."""
        named = [item for item in self.items if item.name == self.facts.get("audio")]
        return named[0] if named else None


class Delivery(Protocol):
    """One place; its options come by its constructor, its name first."""

    name: str
    """As in the profile, and in messages."""
    is_newest_only: bool
    """It holds only the newest bulletin: those before it need not go there any more."""

    def check(self) -> None:
        """Raise DeliveryError, with the remedy, if it could not be reached now. Changes nothing."""

    def publish(self, parcel: Parcel) -> None:
        """
        Bring it there, each file whole or not at all; what was there before stays until then.

        Idempotent. Raises DeliveryError with the place and the remedy, `is_lasting` where only a person
        can help.
        """

    def withdraw(self, parcel: Parcel) -> None:
        """Take a bulletin back; silent about one that never was there. Raises DeliveryError."""


def parcel_data(action: str, parcel: Parcel) -> dict[str, Any]:
    """A parcel as plain data, without its files."""
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
