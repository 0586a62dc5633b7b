"""Stages of a slot's bulletin: in a file while it is made, and gone when it is made."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.config.load_profile import load_profile
from bulletin.model import Level, Slot
from bulletin.pipeline.stage_timer import Listener
from bulletin.service.slots.slot_progress import SlotProgress, SlotStage, progress_file, read_slot_stage
from bulletin.service.station_worker import StationWorker
from bulletin.station.open_archive import open_archive
from tests.service.slots.test_publish_best_standby import ITEM, TEXT
from tests.service.test_station_worker_now import NOW, lay_out


def test_stages_are_written_at_most_once_a_second_and_deleted_at_the_end(tmp_path: Path) -> None:
    path, seconds = progress_file(tmp_path, "valley"), iter((0.0, 0.4, 1.2, 1.2, 1.3, 1.3))
    stages = SlotProgress(path=path, due=NOW, clock=lambda: next(seconds))
    stages.begin("gather")
    assert not path.exists(), "no newsroom has ever been open"
    path.parent.mkdir(parents=True)
    stages.progress(1, 9, "gazette")
    assert read_slot_stage(path) is None
    stages.progress(4, 9, "gazette")
    assert read_slot_stage(path) == SlotStage(due=NOW, stage="gather", step="4 of 9: gazette")
    stages.end("gather", 2.345, "9 feeds")
    assert read_slot_stage(path) == SlotStage(due=NOW, stage="gather", done=(("gather", 2.35, "9 feeds"),))
    stages.close()
    stages.close()
    assert read_slot_stage(path) is None
    path.write_text('{"due": 7}')
    assert read_slot_stage(path) is None


@pytest.mark.slow
def test_the_bulletin_of_a_slot_shows_its_stages_while_it_is_made(tmp_path: Path) -> None:
    profile = lay_out(tmp_path, ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT))
    output, seen = tmp_path / "output", []
    path = progress_file(output, "valley")

    class Watching(Listener):
        def end(self, stage: str, seconds: float, summary: str) -> None:
            found = read_slot_stage(path)
            assert found is not None
            seen.append((found.due, found.stage, len(found.done)))

    with open_archive(output) as archive:
        path.parent.mkdir(parents=True)
        worker = StationWorker(
            loaded=load_profile(str(profile)),
            output=output,
            archive=archive,
            clock=lambda: NOW,
            listener=Watching(),
        )
        slot = Slot(station="valley", due=NOW + timedelta(minutes=8), length_s=45.0)
        assert worker.work(slot, ready_by=slot.due).level is Level.FRESH

    stages = [stage for _, stage, _ in seen]
    assert stages == ["gather", "choose", "write", "speak", "mix", "examine", "publish"]
    assert [count for _, _, count in seen] == list(range(7)), "each stage is listed once it has ended"
    assert {due for due, _, _ in seen} == {slot.due}
    assert not path.exists()
