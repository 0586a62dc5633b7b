"""Newsroom's process: at an address of its own, with a socket that stays open when the process is restarted."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError, ConfigError, RunningError
from bulletin.runtime.suggest_install_command import command_for_extra
from bulletin.service.http.web_server import bind, shown
from bulletin.service.resources.limit_http_connections import LOCAL
from bulletin.service.server_process.supervise_server_process import ServerProcess, ServerProgram

log = logging.getLogger(__name__)

NEWSROOM_PORT = 8037
_LOOK_S = 10.0
"""Pause between two looks for the first user."""
_LOOPBACK = (*LOCAL, "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsroomAddress:
    """Address of the newsroom, and what protects it."""

    host: str = "127.0.0.1"
    port: int = NEWSROOM_PORT
    is_needed: bool = False
    """The user named the address: the newsroom starts without a user too, and a taken port stops the service."""
    is_behind_tls: bool = False
    """A web server in front adds TLS; requests that did not come through it are refused."""
    is_without_tls: bool = False
    """The user accepts that passwords travel in plain text."""

    def check(self) -> None:
        """Raise ConfigError for an address off this machine that nothing protects."""
        if self.is_behind_tls and self.is_without_tls:
            raise ConfigError(
                "--newsroom-behind-tls and --newsroom-without-tls exclude each other; write one"
            )
        if self.host not in _LOOPBACK and not (self.is_behind_tls or self.is_without_tls):
            raise ConfigError(
                f"{self.host}:{self.port}: passwords would travel in plain text, and a phone would not record; put a web "
                "server with TLS in front and add --newsroom-behind-tls (docs/NEWSROOM.md), or accept it with "
                "--newsroom-without-tls"
            )


def check_packages() -> None:
    """Raise RunningError with the command where the newsroom's packages are not installed."""
    if any(find_spec(name) is None for name in ("argon2", "python_multipart")):
        raise RunningError(
            f"the newsroom needs packages that are not installed; {command_for_extra('newsroom')}"
        )


@dataclass(slots=True, kw_only=True)
class NewsroomServer:
    """
    The newsroom's process of a service.

    Without a named address it starts as soon as there is a user: until then nobody could sign in.
    """

    address: NewsroomAddress
    loaded: Sequence[LoadedProfile]
    output: Path
    has_users: Callable[[], bool]
    _process: ServerProcess | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _waiting: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Number of the process; None before its start."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process now, or once there is a user. Raises RunningError where a named address is taken."""
        if self.address.is_needed:
            self._start()
            return
        self._waiting = threading.Thread(target=self._wait_for_user, name="newsroom", daemon=True)
        self._waiting.start()

    def stop(self) -> None:
        """Stop the process after its current answers, within a few seconds."""
        self._stopping.set()
        if self._waiting:
            self._waiting.join(_LOOK_S)
        if self._process:
            self._process.stop()

    def _wait_for_user(self) -> None:
        while not self._stopping.is_set():
            try:
                if self.has_users():
                    self._start()
                    return
            except RunningError as error:
                log.warning("service starts without its newsroom: error=%s", error)
                return
            except BulletinError as error:
                log.debug("users of the newsroom cannot be read: %s", error)
            self._stopping.wait(_LOOK_S)

    def _start(self) -> None:
        check_packages()
        bound = bind(self.address.host, self.address.port, option="--newsroom")
        log.info("newsroom: address=%s", shown(bound))
        program = ServerProgram(
            name="newsroom",
            module="bulletin.newsroom_web.newsroom_main",
            message=self._message,
            environ=lambda: os.environ,  # it hears with the station's voices and withdraws from its outlets
        )
        self._process = ServerProcess(bound, program)
        self._process.start()

    def _message(self) -> Mapping[str, Any]:
        return {
            "profiles": [str(profile.path) for profile in self.loaded],
            "output": str(self.output),
            "is_behind_tls": self.address.is_behind_tls,
        }
