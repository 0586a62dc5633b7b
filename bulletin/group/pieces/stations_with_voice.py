"""Sentence of a station whose profile is not on this machine, or was deleted -> another station that has it spoken alike."""

from __future__ import annotations

from contextlib import suppress

from bulletin.archive.ledgers.group.pieces_of_work import Piece
from bulletin.errors import BulletinError
from bulletin.group.pieces.work_context import WorkContext
from bulletin.pipeline.pieces.sentences_of_draft import readers_of, voice_label
from bulletin.speech.cache.speech_cache import sentence_key


def station_that_can_speak(context: WorkContext, piece: Piece) -> str:
    """
    The station that asked first for a sentence, or one of this machine whose voice makes the same sound of it.

    The first one, too, where there is none: another machine may have its profile.
    """
    asked, text = str(piece.payload["station"]), str(piece.payload["text"])
    if asked in context.profiles.stations:
        return asked
    tried: set[str] = set()
    for worker in context.station_workers():
        profile = worker.loaded.profile
        speech = f"{profile.language} {profile.speech.model_dump_json()}"
        if speech in tried:  # hundreds of stations share a few voices
            continue
        tried.add(speech)
        with suppress(BulletinError), worker.opened(None) as station:
            readers = (reader for reader in readers_of(station) if voice_label(reader) == piece.needs_voice)
            if any(sentence_key(text, reader) == piece.key for reader in readers):
                return worker.id
    return asked
