"""Outbox loop of a service: a look every few seconds, and a thread for each delivery."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.config.load_profile import LoadedProfile
from bulletin.delivery.delivery_result import DeliveryOutcome, DeliveryResult
from bulletin.delivery.send_deliveries import Sender
from bulletin.delivery.targets_from_profile import DeliveryRoute
from bulletin.errors import BulletinError
from bulletin.service.monitoring.alert_rules import AlertKind, Report
from bulletin.station.open_sender import open_sender

log = logging.getLogger(__name__)

EVERY_S = 5.0
_BLIP_TRIES = 2
"""A single failure is not reported: the next try comes within seconds."""


class OutboxLoop:
    """
    Deliveries of all stations of a process.

    A server that hangs keeps only its own thread. The next service repeats a delivery that a stop interrupts.
    """

    def __init__(
        self, *, loaded: Callable[[], Sequence[LoadedProfile]], output: Path, archive: Archive, report: Report
    ) -> None:
        self._loaded, self._output, self._archive, self._report = loaded, output, archive, report
        self._senders: dict[str, tuple[LoadedProfile, Sender]] = {}
        self._busy: set[tuple[str, str]] = set()
        self._stop = threading.Event()
        self._idle = threading.Condition()

    def start(self) -> None:
        """Start the loop in its own thread."""
        threading.Thread(target=self._run, name="outbox", daemon=True).start()

    def stop(self, *, within_s: float) -> None:
        """Let running deliveries end, as far as there is time."""
        self._stop.set()
        with self._idle:
            if not self._idle.wait_for(lambda: not self._busy, within_s):
                names = ", ".join(f"{name} (station {station})" for station, name in sorted(self._busy))
                text = "service stopped during deliveries, the next start repeats them: deliveries=%s"
                log.warning(text, names)

    def deliver_new(self) -> None:
        """Write new files into the outbox, and begin their deliveries. Raises nothing: the loop goes on."""
        for loaded in self._loaded():
            if not loaded.profile.deliveries:
                continue
            try:
                sender = self._sender(loaded)
                sender.note()
                for route in sender.routes:
                    self._submit(sender, route)
            except Exception as error:
                is_known = isinstance(error, BulletinError)
                log.error("outbox not delivered: station=%s: %s", loaded.id, error, exc_info=not is_known)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.deliver_new()
            self._stop.wait(EVERY_S)

    def _sender(self, loaded: LoadedProfile) -> Sender:
        """The station's sender; a new one where the profile has changed."""
        known, sender = self._senders.get(loaded.id, (None, None))
        if sender is None or known is not loaded:
            sender = open_sender(loaded, output=self._output, archive=self._archive)
            self._senders[loaded.id] = loaded, sender
        return sender

    def _submit(self, sender: Sender, route: DeliveryRoute) -> None:
        key = sender.station, route.name
        thread = threading.Thread(target=self._deliver, args=(sender, route), daemon=True)
        with self._idle:
            if key not in self._busy:
                thread.start()  # raises where the system has no room for one more now
                self._busy.add(key)

    def _deliver(self, sender: Sender, route: DeliveryRoute) -> None:
        try:
            sender.work_off(route, lambda result: self._report_result(sender.station, result))
        finally:
            with self._idle:
                self._busy.discard((sender.station, route.name))
                self._idle.notify_all()

    def _report_result(self, station: str, sent: DeliveryResult) -> None:
        is_over = sent.result is DeliveryOutcome.SENT
        is_lasting = sent.is_lasting or sent.tries >= _BLIP_TRIES
        is_trouble = sent.result is DeliveryOutcome.FAILED and is_lasting
        if is_over or is_trouble or sent.result is DeliveryOutcome.GIVEN_UP:
            text = "it takes bulletins again" if is_over else sent.note
            self._report(station, AlertKind.OUTLET, text, about=sent.delivery, is_over=is_over)
