"""One destination: the outbox's pieces in order, tried again until each is delivered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxItem, OutboxState
from bulletin.delivery.collect_files_to_deliver import NEWEST_RENDITIONS, PublicFolderReader
from bulletin.delivery.delivery_interface import FOLDER_RENDITIONS
from bulletin.delivery.delivery_result import DeliveryOutcome, Report, report_piece
from bulletin.delivery.targets_from_profile import DeliveryRoute
from bulletin.errors import (
    BulletinError,
    LateDeliveryError,
    OutletError,
    WithdrawnDeliveryError,
    explain_os_errors,
)
from bulletin.runtime.backoff import is_handed_on, must_wait, pause_after
from bulletin.runtime.count_days_by_uptime import record_try
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.runtime.redact_secrets import hide, one_line

log = logging.getLogger(__name__)

_NOTE_CHARS = 700
"""Characters of an error note: a server's or program's words, or the message about a changed host key."""
_DAY = timedelta(days=1)
_FEWEST_PAUSES = 8
"""Long pauses without a try after which a piece is given up, on machines that run now and then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedDelivery:
    """Deliveries of one station to one destination. A lock, or a lease, lets one thread of all processes work at a time."""

    station: str
    route: DeliveryRoute
    shelf: PublicFolderReader
    state: Path
    """Private folder: locks and scratch."""
    outbox: Outbox
    clock: Callable[[], datetime]
    is_mine: Callable[[], bool]
    """Whether this worker of a group has the delivery still. May raise ArchiveError."""
    has_lock: bool
    """Whether a lock file keeps other processes away; in a group of machines the lease of the worker does."""
    refresh: Callable[[], None]
    """Brings the public folder up to date. Raises BulletinError."""
    report: Report

    def work_off(self, *, is_asked: bool, wait_s: float) -> None:
        """
        Deliver the due pieces in order until one fails. Raises nothing. `is_asked`: try now, even during a backoff.

        Waits for another process that delivers there, at most `wait_s` seconds.
        """
        lock = self.state / f"{self.station}.{self.route.name}.delivery.lock"
        try:
            self._make_state()
            with hold(lock, wait_s=wait_s) if self.has_lock else nullcontext():
                while self._work(is_asked=is_asked):
                    pass
        except LockedError:
            text = "delivery left to another process, which is at work on it: station=%s delivery=%s"
            log.info(text, self.station, self.route.name)
        except LateDeliveryError as error:
            log.warning(
                "late delivery stopped: station=%s delivery=%s: %s", self.station, self.route.name, error
            )
        except BulletinError as error:
            text = "delivery not possible now, bulletins wait in the outbox: station=%s delivery=%s: %s"
            log.error(text, self.station, self.route.name, error)

    def _make_state(self) -> None:
        """Make the private folder, which may have been deleted; but not its parent, an unmounted share."""
        with explain_os_errors(
            OutletError,
            f"{self.state}: does not exist and cannot be created",
            f"mount or make {self.state.parent} again, then waiting bulletins are delivered",
        ):
            self.state.mkdir(exist_ok=True)

    def _work(self, *, is_asked: bool) -> bool:
        """Deliver the first waiting piece. False when there is none, or it and all behind it must wait."""
        waiting = self._without_old(self.outbox.waiting(self.station, self.route.name))
        if not waiting:
            return False
        piece, now = waiting[0], self.clock()
        if must_wait(piece.next_try_at, now=now) and not is_asked:
            return False
        try:
            self.refresh()
            note = self._deliver(piece)
        except WithdrawnDeliveryError:
            note = "withdrawn"
        except Exception as error:
            self._confirm()  # the connections of a late worker have broken: that says nothing of the destination
            if not isinstance(error, BulletinError):
                text = "delivery failed by an unexpected error, please report it: station=%s delivery=%s"
                log.exception(text, self.station, self.route.name)
            return self._failed(piece, error)
        self._confirm()
        self.outbox.finish(piece, now=self.clock(), note=note)
        report_piece(piece, DeliveryOutcome.SKIPPED if note else DeliveryOutcome.SENT, self.report, note=note)
        return True

    def _confirm(self) -> None:
        if not self.is_mine():
            raise LateDeliveryError("another worker has this delivery by now; it goes on there")

    def _without_old(self, waiting: Sequence[OutboxItem]) -> Sequence[OutboxItem]:
        """The waiting pieces without older ones where only the newest counts; withdrawals are never dropped."""
        publish = [piece for piece in waiting if piece.action is OutboxAction.PUBLISH]
        withdrawn = {piece.guid for piece in waiting if piece.action is OutboxAction.WITHDRAW}
        old = [piece for piece in publish if piece.guid in withdrawn]
        if self.route.delivery.is_newest_only or self.route.rendition in (
            *FOLDER_RENDITIONS,
            *NEWEST_RENDITIONS,
        ):
            old += [piece for piece in publish[:-1] if piece not in old]
        for piece in old:
            note = "withdrawn" if piece.guid in withdrawn else "replaced by a newer one"
            self.outbox.finish(piece, now=self.clock(), note=note)
            report_piece(piece, DeliveryOutcome.SKIPPED, self.report, note=note)
        left = [piece for piece in waiting if piece not in old]
        paused = [piece for piece in old if is_handed_on(piece.next_try_at, now=self.clock())]
        for piece in left if paused else ():
            self.outbox.take_over(piece, paused[-1])
        return self.outbox.waiting(self.station, self.route.name) if old else left

    def _deliver(self, piece: OutboxItem) -> str:
        """Deliver a piece; returns a note when there was nothing to deliver. Raises BulletinError."""
        if piece.action is OutboxAction.WITHDRAW:
            empty = self.shelf.empty_parcel(
                self.route.rendition, piece.guid, title=piece.title, due=piece.due
            )
            self._confirm()
            self.route.delivery.withdraw(replace(empty, confirm=self._confirm))
            return ""
        with scratch_folder(self.state) as scratch:
            parcel = self.shelf.pack(self.route.rendition, piece.guid, scratch=scratch)
            if parcel is None:
                return "not in the public folder any more"
            is_for_now = self.route.delivery.is_newest_only or self.route.rendition in NEWEST_RENDITIONS
            if is_for_now and parcel.expires is not None and parcel.expires <= self.clock():
                return f"expired at {parcel.expires:%d %b %H:%M} UTC"
            confirm = partial(self._confirm_publication, piece)
            confirm()  # packing took a while
            self.route.delivery.publish(replace(parcel, confirm=confirm))
        return ""

    def _confirm_publication(self, piece: OutboxItem) -> None:
        self._confirm()
        if self.outbox.is_withdrawn(piece):
            raise WithdrawnDeliveryError("withdrawn while it was being delivered")

    def _failed(self, piece: OutboxItem, error: Exception) -> bool:
        """Put a piece off, or give it up; returns whether the next piece may be tried."""
        now = self.clock()
        is_lasting = isinstance(error, BulletinError) and error.is_lasting
        words = str(error).removeprefix("delivery ").removeprefix(f"{self.route.name}: ")
        note = one_line(hide(words or type(error).__name__))[:_NOTE_CHARS]
        if self._is_hopeless(piece, now):
            note = f"given up after {piece.tries + 1} tries: {note}"
            self.outbox.finish(piece, now=now, state=OutboxState.GIVEN_UP, note=note)
            report_piece(piece, DeliveryOutcome.GIVEN_UP, self.report, note=note, is_lasting=is_lasting)
            return True
        pause = pause_after(piece.tries, is_lasting=is_lasting)
        self.outbox.put_off(piece, now=now, next_try_at=now + pause, note=note)
        report_piece(piece, DeliveryOutcome.FAILED, self.report, note=note, is_lasting=is_lasting)
        return False

    def _is_hopeless(self, piece: OutboxItem, now: datetime) -> bool:
        """
        Whether a piece has waited longer than the route's limit.

        A long time without tries counts little: the machine was off, or its clock leapt ahead.
        """
        created = min(piece.created_at, now)
        tried = record_try(self.state / f"{self.station}.{self.route.name}.tried.json", now, since=created)
        days, counted = self.route.give_up / _DAY, self.route.give_up / _FEWEST_PAUSES
        return created <= tried.before(now, days=days, counted=counted)
