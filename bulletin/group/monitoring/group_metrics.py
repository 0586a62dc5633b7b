"""State of a group for Prometheus: gauges that are read from the ledgers with each scrape."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bulletin import __version__
from bulletin.archive.ledgers.group.pieces_of_work import KINDS
from bulletin.errors import ArchiveError
from bulletin.group.monitoring.group_status import GroupStatus, SlotStanding


class GroupMetrics:
    """
    Gauges of a group; every planner shows the same, since all read one database.

    A label has as many values as the group has stations, workers, voices and kinds of pieces.
    """

    def __init__(self, read: Callable[[], GroupStatus]) -> None:
        """`read` reads the state; an ArchiveError makes `bulletin_group_up` 0, and the others disappear."""
        self._read = read
        self.registry = registry = CollectorRegistry(auto_describe=True)
        gauge = partial(_gauge, registry)
        self._up = gauge("bulletin_group_up", "1: the database of the group can be read.")
        self._slots = gauge(
            "bulletin_group_slots", "Slots of the last and the next hour.", "hour", "standing"
        )
        self._last = gauge(
            "bulletin_group_last_slot", "1: the last slot has this standing.", "station", "standing"
        )
        self._unserved = gauge("bulletin_group_unserved", "1: no worker can serve the station.", "station")
        self._pieces = gauge("bulletin_group_pieces", "Pieces of work that are not done.", "kind", "state")
        self._ended = gauge(
            "bulletin_group_pieces_last_hour", "Pieces that ended in the last hour.", "kind", "state"
        )
        self._age = gauge(
            "bulletin_group_queue_age_seconds", "Time that the oldest piece has waited for a worker."
        )
        self._canary = gauge(
            "bulletin_group_canary_age_seconds", "Time since the queue carried its last test job."
        )
        self._workers = gauge("bulletin_group_workers", "Workers and planners.", "role", "state")
        self._holds = gauge("bulletin_group_worker_pieces", "Pieces of work that the worker holds.", "worker")
        names = ("worker", "machine", "role", "version")
        self._silence = gauge(
            "bulletin_group_worker_silence_seconds", "Time since the last sign of life.", *names
        )
        self._voices = gauge(
            "bulletin_group_voice_missing", "Stations that wait for a voice that no worker has.", "voice"
        )
        self._clock = gauge(
            "bulletin_group_clock_ahead_seconds", "This machine's clock ahead of the database's."
        )
        self._of_status = (
            *(self._slots, self._last, self._unserved, self._pieces, self._ended),
            *(self._workers, self._holds, self._silence, self._voices),
        )
        gauge("bulletin_group_build_info", "Version of this process.", "version").labels(__version__).set(1)

    def exposition(self) -> bytes:
        """All metrics in the text format of Prometheus. Not thread-safe."""
        for gauge in self._of_status:
            gauge.clear()
        try:
            status = self._read()
        except ArchiveError:
            self._up.set(0)
            for age in (self._age, self._canary, self._clock):
                age.set(float("nan"))
        else:
            self._up.set(1)
            self._show(status)
        return generate_latest(self.registry)

    def _show(self, status: GroupStatus) -> None:
        for hour, slots in (("last", status.past), ("next", status.coming)):
            for standing in SlotStanding:
                self._slots.labels(hour, standing).set(slots.get(standing, 0))
        for station in status.stations:
            if station.last_standing:
                self._last.labels(station.station, station.last_standing).set(1)
            if station.unserved:
                self._unserved.labels(station.station).set(1)
        self._age.set(status.queue_age_s)
        self._canary.set(float("nan") if status.canary_age_s is None else status.canary_age_s)
        self._clock.set(status.clock_ahead_s)
        for voice, stations in status.voices_missing.items():
            self._voices.labels(voice).set(len(stations))
        self._show_pieces(status)
        self._show_workers(status)

    def _show_pieces(self, status: GroupStatus) -> None:
        none = dict.fromkeys(KINDS, 0)  # a kind that is shown with its first piece only has no line before
        for state, open_pieces in (("waiting", status.waiting), ("working", status.working)):
            for kind, number in (none | {**open_pieces}).items():
                self._pieces.labels(kind, state).set(number)
        for state, ended in (("done", status.done), ("failed", status.failed)):
            for kind, number in (none | {**ended}).items():
                self._ended.labels(kind, state).set(number)

    def _show_workers(self, status: GroupStatus) -> None:
        for role in ("worker", "planner"):
            for state in ("alive", "silent"):
                self._workers.labels(role, state).set(0)
        for standing in status.workers:
            worker = standing.worker
            roles = [("worker", worker.does_pieces), ("planner", worker.plans)]
            for role in (role for role, has in roles if has):
                self._workers.labels(role, "alive" if standing.is_alive else "silent").inc()
            self._holds.labels(worker.name).set(len(standing.holds))
            if worker.seen_at:
                silence_s = max(0.0, (status.at - worker.seen_at).total_seconds())
                labels = (worker.name, worker.machine, worker.role, worker.version)
                self._silence.labels(*labels).set(silence_s)


def _gauge(registry: CollectorRegistry, name: str, help_text: str, *labels: str) -> Gauge:
    return Gauge(name, help_text, labels, registry=registry)
