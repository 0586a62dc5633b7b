"""Works off the outbox while the clock ticks: a look every few seconds, and a thread for each place."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.delivery.delivery_result import DeliveryOutcome, DeliveryResult
from bulletin.delivery.delivery_routes import DeliveryRoute
from bulletin.delivery.sender import Sender, sender_of
from bulletin.errors import BulletinError
from bulletin.service.monitoring.alert_rules import AlertKind
from bulletin.station.station import STATE

log = logging.getLogger(__name__)

EVERY_S = 5.0
_BLIP_TRIES = 2
"""One failure in between is nobody's trouble: the next try comes within seconds."""

Note = Callable[..., None]
"""As `Desk.report`."""


class OutboxLoop:
    """
    Of all stations of a process.

    A place that hangs has a thread that hangs, and nobody else waits for it. What is on its way when the
    service stops is brought there again by the next one.
    """

    def __init__(
        self, *, loaded: Callable[[], Sequence[LoadedProfile]], output: Path, archive: Archive, report: Note
    ) -> None:
        self._loaded, self._output, self._archive, self._report = loaded, output, archive, report
        self._senders: dict[str, tuple[LoadedProfile, Sender]] = {}
        self._busy: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._idle = threading.Condition(self._lock)

    def start(self, *, every_s: float = EVERY_S) -> None:
        """Look again and again, in a thread of its own."""
        threading.Thread(target=self._run, args=(every_s,), name="postman", daemon=True).start()

    def stop(self, *, within_s: float) -> None:
        """Let what is on its way arrive, as far as there is time."""
        self._stop.set()
        with self._idle:
            if not self._idle.wait_for(lambda: not self._busy, within_s):
                places = ", ".join(f"{station} {name}" for station, name in sorted(self._busy))
                log.warning("stopped while something is on its way; it is brought again: %s", places)

    def look(self) -> None:
        """Write down what is new, and have it brought. Raises nothing: the next look must come."""
        for loaded in self._loaded():
            if not loaded.profile.deliveries:
                continue
            try:
                sender = self._sender(loaded)
                sender.note()
                for route in sender.routes:
                    self._submit(sender, route)
            except BulletinError as error:
                log.error("outbox: station=%s: %s", loaded.id, error)
            except Exception:
                log.exception("outbox: station=%s", loaded.id)

    def _run(self, every_s: float) -> None:
        while not self._stop.is_set():
            self.look()
            self._stop.wait(every_s)

    def _sender(self, loaded: LoadedProfile) -> Sender:
        """Built anew only for a profile that has changed."""
        known = self._senders.get(loaded.id)
        if known and known[0] is loaded:
            return known[1]
        folder, state = self._output / loaded.id, self._output / STATE
        sender = sender_of(loaded, folder=folder, state=state, archive=self._archive)
        self._senders[loaded.id] = loaded, sender
        return sender

    def _submit(self, sender: Sender, route: DeliveryRoute) -> None:
        place = sender.station, route.name
        with self._lock:
            if place in self._busy:
                return
            self._busy.add(place)
        try:
            threading.Thread(
                target=self._carry, args=(sender, route), name=f"delivery-{route.name}", daemon=True
            ).start()
        except RuntimeError:  # the system has no room for one more thread now
            self._leave(place)
            raise

    def _carry(self, sender: Sender, route: DeliveryRoute) -> None:
        try:
            sender.work_off(route, lambda sent: self._tell(sender.station, sent))
        finally:
            self._leave((sender.station, route.name))

    def _leave(self, place: tuple[str, str]) -> None:
        with self._idle:
            self._busy.discard(place)
            self._idle.notify_all()

    def _tell(self, station: str, sent: DeliveryResult) -> None:
        if sent.result is DeliveryOutcome.SENT:
            self._report(
                station, AlertKind.OUTLET, "it takes bulletins again", about=sent.delivery, is_over=True
            )
        elif sent.result is DeliveryOutcome.GIVEN_UP or (
            sent.result is DeliveryOutcome.FAILED and (sent.is_lasting or sent.tries >= _BLIP_TRIES)
        ):
            self._report(station, AlertKind.OUTLET, sent.note, about=sent.delivery)
