"""The stations of a service -> its HTTP servers: the public one, and the clock's own for health and the pull endpoint."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.routing import BaseRoute

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import OutletError, RunningError
from bulletin.publishing.podcast_addresses import feed_url
from bulletin.service.http.health_endpoints import ServicePulse, make_app
from bulletin.service.http.public_folders import PublicFolder
from bulletin.service.http.web_server import WebServer, bind, shown
from bulletin.service.public_server.server_process import PublicServer
from bulletin.service.resources.connection_limits import LOCAL, ConnectionLimits

log = logging.getLogger(__name__)

INSIDE = ConnectionLimits(connections=128, per_client=16)
"""Of the clock's own process, so that requests leave it enough descriptors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOptions:
    """An address of a service."""

    host: str = "127.0.0.1"
    port: int = 8035
    is_needed: bool = False
    """An address that the user named: where it is taken the service does not start. Otherwise it does without."""


HEALTH = ListenOptions(port=8036)
"""The default address of health and metrics."""


class HttpServers:
    """
    The HTTP servers of one service.

    This process answers health, metrics and the pull endpoint, at an address of their own. The public server is
    another process and forwards such requests.
    """

    def __init__(
        self,
        pulse: ServicePulse,
        *,
        listen: ListenOptions | None,
        health: ListenOptions | None,
        pull: Sequence[BaseRoute],
        folders: Callable[[], Sequence[PublicFolder]],
    ) -> None:
        """
        `listen` is the public address, `health` the other one; None: the user named none.

        Raises RunningError where an address that the user named is taken.
        """
        self._inside: WebServer | None = None
        self._public: PublicServer | None = None
        public = _bind(listen, "--listen") if listen else None
        if public is None and health is None and listen is None:
            return
        bound = _bind(health or HEALTH, "--health")
        if bound is None:
            bound = bind("127.0.0.1", 0)
            log.warning("health is answered at a free port: address=%s", shown(bound))
        inside = [bound]
        if public:  # an address of its own, for forwarded requests
            inside.append(bind("127.0.0.1", 0))
        # besides FORWARDED_ALLOW_IPS: the public server forwards from this machine
        app = make_app(pulse, routes=pull)
        self._inside = WebServer(app, bound=inside, limits=INSIDE, proxies=LOCAL)
        if public:
            port = inside[-1].getsockname()[1]
            self._public = PublicServer(public, service_port=port, folders=folders)
            pulse.metrics.watch_web(self._public.counts)
            log.info("public: address=%s", shown(public))

    def start(self) -> None:
        """Begin to answer."""
        for server in (self._inside, self._public):
            if server:
                server.start()

    def stop(self) -> None:
        """Finish the current answers, within some seconds."""
        for server in (self._public, self._inside):
            if server:
                server.stop()


def _bind(listen: ListenOptions, option: str) -> socket.socket | None:
    """A taken port keeps no station off the air, unless the user named it."""
    try:
        return bind(listen.host, listen.port, option=option)
    except RunningError as error:
        if listen.is_needed:
            raise
        log.warning("going on air without this address: error=%s", error)
        return None


def folder_of(loaded: LoadedProfile, *, output: Path) -> PublicFolder:
    """A station's public folder, with the address that its feed names."""
    podcast = loaded.profile.outputs.podcast
    address = ""
    if "podcast" in loaded.profile.outputs.make:
        with suppress(OutletError):
            address = feed_url(podcast, loaded.id)
    return PublicFolder(
        station=loaded.id, folder=output / loaded.id, feed_url=address, hub=podcast.hub if address else ""
    )
