"""
Requests of editors: asked once, begun once, ended by whoever holds the lease.

Each test also runs on PostgreSQL (mark.clients).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.newsroom_requests import (
    RequestKind,
    RequestLedger,
    RequestState,
    ServiceRequest,
    StageDone,
)
from tests.support.factories import NOW

MINUTE, LEASE = timedelta(minutes=1), timedelta(minutes=2)


@pytest.fixture
def ledger(archive: Archive) -> RequestLedger:
    return RequestLedger(archive)


def ask(ledger: RequestLedger, **changes: Any) -> ServiceRequest:
    fields: dict[str, Any] = {
        "kind": RequestKind.MAKE_NOW,
        "asked_by": "anna",
        "key": "k1",
        "now": NOW,
        "expires_at": NOW + 15 * MINUTE,
    }
    kind = (fields := fields | changes).pop("kind")
    return ledger.ask("demo", kind, **fields)


def test_a_form_sent_twice_asks_once_also_after_the_work_ended(ledger: RequestLedger) -> None:
    first = ask(ledger)
    ledger.claim(first.id, owner="one", now=NOW, lease=LEASE)
    ledger.finish(first.id, owner="one", state=RequestState.DONE, now=NOW, result={"title": "7am"})

    again = ask(ledger)

    assert (again.id, again.state, again.result) == (first.id, RequestState.DONE, {"title": "7am"})


def test_two_editors_who_press_the_same_button_ask_once(ledger: RequestLedger) -> None:
    first = ask(ledger)
    second = ask(ledger, key="k2", asked_by="ben")
    other = ask(ledger, key="k3", kind=RequestKind.RETRY_DELIVERY, details={"delivery": "ftp"})
    third = ask(ledger, key="k4", kind=RequestKind.RETRY_DELIVERY, details={"delivery": "s3"})

    assert (second.id, second.asked_by) == (first.id, "anna")
    assert len({first.id, other.id, third.id}) == 3


def test_a_request_is_begun_by_one_service_only(ledger: RequestLedger) -> None:
    number = ask(ledger).id

    assert ledger.claim(number, owner="one", now=NOW, lease=LEASE)
    assert ledger.claim(number, owner="two", now=NOW + MINUTE, lease=LEASE) is None
    assert not ledger.finish(number, owner="two", state=RequestState.DONE, now=NOW)


def test_a_service_that_lost_its_lease_cannot_end_the_request(ledger: RequestLedger) -> None:
    number = ask(ledger).id
    ledger.claim(number, owner="one", now=NOW, lease=LEASE)

    (left,) = ledger.due(["demo"], now=NOW + 3 * MINUTE)
    taken = ledger.claim(left.id, owner="two", now=NOW + 3 * MINUTE, lease=LEASE)

    assert taken
    assert taken.tried_at == (NOW, NOW + 3 * MINUTE)
    assert not ledger.progress(number, owner="one", stage="speak")
    assert not ledger.finish(number, owner="one", state=RequestState.DONE, now=NOW)
    assert ledger.finish(number, owner="two", state=RequestState.FAILED, now=NOW, note="no story")


def test_a_worker_with_the_piece_of_work_takes_a_request_under_the_lease_of_a_dead_one(
    ledger: RequestLedger,
) -> None:
    number = ask(ledger).id
    ledger.claim(number, owner="one", now=NOW, lease=LEASE)

    taken = ledger.claim(number, owner="two", now=NOW, lease=LEASE, has_piece=True)

    assert taken
    assert taken.owner == "two"
    assert not ledger.finish(number, owner="one", state=RequestState.DONE, now=NOW)
    assert ledger.finish(number, owner="two", state=RequestState.DONE, now=NOW)
    assert ledger.claim(number, owner="one", now=NOW, lease=LEASE, has_piece=True) is None


def test_the_next_service_takes_over_what_a_dead_one_began(ledger: RequestLedger) -> None:
    number = ask(ledger).id
    ledger.claim(number, owner="one", now=NOW, lease=LEASE)

    assert ledger.take_over(["other"], owner="two") == 0
    assert ledger.take_over(["demo"], owner="two") == 1
    # it was begun, so it does not expire although its time is over
    (request,) = ledger.due(["demo"], now=NOW + 60 * MINUTE)

    assert (request.state, request.tried_at) == (RequestState.WAITING, (NOW,))
    assert "begun again" in request.step


def test_a_request_that_no_service_took_in_time_is_not_done_later(ledger: RequestLedger) -> None:
    number = ask(ledger).id

    assert ledger.due(["demo"], now=NOW + 15 * MINUTE) == ()
    assert ledger.claim(number, owner="one", now=NOW + 16 * MINUTE, lease=LEASE) is None

    request = ledger.find(number)
    assert request
    assert request.state is RequestState.EXPIRED
    assert "ask again" in request.note
    assert ask(ledger, key="k2", now=NOW + 16 * MINUTE, expires_at=NOW + 31 * MINUTE).id != number


def test_stages_are_recorded_as_they_end(ledger: RequestLedger) -> None:
    number = ask(ledger).id
    ledger.claim(number, owner="one", now=NOW, lease=LEASE)
    done = StageDone(stage="gather", seconds=1.5, summary="40 articles")

    ledger.progress(number, owner="one", stage="speak", step="3 of 20", stages=[done])

    request = ledger.find(number)
    assert request
    assert (request.stage, request.step, request.stages) == ("speak", "3 of 20", (done,))


def test_the_reason_of_a_wait_is_shown(ledger: RequestLedger) -> None:
    number = ask(ledger).id

    ledger.put_off(number, step="waits for the bulletin of 07:00")

    assert [request.step for request in ledger.rows("demo")] == ["waits for the bulletin of 07:00"]


def test_ended_requests_are_forgotten_after_a_while_open_ones_never(ledger: RequestLedger) -> None:
    ended, _ = ask(ledger), ask(ledger, key="k2", kind=RequestKind.BACK_UP)
    ledger.claim(ended.id, owner="one", now=NOW, lease=LEASE)
    ledger.finish(ended.id, owner="one", state=RequestState.DONE, now=NOW)

    assert ledger.forget("other", before=NOW + MINUTE) == 0
    assert ledger.forget(before=NOW + MINUTE) == 1
    assert ledger.open_stations() == {"demo"}
    assert [request.kind for request in ledger.rows("demo")] == [RequestKind.BACK_UP]
