"""A station of a group as a worker's machine sees it: its slots, and the bulletins that it finishes from drafts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bulletin.errors import DraftError, NoStoryError
from bulletin.model import Slot
from bulletin.pipeline.bulletin_run_results import Draft, Run
from bulletin.pipeline.pieces.draft_in_json import draft_from_json
from bulletin.pipeline.pieces.finish_bulletin import finish_bulletin
from bulletin.pipeline.stage_timer import Listener
from bulletin.pipeline.write_run_record import resume_recorder
from bulletin.runtime.deadline import Deadline
from bulletin.service.station_worker import StationWorker
from bulletin.station.build_station_object import Station
from bulletin.station.publication_port import ONE_MACHINE, Publication
from bulletin.stories.apply_kill_list import kill_stories

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class GroupStationWorker(StationWorker):
    """The worker of one profile for one piece of work: the same road as on one machine, from a draft."""

    publication: Publication = ONE_MACHINE
    draft: bytes = b""
    """Draft of the slot; empty: the bulletin is drafted here."""

    @contextmanager
    def opened(self, slot: Slot | None) -> Iterator[Station]:
        """The station, open for a slot, without the remark about unusable jingles."""
        with self._opened(slot) as (station, _):
            yield station

    @contextmanager
    def _opened(self, slot: Slot | None, no_archive: str = "") -> Iterator[tuple[Station, str]]:
        # not by super(): a dataclass with slots is another class than the one that it was written as
        with StationWorker._opened(self, slot, no_archive) as (station, problem):
            yield replace(station, publication=self.publication), problem

    def _make_fresh(self, station: Station, slot: Slot, deadline: Deadline, listener: Listener) -> Run:
        """
        Finish the draft; draft anew where a story was killed since, or the draft is another version's.

        So a kill that was entered anywhere is in force before anything is mixed.
        """
        if draft := self._usable_draft(station):
            recorder = resume_recorder(draft, station=station.words.id, began_at=self.clock())
            recorder.listener = listener
            try:
                return finish_bulletin(station, draft, now=self.clock(), deadline=deadline, recorder=recorder)
            except NoStoryError as error:
                log.warning("bulletin drafted again: station=%s: %s", self.id, error)
        return StationWorker._make_fresh(self, station, slot, deadline, listener)

    def _usable_draft(self, station: Station) -> Draft | None:
        if not self.draft:
            return None
        try:
            draft = draft_from_json(self.draft, words=station.words)
        except DraftError as error:
            log.warning("bulletin drafted again: station=%s: %s", self.id, error)
            return None
        if killed := _killed_stories(draft, station):
            log.warning("bulletin drafted again, a story was killed: station=%s: %s", self.id, killed)
            return None
        return draft


def _killed_stories(draft: Draft, station: Station) -> str:
    """Why stories of the draft's script may not air any more; "" where all may."""
    entries = [
        *station.profile.stories.kill,
        *(kill.entry for kill in station.archive.kills(station.words.id)),
    ]
    told = {passage.story_id for passage in draft.script.passages()}
    stories = [story for story in (*draft.chosen.stories, *draft.chosen.reserve) if story.id in told]
    _, left = kill_stories(stories, entries)
    return "; ".join(dict.fromkeys(item.reason for item in left))
