"""/stations/ID/bulletin.mp3|wav -> the newest bulletin for a playout that fetches; always sound, never a redirect."""

from __future__ import annotations

import asyncio
import logging
import secrets
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.stream_options import PullOptions
from bulletin.errors import BulletinError
from bulletin.imaging.find_shipped_jingle_sets import default_jingles
from bulletin.model import Level
from bulletin.publishing.media_types import media_type_of
from bulletin.publishing.move_standby_files_on_air import CONVERTED, prepared_folder, pulled_folder
from bulletin.service.http.convert_sound_for_playout import Format, convert
from bulletin.service.http.file_response import file_response
from bulletin.service.monitoring.station_health import GOOD
from bulletin.service.on_demand_bulletins import OnDemandBulletins
from bulletin.service.slots.choose_bulletin_for_playout import (
    PullCandidate,
    choose_candidate,
    find_candidate,
    is_young,
    pulled_kind,
)
from bulletin.service.slots.publish_best_standby import STANDBY
from bulletin.station.build_station_object import STATE

log = logging.getLogger(__name__)

_WAIT_S, _MOST_WAIT_S = 25.0, 110.0
"""The wait for a fresh bulletin, by default and at most: most clients give up after 30 s or 2 min."""
_LOOK_S = 0.25
_LOOKS = 10
_MOST_WAITING = 16
"""Requests of one station that wait at the same time; the others get the present bulletin."""
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class PullEndpoint:
    """The parts of the service that the endpoint uses."""

    output: Path
    loaded: Callable[[], Sequence[LoadedProfile]]
    on_demand: OnDemandBulletins
    now: Callable[[], datetime]


def pull_routes(endpoint: PullEndpoint) -> list[BaseRoute]:
    """The endpoint, for every station of the service."""
    waiting_rooms: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_MOST_WAITING))

    async def answer(request: Request) -> Response:
        station, fmt = request.path_params["station"], request.path_params["fmt"]
        loaded = next((profile for profile in endpoint.loaded() if profile.id == station), None)
        if loaded is None or fmt not in ("mp3", "wav"):
            return PlainTextResponse("No such station, or neither bulletin.mp3 nor bulletin.wav\n", 404)
        if not is_allowed(request, loaded.profile.pull):
            return _refuse(loaded.profile.pull)
        try:
            max_age_s = seconds_of(request, "max_age")
            wait_s = seconds_of(request, "wait")
        except ValueError as error:
            return PlainTextResponse(f"{error}\n", 400)
        waiting_room = waiting_rooms[station]
        if not _is_continued(request) and not waiting_room.locked():
            async with waiting_room:
                until = time.monotonic() + (_WAIT_S if wait_s is None else min(wait_s, _MOST_WAIT_S))
                while not await run_in_threadpool(_is_settled, endpoint, loaded, max_age_s=max_age_s):
                    if time.monotonic() >= until or await request.is_disconnected():
                        break
                    await asyncio.sleep(_LOOK_S)
        candidate, file = await run_in_threadpool(open_sound, endpoint, loaded, fmt, max_age_s=max_age_s)
        headers = headers_of(candidate, station=station, max_age_s=max_age_s, now=endpoint.now())
        return file_response(request, file, headers)

    return [Route("/stations/{station}/bulletin.{fmt}", answer, methods=["GET", "HEAD"])]


def is_allowed(request: Request, options: PullOptions) -> bool:
    """Whether a request has the token or comes from one of the networks; without both options all may."""
    if not options.token and not options.networks:
        return True
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    sent = [request.query_params.get("token", ""), credentials if scheme.lower() == "bearer" else ""]
    token = options.token.encode()
    if token and any(secrets.compare_digest(each.encode(), token) for each in sent):
        return True
    with suppress(ValueError):
        address = ip_address(request.client.host if request.client else "")
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in options.allowed_networks())
    return False


def _refuse(options: PullOptions) -> Response:
    if options.token:
        remedy = "send the station's token: Authorization: Bearer TOKEN, or ?token=TOKEN"
        return PlainTextResponse(f"Not allowed; {remedy}\n", 401, {"WWW-Authenticate": "Bearer"})
    return PlainTextResponse(
        "Not allowed from this address; [pull] networks of the profile lists those that are\n", 403
    )


def _is_settled(endpoint: PullEndpoint, loaded: LoadedProfile, *, max_age_s: float | None) -> bool:
    """Whether a bulletin is young enough, or none is coming; begins one where there is time."""
    now, last_good_h = endpoint.now(), loaded.profile.standby.max_age_h
    candidates = _candidates(endpoint, loaded)
    best = choose_candidate(candidates, max_age_s=max_age_s, now=now, last_good_h=last_good_h)
    if best and (max_age_s is None or is_young(best, max_age_s=max_age_s, now=now)):
        return True
    return not endpoint.on_demand.request(loaded.id)


def open_sound(
    endpoint: PullEndpoint, loaded: LoadedProfile, fmt: Format, *, max_age_s: float | None
) -> tuple[PullCandidate, BinaryIO]:
    """
    The sound that is sent, open: the newest bulletin, else a stand-by, else the ident; of `pulled_kind`.

    There is always one: a file that cannot be sent is logged, and the next is tried.
    """
    now, profile = endpoint.now(), loaded.profile
    folder = pulled_folder(endpoint.output / STATE, loaded.id) / CONVERTED
    last_good_h = profile.standby.max_age_h
    broken: list[PullCandidate] = []
    for _ in range(_LOOKS):
        candidates = [each for each in _candidates(endpoint, loaded) if each not in broken]
        candidate = choose_candidate(candidates, max_age_s=max_age_s, now=now, last_good_h=last_good_h)
        if candidate is None:
            break
        try:
            path = candidate.path
            if fmt == "wav" and pulled_kind(profile) != "fm":
                path = convert(path, fmt, folder=folder, levels=profile.outputs.fm)
            elif path.suffix != f".{fmt}":
                path = convert(path, fmt, folder=folder)
            return replace(candidate, path=path), path.open("rb")
        except FileNotFoundError:  # withdrawn, or swept from the cache: look again
            continue
        except (BulletinError, OSError) as error:
            log.error(
                "sound for a playout cannot be sent, an older one is tried: station=%s: %s",
                loaded.id,
                error,
            )
            broken.append(candidate)
    return _open_ident(loaded, fmt, now=now)


def _candidates(endpoint: PullEndpoint, loaded: LoadedProfile) -> tuple[PullCandidate, ...]:
    """
    The on-air file, the prepared stand-by of a slot that has come, then the stand-by mixed for this endpoint.

    A prepared stand-by is still there after its slot where the public folder cannot be written.
    """
    kind, state = pulled_kind(loaded.profile), endpoint.output / STATE
    on_air = find_candidate(endpoint.output / loaded.id, kind)
    prepared = find_candidate(prepared_folder(state, loaded.id), kind)
    if prepared and prepared.due > endpoint.now():
        prepared = None
    return tuple(filter(None, (on_air, prepared, find_candidate(pulled_folder(state, loaded.id), STANDBY))))


def _open_ident(loaded: LoadedProfile, fmt: Format, *, now: datetime) -> tuple[PullCandidate, BinaryIO]:
    """The ident, which needs neither archive nor voice nor the station's disk."""
    profile = loaded.profile
    # every WAV gets the levels of the on-air output, from any source
    levels = profile.outputs.rendition("fm" if fmt == "wav" else pulled_kind(profile))
    own, default = loaded.path.parent / profile.imaging.ident, default_jingles(profile.imaging.style)["ident"]
    for source in filter(Path.is_file, (own, default)):
        try:
            path = convert(source, fmt, folder=_process_folder(), levels=levels)
            file = path.open("rb")
        except (BulletinError, OSError) as error:
            log.error("the ident cannot be sent: station=%s: %s", loaded.id, error)
            continue
        until = now + timedelta(hours=1)
        ident = PullCandidate(
            path=path, kind=STANDBY, level=Level.IDENT, due=now, made=now, valid_until=until
        )
        return ident, file
    raise FileNotFoundError("Bulletin's ident is missing; install Bulletin again")


@lru_cache(maxsize=1)
def _process_folder() -> Path:
    """A temporary folder of this process, to which no other user can write."""
    return Path(tempfile.mkdtemp(prefix="bulletin-"))


def headers_of(
    candidate: PullCandidate, *, station: str, max_age_s: float | None, now: datetime
) -> dict[str, str]:
    """Headers about a sound; only numbers, times and fixed words, which cannot break a header. Pure."""
    is_late = candidate.level in GOOD and not is_young(candidate, max_age_s=max_age_s, now=now)
    return {
        "Content-Type": media_type_of(candidate.path.name) or "application/octet-stream",
        "Cache-Control": "no-cache",
        "Bulletin-Station": station,
        "Bulletin-Level": str(Level.LAST_GOOD if is_late else candidate.level),
        "Bulletin-Rendition": candidate.kind,
        "Bulletin-Age": str(round(candidate.age_s(now))),
        "Bulletin-Due": candidate.due.astimezone(UTC).isoformat(),
        "Bulletin-Made": candidate.made.astimezone(UTC).isoformat(),
    }


def seconds_of(request: Request, name: str) -> float | None:
    """A query parameter in whole seconds; None where it is not sent. Raises ValueError."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise ValueError(f"{name}={text[:20]!r} is not a number of seconds; write {name}=600")
    return float(text)


def _is_continued(request: Request) -> bool:
    """Whether a request continues a download, in the middle of which no other bulletin may be made."""
    span = request.headers.get("range", "").replace(" ", "")
    return bool(span) and not span.startswith("bytes=0-")
