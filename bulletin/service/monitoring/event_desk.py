"""What the keeper tells -> the log, the metrics, and the people who want to know."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.model import SlotRecord
from bulletin.service.monitoring.alert_channels import AlertDispatch, alert_channels_of
from bulletin.service.monitoring.alert_rules import Alert, AlertBook, AlertKind
from bulletin.service.monitoring.open_alerts import FOLDER, keep_room, read_open_alerts, write_open_alerts
from bulletin.service.monitoring.prometheus_metrics import Metrics
from bulletin.service.monitoring.station_health import GOOD, LITTLE_ROOM, StationHealth, free_bytes
from bulletin.service.service_ports import SlotOutcome
from bulletin.station.station import STATE

log = logging.getLogger(__name__)


class EventDesk:
    """Of all stations of a process. Its methods are called by the ticking and by the working threads."""

    def __init__(
        self,
        options: Mapping[str, AlertsOptions],
        *,
        metrics: Metrics,
        dispatch: AlertDispatch,
        look: Callable[[str], StationHealth],
        output: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._metrics, self._dispatch, self._look = metrics, dispatch, look
        self._output, self._now = output, now
        self._options = dict(options)
        self._kept, self._lock = output / STATE / FOLDER, threading.Lock()
        self._unkept: set[str] = set()
        """Stations whose open troubles are not written down yet, or not as often as they came."""
        self._books = {station: self._book(station, one) for station, one in options.items()}

    def replace(self, options: Mapping[str, AlertsOptions]) -> None:
        """Other options from now on, after a reload; what is open stays open."""
        self._options = dict(options)
        for station, one in options.items():
            if book := self._books.get(station):
                book.after, book.cool_down = one.after, timedelta(minutes=one.cool_down_min)
            else:
                self._books[station] = self._book(station, one)

    def met(self, record: SlotRecord) -> None:
        """A slot has what it needs; was it news, and did all go well that was needed for it?"""
        ahead_s = (record.due - record.ready_at).total_seconds() if record.ready_at else 0.0
        log.info(
            "slot met: station=%s due=%s level=%s ahead_s=%.0f in_time=%s note=%s",
            record.station,
            record.due.isoformat(),
            record.level,
            ahead_s,
            "yes" if record.is_met else "no",
            record.note or "-",
        )
        self._metrics.met(record)
        at = record.due.strftime("%H:%M UTC")
        if record.level in GOOD:
            self._resolve(record.station, AlertKind.STAND_BY, f"the bulletin of {at} is {record.level}")
            self._look_closer(record.station)
        else:
            note = record.note or "unknown reason"
            self._raise(
                record.station, AlertKind.STAND_BY, f"{at}: played a stand-by ({record.level}): {note}"
            )
        if record.is_met:
            self._resolve(record.station, AlertKind.SLOT_MISSED, f"{at} bulletin was on time")
        else:
            self._raise(record.station, AlertKind.SLOT_MISSED, f"{at} bulletin was {-ahead_s:.0f} s late")
        self._resolve(record.station, AlertKind.SERVICE, f"{at} bulletin is on air again")
        self._look_at_disk(record.station)

    def missed(self, record: SlotRecord) -> None:
        """A slot passed with nothing."""
        log.error(
            "slot missed: station=%s due=%s note=%s",
            record.station,
            record.due.isoformat(),
            record.note or "-",
        )
        self._metrics.missed(record)
        note = record.note or "the service did not run"
        self._raise(
            record.station,
            AlertKind.SLOT_MISSED,
            f"{record.due:%H:%M} UTC: no bulletin and no stand-by: {note}",
        )

    def prepared(self, station: str, due: datetime, outcome: SlotOutcome) -> None:
        """A stand-by lies there for a slot to come."""
        log.info(
            "stand-by ready: station=%s due=%s level=%s note=%s",
            station,
            due.isoformat(),
            outcome.level,
            outcome.note or "-",
        )

    def failed(self, station: str, what: str, error: BaseException) -> None:
        """Something went wrong that was not foreseen; the log has its trace already."""
        self._metrics.failed(station, what, error)
        for one in [station] if station else self._books:
            self._raise(one, AlertKind.SERVICE, f"{what} failed: {type(error).__name__}: {error}")

    def noted(
        self, station: str, kind: AlertKind, text: str, *, about: str = "", is_over: bool = False
    ) -> None:
        """What others have to say: a profile that is refused, an archive that was set aside, a place that is down."""
        tell = self._resolve if is_over else self._raise
        tell(station, kind, text, about=about)

    def _look_closer(self, station: str) -> None:
        """Who spoke, and which feeds were silent."""
        health = self._look(station)
        self._metrics.ran(station, dict(health.timings))
        if health.is_first_voice:
            self._resolve(station, AlertKind.VOICE, f"{health.engine} speaks")
        else:
            self._raise(
                station, AlertKind.VOICE, f"{health.engine} spoke, which is not the first of the chain"
            )
        book = self._books.get(station)
        for kind, about in book.troubles() if book else ():
            if kind is AlertKind.FEED and about not in health.failing_feeds:
                self._resolve(station, AlertKind.FEED, "it answers again", about=about)
        for name, failures in health.failing_feeds.items():
            self._raise(station, AlertKind.FEED, f"it has failed {failures} times in a row", about=name)

    def _look_at_disk(self, station: str) -> None:
        room = free_bytes(self._output)
        told = f"{room / 1024**2:.0f} MB are left where bulletins are written"
        if room < LITTLE_ROOM:
            self._raise(station, AlertKind.DISK, told)
        else:
            self._resolve(station, AlertKind.DISK, told)

    def _raise(self, station: str, kind: AlertKind, text: str, *, about: str = "") -> None:
        if book := self._books.get(station):
            with self._lock:
                is_new = (kind, about) not in book.open
                alert = book.raise_alert(kind, text, now=self._now(), about=about)
                if alert or is_new:
                    self._keep(book)
                else:  # a week of missed slots writes its count once
                    self._unkept.add(station)
            self._tell(alert)

    def _resolve(self, station: str, kind: AlertKind, text: str, *, about: str = "") -> None:
        book = self._books.get(station)
        if book and (kind, about) in book.open:
            with self._lock:
                alert = book.resolve(kind, text, about=about)
                self._keep(book)
            self._tell(alert)

    def _book(self, station: str, options: AlertsOptions) -> AlertBook:
        keep_room(self._path(station))
        return AlertBook(
            station=station,
            after=options.after,
            cool_down=timedelta(minutes=options.cool_down_min),
            open=read_open_alerts(self._path(station)),
        )

    def keep_again(self) -> None:
        """With every round: what is not written down yet, or could not be."""
        if self._unkept:
            with self._lock:
                for station in tuple(self._unkept):
                    self._keep(self._books[station])

    def _keep(self, book: AlertBook) -> None:
        """With the lock in hand."""
        is_kept = write_open_alerts(self._path(book.station), book.open)
        (self._unkept.discard if is_kept else self._unkept.add)(book.station)

    def _path(self, station: str) -> Path:
        return self._kept / f"{station}.json"

    def _tell(self, alert: Alert | None) -> None:
        if alert:
            self._dispatch.send(alert, alert_channels_of(self._options[alert.station]))
