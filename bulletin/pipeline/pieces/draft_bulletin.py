"""Station -> Draft: gather, choose and write one bulletin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypedDict, Unpack

from bulletin.archive.ledgers.editor_edits import without_undone
from bulletin.edits.apply_to_choice import apply_to_choice
from bulletin.edits.apply_to_script import report_pins
from bulletin.edits.find_edited_story import keep_known
from bulletin.errors import NoStoryError
from bulletin.model import AppliedEdit, Chosen, Edit, Gathered, Section
from bulletin.pipeline import describe_stage_results
from bulletin.pipeline.bulletin_run_results import Draft, DraftRequest
from bulletin.pipeline.decisions.read_approved_script import read_approved_script
from bulletin.pipeline.decisions.read_edits_of_bulletin import describe_edits, edits_of_bulletin
from bulletin.pipeline.decisions.restore_edited_stories import restore_edited_stories
from bulletin.pipeline.languages_with_voice import languages_with_voice
from bulletin.pipeline.pieces.gather_and_choose import choose, gather, known_names
from bulletin.pipeline.pieces.take_running_order import share_running_order, take_running_order
from bulletin.pipeline.stage_timer import SILENT, Listener
from bulletin.pipeline.write_run_record import RunRecorder
from bulletin.pipeline.write_script_to_length import WrittenScript, write_to_length
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.delay_interrupts import forget_completed_steps
from bulletin.schedule.announced_time import air_time
from bulletin.station.build_station_object import Station


class WantedBulletin(TypedDict, total=False):
    """Request for a bulletin."""

    at: str | None
    """Time of day that the time check announces: HH:MM, local."""
    due: datetime | None
    """The same as a datetime."""
    again: bool
    """Treat aired stories as new."""
    sections: Collection[Section]
    """Use only stories of these."""
    edits_at: datetime | None
    """Use the edits of the slot at or after this moment; by default those of `due`."""


def begin_bulletin(
    station: Station,
    *,
    now: datetime,
    deadline: Deadline | None = None,
    recorder: RunRecorder,
    **wanted: Unpack[WantedBulletin],
) -> Draft:
    """
    Draft a bulletin that is to be published (`finish_bulletin`); a failure is recorded as that of the run.

    Raises OutletError when every outlet would fail, NoStoryError, ApprovalMissingError.
    """
    forget_completed_steps()
    try:
        station.check_outlets()
        return draft_bulletin(
            station, now=now, deadline=deadline, recorder=recorder, must_be_approved=True, **wanted
        )
    except BaseException as error:
        recorder.close(station.archive, error)
        raise


def draft_bulletin(
    station: Station,
    gathered: Gathered | None = None,
    without: Sequence[str] = (),
    *,
    now: datetime,
    at: str | None = None,
    again: bool = False,
    due: datetime | None = None,
    sections: Collection[Section] = tuple(Section),
    edits_at: datetime | None = None,
    deadline: Deadline | None = None,
    listener: Listener = SILENT,
    recorder: RunRecorder | None = None,
    must_be_approved: bool = False,
) -> Draft:
    """
    Gather, choose and write: a script cut to the station's length, as in `make_bulletin`.

    Articles that are `gathered` already are not fetched again; stories in languages of `without` are not chosen.
    A bulletin that an editor approved has exactly the approved words; with `must_be_approved` one that nobody approved
    raises ApprovalMissingError, if the profile asks for it.
    Raises NoStoryError, which distinguishes unreachable feeds from a lack of new stories.
    """
    recorder = recorder or RunRecorder(station=station.words.id, began_at=now, listener=listener)
    progress = recorder.listener.progress
    announced = recorder.at = due or air_time(now, zone=station.words.time_zone, at=at)
    request = DraftRequest(
        due=announced,
        edits_at=edits_at or announced,
        again=again,
        sections=tuple(sections),
        must_be_approved=must_be_approved,
    )
    records = edits_of_bulletin(station, at=request.edits_at, now=now)
    approved = read_approved_script(station, records, at=announced, must_be_approved=must_be_approved)
    if approved:
        nothing = Gathered(articles=(), reports=())
        draft = _drafted(station, nothing, approved, (), request=request, recorder=recorder)
        return share_running_order(station, draft, now=now)
    if station.desk and not gathered:
        taken = _take_order(station, records, request=request, now=now, deadline=deadline, recorder=recorder)
        if taken:
            return taken
    gathered = recorder.gathered = gathered or recorder.run(
        "gather",
        lambda: gather(station, now=now, deadline=deadline, progress=progress),
        describe_stage_results.summarize_gathering,
    )
    in_sections = replace(gathered, articles=tuple(a for a in gathered.articles if a.section in sections))
    others, silent = languages_with_voice(station, without=without)
    chosen = recorder.chosen = recorder.run(
        "choose",
        lambda: choose(in_sections, station, now=now, again=again, others=others),
        describe_stage_results.summarize_choice,
    )
    chosen = replace(chosen, notes=(*chosen.notes, *silent))
    held, known = without_undone(records), known_names(gathered, chosen)
    restored = restore_edited_stories(station, chosen, held, known=known, now=now)
    edits = keep_known(held, known | restored.story_ids)
    chosen, applied = apply_to_choice(restored.chosen, edits, articles=in_sections.articles, at=announced)
    recorder.chosen = chosen
    if not chosen.stories and not chosen.reserve:
        raise _no_story(gathered, chosen)
    written = recorder.run(
        "write",
        lambda: write_to_length(
            station, chosen, at=announced, edits=edits, deadline=deadline, progress=progress
        ),
        lambda written: describe_stage_results.summarize_script(written.whole),
    )
    written = replace(written, edits=restored.mark(written.edits))
    applied = restored.mark(applied)
    draft = _drafted(station, gathered, written, applied, request=request, recorder=recorder)
    return share_running_order(station, draft, now=now)


def _take_order(
    station: Station,
    records: tuple[Edit, ...],
    *,
    request: DraftRequest,
    now: datetime,
    deadline: Deadline | None,
    recorder: RunRecorder,
) -> Draft | None:
    """The draft of the desk's running order for this station; None where it makes its own bulletin."""
    draft_of = partial(_draft_desk, request=request, now=now, deadline=deadline)
    taken = recorder.run(
        "choose",
        lambda: take_running_order(station, records, request=request, now=now, draft_of=draft_of),
        lambda taken: (
            f"running order of {station.desk}, {len(taken.written.chosen.stories)} stories"
            if taken
            else f"no running order of {station.desk}: own bulletin"
        ),
    )
    if taken is None:
        return None
    return _drafted(station, taken.gathered, taken.written, taken.applied, request=request, recorder=recorder)


def _draft_desk(desk: Station, *, request: DraftRequest, now: datetime, deadline: Deadline | None) -> Draft:
    """The bulletin of the desk, for a station that takes its running order."""
    return draft_bulletin(
        desk,
        now=now,
        due=request.due,
        again=request.again,
        sections=request.sections,
        edits_at=request.edits_at,
        deadline=deadline,
        must_be_approved=request.must_be_approved,
    )


def draft_again(
    station: Station,
    draft: Draft,
    without: Sequence[str],
    *,
    now: datetime,
    deadline: Deadline | None,
    recorder: RunRecorder,
) -> Draft:
    """
    Another draft by the same request from the same articles, without stories in these languages.

    A draft that came from another worker has no articles, and they are gathered anew. Raises NoStoryError.
    """
    request = draft.request
    return draft_bulletin(
        station,
        draft.gathered if draft.gathered.articles else None,
        without,
        now=now,
        due=request.due,
        again=request.again,
        sections=request.sections,
        edits_at=request.edits_at,
        deadline=deadline,
        recorder=recorder,
        must_be_approved=request.must_be_approved,
    )


def _no_story(gathered: Gathered, chosen: Chosen) -> NoStoryError:
    reason = describe_stage_results.explain_no_story(gathered, chosen)
    return NoStoryError(reason, is_quiet=gathered.is_complete)


def _drafted(
    station: Station,
    gathered: Gathered,
    written: WrittenScript,
    applied: Sequence[AppliedEdit],
    *,
    request: DraftRequest,
    recorder: RunRecorder,
) -> Draft:
    """The draft of a written script, recorded; raises NoStoryError for one without a story."""
    chosen, script, foreseen = written.chosen, written.whole, written.foreseen
    recorder.chosen, recorder.script, recorder.dropped = chosen, script, foreseen.dropped
    if not script.stories:
        raise _no_story(gathered, replace(chosen, left=(*chosen.left, *script.left)))
    edits = report_pins((*applied, *written.edits), script, dropped=foreseen.dropped)
    recorder.edits = edits
    limits = describe_stage_results.describe_relaxed_limits(chosen)
    unread = describe_stage_results.describe_unread(foreseen.script)
    return Draft(
        request=request,
        gathered=gathered,
        chosen=chosen,
        whole=script,
        foreseen=foreseen,
        timings=dict(recorder.seconds),
        log=tuple(recorder.lines),
        notes=(*describe_edits(edits), *chosen.notes, *station.archive.notes, *limits, *unread),
        edits=edits,
    )
