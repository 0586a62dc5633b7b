"""Public folder -> outbox -> destinations: in order, tried again until each piece is delivered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.delivery_outbox import KEPT, Outbox, OutboxAction, OutboxItem
from bulletin.config.load_profile import LoadedProfile
from bulletin.delivery.collect_files_to_deliver import FetchSound, PublicFile, PublicFolderReader
from bulletin.delivery.deliver_in_order import OrderedDelivery
from bulletin.delivery.delivered_by_others import results_of_others, wait_for_workers
from bulletin.delivery.delivery_interface import FOLDER_RENDITIONS
from bulletin.delivery.delivery_result import DeliveryOutcome, DeliveryResult, Report, result_of
from bulletin.delivery.targets_from_profile import DeliveryRoute, routes_of
from bulletin.publishing.podcast_urls import feed_url
from bulletin.runtime.count_days_by_uptime import UPTIME_FILE, UptimeLog, record_run
from bulletin.runtime.deadline import Deadline

_DAY = timedelta(days=1)


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
    has_lock: bool = True
    """Whether processes take turns by a lock file. A group's leases do without: a frozen process keeps its lock."""
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
            return self._send_by_workers(waiting, is_asked=is_asked, within_s=within_s or 0.0)
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
            left = (piece.id for piece in before[name] if piece.id not in numbers)
            done += results_of_others(self.outbox, left)
        return tuple(done)

    def work_off(
        self, route: DeliveryRoute, report: Report, is_asked: bool = False, wait_s: float = 0.0
    ) -> None:
        """
        Deliver the pieces of one destination in order until one fails. Raises nothing.

        Waits for another process that delivers there, at most `wait_s` seconds.
        """
        OrderedDelivery(
            station=self.station,
            route=route,
            shelf=self.shelf,
            state=self.state,
            outbox=self.outbox,
            clock=self.clock,
            is_mine=self.is_mine,
            has_lock=self.has_lock,
            refresh=self.refresh,
            report=report,
        ).work_off(is_asked=is_asked, wait_s=wait_s)

    def _send_by_workers(
        self, waiting: Mapping[str, Sequence[OutboxItem]], *, is_asked: bool, within_s: float
    ) -> tuple[DeliveryResult, ...]:
        """Let the workers of the group deliver; `waiting` has the pieces by destination."""
        assert self.ask_workers is not None
        if not waiting:
            return ()
        for name in waiting if is_asked else ():
            self.outbox.hasten(self.station, name, now=self.clock())
        if why := self.ask_workers(tuple(waiting)):
            firsts = (pieces[0] for pieces in waiting.values())
            return tuple(result_of(piece, DeliveryOutcome.WAITING, note=why) for piece in firsts)
        return wait_for_workers(self.outbox, waiting, clock=self.clock, within_s=within_s)

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
