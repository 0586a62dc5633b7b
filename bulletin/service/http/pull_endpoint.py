"""/stations/ID/bulletin.mp3|wav: the newest bulletin for a playout that fetches; always sound, never a redirect."""

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
from bulletin.config.profile_options import Profile
from bulletin.config.tables.pull_options import PullOptions
from bulletin.errors import BulletinError
from bulletin.imaging.jingle_sets import default_jingles
from bulletin.model import Level
from bulletin.publishing.swap_standby import CONVERTED, pulled_folder
from bulletin.service.http.file_response import FileFacts, FileResponse, media_type_of
from bulletin.service.http.transcode import Format, TranscodeLevels, convert
from bulletin.service.monitoring.station_health import GOOD
from bulletin.service.on_demand import OnDemandBulletins
from bulletin.service.slots.prepared_standby import OnAirSlot
from bulletin.service.slots.pull_candidates import (
    PullCandidate,
    choose_candidate,
    find_candidate,
    is_young,
    pulled_kind,
)
from bulletin.service.slots.put_standby import STANDBY
from bulletin.station.station import STATE

log = logging.getLogger(__name__)

_WAIT_S, _MOST_WAIT_S = 25.0, 110.0
"""How long an asker waits for a fresh one, by default and at most: most give up after 30 s or 2 min."""
_LOOK_S = 0.25
_LOOKS = 10
_MOST_WAITING = 16
"""Askers of one station that wait at the same time; more get what lies there."""
_AIR_HZ = 48_000
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class PullEndpoint:
    """What the endpoint may ask of the service."""

    output: Path
    loaded: Callable[[], Sequence[LoadedProfile]]
    fresh: OnDemandBulletins
    now: Callable[[], datetime]


class BadQueryError(ValueError):
    """A query that cannot be read; its text says which, and how to write it."""


def pull_routes(door: PullEndpoint) -> list[BaseRoute]:
    """The endpoint, for every station of the service."""
    memory = FileFacts()
    places: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_MOST_WAITING))

    async def answer(request: Request) -> Response | FileResponse:
        station, fmt = request.path_params["station"], request.path_params["fmt"]
        loaded = next((one for one in door.loaded() if one.id == station), None)
        if loaded is None or fmt not in ("mp3", "wav"):
            return PlainTextResponse("No such station, or neither bulletin.mp3 nor bulletin.wav\n", 404)
        if not may_fetch(request, loaded.profile.pull):
            return _refusal(loaded.profile.pull)
        try:
            max_age_s = seconds_of(request, "max_age")
            wait_s = seconds_of(request, "wait")
        except BadQueryError as error:
            return PlainTextResponse(f"{error}\n", 400)
        waiting = places[station]
        if not _goes_on(request) and not waiting.locked():
            async with waiting:
                patience_s = _WAIT_S if wait_s is None else min(wait_s, _MOST_WAIT_S)
                await _wait(door, loaded, request, max_age_s=max_age_s, patience_s=patience_s)
        offer, file = await run_in_threadpool(open_sound, door, loaded, fmt, max_age_s=max_age_s)
        headers = headers_of(offer, station=station, max_age_s=max_age_s, now=door.now())
        return FileResponse(offer.path, file, headers, memory)

    return [Route("/stations/{station}/bulletin.{fmt}", answer, methods=["GET", "HEAD"])]


def may_fetch(request: Request, options: PullOptions) -> bool:
    """Whoever has the token, or asks from one of the networks; everybody where the profile names neither."""
    if not options.token and not options.networks:
        return True
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    sent = [request.query_params.get("token", ""), credentials if scheme.lower() == "bearer" else ""]
    if options.token and any(secrets.compare_digest(one.encode(), options.token.encode()) for one in sent):
        return True
    with suppress(ValueError):
        address = ip_address(request.client.host if request.client else "")
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in options.allowed_networks())
    return False


def _refusal(options: PullOptions) -> Response:
    if options.token:
        remedy = "send the station's token: Authorization: Bearer TOKEN, or ?token=TOKEN"
        return PlainTextResponse(f"Not allowed; {remedy}\n", 401, {"WWW-Authenticate": "Bearer"})
    return PlainTextResponse(
        "Not allowed from this address; [pull] networks of the profile lists those that are\n", 403
    )


async def _wait(
    door: PullEndpoint, loaded: LoadedProfile, request: Request, *, max_age_s: float | None, patience_s: float
) -> None:
    """Until what lies there will do, nothing is coming, the patience is over, or the asker has hung up."""
    until = time.monotonic() + patience_s
    last_good_h = loaded.profile.standby.max_age_h
    while True:
        offers, now = await run_in_threadpool(_offers, door, loaded), door.now()
        best = choose_candidate(offers, max_age_s=max_age_s, now=now, last_good_h=last_good_h)
        if best and (is_young(best, max_age_s=max_age_s, now=now) or max_age_s is None):
            return
        if not await run_in_threadpool(door.fresh.ask, loaded.id) or time.monotonic() >= until:
            return
        if await request.is_disconnected():
            return
        await asyncio.sleep(_LOOK_S)


def open_sound(
    door: PullEndpoint, loaded: LoadedProfile, fmt: Format, *, max_age_s: float | None
) -> tuple[PullCandidate, BinaryIO]:
    """What is sent, open: what is found may be taken away, withdrawn or swept, at that very moment."""
    for _ in range(_LOOKS):
        offer = find_sound(door, loaded, fmt, max_age_s=max_age_s)
        with suppress(FileNotFoundError):
            return offer, offer.path.open("rb")
    raise FileNotFoundError(f"{loaded.id}: whatever is found is gone again")


def find_sound(
    door: PullEndpoint, loaded: LoadedProfile, fmt: Format, *, max_age_s: float | None
) -> PullCandidate:
    """
    What is sent: the newest, else a stand-by, else the ident; of the rendition that the address stands for.

    Whatever is broken, there is sound: what fails is told in the log, and the next is tried.
    """
    now, profile = door.now(), loaded.profile
    folder = pulled_folder(door.output / STATE, loaded.id) / CONVERTED
    levels = _levels(profile) if fmt == "wav" and pulled_kind(profile) != "fm" else None
    offers = list(_offers(door, loaded))
    while offers:
        offer = choose_candidate(offers, max_age_s=max_age_s, now=now, last_good_h=profile.standby.max_age_h)
        if offer is None:
            break
        try:
            return _in(offer, fmt, folder=folder, levels=levels)
        except (BulletinError, OSError) as error:
            log.error("cannot be sent, trying the next: station=%s: %s", loaded.id, error)
            offers.remove(offer)
    return _ident(loaded, fmt, folder=folder, now=now)


def _offers(door: PullEndpoint, loaded: LoadedProfile) -> tuple[PullCandidate, ...]:
    """
    What is on air, the stand-by that was prepared for a slot which has come, then what was mixed for this door.

    A prepared stand-by whose slot has come is still there where the public folder cannot be written.
    """
    kind = pulled_kind(loaded.profile)
    on_air = find_candidate(door.output / loaded.id, kind)
    prepared = find_candidate(OnAirSlot(output=door.output, loaded=loaded).aside, kind)
    if prepared and prepared.due > door.now():
        prepared = None
    spare = find_candidate(pulled_folder(door.output / STATE, loaded.id), STANDBY)
    return tuple(offer for offer in (on_air, prepared, spare) if offer)


def _levels(profile: Profile) -> TranscodeLevels:
    """Of what goes on air: a WAV is at them, whatever it was made from."""
    fm = profile.outputs.fm
    return TranscodeLevels(rate_hz=_AIR_HZ, loudness_lufs=fm.loudness_lufs, true_peak_dbtp=fm.true_peak_dbtp)


def _in(offer: PullCandidate, fmt: Format, *, folder: Path, levels: TranscodeLevels | None) -> PullCandidate:
    if offer.path.suffix == f".{fmt}" and not levels:
        with offer.path.open("rb"):
            return offer
    return replace(offer, path=convert(offer.path, fmt, folder=folder, levels=levels))


def _ident(loaded: LoadedProfile, fmt: Format, *, folder: Path, now: datetime) -> PullCandidate:
    """Music that needs nothing: neither archive nor voice nor, if need be, the station's disk."""
    profile = loaded.profile
    ours = default_jingles(profile.imaging.style)["ident"]
    own = loaded.path.parent / profile.imaging.ident
    levels = _levels(profile)
    if fmt == "mp3" and (kind := pulled_kind(profile)) != "fm":
        made = profile.outputs.rendition(kind)
        levels = replace(levels, loudness_lufs=made.loudness_lufs, true_peak_dbtp=made.true_peak_dbtp)
    for source in [path for path in (own, ours) if path and path.is_file()]:
        for place in (folder, _own_folder()):
            try:
                path = convert(source, fmt, folder=place, levels=levels)
            except (BulletinError, OSError) as error:
                log.error("no ident in %s: station=%s: %s", place, loaded.id, error)
            else:
                until = now + timedelta(hours=1)
                return PullCandidate(
                    path=path, kind=STANDBY, level=Level.IDENT, due=now, made=now, valid_until=until
                )
    raise FileNotFoundError("the package's own ident is not there; install Bulletin again")


@lru_cache(maxsize=1)
def _own_folder() -> Path:
    """In the system's temporary folder, of this process alone: nobody else can lay a sound there."""
    return Path(tempfile.mkdtemp(prefix="bulletin-"))


def headers_of(
    offer: PullCandidate, *, station: str, max_age_s: float | None, now: datetime
) -> dict[str, str]:
    """What it is, for machines: numbers, times and words of ours only, so nothing can break a header. Pure."""
    is_late = offer.level in GOOD and not is_young(offer, max_age_s=max_age_s, now=now)
    return {
        "Content-Type": media_type_of(offer.path.name) or "application/octet-stream",
        "Cache-Control": "no-cache",
        "Bulletin-Station": station,
        "Bulletin-Level": str(Level.LAST_GOOD if is_late else offer.level),
        "Bulletin-Rendition": offer.kind,
        "Bulletin-Age": str(round(offer.age_s(now))),
        "Bulletin-Due": offer.due.astimezone(UTC).isoformat(),
        "Bulletin-Made": offer.made.astimezone(UTC).isoformat(),
    }


def seconds_of(request: Request, name: str) -> float | None:
    """A query in whole seconds; None where it is not sent. Raises BadQueryError where it is no such number."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise BadQueryError(f"{name}={text[:20]!r} is no number of seconds; write {name}=600")
    return float(text)


def _goes_on(request: Request) -> bool:
    """A download that is continued must not find another bulletin made in its middle."""
    asked = request.headers.get("range", "").replace(" ", "")
    return bool(asked) and not asked.startswith("bytes=0-")
