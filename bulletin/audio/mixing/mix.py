"""Script and Spoken -> Bulletin: a rundown, a mix and a finished file for each rendition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.choose_cuts import NO_ROOM
from bulletin.audio.formats.encoders import MEDIA_TYPES, SUFFIXES, make_head
from bulletin.audio.formats.id3_write import Tags
from bulletin.audio.formats.rendition_orders import Order
from bulletin.audio.mixing.playout_labels import PlayoutLabels
from bulletin.audio.mixing.render import Mixer
from bulletin.audio.mixing.render_file import Work, render_file, take_turns
from bulletin.audio.mixing.stretch import can_stretch
from bulletin.audio.mixing.voice_track import REFERENCE_LUFS, VoiceLevels, VoiceTrack
from bulletin.audio.music.load_jingles import LoadedJingles, StationJingles, load_jingles
from bulletin.audio.rundown.chapters import make_chapters, make_cues
from bulletin.audio.rundown.fit_length import MOST_BEND, LengthTarget
from bulletin.audio.rundown.plan_rundown import Plan, plan_rundown
from bulletin.audio.rundown_layout import Pacing, Rundown, VoicedPassage
from bulletin.errors import AudioError
from bulletin.model import Bulletin, Chapter, Rendition, Role, Script, Spoken

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.profile_options import AudioOptions

__all__ = ["Order", "StationJingles", "Tags", "mix_bulletin"]

_QUIET_START_S, _QUIET_END_S = 0.1, 0.2
"""Around a story in a file of its own."""
_NO_MUSIC = LoadedJingles(jingles={}, notes=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _MixJob:
    """One file to be mixed."""

    order: Order
    script: Script
    """With the opening of this rendition."""
    path: Path
    title: str
    rundown: Rundown
    jingles: LoadedJingles
    chapters: tuple[Chapter, ...]


def mix_bulletin(
    script: Script,
    spoken: Spoken,
    *,
    jingles: StationJingles,
    options: AudioOptions,
    orders: Sequence[Order],
    target_s: float,
    tags: Tags,
    made: datetime | None = None,
    needs_speech: bool = True,
    is_all: bool = True,
) -> Bulletin:
    """
    Mix the clips with the station's music into a file for each order (for "stories" one for each story).

    The first order decides which stories air; the others may use longer or shorter cuts, and drop a story
    without room, with a note. `dropped` of the bulletin holds the stories that do not fit into `target_s`,
    `notes` the jingles that cannot be used. Loudness, peak and length are those of the decoded files.
    Without `needs_speech` music alone will do. `is_all`: the script holds all stories that there are.
    `made` (aware; by default the hour of the script) goes into broadcast files. Raises AudioError; then no
    file is changed.
    """
    if needs_speech and not spoken.clips:
        raise AudioError("there is no speech to mix")
    mixer = _BulletinMixer(spoken, jingles, options, target_s=target_s, tags=tags, made=made or script.at)
    plans: list[Plan] = []
    works: list[Work[list[Rendition]]] = []
    notes: dict[str, None] = {}
    for order in orders:
        adapted = _adapt_script(script, order)
        loaded = mixer.load_jingles(order)
        only = {p.story_id for p in plans[0].aired if p.role is Role.STORY} if plans else None
        plan = mixer.plan(adapted, order, loaded, only=only, is_all=is_all)
        plans.append(plan)
        works.append(mixer.render(_mix_jobs(order, adapted, plans, loaded)))
        notes |= dict.fromkeys(loaded.notes)
        notes |= dict.fromkeys(_notes(order, plan, is_first=len(plans) == 1, is_alone=len(orders) == 1))
    return Bulletin(
        script=script,
        voice=spoken.voice,
        second_voice=spoken.second,
        renditions=tuple(rendition for renditions in take_turns(works) for rendition in renditions),
        aired=plans[0].aired,
        dropped=plans[0].dropped,
        planned_s=target_s,
        notes=tuple(notes),
    )


class _BulletinMixer:
    """Voice, jingles and options that all renditions of a bulletin share."""

    def __init__(
        self,
        spoken: Spoken,
        jingles: StationJingles,
        options: AudioOptions,
        *,
        target_s: float,
        tags: Tags,
        made: datetime,
    ) -> None:
        self._spoken = spoken
        self._jingles = jingles
        self._options = options
        self._target_s = target_s
        self._tags = tags
        self._made = made
        self._voice = VoiceTrack(spoken.clips)
        self._loaded: dict[int, LoadedJingles] = {}

    def load_jingles(self, order: Order) -> LoadedJingles:
        """The station's music at the rate of the order, loaded once; none for a dry rendition."""
        if order.options.bed == "none":
            return _NO_MUSIC
        if order.rate_hz not in self._loaded:
            self._loaded[order.rate_hz] = load_jingles(
                self._jingles, rate_hz=order.rate_hz, voice_lufs=REFERENCE_LUFS
            )
        return self._loaded[order.rate_hz]

    def plan(
        self, script: Script, order: Order, loaded: LoadedJingles, *, only: set[str] | None, is_all: bool
    ) -> Plan:
        """The stories of the rendition and their rundown."""
        length = LengthTarget(
            target_s=self._target_s,
            gap_s=self._options.gap_s,
            rate_hz=order.rate_hz,
            bend=MOST_BEND if can_stretch() else 0.0,
            bed=order.options.bed,
            is_up_to=order.is_up_to,
            fills=self._options.when_short == "fill",
        )
        return plan_rundown(script, self._spoken, loaded.timings, length, only=only, is_all=is_all)

    def render(self, jobs: Sequence[_MixJob]) -> Work[list[Rendition]]:
        """The files of an order, one after the other."""
        renditions: list[Rendition] = []
        for job in jobs:
            rendition = yield from self._render(job)
            renditions.append(rendition)
        return renditions

    def _render(self, job: _MixJob) -> Work[Rendition]:
        order, rundown = job.order, job.rundown
        levels = VoiceLevels(voice_crest_db=order.voice_crest_db, bed_under_lu=self._options.bed_under_lu)
        cues = make_cues(rundown)
        labels = PlayoutLabels(job.script, order, rundown, made=self._made)
        head = make_head(
            self._tags,
            title=job.title,
            lyrics=self._tags.lyrics or "\n".join(cue.text for cue in cues),
            duration_s=rundown.duration_s,
            chapters=job.chapters,
            chunks=labels.make_chunks(),
        )
        mixer = Mixer(rundown, job.jingles.jingles, voice=self._voice, levels=levels)
        measured = yield from render_file(mixer, order, path=job.path, head=head, amend=labels.add_loudness)
        rendition = Rendition(
            kind=order.kind,
            path=job.path,
            media_type=MEDIA_TYPES[order.options.format],
            duration_s=measured.duration_s,
            loudness_lufs=measured.loudness_lufs,
            true_peak_dbtp=measured.true_peak_dbtp,
            chapters=job.chapters,
            cues=cues,
            aired=tuple(voiced.clip.passage for voiced in rundown.voiced),
        )
        if not order.is_examined:
            return rendition
        # Imported late: an order that is not examined needs none of it.
        from bulletin.audio.quality.examine_file import examine, limits_of

        limits = limits_of(order.options, duration_s=rundown.duration_s, has_artwork=bool(self._tags.artwork))
        return replace(rendition, quality=examine(rendition, limits=limits, measured=measured))


def _adapt_script(script: Script, order: Order) -> Script:
    """The script of a rendition: no time check for listeners on demand, no voice-over without an ident."""
    if script.opening_later and not order.options.time_check:
        script = replace(script, opening=script.opening_later)
    return replace(script, ident=None) if order.options.bed == "none" else script


def _mix_jobs(
    order: Order, script: Script, plans: Sequence[Plan], loaded: LoadedJingles
) -> tuple[_MixJob, ...]:
    """One file; for "stories" one for each story, with the cuts of the first rendition."""
    if order.kind == "stories":
        return tuple(_story_jobs(order, script, plans[0]))
    rundown = plans[-1].rundown
    return (
        _MixJob(
            order=order,
            script=script,
            path=order.path,
            title=script.title,
            rundown=rundown,
            jingles=loaded,
            chapters=make_chapters(script, rundown),
        ),
    )


def _story_jobs(order: Order, script: Script, plan: Plan) -> Iterator[_MixJob]:
    clips = [voiced.clip for voiced in plan.rundown.voiced if voiced.clip.passage.role is Role.STORY]
    for number, clip in enumerate(clips, 1):
        start = round(_QUIET_START_S * order.rate_hz)
        end = start + round(clip.duration_s * order.rate_hz)
        rundown = Rundown(
            rate_hz=order.rate_hz,
            frames=end + round(_QUIET_END_S * order.rate_hz),
            voiced=(VoicedPassage(clip=clip, start=start, end=end),),
            played=(),
            pacing=Pacing(gap_s=0.0),
        )
        chapters = make_chapters(script, rundown)
        yield _MixJob(
            order=order,
            script=script,
            path=order.path / f"{number:02d}{SUFFIXES[order.options.format]}",
            title=chapters[0].title or script.title,
            rundown=rundown,
            jingles=_NO_MUSIC,
            chapters=chapters,
        )


def _notes(order: Order, plan: Plan, *, is_first: bool, is_alone: bool) -> Iterator[str]:
    """Notes on a rendition, with its name where there are several."""
    name = "" if is_alone else f"{order.kind}: "
    if order.kind != "stories":
        yield from (name + note for note in plan.notes)
    if not is_first and order.kind != "stories":
        yield from (f"{name}no room for {left.title}" for left in plan.dropped if left.reason == NO_ROOM)
