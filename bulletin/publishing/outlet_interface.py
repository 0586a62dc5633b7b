"""The base class of all outlets: Bulletin -> Episode, in the station's public folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import UTC

from bulletin.errors import OutletError
from bulletin.model import Bulletin, Episode, Rendition

GUID_HEX = 12
"""Digits of the sound's hash that a guid ends with."""


def make_guid(station: str, bulletin: Bulletin, sha256: str, *, kind: str = "") -> str:
    """A bulletin's permanent id at one outlet: station, hour and sound; `kind` distinguishes outlets."""
    parts = (station, kind, f"{bulletin.script.at.astimezone(UTC):%Y%m%dT%H%MZ}", sha256[:GUID_HEX])
    return "-".join(filter(None, parts))


def rendition_of(bulletin: Bulletin, kind: str) -> Rendition:
    """The bulletin's rendition of that kind. Raises OutletError."""
    for rendition in bulletin.renditions:
        if rendition.kind == kind:
            return rendition
    raise OutletError(
        f'the bulletin was made without the output "{kind}"; add it to the list make of [outputs]'
    )


class Outlet(ABC):
    """
    One destination of bulletins; its options come by its constructor.

    The caller of every method but `check` and `has` holds the station's publish lock. All raise OutletError.
    """

    name: str
    """Name in the profile, [outputs.<name>], and in messages."""
    lists_others: bool = False
    """Its front names files of other outlets, so it is written after theirs."""

    @abstractmethod
    def check(self) -> None:
        """Raise OutletError, with the remedy, if nothing could be published now. Changes nothing."""

    @abstractmethod
    def place(self, bulletin: Bulletin) -> Episode:
        """
        Publish the bulletin's files, whole or not at all; only the front, which `show` writes, keeps the
        former one.

        Idempotent: the same bulletin again is the same episode.
        """

    def show(self) -> None:
        """Write the front that readers look at first, after `place` or `correct`. Idempotent."""

    def publish(self, bulletin: Bulletin) -> Episode:
        """Place the bulletin and show it."""
        episode = self.place(bulletin)
        self.show()
        return episode

    @abstractmethod
    def withdraw(self, guid: str) -> None:
        """
        Take an episode back, everywhere this outlet put it; the one before takes its place.

        Idempotent; does nothing for an episode that it never had. The caller has marked every episode that goes
        in the archive.
        """

    def has(self, guid: str) -> bool:
        """Whether the sound of that bulletin can still be fetched here; True where the outlet does not know."""
        return True

    def correct(self, guid: str, bulletin: Bulletin) -> Episode:
        """
        Replace the bulletin published as `guid` by another one with its own id.

        Where the old one had a permanent address, this answers with the new sound and words. Idempotent.
        """
        episode = self.place(bulletin)
        if episode.guid != guid:
            self.withdraw(guid)
        return episode

    def renew(self) -> int | None:
        """
        Rewrite all feeds and pages, old ones too, after another name, colour or address; count changed files.

        Sound and transcripts stay. None: the outlet has no such files.
        """
        return None

    def tidy(self) -> None:
        """Rewrite the oldest pages of a feed after sound was deleted."""

    def forget_sound(self, pages: Collection[str]) -> None:
        """Mark bulletins in the archive pages as no longer audible; `pages` are file names without suffix."""

    def sweep(self) -> None:
        """Delete style sheets and pictures that no page names any more."""
