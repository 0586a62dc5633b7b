"""The streams of a service: a thread for each station that has one. The tick never waits for a listener."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.stream_options import stream_kind
from bulletin.errors import BulletinError
from bulletin.publishing.swap_standby import prepared_folder
from bulletin.runtime.deadline import Deadline
from bulletin.service.monitoring.alert_rules import AlertKind
from bulletin.service.streams.ready_bulletin import find_ready
from bulletin.service.streams.stream_slot import AHEAD, Clock, air_at, describe_sent, next_slot
from bulletin.station.factories import stream_of
from bulletin.station.station import STATE
from bulletin.streaming.stream_port import Stream

log = logging.getLogger(__name__)

_LOOK_S = 10.0
"""Between two looks at the clock, which may be set, while no slot is near."""
_ASLEEP = timedelta(minutes=30)
_SOON = AHEAD + timedelta(seconds=_LOOK_S)


class Report(Protocol):
    """Is told how each slot went."""

    def __call__(self, station: str, kind: AlertKind, text: str, *, is_over: bool = False) -> None: ...


Open = Callable[[LoadedProfile], Stream | None]
"""A profile -> its stream; raises ConfigError."""


class StreamThreads:
    """All of one process; `replace` and `finish` are the loop's."""

    def __init__(
        self, *, output: Path, report: Report, clock: Clock | None = None, open_stream: Open | None = None
    ) -> None:
        self._output, self._report, self._clock = output, report, clock or Clock()
        self._open = open_stream or (lambda one: stream_of(one, one.profile))
        self._airers: dict[str, _Airer] = {}
        self._aired = _Aired()

    def replace(self, loaded: Sequence[LoadedProfile]) -> None:
        """These profiles from now on; what is on air goes on to its end."""
        for one in loaded:
            airer = self._airers.get(one.id)
            if airer and airer.loaded is one:
                continue
            if airer:
                airer.stop.set()
                del self._airers[one.id]
            if one.profile.stream.is_on:
                self._airers[one.id] = _Airer(
                    loaded=one,
                    output=self._output,
                    report=self._report,
                    clock=self._clock,
                    aired=self._aired,
                    open_stream=self._open,
                )
                self._airers[one.id].begin()

    def finish(self, deadline: Deadline) -> bool:
        """Begin nothing more; wait for what is on air, as far as there is time. False: it was cut off."""
        for airer in self._airers.values():
            airer.stop.set()
        for airer in self._airers.values():
            airer.thread.join(deadline.left_s)
        return not any(airer.thread.is_alive() for airer in self._airers.values())


class _Aired:
    """The last slot of each station that somebody has taken: a profile that changes at its time airs none twice."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def claim(self, station: str, due: datetime) -> bool:
        with self._lock:
            is_new = self._last.get(station) != due
            self._last[station] = due
            return is_new

    def since(self, station: str, *, now: datetime, looked: datetime) -> datetime:
        """
        From when on the next slot is looked for: the last look, or the last slot that is taken, if later.

        The last may have been on air past the next, and a machine that is busy or asleep for a moment looks late:
        no slot is passed over in silence. From now on when the clock was set back, and after a long sleep.
        """
        since = looked if now - _ASLEEP < looked <= now else now
        last = self._last.get(station)
        is_known = last is not None and last < now + timedelta(minutes=1)
        return max(last + timedelta(seconds=1), since) if last and is_known else since


@dataclass(slots=True, kw_only=True)
class _Airer:
    """One station by one profile."""

    loaded: LoadedProfile
    output: Path
    report: Report
    clock: Clock
    aired: _Aired
    open_stream: Open
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread = field(init=False)
    _looked: datetime = field(init=False)
    """Slots up to then are taken, or were none of ours."""
    _aired: datetime | None = None
    """When the last one was over."""

    def begin(self) -> None:
        self._looked = self.clock.now()
        self.thread = threading.Thread(target=self._run, name=f"stream-{self.loaded.id}", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while not self.stop.is_set():
            try:
                now = self.clock.now()
                since = self.aired.since(self.loaded.id, now=now, looked=self._looked)
                due = next_slot(self.loaded, since=since)
                self._looked = min(now, due) if due else now
                left = due - now if due else None
                if due is None or left is None or left > _SOON:
                    self.stop.wait(_LOOK_S)
                elif left < -self._late:
                    self._miss(due)
                elif not self.stop.wait(max(0.0, (left - AHEAD).total_seconds())):
                    self._air(due)
                    self._aired = self.clock.now()
            except Exception as error:  # the next slot must have its turn
                log.exception("stream failed: station=%s", self.loaded.id)
                self.report(
                    self.loaded.id, AlertKind.STREAM, f"the stream failed: {type(error).__name__}: {error}"
                )
                self.stop.wait(_LOOK_S)

    @property
    def _late(self) -> timedelta:
        return timedelta(seconds=self.loaded.profile.stream.late_s)

    def _miss(self, due: datetime) -> None:
        station = self.loaded.id
        if self.aired.claim(station, due):
            log.error("not on the stream: station=%s due=%s: too late", station, due.isoformat())
            if self._aired and self._aired >= due:
                why = "the one before it was on air for too long; leave more time between the slots, or make it shorter"
            else:
                why = "nobody was awake at its time; was the machine asleep, or far too busy?"
            told = f"the bulletin of {due:%H:%M} UTC is not on the stream: {why}"
            self.report(station, AlertKind.STREAM, told)

    def _air(self, due: datetime) -> None:
        profile, station = self.loaded.profile, self.loaded.id
        if not self.aired.claim(station, due):
            return
        kind = stream_kind(profile.stream, profile.outputs)
        folder, aside = self.output / station, prepared_folder(self.output / STATE, station)
        told = f"{due:%H:%M} UTC"
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
            self.report(station, AlertKind.STREAM, f"the bulletin of {told} is not on the stream: {error}")
        else:
            how = describe_sent(sent)
            log.info(
                "streamed: station=%s due=%s level=%s how=%s", station, due.isoformat(), ready.level, how
            )
            self.report(
                station,
                AlertKind.STREAM,
                f"the bulletin of {told} is on the stream again: {how}",
                is_over=True,
            )
