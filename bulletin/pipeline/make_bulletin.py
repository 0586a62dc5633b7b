"""The six doors in order: the only file that knows them all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin.articles.gather import gather_articles
from bulletin.audio.mixing.mix import Tags, mix_bulletin
from bulletin.config.profile_options import FetchOptions
from bulletin.errors import NoStoryError
from bulletin.model import Bulletin, Chosen, Feed, Gathered, Level, Script, Section, Spoken
from bulletin.pipeline import stage_summaries
from bulletin.pipeline.changes.file_retention import keep_within_limits
from bulletin.pipeline.fill_length import write_to_length
from bulletin.pipeline.release import examine_bulletin, release_bulletin
from bulletin.pipeline.run import Draft, Run
from bulletin.pipeline.run_record import RunRecorder
from bulletin.pipeline.stage_timer import Listener, Silent, Watch
from bulletin.pipeline.voicing import read_aloud
from bulletin.runtime.deadline import Deadline
from bulletin.runtime.files.scratch_folder import scratch_folder
from bulletin.runtime.interrupts import forget_completed_steps
from bulletin.schedule.air_time import air_time
from bulletin.speech.reading_pace import count_words
from bulletin.station.outputs import orders_of
from bulletin.station.station import Station
from bulletin.stories.choose_stories import choose_stories

STAGES = ("gather", "choose", "write", "speak", "mix", "examine", "publish")

REMEMBERED = timedelta(days=14)
"""How far back the choice looks at what has aired; no profile may ask for older stories."""

_FEEDS_SHARE = 0.35
"""Of the time that is left: what the feeds may take at most."""


def make_bulletin(
    station: Station,
    *,
    now: datetime,
    at: str | None = None,
    again: bool = False,
    due: datetime | None = None,
    sections: Collection[Section] = tuple(Section),
    deadline: Deadline | None = None,
    listener: Listener | None = None,
) -> Run:
    """
    The whole road, feed to episode.

    `at` is the hour that the time check names (HH:MM of the station), `due` the same as a moment; only
    what belongs to `sections` is told; `again` treats stories that have aired as new. At the `deadline` what
    is ready goes out: slow feeds are left behind, a slow voice gives way to the next. Raises NoStoryError,
    NoVoiceError, AudioError, QualityError, OutletError: then nothing was replaced, and the last bulletin stays.
    """
    forget_completed_steps()
    minutes = RunRecorder(station=station.words.id, began_at=now, listener=listener or Silent())
    try:
        station.check_outlets()
        draft = draft_bulletin(
            station,
            now=now,
            at=at,
            again=again,
            due=due,
            sections=sections,
            deadline=deadline,
            listener=minutes,
            minutes=minutes,
        )
        run = _make(station, draft, now=now, deadline=deadline, minutes=minutes)
    except BaseException as error:
        minutes.close(station.archive, error)
        raise
    run = _with_notes(run, station.archive.notes)
    minutes.bulletin = run.bulletin
    minutes.close(station.archive)
    keep_within_limits(station, now=now)
    return run


def _with_notes(run: Run, notes: Sequence[str]) -> Run:
    """What the archive met after the draft must be told too."""
    late = tuple(note for note in notes if note not in run.bulletin.notes)
    return replace(run, bulletin=replace(run.bulletin, notes=(*late, *run.bulletin.notes))) if late else run


def _make(
    station: Station, draft: Draft, *, now: datetime, deadline: Deadline | None, minutes: RunRecorder
) -> Run:
    """The last three doors: words to episode."""
    watch = Watch(minutes, dict(draft.timings))
    with scratch_folder(station.state) as folder:
        foreseen, spoken = watch.run(
            "speak",
            lambda: read_aloud(
                station,
                draft.foreseen,
                whole=draft.whole,
                folder=folder,
                progress=watch.listener.progress,
                deadline=deadline,
            ),
            lambda read: stage_summaries.tell_spoken(read[1]),
        )
        draft = replace(draft, foreseen=foreseen)
        minutes.spoken, minutes.dropped = spoken, draft.dropped
        script, is_all = draft.script, not draft.dropped
        bulletin = watch.run(
            "mix",
            lambda: _mix(station, script, spoken, folder, now=now, is_all=is_all),
            stage_summaries.tell_mixed,
        )
        bulletin = examine_bulletin(station, bulletin, watch)
        bulletin = replace(
            bulletin,
            dropped=(*bulletin.dropped, *draft.dropped),
            notes=(*draft.notes, *bulletin.notes),
            level=_level(script, spoken, deadline),
        )
        bulletin, episodes = release_bulletin(station, bulletin, now=now, watch=watch)
    minutes.bulletin, minutes.seconds = bulletin, dict(watch.seconds)
    return Run(draft=draft, spoken=spoken, bulletin=bulletin, episodes=episodes, timings=dict(watch.seconds))


def _level(script: Script, spoken: Spoken, deadline: Deadline | None) -> Level:
    """Less than fresh when the time was over before everything was said that should have been."""
    said = {clip.passage for clip in spoken.clips}
    unsaid = (one for one in script.passages() if count_words(one.spoken) and one not in said)
    return Level.PARTIAL if deadline and any(unsaid) else Level.FRESH


def draft_bulletin(
    station: Station,
    *,
    now: datetime,
    at: str | None = None,
    again: bool = False,
    due: datetime | None = None,
    sections: Collection[Section] = tuple(Section),
    deadline: Deadline | None = None,
    listener: Listener | None = None,
    minutes: RunRecorder | None = None,
) -> Draft:
    """
    The first three doors: feeds to words, cut down to what may fit into the station's length.

    Raises NoStoryError, which says whether no feed could be reached or nothing was new.
    """
    watch = Watch(listener or Silent())
    named = due or air_time(now, zone=station.words.time_zone, at=at)
    minutes = minutes or RunRecorder(station=station.words.id, began_at=now)
    minutes.at = named
    gathered = minutes.gathered = watch.run(
        "gather",
        lambda: gather(station, now=now, deadline=deadline, listener=watch.listener),
        stage_summaries.tell_gathered,
    )
    wanted = replace(gathered, articles=tuple(a for a in gathered.articles if a.section in sections))
    chosen = minutes.chosen = watch.run(
        "choose", lambda: choose(station, wanted, now=now, again=again), stage_summaries.tell_chosen
    )
    if not chosen.stories and not chosen.reserve:
        raise NoStoryError(stage_summaries.why_no_story(gathered, chosen), is_quiet=gathered.is_whole)
    filled = watch.run(
        "write",
        lambda: write_to_length(
            station, chosen, at=named, deadline=deadline, progress=watch.listener.progress
        ),
        lambda filled: stage_summaries.tell_written(filled.script),
    )
    minutes.chosen, minutes.script = filled.chosen, filled.script
    if not filled.script.stories:
        left = replace(filled.chosen, left=(*filled.chosen.left, *filled.script.left))
        raise NoStoryError(stage_summaries.why_no_story(gathered, left), is_quiet=gathered.is_whole)
    minutes.dropped = filled.foreseen.dropped
    return Draft(
        gathered=gathered,
        chosen=filled.chosen,
        whole=filled.script,
        foreseen=filled.foreseen,
        timings=dict(watch.seconds),
        notes=(*chosen.notes, *station.archive.notes, *stage_summaries.tell_given_way(filled.chosen)),
    )


def gather(
    station: Station, *, now: datetime, deadline: Deadline | None = None, listener: Listener | None = None
) -> Gathered:
    """What the feeds give now, and the station's own stories."""
    heard = listener or Silent()
    options = station.profile.fetch
    if deadline:
        budget_s = min(options.budget_s, _FEEDS_SHARE * deadline.left_s)
        options = options.model_copy(update={"budget_s": budget_s})
    gathered = gather_articles(
        station.feeds,
        now=now,
        options=options,
        catalog=station.archive,
        answers=station.answers,
        progress=heard.progress,
    )
    own = station.archive.own_stories(station.words.id, now)
    return replace(gathered, articles=(*own, *gathered.articles))


def ask_feeds(feeds: Sequence[Feed], *, now: datetime, options: FetchOptions) -> Gathered:
    """What each feed gives when it is asked now: without memory and without article pages, to see which are dead."""
    return gather_articles(feeds, now=now, options=options.model_copy(update={"pages_per_feed": 0}))


def choose(station: Station, gathered: Gathered, *, now: datetime, again: bool = False) -> Chosen:
    """What the station tells now, of what it was given and by what it remembers."""
    forgets = again or station.profile.repeats_freely
    aired = {} if forgets else station.archive.aired(station.words.id, since=now - REMEMBERED)
    options = station.profile.stories
    killed = tuple(kill.entry for kill in station.archive.kills(station.words.id))
    return choose_stories(
        gathered.articles,
        now=now,
        options=options.model_copy(update={"kill": (*options.kill, *killed)}),
        language=station.words.language,
        aired=aired,
    )


def _mix(
    station: Station, script: Script, spoken: Spoken, folder: Path, *, now: datetime, is_all: bool
) -> Bulletin:
    local = script.at.astimezone(ZoneInfo(station.words.time_zone))
    name = station.audio_name(script.at, made_at=now)
    return mix_bulletin(
        script,
        spoken,
        jingles=station.jingles,
        options=station.profile.audio,
        orders=orders_of(station.profile, folder=folder, audio_name=name),
        target_s=station.profile.length,
        tags=Tags(
            artist=station.words.name,
            album=station.podcast_title,
            date=local,
            language=station.words.language,
            artwork=station.cover,
        ),
        made=now,
        is_all=is_all,
    )
