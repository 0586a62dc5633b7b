"""A station as a planner sees it: its slots, and how long before them its work has to begin."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bulletin.archive.archive import Archive
from bulletin.group.pieces.own_times import finishing_s, workers_s
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import usual_s

_RUNS = 20

StageTimes = tuple[Mapping[str, float], ...]


@dataclass(slots=True, kw_only=True)
class LastRuns:
    """Times and voices of the last runs of all stations: read once, and again where a station has made a bulletin."""

    archive: Archive
    _known: dict[str, StageTimes] = field(default_factory=dict)
    _voices: dict[str, str] = field(default_factory=dict)
    _last_id: int | None = None

    def look(self) -> None:
        """Forget the stations that have made bulletins since the last look. Raises ArchiveError."""
        self._last_id, stations = self.archive.stations_with_new_bulletins(self._last_id)
        for station in stations:
            self._known.pop(station, None)
            self._voices.pop(station, None)

    def of(self, station: str) -> StageTimes:
        """The last runs of a station, newest first; the same object until it has made another bulletin."""
        if station not in self._known:
            self._known[station] = self.archive.stage_times(station, limit=_RUNS)
        return self._known[station]

    def voice(self, station: str) -> str:
        """Voice of its last bulletin, as workers name it; "": there is none."""
        if station not in self._voices:
            last = self.archive.last_bulletin(station)
            self._voices[station] = f"{last.engine}:{last.voice.partition(' + ')[0]}" if last else ""
        return self._voices[station]


@dataclass(slots=True, kw_only=True)
class PlannedStation(StationWorker):
    """The worker of one profile, which a planner asks for its times only."""

    last_runs: LastRuns
    _clock_mark: str = ""
    _learnt_from: StageTimes | None = None
    _lead: timedelta = timedelta(0)
    _usual: timedelta = timedelta(0)
    _finishing: timedelta = timedelta(0)

    def stage_times(self) -> StageTimes:
        return self.last_runs.of(self.id)

    @property
    def clock_mark(self) -> str:
        """Mark of the station's slots: planners whose profiles differ in them have different marks."""
        if not self._clock_mark:
            profile = self.loaded.profile
            facts = f"{profile.time_zone} {profile.clock.model_dump_json()}"
            self._clock_mark = hashlib.sha256(facts.encode()).hexdigest()[:12]
        return self._clock_mark

    @property
    def voice(self) -> str:
        """Voice of the last bulletin, as workers name it; "": there is none."""
        return self.last_runs.voice(self.id)

    def lead(self) -> timedelta:
        """As on one machine, from the time that all pieces of a slot took, less the wait for busy workers."""
        self._learn()
        return self._lead

    def usual_time(self) -> timedelta:
        """Time for which a bulletin keeps one worker from others: no reading, and no sentence of another station."""
        self._learn()
        return self._usual

    def finishing_time(self) -> timedelta:
        """Time from the draft to the publication."""
        self._learn()
        return self._finishing

    def _learn(self) -> None:
        runs = self.stage_times()
        if runs is self._learnt_from:
            return
        self._learnt_from = runs
        # not by super(): a dataclass with slots is another class than the one that it was written as
        self._lead = StationWorker.lead(self)
        self._usual = timedelta(seconds=usual_s([workers_s(stages) for stages in runs]))
        self._finishing = timedelta(seconds=usual_s([finishing_s(stages) for stages in runs]))
