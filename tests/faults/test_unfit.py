"""An unfit bulletin is not published: the last one stays, or a stand-by replaces it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.model import Level
from bulletin.service.station_worker import StationWorker
from bulletin.station.open_archive import open_archive
from tests.faults.station_process import QUICK, Radio

pytestmark = pytest.mark.faults

HESITANT = QUICK + '[speech]\nchain = ["tests.support.fake_engines:HesitantEngine"]\n'


def test_dead_air_is_not_published_and_the_last_bulletin_stays(tmp_path: Path) -> None:
    radio = Radio(folder=tmp_path)
    radio.make_json()
    before = radio.look()
    radio.profile(tables=HESITANT)

    done = radio.make("--again", voice="")

    assert done.returncode == 9, done.stderr
    assert "is not fit to go out: dead air from" in done.stderr
    assert radio.look() == before
    radio.assert_clean()
    (unfit,) = (radio.state / "unfit" / "valley").iterdir()
    look = radio.run("inspect", str(unfit), "--picture", str(tmp_path / "unfit.png"))
    assert look.returncode == 6
    assert "dead air from" in look.stdout
    assert (tmp_path / "unfit.png").exists()


def test_a_stand_by_replaces_an_unfit_bulletin(tmp_path: Path) -> None:
    radio = Radio(folder=tmp_path)
    fm = '[outputs]\nmake = ["fm"]\n[[clock.slots]]\nat = "00:00-23:00"\n'
    radio.profile(tables=HESITANT + fm)
    now = datetime.now(UTC)
    loaded = load_profile(str(tmp_path / "valley.toml"))
    with open_archive(radio.output) as archive:
        worker = StationWorker(loaded=loaded, output=radio.output, archive=archive)
        slot = worker.slots(since=now, until=now + timedelta(hours=2))[0]

        outcome = worker.work(slot, ready_by=now + timedelta(minutes=5))

    assert outcome.level is not Level.FRESH
    assert "not fit to go out" in outcome.note
    assert (radio.public / "fm.wav").exists()
