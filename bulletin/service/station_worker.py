"""A station as the service sees it: its slots, the lead time of its work, the work itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bulletin.archive.archive import Archive
from bulletin.archive.ledgers.respelled_names import RespelledNames
from bulletin.articles.fetching.share_requests_between_runs import ResponseCache
from bulletin.config.profile_options import ImagingOptions
from bulletin.errors import ArchiveError, BulletinError, ConfigError, NoStoryError
from bulletin.model import Level, Slot
from bulletin.pipeline import describe_stage_results
from bulletin.pipeline.bulletin_run_results import Run
from bulletin.pipeline.changes.delete_old_files import apply_limits, copy_daily
from bulletin.pipeline.decisions.preview_file import Preview
from bulletin.pipeline.hear_before_publication import seconds_for_hearing
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.pipeline.previews.prepare_preview import prepare_preview
from bulletin.pipeline.read_json_of_on_air_files import OnAirFile, on_air_kinds
from bulletin.pipeline.slot_profile_overrides import due_at_once, due_between, on_air_of, overrides_of
from bulletin.pipeline.stage_timer import Listener
from bulletin.publishing.move_standby_files_on_air import pulled_folder
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.latest_credible_time import ON_AIR_CLOCKS_DIFFER, latest_made
from bulletin.service.monitoring.station_health import GOOD
from bulletin.service.open_archive_or_fallback import stand_in
from bulletin.service.resources.disk_space_reserve import DiskReserve
from bulletin.service.slots.choose_bulletin_for_playout import pulled_kind
from bulletin.service.slots.on_air_and_standby_files import OnAirSlot, least
from bulletin.service.slots.publish_best_standby import mix_aside, put_standby
from bulletin.service.slots.slot_progress import SlotProgress, progress_file
from bulletin.service.worker_base_classes import SlotOutcome, SlotWorker, run_s
from bulletin.station.build_station_object import STATE, Station, open_station
from bulletin.storage.store_interface import Store

log = logging.getLogger(__name__)

_RUNS_KNOWN = timedelta(minutes=1)
"""Time for which run times are cached: every round asks for them."""
_RESPELLED_KNOWN = timedelta(seconds=10)
"""The same for the last respelling of a name."""


@dataclass(slots=True, kw_only=True)
class StationWorker(SlotWorker):
    """
    The worker of one profile.

    Every job opens the station anew, so that a changed profile holds from the next bulletin on.
    """

    output: Path
    archive: Archive
    """Archive of the output folder, for the ledger and the run times; each job opens its own."""
    answers: ResponseCache | None = None
    """Shared by the workers of one process."""
    store: Store | None = None
    """Store of a group. Then `archive` is the group's too: the jobs use it, and there is no fallback."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    listener: Listener | None = None
    """Receives the stages of each run."""
    _stage_times: tuple[Mapping[str, float], ...] = ()
    _stage_times_read_at: datetime | None = None
    _respelled_at: datetime | None = None
    _respelled_read_at: datetime | None = None
    _last_slot: Slot | None = None
    """The slot of the last run."""

    @property
    def files(self) -> OnAirSlot:
        """The station's on-air files, and the stand-by prepared beside them."""
        return OnAirSlot(output=self.output, loaded=self.loaded, respelled_at=self._last_respelled())

    def read_files(self) -> tuple[Mapping[str, OnAirFile | None], Mapping[str, OnAirFile | None]]:
        return self.files.read_current_files()

    def _last_respelled(self) -> datetime | None:
        """When a name was last respelled; a moment in the future, by a clock that was set back, does not count."""
        now, read_at = self.clock(), self._respelled_read_at
        if read_at is None or not timedelta(0) <= now - read_at < _RESPELLED_KNOWN:
            self._respelled_read_at = now
            with suppress(ArchiveError):  # the ledger of the slots reports it
                self._respelled_at = RespelledNames(self.archive).changed_at(self.id)
        is_past = self._respelled_at is not None and self._respelled_at <= now + ON_AIR_CLOCKS_DIFFER
        return self._respelled_at if is_past else None

    def run_times(self) -> tuple[float, ...]:
        return tuple(sum(stages.values()) for stages in self.stage_times())

    def stage_times(self) -> tuple[Mapping[str, float], ...]:
        """Seconds of each stage of the last runs, newest first."""
        now, read_at = self.clock(), self._stage_times_read_at
        if read_at is None or not timedelta(0) <= now - read_at < _RUNS_KNOWN:
            self._stage_times, self._stage_times_read_at = self.archive.stage_times(self.id, limit=20), now
        return self._stage_times

    def lead(self) -> timedelta:
        """
        As of every worker, and the time to hear a bulletin where it is to be heard.

        A run that had no time for it does not teach how long it takes.
        """
        # not by super(): a dataclass with slots is another class than the one that it was written as
        return SlotWorker.lead(self) + timedelta(seconds=seconds_for_hearing(self.loaded.profile))

    def work(self, slot: Slot, *, ready_by: datetime) -> SlotOutcome:
        """
        Make a fresh bulletin, or else the best stand-by.

        Raises BulletinError only when not even a stand-by could be put in place.
        """
        make = partial(self._make, slot, ready_by)
        try:
            return self._reserve.use(lambda: self._with_or_without_archive(slot, make))
        except BulletinError as error:
            if self._is_left(error):
                raise
            on_air_level = self.files.level_of(slot)
            level = on_air_level or self.files.prepared_level(slot)
            if level is None:
                raise
            log.error("bulletin failed, the stand-by is ready: station=%s: %s", self.id, error)
            return SlotOutcome(level=level, note=str(error), is_on_air=bool(on_air_level))

    def prepare(self, slot: Slot) -> SlotOutcome:
        make = partial(self._prepare, slot)
        return self._reserve.use(lambda: self._with_or_without_archive(slot, make))

    def _with_or_without_archive(self, slot: Slot, make: Callable[[str], SlotOutcome]) -> SlotOutcome:
        """
        Call `make` with ""; where the archive fails (locked, from a newer Bulletin), again with the reason.

        Only for a slot with on-air files: with its next episode a podcast would lose one that no archive
        knows.
        """
        try:
            return make("")
        except ArchiveError as error:
            if self.store or not on_air_of(self.loaded, slot):
                raise
            log.error("archive unusable, working without it: station=%s: %s", self.id, error)
            return make(f"without memory: {error}")

    def _make(self, slot: Slot, ready_by: datetime, no_archive: str) -> SlotOutcome:
        """`no_archive`: why the archive cannot be used. Raises ArchiveError where a try without it can help."""
        deadline = Deadline.after(run_s(now=self.clock(), ready_by=ready_by))
        if self.answers and self._last_slot == slot:
            self.answers.forget_failures()  # the slot is retried because the failures may be over
        self._stage_times_read_at, self._last_slot = None, slot

        stages = SlotProgress(path=progress_file(self.output, self.id), due=slot.due, inner=self.listener)
        with closing(stages), self._opened(slot, no_archive) as (station, problem):
            try:
                run = self._reserve.use(lambda: self._make_fresh(station, slot, deadline, stages))
            except Exception as error:
                reason = _log_failure(self.id, error)
                if self._is_left(error):
                    raise
                if isinstance(error, ArchiveError) and not no_archive and not self._has_news(slot):
                    raise
                outcome = self._stand_by(station, slot, reason, problem)
                return replace(outcome, is_quiet=isinstance(error, NoStoryError) and error.is_quiet)
        return _outcome_of(run, problem)

    def _make_fresh(self, station: Station, slot: Slot, deadline: Deadline, listener: Listener) -> Run:
        """Make and publish the bulletin of a slot. Raises as `make_bulletin`."""
        now = self.clock()
        return make_bulletin(
            station, now=now, due=slot.due, sections=slot.sections, deadline=deadline, listener=listener
        )

    def _prepare(self, slot: Slot, no_archive: str) -> SlotOutcome:
        with self._opened(slot, no_archive) as (station, problem):
            return self._stand_by(station, slot, problem)

    @property
    def makes_between_slots(self) -> bool:
        """Whether the profile allows bulletins between slots."""
        return self.loaded.profile.clock.between_slots

    def unaired_since(self, now: datetime) -> datetime | None:
        """
        Arrival of the last breaking story (`bulletin stories add --breaking`) without a bulletin begun since.

        None: there is none. A story with an embargo arrives when the embargo ends. Raises ArchiveError.
        """
        stories = self.archive.own_stories(self.id, now)
        moments = [story.not_before or story.published for story in stories if story.is_breaking]
        came = max((moment for moment in moments if moment <= now), default=None)
        last = self.archive.last_bulletin(self.id, until=latest_made(now)) if came else None
        if not (came and last and last.made_at >= came):
            return came
        kinds = on_air_kinds(self.loaded.profile)
        went_on_air = any(target["outlet"] in kinds and target["published"] for target in last.went_to)
        return None if went_on_air or not kinds else came

    def make_now(
        self,
        *,
        within_s: float,
        now: datetime | None = None,
        outputs: Collection[str] | None = None,
        is_at_once: bool = False,
        listener: Listener | None = None,
    ) -> Run:
        """
        Make a bulletin between slots for the on-air outputs (all outputs where there are none), or for `outputs`.

        With `is_at_once` the time check names the minute in which it is made, or is left out where it could not.
        Where it fails the public files stay, and a stand-by for the pull endpoint is mixed. Raises BulletinError.
        """
        now, profile = now or self.clock(), self.loaded.profile
        make, on_air = profile.outputs.make, on_air_kinds(profile)
        kinds = outputs or ({*on_air, pulled_kind(profile)} if on_air else make)
        find_due = partial(due_at_once, archive=self.archive) if is_at_once else due_between
        slot = Slot(
            station=self.id,
            due=find_due(self.loaded, output=self.output, now=now),
            length_s=profile.length,
            is_up_to=profile.up_to,
            outputs=tuple(kind for kind in make if kind in kinds),
        )
        deadline = Deadline.after(within_s)
        with self._opened(slot) as (station, _):
            if is_at_once and slot.due > now:
                station = _without_time_check(station)
            try:
                # with what was decided for the coming slot, also just after the last one
                edits_at = max(slot.due, now)
                return make_bulletin(
                    station,
                    now=now,
                    due=slot.due,
                    edits_at=edits_at,
                    deadline=deadline,
                    listener=listener,
                )
            except Exception as error:
                _log_failure(self.id, error)
                aside = pulled_folder(self.output / STATE, self.id)
                mix_aside(station, due=slot.due, now=self.clock(), folder=aside)
                raise

    def preview(self, *, within_s: float, listener: Listener) -> Preview:
        """
        Prepare the coming bulletin for the newsroom: that of the next slot that has not been begun.

        Raises BulletinError.
        """
        return prepare_preview(
            self.loaded,
            output=self.output,
            now=self.clock(),
            archive=self.archive,
            answers=self.answers,
            deadline=Deadline.after(within_s),
            clock=self.clock,
            listener=listener,
        )

    def _stand_by(self, station: Station, slot: Slot, *reasons: str) -> SlotOutcome:
        """
        The bulletin of this slot that is on air already, else the best stand-by that can be made now.

        It goes on air immediately if no file is valid, or if the slot has come.
        """
        files, now, note = self.files, self.clock(), ""
        on_air_level = files.level_of(slot)
        level = on_air_level or files.prepared_level(slot, only_current=True)
        if not on_air_level and files.lacks_valid_file(slot, now):
            level, note = put_standby(station, due=slot.due, now=now)
        elif level is None:
            level, note = put_standby(station, due=slot.due, now=now, is_prepared=True)
        if not on_air_level:
            self.swap_in(self.clock())
        is_on_air = files.level_of(slot) is not None or not on_air_of(self.loaded, slot)
        return SlotOutcome(level=level, note="; ".join(filter(None, (*reasons, note))), is_on_air=is_on_air)

    def swap_in(self, now: datetime) -> tuple[datetime, SlotOutcome] | None:
        swapped = self._swap_files(now).values()
        if not swapped:
            return None
        try:
            self.archive.put_on_air(self.id, [file.guid for file in swapped], at=now)
        except ArchiveError as error:
            log.error("stand-by on air, but not recorded in the archive: station=%s: %s", self.id, error)
        return max(file.due for file in swapped), SlotOutcome(level=least([file.level for file in swapped]))

    def _swap_files(self, now: datetime) -> Mapping[str, OnAirFile]:
        return self.files.swap_in(margin=self.margin, now=now)

    def _is_left(self, error: BaseException) -> bool:
        """Whether the bulletin is left to another machine, or to another try: then no stand-by is made here now."""
        return False

    def _has_news(self, slot: Slot) -> bool:
        """Whether the slot's bulletin was published before the failure."""
        return self.files.level_of(slot) in GOOD

    @property
    def _reserve(self) -> DiskReserve:
        return DiskReserve(self.output / STATE)

    def tidy(self) -> None:
        """Apply the profile's limits to folder, speech and archive; copy the archive. Raises BulletinError, OSError."""
        with self._opened(None) as (station, _):
            apply_limits(station, now=self.clock())
            copy_daily(station.archive, now=self.clock())

    @contextmanager
    def _opened(self, slot: Slot | None, no_archive: str = "") -> Iterator[tuple[Station, str]]:
        """
        The station, open for a slot, and the problem with which it was opened ("" for none).

        Jingles or a picture that were deleted since the profile was read must not silence the station: Bulletin's
        own take their place.
        """
        overrides = overrides_of(self.loaded, slot, is_on_air_only=bool(no_archive)) if slot else {}
        plain_imaging = {"imaging": ImagingOptions(style=self.loaded.profile.imaging.style)}
        with ExitStack() as stack:
            open_with = partial(
                open_station,
                self.loaded,
                output=self.output,
                answers=self.answers,
                memory=self._memory(stack, no_archive),
                store=self.store,
                clock=self.clock,
            )
            try:
                station, problem = stack.enter_context(open_with(overrides=overrides)), no_archive
            except ConfigError as error:
                problem = "; ".join(filter(None, (no_archive, str(error))))
                log.error(
                    "station's own jingles and artwork unusable, left out: station=%s: %s", self.id, error
                )
                station = stack.enter_context(open_with(overrides={**overrides, **plain_imaging}))
            yield station, problem

    def _memory(self, stack: ExitStack, no_archive: str) -> Archive | None:
        """Archive in the place of the output folder's own: a group's, or the fallback."""
        if no_archive:
            return stack.enter_context(stand_in(self.output, why=no_archive))
        return self.archive if self.store else None


def _without_time_check(station: Station) -> Station:
    script = station.profile.script.model_copy(update={"time_check": False})
    return replace(station, profile=station.profile.model_copy(update={"script": script}))


def _log_failure(station: str, error: Exception) -> str:
    """An unforeseen error is logged with its trace, and silences no station; returns the text for the ledger."""
    is_known = isinstance(error, BulletinError)
    text = str(error) if is_known else f"{type(error).__name__}: {error}"
    log.error("no fresh bulletin: station=%s: %s", station, text, exc_info=not is_known)
    return text


def _outcome_of(run: Run, problem: str) -> SlotOutcome:
    level = run.bulletin.level
    shortened = "there was no time to say everything" if level is Level.PARTIAL else ""
    notes = (problem, shortened, *describe_stage_results.describe_kept_back(run.episodes))
    return SlotOutcome(level=level, note="; ".join(filter(None, notes)))
