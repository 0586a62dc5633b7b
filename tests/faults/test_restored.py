"""A station moved to another machine by a backup airs its next slot there, without the killed story."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.record_dataclasses import Kill
from bulletin.backup.restore_backup import restore_backup
from bulletin.backup.write_backup import write_backup
from bulletin.config.load_profile import load_profile
from bulletin.model import Level, Role
from tests.faults.station_on_clock import EIGHT, HOUR, MINUTE, Air

pytestmark = pytest.mark.faults


def aired_text(air: Air) -> str:
    with Archive.open(air.database) as archive:
        last = archive.bulletins("valley")[0]
    return " ".join(passage.text for passage in last.running_order if passage.role is Role.STORY)


def test_the_next_slot_airs_in_another_folder_without_the_killed_story(on_air_at_seven: Air) -> None:
    air = on_air_at_seven
    air.write_news(first=1, count=2)
    assert air.archive
    air.archive.add_kill("valley", Kill(entry="Wexbcombe", added_at=air.now))
    air.stand_by(EIGHT)
    file, target = air.folder / "station.tar.gz", air.folder / "there"
    loaded = load_profile(str(air.folder / "valley.toml"))
    # the service is still running
    write_backup([loaded], output=air.output, file=file, speech=True, now=air.now)
    air.switch_off()

    restore_backup(file, profiles=target / "feeds", output=target / "output", replace=False)

    shutil.rmtree(air.output)
    (air.folder / "gazette.rss").unlink()
    other = Air(folder=target / "feeds", now=EIGHT - timedelta(minutes=5))
    (target / "output").rename(other.output)
    other.switch_on()
    other.slot(EIGHT)
    other.expect(Level.FRESH, due=EIGHT)
    assert "Wexccombe" in aired_text(other)
    assert "Wexbcombe" not in aired_text(other)
    nine = EIGHT + HOUR
    other.stand_by(nine)
    other.write_news(first=1)
    other.slot(nine)
    assert "Wexbcombe" not in aired_text(other)
    assert other.row(nine).is_met
    assert other.row(EIGHT - HOUR).is_met  # the ledger still has the earlier slot
    other.tick(nine + MINUTE)
