"""Words and a voice's pace -> the part of a script that is worth speaking: what will air, and a little more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bulletin.audio.breath import Wishes, make_budget
from bulletin.audio.choice import choose_cuts, offer_all
from bulletin.audio.jingles import Jingles, expect_tunes
from bulletin.model import Attempt, Clip, Left, Passage, Script, Spoken, StoryScript, Voice

_PAUSE_S = 0.3
"""Between two sentences of a passage."""
_NOBODY = Voice(name="", engine="", language="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A script cut down to what may fit."""

    script: Script
    dropped: tuple[Left, ...]
    """Stories that cannot fit, whatever the voice does."""


def foresee_script(
    script: Script, *, jingles: Jingles, target_s: float, gap_s: float, pace_wps: float
) -> Foreseen:
    """
    Leave out what will not fit into `target_s` when it is read at `pace_wps` words a second.

    Speaking costs the most of all stages, and gTTS asks for little: so only what will probably air is
    spoken, each story up to the cut that will air and the next longer one, and one story to spare, for
    a voice that reads faster than it did before. What really fits is decided on the measured clips.
    """
    expected = _expect(script, pace_wps=pace_wps)
    tunes = expect_tunes(jingles)
    wishes = Wishes(target_s=target_s, gap_s=gap_s, rate_hz=1000)
    budget = make_budget(offer_all(script, expected), tunes, wishes)
    choice = choose_cuts(script, expected, budget)
    airs = {item.script.story.id: item.clip.passage for item in choice.told}
    spare = next((item for item in script.stories if item.story.id not in airs), None)
    kept: list[StoryScript] = []
    for item in script.stories:
        if item.story.id in airs:
            kept.append(_up_to(item, airs[item.story.id], more=1))
        elif item is spare:
            kept.append(_up_to(item, item.cuts[0], more=0))
    stayed = {item.story.id for item in kept}
    dropped = tuple(
        Left(title=item.story.title, reason="no room", article_id=item.story.best.id)
        for item in script.stories
        if item.story.id not in stayed
    )
    return Foreseen(script=replace(script, stories=tuple(kept)), dropped=dropped)


def _up_to(item: StoryScript, passage: Passage, *, more: int) -> StoryScript:
    """Shorter cuts cost nothing: they share their sentences with the longer ones."""
    return replace(item, cuts=item.cuts[: item.cuts.index(passage) + 1 + more])


def _expect(script: Script, *, pace_wps: float) -> Spoken:
    """Clips as they will probably be; they have lengths, and no sound."""
    lengths: Mapping[Passage, float] = {
        passage: len(passage.spoken.split()) / pace_wps + _PAUSE_S * (len(passage.sentences) - 1)
        for passage in script.passages()
    }
    clips = tuple(
        Clip(passage=passage, path=Path(), duration_s=seconds, rate_hz=1)
        for passage, seconds in lengths.items()
        if seconds > 0
    )
    attempts: tuple[Attempt, ...] = ()
    return Spoken(clips=clips, voice=_NOBODY, attempts=attempts)
