"""Requests to the service in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestState, ServiceRequest, StageDone
from bulletin.newsroom.views.work_of_service import list_work
from tests.support.factories import NOW

KINDS = (RequestKind.PREVIEW, RequestKind.MAKE_NOW)


def request(**changes: Any) -> ServiceRequest:
    fields: dict[str, Any] = {
        "id": 1, "station": "hill", "kind": RequestKind.MAKE_NOW, "asked_by": "ann", "key": "k",
        "state": RequestState.WAITING, "asked_at": NOW, "expires_at": NOW + timedelta(minutes=15),
    }  # fmt: skip
    return ServiceRequest(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "asked by ann; waiting for the service"),
        ({"step": "a slot needs the computer"}, "asked by ann; a slot needs the computer"),
        ({"state": RequestState.WORKING, "stage": "speak", "step": "4 of 9"}, "speaking: 4 of 9 (4 of 7)"),
        (
            {
                "state": RequestState.DONE,
                "done_at": NOW,
                "stages": (StageDone(stage="gather", seconds=2.6), StageDone(stage="write", seconds=9.0)),
            },
            "done in 12 s",
        ),
        ({"state": RequestState.FAILED, "done_at": NOW, "note": "no voice"}, "failed: no voice"),
    ],
)
def test_a_request_says_how_far_it_is(changes: dict[str, Any], text: str) -> None:
    (line,) = list_work([request(**changes)], kinds=KINDS, now=NOW)

    assert (line.text, line.is_open) == (text, "done_at" not in changes)


def test_old_requests_and_those_of_other_pages_are_not_shown() -> None:
    old = request(state=RequestState.DONE, done_at=NOW - timedelta(hours=1))
    other = request(kind=RequestKind.BACK_UP)

    assert list_work([old, other], kinds=KINDS, now=NOW) == ()
