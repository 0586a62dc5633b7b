"""
Live changes as server-sent events: GET /{station}/events (HTML Standard, 9.2).

One watcher for all open pages: once a second it looks whether a file has changed, and only then asks the archive
what is new. While nothing happens, an open page costs a line every 20 s, which keeps its connection open.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bulletin.archive.ledgers.newsroom_changes import ChangeMarks
from bulletin.errors import ArchiveError, BulletinError
from bulletin.newsroom.accounts.roles import Role
from bulletin.newsroom_web.http.answer_errors import answer_error
from bulletin.newsroom_web.http.session_cookies import session_token
from bulletin.newsroom_web.http.station_routes import find_access
from bulletin.newsroom_web.http.visit import Newsroom
from bulletin.newsroom_web.http.web_errors import NotSignedInError, TooManyPagesError
from bulletin.service.newsroom_requests.newsroom_presence import note_open
from bulletin.service.slots.slot_progress import progress_file

log = logging.getLogger(__name__)

_LOOK_S = 1.0
_SETTLES_S = 3.0
_ALIVE_S = 20.0
"""Seconds between two comment lines; then it is looked whether the session still holds."""
_RETRY_MS = 3_000
"""Time after which a browser connects again."""
_ENDS = ("event: signed-out", "event: gone")
_PAGES_PER_USER = 20
_QUEUED = 50


class EventHub:
    """Watches the archive and the previews for every open page of this process."""

    def __init__(
        self,
        newsroom: Newsroom,
        *,
        look_s: float = _LOOK_S,
        alive_s: float = _ALIVE_S,
        pages_per_user: int = _PAGES_PER_USER,
    ) -> None:
        self._newsroom = newsroom
        self.alive_s = alive_s
        self._pages_per_user = pages_per_user
        self._look_s = look_s
        self._pages: dict[asyncio.Queue[str | None], str] = {}
        self._new: set[asyncio.Queue[str | None]] = set()
        """Pages that have not heard yet that their station is watched."""
        self._users: Counter[str] = Counter()
        self._marks: dict[str, Mapping[str, str]] = {}
        self._files: tuple[object, ...] = ()
        self._settles_at = 0.0
        """Loop's time until which it is looked again: what was being written when a file changed is readable later."""
        self._watcher: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def pages(self) -> int:
        """Pages that are open now."""
        return len(self._pages)

    @property
    def watched(self) -> frozenset[str]:
        """Stations whose changes are sent."""
        return frozenset(self._marks)

    def enter(self, station: str, user: str) -> asyncio.Queue[str | None]:
        """A queue of events for a page. Raises TooManyPagesError for a user with too many pages."""
        if self._users[user] >= self._pages_per_user:
            raise TooManyPagesError(f"you have {self._pages_per_user} pages open; close some of them")
        queue: asyncio.Queue[str | None] = asyncio.Queue(_QUEUED)
        self._loop = asyncio.get_running_loop()
        self._pages[queue] = station
        self._new.add(queue)
        self._users[user] += 1
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch())
        return queue

    def leave(self, queue: asyncio.Queue[str | None], user: str) -> None:
        self._pages.pop(queue, None)
        self._new.discard(queue)
        self._users[user] -= 1
        self._users = +self._users

    def close(self) -> None:
        """End the streams of all open pages, whose browsers connect again; from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for queue in self._pages:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    async def _watch(self) -> None:
        """Look until the last page is closed."""
        while self._pages:
            stations = {*self._pages.values()}
            files, now = _stamps(self._newsroom, stations), asyncio.get_running_loop().time()
            try:
                if files != self._files:
                    self._settles_at = now + _SETTLES_S
                if now < self._settles_at or stations - self._marks.keys():
                    await self._compare(stations)
                    self._files = files
                self._greet(stations)
            except ArchiveError as error:  # looked at again in a second
                log.warning("newsroom: live changes not read: %s", error)
            await asyncio.sleep(self._look_s)
        self._marks.clear()

    async def _compare(self, stations: set[str]) -> None:
        marks = await run_in_threadpool(_read_marks, self._newsroom, stations)
        for station, now in marks.items():
            before = self._marks.get(station)
            for kind in (kind for kind, mark in now.items() if before and before.get(kind) != mark):
                self._send(station, f"event: {kind}\ndata: {json.dumps({'mark': now[kind]})}\n\n")
        self._marks |= marks

    def _greet(self, stations: set[str]) -> None:
        """Tell new pages that no later change will be missed: they look once at what came before."""
        for queue in [queue for queue in self._new if self._pages[queue] in stations]:
            self._new.discard(queue)
            queue.put_nowait("event: watching\ndata: {}\n\n")

    def _send(self, station: str, event: str) -> None:
        for queue, of in self._pages.items():
            if of == station:
                with suppress(asyncio.QueueFull):  # a page that reads nothing asks for all when it comes back
                    queue.put_nowait(event)


def preview_file(newsroom: Newsroom, station: str) -> Path:
    """The coming bulletin that the service prepared."""
    return newsroom.folder / station / "coming.json"


def event_routes() -> list[BaseRoute]:
    return [Route("/{station}/events", _answer, methods=["GET"])]


async def _answer(request: Request) -> Response:
    newsroom: Newsroom = request.app.state.newsroom
    hub: EventHub = request.app.state.events
    token, station = session_token(request), request.path_params["station"]
    try:
        user = await run_in_threadpool(_check, newsroom, token, station)
        queue = hub.enter(station, user)
    except Exception as error:  # noqa: BLE001 - every fault gives an answer
        return answer_error(request, error)
    lines = _lines(queue, lambda: _check(newsroom, token, station), alive_s=hub.alive_s)
    return _Events(lines, leave=lambda: hub.leave(queue, user))


class _Events(StreamingResponse):
    """A stream that is left at its end, also where the page had gone before the first line."""

    def __init__(self, lines: AsyncIterator[str], *, leave: Callable[[], None]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(lines, media_type="text/event-stream", headers=headers)
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()


async def _lines(
    queue: asyncio.Queue[str | None], check: Callable[[], object], *, alive_s: float
) -> AsyncIterator[str]:
    clock = asyncio.get_running_loop().time
    yield f"retry: {_RETRY_MS}\n\n"
    check_at = clock() + alive_s
    while True:
        try:
            event = await asyncio.wait_for(queue.get(), max(0.0, check_at - clock()))
        except TimeoutError:  # also while one event follows another
            event = await look_whether_it_may_stay(check)
            check_at = clock() + alive_s
        if event is None:
            return
        yield event
        if event.startswith(_ENDS):
            return


async def look_whether_it_may_stay(check: Callable[[], object]) -> str:
    """A comment line, or the event that ends the stream: the session has ended, or the station has gone."""
    try:
        await run_in_threadpool(check)
    except ArchiveError as error:  # a busy archive does not end the session
        log.warning("newsroom: session of an open page not looked at: %s", error)
    except BulletinError as error:
        kind = "signed-out" if isinstance(error, NotSignedInError) else "gone"
        return f"event: {kind}\ndata: {json.dumps({'reason': str(error)})}\n\n"
    return ": still here\n\n"


def _check(newsroom: Newsroom, token: str, station: str) -> str:
    """The user of a page that is open. Raises NotSignedInError, NoSuchPageError."""
    access = find_access(newsroom, token)
    loaded = newsroom.station(access, station, Role.VIEWER)
    note_open(newsroom.output, loaded.id, now=newsroom.now())
    return access.user


def _read_marks(newsroom: Newsroom, stations: set[str]) -> dict[str, Mapping[str, str]]:
    ledger = ChangeMarks(newsroom.archive)
    return {
        station: {
            **ledger.read(station),
            "coming": _stamp(preview_file(newsroom, station)),
            "making": _stamp(progress_file(newsroom.output, station)),
        }
        for station in stations
    }


def _stamps(newsroom: Newsroom, stations: set[str]) -> tuple[object, ...]:
    names = sorted(stations)
    previews = (preview_file(newsroom, station) for station in names)
    stages = (progress_file(newsroom.output, station) for station in names)
    return newsroom.archive.change_mark(), *map(_stamp, (*previews, *stages))


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns}:{found.st_size}"
