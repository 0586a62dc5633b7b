"""Signing of corrections by `bulletin withdraw`: once, however often the work restarts; stand-bys are signed too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.errors import OutletError
from bulletin.pipeline.changes.delete_old_files import keep_within_limits
from bulletin.pipeline.changes.withdraw_story import Corrected, withdraw_story
from bulletin.service.slots.publish_best_standby import put_standby
from bulletin.station.build_station_object import Station, open_station
from tests.cli.newsroom.test_withdraw import HOUR, TOML, items, make, story, with_failing
from tests.station.test_sign_bulletin_mp3s import make_certificate, manifest
from tests.support.factories import NOW

CREDENTIALS = """\
[credentials]
certificate = "cert.pem"
key = "key.pem"
"""


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    make_certificate(tmp_path)
    path = tmp_path / "hill.toml"
    path.write_text(TOML + CREDENTIALS, encoding="utf-8")
    with open_station(load_profile(str(path)), output=tmp_path / "out") as station:
        yield station


def withdraw(station: Station, *, after: timedelta = HOUR) -> tuple[Corrected, ...]:
    return withdraw_story(station, story(station, "bridge"), now=NOW + after)


def sounds(station: Station) -> list[Path]:
    return sorted(station.folder.rglob("*.mp3"))


def signed_copies(station: Station) -> list[Path]:
    return [path for path in (station.state / "signed").rglob("*") if path.is_file()]


@pytest.mark.slow
def test_every_mp3_of_a_correction_is_signed_and_has_its_title(station: Station) -> None:
    before = make(station, "school", "bridge", after=0 * HOUR)

    (done,) = withdraw(station)

    assert done.is_made_again
    names = {path.name for path in sounds(station)}
    assert {"latest.mp3", "fm.mp3"} < names
    for path in sounds(station):
        credentials = manifest(path)
        assert credentials["state"] == "Valid", path
        assert str(credentials["title"]).startswith("Correction: "), path
    assert items(station)[0][0] == f"Correction: {before.script.title}"
    assert signed_copies(station) == []  # the correction is recorded, so no run starts it again


@pytest.mark.slow
def test_an_interrupted_correction_is_finished_with_the_same_signature(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    (broken,) = withdraw_story(
        with_failing(
            station, OutletError("fm.wav: cannot be written (No space left on device); free some space")
        ),
        story(station, "bridge"),
        now=NOW + HOUR,
    )
    assert broken.is_out
    halfway = {path.name: path.read_bytes() for path in sounds(station) if path.name.startswith("hill-")}
    (listed,) = items(station)

    (done,) = withdraw(station, after=2 * HOUR)

    assert done.is_made_again
    assert items(station) == [listed]  # one correction, not two
    finished = {path.name: path.read_bytes() for path in sounds(station) if path.name.startswith("hill-")}
    assert finished == halfway
    assert signed_copies(station) == []


@pytest.mark.slow
def test_an_unsigned_correction_stays_unsigned_until_it_is_published_everywhere(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    """Else a certificate renewed in between would bring listeners a second correction."""
    make(station, "school", "bridge", after=0 * HOUR)
    good = (station.path.parent / "cert.pem").read_bytes()
    (station.path.parent / "cert.pem").write_text("no certificate", encoding="utf-8")
    withdraw_story(
        with_failing(
            station, OutletError("fm.wav: cannot be written (No space left on device); free some space")
        ),
        story(station, "bridge"),
        now=NOW + HOUR,
    )
    assert "published without Content Credentials" in caplog.text
    (listed,) = items(station)

    (station.path.parent / "cert.pem").write_bytes(good)
    (done,) = withdraw(station, after=2 * HOUR)

    assert done.is_made_again
    assert items(station) == [listed]


@pytest.mark.slow
def test_a_correction_that_cannot_be_stored_withdraws_the_bulletin(station: Station) -> None:
    """The story must leave the air; the alternatives are an unsigned or a second correction."""
    bulletin = make(station, "school", "bridge", after=0 * HOUR)
    (station.state / "signed").write_text("a file where the folder should be", encoding="utf-8")

    (done,) = withdraw(station)

    assert (done.is_made_again, done.is_out, done.title) == (False, False, bulletin.script.title)
    assert "signed" in done.problem
    assert items(station) == []


@pytest.mark.slow
def test_an_unfinished_correction_is_deleted_with_unfit_bulletins(station: Station) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    withdraw_story(
        with_failing(
            station, OutletError("fm.wav: cannot be written (No space left on device); free some space")
        ),
        story(station, "bridge"),
        now=NOW + HOUR,
    )
    assert signed_copies(station)
    signed_at = datetime.fromtimestamp(signed_copies(station)[0].stat().st_mtime, tz=UTC)

    for day in range(int(station.profile.keep.runs_days) + 2):  # days of work
        keep_within_limits(station, now=signed_at + timedelta(days=day))

    assert signed_copies(station) == []


@pytest.mark.slow
def test_a_stand_by_is_signed(station: Station) -> None:
    put_standby(station, due=NOW + HOUR, now=NOW + HOUR)

    assert manifest(station.folder / "fm.mp3")["state"] == "Valid"
