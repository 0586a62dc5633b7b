"""Draft -> Run: speak, mix, examine, hear, publish and record one bulletin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bulletin.language.split_sentences import count_words
from bulletin.model import Level, Script, Spoken
from bulletin.pipeline.bulletin_run_results import Draft, Run
from bulletin.pipeline.changes.delete_old_files import keep_within_limits
from bulletin.pipeline.decisions.read_edits_of_bulletin import describe_dropped_pins
from bulletin.pipeline.hear_before_publication import HearBeforePublication
from bulletin.pipeline.mix_and_check_bulletin import mix_and_check_bulletin
from bulletin.pipeline.pieces.draft_bulletin import draft_again
from bulletin.pipeline.publish_and_record_bulletin import release_bulletin
from bulletin.pipeline.speak_draft import speak_draft
from bulletin.pipeline.write_run_record import RunRecorder, resume_recorder
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.station.build_station_object import Station


def finish_bulletin(
    station: Station,
    draft: Draft,
    *,
    now: datetime,
    deadline: Deadline | None = None,
    recorder: RunRecorder | None = None,
) -> Run:
    """
    Speak, produce and publish a draft, record the run, and delete what is older than the profile keeps.

    Sentences in the speech cache are not spoken again. `recorder` has recorded the draft; without one the record
    continues that of the draft. Raises NoStoryError, NoVoiceError, AudioError, QualityError, OutletError; then
    nothing was replaced.
    """
    recorder = recorder or resume_recorder(draft, station=station.words.id, began_at=now)
    try:
        run = _make(station, draft, now=now, deadline=deadline, recorder=recorder)
    except BaseException as error:
        recorder.close(station.archive, error)
        raise
    run = _with_notes(run, station.archive.notes)
    recorder.bulletin = run.bulletin
    recorder.close(station.archive)
    keep_within_limits(station, now=now)
    return run


def _with_notes(run: Run, notes: Sequence[str]) -> Run:
    """The run with the archive's notes that came after the draft."""
    late = tuple(note for note in notes if note not in run.bulletin.notes)
    return replace(run, bulletin=replace(run.bulletin, notes=(*late, *run.bulletin.notes))) if late else run


def _make(
    station: Station,
    draft: Draft,
    *,
    now: datetime,
    deadline: Deadline | None,
    recorder: RunRecorder,
) -> Run:
    """Speak, produce and publish a draft."""

    def redraft(without: Sequence[str]) -> Draft:
        return draft_again(station, draft, without, now=now, deadline=deadline, recorder=recorder)

    with scratch_folder(station.state) as folder:
        said, spoken = speak_draft(
            station, draft, folder=folder, deadline=deadline, timer=recorder, redraft=redraft
        )
        recorder.spoken, recorder.dropped = spoken, said.foreseen.dropped
        mix = partial(
            mix_and_check_bulletin,
            station,
            said.script,
            audio_name=station.audio_name(said.script.at, made_at=now),
            made_at=now,
            level=_level(said.script, spoken, deadline),
            is_all=not said.foreseen.dropped,
        )
        bulletin = mix(spoken, folder=folder, timer=recorder)
        hearing = HearBeforePublication(
            station=station, folder=folder / "again", mix=mix, deadline=deadline, timer=recorder
        )
        bulletin, spoken = hearing.hear(bulletin, spoken)
        recorder.spoken = spoken
        bulletin = replace(
            bulletin,
            dropped=(*bulletin.dropped, *said.foreseen.dropped),
            notes=(*describe_dropped_pins(said.script, bulletin.dropped), *said.notes, *bulletin.notes),
        )
        bulletin, episodes = release_bulletin(station, bulletin, now=now, timer=recorder)
    recorder.bulletin = bulletin
    return Run(draft=said, spoken=spoken, bulletin=bulletin, episodes=episodes, timings=recorder.seconds)


def _level(script: Script, spoken: Spoken, deadline: Deadline | None) -> Level:
    """PARTIAL when the deadline left passages of the script unspoken."""
    read = {clip.passage for clip in spoken.clips}
    unread = (passage for passage in script.passages() if count_words(passage.spoken) and passage not in read)
    return Level.PARTIAL if deadline and any(unread) else Level.FRESH
