"""Events of the reconciler and of other parts -> log lines, metrics, alerts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.model import SlotRecord
from bulletin.service.monitoring.alert_channels import AlertDispatch, alert_channels_of
from bulletin.service.monitoring.alert_rules import (
    FOLDER,
    AlertBook,
    AlertKind,
    read_open_alerts,
    write_open_alerts,
)
from bulletin.service.monitoring.prometheus_metrics import Metrics
from bulletin.service.monitoring.station_health import GOOD, LITTLE_ROOM, StationHealth
from bulletin.service.resources.disk_space_reserve import free_bytes
from bulletin.service.worker_base_classes import SlotOutcome, SlotWatcher
from bulletin.station.build_station_object import STATE

log = logging.getLogger(__name__)


class EventDesk(SlotWatcher):
    """The events of all stations of a process; called by the reconciler and by the threads of the pool."""

    def __init__(
        self,
        options: Mapping[str, AlertsOptions],
        *,
        metrics: Metrics,
        dispatch: AlertDispatch,
        read_health: Callable[[str], StationHealth],
        zone_of: Callable[[str], str],
        output: Path,
        now: Callable[[], datetime],
    ) -> None:
        """`options` by station; `zone_of` gives a station's time zone, since alerts name its local time."""
        self._metrics, self._dispatch, self._read_health = metrics, dispatch, read_health
        self._zone_of, self._output, self._now = zone_of, output, now
        self._lock = threading.Lock()
        self._unsaved: set[str] = set()
        """Stations whose open alerts are not in the file yet."""
        self._books: dict[str, AlertBook] = {}
        self.replace(options)

    def replace(self, options: Mapping[str, AlertsOptions]) -> None:
        """Use other options from now on, after a reload; open alerts stay open."""
        for station, alerts in options.items():
            if book := self._books.get(station):
                book.options = alerts
            else:
                known = read_open_alerts(self._path(station))
                self._books[station] = book = AlertBook(station=station, options=alerts, open=known)
                self._save(book)  # reserves the disk blocks of the file

    def met(self, record: SlotRecord) -> None:
        """Report a slot that is done: its level, its delay, and the voice and the feeds of its bulletin."""
        station, at = record.station, self._local_time(record)
        ahead_s = (record.due - record.ready_at).total_seconds() if record.ready_at else 0.0
        is_news = record.level in GOOD
        what = "bulletin" if is_news else "stand-by (spare bulletin)"
        notes = (record.note,) if record.note else ()
        text = what + " on air for a slot: station=%s due=%s level=%s ahead_s=%.0f in_time=%s"
        text += " note=%s" * len(notes)
        in_time, due = "yes" if record.is_met else "no", record.due.isoformat()
        log.info(text, station, due, record.level, ahead_s, in_time, *notes)
        self._metrics.met(record)
        stand_by = f"{at}: played the stand-by ({record.level}), {record.note or 'no fresh news'}"
        text = f"{at} bulletin is {record.level}" if is_news else stand_by
        self.report(station, AlertKind.STAND_BY, text, is_over=is_news)
        if is_news:
            self._report_voice_and_feeds(station)
        punctuality = "on time" if record.is_met else f"{-ahead_s:.0f} s late"
        self.report(station, AlertKind.SLOT_MISSED, f"{at} bulletin was {punctuality}", is_over=record.is_met)
        self.report(station, AlertKind.SERVICE, f"{at} bulletin is on air again", is_over=True)
        room = free_bytes(self._output)
        text = f"{room / 1024**2:.0f} MB are left where bulletins are written"
        self.report(station, AlertKind.DISK, text, is_over=room >= LITTLE_ROOM)

    def missed(self, record: SlotRecord) -> None:
        note = record.note or "the service did not run"
        text = "slot missed, no bulletin went on air: station=%s due=%s note=%s"
        log.error(text, record.station, record.due.isoformat(), note)
        self._metrics.missed(record)
        text = f"{self._local_time(record)}: no bulletin, {note}"
        self.report(record.station, AlertKind.SLOT_MISSED, text)

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        notes = (outcome.note,) if outcome.note else ()
        text = "stand-by (spare bulletin) ready: station=%s due=%s level=%s" + " note=%s" * len(notes)
        log.info(text, station, due.isoformat(), outcome.level, *notes)

    def failed(self, station: str, what: str, error: BaseException) -> None:
        """Report an unforeseen failure; `station` "" means all stations. Its traceback is in the log."""
        self._metrics.failed(station, what)
        for name in [station] if station else self._books:
            self.report(name, AlertKind.SERVICE, f"{what} failed: {type(error).__name__}: {error}")

    def report(
        self, station: str, kind: AlertKind, text: str, *, about: str = "", is_over: bool = False
    ) -> None:
        """Report a trouble of a station, or with `is_over` its end; the alert book decides about alerts."""
        book = self._books.get(station)
        if not book or (is_over and (kind, about) not in book.open):
            return
        with self._lock:
            if is_over:
                alert = book.resolve(kind, text, about=about)
            else:
                alert = book.raise_alert(kind, text, now=self._now(), about=about)
            self._save(book)
        if alert:
            self._dispatch.send(alert, alert_channels_of(book.options))

    def _report_voice_and_feeds(self, station: str) -> None:
        health = self._read_health(station)
        self._metrics.ran(station, health.timings)
        first = "the first voice" if health.is_first_voice else "not the first voice of the chain"
        text = f"{health.engine} read the bulletin, {first}"
        self.report(station, AlertKind.VOICE, text, is_over=health.is_first_voice)
        book = self._books.get(station)
        for kind, about in tuple(book.open) if book else ():
            if kind is AlertKind.FEED and about not in health.failing_feeds:
                self.report(station, AlertKind.FEED, "the feed is read again", about=about, is_over=True)
        for name, failures in health.failing_feeds.items():
            self.report(station, AlertKind.FEED, f"the feed failed {failures} times in a row", about=name)

    def save_again(self) -> None:
        """With every round: write the open alerts that are not in their file yet."""
        with self._lock:
            for station in tuple(self._unsaved):
                self._save(self._books[station])

    def _save(self, book: AlertBook) -> None:
        """Write the open alerts of a station; the caller holds the lock."""
        is_saved = write_open_alerts(self._path(book.station), book.open)
        (self._unsaved.discard if is_saved else self._unsaved.add)(book.station)

    def _path(self, station: str) -> Path:
        return self._output / STATE / FOLDER / f"{station}.json"

    def _local_time(self, record: SlotRecord) -> str:
        return f"{record.due.astimezone(ZoneInfo(self._zone_of(record.station))):%H:%M}"
