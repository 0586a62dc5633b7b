"""Pieces of work -> done: the same functions as on one machine, between a claim and its end in the ledger."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.claim_bulletin_slots import SlotLedger
from bulletin.archive.ledgers.group.pieces_of_work import ClaimedPiece, MorePieces, Need, Piece, PieceState
from bulletin.archive.ledgers.group.work_ledger import WorkLedger
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.load_profile import LoadedProfile
from bulletin.errors import ArchiveError, BulletinError, ConfigError, NoStoryError
from bulletin.group.group_profiles import GroupProfiles
from bulletin.group.group_station_worker import GroupStationWorker
from bulletin.group.piece_names import SWAP, slot_of
from bulletin.group.working_copy import object_key
from bulletin.model import Level, Slot
from bulletin.pipeline.bulletin_run_results import Draft
from bulletin.pipeline.pieces.draft_bulletin import begin_bulletin
from bulletin.pipeline.pieces.draft_in_json import draft_to_json
from bulletin.pipeline.pieces.sentences_of_draft import SentenceToSpeak, sentences_of, speak_sentence
from bulletin.pipeline.write_run_record import RunRecorder
from bulletin.runtime.deadline import Deadline
from bulletin.service.monitoring.station_health import GOOD
from bulletin.service.worker_base_classes import GRACE, SlotOutcome, is_retry_worthwhile, run_s
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_PAUSE_S, _LONGEST_PAUSE_S = 5.0, 60.0
"""Pause after the first failure of a piece; twice as long after each further one, up to the longest."""
_MIX_S = 15.0
"""Time before a slot that belongs to the mix: a sentence that is not spoken by then is spoken by the next voice."""
_LEAST_S = 20.0


@dataclass(slots=True, kw_only=True)
class PieceWork:
    """Does claimed pieces. Every outcome is in the ledger, unless the piece was lost meanwhile."""

    profiles: GroupProfiles
    archive: Archive
    store: Store
    output: Path
    work: WorkLedger
    slots: SlotLedger
    now: Callable[[], datetime]
    """The clock of slots: the machine's. Leases count by the database's."""
    answers: ResponseCache = field(default_factory=ResponseCache)

    def do(self, piece: ClaimedPiece) -> None:
        """Do a piece and end it. Raises ArchiveError where the ledger cannot be written: the lease runs out."""
        try:
            _DO[piece.kind](self, piece)
        except LostSlotError as error:
            self.work.give_up(piece, note=str(error))
        except ConfigError as error:  # another machine may have a valid profile
            self.profiles.refuse(piece.station or str(piece.payload.get("station", "")), str(error))
            self.work.release(piece)
        except Exception as error:
            is_known = isinstance(error, BulletinError)
            reason = str(error) if is_known else f"{type(error).__name__}: {error}"
            text = "piece of work failed, tried again if time is left: piece=%s/%s try=%d: %s"
            log.error(text, piece.kind, piece.key, piece.attempts, reason, exc_info=not is_known)
            if isinstance(error, ArchiveError):
                raise
            self.work.fail(piece, note=reason, after=pause_after(piece.attempts), now=self.now())

    def draft(self, piece: ClaimedPiece) -> None:
        """Gather, choose and write; then come the sentences that nobody has spoken, and the mix."""
        worker, slot = self._station(piece)
        recorder = RunRecorder(station=worker.id, began_at=self.now())
        ready_by = slot.due - worker.margin
        deadline = Deadline.after(run_s(now=self.now(), ready_by=ready_by))
        try:
            with worker.opened(slot) as station:
                draft = begin_bulletin(
                    station,
                    now=self.now(),
                    deadline=deadline,
                    recorder=recorder,
                    due=slot.due,
                    sections=slot.sections,
                )
                sentences = sentences_of(station, draft)
        except NoStoryError as error:
            self._end_without_news(piece, worker, slot, note=str(error), is_quiet=error.is_quiet)
            return
        self.work.finish(piece, then=self._after_draft(piece, draft, sentences, ready_by=ready_by))

    def _after_draft(
        self, piece: ClaimedPiece, draft: Draft, sentences: tuple[SentenceToSpeak, ...], *, ready_by: datetime
    ) -> MorePieces:
        data = draft_to_json(draft)
        key = object_key(hashlib.sha256(data).hexdigest())
        self.store.put_new(key, data)
        spoken_by = max(ready_by - timedelta(seconds=_MIX_S), self.now() + timedelta(seconds=_LEAST_S))
        speech = tuple(
            Piece(
                kind="speak",
                key=sentence.key,
                due=piece.due,
                deadline=spoken_by,
                needs_voice=sentence.voice,
                payload={"text": sentence.text, "station": sentence.station},
                reopens=True,
            )
            for sentence in sentences
        )
        mix = _slot_piece("mix", piece, payload={"draft": key})
        return MorePieces(
            pieces=(*speech, mix), needs=tuple(Need(of=mix.name, needs=one.name) for one in speech)
        )

    def speak(self, piece: ClaimedPiece) -> None:
        """Speak a sentence for all stations that need it with that voice."""
        station_id, text = str(piece.payload["station"]), str(piece.payload["text"])
        sentence = SentenceToSpeak(key=piece.key, text=text, voice=piece.needs_voice, station=station_id)
        worker = self._worker(station_id, piece)
        deadline = Deadline.after((piece.deadline - self.now()).total_seconds()) if piece.deadline else None
        with worker.opened(None) as station:
            speak_sentence(station, sentence, deadline=deadline)
        self.work.finish(piece)

    def mix(self, piece: ClaimedPiece) -> None:
        """Finish the bulletin of a draft and publish it, or else the best stand-by."""
        worker, slot = self._station(piece)
        worker.draft = self.store.get(str(piece.payload["draft"])) or b""
        outcome = worker.work(slot, ready_by=slot.due - worker.margin)
        if outcome.level in GOOD:
            self.slots.settle(worker.id, slot.due, level=outcome.level, now=self.now(), note=outcome.note)
            self.work.finish(piece, result=outcome.level)
        else:
            self._record_standby(worker, slot, outcome)
            self._end_without_news(piece, worker, slot, note=outcome.note, is_quiet=outcome.is_quiet)

    def standby(self, piece: ClaimedPiece) -> None:
        """Prepare the stand-by of a slot, if it is still needed, or put it on air where no file is valid."""
        worker, slot = self._station(piece)
        if self._is_standby_needed(piece, worker, slot):
            self._record_standby(worker, slot, worker.prepare(slot))
        self.work.finish(piece)

    def _is_standby_needed(self, piece: ClaimedPiece, worker: GroupStationWorker, slot: Slot) -> bool:
        """Not while news is being made; if that fails, the stand-by is asked for again."""
        if not self.slots.is_open(worker.id, slot.due):
            return False
        if piece.payload.get("is_needed"):
            return True
        in_progress = (self.work.find(kind, piece.key) for kind in ("draft", "mix"))
        is_working = any(one and one.state in (PieceState.WAITING, PieceState.WORKING) for one in in_progress)
        return not is_working and worker.standby_due(self.now()) == slot

    def swap(self, piece: ClaimedPiece) -> None:
        """Put the prepared stand-by on air: its slot has come without news."""
        worker, slot = self._station(piece)
        if self.slots.is_open(worker.id, slot.due):
            swapped = worker.swap_in(self.now())
            outcome = swapped[1] if swapped else worker.prepare(slot)
            self._record_standby(worker, slot, outcome)
        self.work.finish(piece)

    def _record_standby(self, worker: GroupStationWorker, slot: Slot, outcome: SlotOutcome) -> None:
        if outcome.is_on_air:
            self.slots.put_on_air(worker.id, slot.due, level=outcome.level, now=self.now(), note=outcome.note)

    def _end_without_news(
        self, piece: ClaimedPiece, worker: GroupStationWorker, slot: Slot, *, note: str, is_quiet: bool
    ) -> None:
        """Try again where fresh news can still replace a stand-by in time; else the stand-by is the bulletin."""
        ready_by = slot.due - worker.margin
        outcome = SlotOutcome(level=Level.LAST_GOOD, note=note, is_quiet=is_quiet)
        if is_retry_worthwhile(outcome, now=self.now(), takes=worker.usual_time(), ready_by=ready_by):
            self.work.fail(piece, note=note, after=pause_after(piece.attempts), now=self.now())
            return
        standby = _slot_piece("standby", piece, payload={"is_needed": True})
        self.work.give_up(piece, note=note, then=MorePieces(pieces=(standby,)))

    def _station(self, piece: ClaimedPiece) -> tuple[GroupStationWorker, Slot]:
        """The station and slot of a piece. Raises LostSlotError where the station's clock has no such slot any more."""
        station, due = slot_of(piece.key)
        worker = self._worker(station, piece)
        slots = worker.slots(since=due, until=due + timedelta(seconds=1))
        if not slots:
            raise LostSlotError(f"{station}: the clock has no slot at {due.isoformat()} any more")
        return worker, slots[0]

    def station_workers(self) -> Iterator[GroupStationWorker]:
        """A worker of each valid profile."""
        return map(self._worker_of, tuple(self.profiles.stations.values()))

    def _worker(self, station: str, piece: ClaimedPiece) -> GroupStationWorker:
        loaded = self.profiles.stations.get(station)
        if loaded is None:
            raise ConfigError(
                self.profiles.refused.get(station, f"{station}: no such profile on this machine")
            )
        return self._worker_of(loaded)

    def _worker_of(self, loaded: LoadedProfile) -> GroupStationWorker:
        return GroupStationWorker(
            loaded=loaded,
            output=self.output,
            archive=self.archive,
            answers=self.answers,
            store=self.store,
            clock=self.now,
        )


class LostSlotError(BulletinError):
    """A slot that is not in the station's clock any more."""


_DO: dict[str, Callable[[PieceWork, ClaimedPiece], None]] = {
    "draft": PieceWork.draft,
    "speak": PieceWork.speak,
    "mix": PieceWork.mix,
    "standby": PieceWork.standby,
    SWAP: PieceWork.swap,
}


def pause_after(attempts: int) -> timedelta:
    """Pause before the next try of a piece."""
    return timedelta(seconds=min(_PAUSE_S * 2 ** (attempts - 1), _LONGEST_PAUSE_S))


def _slot_piece(kind: str, of: Piece, *, payload: Mapping[str, Any]) -> Piece:
    """Another piece for the same slot; until the grace of the slot is over."""
    return Piece(
        kind=kind,
        key=of.key,
        due=of.due,
        deadline=of.due + GRACE,
        station=of.station,
        payload=payload,
        reopens=True,
    )
