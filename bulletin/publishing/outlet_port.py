"""The port of all outlets: where a bulletin goes when it is finished."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC
from typing import Protocol, runtime_checkable

from bulletin.model import Bulletin, Episode

BUILTIN = {
    "podcast": "bulletin.publishing.podcast.podcast_outlet:Podcast",
    "newest": "bulletin.publishing.files.newest_file:Newest",
    "stories": "bulletin.publishing.files.story_files:StoryFiles",
    "page": "bulletin.publishing.pages.page_outlet:PageOutlet",
}
"""Name -> "module:class", for `plugins.find_part`; strangers use the entry point `bulletin.outlets`."""

GUID_HEX = 12
"""Digits of the sound's hash that a guid ends with."""


def make_guid(station: str, bulletin: Bulletin, sha256: str, *, kind: str = "") -> str:
    """A bulletin's name for life at one outlet: station, hour and sound; `kind` tells outlets apart."""
    parts = (station, kind, f"{bulletin.script.at.astimezone(UTC):%Y%m%dT%H%MZ}", sha256[:GUID_HEX])
    return "-".join(filter(None, parts))


class Outlet(Protocol):
    """One place; its options come by its constructor."""

    name: str
    """As in the profile, [outputs.<name>], and in messages."""

    def check(self) -> None:
        """Raise OutletError, with the remedy, if nothing could be published now. Changes nothing."""

    def publish(self, bulletin: Bulletin) -> Episode:
        """
        Put the bulletin out, whole or not at all.

        Idempotent: the same bulletin again is the same episode. Raises OutletError, with the place
        and the remedy; what was out before is then still out.
        """

    def withdraw(self, guid: str) -> None:
        """
        Take an episode back, everywhere this outlet put it; what was there before takes its place.

        Idempotent, and silent about an episode that it never had. The caller holds the station's lock, as
        for `publish`, and has marked in the archive all that goes. Raises OutletError.
        """


@runtime_checkable
class Correctable(Protocol):
    """An outlet where a bulletin can be replaced by a better one; any outlet may be one."""

    def has(self, guid: str) -> bool:
        """Whether the sound of that bulletin is still to be had here."""

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        """
        Put a bulletin in the place of the one that went out as `guid`, under an identity of its own.

        Where the old one had an address for life, this answers with the new sound and words. Idempotent. The
        caller holds the station's lock, as for `publish`, and asks a `Staged` one to show it. Raises OutletError.
        """


@runtime_checkable
class Staged(Protocol):
    """An outlet that tells readers of what other outlets make, too: its front is written when they have."""

    def place(self, bulletin: Bulletin) -> Episode:
        """`publish`, but for the front. What was out before is still what readers are shown."""

    def show(self) -> None:
        """
        Write the front from what lies there: after `place`, `correct`, or whenever it may have changed.

        Idempotent. The caller holds the station's lock. Raises OutletError.
        """


@runtime_checkable
class Paged(Protocol):
    """An outlet whose older pages name sound that is deleted in its time; any outlet may be one."""

    def tidy(self) -> None:
        """Write the oldest pages again, after sound was deleted. The caller holds the station's lock."""


@runtime_checkable
class Archival(Protocol):
    """An outlet that tells of bulletins whose sound is kept no more."""

    def forget_sound(self, pages: Collection[str]) -> None:
        """
        Say where it lists them that they cannot be heard any more; `pages` are file names without endings.

        The caller holds the station's lock, and has deleted their files. Raises OutletError.
        """


@runtime_checkable
class Renewable(Protocol):
    """An outlet that writes feeds or pages from what is kept; any outlet may be one."""

    def renew(self) -> int:
        """
        Write them all again, old ones too: after another name, colour or address; say how many files changed.

        Sound, transcripts and what is told of them stay. The caller holds the station's lock. Raises OutletError.
        """

    def sweep(self) -> None:
        """Delete style and pictures that nothing names any more. The caller holds the station's lock."""
