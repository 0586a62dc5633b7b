"""CutChoice and jingle timings -> Rundown: the start and end of each sound, to the frame. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bulletin.audio.choose_stories_that_fit import CutChoice
from bulletin.model import Clip, Section

Bed = Literal["none", "headlines", "whole"]

TAIL_S = 1.2
"""Length of the bed after the last word over it, including its fade."""
_QUIET_START_S = 0.2
_QUIET_END_S = 0.3
_BED_LEAD_S = 0.8
"""Length of the bed before the first word of the opening."""
_IDENT_TAIL_S = 1.0
"""End of the ident, under which the bed comes in."""
_BED_IN_S = 0.4
_MOST_FADE_S = 1.5
_MOST_STRETCH = 1.05
"""Longest stretch of speech: the closing words fit over the jingle at any stretch, or not at all."""
_CLOSING_TAIL_S = 0.8
"""Length of the closing jingle after the words over it."""
_CROSS_S = 0.5
"""End of the bed, over which the closing jingle comes in."""


class JingleKind(StrEnum):
    """Kinds of jingles; the last three are stings that open a section."""

    IDENT = "ident"
    BED = "bed"
    STING = "sting"
    CLOSING = "closing"
    SPORT = "sport"
    WEATHER = "weather"
    TRAVEL = "travel"


_OPENERS = {
    Section.SPORT: JingleKind.SPORT,
    Section.WEATHER: JingleKind.WEATHER,
    Section.TRAVEL: JingleKind.TRAVEL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JingleTiming:
    """Length and mix points of a jingle, in seconds."""

    length_s: float
    talk_from_s: float
    """Mix point: speech may start here."""
    talk_until_s: float
    """Speech should have ended here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicedPassage:
    """A clip at its time."""

    clip: Clip
    start: int
    end: int
    """Frames from the start of the bulletin."""
    stretch: float = 1.0
    """Length on air as a multiple of the spoken length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedMusic:
    """A jingle at its time."""

    jingle: JingleKind
    start: int
    end: int
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """Elastic times of a bulletin: they can be changed a little without being noticed."""

    gap_s: float
    """Gap between stories, and between headlines."""
    tail_s: float = TAIL_S
    """Length of the bed after the last headline; of a bed under everything, after the last word."""
    closing_cut_s: float = 0.0
    """Cut off the end of the closing jingle."""
    stretch: float = 1.0
    """Stretch of all speech: 1.05 is 5 % slower."""
    fill_s: float = 0.0
    """Length of the bed alone after the closing words, to fill a bulletin with too little news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """Every sound of a bulletin at its time."""

    rate_hz: int
    frames: int
    voiced: tuple[VoicedPassage, ...]
    played: tuple[PlayedMusic, ...]
    pacing: Pacing

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz


def lay_out_rundown(
    choice: CutChoice,
    timings: Mapping[JingleKind, JingleTiming],
    *,
    pacing: Pacing,
    rate_hz: int,
    bed: Bed = "headlines",
) -> Rundown:
    """
    Place every sound.

    Ident with its voice-over at the mix point; the bed from the ident's end, under opening and
    headlines, or under everything; a sting before each story, a section's own before its first; the
    closing words, over the closing jingle where it has room. With `bed` "none" there is no music and no
    voice-over of the ident.
    """
    builder = RundownBuilder({} if bed == "none" else timings, pacing, rate_hz, is_bed_whole=bed == "whole")
    builder.place_ident(None if bed == "none" else choice.ident)
    builder.place_opening(choice.opening, choice.headlines)
    for item in choice.stories:
        builder.place_story(item.clip, item.script.section)
    builder.place_closing(choice.closing)
    return builder.build()


class RundownBuilder:
    """Places one sound after another, as `lay_out_rundown` does; `_now_s` is the end of the last word."""

    def __init__(
        self,
        timings: Mapping[JingleKind, JingleTiming],
        pacing: Pacing,
        rate_hz: int,
        *,
        is_bed_whole: bool,
    ) -> None:
        self._timings = timings
        self._is_bed_whole = is_bed_whole and JingleKind.BED in timings
        self._pacing = pacing
        self._rate_hz = rate_hz
        self._voiced: list[VoicedPassage] = []
        self._played: list[PlayedMusic] = []
        self._now_s = 0.0
        self._bed_from_s = 0.0
        self._is_start = True
        """Nothing has been placed yet."""
        self._bed_ends = False
        """The tail of the bed replaces the gap."""
        self._opened: set[Section] = set()

    def place_ident(self, clip: Clip | None) -> None:
        """The ident, with its voice-over from the mix point on."""
        timing = self._timings.get(JingleKind.IDENT)
        if timing:
            self._play(JingleKind.IDENT, 0.0, timing.length_s, fade_out_s=0.02)
            tail_s = min(_IDENT_TAIL_S, timing.length_s / 4)
            self._bed_from_s = self._now_s = timing.length_s - tail_s
            self._is_start = False
        if clip:
            start_s = timing.talk_from_s if timing else _QUIET_START_S
            end_s = self._speak(clip, start_s)
            self._now_s = max(end_s + self._pacing.gap_s, self._now_s)
            self._is_start = False

    def place_opening(self, clip: Clip | None, headlines: tuple[Clip, ...]) -> None:
        """Opening and headlines over the bed, which comes up once more before it fades."""
        clips = [clip, *headlines] if clip else [*headlines]
        if not clips:
            return
        has_bed = JingleKind.BED in self._timings
        lead_s = _BED_LEAD_S if has_bed else _QUIET_START_S if self._is_start else self._pacing.gap_s
        at_s = max(self._now_s, self._bed_from_s + lead_s)
        for opening_clip in clips:
            end_s = self._speak(opening_clip, at_s)
            at_s = end_s + self._pacing.gap_s
        self._now_s = end_s
        self._is_start = False
        if has_bed and not self._is_bed_whole:
            self._now_s = self._end_bed(end_s, self._pacing.tail_s)
            self._bed_ends = True

    def place_story(self, clip: Clip, section: Section) -> None:
        """A sting, of the section before its first story, and the story from the mix point on."""
        gap_s = self._pacing.gap_s
        opener = _OPENERS.get(section, JingleKind.STING)
        is_opener = opener in self._timings and section not in self._opened
        kind = opener if is_opener else JingleKind.STING
        sting = self._timings.get(kind)
        self._opened.add(section)
        if sting:
            # The sting comes in while the bed fades out; between two stories after a gap.
            at_s = self._now_s - 0.3 if self._bed_ends else self._now_s + (0.0 if self._is_start else gap_s)
            self._play(kind, at_s, at_s + sting.length_s, fade_out_s=0.02)
            start_s = at_s + sting_ramp_s(sting, gap_s)
        else:
            after_s = self._now_s + (0.0 if self._bed_ends else gap_s)
            start_s = _QUIET_START_S if self._is_start else after_s
        self._now_s = self._speak(clip, start_s)
        self._is_start = self._bed_ends = False

    def place_closing(self, clip: Clip | None) -> None:
        """The closing words, over the closing jingle where it has room for them."""
        timing = self._timings.get(JingleKind.CLOSING)
        at_s = self._now_s + self._pacing.gap_s
        if self._is_bed_whole or (self._pacing.fill_s and JingleKind.BED in self._timings):
            self._close_over_bed(clip, at_s)
            return
        if not timing:
            self._now_s = (self._speak(clip, at_s) if clip else self._now_s) + _QUIET_END_S
            return
        if clip and timing.talk_from_s + clip.duration_s * _MOST_STRETCH <= timing.talk_until_s:
            speech_s = self._speak(clip, at_s + timing.talk_from_s) - at_s
            self._now_s = self._play_closing(timing, at_s, least_s=speech_s + _CLOSING_TAIL_S)
            return
        music_s = self._speak(clip, at_s) + min(self._pacing.gap_s, 0.5) if clip else at_s
        self._now_s = self._play_closing(timing, music_s)

    def _close_over_bed(self, clip: Clip | None, at_s: float) -> None:
        """The closing words over the bed, which comes up after them and goes into the closing jingle."""
        tail_s = self._pacing.fill_s
        if self._is_bed_whole:
            tail_s += self._pacing.tail_s
        else:
            self._bed_from_s = at_s
            at_s += _BED_LEAD_S
        end_s = self._speak(clip, at_s) if clip else self._now_s
        self._now_s = self._end_bed(end_s, tail_s)
        timing = self._timings.get(JingleKind.CLOSING)
        if timing:
            self._now_s = self._play_closing(timing, self._now_s - min(_CROSS_S, tail_s / 2))

    def _play_closing(self, timing: JingleTiming, at_s: float, *, least_s: float = 0.0) -> float:
        """Place the closing jingle, of which at least `least_s` play, and return its end."""
        cut_s = min(self._pacing.closing_cut_s, max(0.0, timing.length_s - least_s))
        end_s = at_s + timing.length_s - cut_s
        fade_s = min(_MOST_FADE_S, timing.length_s / 2) if cut_s else 0.02
        self._play(JingleKind.CLOSING, at_s, end_s, fade_out_s=fade_s)
        return end_s

    def _end_bed(self, after_s: float, tail_s: float) -> float:
        """Place the bed up to `tail_s` after the last word over it, and return the end of its fade."""
        fade_s = min(_MOST_FADE_S, 0.75 * tail_s)
        self._play(JingleKind.BED, self._bed_from_s, after_s + tail_s, fade_in_s=_BED_IN_S, fade_out_s=fade_s)
        return after_s + tail_s

    def build(self) -> Rundown:
        """The finished rundown; it ends with its last sound."""
        ends = [voiced.end for voiced in self._voiced] + [played.end for played in self._played]
        return Rundown(
            rate_hz=self._rate_hz,
            frames=max([*ends, round(self._now_s * self._rate_hz)]),
            voiced=tuple(self._voiced),
            played=tuple(self._played),
            pacing=self._pacing,
        )

    def _speak(self, clip: Clip, at_s: float) -> float:
        """Place a clip and return its end."""
        start = round(at_s * self._rate_hz)
        end = start + round(clip.duration_s * self._pacing.stretch * self._rate_hz)
        self._voiced.append(VoicedPassage(clip=clip, start=start, end=end, stretch=self._pacing.stretch))
        return end / self._rate_hz

    def _play(self, kind: JingleKind, from_s: float, until_s: float, **fades_s: float) -> None:
        start, end = round(max(0.0, from_s) * self._rate_hz), round(until_s * self._rate_hz)
        self._played.append(PlayedMusic(jingle=kind, start=start, end=end, **fades_s))


def extra_sting_s(choice: CutChoice, timings: Mapping[JingleKind, JingleTiming], *, gap_s: float) -> float:
    """Extra ramps of the section stings, compared with the usual sting; without that of the first story."""
    first = {item.script.section for item in choice.stories[:1]}
    opened = {item.script.section for item in choice.stories} - first
    stings = [timings[_OPENERS[section]] for section in opened if _OPENERS.get(section) in timings]
    usual_s = sting_ramp_s(timings.get(JingleKind.STING), gap_s)
    return sum(sting_ramp_s(sting, gap_s) - usual_s for sting in stings)


def sting_ramp_s(sting: JingleTiming | None, gap_s: float) -> float:
    """Ramp of a sting: from its start to the hit time of the first word, at its mix point where it has one."""
    if not sting:
        return 0.0
    if sting.talk_from_s < sting.length_s:
        return sting.talk_from_s
    return sting.length_s + gap_s / 2
