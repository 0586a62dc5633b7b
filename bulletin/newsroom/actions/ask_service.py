"""Requests of an editor to the service: bulletins, previews, deliveries, pages, backups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bulletin.archive.ledgers.delivery_outbox import Outbox, OutboxState
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger, ServiceRequest
from bulletin.errors import NewsroomError, UnknownRecordError
from bulletin.newsroom.choose_slot import clock_time
from bulletin.newsroom.desk import Desk, new_key
from bulletin.service.is_station_served import is_kept

SOON, LATER = timedelta(minutes=15), timedelta(days=1)
_EXPIRES = {
    RequestKind.PREVIEW: SOON,
    RequestKind.MAKE_NOW: SOON,
    RequestKind.PUBLISH: SOON,
    RequestKind.RETRY_DELIVERY: LATER,
    RequestKind.REPUBLISH: LATER,
    RequestKind.BACK_UP: LATER,
    RequestKind.WITHDRAW_STORY: LATER,
    RequestKind.WITHDRAW_BULLETIN: LATER,
    RequestKind.WITHDRAW_BLOCKED: LATER,
    RequestKind.CORRECT_STORY: LATER,
}
"""Time after which a request that no service took is not done: nobody expects a bulletin an hour later."""
_BY_HAND = {
    RequestKind.PREVIEW: "bulletin next",
    RequestKind.MAKE_NOW: "bulletin make",
    RequestKind.PUBLISH: "bulletin make",
    RequestKind.RETRY_DELIVERY: "bulletin outbox retry",
    RequestKind.REPUBLISH: "bulletin republish",
    RequestKind.BACK_UP: "bulletin backup FILE",
    RequestKind.WITHDRAW_STORY: "bulletin withdraw",
    RequestKind.WITHDRAW_BULLETIN: "bulletin withdraw",
    RequestKind.WITHDRAW_BLOCKED: "bulletin kill",
    RequestKind.CORRECT_STORY: "bulletin correct",
}
"""Command that does the same without a service."""
WORDS = {
    RequestKind.PREVIEW: "the coming bulletin",
    RequestKind.MAKE_NOW: "a bulletin now, for the playout",
    RequestKind.PUBLISH: "a bulletin now, for every output",
    RequestKind.RETRY_DELIVERY: "deliveries once more",
    RequestKind.REPUBLISH: "feed and pages once more",
    RequestKind.BACK_UP: "a backup",
    RequestKind.WITHDRAW_STORY: "a story withdrawn",
    RequestKind.WITHDRAW_BULLETIN: "a bulletin withdrawn",
    RequestKind.WITHDRAW_BLOCKED: "bulletins with a blocked story withdrawn",
    RequestKind.CORRECT_STORY: "a story corrected",
}
"""Kind of a request in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """A request, and what the editor should know about it."""

    request: ServiceRequest
    is_served: bool
    """A service runs that takes it."""
    note: str = ""
    """Who asked for the same before; what to do where no service runs."""


def make_now(desk: Desk, *, key: str = "") -> RequestAnswer:
    """
    Ask for a bulletin between slots that reaches the playout.

    Raises NewsroomError where the profile allows none, ArchiveError; so do the other functions here.
    """
    _check_between_slots(desk)
    return ask_service(desk, RequestKind.MAKE_NOW, key=key)


def publish(desk: Desk, *, key: str = "") -> RequestAnswer:
    """Ask for a bulletin between slots for every output: playout, podcast, pages and deliveries."""
    _check_between_slots(desk)
    return ask_service(desk, RequestKind.PUBLISH, key=key)


def preview(desk: Desk, *, key: str = "") -> RequestAnswer:
    """Ask for the coming bulletin as it would be made now."""
    return ask_service(desk, RequestKind.PREVIEW, key=key)


def retry_delivery(desk: Desk, *, number: int | None = None, key: str = "") -> RequestAnswer:
    """Ask for a delivery once more, by its number in the outbox, or for all that wait."""
    if number is not None:
        _check_delivery(desk, number)
    details = {} if number is None else {"number": number}
    return ask_service(desk, RequestKind.RETRY_DELIVERY, details, key=key)


def republish(desk: Desk, *, key: str = "") -> RequestAnswer:
    """Ask for feed and pages written once more from the archive."""
    return ask_service(desk, RequestKind.REPUBLISH, key=key)


def back_up(desk: Desk, *, key: str = "") -> RequestAnswer:
    """Ask for a backup of archive, kill list and profile."""
    return ask_service(desk, RequestKind.BACK_UP, key=key)


def ask_service(
    desk: Desk, kind: RequestKind, details: Mapping[str, Any] | None = None, *, key: str = ""
) -> RequestAnswer:
    """Record a request under its key. The same key, or the same work while it is open, asks once."""
    now = desk.now()
    key = key or new_key()
    request = RequestLedger(desk.archive).ask(
        desk.station,
        kind,
        asked_by=desk.editor,
        key=key,
        now=now,
        expires_at=now + _EXPIRES[kind],
        details=details,
        address=desk.address,
    )
    served = is_kept(desk.loaded, output=desk.output, archive=desk.archive)
    return RequestAnswer(request=request, is_served=served, note=_note(desk, request, key=key, served=served))


def find_request(desk: Desk, number: int) -> ServiceRequest:
    """A request of the station by its number. Raises UnknownRecordError for an unknown one."""
    ledger = RequestLedger(desk.archive)
    ledger.expire(now=desk.now())
    request = ledger.find(number)
    if request is None or request.station != desk.station:
        raise UnknownRecordError(
            f"No request {number} of {desk.station}; `bulletin requests list` lists them"
        )
    return request


def last_requests(desk: Desk, *, limit: int = 20) -> tuple[ServiceRequest, ...]:
    """The last requests of the station, newest first."""
    ledger = RequestLedger(desk.archive)
    ledger.expire(now=desk.now())
    return ledger.rows(desk.station, limit=limit)


def _note(desk: Desk, request: ServiceRequest, *, key: str, served: bool) -> str:
    notes = []
    if request.key != key:
        asked_at = clock_time(desk, request.asked_at)
        notes.append(
            f"{request.asked_by} asked for the same at {asked_at}: both of you get the result of request {request.id}."
        )
    if request.is_open and not served:
        until = clock_time(desk, request.expires_at)
        notes.append(
            f"No service runs {desk.station}: the request waits until {until} and then expires. Start `bulletin serve "
            f"{desk.station}`, or run `{_BY_HAND[request.kind]}` on the station's computer."
        )
    return " ".join(notes)


def _check_between_slots(desk: Desk) -> None:
    if not desk.loaded.profile.clock.between_slots:
        raise NewsroomError(
            f"{desk.loaded.path.name}: [clock] between_slots is false, so no bulletin is made between slots; set it "
            "to true in the station's profile"
        )


def _check_delivery(desk: Desk, number: int) -> None:
    item = Outbox(desk.archive).find(number)
    if item is None or item.station != desk.station:
        raise UnknownRecordError(f"No delivery {number} of {desk.station}; the list of outlets shows all")
    if item.state is OutboxState.DONE:
        raise NewsroomError(f"delivery {number} is done already; nothing is to be retried")
