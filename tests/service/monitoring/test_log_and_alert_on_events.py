"""Event desk: reconciler events in log, metrics and alerts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.tables.alert_options import AlertsOptions
from bulletin.model import Level, SlotRecord, SlotState
from bulletin.service.monitoring.alert_channels import AlertChannel, AlertDispatch
from bulletin.service.monitoring.alert_rules import Alert, AlertKind, AlertState
from bulletin.service.monitoring.log_and_alert_on_events import EventDesk
from bulletin.service.monitoring.prometheus_metrics import Metrics
from bulletin.service.monitoring.station_health import StationHealth

NOW = datetime(2026, 11, 25, 6, 58, 30, tzinfo=UTC)
WELL = StationHealth(station="demo", engine="gtts", timings={"speak": 2.0, "mix": 1.0})


class RecordingDispatch(AlertDispatch):
    """Dispatch that keeps the alerts instead of sending them."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def send(self, alert: Alert, channels: Sequence[tuple[str, AlertChannel]]) -> None:
        self.alerts.append(alert)


class Room:
    """Event desk with its metrics, health and dispatch."""

    def __init__(self, folder: Path, options: AlertsOptions, *, station: str = "demo") -> None:
        self.health = WELL
        self.dispatch = RecordingDispatch()
        self.metrics = Metrics(stations=lambda: [self.health], output=folder, speech=folder)
        self.desk = EventDesk(
            {station: options},
            metrics=self.metrics,
            dispatch=self.dispatch,
            read_health=lambda station: self.health,
            zone_of=lambda station: "Europe/Berlin",
            output=folder,
            now=lambda: NOW,
        )

    @property
    def kinds(self) -> list[tuple[AlertKind, AlertState]]:
        return [(alert.kind, alert.state) for alert in self.dispatch.alerts]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, AlertsOptions())


def record(level: Level = Level.FRESH, *, note: str = "") -> SlotRecord:
    return SlotRecord(
        station="demo",
        due=NOW + timedelta(seconds=90),
        state=SlotState.DONE,
        level=level,
        ready_at=NOW,
        note=note,
    )


def test_a_met_slot_raises_no_alert(room: Room):
    room.desk.met(record())

    assert room.dispatch.alerts == []


def test_a_stand_by_raises_an_alert_and_its_end_resolves_it(room: Room):
    room.desk.met(record(Level.LAST_GOOD, note="no feed answers"))
    room.desk.met(record())

    assert room.kinds == [(AlertKind.STAND_BY, AlertState.FIRING), (AlertKind.STAND_BY, AlertState.RESOLVED)]
    texts = [alert.text for alert in room.dispatch.alerts]
    assert texts == ["08:00: played the stand-by (last-good), no feed answers", "08:00 bulletin is fresh"]


def test_a_missed_slot_raises_an_alert_and_its_end_resolves_it(room: Room):
    room.desk.missed(record())
    room.desk.met(record(Level.IDENT))

    assert room.dispatch.alerts[0].text == "08:00: no bulletin, the service did not run"
    assert (AlertKind.SLOT_MISSED, AlertState.FIRING) in room.kinds
    assert (AlertKind.SLOT_MISSED, AlertState.RESOLVED) in room.kinds


def test_another_voice_than_wanted_raises_an_alert(room: Room):
    room.health = replace(WELL, engine="hibari", is_first_voice=False)
    room.desk.met(record())
    room.health = WELL
    room.desk.met(record())

    assert room.kinds == [(AlertKind.VOICE, AlertState.FIRING), (AlertKind.VOICE, AlertState.RESOLVED)]


def test_each_failing_feed_raises_an_alert_with_its_name(tmp_path: Path):
    room = Room(tmp_path, AlertsOptions(after=2))
    room.health = replace(WELL, failing_feeds={"Gazette": 1})
    room.desk.met(record())
    assert room.kinds == []
    room.health = replace(WELL, failing_feeds={"Gazette": 2})
    room.desk.met(record())
    room.health = WELL
    room.desk.met(record())

    assert [(a.kind, a.about, a.state) for a in room.dispatch.alerts] == [
        (AlertKind.FEED, "Gazette", AlertState.FIRING),
        (AlertKind.FEED, "Gazette", AlertState.RESOLVED),
    ]


def test_a_feed_that_answered_in_between_counts_from_zero(tmp_path: Path):
    room = Room(tmp_path, AlertsOptions(after=2))
    for failing in ({"Gazette": 1}, {}, {"Gazette": 1}):
        room.health = replace(WELL, failing_feeds=failing)
        room.desk.met(record())

    assert room.kinds == []


def test_a_failure_of_the_service_alerts_every_station(room: Room):
    room.desk.failed("", "ledger", OSError("disk"))

    assert room.kinds == [(AlertKind.SERVICE, AlertState.FIRING)]


def test_a_nearly_full_disk_raises_an_alert(room: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "bulletin.service.monitoring.log_and_alert_on_events.free_bytes", lambda folder: 10_000_000
    )

    room.desk.met(record())

    assert room.kinds == [(AlertKind.DISK, AlertState.FIRING)]


def test_changed_options_take_effect(room: Room):
    room.desk.replace({"demo": AlertsOptions(after=3)})
    room.desk.met(record(Level.EVERGREEN))

    assert room.kinds == []


def test_every_event_is_counted_in_the_metrics(room: Room):
    room.health = replace(WELL, failing_feeds={"Gazette": 4}, last_good_at=NOW, voice="co.uk")
    room.desk.met(record())
    room.desk.met(record(Level.EVERGREEN))
    room.desk.missed(record())
    room.desk.failed("demo", "work", ValueError("x"))

    text = room.metrics.exposition().decode()

    assert 'bulletin_slots_met_total{level="fresh",station="demo"} 1.0' in text
    assert 'bulletin_slots_met_total{level="evergreen",station="demo"} 1.0' in text
    assert 'bulletin_slots_missed_total{station="demo"} 1.0' in text
    assert 'bulletin_failures_total{station="demo",what="work"} 1.0' in text
    assert 'bulletin_stage_duration_seconds_bucket{le="2.5",stage="speak",station="demo"} 1.0' in text
    assert 'bulletin_slot_ahead_seconds_bucket{le="90.0",station="demo"} 2.0' in text
    assert 'bulletin_feed_failures_in_a_row{feed="Gazette",station="demo"} 4.0' in text
    assert 'bulletin_engine_info{engine="gtts",station="demo",voice="co.uk"} 1.0' in text
    assert f'bulletin_last_good_timestamp_seconds{{station="demo"}} {NOW.timestamp():.9e}'[:60] in text
    assert "bulletin_speech_cache_bytes" in text


def test_metrics_start_at_0(room: Room) -> None:
    """Alert rules on an increase need the 0 to see the first miss."""
    room.metrics.expect(["demo", "south"])

    text = room.metrics.exposition().decode()

    for station in ("demo", "south"):
        assert f'bulletin_slots_missed_total{{station="{station}"}} 0.0' in text
        assert f'bulletin_slots_late_total{{station="{station}"}} 0.0' in text
        assert f'bulletin_slots_met_total{{level="ident",station="{station}"}} 0.0' in text
    room.desk.missed(record())
    room.metrics.expect(["demo"])
    assert 'bulletin_slots_missed_total{station="demo"} 1.0' in room.metrics.exposition().decode()


def test_a_restarted_service_resolves_alerts_of_the_killed_one(tmp_path: Path) -> None:
    Room(tmp_path, AlertsOptions()).desk.met(record(Level.LAST_GOOD, note="no feed answers"))

    later = Room(tmp_path, AlertsOptions())
    later.desk.met(record(Level.LAST_GOOD, note="no feed answers"))
    assert later.kinds == [], "it was told an hour ago at most"
    later.desk.met(record())

    assert later.kinds == [(AlertKind.STAND_BY, AlertState.RESOLVED)]
    assert later.dispatch.alerts[0].times == 2
    assert later.dispatch.alerts[0].since == NOW
    last = Room(tmp_path, AlertsOptions())
    last.desk.met(record())
    assert last.kinds == []


@pytest.mark.parametrize("kept", [b"", b"{", b"[1]", b'[{"kind": "flood"}]', b'{"demo": 3}', b"3"])
def test_unreadable_saved_alerts_are_ignored(tmp_path: Path, kept: bytes) -> None:
    path = tmp_path / ".bulletin" / "alerts" / "demo.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(kept)

    room = Room(tmp_path, AlertsOptions())
    room.desk.met(record(Level.LAST_GOOD))

    assert room.kinds == [(AlertKind.STAND_BY, AlertState.FIRING)]


def test_two_services_of_one_folder_save_their_own_alerts(tmp_path: Path) -> None:
    """Each service has other stations and saves the alerts of its own only."""
    Room(tmp_path, AlertsOptions()).desk.met(record(Level.LAST_GOOD))
    other = Room(tmp_path, AlertsOptions(), station="south")
    other.desk.met(replace(record(Level.LAST_GOOD), station="south"))

    later = Room(tmp_path, AlertsOptions())
    later.desk.met(record())
    assert later.kinds == [(AlertKind.STAND_BY, AlertState.RESOLVED)]


def test_unsaved_alerts_are_saved_as_soon_as_possible(tmp_path: Path) -> None:
    room = Room(tmp_path, AlertsOptions())
    folder = tmp_path / ".bulletin" / "alerts"
    folder.rename(tmp_path / "away")
    folder.touch()
    room.desk.met(record(Level.LAST_GOOD))
    room.desk.save_again()

    folder.unlink()
    room.desk.save_again()
    later = Room(tmp_path, AlertsOptions())
    later.desk.met(record())

    assert later.kinds == [(AlertKind.STAND_BY, AlertState.RESOLVED)]


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_an_alert_that_opens_on_a_full_disk_is_kept(tmp_path: Path) -> None:
    """Its end and the next alert are kept as well while the disk stays full."""
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        Room(tmp_path, AlertsOptions())
        with (tmp_path / "full").open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"x" * 4096):
                pass
        with pytest.raises(OSError, match="No space left"):
            (tmp_path / "more").write_bytes(b"x")

        for _ in range(3):
            Room(tmp_path, AlertsOptions()).desk.met(record(Level.LAST_GOOD))
            later = Room(tmp_path, AlertsOptions())
            later.desk.met(record())

            assert (AlertKind.STAND_BY, AlertState.RESOLVED) in later.kinds
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)
