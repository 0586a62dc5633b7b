"""Public folder -> outbox -> destinations: in order, tried again until each piece is delivered."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import KEPT, Outbox, OutboxAction, OutboxItem, OutboxState
from bulletin.config.load_profile import LoadedProfile
from bulletin.delivery.collect_files_to_deliver import (
    NEWEST_RENDITIONS,
    FetchSound,
    PublicFile,
    PublicFolderReader,
)
from bulletin.delivery.delivery_interface import FOLDER_RENDITIONS
from bulletin.delivery.delivery_result import (
    DeliveryOutcome,
    DeliveryResult,
    Report,
    report_piece,
    result_of,
    summarize_waiting,
)
from bulletin.delivery.targets_from_profile import DeliveryRoute, routes_of
from bulletin.errors import (
    BulletinError,
    LateDeliveryError,
    OutletError,
    WithdrawnDeliveryError,
    explain_os_errors,
)
from bulletin.publishing.podcast_urls import feed_url
from bulletin.runtime.backoff import is_handed_on, must_wait, pause_after
from bulletin.runtime.count_days_by_uptime import UPTIME_FILE, UptimeLog, record_run, record_try
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.runtime.redact_secrets import hide, one_line

log = logging.getLogger(__name__)

_NOTE_CHARS = 700
"""Characters of an error note: a server's or program's words, or the message about a changed host key."""
_DAY = timedelta(days=1)
_LOOK_AGAIN_S = 0.5
"""Seconds between two looks at what workers of a group have delivered."""
_FEWEST_PAUSES = 8
"""Long pauses without a try after which a piece is given up, on machines that run now and then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Deliveries of one station. Several threads and processes may call its methods at the same time."""

    station: str
    routes: tuple[DeliveryRoute, ...]
    shelf: PublicFolderReader
    state: Path
    """Private folder: locks and scratch."""
    outbox: Outbox
    clock: Callable[[], datetime]
    worked: Callable[[datetime], UptimeLog] = lambda now: UptimeLog()
    """Uptime of the station, for limits of days; by default the calendar's days count."""
    is_mine: Callable[[], bool] = lambda: True
    """Whether this worker of a group has the delivery still. May raise ArchiveError."""
    refresh: Callable[[], None] = lambda: None
    """Brings the public folder up to date: another machine of a group may have published since. Raises BulletinError."""
    ask_workers: Callable[[Collection[str]], str] | None = None
    """
    Asks the workers of a group to deliver to these destinations; returns why none will, or "". With it `send` delivers
    nothing itself: only the worker that holds a destination may, or a late upload could take the place of a newer
    bulletin. Raises ArchiveError.
    """

    def note(self) -> int:
        """
        Add the bulletins of the public folder that were not delivered yet to the outbox; returns how many pieces.

        A new destination gets the newest bulletin only. Withdrawals that the archive knows are added, too.
        """
        if not self.routes and not self.outbox.rows(self.station, limit=1):
            return 0
        now = self.clock()
        self.outbox.drop_strangers(self.station, [route.name for route in self.routes], now=now)
        added = sum(self._note(route, now) for route in self.routes)
        if added:
            self.outbox.forget(self.station, before=self.worked(now).before(now, days=KEPT / _DAY))
        return added

    def take_back(self, guids: Iterable[str]) -> int:
        """Add withdrawals of bulletins that were delivered or wait for it; returns how many pieces."""
        gone, added = tuple(guids), 0
        for route in self.routes:
            for piece in self.outbox.published(self.station, route.name, gone):
                added += self._add(route, OutboxAction.WITHDRAW, piece)
        return added

    def send(self, *, is_asked: bool = False, within_s: float | None = None) -> tuple[DeliveryResult, ...]:
        """
        Deliver the due pieces, each destination in its own thread, so that a slow one delays no other.

        The results include pieces that another process (the service) delivered or is delivering meanwhile.
        `is_asked`: try now, even during a backoff. Pieces not done within `within_s` seconds stay in the
        outbox. In a group its workers deliver.
        """
        before = {route.name: self.outbox.waiting(self.station, route.name) for route in self.routes}
        if self.ask_workers is not None:
            waiting = {name: pieces for name, pieces in before.items() if pieces}
            return self._sent_by_workers(waiting, is_asked=is_asked, within_s=within_s or 0.0)
        results: list[DeliveryResult] = []
        threads = [
            threading.Thread(
                target=self.work_off,
                args=(route, results.append, is_asked, within_s or 0.0),
                name=route.name,
                daemon=True,
            )
            for route in self.routes
        ]
        for thread in threads:
            thread.start()
        until = None if within_s is None else Deadline.after(within_s)
        for thread in threads:
            thread.join(until.left_s if until else None)
        done = list(results) + [
            DeliveryResult(
                delivery=thread.name,
                result=DeliveryOutcome.FAILED,
                note=f"is still at work after {within_s:.0f} s; the rest stays in the outbox",
            )
            for thread in threads
            if thread.is_alive()
        ]
        failed = {result.delivery for result in done if result.result is DeliveryOutcome.FAILED}
        numbers = {result.number for result in done}
        for name in before.keys() - failed:
            done += self._by_others(piece.id for piece in before[name] if piece.id not in numbers)
        return tuple(done)

    def _sent_by_workers(
        self, waiting: Mapping[str, Sequence[OutboxItem]], *, is_asked: bool, within_s: float
    ) -> tuple[DeliveryResult, ...]:
        """Let the workers of the group deliver, and wait until each destination has been tried, or time is over."""
        assert self.ask_workers is not None
        if not waiting:
            return ()
        for name in waiting if is_asked else ():
            self.outbox.hasten(self.station, name, now=self.clock())
        if why := self.ask_workers(tuple(waiting)):
            firsts = (pieces[0] for pieces in waiting.values())
            return tuple(result_of(piece, DeliveryOutcome.WAITING, note=why) for piece in firsts)
        numbers = {name: {piece.id for piece in pieces} for name, pieces in waiting.items()}
        until = Deadline.after(within_s)
        while not until.is_over and any(self._is_untried(name, ids) for name, ids in numbers.items()):
            time.sleep(min(_LOOK_AGAIN_S, until.left_s))
        return tuple(result for ids in numbers.values() for result in self._by_others(sorted(ids)))

    def _is_untried(self, delivery: str, numbers: Collection[int]) -> bool:
        """Whether the first of these pieces that still waits may be tried now."""
        left = [piece for piece in self.outbox.waiting(self.station, delivery) if piece.id in numbers]
        return bool(left) and not must_wait(left[0].next_try_at, now=self.clock())

    def _by_others(self, numbers: Iterable[int]) -> Iterator[DeliveryResult]:
        """Results of pieces of one destination that this process did not deliver itself."""
        waiting: list[OutboxItem] = []
        for piece in filter(None, map(self.outbox.find, numbers)):
            if piece.state is OutboxState.WAITING:
                waiting.append(piece)
            elif piece.state is OutboxState.GIVEN_UP:
                yield result_of(piece, DeliveryOutcome.GIVEN_UP, note=piece.note)
            elif piece.state is OutboxState.DONE and not piece.note:
                yield result_of(piece, DeliveryOutcome.SENT)
        if waiting:
            yield summarize_waiting(waiting)

    def work_off(
        self, route: DeliveryRoute, report: Report, is_asked: bool = False, wait_s: float = 0.0
    ) -> None:
        """
        Deliver the pieces of one destination in order until one fails. Raises nothing.

        Waits for another process that delivers there, at most `wait_s` seconds.
        """
        lock = self.state / f"{self.station}.{route.name}.delivery.lock"
        try:
            self._make_state()
            with hold(lock, wait_s=wait_s):
                while self._work(route, report, is_asked=is_asked):
                    pass
        except LockedError:
            text = "delivery left to another process, which is at work on it: station=%s delivery=%s"
            log.info(text, self.station, route.name)
        except LateDeliveryError as error:
            log.warning("late delivery stopped: station=%s delivery=%s: %s", self.station, route.name, error)
        except BulletinError as error:
            text = "delivery not possible now, bulletins wait in the outbox: station=%s delivery=%s: %s"
            log.error(text, self.station, route.name, error)

    def _make_state(self) -> None:
        """Make the private folder, which may have been deleted; but not its parent, an unmounted share."""
        with explain_os_errors(
            OutletError,
            f"{self.state}: does not exist and cannot be created",
            f"mount or make {self.state.parent} again, then waiting bulletins are delivered",
        ):
            self.state.mkdir(exist_ok=True)

    def _note(self, route: DeliveryRoute, now: datetime) -> int:
        published = self.shelf.list_published(route.rendition, now=now)
        newest_due = max((bulletin.due for bulletin in published if bulletin.due), default=None)
        newest = tuple(bulletin for bulletin in published if bulletin.due == newest_due)
        if route.delivery.is_newest_only:
            # a correction of an older bulletin is published last, and must not take the newest one's place
            published = newest
        known = self.outbox.published(self.station, route.name, [bulletin.guid for bulletin in published])
        guids = {piece.guid for piece in known}
        last = [number for number, bulletin in enumerate(published) if bulletin.guid in guids]
        added = sum(
            self._add(route, OutboxAction.PUBLISH, bulletin)
            for bulletin in (published[last[-1] + 1 :] if last else newest[-1:])
        )
        for piece in self.outbox.withdrawn(self.station, route.name):
            added += self._add(route, OutboxAction.WITHDRAW, piece)
        return added

    def _add(self, route: DeliveryRoute, action: OutboxAction, bulletin: PublicFile | OutboxItem) -> bool:
        if action is OutboxAction.WITHDRAW and route.rendition in FOLDER_RENDITIONS:
            return False  # the next upload of the folder deletes the bulletin there
        return self.outbox.add(
            self.station,
            route.name,
            bulletin.guid,
            action,
            now=self.clock(),
            title=bulletin.title,
            due=bulletin.due,
        )

    def _work(self, route: DeliveryRoute, report: Report, *, is_asked: bool) -> bool:
        """Deliver the first waiting piece. False when there is none, or it and all behind it must wait."""
        waiting = self._without_old(route, self.outbox.waiting(self.station, route.name), report)
        if not waiting:
            return False
        piece, now = waiting[0], self.clock()
        if must_wait(piece.next_try_at, now=now) and not is_asked:
            return False
        try:
            self.refresh()
            note = self._deliver(route, piece)
        except WithdrawnDeliveryError:
            note = "withdrawn"
        except Exception as error:
            self._confirm()  # the connections of a late worker have broken: that says nothing of the destination
            if not isinstance(error, BulletinError):
                text = "delivery failed by an unexpected error, please report it: station=%s delivery=%s"
                log.exception(text, self.station, route.name)
            return self._failed(route, piece, error, report)
        self._confirm()
        self.outbox.finish(piece, now=self.clock(), note=note)
        report_piece(piece, DeliveryOutcome.SKIPPED if note else DeliveryOutcome.SENT, report, note=note)
        return True

    def _confirm(self) -> None:
        if not self.is_mine():
            raise LateDeliveryError("another worker has this delivery by now; it goes on there")

    def _without_old(
        self, route: DeliveryRoute, waiting: Sequence[OutboxItem], report: Report
    ) -> Sequence[OutboxItem]:
        """The waiting pieces without older ones where only the newest counts; withdrawals are never dropped."""
        publish = [piece for piece in waiting if piece.action is OutboxAction.PUBLISH]
        withdrawn = {piece.guid for piece in waiting if piece.action is OutboxAction.WITHDRAW}
        old = [piece for piece in publish if piece.guid in withdrawn]
        if route.delivery.is_newest_only or route.rendition in (*FOLDER_RENDITIONS, *NEWEST_RENDITIONS):
            old += [piece for piece in publish[:-1] if piece not in old]
        for piece in old:
            note = "withdrawn" if piece.guid in withdrawn else "replaced by a newer one"
            self.outbox.finish(piece, now=self.clock(), note=note)
            report_piece(piece, DeliveryOutcome.SKIPPED, report, note=note)
        left = [piece for piece in waiting if piece not in old]
        paused = [piece for piece in old if is_handed_on(piece.next_try_at, now=self.clock())]
        for piece in left if paused else ():
            self.outbox.take_over(piece, paused[-1])
        return self.outbox.waiting(self.station, route.name) if old else left

    def _deliver(self, route: DeliveryRoute, piece: OutboxItem) -> str:
        """Deliver a piece; returns a note when there was nothing to deliver. Raises BulletinError."""
        if piece.action is OutboxAction.WITHDRAW:
            empty = self.shelf.empty_parcel(route.rendition, piece.guid, title=piece.title, due=piece.due)
            self._confirm()
            route.delivery.withdraw(replace(empty, confirm=self._confirm))
            return ""
        with scratch_folder(self.state) as scratch:
            parcel = self.shelf.pack(route.rendition, piece.guid, scratch=scratch)
            if parcel is None:
                return "not in the public folder any more"
            is_for_now = route.delivery.is_newest_only or route.rendition in NEWEST_RENDITIONS
            if is_for_now and parcel.expires is not None and parcel.expires <= self.clock():
                return f"expired at {parcel.expires:%d %b %H:%M} UTC"
            confirm = partial(self._confirm_publication, piece)
            confirm()  # packing took a while
            route.delivery.publish(replace(parcel, confirm=confirm))
        return ""

    def _confirm_publication(self, piece: OutboxItem) -> None:
        self._confirm()
        if self.outbox.is_withdrawn(piece):
            raise WithdrawnDeliveryError("withdrawn while it was being delivered")

    def _failed(self, route: DeliveryRoute, piece: OutboxItem, error: Exception, report: Report) -> bool:
        """Put a piece off, or give it up; returns whether the next piece may be tried."""
        now = self.clock()
        is_lasting = isinstance(error, BulletinError) and error.is_lasting
        words = str(error).removeprefix("delivery ").removeprefix(f"{route.name}: ")
        note = one_line(hide(words or type(error).__name__))[:_NOTE_CHARS]
        if self._is_hopeless(route, piece, now):
            note = f"given up after {piece.tries + 1} tries: {note}"
            self.outbox.finish(piece, now=now, state=OutboxState.GIVEN_UP, note=note)
            report_piece(piece, DeliveryOutcome.GIVEN_UP, report, note=note, is_lasting=is_lasting)
            return True
        pause = pause_after(piece.tries, is_lasting=is_lasting)
        self.outbox.put_off(piece, now=now, next_try_at=now + pause, note=note)
        report_piece(piece, DeliveryOutcome.FAILED, report, note=note, is_lasting=is_lasting)
        return False

    def _is_hopeless(self, route: DeliveryRoute, piece: OutboxItem, now: datetime) -> bool:
        """
        Whether a piece has waited longer than the route's limit.

        A long time without tries counts little: the machine was off, or its clock leapt ahead.
        """
        created = min(piece.created_at, now)
        tried = record_try(self.state / f"{self.station}.{route.name}.tried.json", now, since=created)
        days, counted = route.give_up / _DAY, route.give_up / _FEWEST_PAUSES
        return created <= tried.before(now, days=days, counted=counted)


def sender_of(
    loaded: LoadedProfile,
    *,
    folder: Path,
    state: Path,
    archive: Archive,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    fetch: FetchSound | None = None,
) -> Sender:
    """
    The station's sender; without work where the profile has no deliveries. Raises ConfigError.

    `fetch` brings the sounds that a machine of a group does not have.
    """
    outputs = loaded.profile.outputs
    shelf = PublicFolderReader(
        folder=folder,
        station=loaded.id,
        time_zone=loaded.profile.time_zone,
        episodes=archive,
        feed_url=feed_url(outputs.podcast, loaded.id) if "podcast" in outputs.make else "",
        fetch=fetch,
    )
    return Sender(
        station=loaded.id,
        routes=routes_of(loaded),
        shelf=shelf,
        state=state,
        outbox=Outbox(archive),
        clock=clock,
        worked=lambda now: record_run(state / UPTIME_FILE, now, made=archive.days_of_work),
    )
