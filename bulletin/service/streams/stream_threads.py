"""Streams of a service: a thread for each station that has one, so that the reconciler never waits for a listener."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.config.load_profile import LoadedProfile
from bulletin.config.tables.stream_options import stream_kind
from bulletin.errors import BulletinError
from bulletin.publishing.move_standby_files_on_air import prepared_folder
from bulletin.runtime.deadline import Deadline
from bulletin.service.monitoring.alert_rules import AlertKind, Report
from bulletin.service.streams.stream_at_slot import AHEAD, Clock, air_at, describe_sent, find_ready, next_slot
from bulletin.station.build_components_from_profile import stream_of
from bulletin.station.build_station_object import STATE
from bulletin.streaming.stream_interface import Stream

log = logging.getLogger(__name__)

_CHECK_S = 10.0
"""Seconds between two looks at the clock while no slot is near: the clock may be set."""
_ASLEEP = timedelta(minutes=30)
_MOMENT = timedelta(seconds=1)
_NOT_STREAMED = "bulletin not streamed, its listeners missed the news: station=%s due=%s reason=%s"


OpenStream = Callable[[LoadedProfile], Stream | None]
"""A profile -> its stream; raises ConfigError."""


class StreamThreads:
    """The stream threads of one process; only the supervisor calls `replace` and `finish`."""

    def __init__(
        self, *, output: Path, report: Report, clock: Clock | None = None, open_stream: OpenStream = stream_of
    ) -> None:
        self._output, self._report, self._clock = output, report, clock or Clock()
        self._open_stream = open_stream
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._loaded: dict[str, LoadedProfile] = {}
        self._since: dict[str, datetime] = {}
        """By station: slots before this time were handled, or came before the stream was set up."""
        self._ended: dict[str, datetime] = {}
        """By station, when the last bulletin ended."""

    def replace(self, loaded: Sequence[LoadedProfile]) -> None:
        """Use these profiles from the next slot on; a bulletin on the stream goes on to its end."""
        for profile in loaded:
            is_new = profile.id not in self._loaded
            if is_new and not profile.profile.stream.is_on:
                continue
            self._loaded[profile.id] = profile
            if is_new:
                self._since[profile.id] = self._clock.now()
                name = f"stream-{profile.id}"
                thread = threading.Thread(target=self._run, args=(profile.id,), name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    def finish(self, deadline: Deadline) -> bool:
        """Begin no more bulletins; wait for those on a stream, as far as there is time. False: one was cut off."""
        self._stop.set()
        for thread in self._threads:
            thread.join(deadline.left_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, station: str) -> None:
        while not self._stop.is_set():
            try:
                self._air_due(self._loaded[station])
            except Exception as error:  # the next slot must have its turn
                log.exception("stream stopped by an unexpected error, started again: station=%s", station)
                text = f"the stream failed: {type(error).__name__}: {error}"
                self._report(station, AlertKind.STREAM, text)
                self._stop.wait(_CHECK_S)

    def _air_due(self, loaded: LoadedProfile) -> None:
        """
        Air the slot that has come, or wait for a moment.

        A bulletin may last past the next slot, and a machine that is busy or asleep checks late: no slot is skipped
        without a report. The search begins now when the clock was set back, and after a long sleep.
        """
        station, now = loaded.id, self._clock.now()
        since = self._since[station]
        if not now - _ASLEEP < since < now + timedelta(minutes=1):
            since = now
        due = next_slot(loaded, since=since) if loaded.profile.stream.is_on else None
        self._since[station] = max(since, min(now, due or now))
        if due is None or due - now > AHEAD:
            wait_s = (due - now - AHEAD).total_seconds() if due else _CHECK_S
            self._stop.wait(min(wait_s, _CHECK_S))
            return
        self._since[station] = due + _MOMENT
        late = timedelta(seconds=loaded.profile.stream.late_s)
        if now - due > late:
            self._miss(loaded, due)
        else:
            self._air(loaded, due, late)
            self._ended[station] = self._clock.now()

    def _miss(self, loaded: LoadedProfile, due: datetime) -> None:
        if loaded.id in self._ended and self._ended[loaded.id] >= due:
            why = "the bulletin before it lasted too long; leave more time between the slots, or shorten it"
        else:
            why = "the service did not run at its time; was the machine asleep, or far too busy?"
        log.error(_NOT_STREAMED, loaded.id, due.isoformat(), why)
        self._report_slot(loaded, due, f"not on the stream, {why}")

    def _air(self, loaded: LoadedProfile, due: datetime, late: timedelta) -> None:
        station = loaded.id
        kind = stream_kind(loaded.profile.stream, loaded.profile.outputs)
        folder, aside = self._output / station, prepared_folder(self._output / STATE, station)
        try:
            stream = self._open_stream(loaded)
            if stream is None:
                return
            find = partial(find_ready, folder, kind, at=due, aside=aside)
            ready, sent = air_at(stream, find, due=due, late=late, clock=self._clock)
        except BulletinError as error:
            log.error(_NOT_STREAMED, station, due.isoformat(), error)
            self._report_slot(loaded, due, f"not on the stream, {error}")
        else:
            how, at = describe_sent(sent), due.isoformat()
            log.info("bulletin streamed: station=%s due=%s news=%s result=%s", station, at, ready.level, how)
            self._report_slot(loaded, due, f"on the stream again, {how}", is_over=True)

    def _report_slot(self, loaded: LoadedProfile, due: datetime, text: str, *, is_over: bool = False) -> None:
        at = f"{due.astimezone(ZoneInfo(loaded.profile.time_zone)):%H:%M}"
        self._report(loaded.id, AlertKind.STREAM, f"{at} bulletin is {text}", is_over=is_over)
