"""Script and Spoken -> Bulletin: a rundown, a mix and a finished file for each rendition."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.choose_stories_that_fit import NO_ROOM
from bulletin.audio.formats.encoders import MEDIA_TYPES, SUFFIXES
from bulletin.audio.formats.encoding_request import Order
from bulletin.audio.formats.write_id3_tags import Head, Tags
from bulletin.audio.metering.measure_sound_file import FileMeasurements
from bulletin.audio.mixing.bext_and_cart_chunks import add_loudness, is_broadcast, make_chunks
from bulletin.audio.mixing.mix_block_by_block import Mixer
from bulletin.audio.mixing.mix_shared_body import body_key, mix_in_parts
from bulletin.audio.mixing.normalize_voice_loudness import VoiceTrack
from bulletin.audio.mixing.silent_stops import find_silent_stops
from bulletin.audio.mixing.time_stretch import can_stretch
from bulletin.audio.mixing.write_mixed_file import Work, render_file, take_turns
from bulletin.audio.music.jingle_clicks import clicks_beside_music, place_music
from bulletin.audio.music.load_jingles import REFERENCE_LUFS, LoadedJingles, StationJingles, load_jingles
from bulletin.audio.place_sounds_on_timeline import Pacing, Rundown, VoicedPassage
from bulletin.audio.quality.inspect_sound_file import examine, limits_of
from bulletin.audio.rundown.chapters import make_chapters, make_cues
from bulletin.audio.rundown.fit_rundown_to_length import MOST_BEND, LengthTarget
from bulletin.audio.rundown.plan_rundown import Plan, plan_rundown
from bulletin.audio.rundown.plan_shared_body import SharedPlan, plan_shared_body
from bulletin.errors import AudioError
from bulletin.model import Bulletin, Rendition, Role, Script, Spoken
from bulletin.storage.store_interface import Store

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.profile_options import AudioOptions

log = logging.getLogger(__name__)

__all__ = ["Order", "StationJingles", "Tags"]

_QUIET_START_S, _QUIET_END_S = 0.1, 0.2
"""Silence before and after a story in its own file, in seconds."""
_NO_MUSIC = LoadedJingles(jingles={}, notes=())


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
    bodies: Store | None = None,
) -> Bulletin:
    """
    Mix the clips with the station's music into a file for each order (for "stories" one for each story).

    The first order decides which stories air; the others may use longer or shorter cuts, and drop a story
    without room, with a note. `dropped` of the bulletin holds the stories that do not fit into `target_s`,
    `notes` the jingles that cannot be used. Loudness, peak and length are measured on the decoded files.
    Without `needs_speech` music alone will do. `is_all`: the script holds all stories that there are.
    `made` (aware; by default the hour of the script) goes into broadcast files. With `bodies` the stories of an MP3
    are mixed once for all stations that have the same (mix_shared_body.py); WAV, FLAC and Opus are mixed whole, since
    the encoder of MP3 costs four times as much as the mix. Raises AudioError; then no file is changed.
    """
    if needs_speech and not spoken.clips:
        raise AudioError("nothing was spoken, so there is nothing to mix; test the voices: `bulletin check`")
    shared = _SharedMix(
        spoken, jingles, options, target_s, tags, made or script.at, VoiceTrack(spoken.clips), bodies
    )
    plans: list[Plan] = []
    works: list[Work[list[Rendition]]] = []
    notes: dict[str, None] = {}
    for order in orders:
        adapted = _adapt_script(script, order)
        loaded = shared.load_jingles(order)
        only = {p.story_id for p in plans[0].aired if p.role is Role.STORY} if plans else None
        plan, parts = shared.plan(adapted, order, loaded, only=only, is_all=is_all)
        plans.append(plan)
        files = _story_files(order, plans[0]) if order.kind == "stories" else [(order.path, plan.rundown)]
        works.append(shared.render(adapted, order, loaded, files, parts))
        notes |= dict.fromkeys(loaded.notes)
        if order.kind != "stories":
            name = "" if len(orders) == 1 else f"{order.kind}: "
            notes |= dict.fromkeys(name + note for note in _notes(plan, is_first=len(plans) == 1))
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


def _notes(plan: Plan, *, is_first: bool) -> Iterator[str]:
    yield from plan.notes
    if not is_first:
        yield from (f"no room for {left.title}" for left in plan.dropped if left.reason == NO_ROOM)


@dataclass(frozen=True, slots=True)
class _SharedMix:
    """Voice, jingles and options that all renditions of a bulletin share."""

    spoken: Spoken
    jingles: StationJingles
    options: AudioOptions
    target_s: float
    tags: Tags
    made: datetime
    voice: VoiceTrack
    bodies: Store | None

    def load_jingles(self, order: Order) -> LoadedJingles:
        """The station's music at the rate of the order; none for a dry rendition."""
        if order.options.bed == "none":
            return _NO_MUSIC
        return load_jingles(self.jingles, rate_hz=order.rate_hz, voice_lufs=REFERENCE_LUFS)

    def plan(
        self, script: Script, order: Order, loaded: LoadedJingles, *, only: set[str] | None, is_all: bool
    ) -> tuple[Plan, SharedPlan | None]:
        """The stories of the rendition and their rundown; and the same in parts, if its body can be shared."""
        length = LengthTarget(
            target_s=self.target_s,
            gap_s=self.options.gap_s,
            rate_hz=order.rate_hz,
            bend=MOST_BEND if can_stretch() else 0.0,
            bed=order.options.bed,
            is_up_to=order.is_up_to,
            fills=self.options.when_short == "fill",
        )
        plan_all = partial(
            plan_rundown, script, self.spoken, loaded.timings, length, only=only, is_all=is_all
        )
        if self.bodies is None or order.options.format != "mp3" or order.kind == "stories":
            return plan_all(), None
        parts = plan_shared_body(script, self.spoken, loaded.timings, length, only=only, is_all=is_all)
        return (parts.plan, parts) if parts else (plan_all(), None)

    def render(
        self,
        script: Script,
        order: Order,
        loaded: LoadedJingles,
        files: Iterable[tuple[Path, Rundown]],
        parts: SharedPlan | None,
    ) -> Work[list[Rendition]]:
        """The files of an order, one after the other."""
        renditions: list[Rendition] = []
        for path, rundown in files:
            rendition = yield from self._render(script, order, loaded, path, rundown, parts)
            renditions.append(rendition)
        return renditions

    def _render(
        self,
        script: Script,
        order: Order,
        loaded: LoadedJingles,
        path: Path,
        rundown: Rundown,
        parts: SharedPlan | None,
    ) -> Work[Rendition]:
        chapters, cues = make_chapters(script, rundown), make_cues(rundown)
        is_for_air, cloned = is_broadcast(order), self.tags.cloned_voice
        head = Head(
            tags=self.tags,
            title=(chapters[0].title if order.kind == "stories" else "") or script.title,
            lyrics="\n".join(cue.text for cue in cues if cue.text),
            duration_s=rundown.duration_s,
            chapters=chapters,
            chunks=make_chunks(script, order, rundown, made=self.made, cloned_voice=cloned)
            if is_for_air
            else (),
        )
        amend = partial(
            add_loudness, script=script, rate_hz=order.rate_hz, made=self.made, cloned_voice=cloned
        )
        measured = yield from self._write(
            order, loaded, rundown, parts, path=path, head=head, amend=amend if is_for_air else None
        )
        rendition = Rendition(
            kind=order.kind,
            path=path,
            media_type=MEDIA_TYPES[order.options.format],
            duration_s=measured.duration_s,
            loudness_lufs=measured.loudness_lufs,
            true_peak_dbtp=measured.true_peak_dbtp,
            chapters=chapters,
            cues=cues,
            aired=tuple(voiced.clip.passage for voiced in rundown.voiced),
        )
        limits = limits_of(order.options, duration_s=rundown.duration_s, has_artwork=bool(self.tags.artwork))
        clicks_s = clicks_beside_music(measured.clicks_s, place_music(rundown, loaded.jingles), cues)
        quality = examine(
            rendition,
            limits=limits,
            measured=replace(measured, clicks_s=clicks_s),
            stops=partial(find_silent_stops, rundown, self.spoken, self.voice),
        )
        return replace(rendition, quality=quality)

    def _write(
        self,
        order: Order,
        loaded: LoadedJingles,
        rundown: Rundown,
        parts: SharedPlan | None,
        *,
        path: Path,
        head: Head,
        amend: Callable[[Path, FileMeasurements], None] | None,
    ) -> Work[FileMeasurements]:
        """The file of a rendition, in parts if its body is shared, else, or where they cannot be joined, in one."""
        mixer_of = partial(
            Mixer,
            jingles=loaded.jingles,
            voice=self.voice,
            voice_crest_db=order.voice_crest_db,
            bed_under_lu=self.options.bed_under_lu,
        )
        if parts and self.bodies:
            under_lu = self.options.bed_under_lu
            key = body_key(parts, order, loaded.jingles, voice_hz=self.voice.rate_hz, bed_under_lu=under_lu)
            try:
                return (
                    yield from mix_in_parts(
                        parts, order, mixer_of, bodies=self.bodies, key=key, path=path, head=head
                    )
                )
            except AudioError as error:
                log.warning("mixed in one piece: kind=%s: %s", order.kind, error)
        return (yield from render_file(mixer_of(rundown), order, path=path, head=head, amend=amend))


def _adapt_script(script: Script, order: Order) -> Script:
    """The script of a rendition: no time check for listeners on demand, no voice-over without an ident."""
    if script.opening_later and not order.options.time_check:
        script = replace(script, opening=script.opening_later)
    return replace(script, ident=None) if order.options.bed == "none" else script


def _story_files(order: Order, plan: Plan) -> Iterator[tuple[Path, Rundown]]:
    """A file for each story, with the cut of the first rendition."""
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
        yield order.path / f"{number:02d}{SUFFIXES[order.options.format]}", rundown
