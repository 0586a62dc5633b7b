"""
Loop that takes the requests of editors from the ledger: a look every second.

Slots go first: no work is begun where a slot of any station needs the computer before it could end. Only a bulletin
takes a thread of the pool; everything else, which may wait for a server or a disk, has one of its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_requests import (
    KEPT,
    URGENT,
    RequestKind,
    RequestLedger,
    RequestState,
    ServiceRequest,
)
from bulletin.errors import ArchiveError, BulletinError
from bulletin.service.newsroom_requests.do_newsroom_request import do_request, is_done_already
from bulletin.service.newsroom_requests.record_request_progress import RequestProgress
from bulletin.service.newsroom_requests.refresh_previews import PreviewRefresh
from bulletin.service.newsroom_requests.request_work import RequestWork
from bulletin.service.on_demand_bulletins import OnDemandBulletins
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import Submit, is_recent

log = logging.getLogger(__name__)

EVERY_S = 1.0
LEASE = timedelta(minutes=2)
_RENEW = LEASE / 4
STUCK = timedelta(minutes=15)
"""Work that takes longer is given up."""
_FORGET_EVERY = timedelta(hours=1)
_MOST_S = 60.0
"""Time that work other than a bulletin may take before a slot."""
_BULLETINS = (RequestKind.MAKE_NOW, RequestKind.PUBLISH)
_HEAVY = (*_BULLETINS, RequestKind.PREVIEW)
"""Kinds that keep a processor busy: one at a time. Of the others, which wait for disk and network, one at a time too."""
_AGAIN = timedelta(seconds=5)
"""Pause before a request that must wait is looked at again."""
_STUCK_TEXT = f"not done after {STUCK.seconds // 60} min, the work was given up; restart the service if it happens again"
_DONE_ALREADY = "it was made, and is out; the service stopped before it could say so"

Do = Callable[[RequestWork], Mapping[str, Any]]


def _in_own_thread(job: Callable[[], None]) -> None:
    threading.Thread(target=job, name="newsroom-request", daemon=True).start()


@dataclass(slots=True, kw_only=True)
class _Running:
    request: ServiceRequest
    begun_at: datetime
    renewed_at: datetime


@dataclass(slots=True, kw_only=True)
class RequestLoop:
    """Takes the requests of all stations of a process."""

    archive: Archive
    workers: Callable[[], Sequence[StationWorker]]
    on_demand: OnDemandBulletins
    submit: Submit
    owner: str
    now: Callable[[], datetime]
    submit_other: Submit = _in_own_thread
    """Runs work that takes no thread from a slot."""
    do: Do = do_request
    refresh: PreviewRefresh | None = None
    """Asks for previews while the newsroom is open."""
    _has_taken_over: bool = False
    _forgot_at: datetime | None = None
    _put_off_at: dict[int, datetime] = field(default_factory=dict)
    _running: dict[int, _Running] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def ledger(self) -> RequestLedger:
        """The requests."""
        return RequestLedger(self.archive)

    def start(self) -> None:
        """Start the loop in its own thread; call with the service's lock held."""
        threading.Thread(target=self._run, name="newsroom-requests", daemon=True).start()

    def stop(self) -> None:
        """Begin no more work; the pool waits for what runs, and the next service ends what was cut off."""
        self._stop.set()

    def take_due(self) -> None:
        """Begin the oldest request whose time has come. Raises nothing: the loop goes on."""
        try:
            self._take_due(self.now())
        except ArchiveError as error:  # the reconciler reports it
            log.debug("requests of the newsroom cannot be read: %s", error)
        except Exception:
            log.exception("requests of the newsroom: look failed")

    def _run(self) -> None:
        while not self._stop.is_set():
            self.take_due()
            self._stop.wait(EVERY_S)

    def _take_due(self, now: datetime) -> None:
        workers = {worker.id: worker for worker in self.workers()}
        if not self._has_taken_over:
            self.ledger.take_over(tuple(workers), owner=self.owner)
            self._has_taken_over = True
        self._keep_leases(now)
        self._forget_old(tuple(workers), now)
        if self.refresh:
            self.refresh.ask_due()
        due = self.ledger.due(tuple(workers), now=now)
        self._put_off_at = {r.id: self._put_off_at[r.id] for r in due if r.id in self._put_off_at}
        for request in sorted(due, key=lambda request: request.kind not in URGENT):
            is_pausing = is_recent(self._put_off_at.get(request.id), now=now, within=_AGAIN)
            if not self._stop.is_set() and not is_pausing and self._is_free_for(request):
                self._take(request, workers[request.station], now)

    def _is_free_for(self, request: ServiceRequest) -> bool:
        """Whether no other work of its sort runs; what is urgent waits for none."""
        with self._lock:
            kinds = [work.request.kind for work in self._running.values()]
        if request.kind in URGENT:
            return True
        others = [kind for kind in kinds if kind not in URGENT]
        return not any((kind in _HEAVY) == (request.kind in _HEAVY) for kind in others)

    def _take(self, request: ServiceRequest, worker: StationWorker, now: datetime) -> None:
        if is_done_already(request, worker):
            if self.ledger.claim(request.id, owner=self.owner, now=now, lease=LEASE):
                self._finish(request.id, RequestState.DONE, {}, _DONE_ALREADY)
            return
        within_s = self._time_for(request)
        if not within_s:
            self._put_off_at[request.id] = now
            self.ledger.put_off(request.id, step=self._reason_to_wait(worker.id))
            return
        try:
            claimed = self.ledger.claim(request.id, owner=self.owner, now=now, lease=LEASE)
        except BaseException:
            self._let_others_run(request)
            raise
        if claimed is None:
            self._let_others_run(request)
            return
        with self._lock:
            self._running[request.id] = _Running(request=claimed, begun_at=now, renewed_at=now)
        log.info("request of the newsroom begun: station=%s kind=%s", claimed.station, claimed.kind)
        begin = self.submit if request.kind in _BULLETINS else self.submit_other
        begin(lambda: self._work(claimed, worker, within_s))

    def _time_for(self, request: ServiceRequest) -> float:
        """Seconds for the work; 0: it must wait. What is urgent never waits."""
        if request.kind in URGENT:
            return _MOST_S
        if request.kind in _BULLETINS:
            return self.on_demand.begin(request.station)
        return self.on_demand.time_for(request.station, most_s=_MOST_S)

    def _reason_to_wait(self, station: str) -> str:
        if self.on_demand.is_coming(station):
            return "waits for the bulletin that is being made"
        return "waits, because the bulletin of a slot comes first"

    def _work(self, request: ServiceRequest, worker: StationWorker, within_s: float) -> None:
        listener = RequestProgress(ledger=self.ledger, number=request.id, owner=self.owner)
        work = RequestWork(request=request, worker=worker, within_s=within_s, listener=listener, now=self.now)
        try:
            result = self.do(work)
        except BulletinError as error:
            log.warning(
                "request of the newsroom failed: station=%s kind=%s: %s", worker.id, request.kind, error
            )
            self._finish(request.id, RequestState.FAILED, {}, str(error))
        except Exception as error:
            log.exception("request of the newsroom failed: station=%s kind=%s", worker.id, request.kind)
            note = f"a mistake in Bulletin: {type(error).__name__}: {error}"
            self._finish(request.id, RequestState.FAILED, {}, note)
        else:
            self._finish(request.id, RequestState.DONE, result, "")
        finally:
            self._end_run(request)

    def _end_run(self, request: ServiceRequest) -> None:
        """End a run once: work that was given up may end later, beside its successor."""
        with self._lock:
            is_running = self._running.pop(request.id, None)
        if is_running:
            self._let_others_run(request)

    def _let_others_run(self, request: ServiceRequest) -> None:
        if request.kind in _BULLETINS:
            self.on_demand.end(request.station)

    def _finish(self, number: int, state: RequestState, result: Mapping[str, Any], note: str) -> None:
        """Record the end; where the archive cannot be written, the lease ends and the next look finds it done."""
        try:
            self.ledger.finish(
                number, owner=self.owner, state=state, now=self.now(), result=result, note=note
            )
        except ArchiveError as error:
            log.error("end of a request not recorded: request=%d: %s", number, error)

    def _forget_old(self, stations: Sequence[str], now: datetime) -> None:
        """Once an hour, delete requests that ended two weeks ago, and the service's own after an hour."""
        if is_recent(self._forgot_at, now=now, within=_FORGET_EVERY):
            return
        self._forgot_at = now
        for station in stations:
            self.ledger.forget(station, before=now - KEPT, own_before=now - _FORGET_EVERY)

    def _keep_leases(self, now: datetime) -> None:
        """Renew the leases of the work that runs, and give up work that hangs."""
        with self._lock:
            running = tuple(self._running.values())
        for work in running:
            if now - work.begun_at > STUCK:
                log.error("request of the newsroom hangs, given up: request=%d", work.request.id)
                self._finish(work.request.id, RequestState.FAILED, {}, _STUCK_TEXT)
                self._end_run(work.request)
            elif not timedelta(0) <= now - work.renewed_at < _RENEW:
                self.ledger.renew(work.request.id, owner=self.owner, now=now, lease=LEASE)
                work.renewed_at = now
