"""Station -> Run: gather, choose, write, speak, produce and publish one bulletin."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.pieces.draft_bulletin import WantedBulletin, begin_bulletin
from bulletin.pipeline.pieces.finish_bulletin import finish_bulletin
from bulletin.pipeline.stage_timer import SILENT, Listener
from bulletin.pipeline.write_run_record import RunRecorder
from bulletin.runtime.deadline import Deadline
from bulletin.station.build_station_object import Station

STAGES = ("gather", "choose", "write", "speak", "mix", "examine", "publish")
"""Stages of every bulletin; one that is heard has the stage "hear" before the last."""


def make_bulletin(
    station: Station,
    *,
    now: datetime,
    deadline: Deadline | None = None,
    listener: Listener | None = None,
    **wanted: Unpack[WantedBulletin],
) -> Run:
    """
    Make and publish one bulletin: the pieces of a group's workers, one after the other.

    At the `deadline` the bulletin goes out as far as it is ready: slow feeds are skipped, a slow voice is replaced
    by the next. Raises NoStoryError, NoVoiceError, AudioError, QualityError, OutletError; then nothing was replaced,
    and the last bulletin stays.
    """
    recorder = RunRecorder(station=station.words.id, began_at=now, listener=listener or SILENT)
    draft = begin_bulletin(station, now=now, deadline=deadline, recorder=recorder, **wanted)
    return finish_bulletin(station, draft, now=now, deadline=deadline, recorder=recorder)
