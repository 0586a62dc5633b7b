"""Requests of editors as pieces of work: what the service of one machine does, any worker of the group does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece, Piece
from bulletin.archive.ledgers.newsroom_requests import URGENT, RequestLedger, RequestState
from bulletin.errors import ArchiveError, BulletinError, NoStoryError
from bulletin.group.pieces.piece_names import REQUEST, URGENT_REQUEST, request_key
from bulletin.group.pieces.route_by_voice import hand_to_voice, is_speaking
from bulletin.group.pieces.work_context import WorkContext
from bulletin.service.newsroom_requests.do_newsroom_request import do_request, is_done_already
from bulletin.service.newsroom_requests.record_request_progress import RequestProgress
from bulletin.service.newsroom_requests.request_work import RequestWork

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=2)
_RENEW_S = 30.0
_AFTER = timedelta(minutes=5)
"""Slots due within that time after a request go before it, where workers are busy: a preview may wait, news may not."""
_GRACE = timedelta(hours=1)
"""Deadline of a request after it was planned. A missed one is planned again while the request waits."""
_WITHIN_S = 180.0
"""Time for a bulletin between slots, or a preview."""


def request_pieces(archive: Archive, stations: Collection[str], *, now: datetime) -> Iterator[Piece]:
    """A piece for each request that waits, or whose worker is dead; what is urgent goes before every slot."""
    ledger = RequestLedger(archive)
    asked = ledger.open_stations().intersection(stations)
    for request in ledger.due(tuple(asked), now=now, leases_at=archive.now()) if asked else ():
        is_urgent = request.kind in URGENT
        yield Piece(
            kind=URGENT_REQUEST if is_urgent else REQUEST,
            key=request_key(request.station, request.id),
            due=now if is_urgent else request.asked_at + _AFTER,
            deadline=now + _GRACE,
            station=request.station,
            payload={"number": request.id, "request": request.kind},
            reopens=True,
        )


def answer_request(context: WorkContext, piece: ClaimedPiece) -> None:
    """
    Do the request of an editor, and record its result or why it failed. An ended one is left alone.

    Raises an error that passes; the request waits again then.
    """
    if is_speaking(piece) and hand_to_voice(context, piece):
        return
    ledger, number = RequestLedger(context.archive), int(piece.payload["number"])
    worker = context.worker(piece.station, piece)
    worker.feeds_for_all = None  # news of this moment: no piece has read the feeds for it
    claimed = ledger.claim(
        number,
        owner=piece.owner,
        now=context.now(),
        lease=_LEASE,
        leases_at=context.archive.now(),
        has_piece=True,
    )
    if claimed is None:
        context.work.finish(piece)
        return
    listener = RequestProgress(ledger=ledger, number=number, owner=piece.owner)
    work = RequestWork(
        request=claimed,
        worker=worker,
        within_s=_WITHIN_S,
        listener=listener,
        now=context.now,
    )
    state, result, note = RequestState.DONE, dict[str, Any](), ""
    with _renewing(context, ledger, number, piece.owner):
        try:
            worker.refresh()
            if not _is_made(work):
                result = dict(do_request(work))
        except ArchiveError:
            raise
        except BulletinError as error:
            if worker.publication.is_passing(error):
                ledger.give_back(number, owner=piece.owner, step=str(error))
                raise  # tried again: a withdrawal must not end because the store was away
            state, note = RequestState.FAILED, str(error)
            level = logging.INFO if isinstance(error, NoStoryError) else logging.WARNING
            log.log(
                level,
                "request of the newsroom failed: station=%s kind=%s: %s",
                worker.id,
                claimed.kind,
                error,
            )
    ledger.finish(number, owner=piece.owner, state=state, now=context.now(), result=result, note=note)
    context.work.finish(piece)


def _is_made(work: RequestWork) -> bool:
    """Whether an earlier try of a worker that died has published the bulletin."""
    earlier = work.request.tried_at[:-1]
    return bool(earlier) and is_done_already(work.request, work.worker)


@contextmanager
def _renewing(context: WorkContext, ledger: RequestLedger, number: int, owner: str) -> Iterator[None]:
    """Renew the lease of a request while the block runs."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(_RENEW_S):
            try:
                ledger.renew(number, owner=owner, now=context.archive.now(), lease=_LEASE)
            except ArchiveError as error:
                log.warning("lease of a request not renewed: request=%d: %s", number, error)

    thread = threading.Thread(target=renew, name="request-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
