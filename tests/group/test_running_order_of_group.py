"""A desk and the stations that take its running order, on two workers with a real PostgreSQL and one store."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.audio.mixing.mix_shared_body import FOLDER as BODIES
from bulletin.model import Level, Role
from bulletin.station.desk_of_station import RUNNING_ORDERS
from tests.support.group_processes import run_group

pytestmark = pytest.mark.clients
pytest.importorskip("procrastinate", reason="pip install 'bulletin-radio[group]'")


def test_stations_of_a_desk_tell_its_stories_and_share_their_sound(tmp_path: Path, postgres_url: str) -> None:
    with run_group(tmp_path, postgres_url) as group:
        due = group.write(stations=4, outputs='"podcast"')
        for number in range(4):
            path = tmp_path / "feeds" / f"st{number}.toml"
            text = path.read_text("utf-8").replace("[stories]\n", '[stories]\nrunning_order = "st0"\n')
            text = text.replace("up to 0:30", "0:45")
            if number:
                text = text.replace('[[feeds]]\nurl = "gazette.rss"\npages = false\n', "")
            path.write_text(text, "utf-8")
        group.start("planner", "plan")
        group.start("one", "worker")
        group.start("two", "worker")
        rows = group.wait_until_done(due, stations=4)
        with group.archive() as archive:
            orders = [archive.bulletins(f"st{number}")[-1].running_order for number in range(4)]
        logs = group.log_of("one") + group.log_of("two")

    told = [[(p.story_id, p.text) for p in order if p.role is Role.STORY] for order in orders]
    openings = {next(p.text for p in order if p.role is Role.OPENING) for order in orders}
    assert {row.level for row in rows} == {Level.FRESH}
    assert told[0]
    assert all(stories == told[0] for stories in told)
    assert len(openings) == 4
    assert len(list((tmp_path / "store" / RUNNING_ORDERS).rglob("*.draft"))) == 1
    assert 1 <= len(list((tmp_path / "store" / BODIES).rglob("*.body"))) <= 2
    assert logs.count("rendition joined: kind=podcast") == 4
