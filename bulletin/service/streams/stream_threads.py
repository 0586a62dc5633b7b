"""Streams of a service: a thread for each station that has one, so that the reconciler never waits for a listener."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.stream_options import stream_kind
from bulletin.errors import BulletinError
from bulletin.publishing.swap_standby import prepared_folder
from bulletin.runtime.deadline import Deadline
from bulletin.service.monitoring.alert_rules import AlertKind, Report
from bulletin.service.streams.ready_bulletin import find_ready
from bulletin.service.streams.stream_slot import AHEAD, Clock, air_at, describe_sent, next_slot
from bulletin.station.factories import stream_of
from bulletin.station.station import STATE
from bulletin.streaming.stream_port import Stream

log = logging.getLogger(__name__)

_CHECK_S = 10.0
"""Between two looks at the clock, which may be set, while no slot is near."""
_ASLEEP = timedelta(minutes=30)
_SOON = AHEAD + timedelta(seconds=_CHECK_S)


OpenStream = Callable[[LoadedProfile], Stream | None]
"""A profile -> its stream; raises ConfigError."""


class StreamThreads:
    """The stream threads of one process; only the supervisor calls `replace` and `finish`."""

    def __init__(
        self,
        *,
        output: Path,
        report: Report,
        clock: Clock | None = None,
        open_stream: OpenStream | None = None,
    ) -> None:
        self._output, self._report, self._clock = output, report, clock or Clock()
        self._open_stream = open_stream or stream_of
        self._threads: dict[str, _StreamThread] = {}
        self._claims = _SlotClaims()

    def replace(self, loaded: Sequence[LoadedProfile]) -> None:
        """Use these profiles from now on; a bulletin on the stream goes on to its end."""
        for profile in loaded:
            thread = self._threads.get(profile.id)
            if thread and thread.loaded is profile:
                continue
            if thread:
                thread.stop.set()
                del self._threads[profile.id]
            if profile.profile.stream.is_on:
                self._threads[profile.id] = thread = _StreamThread(
                    loaded=profile,
                    output=self._output,
                    report=self._report,
                    clock=self._clock,
                    claims=self._claims,
                    open_stream=self._open_stream,
                )
                thread.start()

    def finish(self, deadline: Deadline) -> bool:
        """Begin no more bulletins; wait for those on a stream, as far as there is time. False: one was cut off."""
        threads = self._threads.values()
        for thread in threads:
            thread.stop.set()
        for thread in threads:
            thread.thread.join(deadline.left_s)
        return not any(thread.thread.is_alive() for thread in threads)


class _SlotClaims:
    """The last slot of each station that a thread has taken: a profile that changes at its time airs none twice."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def claim(self, station: str, due: datetime) -> bool:
        with self._lock:
            is_new = self._last.get(station) != due
            self._last[station] = due
            return is_new

    def search_from(self, station: str, *, now: datetime, checked: datetime) -> datetime:
        """
        From when on the next slot is searched: the last check, or the last slot that was taken, if later.

        A bulletin may last past the next slot, and a machine that is busy or asleep checks late: no slot is skipped
        without a report. The search begins now when the clock was set back, and after a long sleep.
        """
        since = checked if now - _ASLEEP < checked <= now else now
        last = self._last.get(station)
        is_plausible = last is not None and last < now + timedelta(minutes=1)
        return max(last + timedelta(seconds=1), since) if last and is_plausible else since


@dataclass(slots=True, kw_only=True)
class _StreamThread:
    """The stream of one station by one profile."""

    loaded: LoadedProfile
    output: Path
    report: Report
    clock: Clock
    claims: _SlotClaims
    open_stream: OpenStream
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread = field(init=False)
    _checked: datetime = field(init=False)
    """Slots before this time are taken, or were none of the stream."""
    _ended: datetime | None = None
    """When the last bulletin ended."""

    def start(self) -> None:
        self._checked = self.clock.now()
        self.thread = threading.Thread(target=self._run, name=f"stream-{self.loaded.id}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        station = self.loaded.id
        while not self.stop.is_set():
            try:
                now = self.clock.now()
                since = self.claims.search_from(station, now=now, checked=self._checked)
                due = next_slot(self.loaded, since=since)
                self._checked = min(now, due) if due else now
                if due is None or due - now > _SOON:
                    self.stop.wait(_CHECK_S)
                elif due - now < -self._late:
                    self._miss(due)
                elif not self.stop.wait(max(0.0, (due - now - AHEAD).total_seconds())):
                    self._air(due)
                    self._ended = self.clock.now()
            except Exception as error:  # the next slot must have its turn
                log.exception("stream failed: station=%s", station)
                self.report(station, AlertKind.STREAM, f"the stream failed: {type(error).__name__}: {error}")
                self.stop.wait(_CHECK_S)

    @property
    def _late(self) -> timedelta:
        return timedelta(seconds=self.loaded.profile.stream.late_s)

    def _miss(self, due: datetime) -> None:
        if not self.claims.claim(self.loaded.id, due):
            return
        log.error("not on the stream: station=%s due=%s: too late", self.loaded.id, due.isoformat())
        if self._ended and self._ended >= due:
            why = "the bulletin before it lasted too long; leave more time between the slots, or shorten it"
        else:
            why = "the service did not run at its time; was the machine asleep, or far too busy?"
        self._report_slot(due, f"not on the stream, {why}")

    def _air(self, due: datetime) -> None:
        profile, station = self.loaded.profile, self.loaded.id
        if not self.claims.claim(station, due):
            return
        kind = stream_kind(profile.stream, profile.outputs)
        folder, aside = self.output / station, prepared_folder(self.output / STATE, station)
        try:
            stream = self.open_stream(self.loaded)
            if stream is None:
                return
            ready, sent = air_at(
                stream,
                lambda: find_ready(folder, kind, at=due, aside=aside),
                due=due,
                late=self._late,
                clock=self.clock,
            )
        except BulletinError as error:
            log.error("not on the stream: station=%s due=%s: %s", station, due.isoformat(), error)
            self._report_slot(due, f"not on the stream, {error}")
        else:
            how = describe_sent(sent)
            log.info(
                "streamed: station=%s due=%s level=%s how=%s", station, due.isoformat(), ready.level, how
            )
            self._report_slot(due, f"on the stream again, {how}", is_over=True)

    def _report_slot(self, due: datetime, text: str, *, is_over: bool = False) -> None:
        at = f"{due.astimezone(ZoneInfo(self.loaded.profile.time_zone)):%H:%M}"
        self.report(self.loaded.id, AlertKind.STREAM, f"{at} bulletin is {text}", is_over=is_over)
