"""Stream threads of a service: each slot is sent once, through profile changes and long bulletins."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.runtime.deadline import Deadline
from bulletin.service.monitoring.alert_rules import AlertKind
from bulletin.service.streams.stream_at_slot import Clock
from bulletin.service.streams.stream_threads import StreamThreads
from bulletin.streaming.stream_interface import StreamError, StreamItem, StreamSent
from tests.service.streams.test_stream_at_slot import NINE, put
from tests.streaming.servers import wait_for

pytestmark = pytest.mark.slow

PROFILE = """
name = "Wex FM"
time_zone = "UTC"
[outputs]
make = ["fm"]
fm.format = "mp3"
[stream]
url = "http://127.0.0.1:9/m.mp3"
late_s = 60
[[clock.slots]]
at = "09:00"
"""


class Shifted:
    """Real clock, shifted to just before nine at the first reading."""

    def __init__(self, before_s: float) -> None:
        self._begins = NINE - timedelta(seconds=before_s)
        self._shift: timedelta | None = None
        self.looks = 0

    def now(self) -> datetime:
        self.looks += 1
        now = datetime.now(UTC)
        self._shift = self._begins - now if self._shift is None else self._shift
        return now + self._shift

    def skip(self, seconds: float) -> None:
        assert self._shift is not None
        self._shift += timedelta(seconds=seconds)


class Receiver:
    def __init__(self, clock: Shifted, *, fails: bool = False) -> None:
        self.taken: list[datetime] = []
        self.goes_on = threading.Event()
        self.goes_on.set()
        self._clock, self._fails = clock, fails

    def check(self) -> None: ...

    def send(self, item: StreamItem) -> StreamSent:
        self.taken.append(self._clock.now())
        self.goes_on.wait(60)
        if self._fails:
            raise StreamError("http://h/m: another source is on this mount")
        return StreamSent(duration_s=30.0)


class Desk:
    def __init__(self) -> None:
        self.reports: list[tuple[str, AlertKind, str, bool]] = []

    def report(self, station: str, kind: AlertKind, text: str, *, is_over: bool = False) -> None:
        self.reports.append((station, kind, text, is_over))


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedProfile:
    return again(tmp_path)


def again(folder: Path, text: str = PROFILE) -> LoadedProfile:
    (folder / "wex.toml").write_text(text, encoding="utf-8")
    return load_profile(str(folder / "wex.toml"))


@pytest.fixture
def clock() -> Shifted:
    return Shifted(0.3)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def open_streams(folder: Path, desk: Desk, clock: Shifted, receiver: Receiver) -> StreamThreads:
    return StreamThreads(
        output=folder, report=desk.report, clock=Clock(now=clock.now), open_stream=lambda loaded: receiver
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "output").mkdir()
    put(tmp_path / "output" / "wex")
    return tmp_path / "output"


def test_a_slot_is_sent_at_its_time_and_once(
    loaded: LoadedProfile, folder: Path, desk: Desk, clock: Shifted
) -> None:
    receiver = Receiver(clock)
    streams = open_streams(folder, desk, clock, receiver)

    streams.replace([loaded])
    wait_for(lambda: bool(desk.reports))

    assert streams.finish(Deadline.after(60))
    assert len(receiver.taken) == 1
    assert receiver.taken[0] >= NINE
    assert desk.reports == [
        (
            "wex",
            AlertKind.STREAM,
            "09:00 bulletin is on the stream again, sent whole and on time",
            True,
        )
    ]


@pytest.mark.parametrize(("late_s", "is_sent"), [(60, True), (10, False)])
def test_a_bulletin_longer_than_the_slot_distance_is_reported(
    folder: Path, desk: Desk, clock: Shifted, tmp_path: Path, late_s: int, is_sent: bool
) -> None:
    receiver = Receiver(clock)
    receiver.goes_on.clear()
    streams = open_streams(folder, desk, clock, receiver)
    profile = PROFILE.replace("late_s = 60", f"late_s = {late_s}")

    streams.replace([again(tmp_path, f'{profile}[[clock.slots]]\nat = "09:01"\n')])
    wait_for(lambda: bool(receiver.taken))
    clock.skip(90)
    receiver.goes_on.set()
    wait_for(lambda: len(desk.reports) == 2)

    assert streams.finish(Deadline.after(60))
    assert len(receiver.taken) == 1 + is_sent
    _, _, text, is_over = desk.reports[1]
    assert is_over is is_sent
    assert "09:01 bulletin is" in text
    assert is_sent or "the bulletin before it lasted too long" in text


@pytest.mark.parametrize(("late_s", "is_sent"), [(60, True), (10, False)])
def test_a_pause_of_the_machine_at_the_slot_is_reported(
    folder: Path, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late_s: int, is_sent: bool
) -> None:
    """A virtual machine moves or a laptop sleeps: the clock is not read for twenty seconds."""
    monkeypatch.setattr("bulletin.service.streams.stream_threads._CHECK_S", 0.02)
    clock = Shifted(60)
    receiver = Receiver(clock)
    streams = open_streams(folder, desk, clock, receiver)
    streams.replace([again(tmp_path, PROFILE.replace("late_s = 60", f"late_s = {late_s}"))])
    wait_for(lambda: clock.looks > 3)

    clock.skip(80)
    wait_for(lambda: bool(desk.reports))

    assert streams.finish(Deadline.after(60))
    assert len(receiver.taken) == is_sent
    ((_, _, text, is_over),) = desk.reports
    assert is_over is is_sent
    assert is_sent or "09:00 bulletin is not on the stream, the service did not run at its time" in text


def test_a_profile_change_at_the_slot_sends_it_once(
    loaded: LoadedProfile, folder: Path, desk: Desk, clock: Shifted, tmp_path: Path
) -> None:
    receiver = Receiver(clock)
    receiver.goes_on.clear()
    streams = open_streams(folder, desk, clock, receiver)

    streams.replace([loaded])
    for _ in range(3):
        streams.replace([again(tmp_path)])
    wait_for(lambda: bool(receiver.taken))
    streams.replace([again(tmp_path)])
    receiver.goes_on.set()
    wait_for(lambda: bool(desk.reports))

    assert streams.finish(Deadline.after(60))
    assert len(receiver.taken) == 1


def test_a_profile_without_a_stream_sends_nothing(
    loaded: LoadedProfile, folder: Path, desk: Desk, tmp_path: Path
) -> None:
    clock = Shifted(3.5)
    receiver = Receiver(clock)
    streams = open_streams(folder, desk, clock, receiver)

    streams.replace([loaded])
    streams.replace([again(tmp_path, PROFILE.replace("url =", "#").replace("late_s", "#"))])

    assert streams.finish(Deadline.after(60))
    assert receiver.taken == []


@pytest.mark.parametrize("fault", ["stream", pytest.param("nothing", marks=pytest.mark.slow), "bug"])
def test_a_failure_is_reported_and_does_not_end_the_thread(
    fault: str, loaded: LoadedProfile, folder: Path, desk: Desk, clock: Shifted, tmp_path: Path
) -> None:
    receiver = Receiver(clock, fails=True)
    if fault == "nothing":
        (folder / "wex" / "fm.json").unlink()
        loaded = again(tmp_path, PROFILE.replace("late_s = 60", "late_s = 3"))
    elif fault == "bug":
        receiver.send = lambda item: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    streams = open_streams(folder, desk, clock, receiver)

    streams.replace([loaded])
    wait_for(lambda: bool(desk.reports))

    ((station, kind, text, is_over),) = desk.reports
    assert (station, kind, is_over) == ("wex", AlertKind.STREAM, False)
    reasons = {
        "stream": "09:00 bulletin is not on the stream, http://h/m: another source",
        "nothing": "does not exist, so there is nothing to stream yet",
        "bug": "the stream failed: ZeroDivisionError",
    }
    assert reasons[fault] in text
    assert streams.finish(Deadline.after(60))


def test_a_stop_waits_for_the_bulletin_on_air_or_reports_it(
    loaded: LoadedProfile, folder: Path, desk: Desk, clock: Shifted
) -> None:
    receiver = Receiver(clock)
    receiver.goes_on.clear()
    streams = open_streams(folder, desk, clock, receiver)
    streams.replace([loaded])
    wait_for(lambda: bool(receiver.taken))

    assert not streams.finish(Deadline.after(0.1))
    receiver.goes_on.set()
    assert streams.finish(Deadline.after(60))
