"""Voices that work on this machine, of the stations' profiles: a worker takes only sentences of these."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bulletin.errors import BulletinError, SpeechError
from bulletin.group.pieces.group_station_worker import GroupStationWorker
from bulletin.pipeline.pieces.sentences_of_draft import readers_of, voice_label
from bulletin.speech.engine_interface import VoiceReader

log = logging.getLogger(__name__)

Chains = tuple[tuple[str, ...], ...]
"""Labels of a station's voices: its chain, its second reader, and the chain of each further language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineVoices:
    """What a machine can speak."""

    working: tuple[str, ...] = ()
    """Labels such as "hibari:demo"."""
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """First voice of a profile that does not work here -> its stations."""
    silent: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Each voice that does not work here -> why."""

    def log_new(self, before: MachineVoices) -> None:
        """Log the voices that did work before, or were not known."""
        for label in self.silent.keys() - before.silent.keys():
            text = "voice unusable on this machine, other workers speak its sentences: voice=%s: %s"
            log.warning(text, label, self.silent[label])


@dataclass(slots=True)
class KnownChains:
    """Chains of stations by their options of speech, read once: hundreds of stations share a few voices."""

    _known: dict[str, Chains] = field(default_factory=dict)

    def of(self, worker: GroupStationWorker) -> Chains:
        """Chains of a station. Raises BulletinError where it cannot be opened."""
        speech = _speech_of(worker)
        if speech not in self._known:
            with worker.opened(None) as station:
                chains = (
                    station.readers,
                    (station.second,) if station.second else (),
                    *station.others.values(),
                )
                labels = (tuple(map(voice_label, chain)) for chain in chains if chain)
                self._known[speech] = tuple(labels)
        return self._known[speech]


def voices_of_machine(workers: Iterable[GroupStationWorker]) -> MachineVoices:
    """The voices of these stations; one that is not installed, or cannot be reached, is silent."""
    stations: dict[str, list[str]] = defaultdict(list)
    firsts: dict[str, str] = {}
    found: dict[str, str] = {}
    for worker in workers:
        speech = _speech_of(worker)
        stations[speech].append(worker.id)
        if len(stations[speech]) > 1:  # hundreds of stations share a few voices
            continue
        with suppress(BulletinError), worker.opened(None) as station:
            # its first piece of work reports a station that cannot be opened
            firsts[speech] = voice_label(station.readers[0]) if station.readers else ""
            _check(readers_of(station), found)
    lacking: dict[str, tuple[str, ...]] = {}
    for speech, first in firsts.items():
        if found.get(first):
            lacking[first] = tuple(sorted((*lacking.get(first, ()), *stations[speech])))
    return MachineVoices(
        working=tuple(sorted(label for label, reason in found.items() if not reason)),
        lacking=lacking,
        silent={label: reason for label, reason in found.items() if reason},
    )


def _check(readers: Iterable[VoiceReader], found: dict[str, str]) -> None:
    """Look whether voices work; `found` gets for each why it does not, or ""."""
    for reader in readers:
        label = voice_label(reader)
        if found.get(label) == "":
            continue
        try:
            reader.engine.check()
            found[label] = ""
        except SpeechError as error:
            found[label] = str(error) or "unusable"


def _speech_of(worker: GroupStationWorker) -> str:
    profile = worker.loaded.profile
    return f"{profile.language} {profile.speech.model_dump_json()}"
