"""Bulletin -> Episode: every outlet of the station gets it, in order."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from bulletin.errors import BulletinError, OutletError
from bulletin.model import Bulletin, Episode
from bulletin.publishing.outlet_port import Outlet, Staged

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

    An outlet where something newer is says so (`Episode.kept_back`) and wrote nothing. What tells readers of it comes last: sound and transcripts, then pages, then the feed. Raises PublishError
    after the last one if any failed, with the failures and the episodes that are out as data: the caller still
    has to remember those. Errors that nobody foresaw, and Ctrl-C, end the run at once.
    """
    placed: dict[str, Episode] = {}
    failures: dict[str, BulletinError] = {}
    for outlet in outlets:
        with _noted(outlet, failures):
            hand_over = outlet.place if isinstance(outlet, Staged) else outlet.publish
            placed[outlet.name] = hand_over(bulletin)
    failures |= put_fronts_in_place(outlet for outlet in outlets if outlet.name in placed)
    # in their order, whatever was found out when
    episodes = tuple(placed[name] for name in placed if name not in failures)
    for episode in episodes:
        if episode.kept_back:
            log.warning(
                "not published: outlet=%s guid=%s: %s", episode.outlet, episode.guid, episode.kept_back
            )
        else:
            log.info("published: outlet=%s guid=%s", episode.outlet, episode.guid)
    if failures:
        told = [(outlet.name, failures[outlet.name]) for outlet in outlets if outlet.name in failures]
        raise PublishError(told, episodes) from told[0][1]
    return episodes


def put_fronts_in_place(outlets: Iterable[Outlet]) -> dict[str, BulletinError]:
    """Have those that show what others made do so; what failed, by outlet."""
    failures: dict[str, BulletinError] = {}
    for outlet in outlets:
        if isinstance(outlet, Staged):
            with _noted(outlet, failures):
                outlet.show()
    return failures


@contextmanager
def _noted(outlet: Outlet, failures: dict[str, BulletinError]) -> Iterator[None]:
    try:
        yield
    except BulletinError as error:
        log.error("outlet failed: outlet=%s error=%s", outlet.name, error)
        failures[outlet.name] = error
