"""The six doors in order: the only file that knows them all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bulletin import told
from bulletin.airtime import air_time
from bulletin.articles.gather import gather_articles
from bulletin.audio.mix import Tags, mix_bulletin
from bulletin.config.options import FetchOptions
from bulletin.config.outputs import OutputsOptions
from bulletin.deadline import Deadline
from bulletin.errors import NoStoryError
from bulletin.limits import keep_within_limits
from bulletin.minutes import Minutes
from bulletin.model import Bulletin, Chosen, Feed, Gathered, Level, Script, Section, Spoken
from bulletin.outputs import orders_of
from bulletin.reading import foresee, read_aloud
from bulletin.release import examine_bulletin, release_bulletin
from bulletin.run import Draft, Run
from bulletin.scratch import scratch_folder
from bulletin.script.kept_needs import needs_kept_in
from bulletin.script.kept_words import words_kept_in
from bulletin.script.rewriter.build import build_rewriting
from bulletin.script.write import write_script
from bulletin.signals import begin_anew
from bulletin.speech.pace import count_words
from bulletin.station import Station
from bulletin.stories.choose import choose_stories
from bulletin.watch import Listener, Silent, Watch

STAGES = ("gather", "choose", "write", "speak", "mix", "examine", "publish")

REMEMBERED = timedelta(days=14)
"""How far back the choice looks at what has aired; no profile may ask for older stories."""

_LACKS_S = 5.0
"""By which a bulletin is too short for anybody to notice that there was more."""
_FEEDS_SHARE, _REWRITER_SHARE = 0.35, 0.4
"""Of the time that is left when a stage begins: what it may take at most."""


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
    begin_anew()
    minutes = Minutes(station=station.words.id, began_at=now, listener=listener or Silent())
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
    station: Station, draft: Draft, *, now: datetime, deadline: Deadline | None, minutes: Minutes
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
            lambda read: told.tell_spoken(read[1]),
        )
        draft = replace(draft, foreseen=foreseen)
        minutes.spoken, minutes.dropped = spoken, draft.dropped
        script, is_all = draft.script, not draft.dropped
        bulletin = watch.run(
            "mix", lambda: _mix(station, script, spoken, folder, now=now, is_all=is_all), told.tell_mixed
        )
        bulletin = examine_bulletin(station, bulletin, watch)
        bulletin = replace(
            bulletin,
            dropped=(*bulletin.dropped, *draft.dropped),
            notes=(*draft.notes, *bulletin.notes, *_held_back(draft, bulletin)),
            level=_level(script, spoken, deadline),
        )
        bulletin, episodes = release_bulletin(station, bulletin, now=now, watch=watch)
    minutes.bulletin, minutes.seconds = bulletin, dict(watch.seconds)
    return Run(draft=draft, spoken=spoken, bulletin=bulletin, episodes=episodes, timings=dict(watch.seconds))


def _held_back(draft: Draft, bulletin: Bulletin) -> tuple[str, ...]:
    """A bulletin that is too short for want of news may want it by the profile's own limits."""
    lacks_s = bulletin.planned_s - bulletin.renditions[0].duration_s
    return told.tell_held_back(draft.chosen) if lacks_s > _LACKS_S and not draft.dropped else ()


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
    minutes: Minutes | None = None,
) -> Draft:
    """
    The first three doors: feeds to words, cut down to what may fit into the station's length.

    Raises NoStoryError, which says whether no feed could be reached or nothing was new.
    """
    watch = Watch(listener or Silent())
    named = due or air_time(now, zone=station.words.time_zone, at=at)
    minutes = minutes or Minutes(station=station.words.id, began_at=now)
    minutes.at = named
    gathered = minutes.gathered = watch.run(
        "gather",
        lambda: gather(station, now=now, deadline=deadline, listener=watch.listener),
        told.tell_gathered,
    )
    wanted = replace(gathered, articles=tuple(a for a in gathered.articles if a.section in sections))
    chosen = minutes.chosen = watch.run(
        "choose", lambda: _choose(station, wanted, now=now, again=again), told.tell_chosen
    )
    if not chosen.stories:
        raise NoStoryError(told.why_no_story(gathered, chosen), is_quiet=gathered.is_whole)
    script = minutes.script = watch.run(
        "write",
        lambda: _write(station, chosen, at=named, deadline=deadline, listener=watch.listener),
        told.tell_written,
    )
    if not script.stories:
        left = replace(chosen, left=(*chosen.left, *script.left))
        raise NoStoryError(told.why_no_story(gathered, left), is_quiet=gathered.is_whole)
    foreseen = foresee(station, script)
    minutes.dropped = foreseen.dropped
    return Draft(
        gathered=gathered,
        chosen=chosen,
        whole=script,
        foreseen=foreseen,
        timings=dict(watch.seconds),
        notes=(*chosen.notes, *station.archive.notes),
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


def _choose(station: Station, gathered: Gathered, *, now: datetime, again: bool) -> Chosen:
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


def _write(
    station: Station, chosen: Chosen, *, at: datetime, deadline: Deadline | None, listener: Listener
) -> Script:
    rewriter = station.profile.script.rewriter
    if deadline:
        budget_s = min(rewriter.budget_s, _REWRITER_SHARE * deadline.left_s)
        rewriter = rewriter.model_copy(update={"budget_s": budget_s})
    words, lexicon = station.words, station.lexicon
    file = station.state / "words" / f"{words.id}.json"
    with (
        needs_kept_in(station.state / "needs.json"),
        words_kept_in(file, station=words, lexicon=lexicon) as kept,
    ):
        script = write_script(
            chosen.stories,
            station=words,
            at=at,
            options=station.profile.script,
            lexicon=lexicon,
            pace_wps=station.pace_wps(),
            rewriting=build_rewriting(rewriter, folder=station.state / "rewritten"),
            progress=listener.progress,
            kept=kept,
        )
    return _needed(script, station.profile.outputs)


def _needed(script: Script, outputs: OutputsOptions) -> Script:
    """Only the openings that some rendition asks for."""
    timed = {outputs.rendition(kind).time_check for kind in outputs.make}
    if script.opening_later and timed == {False}:
        return replace(script, opening=script.opening_later, opening_later=None)
    return script if False in timed else replace(script, opening_later=None)


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
