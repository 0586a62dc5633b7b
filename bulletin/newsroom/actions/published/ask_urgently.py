"""Request that waits for no slot: the service does it at once; without one it is done here, before the answer."""

from __future__ import annotations

import os
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bulletin.archive.ledgers.group.published_files import PublishedFiles
from bulletin.archive.ledgers.newsroom_requests import RequestKind, RequestLedger, RequestState
from bulletin.errors import BulletinError
from bulletin.newsroom.actions.ask_service import LATER, RequestAnswer, ask_service, find_request
from bulletin.newsroom.desk import Desk, new_key
from bulletin.service.newsroom_requests.do_newsroom_request import do_request
from bulletin.service.newsroom_requests.record_request_progress import RequestProgress
from bulletin.service.newsroom_requests.request_work import RequestWork
from bulletin.service.station_worker import StationWorker

_LEASE = timedelta(minutes=2)
"""After a kill the same request may be done again so soon; done twice it changes nothing more."""
_WITHIN_S = 900.0
_DELIVERED_LATER = (
    "No service runs: the outlets here are changed, but deliveries wait; `bulletin outbox retry` sends them."
)


def ask_urgently(desk: Desk, kind: RequestKind, details: Mapping[str, Any], *, key: str) -> RequestAnswer:
    """
    Ask a running service, or do the work here. The same key, or the same work while it is open, is done once.

    Raises the BulletinError of work that was done here, and ArchiveError.
    """
    answer = ask_service(desk, kind, details, key=key)
    if answer.is_served or not answer.request.is_open:
        return answer
    _do_here(desk, answer.request.id)
    note = _DELIVERED_LATER if desk.loaded.profile.deliveries else ""
    return replace(answer, request=find_request(desk, answer.request.id), note=note)


def ask_workers_elsewhere(
    desk: Desk, kind: RequestKind, details: Mapping[str, Any], *, known: Collection[str]
) -> tuple[str, ...]:
    """
    Ask the workers of a group to do the work at every station that is not `known` here; return these stations.

    Their profiles are on other machines. Raises ArchiveError.
    """
    if not desk.loaded.profile.group.is_on:
        return ()
    stations = tuple(name for name in PublishedFiles(desk.archive).stations() if name not in known)
    for name in stations:
        now = desk.now()
        RequestLedger(desk.archive).ask(
            name,
            kind,
            asked_by=desk.editor,
            key=new_key(),
            now=now,
            expires_at=now + LATER,
            details=details,
            address=desk.address,
        )
    return stations


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
