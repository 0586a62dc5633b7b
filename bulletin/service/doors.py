"""The stations of a service -> everything that it answers for the public and for playouts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from starlette.routing import BaseRoute

from bulletin.config.load import LoadedProfile
from bulletin.errors import OutletError
from bulletin.outlets.addresses import feed_url
from bulletin.service.fresh import Fresh
from bulletin.service.public import PublicFolder, public_routes
from bulletin.service.pull import PullDoor, pull_routes

__all__ = ["BaseRoute", "make_routes"]


def make_routes(
    loaded: Callable[[], Sequence[LoadedProfile]], *, output: Path, fresh: Fresh
) -> list[BaseRoute]:
    """The pull endpoint and the public folders; `loaded` is asked each time, since profiles change."""
    door = PullDoor(output=output, loaded=loaded, fresh=fresh, now=lambda: datetime.now(UTC))
    return [
        *pull_routes(door),
        *public_routes(lambda: [folder_of(one, output=output) for one in loaded()]),
    ]


def folder_of(loaded: LoadedProfile, *, output: Path) -> PublicFolder:
    """A station's public folder, and how its feed names itself."""
    podcast = loaded.profile.outputs.podcast
    address = ""
    if "podcast" in loaded.profile.outputs.make:
        with suppress(OutletError):
            address = feed_url(podcast, loaded.id)
    return PublicFolder(
        station=loaded.id, folder=output / loaded.id, feed_url=address, hub=podcast.hub if address else ""
    )
