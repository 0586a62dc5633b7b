"""Voices that work on this machine, of the stations' profiles: a worker takes only sentences of these."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress

from bulletin.errors import BulletinError, SpeechError
from bulletin.group.pieces.group_station_worker import GroupStationWorker
from bulletin.pipeline.pieces.sentences_of_draft import readers_of, voice_label

log = logging.getLogger(__name__)


def voices_of_machine(workers: Iterable[GroupStationWorker]) -> tuple[str, ...]:
    """Labels such as "hibari:demo"; a voice that is not installed, or cannot be reached, is logged."""
    working: set[str] = set()
    silent: dict[str, str] = {}
    known: set[str] = set()
    for worker in workers:
        profile = worker.loaded.profile
        speech = f"{profile.language} {profile.speech.model_dump_json()}"
        if speech in known:  # hundreds of stations share a few voices
            continue
        known.add(speech)
        with (
            suppress(BulletinError),
            worker.opened(None) as station,
        ):  # its first piece of work reports the station
            for reader in readers_of(station):
                label = voice_label(reader)
                try:
                    reader.engine.check()
                    working.add(label)
                except SpeechError as error:
                    silent[label] = str(error)
    for label, reason in silent.items():
        if label not in working:
            log.warning(
                "voice unusable on this machine, other workers speak its sentences: voice=%s: %s",
                label,
                reason,
            )
    return tuple(sorted(working))
