"""Metrics of a group: one reading for each scrape, and none of an unreadable database's old figures."""

from __future__ import annotations

import re
from pathlib import Path

import bulletin.group.monitoring.group_metrics as module
from bulletin.archive.ledgers.group.pieces_of_work import KINDS
from bulletin.errors import ArchiveError
from bulletin.group.monitoring.group_metrics import GroupMetrics
from bulletin.group.monitoring.group_status import GroupStatus, SlotStanding, StationStanding
from tests.support.factories import NOW

DOCS = Path(__file__).parents[3] / "docs"


def test_a_database_that_is_gone_leaves_no_old_figures():
    readings = [
        GroupStatus(
            group="north",
            at=NOW,
            stations=(StationStanding(station="hill", last_standing=SlotStanding.LATE),),
            past={SlotStanding.LATE: 1},
            queue_age_s=75.0,
        )
    ]

    def read() -> GroupStatus:
        if not readings:
            raise ArchiveError("the database is away")
        return readings.pop()

    metrics = GroupMetrics(read)
    there, gone = metrics.exposition().decode(), metrics.exposition().decode()

    assert "bulletin_group_up 1.0" in there
    assert 'bulletin_group_last_slot{standing="late",station="hill"} 1.0' in there
    assert 'bulletin_group_slots{hour="last",standing="late"} 1.0' in there
    assert 'bulletin_group_slots{hour="last",standing="missed"} 0.0' in there
    assert 'bulletin_group_workers{role="worker",state="alive"} 0.0' in there
    assert "bulletin_group_queue_age_seconds 75.0" in there
    assert "bulletin_group_up 0.0" in gone
    assert "bulletin_group_queue_age_seconds NaN" in gone
    assert "hill" not in gone
    assert "bulletin_group_slots{" not in gone


def test_a_kind_of_piece_has_its_line_before_its_first_piece():
    text = GroupMetrics(lambda: GroupStatus(group="north", at=NOW, waiting={"mix": 2})).exposition().decode()

    assert 'bulletin_group_pieces{kind="mix",state="waiting"} 2.0' in text
    for kind in KINDS:
        assert f'bulletin_group_pieces{{kind="{kind}",state="working"}} 0.0' in text
        for state in ("done", "failed"):
            assert f'bulletin_group_pieces_last_hour{{kind="{kind}",state="{state}"}} 0.0' in text


def test_every_metric_of_a_group_is_documented():
    names = set(re.findall(r'"(bulletin_group_\w+)"', Path(module.__file__).read_text("utf-8")))
    documented = re.findall(r"`(bulletin_group_\w+)", (DOCS / "GROUP.md").read_text("utf-8"))

    assert sorted(documented) == sorted(names)
