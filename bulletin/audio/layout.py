"""What airs -> when each sound starts, to the sample. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bulletin.audio.choose_cuts import CutChoice
from bulletin.model import Clip, Section

Bed = Literal["none", "headlines", "whole"]

TAIL_S = 1.2
"""How long the bed plays on after the last word over it, its fade included."""
_QUIET_START_S = 0.2
_QUIET_END_S = 0.3
_BED_LEAD_S = 0.8
"""How long the bed is heard before the opening's first word."""
_IDENT_TAIL_S = 1.0
"""The end of the ident, under which the bed comes in."""
_BED_IN_S = 0.4
_MOST_FADE_S = 1.5
_MOST_STRETCH = 1.05
"""Words over the closing jingle have room there however they are bent: else a little bend would move them."""
_CLOSING_TAIL_S = 0.8
"""Of the closing jingle that is heard after words over it."""
_CROSS_S = 0.5
"""The end of the bed over which the closing jingle comes in."""


class PlacedMusic(StrEnum):
    """The station's jingles; the last three are stings that open a section."""

    IDENT = "ident"
    BED = "bed"
    STING = "sting"
    CLOSING = "closing"
    SPORT = "sport"
    WEATHER = "weather"
    TRAVEL = "travel"


_OPENERS = {
    Section.SPORT: PlacedMusic.SPORT,
    Section.WEATHER: PlacedMusic.WEATHER,
    Section.TRAVEL: PlacedMusic.TRAVEL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTune:
    """A jingle's measures, in seconds."""

    length_s: float
    talk_from_s: float
    """Speech may start here."""
    talk_until_s: float
    """Speech should have ended here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicedPassage:
    """A clip in its place."""

    clip: Clip
    start: int
    end: int
    """Frames from the start of the bulletin."""
    stretch: float = 1.0
    """Times as long as it was spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedSound:
    """A stretch of music in its place."""

    music: PlacedMusic
    start: int
    end: int
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathPause:
    """What can be shortened and stretched without anybody noticing."""

    gap_s: float
    """Between stories, and between headlines."""
    tail_s: float = TAIL_S
    """Of the bed after the last headline; of a bed under everything, after the last word."""
    closing_cut_s: float = 0.0
    """Taken off the end of the closing jingle."""
    stretch: float = 1.0
    """Of all speech: 1.05 makes it a twentieth slower."""
    fill_s: float = 0.0
    """For which the bed plays on alone after the closing words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """Every sound of a bulletin in its place."""

    rate_hz: int
    frames: int
    voiced: tuple[VoicedPassage, ...]
    played: tuple[PlayedSound, ...]
    breath: BreathPause

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz


def lay_out(
    choice: CutChoice,
    tunes: Mapping[PlacedMusic, PlacedTune],
    *,
    breath: BreathPause,
    rate_hz: int,
    bed: Bed = "headlines",
) -> Rundown:
    """
    Place every sound.

    Ident with its voice-over at the mix point; the bed from the ident's end, under opening and
    headlines, or under everything; a sting before each story, a section's own before its first; the
    closing words, over the closing jingle where it has room. With `bed` "none" there is no music, and
    no voice-over of a jingle that is not heard.
    """
    desk = _Desk({} if bed == "none" else tunes, breath, rate_hz, is_under_all=bed == "whole")
    desk.ident(None if bed == "none" else choice.ident)
    desk.opening(choice.opening, choice.headlines)
    for item in choice.told:
        desk.story(item.clip, item.script.section)
    desk.closing(choice.closing)
    return desk.rundown()


class _Desk:
    """Places one sound after another; `_now_s` is where the last word ended."""

    def __init__(
        self,
        tunes: Mapping[PlacedMusic, PlacedTune],
        breath: BreathPause,
        rate_hz: int,
        *,
        is_under_all: bool,
    ) -> None:
        self._tunes = tunes
        self._is_under_all = is_under_all and PlacedMusic.BED in tunes
        self._breath = breath
        self._rate_hz = rate_hz
        self._voiced: list[VoicedPassage] = []
        self._played: list[PlayedSound] = []
        self._now_s = 0.0
        self._bed_from_s = 0.0
        self._is_fresh = True
        """Nothing was heard yet."""
        self._bed_ends = False
        """The bed's tail already makes the pause."""
        self._opened: set[Section] = set()

    def ident(self, clip: Clip | None) -> None:
        tune = self._tunes.get(PlacedMusic.IDENT)
        if tune:
            self._play(PlacedMusic.IDENT, 0.0, tune.length_s, fade_out_s=0.02)
            tail_s = min(_IDENT_TAIL_S, tune.length_s / 4)
            self._bed_from_s = self._now_s = tune.length_s - tail_s
            self._is_fresh = False
        if clip:
            start_s = tune.talk_from_s if tune else _QUIET_START_S
            end_s = self._say(clip, start_s)
            self._now_s = max(end_s + self._breath.gap_s, self._now_s)
            self._is_fresh = False

    def opening(self, clip: Clip | None, headlines: tuple[Clip, ...]) -> None:
        """Opening and headlines over the bed, which comes up once more before it fades."""
        said = [clip, *headlines] if clip else [*headlines]
        if not said:
            return
        has_bed = PlacedMusic.BED in self._tunes
        lead_s = _BED_LEAD_S if has_bed else _QUIET_START_S if self._is_fresh else self._breath.gap_s
        at_s = max(self._now_s, self._bed_from_s + lead_s)
        for one in said:
            end_s = self._say(one, at_s)
            at_s = end_s + self._breath.gap_s
        self._now_s = end_s
        self._is_fresh = False
        if has_bed and not self._is_under_all:
            self._now_s = self._end_bed(end_s, self._breath.tail_s)
            self._bed_ends = True

    def story(self, clip: Clip, section: Section) -> None:
        gap_s = self._breath.gap_s
        own = _OPENERS.get(section, PlacedMusic.STING)
        music = own if own in self._tunes and section not in self._opened else PlacedMusic.STING
        sting = self._tunes.get(music)
        self._opened.add(section)
        if sting:
            # The sting comes in while the bed fades out; between two stories after a breath.
            at_s = self._now_s - 0.3 if self._bed_ends else self._now_s + (0.0 if self._is_fresh else gap_s)
            self._play(music, at_s, at_s + sting.length_s, fade_out_s=0.02)
            start_s = at_s + sting_lead_s(sting, gap_s)
        elif self._is_fresh:
            start_s = _QUIET_START_S
        else:
            start_s = self._now_s + (0.0 if self._bed_ends else gap_s)
        self._now_s = self._say(clip, start_s)
        self._is_fresh = self._bed_ends = False

    def closing(self, clip: Clip | None) -> None:
        tune = self._tunes.get(PlacedMusic.CLOSING)
        at_s = self._now_s + self._breath.gap_s
        if self._is_under_all or (self._breath.fill_s and PlacedMusic.BED in self._tunes):
            self._close_over_bed(clip, at_s)
            return
        if not tune:
            self._now_s = (self._say(clip, at_s) if clip else self._now_s) + _QUIET_END_S
            return
        if clip and tune.talk_from_s + clip.duration_s * _MOST_STRETCH <= tune.talk_until_s:
            said_s = self._say(clip, at_s + tune.talk_from_s) - at_s
            self._now_s = self._play_closing(tune, at_s, least_s=said_s + _CLOSING_TAIL_S)
            return
        music_s = self._say(clip, at_s) + min(self._breath.gap_s, 0.5) if clip else at_s
        self._now_s = self._play_closing(tune, music_s)

    def _close_over_bed(self, clip: Clip | None, at_s: float) -> None:
        """The closing words over the bed, which comes up after them and goes into the closing jingle."""
        tail_s = self._breath.fill_s
        if self._is_under_all:
            tail_s += self._breath.tail_s
        else:
            self._bed_from_s = at_s
            at_s += _BED_LEAD_S
        end_s = self._say(clip, at_s) if clip else self._now_s
        self._now_s = self._end_bed(end_s, tail_s)
        tune = self._tunes.get(PlacedMusic.CLOSING)
        if tune:
            self._now_s = self._play_closing(tune, self._now_s - min(_CROSS_S, tail_s / 2))

    def _play_closing(self, tune: PlacedTune, at_s: float, *, least_s: float = 0.0) -> float:
        """The closing jingle, of which `least_s` are kept whatever else is cut; when it ends."""
        cut_s = min(self._breath.closing_cut_s, max(0.0, tune.length_s - least_s))
        end_s = at_s + tune.length_s - cut_s
        fade_s = min(_MOST_FADE_S, tune.length_s / 2) if cut_s else 0.02
        self._play(PlacedMusic.CLOSING, at_s, end_s, fade_out_s=fade_s)
        return end_s

    def _end_bed(self, after_s: float, tail_s: float) -> float:
        """The bed from where it came in until `tail_s` after the last word over it; when it has faded."""
        fade_s = min(_MOST_FADE_S, 0.75 * tail_s)
        self._play(
            PlacedMusic.BED, self._bed_from_s, after_s + tail_s, fade_in_s=_BED_IN_S, fade_out_s=fade_s
        )
        return after_s + tail_s

    def rundown(self) -> Rundown:
        ends = [one.end for one in self._voiced] + [one.end for one in self._played]
        return Rundown(
            rate_hz=self._rate_hz,
            frames=max([*ends, round(self._now_s * self._rate_hz)]),
            voiced=tuple(self._voiced),
            played=tuple(self._played),
            breath=self._breath,
        )

    def _say(self, clip: Clip, at_s: float) -> float:
        """Place a clip; the time at which it ends."""
        start = round(at_s * self._rate_hz)
        end = start + round(clip.duration_s * self._breath.stretch * self._rate_hz)
        self._voiced.append(VoicedPassage(clip=clip, start=start, end=end, stretch=self._breath.stretch))
        return end / self._rate_hz

    def _play(
        self,
        music: PlacedMusic,
        from_s: float,
        until_s: float,
        *,
        fade_in_s: float = 0.0,
        fade_out_s: float = 0.0,
    ) -> None:
        start, end = round(max(0.0, from_s) * self._rate_hz), round(until_s * self._rate_hz)
        self._played.append(
            PlayedSound(music=music, start=start, end=end, fade_in_s=fade_in_s, fade_out_s=fade_out_s)
        )


def openers_s(choice: CutChoice, tunes: Mapping[PlacedMusic, PlacedTune], *, gap_s: float) -> float:
    """How much longer than the usual sting those of the sections take; the first story's is counted already."""
    first = {item.script.section for item in choice.told[:1]}
    opened = {item.script.section for item in choice.told} - first
    stings = [tunes[_OPENERS[section]] for section in opened if _OPENERS.get(section) in tunes]
    usual_s = sting_lead_s(tunes.get(PlacedMusic.STING), gap_s)
    return sum(sting_lead_s(sting, gap_s) - usual_s for sting in stings)


def sting_lead_s(sting: PlacedTune | None, gap_s: float) -> float:
    """From a sting's start to the first word after it: over its last ring where it has a mix point."""
    if not sting:
        return 0.0
    if sting.talk_from_s < sting.length_s:
        return sting.talk_from_s
    return sting.length_s + gap_s / 2
