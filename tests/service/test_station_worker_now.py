"""Station worker between slots: a bulletin on demand goes on air, and a failure leaves the file on air."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.errors import NoStoryError, OutletError
from bulletin.model import Level, Slot
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.publishing.move_standby_files_on_air import pulled_folder
from bulletin.service.resources.disk_space_reserve import DiskReserve
from bulletin.service.slots.choose_bulletin_for_playout import find_candidate
from bulletin.service.station_worker import StationWorker
from bulletin.station.build_station_object import STATE
from bulletin.station.open_archive import open_archive
from tests.service.slots.test_publish_best_standby import ITEM, PROFILE, TEXT

NOW = datetime(2026, 11, 25, 7, 22, tzinfo=UTC)


def lay_out(folder: Path, *items: str) -> Path:
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{"".join(items)}</channel></rss>',
        encoding="utf-8",
    )
    path = folder / "valley.toml"
    path.write_text(PROFILE.format(options="", make='"podcast", "fm"'), encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_bulletin_on_demand_goes_on_air_and_not_into_the_podcast(tmp_path: Path) -> None:
    path = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    output = tmp_path / "output"

    with open_archive(output) as archive:
        worker = StationWorker(
            loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: NOW
        )
        worker.make_now(within_s=60)

    candidate = find_candidate(output / "valley", "fm")
    assert candidate
    assert (candidate.kind, candidate.level, candidate.due.minute) == ("fm", "fresh", 20)
    assert not (output / "valley" / "feed.xml").exists()


@pytest.mark.slow
def test_a_bulletin_on_demand_replaces_the_ready_one_of_the_next_slot(tmp_path: Path) -> None:
    """Breaking story at 7:26: dated 7:25 it would be held back and air at eight only."""
    path = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    with path.open("a", encoding="utf-8") as profile:
        profile.write('[stories]\nrepeats = 9\n[[clock.slots]]\nat = "06:00-19:30"\nevery_min = 30\n')
    output, half_past = tmp_path / "output", NOW.replace(minute=30)

    with open_archive(output) as archive:
        first, then = (
            StationWorker(
                loaded=load_profile(str(path)),
                output=output,
                archive=archive,
                clock=lambda minute=minute: NOW.replace(minute=minute),  # type: ignore[misc]
            )
            for minute in (24, 26)
        )
        (slot,) = first.slots(since=NOW, until=half_past + timedelta(seconds=1))
        first.work(slot, ready_by=half_past)
        then.make_now(within_s=60)

    candidate = find_candidate(output / "valley", "fm")
    assert candidate
    assert (candidate.due, candidate.made) == (half_past, NOW.replace(minute=26))


@pytest.mark.slow
def test_an_fm_file_without_a_time_check_is_made_too(tmp_path: Path) -> None:
    """On demand the pull endpoint needs it."""
    path = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    profile = path.read_text(encoding="utf-8").replace('"podcast", "fm"', '"podcast", "speaker", "fm"')
    path.write_text(f"{profile}time_check = false\n[outputs.speaker]\ntime_check = true\n", encoding="utf-8")
    output = tmp_path / "output"

    with open_archive(output) as archive:
        worker = StationWorker(
            loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: NOW
        )
        worker.make_now(within_s=60)

    assert [bool(find_candidate(output / "valley", kind)) for kind in ("fm", "speaker", "podcast")] == [
        True,
        True,
        False,
    ]


@pytest.mark.slow
def test_without_news_a_stand_by_is_prepared_for_the_pull_endpoint(tmp_path: Path) -> None:
    path, output = lay_out(tmp_path), tmp_path / "output"

    with open_archive(output) as archive:
        worker = StationWorker(
            loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: NOW
        )
        with pytest.raises(NoStoryError):
            worker.make_now(within_s=60)

    assert [find_candidate(output / "valley", kind) for kind in ("fm", "podcast")] == [None, None]
    side_file = json.loads((pulled_folder(output / STATE, "valley") / "standby.json").read_text())
    assert side_file["level"] == "evergreen"


@pytest.mark.slow
def test_fresh_news_may_use_the_disk_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    output = tmp_path / "output"
    reserve = output / ".bulletin" / "reserve"

    def make(*args: Any, **more: Any) -> Run:
        if reserve.exists():
            raise OutletError("17.5 MB are free, 20.0 MB are needed; free some space")
        return make_bulletin(*args, **more)

    monkeypatch.setattr("bulletin.service.station_worker.make_bulletin", make)
    due = NOW.replace(minute=30)
    slot = Slot(station="valley", due=due, length_s=60, outputs=("podcast", "fm"))
    with open_archive(output) as archive:
        DiskReserve(reserve.parent).keep()
        worker = StationWorker(
            loaded=load_profile(str(path)), output=output, archive=archive, clock=lambda: NOW
        )
        outcome = worker.work(slot, ready_by=due + timedelta(minutes=5))

    assert (outcome.level, outcome.is_on_air) == (Level.FRESH, True)
