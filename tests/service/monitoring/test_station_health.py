"""Station health, read from ledger and archive."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.kill_list_safety_copy import kill_list_path
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction, OutboxState
from bulletin.archive.record_dataclasses import FeedMemory
from bulletin.cli.running.status import _outlets
from bulletin.config.load_profile import LoadedProfile, load_profile
from bulletin.model import Level, Slot
from bulletin.service.monitoring.station_health import health_data, read_health
from tests.support.factories import make_bulletin, make_script

NOW = datetime(2026, 11, 25, 7, 10, tzinfo=UTC)
PROFILE = """\
name = "Radio"
time_zone = "UTC"
[[clock.slots]]
at = "00:00-23:00"
[[feeds]]
url = "https://news.example/rss"
name = "Gazette"
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.sqlite") as opened:
        yield opened


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedProfile:
    path = tmp_path / "radio.toml"
    path.write_text(PROFILE)
    return load_profile(str(path))


def meet(archive: Archive, due: datetime, level: Level, *, ready: datetime | None = None) -> None:
    ledger = SlotLedger(archive)
    ledger.plan([Slot(station="radio", due=due, length_s=60.0)])
    ledger.claim("radio", due, owner="me", now=due, lease=timedelta(minutes=2))
    ledger.finish("radio", due, owner="me", level=level, now=ready or due)


def test_a_station_that_has_just_begun_is_ready(archive: Archive, loaded: LoadedProfile):
    health = read_health(archive, loaded, now=NOW)

    assert health.is_ready
    assert health.last is None
    assert health.next_due == datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert health.feeds == 1


def test_news_of_a_fast_clock_is_not_the_last_news(archive: Archive, loaded: LoadedProfile):
    """It would hide for years that no new bulletin is made."""
    for at in (NOW - timedelta(hours=1), NOW + timedelta(days=3652)):
        bulletin = make_bulletin(Path("a.mp3"), make_script(at=at))
        archive.record_bulletin("radio", bulletin, made_at=at, timings={})

    assert read_health(archive, loaded, now=NOW).last_good_at == NOW - timedelta(hours=1)


def test_a_failing_delivery_is_reported_with_its_reason(archive: Archive, loaded: LoadedProfile):
    outbox = Outbox(archive)
    for guid in ("one", "two", "three"):
        for delivery in ("ftp", "folder"):
            outbox.add("radio", delivery, guid, OutboxAction.PUBLISH, now=NOW)
    outbox.add("other", "ftp", "one", OutboxAction.PUBLISH, now=NOW)
    for piece in outbox.troubles("radio"):
        if piece.guid == "one" and piece.delivery == "ftp":
            outbox.finish(
                piece, now=NOW, state=OutboxState.GIVEN_UP, note="given up after 9 tries: the server is down"
            )
        if piece.guid == "two" and piece.delivery == "ftp":
            outbox.put_off(piece, now=NOW, next_try_at=NOW, note="ftp: is full; free some space there")

    health = read_health(archive, loaded, now=NOW)

    assert health_data(health, now=NOW)["failing_outlets"] == {
        "ftp": {"waiting": 2, "given_up": 1, "note": "ftp: is full; free some space there"}
    }
    assert _outlets(replace(health, outlets=2)) == (
        "1 of 2 take bulletins; ftp (2 wait, 1 given up): is full; free some space there; see `bulletin outbox`"
    )


def test_the_slots_of_a_day_are_counted(archive: Archive, loaded: LoadedProfile):
    meet(archive, NOW - timedelta(hours=30), Level.IDENT)
    meet(archive, NOW - timedelta(minutes=130), Level.FRESH)
    meet(archive, NOW - timedelta(minutes=70), Level.FRESH)
    meet(archive, NOW - timedelta(minutes=10), Level.EVERGREEN)
    meet(archive, NOW + timedelta(minutes=50), Level.FRESH)

    health = read_health(archive, loaded, now=NOW)

    assert health.levels == {Level.FRESH: 2, Level.EVERGREEN: 1}
    assert health.met == 3
    assert health.last
    assert health.last.level is Level.EVERGREEN
    assert health.is_ready


def test_a_missed_slot_makes_the_station_unready(archive: Archive, loaded: LoadedProfile):
    ledger = SlotLedger(archive)
    ledger.plan([Slot(station="radio", due=NOW - timedelta(minutes=10), length_s=60.0)])
    ledger.close("radio", before=NOW)

    health = read_health(archive, loaded, now=NOW)

    assert health.missed == 1
    assert not health.is_ready


def test_a_stand_by_makes_the_station_ready(archive: Archive, loaded: LoadedProfile):
    ledger, due = SlotLedger(archive), NOW - timedelta(minutes=10)
    ledger.plan([Slot(station="radio", due=due, length_s=60.0)])
    ledger.put_on_air("radio", due, level=Level.EVERGREEN, now=due - timedelta(minutes=30))

    health = read_health(archive, loaded, now=NOW)

    assert health.is_ready
    assert health.levels == {Level.EVERGREEN: 1}


def test_a_slot_met_too_late_is_counted_as_late(archive: Archive, loaded: LoadedProfile):
    due = NOW - timedelta(minutes=10)
    meet(archive, due, Level.FRESH, ready=due + timedelta(minutes=2))

    health = read_health(archive, loaded, now=NOW)

    assert (health.met, health.late, health.missed) == (1, 1, 0)


def test_feeds_that_fail_are_named(archive: Archive, loaded: LoadedProfile):
    archive.keep_feed(FeedMemory(url="https://news.example/rss", failures=3), ())

    assert read_health(archive, loaded, now=NOW).failing_feeds == {"Gazette": 3}


def test_an_unreadable_archive_is_reported(archive: Archive, loaded: LoadedProfile, tmp_path: Path):
    archive.close()
    for path in tmp_path.glob("archive.sqlite*"):
        path.unlink()
    (tmp_path / "archive.sqlite").mkdir()

    health = read_health(archive, loaded, now=NOW)

    assert not health.is_ready
    assert "archive.sqlite" in health.trouble
    assert health_data(health, now=NOW)["trouble"] == health.trouble


def test_a_damaged_archive_is_repaired_and_a_doubtful_kill_list_reported(
    archive: Archive, loaded: LoadedProfile, tmp_path: Path
):
    archive.close()
    (tmp_path / "archive.sqlite").write_bytes(b"no database " * 1000)
    kill_list_path(archive.path).unlink()

    health = read_health(archive, loaded, now=NOW)

    assert health.trouble == ""
    assert "is damaged" in health.kill_list_doubt
    assert health_data(health, now=NOW)["kill_list_doubt"] == health.kill_list_doubt


def lay(folder: Path, kind: str, *, suffix: str = ".wav") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{kind}{suffix}").write_bytes(b"sound")
    side_file = {
        "audio": f"{kind}{suffix}",
        "level": "fresh",
        "due": NOW.isoformat(),
        "made": NOW.isoformat(),
    }
    (folder / f"{kind}.json").write_text(json.dumps(side_file), encoding="utf-8")


@pytest.mark.parametrize("gone", ["fm.wav", "fm.json", "", "everything"])
def test_a_deleted_file_makes_the_station_unready(
    archive: Archive, loaded: LoadedProfile, tmp_path: Path, gone: str
):
    """The ledger alone would report a healthy station for an hour."""
    output = tmp_path / "output"
    (output / ".bulletin").mkdir(parents=True)
    meet(archive, NOW - timedelta(minutes=10), Level.FRESH)
    path = Path(loaded.path)
    path.write_text(PROFILE + '[outputs]\nmake = ["podcast", "fm"]\n')
    loaded = load_profile(str(path))
    lay(output / "radio", "fm")
    assert read_health(archive, loaded, now=NOW, output=output).is_ready

    if gone == "everything":
        shutil.rmtree(output)
    elif gone:
        (output / "radio" / gone).unlink()
    else:
        shutil.rmtree(output / "radio")
    health = read_health(archive, loaded, now=NOW, output=output)

    assert not health.is_ready
    data = health_data(health, now=NOW)
    if gone == "everything":
        assert "is not there any more" in str(data["trouble"])
    else:
        assert data["missing"] == ["fm"]


def test_a_rendition_that_the_slot_does_not_make_is_not_missing(
    archive: Archive, loaded: LoadedProfile, tmp_path: Path
):
    output = tmp_path / "output"
    (output / ".bulletin").mkdir(parents=True)
    meet(archive, NOW - timedelta(minutes=10), Level.FRESH)
    for change in ('[outputs]\nmake = ["podcast"]\n', ""):
        path = Path(loaded.path)
        path.write_text(
            PROFILE.replace('at = "00:00-23:00"', 'at = "00:00-23:00"\noutputs = ["podcast"]') + change
        )
        assert read_health(archive, load_profile(str(path)), now=NOW, output=output).is_ready

    path.write_text(PROFILE.replace("00:00-23:00", "00:30") + '[outputs]\nmake = ["fm"]\n')
    assert read_health(
        archive, load_profile(str(path)), now=NOW, output=output
    ).is_ready  # no slot at that time any more
