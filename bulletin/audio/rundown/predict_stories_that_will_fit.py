"""Script and reading speed -> PredictedScript: the part of the script that will probably air. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from bulletin.audio.choose_stories_that_fit import NO_ROOM, leave_out, take_longest_cuts
from bulletin.audio.music.load_jingles import StationJingles, read_timings
from bulletin.audio.place_sounds_on_timeline import JingleKind, JingleTiming
from bulletin.audio.rundown.fit_rundown_to_length import LengthTarget, longest_easy_s
from bulletin.audio.rundown.plan_rundown import Plan, plan_rundown
from bulletin.language.split_sentences import count_letters
from bulletin.model import Clip, Cut, Left, Passage, Role, Script, Spoken, Voice

_NO_VOICE = Voice(name="", engine="", language="")
_RATE_HZ = 1000
_SHORT_S = 0.05
"""Largest shortfall of a bulletin that needs no more words."""
_SHORT_UP_TO = 0.1
"""The same for an "up to" length, as a share of it."""
PassageKey = tuple[Role, str, Cut]
"""Key of a passage in a script, the same for every voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedScript:
    """A script reduced to the passages worth speaking."""

    script: Script
    dropped: tuple[Left, ...]
    """Stories that cannot fit, however fast the voice reads."""
    lasts_s: float
    """Predicted length of the bulletin."""
    passages_s: Mapping[PassageKey, float]
    """Predicted length of each passage to be spoken."""
    aired: tuple[Passage, ...] = ()
    """Passages that will probably air, in running order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionLength:
    """Target length of one rendition."""

    length: LengthTarget
    is_later: bool = False
    """Airs with the opening that does not name the time."""


def predict_script(
    script: Script,
    renditions: Sequence[RenditionLength],
    *,
    jingles: StationJingles,
    letters_per_s: float,
    known_clips: Sequence[Clip] = (),
) -> PredictedScript:
    """
    Leave out the passages that no rendition will need when the voice reads `letters_per_s`.

    The first rendition decides which stories air; the others may need longer cuts of them. Speaking is the
    slowest stage, and gTTS limits requests, so only the passages that will probably air are spoken. The
    measured clips then decide: at a known reading speed 19 of 20 bulletins are within 3 %, which gaps and
    music absorb, and a faster voice speaks more in a second round (pipeline/speak_script_to_length.py). Letters predict
    better than words: of forty bulletins the worst was off by 5 %, with words by 13 %.
    `known_clips`: passages of the same script that the voice has spoken already.
    """
    return predict_with_timings(
        script,
        renditions,
        timings=read_timings(jingles),
        letters_per_s=letters_per_s,
        known_clips=known_clips,
    )


def predict_with_timings(
    script: Script,
    renditions: Sequence[RenditionLength],
    *,
    timings: Mapping[JingleKind, JingleTiming],
    letters_per_s: float,
    known_clips: Sequence[Clip] = (),
) -> PredictedScript:
    """The same where the timings of the jingles are known, for the newsroom, which reads no sound."""
    expected = _expect_clips(script, letters_per_s, known_clips)
    plan = _plan(script, expected, timings, renditions[0])
    counts = {passage.story_id: _count_cuts(script, passage) for passage in plan.aired if _is_story(passage)}
    for number, rendition in enumerate(renditions):
        if not rendition.length.is_up_to:
            counts = _add_cuts(counts, script, expected, timings, rendition, may_add_story=number == 0)
    reduced = _reduce_cuts(script, counts)
    passages = set(reduced.passages())
    return PredictedScript(
        script=reduced,
        dropped=tuple(leave_out(item, NO_ROOM) for item in script.stories if item.story.id not in counts),
        lasts_s=plan.rundown.duration_s,
        aired=plan.aired,
        passages_s={
            passage_key(clip.passage): clip.duration_s for clip in expected.clips if clip.passage in passages
        },
    )


def is_enough(
    script: Script, spoken: Spoken, renditions: Sequence[RenditionLength], *, jingles: StationJingles
) -> bool:
    """Whether the spoken passages fill each rendition; an "up to" length needs nine tenths only."""
    timings = read_timings(jingles)
    only: set[str] | None = None
    for rendition in renditions:
        plan = _plan(script, spoken, timings, rendition, only=only)
        target_s, is_up_to = rendition.length.target_s, rendition.length.is_up_to
        most_s = _SHORT_UP_TO * target_s if is_up_to else _SHORT_S
        if target_s - plan.rundown.duration_s > most_s and not (only and is_up_to):
            return False
        only = only or {passage.story_id for passage in plan.aired if _is_story(passage)}
    return True


def passage_key(passage: Passage) -> PassageKey:
    """Key of a passage in its script."""
    return passage.role, passage.story_id, passage.cut


def _is_story(passage: Passage) -> bool:
    return passage.role is Role.STORY


def _with_opening(script: Script, rendition: RenditionLength) -> Script:
    if rendition.is_later and script.opening_later:
        return replace(script, opening=script.opening_later)
    return script


def _plan(
    script: Script,
    spoken: Spoken,
    timings: Mapping[JingleKind, JingleTiming],
    rendition: RenditionLength,
    *,
    only: Collection[str] | None = None,
) -> Plan:
    length = replace(rendition.length, rate_hz=_RATE_HZ)
    return plan_rundown(_with_opening(script, rendition), spoken, timings, length, only=only)


def _count_cuts(script: Script, passage: Passage) -> int:
    """Number of a story's cuts up to this passage; 1 for a lead of which only the headline airs."""
    cuts = next(item.cuts for item in script.stories if item.story.id == passage.story_id)
    return cuts.index(passage) + 1 if passage in cuts else 1


def _add_cuts(
    counts: Mapping[str, int],
    script: Script,
    expected: Spoken,
    timings: Mapping[JingleKind, JingleTiming],
    rendition: RenditionLength,
    *,
    may_add_story: bool,
) -> dict[str, int]:
    """
    Number of cuts of each story to speak, so that they can fill the target at an easy pacing.

    Adds the next longer cut of a story that airs, or with `may_add_story` one more story, whichever is
    shortest, until the target is reached. Shorter cuts cost nothing: they share the sentences of longer ones.
    """
    counts = dict(counts)
    script = _with_opening(script, rendition)
    while True:
        longest = take_longest_cuts(_reduce_cuts(script, counts), expected)
        if longest_easy_s(longest, timings, rendition.length) >= rendition.length.target_s:
            return counts
        additions = _possible_additions(script, counts, expected)
        allowed = [addition for addition in additions if may_add_story or addition[1] in counts]
        if not allowed:
            return counts
        _, story_id = min(allowed)
        counts[story_id] = counts.get(story_id, 0) + 1


def _possible_additions(
    script: Script, counts: Mapping[str, int], expected: Spoken
) -> Iterator[tuple[float, str]]:
    """Seconds and story id of each cut that could be spoken next; of stories that do not air, the first one."""
    lasts_s = {clip.passage: clip.duration_s for clip in expected.clips}
    spare = next((item for item in script.stories if item.story.id not in counts), None)
    for item in script.stories:
        count = counts.get(item.story.id, 0)
        if count == len(item.cuts) or (not count and item is not spare):
            continue
        current_s = lasts_s.get(item.cuts[count - 1], 0.0) if count else 0.0
        yield lasts_s.get(item.cuts[count], 0.0) - current_s, item.story.id


def _reduce_cuts(script: Script, counts: Mapping[str, int]) -> Script:
    stories = (replace(item, cuts=item.cuts[: counts.get(item.story.id, 0)]) for item in script.stories)
    return replace(script, stories=tuple(item for item in stories if item.cuts))


def _expect_clips(script: Script, letters_per_s: float, known_clips: Sequence[Clip]) -> Spoken:
    """The known clips, and silent ones of the predicted length for the other passages."""
    known = {clip.passage: clip for clip in known_clips}
    clips = (
        known.get(passage)
        or Clip(passage=passage, path=Path(), duration_s=_predict_s(passage, letters_per_s, known), rate_hz=1)
        for passage in script.passages()
    )
    spoken = tuple(clip for clip in clips if clip.passage in known or clip.duration_s > 0)
    return Spoken(clips=spoken, voice=_NO_VOICE, attempts=())


def _predict_s(passage: Passage, letters_per_s: float, known: Mapping[Passage, Clip]) -> float:
    """Predicted length of a passage, from the longest known cut of the same story that is a part of it."""
    beginnings = [clip for other, clip in known.items() if _is_shorter_cut(other, passage)]
    longest = max(beginnings, key=lambda clip: clip.duration_s, default=None)
    letters = count_letters(passage.spoken)
    if not longest:
        return letters / letters_per_s + passage.recorded_s
    more_s = passage.recorded_s - longest.passage.recorded_s
    return longest.duration_s + more_s + (letters - count_letters(longest.passage.spoken)) / letters_per_s


def _is_shorter_cut(other: Passage, passage: Passage) -> bool:
    """Whether a cut of the same story is the beginning of a passage, and its end with the recorded voice."""
    if other.story_id != passage.story_id:
        return False
    pairs = zip(other.sentences, passage.sentences, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    tail = other.sentences[same:]
    return not tail or (bool(other.recordings) and passage.sentences[-len(tail) :] == tail)
