"""Metrics of the service for Prometheus: the only file that knows prometheus_client."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
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
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from bulletin import __version__
from bulletin.model import Level, SlotRecord
from bulletin.service.monitoring.station_health import StationHealth, folder_bytes, free_bytes
from bulletin.service.resources.connection_limits import REASONS

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
        self.registry = registry = CollectorRegistry(auto_describe=True)
        self._reconciled = Gauge(
            "bulletin_tick_timestamp_seconds", "When clock and ledger were last compared.", registry=registry
        )
        self._met = Counter(
            "bulletin_slots_met",
            "Slots with a bulletin, by its level.",
            ("station", "level"),
            registry=registry,
        )
        self._missed = Counter(
            "bulletin_slots_missed", "Slots without a bulletin.", ("station",), registry=registry
        )
        self._late = Counter("bulletin_slots_late", "Slots met late.", ("station",), registry=registry)
        self._failures = Counter(
            "bulletin_failures", "Unforeseen failures.", ("station", "what"), registry=registry
        )
        self._ahead = Histogram(
            "bulletin_slot_ahead_seconds",
            "How long before its slot a bulletin was on air; 0 when it was late.",
            ("station",),
            buckets=_AHEAD_BUCKETS,
            registry=registry,
        )
        self._stages = Histogram(
            "bulletin_stage_duration_seconds",
            "Duration of each stage of a run.",
            ("station", "stage"),
            buckets=_STAGE_BUCKETS,
            registry=registry,
        )
        build = Gauge("bulletin_build_info", "The program's version.", ("version",), registry=registry)
        build.labels(__version__).set(1)
        registry.register(_Stations(stations, output=output, speech=speech))
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

    def expect(self, stations: Iterable[str]) -> None:
        """
        Expose counters of stations before they count anything.

        A series that begins with its first miss has no increase, so the first miss would alert nobody
        (prometheus.io/docs/practices/instrumentation, "Avoid missing metrics").
        """
        for station in stations:
            self._missed.labels(station)
            self._late.labels(station)
            for level in Level:
                self._met.labels(station, level)

    def watch_web(self, counts: Callable[[], Mapping[str, float]]) -> None:
        """Expose connections of the public server: "open", and those closed by the limits, by reason."""
        self.registry.register(_Web(counts))

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
        """All metrics in the text format of Prometheus."""
        return generate_latest(self.registry)


class _Stations(Collector):
    """Gauges that are read with each scrape, so that they are true after a restart too."""

    def __init__(
        self, stations: Callable[[], Sequence[StationHealth]], *, output: Path, speech: Path
    ) -> None:
        self._stations, self._output, self._speech = stations, output, speech
        self._lock = threading.Lock()
        self._cache_bytes, self._counted_at = 0, datetime.fromtimestamp(0, UTC)

    def describe(self) -> Iterator[Metric]:
        """Describe nothing: to collect would read the archive before it is open."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        station = ("station",)
        good = GaugeMetricFamily(
            "bulletin_last_good_timestamp_seconds", "Air time of the newest news.", labels=station
        )
        coming = GaugeMetricFamily("bulletin_next_slot_timestamp_seconds", "The next slot.", labels=station)
        ready = GaugeMetricFamily("bulletin_ready", "1: the last slot has its bulletin.", labels=station)
        voice = GaugeMetricFamily(
            "bulletin_engine_info", "The last voice.", labels=(*station, "engine", "voice")
        )
        feeds = GaugeMetricFamily(
            "bulletin_feed_failures_in_a_row", "Failures of a feed.", labels=(*station, "feed")
        )
        outlets = GaugeMetricFamily(
            "bulletin_outbox_pieces", "Undelivered files.", labels=(*station, "outlet", "state")
        )
        for health in self._stations():
            name = health.station
            ready.add_metric((name,), float(health.is_ready))
            if health.last_good_at:
                good.add_metric((name,), health.last_good_at.timestamp())
            if health.next_due:
                coming.add_metric((name,), health.next_due.timestamp())
            if health.engine:
                voice.add_metric((name, health.engine, health.voice), 1)
            for feed, failures in health.failing_feeds.items():
                feeds.add_metric((name, feed), failures)
            for outlet, trouble in health.failing_outlets.items():
                outlets.add_metric((name, outlet, "waiting"), trouble.waiting)
                outlets.add_metric((name, outlet, "given-up"), trouble.given_up)
        yield from (good, coming, ready, voice, feeds, outlets)
        yield GaugeMetricFamily(
            "bulletin_speech_cache_bytes", "Size of the speech cache.", value=self._count_cache()
        )
        free = free_bytes(self._output)
        yield GaugeMetricFamily("bulletin_output_free_bytes", "Free disk space.", value=free)

    def _count_cache(self) -> int:
        """At most once a minute: a cache may hold tens of thousands of files."""
        with self._lock:
            now = datetime.now(UTC)
            if abs((now - self._counted_at).total_seconds()) > 60:
                self._cache_bytes, self._counted_at = folder_bytes(self._speech), now
            return self._cache_bytes


class _Web(Collector):
    """Connections of the public server, another process that sends its counts every few seconds."""

    def __init__(self, counts: Callable[[], Mapping[str, float]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        counts = self._counts()
        yield GaugeMetricFamily(
            "bulletin_public_connections", "Connections open now.", value=counts.get("open", 0)
        )
        closed = CounterMetricFamily(
            "bulletin_public_connections_closed", "Connections closed by the limits.", labels=("reason",)
        )
        for reason in REASONS:
            closed.add_metric((reason,), counts.get(reason, 0))
        yield closed
