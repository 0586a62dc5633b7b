"""Pieces of work that publish: the mix of a bulletin, its stand-by, deliveries, daily maintenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bulletin.archive.ledgers.group.delivery_pieces import delivery_pieces
from bulletin.archive.ledgers.group.pieces_of_work import NO_MORE, ClaimedPiece, MorePieces, Piece, PieceState
from bulletin.group.pieces.feeds_of_group import read_again
from bulletin.group.pieces.group_station_worker import GroupStationWorker
from bulletin.group.pieces.own_times import speech_times
from bulletin.group.pieces.piece_names import slot_key
from bulletin.group.pieces.route_by_voice import hand_to_voice
from bulletin.group.pieces.work_context import WorkContext, pause_after
from bulletin.group.public_files.collect_garbage import collect_garbage
from bulletin.model import Bulletin, Level, Slot
from bulletin.service.monitoring.station_health import GOOD
from bulletin.service.worker_base_classes import GRACE, SlotOutcome, is_retry_worthwhile
from bulletin.station.group_files.group_publication import GroupPublication

_SWAP_AGAIN = timedelta(seconds=5)
"""Pause before another worker, whose clock may be right, puts a stand-by on air."""


def mix(context: WorkContext, piece: ClaimedPiece) -> None:
    """
    Finish the bulletin of a draft and publish it, or else make the best stand-by.

    Slot and piece end in the transaction that publishes: so a late worker publishes nothing.
    """
    slot, worker = context.slot_and_worker(piece)
    if hand_to_voice(context, piece):
        return
    worker.draft = context.drafts.pop(piece.key, None)
    if worker.draft is None:
        worker.draft_data = context.store.get(str(piece.payload["draft"])) or b""
    publication = worker.publication
    assert isinstance(publication, GroupPublication)
    worker.earlier_s = speech_times(context.archive, piece)
    end = _FreshEnd(context, piece, worker, slot)
    publication.check, publication.finish = end.check, end.finish
    outcome = worker.work(slot, ready_by=slot.due - worker.margin)
    if not publication.is_finished:
        _record_standby(context, worker, slot, outcome)
        end_without_news(context, piece, worker, slot, note=outcome.note, is_quiet=outcome.is_quiet)


class _FreshEnd:
    """The end of a slot with news, within the transaction of its publication."""

    def __init__(
        self, context: WorkContext, piece: ClaimedPiece, worker: GroupStationWorker, slot: Slot
    ) -> None:
        self._context, self._piece, self._worker, self._slot = context, piece, worker, slot
        self._level: Level = Level.IDENT

    def check(self, bulletin: Bulletin) -> None:
        """Note what is being published."""
        self._level = bulletin.level

    def finish(self) -> bool:
        """End slot and piece, unless the bulletin is a stand-by, and add pieces for the deliveries."""
        if self._level not in GOOD:
            return False
        now = self._context.now()
        self._context.slots.settle(self._worker.id, self._slot.due, level=self._level, now=now)
        then = MorePieces(pieces=tuple(_deliveries_of(self._worker, now=now)))
        return self._context.work.finish(self._piece, result=self._level, then=then)


def prepare_standby(context: WorkContext, piece: ClaimedPiece) -> None:
    """Prepare the stand-by of a slot, if it is still needed, or put it on air where no file is valid."""
    slot, worker = context.slot_and_worker(piece)
    _refuse_after_news(context, worker, slot)
    if _is_standby_needed(context, piece, worker, slot):
        if hand_to_voice(context, piece):
            return
        _record_standby(context, worker, slot, worker.prepare(slot))
    context.work.finish(piece)


def _is_standby_needed(
    context: WorkContext, piece: ClaimedPiece, worker: GroupStationWorker, slot: Slot
) -> bool:
    """Not while news is being made; if that fails, the stand-by is asked for again."""
    if not context.slots.is_open(worker.id, slot.due):
        return False
    if piece.payload.get("is_needed"):
        return True
    pieces = (context.work.find(kind, piece.key) for kind in ("draft", "mix"))
    if any(one and one.state in (PieceState.WAITING, PieceState.WORKING) for one in pieces):
        return False
    worker.refresh()
    return worker.standby_due(context.now()) == slot


def put_standby_on_air(context: WorkContext, piece: ClaimedPiece) -> None:
    """Put the prepared stand-by on air, or make one now: the slot has come without news."""
    slot, worker = context.slot_and_worker(piece)
    _refuse_after_news(context, worker, slot)
    if context.slots.is_open(worker.id, slot.due):
        swapped = worker.swap_in(context.now())
        if not swapped and hand_to_voice(context, piece):
            return
        outcome = swapped[1] if swapped else worker.prepare(slot)
        _record_standby(context, worker, slot, outcome)
        if not outcome.is_on_air:
            note = "the stand-by is prepared; by this machine's clock the slot has not come yet"
            context.work.fail(piece, note=note, after=_SWAP_AGAIN)
            return
    context.work.finish(piece)


def _refuse_after_news(context: WorkContext, worker: GroupStationWorker, slot: Slot) -> None:
    """Publish a stand-by only where the slot has no news, as seen within the transaction of the publication."""
    publication = worker.publication
    assert isinstance(publication, GroupPublication)
    is_held = publication.is_mine
    publication.is_mine = lambda: is_held() and context.slots.is_open(worker.id, slot.due)


def _record_standby(
    context: WorkContext, worker: GroupStationWorker, slot: Slot, outcome: SlotOutcome
) -> None:
    if not outcome.is_on_air:
        return
    key = slot_key(worker.id, slot.due)
    ended = (context.work.find(kind, key) for kind in ("draft", "mix"))
    reasons = [one.note for one in ended if one and one.state is PieceState.FAILED]
    note = "; ".join(dict.fromkeys(filter(None, (*reasons, outcome.note))))
    now = context.now()
    context.slots.put_on_air(worker.id, slot.due, level=outcome.level, now=now, note=note)
    context.work.plan(_deliveries_of(worker, now=now))


def end_without_news(
    context: WorkContext,
    piece: ClaimedPiece,
    worker: GroupStationWorker,
    slot: Slot,
    *,
    note: str,
    is_quiet: bool,
) -> None:
    """
    Try again where fresh news can still replace a stand-by in time; else the stand-by is the bulletin.

    A draft is tried again with what its unanswered feeds bring then.
    """
    now, ready_by = context.now(), slot.due - worker.margin
    outcome = SlotOutcome(level=Level.LAST_GOOD, note=note, is_quiet=is_quiet)
    if is_retry_worthwhile(outcome, now=now, takes=worker.usual_time(), ready_by=ready_by):
        pause, read_by = pause_after(piece.attempts), ready_by - worker.usual_time()
        then = NO_MORE
        if piece.kind == "draft" and now + pause < read_by:
            desk = context.profiles.stations.get(worker.loaded.profile.stories.running_order)
            feeds = context.feeds.of_draft(worker.loaded, desk)
            then = read_again(context.work, feeds, of=piece, due=slot.due, pause=pause, deadline=read_by)
        context.work.fail(piece, note=note, after=pause, then=then)
        return
    standby = slot_piece("standby", piece, payload={"is_needed": True})
    context.work.give_up(piece, note=note, then=MorePieces(pieces=(standby,)))


def slot_piece(kind: str, of: Piece, *, payload: Mapping[str, Any], needs_voice: str = "") -> Piece:
    """Another piece for the same slot, for a worker that has the voice; its deadline is the end of the slot's grace."""
    return Piece(
        kind=kind,
        key=of.key,
        due=of.due,
        deadline=of.due + GRACE,
        station=of.station,
        needs_voice=needs_voice,
        payload=payload,
        reopens=True,
    )


def _deliveries_of(worker: GroupStationWorker, *, now: datetime) -> Iterable[Piece]:
    """Pieces that bring what the station has published to its destinations."""
    return delivery_pieces(((worker.id, one.title) for one in worker.loaded.profile.deliveries), due=now)


def deliver(context: WorkContext, piece: ClaimedPiece) -> None:
    """Work off the outbox of one destination; a failure stays in the outbox, with the time of its next try."""
    worker = context.worker(piece.station, piece, with_sounds=True)
    with worker.opened(None) as station:
        station.fetch_published_files()
        sender = replace(
            station.sender,
            is_mine=lambda: context.work.holds(piece),
            has_lock=not context.archive.is_shared,
            refresh=station.fetch_published_files,
        )
        sender.note()
        for route in sender.routes:
            if route.name == piece.payload["delivery"]:
                sender.work_off(route, lambda result: None)
    context.work.finish(piece)


def tidy(context: WorkContext, piece: ClaimedPiece) -> None:
    """Delete files and rows beyond the limits of a station's profile; without a station the unused objects of the store."""
    if piece.station:
        context.worker(piece.station, piece).tidy()
    else:
        collect_garbage(context.archive, context.store)
    context.work.finish(piece)
