"""Newest file: the latest rendition under a fixed name."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from bulletin.model import Level
from tests.publishing.files.newest_station import HOUR, desk  # noqa: F401 - a fixture
from tests.support.factories import NOW


def test_it_is_an_outlet(desk):
    outlet = desk.outlet()

    outlet.check()
    assert outlet.name == "fm"
    assert desk.names() == set()


def test_the_newest_bulletin_has_a_fixed_file_name(desk):
    episode = desk.publish(1)
    desk.publish(2)

    assert desk.names() == {"fm.wav", "fm.json"}
    assert (desk.folder / "fm.wav").read_bytes().startswith(b"sound     2 ")
    assert episode.outlet == "fm"
    assert episode.places == {"audio": desk.folder / "fm.wav", "about": desk.folder / "fm.json"}


def test_the_side_file_describes_the_bulletin(desk):
    episode = desk.publish(1)

    data = (desk.folder / "fm.wav").read_bytes()
    assert desk.about() == {
        "station": "demo",
        "kind": "fm",
        "title": "Bulletin 1",
        "guid": f"demo-fm-20261124T0800Z-{sha256(data).hexdigest()[:12]}",
        "audio": "fm.wav",
        "media_type": "audio/wav",
        "made": "2026-11-24T07:58:00+00:00",
        "due": "2026-11-24T08:00:00+00:00",
        "valid_until": "2026-11-24T10:00:00+00:00",
        "level": "fresh",
        "duration_s": 30.0,
        "loudness_lufs": -23.0,
        "true_peak_dbtp": -1.8,
        "bytes": len(data),
        "sha256": sha256(data).hexdigest(),
    }
    assert episode.guid == desk.about()["guid"]


def test_the_station_sets_the_expiry(desk):
    desk.publish(1, valid_min=60)

    assert desk.about()["valid_until"] == "2026-11-24T09:00:00+00:00"


def test_the_same_bulletin_again_touches_nothing(desk):
    first = desk.publish(1)
    long_ago = 1_700_000_000
    for name in desk.names():
        os.utime(desk.folder / name, (long_ago, long_ago))

    desk.now += timedelta(minutes=10)
    again = desk.outlet().publish(desk.bulletin(1))

    assert again == first
    assert {(desk.folder / name).stat().st_mtime for name in desk.names()} == {long_ago}


def test_a_new_bulletin_has_a_new_time_of_modification(desk):
    desk.publish(1)
    os.utime(desk.folder / "fm.wav", (1_700_000_000, 1_700_000_000))

    desk.publish(2)

    assert (desk.folder / "fm.wav").stat().st_mtime > 1_700_000_000


def test_an_earlier_hour_never_replaces_a_later_one(desk):
    desk.publish(5)

    episode = desk.outlet().publish(desk.bulletin(3))

    assert episode.kept_back == "the fresh bulletin of 12:00 is there, which is newer"
    assert desk.about()["title"] == "Bulletin 5"
    assert (desk.folder / "fm.wav").read_bytes().startswith(b"sound     5 ")


def test_news_beats_the_stand_by_of_a_later_slot(desk):
    """Older versions put such a stand-by there ten minutes after each slot."""
    desk.publish(4)
    desk.outlet(folder=desk.folder).publish(replace(desk.bulletin(5), level=Level.IDENT))
    (desk.folder / "fm.json").write_text(
        json.dumps(desk.about() | {"due": (NOW + 5 * HOUR).isoformat(), "level": "ident"})
    )
    desk.now = NOW + 4 * HOUR + timedelta(minutes=20)

    episode = desk.outlet(valid_min=60).publish(desk.bulletin(4, size=300))

    assert episode.kept_back == ""
    assert (desk.about()["title"], desk.about()["level"]) == ("Bulletin 4", "fresh")


def test_a_stand_by_never_replaces_news_that_is_valid(desk):
    desk.publish(4, valid_min=60)

    for number in (4, 5):
        standby = replace(desk.bulletin(number, size=100), level=Level.LAST_GOOD)
        assert desk.outlet().publish(standby).kept_back

    assert desk.about()["level"] == "fresh"
    assert (desk.folder / "fm.wav").read_bytes().startswith(b"sound     4 ")


def test_news_that_is_over_does_not_replace_the_stand_by_of_a_later_hour(desk):
    desk.now = NOW + 5 * HOUR
    desk.outlet().publish(replace(desk.bulletin(5), level=Level.LAST_GOOD))

    episode = desk.outlet(valid_min=60).publish(desk.bulletin(3))

    assert episode.kept_back == "the last-good bulletin of 12:00 is there, and this one expired at 11:00"
    assert desk.about()["title"] == "Bulletin 5"


def test_a_side_file_without_its_audio_holds_no_bulletin_back(desk):
    desk.publish(5)
    (desk.folder / "fm.wav").unlink()

    desk.outlet().publish(desk.bulletin(4))

    assert desk.about()["title"] == "Bulletin 4"


def test_a_correction_does_not_replace_a_newer_bulletin_of_the_same_hour(desk):
    old = desk.publish(4)
    desk.now += timedelta(minutes=20)
    desk.outlet().publish(desk.bulletin(4, size=700))

    corrected = desk.outlet().correct(old.guid, desk.bulletin(4, size=500))

    assert corrected.kept_back == "Bulletin 4 has replaced the bulletin to be corrected"
    assert (desk.folder / "fm.wav").stat().st_size == 700 * len("sound     4 ")


def test_a_later_hour_of_a_clock_that_was_set_back_is_replaced(desk):
    desk.publish(5)

    desk.publish(4)

    assert desk.about()["title"] == "Bulletin 4"


@pytest.mark.parametrize(("back_s", "title"), [(20, "Bulletin 5"), (90, "Bulletin 4")])
def test_clocks_that_differ_by_seconds_are_not_set_back(desk, back_s, title):
    """The file on disk was made when the clock was `back_s` seconds ahead."""
    desk.publish(5)
    desk.now -= timedelta(seconds=back_s)

    desk.outlet().publish(desk.bulletin(4))

    assert desk.about()["title"] == title


def test_a_correction_expires_with_the_bulletin_it_corrects(desk):
    """A correction takes the expiry from the bulletin, not from the station's clock."""
    made = desk.outlet(valid_min=30).publish(desk.bulletin(4))
    corrected = desk.bulletin(4, size=500)

    desk.outlet().correct(made.guid, corrected)

    assert desk.about()["valid_until"] == "2026-11-24T11:30:00+00:00"


def test_a_correction_for_the_same_hour_replaces_the_bulletin(desk):
    desk.publish(5)
    corrected = desk.bulletin(5, size=500)

    desk.outlet().publish(corrected)

    assert (desk.folder / "fm.wav").stat().st_size == 500 * len("sound     5 ")


def test_another_format_leaves_no_stale_file(desk):
    desk.publish(1)
    desk.now += HOUR

    desk.outlet().publish(desk.bulletin(2, suffix=".mp3"))

    assert desk.names() == {"fm.mp3", "fm.json"}
    assert desk.about()["audio"] == "fm.mp3"


def test_files_of_others_are_left_alone(desk):
    desk.folder.mkdir()
    for name in ("fmx.wav", "fm.txt", "latest.mp3", "fm-2.wav"):
        (desk.folder / name).write_text("other")

    guid = desk.publish(1).guid
    desk.outlet().withdraw(guid)

    assert desk.names() == {"fmx.wav", "fm.txt", "latest.mp3", "fm-2.wav"}


def test_withdrawing_removes_it(desk):
    guid = desk.publish(1).guid

    desk.outlet().withdraw(guid)
    desk.outlet().withdraw(guid)

    assert desk.names() == set()


def test_withdrawing_another_bulletin_leaves_it(desk):
    old = desk.publish(1).guid
    desk.publish(2)

    for guid in (old, "", "demo-20261124T0800Z-0123456789ab", "fm"):
        desk.outlet().withdraw(guid)

    assert desk.names() == {"fm.wav", "fm.json"}


def test_withdrawing_deletes_the_audio_of_a_killed_run(desk):
    """The audio file was replaced, the side file still described the hour before."""
    desk.publish(1)
    before = (desk.folder / "fm.json").read_bytes()
    guid = desk.publish(2).guid
    (desk.folder / "fm.json").write_bytes(before)

    desk.outlet().withdraw(guid)

    assert desk.names() == set()


def test_times_in_the_side_file_are_utc(desk):
    desk.publish(1)

    for name in ("made", "due", "valid_until"):
        assert datetime.fromisoformat(str(desk.about()[name])).utcoffset() == timedelta(0)
