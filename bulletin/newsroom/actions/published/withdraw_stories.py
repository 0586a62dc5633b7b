"""Withdrawal of a story or a bulletin: what it will do, said before anybody confirms it, and the withdrawal."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bulletin.archive.ledgers.bulletin_run_history import RunJournal
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger, RequestState
from bulletin.archive.record_dataclasses import BulletinRecord
from bulletin.errors import BulletinError, UnknownRecordError, UnknownStoryError
from bulletin.newsroom.actions.ask_service import RequestAnswer, ask_service, find_request
from bulletin.newsroom.desk import Desk
from bulletin.newsroom.views.aired.withdrawal_plan import PlannedBulletin, WithdrawalPlan, plan_withdrawal
from bulletin.pipeline.read_json_of_on_air_files import on_air_kinds
from bulletin.service.newsroom_requests.do_newsroom_request import RequestWork, do_request
from bulletin.service.newsroom_requests.record_request_progress import RequestProgress
from bulletin.service.station_worker import StationWorker

_LEASE = timedelta(minutes=2)
"""After a kill the same request may be done again so soon; done twice it changes nothing more."""
_WITHIN_S = 900.0
_DELIVERED_LATER = (
    "No service runs: the outlets here are changed, but deliveries wait; `bulletin outbox retry` sends them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a withdrawal will do."""

    title: str
    """Title of the story or the bulletin."""
    lines: tuple[str, ...]
    """One sentence for each thing that changes: bulletins, feed, newest file, playout, deliveries."""


def consequences_of_story(desk: Desk, *, story: str) -> Consequences:
    """What `correct_story` will do. Raises UnknownStoryError, ArchiveError."""
    plan = plan_withdrawal(desk.loaded, desk.archive, story, output=desk.output)
    if plan is None:
        raise UnknownStoryError(f'no story "{story}" in the archive of {desk.station}; look it up in the log')
    return Consequences(title=plan.title, lines=tuple(_story_lines(desk, plan)))


def consequences_of_bulletin(desk: Desk, *, bulletin: int) -> Consequences:
    """What `withdraw_bulletin` will do. Raises UnknownRecordError, ArchiveError."""
    record = _find_bulletin(desk, bulletin)
    return Consequences(title=record.title, lines=tuple(_bulletin_lines(desk, record)))


def correct_story(desk: Desk, *, story: str, key: str = "") -> RequestAnswer:
    """
    Take a story off the air, and out of every bulletin that carried it; they are remade without it.

    A running service does it at once, before all else; without one it is done here, before the answer. Idempotent:
    asked again, an interrupted one is completed. Raises UnknownStoryError, OutletError, ArchiveError.
    """
    consequences_of_story(desk, story=story)
    return _ask(desk, RequestKind.WITHDRAW_STORY, {"story": story}, key=key)


def withdraw_bulletin(desk: Desk, *, bulletin: int, key: str = "") -> RequestAnswer:
    """
    Take a bulletin off every outlet; its stories may air again.

    As `correct_story`. Raises UnknownRecordError for an unknown one, OutletError, ArchiveError.
    """
    _find_bulletin(desk, bulletin)
    return _ask(desk, RequestKind.WITHDRAW_BULLETIN, {"bulletin": bulletin}, key=key)


def _ask(desk: Desk, kind: RequestKind, details: dict[str, Any], *, key: str) -> RequestAnswer:
    answer = ask_service(desk, kind, details, key=key)
    if answer.is_served or not answer.request.is_open:
        return answer
    _do_here(desk, answer.request.id)
    note = _DELIVERED_LATER if desk.loaded.profile.deliveries else ""
    return replace(answer, request=find_request(desk, answer.request.id), note=note)


def _do_here(desk: Desk, number: int) -> None:
    """Do the work in this process, as the service would. Raises its BulletinError."""
    ledger, owner = RequestLedger(desk.archive), f"newsroom-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    claimed = ledger.claim(number, owner=owner, now=desk.now(), lease=_LEASE)
    if claimed is None:  # a service has begun meanwhile, or another page
        return
    worker = StationWorker(loaded=desk.loaded, output=desk.output, archive=desk.archive, clock=desk.now)
    listener = RequestProgress(ledger=ledger, number=number, owner=owner)
    work = RequestWork(request=claimed, worker=worker, within_s=_WITHIN_S, listener=listener, now=desk.now)
    try:
        result = do_request(work)
    except BulletinError as error:
        ledger.finish(number, owner=owner, state=RequestState.FAILED, now=desk.now(), note=str(error))
        raise
    except BaseException:
        note = "interrupted; ask again to complete it"
        ledger.finish(number, owner=owner, state=RequestState.FAILED, now=desk.now(), note=note)
        raise
    ledger.finish(number, owner=owner, state=RequestState.DONE, now=desk.now(), result=result)


def _find_bulletin(desk: Desk, number: int) -> BulletinRecord:
    record = RunJournal(desk.archive).bulletin(desk.station, number)
    if record is None:
        raise UnknownRecordError(f"{desk.station} has no bulletin {number}; look it up in the log")
    return record


def _story_lines(desk: Desk, plan: WithdrawalPlan) -> Iterator[str]:
    yield f'"{plan.title}" airs no more on {desk.station}: not in the next bulletin, and not in later ones.'
    remade = [item for item in plan.bulletins if item.effect == "remade"]
    withdrawn = [item for item in plan.bulletins if item.effect == "withdrawn"]
    if not (remade or withdrawn):
        yield "No bulletin that can still be heard contains it."
        return
    if remade:
        yield f"{_count(remade)} remade without it: {_names(remade)}."
    if withdrawn:
        yield f"{_count(withdrawn)} withdrawn, because nothing else is in it: {_names(withdrawn)}."
    outlets = {outlet for item in (*remade, *withdrawn) for outlet in item.outlets}
    yield from _outlet_lines(desk, outlets, is_gone=bool(withdrawn))
    yield from _delivery_lines(plan.destinations)
    yield "Listeners keep what they have downloaded until their apps fetch the correction."


def _bulletin_lines(desk: Desk, record: BulletinRecord) -> Iterator[str]:
    outlets = {to["outlet"] for to in record.went_to}
    yield f'"{record.title}" is withdrawn from: {", ".join(sorted(outlets)) or "no outlet"}.'
    yield "Its stories are not blocked: they may air again. To block a story, withdraw the story."
    newest = RunJournal(desk.archive).newest_id(desk.station) == record.id
    yield from _outlet_lines(desk, outlets if newest else outlets & {"podcast", "page"}, is_gone=True)
    yield from _delivery_lines([options.title for options in desk.loaded.profile.deliveries])
    yield "Listeners keep what they have downloaded."


def _outlet_lines(desk: Desk, outlets: set[str], *, is_gone: bool) -> Iterator[str]:
    if "podcast" in outlets:
        yield (
            "The feed loses the episode, and latest.mp3 is then the bulletin before it."
            if is_gone
            else 'The feed gets a "Correction" with a new date, and the old address serves the new sound.'
        )
    if "page" in outlets:
        yield "The listener's pages lose it." if is_gone else "The listener's pages show the new one."
    if on_air := sorted(outlets & set(on_air_kinds(desk.loaded.profile))):
        files = " and ".join(on_air)
        yield (
            f"The playout's file ({files}) is replaced by a stand-by at once, and by a bulletin for the next slot."
            if is_gone
            else f"The playout's file ({files}) is replaced."
        )


def _delivery_lines(destinations: Sequence[str]) -> Iterator[str]:
    if destinations:
        yield f"Deliveries follow within seconds: {', '.join(destinations)}."


def _count(bulletins: Sequence[PlannedBulletin]) -> str:
    return "One bulletin is" if len(bulletins) == 1 else f"{len(bulletins)} bulletins are"


def _names(bulletins: Sequence[PlannedBulletin]) -> str:
    shown = [f"{item.title} ({', '.join(item.outlets)})" for item in bulletins[:5]]
    more = len(bulletins) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more else [])])
