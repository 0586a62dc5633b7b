"""Corrections and blocks from the newsroom: said first, then done, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_requests import RequestLedger, RequestState
from bulletin.edits.correct_aired_words import ChangedWords
from bulletin.errors import NewsroomError, SpeechError, UnfitTextError, UnknownRecordError
from bulletin.newsroom.actions.published.correct_story import (
    aired_story,
    consequences_of_correction,
    correct_story,
)
from bulletin.newsroom.actions.published.kill_list import block_and_withdraw, consequences_of_block
from bulletin.station.build_station_object import Station
from tests.cli.newsroom.test_withdraw import (  # noqa: F401 - fixtures
    HOUR,
    everything_readable,
    items,
    make,
    profile,
    station,
)
from tests.newsroom.actions.published.test_withdraw_stories import desk_of

OLD = "The bridge over the River Wex closes next month for six weeks of repairs."
NEW = "The bridge over the River Wex closes next month for eight weeks of repairs."


def silent(*args: object, **kwargs: object) -> None:
    raise SpeechError("broken for this test")


@pytest.mark.slow
def test_a_story_is_corrected_as_the_consequences_said(station: Station, profile: Path) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    desk = desk_of(station, profile)
    words = aired_story(desk, story="bridge").find("1")
    assert (words.text, words.version, words.origins[0].text) == (OLD, 0, OLD)
    changes = [ChangedWords(aired=OLD, text=f" {NEW}\n", seen=0)]

    said = "\n".join(consequences_of_correction(desk, story="bridge", changes=changes).lines)
    assert f'"{OLD}" becomes "{NEW}"' in said
    assert "One bulletin is remade with your words, and replaced" in said
    assert "playout's file (fm) is replaced." in said
    assert "stays in the log as it aired" in said
    assert "Not in the source" in said

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bulletin.speech.engines.tone_for_tests.ToneEngine.synthesize", silent)
        with pytest.raises(NewsroomError, match="nothing was changed: no voice"):
            correct_story(desk, story="bridge", changes=changes, key="k0")
    assert RequestLedger(desk.archive).of_key("hill", "k0").state is RequestState.FAILED
    assert "six weeks" in everything_readable(station)
    assert desk.edits.edits("hill") == ()

    answer = correct_story(desk, story="bridge", changes=changes, key="k1")
    assert answer.request.state is RequestState.DONE
    assert correct_story(desk, story="bridge", changes=changes, key="k1").request.id == answer.request.id
    assert "six weeks" not in everything_readable(station)
    assert [title.split(":")[0] for title, _ in items(station)] == ["Correction"]
    assert aired_story(desk, story="bridge", bulletin=1).find("1").text == NEW, "its latest correction"
    actions = [change.action for change in AuditLedger(station.archive).changes("hill")]
    assert actions[:2] == ["reword", "ask correct-story"]


@pytest.mark.slow
def test_a_blocked_word_withdraws_its_bulletins_unless_they_are_kept(station: Station, profile: Path) -> None:
    make(station, "school", "bridge", after=0 * HOUR)
    make(station, "school", after=HOUR)
    desk = desk_of(station, profile)
    said = "\n".join(consequences_of_block(desk, entry="river  wex").lines)
    assert "One bulletin is withdrawn, and not remade" in said
    assert block_and_withdraw(desk, entry="river wex", keep_published=True).withdrawal is None
    assert len(items(station)) == 2

    withdrawal = block_and_withdraw(desk, entry="river wex").withdrawal
    assert withdrawal is not None
    assert withdrawal.request.state is RequestState.DONE
    assert {item["outlet"] for item in withdrawal.request.result["withdrawn"]} >= {"podcast", "page"}
    assert len(items(station)) == 1
    assert "six weeks" not in everything_readable(station)
    with pytest.raises(UnknownRecordError):
        aired_story(desk, story="bridge", bulletin=99)
    with pytest.raises(UnfitTextError):
        consequences_of_block(desk, entry="!!")
