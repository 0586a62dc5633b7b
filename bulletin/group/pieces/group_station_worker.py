"""A station of a group as a worker's machine sees it: its slots, and the bulletins that it finishes from drafts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bulletin.articles.feeds_for_all import FeedsForAll
from bulletin.errors import DraftError, NoStoryError
from bulletin.group.pieces.own_times import finishing_s
from bulletin.model import Slot
from bulletin.pipeline.bulletin_run_results import Draft, Run
from bulletin.pipeline.decisions.preview_file import Preview
from bulletin.pipeline.pieces.draft_in_json import draft_from_json
from bulletin.pipeline.pieces.finish_bulletin import finish_bulletin
from bulletin.pipeline.previews.share_previews_in_group import share_preview
from bulletin.pipeline.publish_and_record_bulletin import kills_of_desks_profile
from bulletin.pipeline.read_json_of_on_air_files import OnAirFile
from bulletin.pipeline.stage_timer import Listener
from bulletin.pipeline.write_run_record import resume_recorder
from bulletin.pipeline.write_script_to_length import killed_entries
from bulletin.runtime.deadline import Deadline
from bulletin.service.slots.discard_killed_standby import discard_killed_standby
from bulletin.service.station_worker import StationWorker
from bulletin.service.worker_base_classes import SlotOutcome, usual_s
from bulletin.station.build_station_object import Station
from bulletin.station.output_folder import STATE
from bulletin.station.publication_port import ONE_MACHINE, Publication
from bulletin.stories.apply_kill_list import kill_stories

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class GroupStationWorker(StationWorker):
    """The worker of one profile for one piece of work: the same steps as on one machine, from a draft on."""

    publication: Publication = ONE_MACHINE
    feeds_for_all: FeedsForAll | None = None
    draft: Draft | None = None
    """Draft of the slot, where this worker has just made it."""
    draft_data: bytes = b""
    """Draft of the slot that another worker made; empty: the bulletin is drafted here."""
    earlier_s: Mapping[str, float] = field(default_factory=dict)
    """Stages that other workers did for the draft."""

    @contextmanager
    def opened(self, slot: Slot | None) -> Iterator[Station]:
        """The station, open for a slot, without the remark about unusable jingles."""
        with self._opened(slot) as (station, _):
            yield station

    @contextmanager
    def _opened(self, slot: Slot | None, no_archive: str = "") -> Iterator[tuple[Station, str]]:
        # not by super(): a dataclass with slots is another class than the one that it was written as
        with StationWorker._opened(self, slot, no_archive) as (station, problem):
            yield replace(station, publication=self.publication, feeds_for_all=self.feeds_for_all), problem

    def preview(self, *, within_s: float, listener: Listener) -> Preview:
        """As on one machine, for the newsrooms of all machines."""
        preview = StationWorker.preview(self, within_s=within_s, listener=listener)
        if self.store:
            share_preview(self.output / STATE, self.id, archive=self.archive, store=self.store)
        return preview

    def usual_time(self) -> timedelta:
        """Time from the draft to the publication: what another try takes."""
        return timedelta(seconds=usual_s([finishing_s(stages) for stages in self.stage_times()]))

    def refresh(self) -> None:
        """
        Make the station's files on this machine those that listeners see.

        A prepared stand-by with a story that was killed since is discarded. Raises BulletinError.
        """
        with self.opened(None) as station, station.publishing():
            discard_killed_standby(station)

    def _stand_by(self, station: Station, slot: Slot, *reasons: str) -> SlotOutcome:
        with station.publishing():  # another machine may have published since
            discard_killed_standby(station)
        return StationWorker._stand_by(self, station, slot, *reasons)

    def _swap_files(self, now: datetime) -> Mapping[str, OnAirFile]:
        with self.opened(None) as station, station.publishing():
            discard_killed_standby(station)
            return self.files.swap_in_locked(margin=self.margin, now=now)

    def _is_left(self, error: BaseException) -> bool:
        return self.publication.is_passing(error)

    def _make_fresh(self, station: Station, slot: Slot, deadline: Deadline, listener: Listener) -> Run:
        """
        Finish the draft; draft anew where a story was killed since, or the draft is another version's.

        So a kill that was entered anywhere is in force before anything is mixed.
        """
        if draft := self._usable_draft(station):
            recorder = resume_recorder(draft, station=station.words.id, began_at=self.clock())
            recorder.listener = listener
            recorder.seconds |= self.earlier_s
            try:
                return finish_bulletin(station, draft, now=self.clock(), deadline=deadline, recorder=recorder)
            except NoStoryError as error:
                log.warning("bulletin drafted again: station=%s: %s", self.id, error)
        return StationWorker._make_fresh(self, station, slot, deadline, listener)

    def _usable_draft(self, station: Station) -> Draft | None:
        try:
            draft = self.draft or (
                draft_from_json(self.draft_data, words=station.words) if self.draft_data else None
            )
        except DraftError as error:
            log.warning("bulletin drafted again: station=%s: %s", self.id, error)
            return None
        if draft is None:
            return None
        if killed := _killed_stories(draft, station):
            log.warning("bulletin drafted again, a story was killed: station=%s: %s", self.id, killed)
            return None
        return draft


def _killed_stories(draft: Draft, station: Station) -> str:
    """Why stories of the draft's script may not air any more; "" where all may."""
    told = {passage.story_id for passage in draft.script.passages()}
    stories = [story for story in (*draft.chosen.stories, *draft.chosen.reserve) if story.id in told]
    _, left = kill_stories(stories, (*killed_entries(station), *kills_of_desks_profile(station)))
    return "; ".join(dict.fromkeys(item.reason for item in left))
