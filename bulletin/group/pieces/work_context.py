"""What every piece of work needs: profiles, archive, store, ledgers, clock; and the station of a piece."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.group_workers import WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece
from bulletin.archive.ledgers.group.waiting_work import WaitingWork
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import BulletinError, ConfigError
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.pieces.feeds_of_group import GroupFeeds
from bulletin.group.pieces.group_station_worker import GroupStationWorker
from bulletin.group.pieces.piece_names import slot_of
from bulletin.group.pieces.voices_of_machine import KnownChains
from bulletin.model import Slot
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.service.worker_base_classes import GRACE
from bulletin.station.group_files.group_publication import GroupPublication
from bulletin.storage.store_interface import Store

ELSEWHERE = timedelta(seconds=3)
"""Pause of a piece that this machine cannot do, in which another machine may take it."""
_VOICES_FOR_S = 3.0
"""Time for which the voices of the workers are known: their rows name every station, and every piece asks for them."""
_FAILED_SENTENCES = 3
REST = timedelta(minutes=5)
"""Time in which so many sentences of a voice were given up, and for which it rests then."""
_PAUSE_S, _LONGEST_PAUSE_S = 5.0, 60.0
"""Pause after the first failure of a piece; twice as long after each further one, up to the longest."""


class LostSlotError(BulletinError):
    """A slot that is not in the station's clock any more."""


class OverSlotError(BulletinError):
    """A slot whose grace is over: nothing of it may go on air any more."""


@dataclass(slots=True, kw_only=True)
class WorkContext:
    """Parts of a worker process that pieces of work share."""

    profiles: GroupProfiles
    archive: Archive
    store: Store
    output: Path
    work: WorkLedger
    slots: SlotLedger
    now: Callable[[], datetime]
    """The clock of slots: the machine's. Leases count by the database's."""
    feeds_for_all: FeedsForAll
    feeds: GroupFeeds = field(default_factory=GroupFeeds)
    answers: ResponseCache = field(default_factory=ResponseCache)
    voices: frozenset[str] = frozenset()
    """Voices that work on this machine."""
    chains: KnownChains = field(default_factory=KnownChains)
    drafts: dict[str, Draft] = field(default_factory=dict)
    """Drafts with whose mix this worker goes on, by the key of the slot."""
    monotonic: Callable[[], float] = time.monotonic
    _voices_of_workers: tuple[frozenset[str], ...] = ()
    _voices_read_at: float = float("-inf")

    def station_workers(self) -> Iterator[GroupStationWorker]:
        """A worker of each valid profile."""
        return map(self._worker, tuple(self.profiles.stations.values()))

    def live_voices(self) -> frozenset[str]:
        """
        Voices that some worker of the group has now: without one a sentence is left to the next voice at once.

        One that has just failed some sentences rests: bulletins would wait for it in vain, one after the other.
        """
        voices = frozenset(voice for has in self.voices_of_workers() for voice in has)
        since, waiting = self.archive.now() - REST, WaitingWork(self.archive, now=self.archive.now)
        return voices - waiting.failed_voices(since=since, least=_FAILED_SENTENCES)

    def voices_of_workers(self) -> tuple[frozenset[str], ...]:
        """Voices of each live worker, read anew after some seconds."""
        moment = self.monotonic()
        if moment >= self._voices_read_at + _VOICES_FOR_S:
            workers = WorkerLedger(self.archive, now=self.archive.now).alive()
            self._voices_of_workers = tuple(frozenset(one.voices) for one in workers if one.does_pieces)
            self._voices_read_at = moment
        return self._voices_of_workers

    def slot_and_worker(self, piece: ClaimedPiece) -> tuple[Slot, GroupStationWorker]:
        """
        The slot and the station of a piece.

        Raises OverSlotError long after the slot, LostSlotError where the station's clock has no such slot any more,
        ConfigError as `worker`.
        """
        station, due = slot_of(piece.key)
        if due + GRACE <= self.now():
            raise OverSlotError(f"{station}: the slot at {due.isoformat()} is over")
        worker = self.worker(station, piece)
        slots = worker.slots(since=due, until=due + timedelta(seconds=1))
        if not slots:
            raise LostSlotError(f"{station}: the clock has no slot at {due.isoformat()} any more")
        return slots[0], worker

    def worker(self, station: str, piece: ClaimedPiece, *, with_sounds: bool = False) -> GroupStationWorker:
        """The station, whose files are published only while the piece is held. Raises ConfigError without a valid profile."""
        loaded = self.profiles.stations.get(station)
        if loaded is None:
            reason = f"{station}: no such profile on this machine"
            raise ConfigError(self.profiles.refused.get(station, reason))
        worker = self._worker(loaded)
        worker.publication = GroupPublication(
            archive=self.archive,
            store=self.store,
            station=station,
            output=self.output,
            desk=loaded.profile.stories.running_order,
            with_sounds=with_sounds,
            is_mine=lambda: self.work.holds(piece),
        )
        return worker

    def _worker(self, loaded: LoadedProfile) -> GroupStationWorker:
        return GroupStationWorker(
            loaded=loaded,
            output=self.output,
            archive=self.archive,
            answers=self.answers,
            store=self.store,
            clock=self.now,
            feeds_for_all=self.feeds_for_all,
        )


def pause_after(attempts: int) -> timedelta:
    """Pause before the next try of a piece."""
    return timedelta(seconds=min(_PAUSE_S * 2 ** (attempts - 1), _LONGEST_PAUSE_S))
