"""Withdrawal from the newsroom: its consequences are said first, and then they happen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_requests import RequestState
from bulletin.config.load_profile import load_profile
from bulletin.errors import NewsroomError, UnknownStoryError
from bulletin.newsroom.actions.published.withdraw_stories import (
    consequences_of_bulletin,
    consequences_of_story,
    withdraw_bulletin,
    withdraw_story,
)
from bulletin.newsroom.desk import Desk
from bulletin.runtime.files.file_lock import hold
from bulletin.service.is_station_served import service_lock
from bulletin.station.build_station_object import Station
from tests.cli.newsroom.test_withdraw import (  # noqa: F401 - fixtures
    HOUR,
    NOW,
    items,
    make,
    profile,
    station,
)
from tests.support.newsroom_desk import newsroom


def desk_of(station: Station, profile: Path) -> Desk:
    return Desk(
        loaded=load_profile(str(profile)),
        output=station.folder.parent,
        archive=station.archive,
        editor="ann",
        now=lambda: NOW + 3 * HOUR,
    )


@pytest.mark.slow
def test_a_story_is_taken_out_as_the_consequences_said(station: Station, profile: Path) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    make(station, "bridge", after=HOUR)
    desk = desk_of(station, profile)

    said = "\n".join(consequences_of_story(desk, story="bridge").lines)
    assert "One bulletin is remade without it" in said
    assert "One bulletin is withdrawn, because nothing else is in it" in said
    assert "playout's file (fm) is replaced by a stand-by" in said

    answer = withdraw_story(desk, story="bridge", key="k1")

    assert answer.request.state is RequestState.DONE
    assert [item["remade"] for item in answer.request.result["bulletins"]] == [False, True]
    assert [title.split(":")[0] for title, _ in items(station)] == ["Correction"]
    assert json.loads((station.folder / "fm.json").read_text())["level"] in (
        "last-good",
        "evergreen",
        "ident",
    )
    assert "bridge" in {kill.entry for kill in station.archive.kills("hill")}
    assert [change.action for change in AuditLedger(station.archive).changes("hill")] == [
        "ask withdraw-story"
    ]
    assert withdraw_story(desk, story="bridge", key="k1").request.id == answer.request.id


@pytest.mark.slow
def test_a_bulletin_is_withdrawn_and_its_stories_may_air_again(station: Station, profile: Path) -> None:
    make(station, "school", after=0 * HOUR)
    last = make(station, "bridge", after=HOUR)
    desk = desk_of(station, profile)
    (number,) = (r.id for r in station.archive.bulletins("hill") if r.title == last.script.title)

    assert "may air again" in "\n".join(consequences_of_bulletin(desk, bulletin=number).lines)
    answer = withdraw_bulletin(desk, bulletin=number)

    assert answer.request.state is RequestState.DONE
    assert last.script.title not in [title for title, _ in items(station)]
    assert len(items(station)) == 1
    assert station.archive.kills("hill") == ()
    assert withdraw_bulletin(desk, bulletin=number).request.result["bulletins"][0]["outlets"] == []


@pytest.mark.slow
def test_a_running_service_withdraws_at_once(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk, hold(service_lock(desk.output, "hill")):
        with pytest.raises(UnknownStoryError, match="look it up in the log"):
            withdraw_story(desk, story="nothing")
        with pytest.raises(NewsroomError, match="no bulletin 7"):
            withdraw_bulletin(desk, bulletin=7)
