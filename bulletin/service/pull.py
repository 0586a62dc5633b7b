"""/stations/ID/bulletin.mp3|wav: the newest bulletin for a playout that fetches; always sound, never a redirect."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bulletin.audio.imaging.package import default_jingles
from bulletin.config.load import LoadedProfile
from bulletin.errors import BulletinError
from bulletin.model import Level
from bulletin.service.convert import convert
from bulletin.service.fresh import Fresh
from bulletin.service.health import GOOD
from bulletin.service.offers import Offer, choose_offer, find_offers, in_format, is_young, kinds_of
from bulletin.service.sending import FileResponse, Memory, media_type_of
from bulletin.service.standby import STANDBY, standby_folder

log = logging.getLogger(__name__)

_WAIT_S, _MOST_WAIT_S = 25.0, 110.0
"""How long an asker waits for a fresh one, by default and at most: most give up after 30 s or 2 min."""
_LOOK_S = 0.25
_LOOKS = 10
_MOST_WAITING = 16
"""Askers that wait at the same time; more get what lies there."""

Format = Literal["mp3", "wav"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PullDoor:
    """What the endpoint may ask of the service."""

    output: Path
    loaded: Callable[[], Sequence[LoadedProfile]]
    fresh: Fresh
    now: Callable[[], datetime]


def pull_routes(door: PullDoor) -> list[BaseRoute]:
    """The endpoint, for every station of the service."""
    memory, waiting = Memory(), asyncio.Semaphore(_MOST_WAITING)

    async def answer(request: Request) -> Response | FileResponse:
        station, fmt = request.path_params["station"], request.path_params["fmt"]
        loaded = next((one for one in door.loaded() if one.id == station), None)
        if loaded is None or fmt not in ("mp3", "wav"):
            return PlainTextResponse("No such station, or neither bulletin.mp3 nor bulletin.wav\n", 404)
        max_age_s = _seconds(request.query_params.get("max_age"))
        if not _goes_on(request) and not waiting.locked():
            async with waiting:
                patience_s = patience_of(request.query_params.get("wait"))
                await _wait(door, loaded, max_age_s=max_age_s, patience_s=patience_s)
        offer, file = await run_in_threadpool(open_sound, door, loaded, fmt, max_age_s=max_age_s)
        headers = headers_of(offer, station=station, max_age_s=max_age_s, now=door.now())
        return FileResponse(offer.path, file, headers, memory)

    return [Route("/stations/{station}/bulletin.{fmt}", answer, methods=["GET", "HEAD"])]


async def _wait(door: PullDoor, loaded: LoadedProfile, *, max_age_s: float | None, patience_s: float) -> None:
    """Until what lies there will do, nothing is coming, or the patience is over."""
    until = time.monotonic() + patience_s
    last_good_h = loaded.profile.standby.max_age_h
    while True:
        offers, now = await run_in_threadpool(_offers, door, loaded), door.now()
        best = choose_offer(offers, max_age_s=max_age_s, now=now, last_good_h=last_good_h)
        if best and (max_age_s is None or is_young(best, max_age_s=max_age_s, now=now)):
            return
        if not await run_in_threadpool(door.fresh.ask, loaded.id) or time.monotonic() >= until:
            return
        await asyncio.sleep(_LOOK_S)


def open_sound(
    door: PullDoor, loaded: LoadedProfile, fmt: Format, *, max_age_s: float | None
) -> tuple[Offer, BinaryIO]:
    """What is sent, open: what is found may be taken away, withdrawn or swept, at that very moment."""
    for _ in range(_LOOKS):
        offer = find_sound(door, loaded, fmt, max_age_s=max_age_s)
        with suppress(FileNotFoundError):
            return offer, offer.path.open("rb")
    raise FileNotFoundError(f"{loaded.id}: whatever is found is gone again")


def find_sound(door: PullDoor, loaded: LoadedProfile, fmt: Format, *, max_age_s: float | None) -> Offer:
    """
    What is sent: the newest, else a stand-by, else the ident, converted where nothing is in that format.

    Whatever is broken, there is sound: what fails is told in the log, and the next is tried.
    """
    now = door.now()
    spare = standby_folder(door.output, loaded.id)
    offers = list(in_format(_offers(door, loaded), f".{fmt}"))
    while offers:
        offer = choose_offer(
            offers, max_age_s=max_age_s, now=now, last_good_h=loaded.profile.standby.max_age_h
        )
        if offer is None:
            break
        try:
            return _in(offer, fmt, folder=spare / "converted")
        except (BulletinError, OSError) as error:
            log.error("cannot be sent, trying the next: station=%s: %s", loaded.id, error)
            offers.remove(offer)
    return _ident(loaded, fmt, folder=spare / "converted", now=now)


def _offers(door: PullDoor, loaded: LoadedProfile) -> tuple[Offer, ...]:
    """What lies in public, then what was mixed for this door."""
    spare = standby_folder(door.output, loaded.id)
    lying = find_offers(door.output / loaded.id, kinds_of(loaded.profile))
    return (*lying, *find_offers(spare, (STANDBY,)))


def _in(offer: Offer, fmt: Format, *, folder: Path) -> Offer:
    if offer.path.suffix == f".{fmt}":
        with offer.path.open("rb"):
            return offer
    return replace(offer, path=convert(offer.path, fmt, folder=folder))


def _ident(loaded: LoadedProfile, fmt: Format, *, folder: Path, now: datetime) -> Offer:
    """Music that needs nothing: neither archive nor voice nor, if need be, the station's disk."""
    ours = default_jingles(loaded.profile.imaging.style).ident
    own = loaded.path.parent / loaded.profile.imaging.ident
    for source in [path for path in (own, ours) if path and path.is_file()]:
        for place in (folder, Path(tempfile.gettempdir()) / f"bulletin-{loaded.id}"):
            try:
                path = convert(source, fmt, folder=place)
            except (BulletinError, OSError) as error:
                log.error("no ident in %s: station=%s: %s", place, loaded.id, error)
            else:
                return Offer(path=path, kind="standby", level=Level.IDENT, due=now, made=now)
    raise FileNotFoundError("the package's own ident is not there; install Bulletin again")


def headers_of(offer: Offer, *, station: str, max_age_s: float | None, now: datetime) -> dict[str, str]:
    """What it is, for machines: numbers, times and words of ours only, so nothing can break a header. Pure."""
    is_late = offer.level in GOOD and not is_young(offer, max_age_s=max_age_s, now=now)
    return {
        "Content-Type": media_type_of(offer.path.name) or "application/octet-stream",
        "Cache-Control": "no-cache",
        "Bulletin-Station": station,
        "Bulletin-Level": str(Level.LAST_GOOD if is_late else offer.level),
        "Bulletin-Rendition": offer.kind,
        "Bulletin-Age": str(round(offer.age_s(now))),
        "Bulletin-Due": offer.due.isoformat(),
        "Bulletin-Made": offer.made.isoformat(),
    }


def patience_of(wait: str | None) -> float:
    """Seconds that an asker waits for a fresh one; nonsense is the usual. Pure."""
    wait_s = _seconds(wait)
    return _WAIT_S if wait_s is None else min(wait_s, _MOST_WAIT_S)


def _seconds(text: str | None) -> float | None:
    """Nonsense is no limit: the answer is sound all the same."""
    return min(float(text), 1e9) if text and text.isascii() and text.isdigit() else None


def _goes_on(request: Request) -> bool:
    """A download that is continued must not find another bulletin made in its middle."""
    asked = request.headers.get("range", "").replace(" ", "")
    return bool(asked) and not asked.startswith("bytes=0-")
