"""Requests to the service: asked once, and an answer that says what to do where no service runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxAction
from bulletin.archive.ledgers.newsroom_audit import AuditLedger
from bulletin.archive.ledgers.newsroom_requests import RequestState
from bulletin.errors import NewsroomError
from bulletin.newsroom.actions import ask_service
from bulletin.runtime.files.file_lock import hold
from bulletin.service.is_station_served import service_lock
from tests.support.newsroom_desk import newsroom


@pytest.mark.slow
def test_without_a_service_the_answer_says_until_when_it_waits_and_what_to_do(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        answer = ask_service.make_now(desk, key="k1")

        assert not answer.is_served
        assert "07:45" in answer.note  # asked at 07:30
        assert "bulletin serve hill" in answer.note
        assert "bulletin make" in answer.note

        later = replace(desk, now=lambda: desk.now() + timedelta(minutes=20))
        (row,) = ask_service.last_requests(later)
        assert (row.state, "ask again" in row.note) == (RequestState.EXPIRED, True)


@pytest.mark.slow
def test_with_a_service_there_is_nothing_to_explain(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk, hold(service_lock(desk.output, "hill")):
        answer = ask_service.back_up(desk, key="k1")

        assert (answer.is_served, answer.note) == (True, "")


def test_a_second_editor_joins_the_request_of_the_first_and_one_change_is_in_the_audit(
    tmp_path: Path,
) -> None:
    with newsroom(tmp_path) as desk:
        first = ask_service.publish(desk, key="k1")
        again = ask_service.publish(desk, key="k1")
        joined = ask_service.publish(replace(desk, editor="ben"), key="k2")

        assert first.request.id == again.request.id == joined.request.id
        assert "ann asked for the same at 07:30" in joined.note
        assert [change.action for change in AuditLedger(desk.archive).changes("hill")] == ["ask publish"]


@pytest.mark.slow
def test_a_profile_may_forbid_bulletins_between_slots(tmp_path: Path) -> None:
    with newsroom(tmp_path, clock="[clock]\nbetween_slots = false") as desk:
        with pytest.raises(NewsroomError, match="between_slots"):
            ask_service.make_now(desk)
        assert ask_service.last_requests(desk) == ()


def test_a_delivery_of_another_station_or_a_done_one_is_not_asked_for(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        outbox, now = Outbox(desk.archive), desk.now()
        for station in ("other", "hill"):
            outbox.add(station, "ftp", f"{station}-1", OutboxAction.PUBLISH, now=now)
        other, mine = outbox.rows()

        with pytest.raises(NewsroomError, match="No delivery 1 of hill"):
            ask_service.retry_delivery(desk, number=other.id)
        assert ask_service.retry_delivery(desk, number=mine.id).request.details == {"number": mine.id}
        outbox.finish(mine, now=now)
        with pytest.raises(NewsroomError, match="done already"):
            ask_service.retry_delivery(desk, number=mine.id)


def test_a_request_of_another_station_is_not_shown(tmp_path: Path) -> None:
    with newsroom(tmp_path) as desk:
        number = ask_service.preview(desk).request.id

        assert ask_service.find_request(desk, number).id == number
        stranger = replace(desk, loaded=replace(desk.loaded, id="other"))
        with pytest.raises(NewsroomError, match=f"No request {number} of other"):
            ask_service.find_request(stranger, number)
