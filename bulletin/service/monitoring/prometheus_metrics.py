"""Metrics of the service for Prometheus: the only file that knows prometheus_client."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bulletin import __version__
from bulletin.model import Level, SlotRecord
from bulletin.service.monitoring.station_health import StationHealth
from bulletin.service.resources.disk_space_reserve import free_bytes
from bulletin.service.resources.limit_http_connections import REASONS

CONTENT_TYPE = CONTENT_TYPE_LATEST

_STAGE_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 45.0, 90.0, 180.0, 600.0)
_AHEAD_BUCKETS = (0.0, 5.0, 15.0, 30.0, 60.0, 90.0, 120.0, 300.0, 600.0)


class Metrics:
    """
    Counters of this process, and gauges that are read from the archive with each scrape.

    Names end in their unit, counters in _total (prometheus.io/docs/practices/naming); a label has as many
    values as the profiles have stations, feeds and voices, never a headline.
    """

    def __init__(
        self, *, stations: Callable[[], Sequence[StationHealth]], output: Path, speech: Path
    ) -> None:
        """`stations` reads the health of all; `output` and `speech` are folders whose bytes are shown."""
        self._read_stations, self._output, self._speech = stations, output, speech
        self._speech_counted_at = -math.inf
        self.count_web: Callable[[], Mapping[str, float]] = dict
        """Connections of the public server: "open", and those closed by the limits, by reason."""
        self._web: Mapping[str, float] = {}
        self.registry = registry = CollectorRegistry(auto_describe=True)
        counter, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        station = ("station",)
        self._reconciled = gauge(
            "bulletin_tick_timestamp_seconds", "When clock and ledger were last compared."
        )
        self._met = counter("bulletin_slots_met", "Slots with a bulletin, by its level.", (*station, "level"))
        self._missed = counter("bulletin_slots_missed", "Slots without a bulletin.", station)
        self._late = counter("bulletin_slots_late", "Slots met late.", station)
        self._failures = counter("bulletin_failures", "Unforeseen failures.", (*station, "what"))
        self._ahead = Histogram(
            "bulletin_slot_ahead_seconds",
            "How long before its slot a bulletin was on air; 0 when it was late.",
            station,
            buckets=_AHEAD_BUCKETS,
            registry=registry,
        )
        self._stages = Histogram(
            "bulletin_stage_duration_seconds",
            "Duration of each stage of a run.",
            (*station, "stage"),
            buckets=_STAGE_BUCKETS,
            registry=registry,
        )
        self._good = gauge("bulletin_last_good_timestamp_seconds", "Air time of the newest news.", station)
        self._coming = gauge("bulletin_next_slot_timestamp_seconds", "The next slot.", station)
        self._ready = gauge("bulletin_ready", "1: the last slot has its bulletin.", station)
        self._voice = gauge("bulletin_engine_info", "The last voice.", (*station, "engine", "voice"))
        self._feeds = gauge("bulletin_feed_failures_in_a_row", "Failures of a feed.", (*station, "feed"))
        self._outlets = gauge("bulletin_outbox_pieces", "Undelivered files.", (*station, "outlet", "state"))
        self._speech_bytes = gauge("bulletin_speech_cache_bytes", "Size of the speech cache.")
        self._free_bytes = gauge("bulletin_output_free_bytes", "Free disk space.")
        self._open = gauge("bulletin_public_connections", "Connections open now.")
        self._closed = counter(
            "bulletin_public_connections_closed", "Listeners' connections closed at a limit.", ("reason",)
        )
        gauge("bulletin_build_info", "The program's version.", ("version",)).labels(__version__).set(1)
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

    def expect(self, stations: Iterable[str]) -> None:
        """
        Expose counters of stations before they count anything.

        A series that begins with its first miss has no increase, so the first miss would raise no alert
        (prometheus.io/docs/practices/instrumentation, "Avoid missing metrics").
        """
        for station in stations:
            self._missed.labels(station)
            self._late.labels(station)
            for level in Level:
                self._met.labels(station, level)

    def reconciled(self, now: datetime) -> None:
        """Record that clock and ledger were compared."""
        self._reconciled.set(now.timestamp())

    def met(self, record: SlotRecord) -> None:
        """Count a slot that is done."""
        self._met.labels(record.station, record.level or "").inc()
        if not record.is_met:
            self._late.labels(record.station).inc()
        if record.ready_at:
            ahead_s = (record.due - record.ready_at).total_seconds()
            self._ahead.labels(record.station).observe(max(0.0, ahead_s))

    def missed(self, record: SlotRecord) -> None:
        """Count a slot that passed without a bulletin."""
        self._missed.labels(record.station).inc()

    def failed(self, station: str, what: str) -> None:
        """Count an unforeseen failure; "" stands for all stations."""
        self._failures.labels(station or "all", what).inc()

    def ran(self, station: str, timings: Mapping[str, float]) -> None:
        """Record the seconds per stage of a run."""
        for stage, seconds in timings.items():
            self._stages.labels(station, stage).observe(seconds)

    def exposition(self) -> bytes:
        """
        All metrics in the text format of Prometheus.

        Gauges of stations are read anew, so that they are correct after a restart too. Not thread-safe.
        """
        for gauge in (self._good, self._coming, self._ready, self._voice, self._feeds, self._outlets):
            gauge.clear()
        for health in self._read_stations():
            self._show_station(health)
        self._free_bytes.set(free_bytes(self._output))
        if time.monotonic() - self._speech_counted_at > 60:  # a cache may hold tens of thousands of files
            with suppress(OSError):  # deleted meanwhile: counted with the next minute
                files = filter(Path.is_file, self._speech.rglob("*"))
                self._speech_bytes.set(sum(path.stat().st_size for path in files))
            self._speech_counted_at = time.monotonic()
        before, self._web = self._web, self.count_web()
        self._open.set(self._web.get("open", 0))
        for reason in REASONS:
            closed, known = self._web.get(reason, 0), before.get(reason, 0)
            # a public server that was started again counts from 0
            self._closed.labels(reason).inc(closed - known if closed >= known else closed)
        return generate_latest(self.registry)

    def _show_station(self, health: StationHealth) -> None:
        name = health.station
        self._ready.labels(name).set(float(health.is_ready))
        if health.last_good_at:
            self._good.labels(name).set(health.last_good_at.timestamp())
        if health.next_due:
            self._coming.labels(name).set(health.next_due.timestamp())
        if health.engine:
            self._voice.labels(name, health.engine, health.voice).set(1)
        for feed, failures in health.failing_feeds.items():
            self._feeds.labels(name, feed).set(failures)
        for outlet, trouble in health.failing_outlets.items():
            self._outlets.labels(name, outlet, "waiting").set(trouble.waiting)
            self._outlets.labels(name, outlet, "given-up").set(trouble.given_up)
