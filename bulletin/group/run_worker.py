"""
Worker of a group: takes hints, claims pieces from the ledger, does them, and renews its leases meanwhile.

It ends with exit code 0 when the database is away (`Restart=always` starts it again): a process that cannot reach the
ledger can neither prove that it holds a piece nor publish.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from bulletin import __version__
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece
from bulletin.errors import ArchiveError, BulletinError
from bulletin.group.engines.engine_port import Engine, Hint
from bulletin.group.monitoring.read_group_status import CANARY as CANARY_AT
from bulletin.group.pieces.do_pieces import PieceWork, is_known
from bulletin.group.pieces.piece_names import CANARY, station_of, voice_queue
from bulletin.group.pieces.work_context import WorkContext
from bulletin.group.process_name import enter_group

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""A piece of a dead worker is taken by another one after it."""
_RENEW_S = 5.0
_PROFILES_EVERY_S = 10.0
_LOST_S = 60.0
"""Time without the database after which a worker ends: its leases are over, and others have its pieces."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """One worker process."""

    name: str
    """Unique in the group; the caller holds the lock of that name on this machine."""
    machine: str
    home: str = ""
    """Identity of its output folder, in which the lock is."""
    role: str = "worker"
    context: WorkContext
    register: WorkerLedger
    engine: Engine
    voices: Callable[[], tuple[str, ...]]
    """Voices that work on this machine, of the valid profiles."""
    parallel: int = 1
    end_process: Callable[[int], None] = os._exit
    """Called where the database is away too long: a thread that waits for it would hold the process."""
    _held: dict[tuple[str, str], ClaimedPiece] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _voices: tuple[str, ...] = ()
    _note: str = ""
    _announced: tuple[tuple[str, ...], dict[str, str]] = ((), {})
    _stopped: threading.Event = field(default_factory=threading.Event)
    _reached_at: float = 0.0
    """Monotonic seconds of the last answer of the database."""

    def run(self) -> None:
        """
        Work until `stop`, or until the queue is gone. Raises RunningError where the name is taken in the group.

        Raises ArchiveError where the database cannot be reached at the start, and StoreError where the store cannot be
        used: a worker with wrong credentials would take pieces from others and fail.
        """
        self.context.store.check()
        self.context.profiles.refresh()
        self._enter()
        keeper = threading.Thread(target=self._keep, name="leases", daemon=True)
        keeper.start()
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        try:
            queues = tuple(map(voice_queue, self._voices))
            log.info(
                "worker ready: name=%s stations=%d voices=%s",
                self.name,
                len(self.context.profiles.stations),
                ",".join(self._voices),
            )
            self.engine.run(self.handle, parallel=self.parallel, queues=queues)
        finally:
            self._stopped.set()
            keeper.join(_RENEW_S)
            with suppress(ArchiveError):
                self._leave()
            self.context.feeds_for_all.close()

    def stop(self) -> None:
        """End after the running pieces; from any thread."""
        self.engine.stop()

    def handle(self, hint: Hint) -> None:
        """Do the piece of a hint, if it is still to be done and this worker can do it. Raises nothing."""
        try:
            if hint.kind == CANARY:
                self.register.set_value(CANARY_AT, hint.key)
            elif is_known(hint.kind) and self._knows_station(hint):
                self._claim_and_do(hint)
        except ArchiveError as error:
            log.error(
                "piece of work left to its lease, the database failed: piece=%s/%s: %s",
                hint.kind,
                hint.key,
                error,
            )
        except Exception:
            log.exception("hint not followed: piece=%s/%s", hint.kind, hint.key)

    def _claim_and_do(self, hint: Hint) -> None:
        piece = self.context.work.claim(
            hint.kind, hint.key, owner=self.name, lease=LEASE, abilities=self._voices
        )
        if piece is None:
            return
        with self._holding(piece):
            begun = time.monotonic()
            PieceWork(context=self.context).do(piece)
            log.info(
                "piece of work ended: piece=%s/%s seconds=%.1f",
                piece.kind,
                piece.key,
                time.monotonic() - begun,
            )

    def _knows_station(self, hint: Hint) -> bool:
        """Whether a valid profile of the hint's station is here; a piece for several stations has none."""
        station = station_of(hint.key)
        return not station or station in self.context.profiles.stations

    @contextmanager
    def _holding(self, piece: ClaimedPiece) -> Iterator[None]:
        """Renew the lease of a piece meanwhile."""
        with self._guard:
            self._held[piece.name] = piece
        try:
            yield
        finally:
            with self._guard:
                self._held.pop(piece.name, None)

    def _enter(self) -> None:
        self._voices = self.voices()
        enter_group(self._row(), self.register)
        self._reached_at = time.monotonic()
        if freed := self.context.work.release_all(self.name):
            log.warning("pieces of a killed worker of this name freed: name=%s pieces=%d", self.name, freed)

    def _profiles_now(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """Stations that are valid on this machine, and why others are not."""
        return tuple(sorted(self.context.profiles.stations)), dict(self.context.profiles.refused)

    def _announce(self) -> None:
        self.register.announce(self._row())

    def _row(self) -> GroupWorker:
        self._announced = stations, refused = self._profiles_now()
        return GroupWorker(
            name=self.name,
            machine=self.machine,
            home=self.home,
            pid=os.getpid(),
            version=__version__,
            role=self.role,
            voices=self._voices,
            parallel=self.parallel,
            stations=stations,
            refused=refused,
            note=self._note,
        )

    def _leave(self) -> None:
        with self._guard:
            held = tuple(self._held.values())
        for piece in held:
            self.context.work.release(piece)
        self.register.leave(self.name)

    def _keep(self) -> None:
        """Renew leases and the row in the register; end the process where the database is away too long."""
        profiles_at = time.monotonic()
        while not self._stopped.wait(_RENEW_S):
            try:
                self._renew()
                if time.monotonic() >= profiles_at + _PROFILES_EVERY_S:
                    profiles_at = time.monotonic()
                    self.context.profiles.refresh()
                    if self.context.profiles.has_moved:
                        self.stop()
                    if self._announced != self._profiles_now():
                        self._announce()
                if not self.register.seen(self.name, note=self._note):
                    self._announce()
                self._reached_at = time.monotonic()
            except ArchiveError as error:
                log.error("leases not renewed, the database failed: %s", error)
                if time.monotonic() - self._reached_at > _LOST_S:
                    log.error("worker ends, the database has been away for %d s: name=%s", _LOST_S, self.name)
                    self.end_process(0)
            except BulletinError as error:
                self._note = str(error)
                log.error("profiles not read again: %s", error)
            except Exception:
                log.exception("leases not renewed")

    def _watch(self) -> None:
        """End the process where even the thread that renews leases waits for the database in vain."""
        while not self._stopped.wait(_RENEW_S):
            if time.monotonic() - self._reached_at > 2 * _LOST_S:
                log.error(
                    "worker ends, the database has not answered for %d s: name=%s", 2 * _LOST_S, self.name
                )
                self.end_process(0)

    def _renew(self) -> None:
        with self._guard:
            held = tuple(self._held.values())
        for piece in held:
            if not self.context.work.renew(piece, lease=LEASE) and self._holds(piece):
                log.warning(
                    "piece of work lost, its result will be refused: piece=%s/%s", piece.kind, piece.key
                )

    def _holds(self, piece: ClaimedPiece) -> bool:
        """Whether this worker still does the piece, or has just ended it."""
        with self._guard:
            return self._held.get(piece.name) is piece
