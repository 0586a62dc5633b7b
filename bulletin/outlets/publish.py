"""Bulletin -> Episode: every outlet of the station gets it, in order."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bulletin.errors import BulletinError, OutletError
from bulletin.model import Bulletin, Episode
from bulletin.outlets.outlet import Outlet

log = logging.getLogger(__name__)


class PublishError(OutletError):
    """At least one outlet failed; the others have the bulletin all the same."""

    def __init__(self, failures: Sequence[tuple[str, BulletinError]], episodes: Sequence[Episode]) -> None:
        super().__init__("\n".join(f"{name}: {error}" for name, error in failures))
        self.failures = tuple(failures)
        """(outlet, error) of each one that failed, in order."""
        self.episodes = tuple(episodes)
        """What has gone out nevertheless; empty when nothing has."""


def publish_bulletin(bulletin: Bulletin, *, outlets: Sequence[Outlet]) -> tuple[Episode, ...]:
    """
    Hand the bulletin to each outlet in turn; one that fails does the others no harm.

    Raises PublishError after the last one if any failed, with the failures and the episodes that
    are out as data: the caller still has to remember those. Errors that nobody foresaw, and Ctrl-C,
    end the run at once.
    """
    episodes: list[Episode] = []
    failures: list[tuple[str, BulletinError]] = []
    for outlet in outlets:
        try:
            episode = outlet.publish(bulletin)
        except BulletinError as error:
            log.error("outlet failed: outlet=%s error=%s", outlet.name, error)
            failures.append((outlet.name, error))
        else:
            log.info("published: outlet=%s guid=%s", outlet.name, episode.guid)
            episodes.append(episode)
    if failures:
        raise PublishError(failures, episodes) from failures[0][1]
    return tuple(episodes)
