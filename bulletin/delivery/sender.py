"""The public folder -> the outbox -> places elsewhere: in order, again and again, until it is there."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.outbox import KEPT, Outbox, OutboxAction, OutboxItem, OutboxState
from bulletin.config.load_profile import LoadedProfile
from bulletin.delivery.delivery_port import TREES, Parcel
from bulletin.delivery.delivery_result import (
    DeliveryOutcome,
    DeliveryResult,
    Report,
    sent_of,
    still_waiting,
    tell_piece,
)
from bulletin.delivery.delivery_routes import DeliveryRoute, routes_of
from bulletin.delivery.public_folder import NEWEST, PublicFolderReader
from bulletin.errors import BulletinError, DeliveryError, OutletError
from bulletin.runtime.backoff import is_handed_on, must_wait, pause_after
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.file_lock import LockedError, hold
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.runtime.redaction import hide, one_line
from bulletin.runtime.uptime_log import WORKED, UptimeLog, note_try, note_work

log = logging.getLogger(__name__)

_NOTE_CHARS = 700
"""Of what a stranger's server or program says, and of what is told of a changed host key."""
_DAY = timedelta(days=1)
_FEWEST_PAUSES = 8
"""After as many long times without a try it is given up, where nothing runs but now and then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One station's deliveries. Its methods may be called by several threads and processes at once."""

    station: str
    routes: tuple[DeliveryRoute, ...]
    shelf: PublicFolderReader
    state: Path
    """Private: locks and scratch."""
    outbox: Outbox
    clock: Callable[[], datetime]
    worked: Callable[[datetime], UptimeLog] = lambda now: UptimeLog()
    """How far back a limit of days reaches, whatever the clock does; by default as the calendar has it."""
    """The profile's own, which a server or a program may say again: no note holds them."""

    def note(self) -> int:
        """
        Write down what lies in the public folder and was not brought to its places yet; say how many pieces.

        A place that is new gets the newest only. What the archive knows as withdrawn is taken back.
        """
        if not self.routes and not self._is_known():
            return 0
        now = self.clock()
        self.outbox.drop_strangers(self.station, [route.name for route in self.routes], now=now)
        added = sum(self._note(route, now) for route in self.routes)
        if added:
            self.outbox.forget(self.station, before=self.worked(now).before(now, days=KEPT / _DAY))
        return added

    def take_back(self, guids: Iterable[str]) -> int:
        """Have bulletins withdrawn wherever they went, or were to go; say how many pieces that makes."""
        gone, added = tuple(guids), 0
        for route in self.routes:
            for piece in self.outbox.published(self.station, route.name, gone):
                added += self._add(route, OutboxAction.WITHDRAW, piece.guid, piece.title, piece.due)
        return added

    def send(self, *, is_asked: bool = False, within_s: float | None = None) -> tuple[DeliveryResult, ...]:
        """
        Work off what is due, each place in a thread of its own, so that a slow one keeps no other waiting.

        Says of each piece that waited what became of it, also where another process (the service) has brought it
        or is at it; for that one it waits. `is_asked`: try now, however long the pause would be. What is not done
        `within_s` stays in the outbox.
        """
        before = {route.name: self.outbox.waiting(self.station, route.name) for route in self.routes}
        found: list[DeliveryResult] = []
        threads = [
            threading.Thread(
                target=self.work_off,
                args=(route, found.append, is_asked, within_s or 0.0),
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
        late = [thread.name for thread in threads if thread.is_alive()]
        told = list(found)
        told += [
            DeliveryResult(
                delivery=name,
                title="",
                action=OutboxAction.PUBLISH,
                result=DeliveryOutcome.FAILED,
                note=f"is still at work after {within_s:.0f} s; what is not done stays in the outbox",
            )
            for name in late
        ]
        failed = {one.delivery for one in told if one.result is DeliveryOutcome.FAILED}
        numbers = {one.number for one in told}
        for name in before.keys() - failed:
            told += self._by_others(piece.id for piece in before[name] if piece.id not in numbers)
        return tuple(told)

    def _by_others(self, numbers: Iterable[int]) -> Iterator[DeliveryResult]:
        """What became of pieces of one place that this process did not work off itself."""
        waiting: list[OutboxItem] = []
        for piece in filter(None, map(self.outbox.find, numbers)):
            if piece.state is OutboxState.WAITING:
                waiting.append(piece)
            elif piece.state is OutboxState.GIVEN_UP:
                yield sent_of(piece, DeliveryOutcome.GIVEN_UP, note=piece.note)
            elif piece.state is OutboxState.DONE and not piece.note:
                yield sent_of(piece, DeliveryOutcome.SENT)
        if waiting:
            yield still_waiting(waiting)

    def work_off(
        self, route: DeliveryRoute, report: Report, is_asked: bool = False, wait_s: float = 0.0
    ) -> None:
        """
        One place: in order, until it is done or fails. Raises nothing.

        Where another process is at it, that one is waited for, `wait_s` seconds at most.
        """
        lock = self.state / f"{self.station}.{route.name}.delivery.lock"
        try:
            self._make_state()
            with hold(lock, wait_s=wait_s):
                while self._work(route, report, is_asked=is_asked):
                    pass
        except LockedError:
            log.info("another process delivers there: station=%s delivery=%s", self.station, route.name)
        except BulletinError as error:
            log.error("delivery: station=%s delivery=%s: %s", self.station, route.name, error)

    def _make_state(self) -> None:
        """Somebody may have deleted it; but a share that is not mounted is not filled underneath."""
        try:
            self.state.mkdir(exist_ok=True)
        except OSError as error:
            raise OutletError(
                f"{self.state}: is not there and cannot be made ({error.strerror}); mount or make "
                f"{self.state.parent} again, then what waits goes out"
            ) from error

    # -- what is to be done

    def _is_known(self) -> bool:
        return bool(self.outbox.rows(self.station, limit=1))

    def _note(self, route: DeliveryRoute, now: datetime) -> int:
        lying = self.shelf.lying(route.rendition, now=now)
        newest = max((one.due for one in lying if one.due), default=None)
        of_newest = [one for one in lying if one.due == newest]
        if route.delivery.is_newest_only:
            # the correction of an older bulletin comes last, and must not take the newest one's place there
            lying = tuple(of_newest)
        known = self.outbox.published(self.station, route.name, [one.guid for one in lying])
        guids = {piece.guid for piece in known}
        last = max((at for at, one in enumerate(lying) if one.guid in guids), default=-1)
        new = lying[last + 1 :] if last >= 0 else of_newest[-1:]
        added = sum(self._add(route, OutboxAction.PUBLISH, one.guid, one.title, one.due) for one in new)
        for piece in self.outbox.withdrawn(self.station, route.name):
            added += self._add(route, OutboxAction.WITHDRAW, piece.guid, piece.title, piece.due)
        return added

    def _add(
        self, route: DeliveryRoute, action: OutboxAction, guid: str, title: str, due: datetime | None
    ) -> bool:
        if action is OutboxAction.WITHDRAW and route.rendition in TREES:
            return False  # how the folder lies now is all that counts there
        return self.outbox.add(self.station, route.name, guid, action, now=self.clock(), title=title, due=due)

    # -- doing it

    def _work(self, route: DeliveryRoute, report: Report, *, is_asked: bool) -> bool:
        """The first piece that waits there. False: there is none, or it must wait, and so must all behind it."""
        waiting = self._without_old(route, self.outbox.waiting(self.station, route.name), report)
        if not waiting:
            return False
        piece, now = waiting[0], self.clock()
        if must_wait(piece.next_try_at, now=now) and not is_asked:
            return False
        try:
            note = self._deliver(route, piece)
        except BulletinError as error:
            return self._failed(route, piece, error, report)
        except Exception as error:
            log.exception("delivery failed: station=%s delivery=%s", self.station, route.name)
            return self._failed(route, piece, error, report)
        self.outbox.finish(piece, now=self.clock(), note=note)
        tell_piece(piece, DeliveryOutcome.SKIPPED if note else DeliveryOutcome.SENT, report, note=note)
        return True

    def _without_old(
        self, route: DeliveryRoute, waiting: Sequence[OutboxItem], report: Report
    ) -> Sequence[OutboxItem]:
        """Where only the newest counts, those before it need not go out; what is withdrawn must, always."""
        publish = [piece for piece in waiting if piece.action is OutboxAction.PUBLISH]
        withdrawn = {piece.guid for piece in waiting if piece.action is OutboxAction.WITHDRAW}
        old = [piece for piece in publish if piece.guid in withdrawn]
        if route.delivery.is_newest_only or route.rendition in (*TREES, *NEWEST):
            old += [piece for piece in publish[:-1] if piece not in old]
        for piece in old:
            note = "withdrawn" if piece.guid in withdrawn else "a newer one took its place"
            self.outbox.finish(piece, now=self.clock(), note=note)
            tell_piece(piece, DeliveryOutcome.SKIPPED, report, note=note)
        left = [piece for piece in waiting if piece not in old]
        held = [piece for piece in old if is_handed_on(piece.next_try_at, now=self.clock())]
        return [self._held(piece, held[-1]) for piece in left] if held else left

    def _held(self, piece: OutboxItem, before: OutboxItem) -> OutboxItem:
        """The piece, left in peace as long as the one whose place it takes."""
        self.outbox.take_over(piece, before)
        return replace(piece, tries=before.tries, next_try_at=before.next_try_at)

    def _deliver(self, route: DeliveryRoute, piece: OutboxItem) -> str:
        """Bring it there; a note says why there was nothing to bring. Raises BulletinError."""
        if piece.action is OutboxAction.WITHDRAW:
            parcel = self.shelf.farewell(route.rendition, piece.guid, title=piece.title, due=piece.due)
            route.delivery.withdraw(parcel)
            return ""
        with scratch_folder(self.state) as scratch:
            packed = self.shelf.pack(route.rendition, piece.guid, scratch=scratch)
            if packed is None:
                return "it does not lie in the public folder any more"
            if self._is_over(route, packed):
                return f"nobody should hear it any more since {packed.expires:%d %b %H:%M} UTC"
            route.delivery.publish(packed)
        return ""

    def _is_over(self, route: DeliveryRoute, parcel: Parcel) -> bool:
        is_for_now = route.delivery.is_newest_only or route.rendition in NEWEST
        return is_for_now and parcel.expires is not None and parcel.expires <= self.clock()

    def _failed(self, route: DeliveryRoute, piece: OutboxItem, error: Exception, report: Report) -> bool:
        """Put it off, or give it up; whether the next one may try."""
        now = self.clock()
        is_lasting = isinstance(error, DeliveryError) and error.is_lasting
        note = one_line(hide(str(error) or type(error).__name__))[:_NOTE_CHARS]
        if self._is_hopeless(route, piece, now):
            told = f"given up after {piece.tries + 1} tries: {note}"
            self.outbox.finish(piece, now=now, state=OutboxState.GIVEN_UP, note=told)
            tell_piece(piece, DeliveryOutcome.GIVEN_UP, report, note=told, is_lasting=is_lasting)
            return True
        pause = pause_after(piece.tries, is_lasting=is_lasting)
        self.outbox.put_off(piece, now=now, next_try_at=now + pause, note=note)
        tell_piece(piece, DeliveryOutcome.FAILED, report, note=note, is_lasting=is_lasting)
        return False

    def _is_hopeless(self, route: DeliveryRoute, piece: OutboxItem, now: datetime) -> bool:
        """
        Whether it has been tried, or has waited its turn, for so long.

        A time without tries counts little, however long: the machine was off, or a clock has skipped it.
        """
        came = min(piece.created_at, now)
        tried = note_try(self.state / f"{self.station}.{route.name}.tried.json", now, since=came)
        days, counted = route.give_up / _DAY, route.give_up / _FEWEST_PAUSES
        return came <= tried.before(now, days=days, counted=counted)


def sender_of(
    loaded: LoadedProfile,
    *,
    folder: Path,
    state: Path,
    archive: Archive,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Sender:
    """The station's sender; costs nothing where the profile has no deliveries. Raises ConfigError."""
    base = loaded.profile.outputs.podcast.base_url
    shelf = PublicFolderReader(
        folder=folder,
        station=loaded.id,
        time_zone=loaded.profile.time_zone,
        episodes=archive,
        feed_url=f"{base.rstrip('/')}/{loaded.id}/feed.xml"
        if "podcast" in loaded.profile.outputs.make
        else "",
    )
    return Sender(
        station=loaded.id,
        routes=routes_of(loaded),
        shelf=shelf,
        state=state,
        outbox=Outbox(archive),
        clock=clock,
        worked=lambda now: note_work(state / WORKED, now, made=archive.days_of_work),
    )
