"""Claimed piece of work -> done, and its end in the ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bulletin.archive.ledgers.group.pieces_of_work import UNSPOKEN, ClaimedPiece
from bulletin.errors import ArchiveError, BulletinError, ConfigError, OtherVoiceError, SpeechError
from bulletin.group.pieces import draft_and_speak, publish_pieces
from bulletin.group.pieces.answer_requests import answer_request
from bulletin.group.pieces.piece_names import REQUEST, SWAP, URGENT_REQUEST, station_of
from bulletin.group.pieces.work_context import (
    ELSEWHERE,
    LostSlotError,
    OverSlotError,
    WorkContext,
    pause_after,
)
from bulletin.station.group_files.group_publication import LateWorkerError

log = logging.getLogger(__name__)

_TRIES_OF_A_VOICE = 2
"""Tries of a sentence, by any workers, before its voice is given up for the bulletin."""

_DO: dict[str, Callable[[WorkContext, ClaimedPiece], None]] = {
    SWAP: publish_pieces.put_standby_on_air,
    "feed": draft_and_speak.read_feed,
    "page": draft_and_speak.read_page,
    "draft": draft_and_speak.draft,
    "speak": draft_and_speak.speak,
    "mix": publish_pieces.mix,
    "deliver": publish_pieces.deliver,
    "standby": publish_pieces.prepare_standby,
    "tidy": publish_pieces.tidy,
    REQUEST: answer_request,
    URGENT_REQUEST: answer_request,
}


def is_known(kind: str) -> bool:
    """Whether this version can do such a piece; another version's planner may know more kinds."""
    return kind in _DO


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceWork:
    """Does claimed pieces. Every outcome is in the ledger, unless the piece was lost meanwhile."""

    context: WorkContext

    def do(self, piece: ClaimedPiece) -> None:
        """Do a piece and end it. Raises ArchiveError where the ledger cannot be written: the lease runs out."""
        context = self.context
        try:
            _DO[piece.kind](context, piece)
        except ArchiveError:
            raise
        except LateWorkerError as error:
            log.warning("late result refused: piece=%s/%s: %s", piece.kind, piece.key, error)
            # held still where the slot has its news by now: then its next try ends it
            context.work.fail(piece, note=str(error), after=ELSEWHERE)
        except OverSlotError as error:
            context.work.give_up(piece, note=str(error))
        except LostSlotError as error:  # another machine may have the profile of today
            context.work.fail(piece, note=str(error), after=ELSEWHERE)
        except ConfigError as error:  # another machine may have a valid profile
            context.profiles.refuse(
                station_of(piece.key) or str(piece.payload.get("station", "")), str(error)
            )
            context.work.fail(piece, note=str(error), after=ELSEWHERE)
        except OtherVoiceError as error:  # no try: another worker has the voice as the draft knew it
            log.warning("sentence left to another worker: piece=%s: %s", piece.key, error)
            context.work.release(piece, after=ELSEWHERE)
        except SpeechError as error:
            self._fail_speech(piece, error)
        except Exception as error:
            is_foreseen = isinstance(error, BulletinError)
            reason = str(error) if is_foreseen else f"{type(error).__name__}: {error}"
            text = "piece of work failed, tried again if time is left: piece=%s/%s try=%d: %s"
            log.error(text, piece.kind, piece.key, piece.attempts, reason, exc_info=not is_foreseen)
            context.work.fail(piece, note=reason, after=pause_after(piece.attempts))

    def _fail_speech(self, piece: ClaimedPiece, error: SpeechError) -> None:
        """
        Let another worker try the voice once more, then leave the bulletin to the next voice of the chain.

        Its mix waits for no more: it would have no time left to speak everything anew.
        """
        text = "sentence not spoken: piece=%s try=%d: %s"
        log.error(text, piece.key, piece.attempts, error)
        if piece.attempts < _TRIES_OF_A_VOICE:
            after = pause_after(piece.attempts)
            self.context.work.fail(piece, note=str(error), after=after)
        else:
            self.context.work.give_up(piece, note=str(error), result=UNSPOKEN)
