"""Clip -> Bulletin: for each rendition a rundown, a mix, a finished file; speech and music are read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.audio.choose_cuts import NO_ROOM
from bulletin.audio.formats.encoders import MEDIA_TYPES, SUFFIXES, make_head
from bulletin.audio.formats.file_orders import Order
from bulletin.audio.formats.id3_write import Tags
from bulletin.audio.layout import BreathPause, Rundown, VoicedPassage
from bulletin.audio.mixing.playout_labels import Labels
from bulletin.audio.mixing.render import Mixer
from bulletin.audio.mixing.render_file import Work, finish, take_turns
from bulletin.audio.mixing.stretch import can_stretch
from bulletin.audio.mixing.voice_track import REFERENCE_LUFS, VoiceLevels, VoiceTrack
from bulletin.audio.music.load_jingles import JingleShelf, StationJingles, load_jingles
from bulletin.audio.rundown.chapters import make_chapters, make_cues
from bulletin.audio.rundown.fit_length import MOST_BEND
from bulletin.audio.rundown.plan_rundown import Plan, plan_rundown
from bulletin.errors import AudioError
from bulletin.model import Bulletin, Chapter, Passage, Rendition, Role, Script, Spoken

if TYPE_CHECKING:
    # Only the name: the mixer alone starts without pydantic.
    from bulletin.config.profile_options import AudioOptions

__all__ = ["Order", "StationJingles", "Tags", "mix_bulletin"]

_QUIET_START_S, _QUIET_END_S = 0.1, 0.2
"""Around a story that is a file of its own."""
_NO_MUSIC = JingleShelf(records={}, notes=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _MixSheet:
    """A file to be made."""

    order: Order
    script: Script
    """As it is told there: with the time, or without it."""
    path: Path
    title: str
    rundown: Rundown
    shelf: JingleShelf
    chapters: tuple[Chapter, ...]

    @property
    def aired(self) -> tuple[Passage, ...]:
        return tuple(one.clip.passage for one in self.rundown.voiced)


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
    Mix what was spoken with the station's music, a file for each order (for "stories" one a story).

    The first order decides which stories are told; the others may tell them longer or shorter, and leave
    one out that has no room, with a note. Stories that do not fit into `target_s` are in the bulletin's
    `dropped`, jingles that cannot be used in its `notes`. Loudness, peak and length are those of the
    decoded files. Without `needs_speech` music alone will do; `is_all` says that there is no more news than
    the script holds. `made` (aware; by default the script's hour) is told in broadcast files. Raises
    AudioError; then none of the files is there that was not there before, or is as it was.
    """
    if needs_speech and not spoken.clips:
        raise AudioError("there is no speech to mix")
    studio = _Studio(spoken, jingles, options, tags=tags, made=made or script.at)
    plans: list[Plan] = []
    works: list[Work[list[Rendition]]] = []
    notes: dict[str, None] = {}
    for order in orders:
        told = _told(script, order)
        shelf = studio.shelf(order)
        only = {p.story_id for p in plans[0].aired if p.role is Role.STORY} if plans else None
        plan = studio.plan(told, order, shelf, target_s=target_s, only=only, is_all=is_all)
        plans.append(plan)
        works.append(studio.make(_sheets(order, told, plans, shelf)))
        notes |= dict.fromkeys(shelf.notes)
        notes |= dict.fromkeys(_notes(order, plan, is_first=len(plans) == 1, is_alone=len(orders) == 1))
    return Bulletin(
        script=script,
        voice=spoken.voice,
        second_voice=spoken.second,
        renditions=tuple(one for renditions in take_turns(works) for one in renditions),
        aired=plans[0].aired,
        dropped=plans[0].dropped,
        planned_s=target_s,
        notes=tuple(notes),
    )


class _Studio:
    """What all renditions of a bulletin share."""

    def __init__(
        self, spoken: Spoken, jingles: StationJingles, options: AudioOptions, *, tags: Tags, made: datetime
    ) -> None:
        self._spoken = spoken
        self._jingles = jingles
        self._options = options
        self._tags = tags
        self._made = made
        self._desk = VoiceTrack(spoken.clips)
        self._shelves: dict[int, JingleShelf] = {}

    def shelf(self, order: Order) -> JingleShelf:
        """The station's music at the order's rate, read once; a dry rendition has none."""
        if order.options.bed == "none":
            return _NO_MUSIC
        if order.rate_hz not in self._shelves:
            self._shelves[order.rate_hz] = load_jingles(
                self._jingles, rate_hz=order.rate_hz, voice_lufs=REFERENCE_LUFS
            )
        return self._shelves[order.rate_hz]

    def plan(
        self,
        script: Script,
        order: Order,
        shelf: JingleShelf,
        *,
        target_s: float,
        only: set[str] | None,
        is_all: bool,
    ) -> Plan:
        """Which stories it tells, and when."""
        return plan_rundown(
            script,
            self._spoken,
            shelf.tunes,
            target_s=target_s,
            gap_s=self._options.gap_s,
            rate_hz=order.rate_hz,
            bend=MOST_BEND if can_stretch() else 0.0,
            is_up_to=order.is_up_to,
            bed=order.options.bed,
            fills=self._options.when_short == "fill",
            only=only,
            is_all=is_all,
        )

    def make(self, sheets: Sequence[_MixSheet]) -> Work[list[Rendition]]:
        """The files of an order, one after the other."""
        made: list[Rendition] = []
        for sheet in sheets:
            rendition = yield from self._make(sheet)
            made.append(rendition)
        return made

    def _make(self, sheet: _MixSheet) -> Work[Rendition]:
        order, rundown = sheet.order, sheet.rundown
        levels = VoiceLevels(voice_crest_db=order.voice_crest_db, bed_under_lu=self._options.bed_under_lu)
        cues = make_cues(rundown)
        labels = Labels(sheet.script, order, rundown, made=self._made)
        head = make_head(
            self._tags,
            title=sheet.title,
            lyrics=self._tags.lyrics or "\n".join(cue.text for cue in cues),
            duration_s=rundown.duration_s,
            chapters=sheet.chapters,
            chunks=labels.chunks(),
        )
        mixer = Mixer(rundown, sheet.shelf.records, desk=self._desk, levels=levels)
        heard = yield from finish(mixer, order, path=sheet.path, head=head, amend=labels.amend)
        rendition = Rendition(
            kind=order.kind,
            path=sheet.path,
            media_type=MEDIA_TYPES[order.options.format],
            duration_s=heard.duration_s,
            loudness_lufs=heard.loudness_lufs,
            true_peak_dbtp=heard.true_peak_dbtp,
            chapters=sheet.chapters,
            cues=cues,
            aired=sheet.aired,
        )
        if not order.is_examined:
            return rendition
        # Imported late: an order that is not examined needs none of it.
        from bulletin.audio.quality.examine_file import examine, limits_of

        limits = limits_of(order.options, duration_s=rundown.duration_s, has_artwork=bool(self._tags.artwork))
        return replace(rendition, quality=examine(rendition, limits=limits, heard=heard))


def _told(script: Script, order: Order) -> Script:
    """The script as this rendition tells it: no time for who listens later, no voice-over without an ident."""
    if script.opening_later and not order.options.time_check:
        script = replace(script, opening=script.opening_later)
    return replace(script, ident=None) if order.options.bed == "none" else script


def _sheets(order: Order, script: Script, plans: Sequence[Plan], shelf: JingleShelf) -> tuple[_MixSheet, ...]:
    """One file; of stories one each, told as in the first rendition."""
    if order.kind == "stories":
        return tuple(_story_sheets(order, script, plans[0]))
    rundown = plans[-1].rundown
    chapters = make_chapters(script, rundown)
    return (
        _MixSheet(
            order=order,
            script=script,
            path=order.path,
            title=script.title,
            rundown=rundown,
            shelf=shelf,
            chapters=chapters,
        ),
    )


def _story_sheets(order: Order, script: Script, plan: Plan) -> Iterator[_MixSheet]:
    told = [one.clip for one in plan.rundown.voiced if one.clip.passage.role is Role.STORY]
    for number, clip in enumerate(told, 1):
        start = round(_QUIET_START_S * order.rate_hz)
        end = start + round(clip.duration_s * order.rate_hz)
        rundown = Rundown(
            rate_hz=order.rate_hz,
            frames=end + round(_QUIET_END_S * order.rate_hz),
            voiced=(VoicedPassage(clip=clip, start=start, end=end),),
            played=(),
            breath=BreathPause(gap_s=0.0),
        )
        chapters = make_chapters(script, rundown)
        yield _MixSheet(
            order=order,
            script=script,
            path=order.path / f"{number:02d}{SUFFIXES[order.options.format]}",
            title=chapters[0].title or script.title,
            rundown=rundown,
            shelf=_NO_MUSIC,
            chapters=chapters,
        )


def _notes(order: Order, plan: Plan, *, is_first: bool, is_alone: bool) -> Iterator[str]:
    """What went amiss with a rendition; where there are several, which one."""
    name = "" if is_alone else f"{order.kind}: "
    if order.kind != "stories":
        yield from (name + note for note in plan.notes)
    if not is_first and order.kind != "stories":
        yield from (f"{name}no room for {left.title}" for left in plan.dropped if left.reason == NO_ROOM)
