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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bulletin import __version__
from bulletin.archive.ledgers.group.group_workers import GroupWorker, WorkerLedger
from bulletin.errors import ArchiveError, BulletinError
from bulletin.group.engines.engine_port import Engine, Hint
from bulletin.group.held_pieces import LEASE, HeldPieces
from bulletin.group.monitoring.read_group_status import CANARY as CANARY_AT
from bulletin.group.pieces.do_pieces import PieceWork, is_known
from bulletin.group.pieces.piece_names import CANARY, hint_of, station_of, voice_queue
from bulletin.group.pieces.voices_of_machine import MachineVoices
from bulletin.group.pieces.work_context import ELSEWHERE, WorkContext
from bulletin.group.planning.send_hints import AGAIN
from bulletin.group.process_name import enter_group

log = logging.getLogger(__name__)

_RENEW_S = 5.0
_PROFILES_EVERY_S = 10.0
_VOICES_EVERY_S = 300.0
"""Time after which voices are looked for: one may have been installed, or its server may answer again."""
_STOP_WITHIN_S = 20.0
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
    voices: Callable[[], MachineVoices]
    """Finds the voices that work on this machine, of the valid profiles."""
    parallel: int = 1
    end_process: Callable[[int], None] = os._exit
    """Called where the database is away too long: a thread that waits for it would hold the process."""
    _held: HeldPieces = field(init=False)
    _voices: MachineVoices = field(default_factory=MachineVoices)
    _look_at_voices: threading.Event = field(default_factory=threading.Event)
    _note: str = ""
    _announced: tuple[tuple[str, ...], dict[str, str]] = ((), {})
    _ending: threading.Event = field(default_factory=threading.Event)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _reached_at: float = 0.0
    """Monotonic seconds of the last answer of the database."""

    def __post_init__(self) -> None:
        self._held = HeldPieces(work=self.context.work, now=self.context.now)

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
        threading.Thread(target=self._renew_voices, name="voices", daemon=True).start()
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        threading.Thread(target=self._end_late, name="end", daemon=True).start()
        try:
            log.info(
                "worker ready: name=%s stations=%d voices=%s",
                self.name,
                len(self.context.profiles.stations),
                ",".join(self._voices.working),
            )
            self.engine.run(self.handle, parallel=self.parallel, queues=self._queues())
        finally:
            self._stopped.set()
            self._ending.set()
            self._look_at_voices.set()
            keeper.join(_RENEW_S)
            with suppress(ArchiveError):
                self._leave()
            self.context.feeds_for_all.close()

    def stop(self) -> None:
        """End after the running pieces, or after 20 seconds; from any thread."""
        self._ending.set()
        self.engine.stop()

    def handle(self, hint: Hint) -> None:
        """Do the piece of a hint, if it is still to be done and this worker can do it. Raises nothing."""
        try:
            if hint.kind == CANARY:
                self.register.set_value(CANARY_AT, hint.key)
            elif not (is_known(hint.kind) and self._knows_station(hint) and self._claim_and_do(hint)):
                self.context.work.pass_on(hint.kind, hint.key, after=ELSEWHERE)
            elif hint.kind == "draft":
                self._go_on(replace(hint, kind="mix"))
        except ArchiveError as error:
            _log_left(hint, error)
        except Exception:
            log.exception("hint not followed: piece=%s/%s", hint.kind, hint.key)

    def _claim_and_do(self, hint: Hint) -> bool:
        """False: the piece has ended, another worker has it, or this one lacks its voice."""
        piece = self.context.work.claim(
            hint.kind, hint.key, owner=self.name, lease=LEASE, abilities=self._voices.working
        )
        if piece is None:
            return False
        with self._held.holding(piece):
            begun = time.monotonic()
            PieceWork(context=self.context).do(piece)
            log.info(
                "piece of work ended: piece=%s/%s seconds=%.1f",
                piece.kind,
                piece.key,
                time.monotonic() - begun,
            )
        if piece.limit_key:
            self._hand_on(piece.limit_key)
        return True

    def _go_on(self, mix: Hint) -> None:
        """Mix what was just drafted, if it waits for no sentence: most do, and another worker would need the draft."""
        try:
            if not self._ending.is_set():
                self._claim_and_do(mix)
        except ArchiveError as error:
            _log_left(mix, error)
        finally:
            self.context.drafts.pop(mix.key, None)

    def _hand_on(self, limit_key: str) -> None:
        """Send the next piece of a host that is free at once; after its pause, or of a destination, a planner does."""
        self.engine.submit(map(hint_of, self.context.work.ready(limit=1, again=AGAIN, limit_key=limit_key)))

    def _knows_station(self, hint: Hint) -> bool:
        """Whether a valid profile of the hint's station is here; a piece for several stations has none."""
        station = station_of(hint.key)
        return not station or station in self.context.profiles.stations

    def _enter(self) -> None:
        self._use(self.voices())
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
            voices=self._voices.working,
            parallel=self.parallel,
            lacking=self._voices.lacking,
            stations=stations,
            refused=refused,
            note=self._note,
        )

    def _leave(self) -> None:
        self._held.release()
        self.register.leave(self.name)

    def _keep(self) -> None:
        """Renew leases and the row in the register; end the process where the database is away too long."""
        profiles_at = time.monotonic()
        while not self._stopped.wait(_RENEW_S):
            try:
                if not self._held.renew():
                    self._end_hung()
                if time.monotonic() >= profiles_at + _PROFILES_EVERY_S:
                    profiles_at = time.monotonic()
                    self._read_profiles()
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

    def _read_profiles(self) -> None:
        if self.context.profiles.refresh():
            self._look_at_voices.set()
        if self.context.profiles.has_moved:
            self.stop()
        if self._announced != self._profiles_now():
            self._announce()

    def _end_hung(self) -> None:
        """End the process: a thread that hangs cannot be ended alone, and it holds a place for ever."""
        with suppress(ArchiveError):
            self._leave()
        log.error("worker ends, a piece of work hangs: name=%s", self.name)
        self.end_process(0)

    def _end_late(self) -> None:
        """End the process where a piece takes too long after `stop`: an upload to a slow server may take an hour."""
        self._ending.wait()
        if self._stopped.wait(_STOP_WITHIN_S):
            return
        with suppress(ArchiveError):
            self._leave()
        log.warning("worker ends, its pieces of work are given back: name=%s", self.name)
        self.end_process(0)

    def _use(self, voices: MachineVoices) -> None:
        voices.log_new(self._voices)
        self._voices = voices
        self.context.voices = frozenset(voices.working)

    def _queues(self) -> tuple[str, ...]:
        return tuple(map(voice_queue, self._voices.working))

    def _renew_voices(self) -> None:
        """Take sentences of voices that were installed since, or that a new profile names. Servers may be slow."""
        while True:
            self._look_at_voices.wait(_VOICES_EVERY_S)
            if self._stopped.is_set():
                return
            self._look_at_voices.clear()
            try:
                if (voices := self.voices()) != self._voices:
                    log.info("voices changed: name=%s voices=%s", self.name, ",".join(voices.working))
                    self._use(voices)
                    self.engine.listen(self._queues())
                    self._announce()
            except ArchiveError as error:
                log.error("voices not announced, the database failed: %s", error)
                self._look_at_voices.wait(_RENEW_S)
            except Exception:
                log.exception("voices not looked at")

    def _watch(self) -> None:
        """End the process where even the thread that renews leases waits for the database in vain."""
        while not self._stopped.wait(_RENEW_S):
            if time.monotonic() - self._reached_at > 2 * _LOST_S:
                log.error(
                    "worker ends, the database has not answered for %d s: name=%s", 2 * _LOST_S, self.name
                )
                self.end_process(0)


def _log_left(hint: Hint, error: ArchiveError) -> None:
    text = "piece of work left to its lease, the database failed: piece=%s/%s: %s"
    log.error(text, hint.kind, hint.key, error)
