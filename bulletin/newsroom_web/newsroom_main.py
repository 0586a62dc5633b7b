"""
Main program of the newsroom: in the process that a service starts, or alone with `bulletin newsroom`.

The service's line of JSON brings the socket, the profiles and the output folder. The next line ends the program in
order; the end of the input means that the service has died, and ends it at once.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bulletin.config.describe_profile_options import describe_profile
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.errors import BulletinError
from bulletin.newsroom.coming_names import load_word_lists
from bulletin.newsroom_web.fetch_group_previews import GroupPreviews
from bulletin.newsroom_web.http.problem_json import problem
from bulletin.newsroom_web.http.render_page import compile_templates
from bulletin.newsroom_web.newsroom_app import make_newsroom_app
from bulletin.service.http.web_server import WebServer, bind
from bulletin.service.monitoring.set_up_logging import limit_repeated_lines, secrets_in, set_up_logs
from bulletin.service.reload_profiles import ProfileReload
from bulletin.service.resources import process_limits
from bulletin.service.server_process.run_server_process import begin_process, serve_until_told
from bulletin.service.server_process.supervise_newsroom import NewsroomAddress
from bulletin.service.server_process.supervise_server_process import inherited_socket
from bulletin.station.open_archive import open_archive_of_stations

log = logging.getLogger(__name__)

_LOOK_S = 1.0
"""Profiles are looked at once a second at most, however many requests come."""
_RETRY_AFTER_S = 10
_WARM_UP_AFTER_S = 8.0
_ONLY_TLS = "The newsroom answers over TLS only. Open its https:// address."


def main() -> None:
    """Serve the newsroom for a service, until the service says so or has died."""
    process_limits.use_one_malloc_arena()
    set_up_logs(secrets=secrets_in(os.environ))
    limit_repeated_lines()
    message = begin_process()
    loaded = [load_profile(path, only_looks=True) for path in message["profiles"]]
    set_up_logs(secrets=(*secrets_in(os.environ), *(secret for each in loaded for secret in each.secrets)))
    limits = process_limits.limits_within(process_limits.raise_descriptor_limit())
    warm_up_soon(loaded)
    with newsroom_app(loaded, output=Path(message["output"])) as app:
        guarded = RequireTls(app) if message["is_behind_tls"] else app
        bound = [inherited_socket(message["socket"])]
        server = WebServer(guarded, bound=bound, limits=limits, trusts_local=message["is_behind_tls"])
        server.when_stopping = app.end_events
        serve_until_told(server)


def run_newsroom(
    loaded: Sequence[LoadedProfile], *, output: Path, address: NewsroomAddress, stop: threading.Event
) -> None:
    """
    Serve the newsroom in this process until `stop` is set.

    Raises ConfigError for an address that nothing protects, RunningError for one that is taken.
    """
    address.check()
    process_limits.use_one_malloc_arena()
    limit_repeated_lines()
    limits = process_limits.limits_within(process_limits.raise_descriptor_limit())
    bound = bind(address.host, address.port, option="--listen")
    with newsroom_app(loaded, output=output) as app:
        guarded = RequireTls(app) if address.is_behind_tls else app
        server = WebServer(guarded, bound=[bound], limits=limits, trusts_local=address.is_behind_tls)
        server.when_stopping = app.end_events
        server.start()
        warm_up_soon(loaded)
        stop.wait()
        server.stop()


def warm_up_soon(loaded: Sequence[LoadedProfile]) -> None:
    """Do `warm_up` in a thread, some seconds after the start."""
    timer = threading.Timer(_WARM_UP_AFTER_S, warm_up, [loaded])
    timer.daemon = True
    timer.start()


def warm_up(loaded: Sequence[LoadedProfile]) -> None:
    """
    Load what the first request of a page would wait for: templates, texts of the options, word lists of "Names".

    They take two to three seconds of processor, once for each process. The garbage collector need not look at them
    again: with the word lists in memory each of its full passes would take a tenth of a second.
    """
    compile_templates()
    describe_profile()
    if any(each.profile.language.startswith("en") for each in loaded):
        load_word_lists()
    gc.collect()
    gc.freeze()


@contextmanager
def newsroom_app(loaded: Sequence[LoadedProfile], *, output: Path) -> Iterator[LateApp]:
    """
    The newsroom of these stations, with their archive.

    Where the archive cannot be opened every answer says why; the next request after some seconds tries again.
    """
    app = LateApp(loaded=loaded, output=output)
    try:
        yield app
    finally:
        app.close()


@dataclass(slots=True, kw_only=True)
class LateApp:
    """ASGI app that opens the archive with the first request, and again after a failure."""

    loaded: Sequence[LoadedProfile]
    output: Path
    clock: Callable[[], float] = time.monotonic
    _app: Starlette | None = None
    _opened: ExitStack = field(default_factory=ExitStack)
    _problem: str = ""
    _tried_at: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the newsroom, or 503 with the reason why it cannot be opened."""
        app = self._app or await run_in_threadpool(self._open)
        if app is None:
            text = f"The newsroom cannot be opened now: {self._problem}\nThe station stays on air."
            refusal = refuse(scope, 503, text, headers={"Retry-After": str(_RETRY_AFTER_S)})
            await refusal(scope, receive, send)
            return
        await app(scope, receive, send)

    def end_events(self) -> None:
        """End the streams of all open pages, which would hold up the end of the process."""
        if self._app:
            self._app.state.events.close()

    def close(self) -> None:
        """Close the archive."""
        self._opened.close()

    def _open(self) -> Starlette | None:
        with self._lock:
            if self._app or (self._tried_at is not None and self.clock() - self._tried_at < _RETRY_AFTER_S):
                return self._app
            self._tried_at = self.clock()
            try:
                archive = self._opened.enter_context(
                    open_archive_of_stations(self.loaded, output=self.output)
                )
            except BulletinError as error:
                self._problem = str(error)
                log.error("newsroom without its archive: %s", error)
                return None
            profiles = CurrentProfiles(self.loaded)
            previews = GroupPreviews(stations=profiles, output=self.output, archive=archive, now=_now)
            previews.start()
            self._opened.callback(previews.stop)
            self._app = make_newsroom_app(stations=profiles, output=self.output, archive=archive, now=_now)
            return self._app


def _now() -> datetime:
    return datetime.now(UTC)


class CurrentProfiles:
    """
    The profiles as they are now; a changed file is read again, one with a mistake keeps its last good version.

    A station whose profile was deleted is not offered any more.
    """

    def __init__(
        self, loaded: Sequence[LoadedProfile], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reload = ProfileReload(loaded=tuple(loaded), check=lambda profile: None, only_looks=True)
        self._clock = clock
        self._looked_at: float | None = None
        self._now = tuple(loaded)
        self._lock = threading.Lock()

    def __call__(self) -> Sequence[LoadedProfile]:
        """The profiles, looked at once a second at most."""
        with self._lock:
            if self._looked_at is None or self._clock() - self._looked_at >= _LOOK_S:
                self._looked_at = self._clock()
                self._reload.reload_changed()
                self._now = tuple(each for each in self._reload.loaded if each.path.is_file())
            return self._now


def refuse(scope: Scope, status: int, text: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal before the newsroom itself: problem details for programs, a plain text for people."""
    if scope["path"].startswith("/api/"):
        return problem(status, text, headers=headers)
    return PlainTextResponse(f"{text}\n", status, dict(headers or {}))


class RequireTls:
    """ASGI app that refuses requests which did not come over TLS, as a trusted web server in front says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer over TLS, else 403."""
        if scope["type"] == "http" and scope["scheme"] != "https":
            await refuse(scope, 403, _ONLY_TLS)(scope, receive, send)
            return
        await self._app(scope, receive, send)
