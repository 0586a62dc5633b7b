"""
Limits that hold for a whole group: pauses of hosts and voices, requests at once at a provider, characters a day.

Workers, commands and the newsroom take them alike, since all open a station by the same functions.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.day_counts import DayCount
from bulletin.archive.ledgers.group.pieces_of_work import host_key
from bulletin.archive.ledgers.group.rate_limits import Place, RateLimits
from bulletin.articles.fetching.share_requests_between_runs import HostQueue, ResponseCache
from bulletin.config.load_profile import LoadedProfile
from bulletin.config.profile_options import Profile
from bulletin.errors import ArchiveError, EngineBusyError, EngineUnavailableError
from bulletin.model import Voice
from bulletin.runtime.deadline import Deadline
from bulletin.speech.engine_interface import Engine, VoiceReader
from bulletin.station.open_archive import open_archive_of

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""The place of a dead process is taken by others after it; a live one renews it, however long its request takes."""
_RENEW_S = 10.0
_VOICE_WAIT_S = 60.0
_LOOK_AGAIN_S = 0.1
_LOOK_RARELY_S = 1.0


class HasVoices(Protocol):
    """Data class with the voices of a station."""

    @property
    def readers(self) -> tuple[VoiceReader, ...]: ...
    @property
    def second(self) -> VoiceReader | None: ...
    @property
    def others(self) -> Mapping[str, tuple[VoiceReader, ...]]: ...


StationT = TypeVar("StationT", bound=HasVoices)


class GroupHosts(HostQueue):
    """One request at a time for each host, and a pause between two, for all workers of a group."""

    def __init__(self, limits: RateLimits, *, renew_s: float = _RENEW_S) -> None:
        super().__init__()
        self._limits, self._renew_s = limits, renew_s
        self._held: dict[str, Place] = {}
        self._gaps: dict[str, timedelta] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn within this process, then for that within the group. Raises ArchiveError."""
        async with super().turn(host):
            key = host_key(host)
            # not in a thread: a cancelled turn would leave a place taken until the end of its lease
            pause_s = _LOOK_AGAIN_S
            while not (place := self._limits.take(key, lease=LEASE)):
                await asyncio.sleep(pause_s)  # seldom: planners hand out the pieces of a free host
                pause_s = min(2 * pause_s, _LOOK_RARELY_S)
            self._held[host] = place
            renewing = asyncio.create_task(self._renew(host))
            try:
                yield
            finally:
                renewing.cancel()
                gap = self._gaps.pop(host, timedelta())
                self._limits.free(self._held.pop(host), after=gap)

    async def _renew(self, host: str) -> None:
        while True:
            await asyncio.sleep(self._renew_s)
            try:
                self._held[host] = self._limits.renew(self._held[host], lease=LEASE)
            except ArchiveError as error:
                log.warning("turn of a host not renewed: host=%s: %s", host, error)

    def rest(self, host: str, *, gap_s: float) -> None:
        """Start the host's pause at the end of its turn."""
        self._gaps[host] = timedelta(seconds=gap_s)


class LimitedEngine:
    """An engine of a provider, whose `at_once` requests are those of all workers of the group."""

    def __init__(self, engine: Engine, limits: RateLimits, *, renew_s: float = _RENEW_S) -> None:
        self._engine, self._limits, self._renew_s = engine, limits, renew_s
        address = hashlib.sha256(engine.provider.encode()).hexdigest()[:12]
        self._key = f"voice:{engine.name}:{address}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def synthesize(self, text: str, voice: Voice, path: Path) -> None:
        """Speak when one of the places is free. Raises SpeechError."""
        try:
            with self._renewed(self._wait()):
                self._engine.synthesize(text, voice, path)
        except ArchiveError as error:
            raise EngineUnavailableError(
                f"{self._engine.name}: the limit of the group is not known now ({error}); the next voice reads"
            ) from error

    @contextmanager
    def _renewed(self, place: Place) -> Iterator[None]:
        """Renew the place while the block runs; the next one gets it after the provider's pause."""
        held, is_over = [place], threading.Event()

        def renew() -> None:
            while not is_over.wait(self._renew_s):
                try:
                    held[0] = self._limits.renew(held[0], lease=LEASE)
                except ArchiveError as error:
                    log.warning("place at a provider not renewed: engine=%s: %s", self._engine.name, error)

        thread = threading.Thread(target=renew, name="place at a provider", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            pause_s = getattr(self._engine, "pause_s", 0.0)  # engines of other packages may not have it
            self._limits.free(held[0], after=timedelta(seconds=pause_s))

    def _wait(self) -> Place:
        patience = Deadline.after(_VOICE_WAIT_S)
        while not patience.is_over:
            place = self._limits.take(self._key, lease=LEASE, places=self._engine.at_once)
            if place:
                return place
            time.sleep(_LOOK_AGAIN_S)
        number = self._engine.at_once
        raise EngineBusyError(
            f"{self._engine.name}: the group's {number} requests at once were taken for {_VOICE_WAIT_S:g} s; raise "
            f"[speech.engines.{self._engine.name}] at_once if the provider allows more"
        )


def limit_voices(station: StationT, *, archive: Archive) -> StationT:
    """The station with voices of providers under the limits of the group whose archive it is."""
    limited: StationT = replace(
        cast(Any, station),
        readers=tuple(limit_voice(reader, archive) for reader in station.readers),
        second=limit_voice(station.second, archive) if station.second else None,
        others={
            language: tuple(limit_voice(reader, archive) for reader in readers)
            for language, readers in station.others.items()
        },
    )
    return limited


def limit_voice(reader: VoiceReader, archive: Archive) -> VoiceReader:
    """The voice under the limits of the group whose archive it is; as it was, where no provider speaks."""
    if not getattr(reader.engine, "provider", ""):  # engines of other packages may not have it
        return reader
    reader.engine.share_counts(lambda name: DayCount(archive, name))
    limits = RateLimits(archive, now=archive.now)
    return replace(reader, engine=cast(Engine, LimitedEngine(reader.engine, limits)))


def limited_answers(profile: Profile, *, archive: Archive) -> ResponseCache | None:
    """Answers of one command, whose requests take turns with those of the whole group; None without a group."""
    if not profile.group.is_on:
        return None
    return ResponseCache(turns=GroupHosts(RateLimits(archive, now=archive.now)), kept_s=0)


@contextmanager
def limited_answers_of(loaded: LoadedProfile, *, output: Path) -> Iterator[ResponseCache | None]:
    """As `limited_answers`, with the archive of the profile; None for a station without a group. Raises ArchiveError, OutletError."""
    if not loaded.profile.group.is_on:
        yield None
        return
    with open_archive_of(loaded, output=output, only_to_read=True) as archive:
        yield limited_answers(loaded.profile, archive=archive)
