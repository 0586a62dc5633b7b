"""Bulletin -> Episode: every outlet of the station gets it, in order."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from bulletin.errors import BulletinError, OutletError
from bulletin.model import Bulletin, Episode
from bulletin.publishing.outlet_interface import Outlet

log = logging.getLogger(__name__)


class PublishError(OutletError):
    """At least one outlet failed; the others have published the bulletin."""

    def __init__(self, failures: Sequence[tuple[str, BulletinError]], episodes: Sequence[Episode]) -> None:
        super().__init__("\n".join(f"{name}: {error}" for name, error in failures))
        self.failures = tuple(failures)
        """(outlet name, error), in the order of the outlets."""
        self.episodes = tuple(episodes)
        """Published by the other outlets."""


def publish_bulletin(bulletin: Bulletin, *, outlets: Sequence[Outlet]) -> tuple[Episode, ...]:
    """
    Hand the bulletin to each outlet in turn; a failure of one does not stop the others.

    An outlet that already has a newer bulletin writes nothing and gives the reason (`Episode.kept_back`). Fronts are
    written last: sound and transcripts, then pages, then the feed. Raises PublishError after the last outlet if any
    failed, with the failures and the published episodes, which the caller must still record. Unforeseen errors
    and Ctrl-C end the run immediately.
    """
    placed: dict[str, Episode] = {}
    failures: dict[str, BulletinError] = {}
    for outlet in outlets:
        with _noted(outlet, failures):
            placed[outlet.name] = outlet.place(bulletin)
    failures |= put_fronts_in_place(outlet for outlet in outlets if outlet.name in placed)
    episodes = tuple(placed[name] for name in placed if name not in failures)
    for episode in episodes:
        if episode.kept_back:
            text = "bulletin not published here, the current one stays: outlet=%s guid=%s: %s"
            log.warning(text, episode.outlet, episode.guid, episode.kept_back)
        else:
            log.info("published: outlet=%s guid=%s", episode.outlet, episode.guid)
    if failures:
        ordered = [(outlet.name, failures[outlet.name]) for outlet in outlets if outlet.name in failures]
        raise PublishError(ordered, episodes) from ordered[0][1]
    return episodes


def put_fronts_in_place(outlets: Iterable[Outlet]) -> dict[str, BulletinError]:
    """Write the front of each outlet; return the errors by outlet name."""
    failures: dict[str, BulletinError] = {}
    for outlet in outlets:
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
