"""Faults of jingles, profile and machine: the station is on air at the hour."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta

import pytest
import soundfile

from bulletin.config.load_profile import load_profile
from bulletin.model import Level, SlotState
from bulletin.pipeline.read_json_of_on_air_files import OnAirFile
from bulletin.service.reload_profiles import ProfileReload
from tests.audio.sounds import make_music
from tests.faults.cases import SAYS, case, level
from tests.faults.station_on_clock import AT_WORK, EIGHT, HOUR, MINUTE, NO_MUSIC, SEVEN, Air
from tests.faults.test_on_air_disk import DoAtStage

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("name", ["profile", "profile gone"])
def test_the_profile_is_broken(on_air_at_seven: Air, name: str) -> None:
    air = on_air_at_seven
    path = air.folder / "valley.toml"
    refused: list[str] = []
    profiles = ProfileReload(
        loaded=(load_profile(str(path)),),
        check=lambda loaded: None,
        refused=lambda station, reason: refused.append(reason),
    )
    path.unlink()
    if name == "profile":
        path.write_text('name = "Valley Radio"\n[speech\n', encoding="utf-8")
    air.write_news(first=2)

    assert not profiles.reload_changed()
    assert air.reconciler
    air.reconciler.replace([air.worker_of(loaded_profile) for loaded_profile in profiles.loaded])
    air.slot(EIGHT)

    air.expect(level("Station", name), due=EIGHT)
    assert len(refused) == 1
    assert "valley.toml" in refused[0]


@pytest.mark.parametrize("name", ["jingle", "jingles"])
def test_jingles_are_deleted(air: Air, name: str) -> None:
    folder = air.folder / "music"
    folder.mkdir()
    soundfile.write(folder / "ident.wav", make_music(4.0), 44_100)
    own = NO_MUSIC.replace('ident = "none"', 'ident = "music/ident.wav"')
    air.write(imaging=own if name == "jingle" else 'folder = "music"\nbed = "none"\n')
    air.write_news()
    air.switch_on()
    air.slot(SEVEN)
    air.expect(Level.FRESH, due=SEVEN)
    with_ident_s = air.length_s()
    shutil.rmtree(folder)
    if name == "jingle":
        folder.mkdir()

    air.write_news(first=1)
    air.slot(EIGHT)

    air.expect(level("Station", name), due=EIGHT)
    assert with_ident_s > 0
    assert ("does not exist" in " ".join(air.notes)) == (name == "jingles")


def test_the_file_is_deleted_a_moment_before_its_slot(on_air_at_seven: Air) -> None:
    """The work on the slot is done and would not begin again, but the hour must not be silent."""
    air = on_air_at_seven
    air.write_news(first=1)
    air.tick(EIGHT - AT_WORK)
    (air.public / "fm.flac").unlink()

    air.tick(EIGHT - timedelta(seconds=20))

    on_air = air.on_air_file()
    assert on_air
    assert (on_air.due, on_air.level) == (EIGHT, Level.LAST_GOOD)


@pytest.mark.parametrize(("name", "minutes"), [("off within", 5), ("off beyond", 15)])
def test_the_machine_is_off_over_the_slot(on_air_at_seven: Air, name: str, minutes: int) -> None:
    """The first tick puts the prepared stand-by on air before a new bulletin is made."""
    air = on_air_at_seven
    air.switch_off()
    air.write_news(first=1)
    before = air.on_air_file()
    at_work: list[OnAirFile | None] = []
    air.listener = DoAtStage("gather", lambda: at_work.append(air.on_air_file()))

    air.now = EIGHT + minutes * MINUTE
    air.switch_on()
    air.tick(air.now)

    row = air.row(EIGHT)
    assert before
    assert (before.due, before.level) == (SEVEN, Level.FRESH)
    if name == "off beyond":
        assert case("Machine", name).finds == f"{SAYS[Level.LAST_GOOD]}, as soon as the machine is back"
        on_air = air.on_air_file()
        assert on_air
        assert (on_air.due, on_air.level) == (EIGHT, Level.LAST_GOOD)
        assert (row.state, row.level, row.is_met) == (SlotState.DONE, Level.LAST_GOOD, False)
    else:
        finds = f"{SAYS[Level.LAST_GOOD]}, as soon as the machine is back; {SAYS[Level.FRESH]} a minute later"
        assert case("Machine", name).finds == finds
        assert [(on_air_file.due, on_air_file.level) for on_air_file in at_work if on_air_file] == [
            (EIGHT, Level.LAST_GOOD)
        ]
        air.expect_late(Level.FRESH, due=EIGHT)


def test_news_of_a_past_hour_does_not_stay_on_air(on_air_at_seven: Air) -> None:
    """The machine was off for so long that the prepared stand-by has expired, too."""
    air = on_air_at_seven
    air.switch_off()
    air.now = EIGHT + HOUR + 20 * MINUTE
    air.switch_on()

    air.tick(air.now)

    on_air = air.on_air_file()
    assert on_air
    assert (on_air.due, on_air.level) == (EIGHT + 2 * HOUR, Level.EVERGREEN)


def test_two_services_work_at_once(on_air_at_seven: Air) -> None:
    """Two services with their own archive connections, as two processes have; the lock against a second is not used."""
    first = on_air_at_seven
    first.write_news(first=1)
    second = Air(folder=first.folder, lives=10)
    second.switch_on()
    for air in (first, second):
        air.now = EIGHT - AT_WORK

    both = [threading.Thread(target=air.tick, args=(EIGHT - AT_WORK,)) for air in (first, second)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)

    first.expect(level("Machine", "two"), due=EIGHT)
    assert first.events["met"] + second.events["met"] == 1
    assert first.row(EIGHT).tries == 1
    second.switch_off()


@pytest.mark.parametrize(
    ("name", "jump"),
    [
        ("jump +1 h", HOUR),
        ("jump -1 h", -HOUR),
        ("jump +3 d", timedelta(days=3)),
        ("jump -3 d", timedelta(days=-3)),
    ],
)
def test_the_clock_jumps(on_air_at_seven: Air, name: str, jump: timedelta) -> None:
    """The clock jumps at half past; the next two slots are met, each with news for its hour."""
    air = on_air_at_seven
    jumped = SEVEN + 30 * MINUTE + jump
    air.tick(jumped)
    due = jumped.replace(minute=0) + HOUR

    for hour in (due, due + HOUR):
        air.stand_by(hour)
        air.write_news(first=hour.hour)
        air.slot(hour)

        air.expect(level("Machine", name), due=hour)
