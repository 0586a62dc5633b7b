"""Station -> further languages of its bulletins that a voice can read now."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from bulletin.errors import SpeechError
from bulletin.speech.call_speech_engine import engine_errors
from bulletin.speech.engine_interface import VoiceReader
from bulletin.station.build_station_object import Station

log = logging.getLogger(__name__)


def languages_with_voice(
    station: Station, *, without: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    The languages of which at least one voice answers, and a note on each other one.

    Stories of the others are not chosen, so that stories of the station's language fill the length. Languages of
    `without` have none: their voices failed a moment ago.
    """
    reasons = {
        language: "all its voices failed" if language in without else _why_silent(chain)
        for language, chain in station.others.items()
    }
    notes = tuple(
        f"no voice for {language}, its stories are left out: {why}"
        for language, why in reasons.items()
        if why
    )
    for note in notes:
        log.warning("%s", note)
    return tuple(language for language, why in reasons.items() if not why), notes


def _why_silent(chain: Sequence[VoiceReader]) -> str:
    """Why no voice of a chain answers; empty: one does."""
    reasons = []
    for reader in chain:
        try:
            with engine_errors(reader.engine):
                reader.check_consent()
                reader.engine.check()
        except SpeechError as error:
            reasons.append(str(error))
        else:
            return ""
    return "; ".join(reasons)
