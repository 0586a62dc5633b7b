"""Words and a voice's pace -> the part of a script that is worth speaking: what will air, and hardly more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bulletin.audio.choose_cuts import NO_ROOM, CutChoice, offer_all
from bulletin.audio.layout import PlacedMusic, PlacedTune
from bulletin.audio.music.load_jingles import StationJingles, expect_tunes
from bulletin.audio.rundown.fit_length import LengthWishes, longest_s
from bulletin.audio.rundown.plan_rundown import Plan, plan_rundown
from bulletin.language.sentences import count_letters
from bulletin.model import Clip, Cut, Left, Passage, Role, Script, Spoken, StoryScript, Voice

_NOBODY = Voice(name="", engine="", language="")
_RATE_HZ = 1000
_SHORT_S = 0.05
"""A bulletin that is shorter than it should be by more than this wants more words."""
_SHORT_UP_TO = 0.1
"""The same for one that may last "up to" its length, as a share of it."""
Place = tuple[Role, str, Cut]
"""By which a passage is found again, whoever reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedScript:
    """A script cut down to what may fit."""

    script: Script
    dropped: tuple[Left, ...]
    """Stories that cannot fit, whatever the voice does."""
    lasts_s: float
    """How long the bulletin will probably be."""
    passages_s: Mapping[Place, float]
    """How long each passage that is to be spoken will probably be."""
    aired: tuple[Passage, ...] = ()
    """What will probably air of it, in running order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthAim:
    """A rendition that is to be made."""

    wishes: LengthWishes
    is_later: bool = False
    """The opening without the time is the one that airs."""


def predict_script(
    script: Script,
    aims: Sequence[LengthAim],
    *,
    jingles: StationJingles,
    letters_per_s: float,
    heard: Sequence[Clip] = (),
) -> PredictedScript:
    """
    Leave out what no rendition will need when it is read at `letters_per_s`.

    The first of `aims` decides which stories are told, the others may need longer cuts of them. Speaking
    costs the most of all stages, and gTTS asks for little: so only what will probably air is spoken. What
    really fits is decided on the measured clips; of bulletins read by a voice whose pace was known 19 of 20
    lie within 3 %, which gaps and music make good, and a voice that is quicker still is asked for more
    (reading.py), which costs less than to speak more every time. By letters, not words: of forty bulletins
    the worst was foretold within 5 %, by words within 13 %. `heard`: clips of the same script that the
    voice has said already.
    """
    expected = _expect(script, letters_per_s, heard)
    tunes = expect_tunes(jingles)
    plan = _plan(script, expected, tunes, aims[0])
    airs = [passage for passage in plan.aired if passage.role is Role.STORY]
    kept = {passage.story_id: _number(script, passage) for passage in airs}
    for number, aim in enumerate(aims):
        if not aim.wishes.is_up_to:
            kept = _enough(kept, script, expected, tunes, aim, may_add=number == 0)
    told = _narrowed(script, kept)
    return PredictedScript(
        script=told,
        dropped=tuple(
            Left(title=item.story.title, reason=NO_ROOM, article_id=item.story.best.id)
            for item in script.stories
            if item.story.id not in kept
        ),
        lasts_s=plan.rundown.duration_s,
        aired=plan.aired,
        passages_s={place_of(clip.passage): clip.duration_s for clip in expected.clips if _has(told, clip)},
    )


def is_enough(script: Script, spoken: Spoken, aims: Sequence[LengthAim], *, jingles: StationJingles) -> bool:
    """Whether what was spoken fills each rendition; nearly, where the length is only the most it may last."""
    tunes = expect_tunes(jingles)
    only: set[str] | None = None
    for aim in aims:
        plan = _plan(script, spoken, tunes, aim, only=only)
        target_s = aim.wishes.target_s
        most_s = _SHORT_UP_TO * target_s if aim.wishes.is_up_to else _SHORT_S
        if target_s - plan.rundown.duration_s > most_s and not (only and aim.wishes.is_up_to):
            return False
        only = only or {passage.story_id for passage in plan.aired if passage.role is Role.STORY}
    return True


def _opened(script: Script, aim: LengthAim) -> Script:
    return replace(script, opening=script.opening_later) if aim.is_later and script.opening_later else script


def _plan(
    script: Script,
    spoken: Spoken,
    tunes: Mapping[PlacedMusic, PlacedTune],
    aim: LengthAim,
    *,
    only: Collection[str] | None = None,
) -> Plan:
    wishes = aim.wishes
    return plan_rundown(
        _opened(script, aim),
        spoken,
        tunes,
        target_s=wishes.target_s,
        gap_s=wishes.gap_s,
        rate_hz=_RATE_HZ,
        bend=wishes.bend,
        bed=wishes.bed,
        is_up_to=wishes.is_up_to,
        only=only,
    )


def place_of(passage: Passage) -> Place:
    """Where a passage stands in the script."""
    return passage.role, passage.story_id, passage.cut


def _number(script: Script, passage: Passage) -> int:
    """Of a story's cuts up to this passage; a lead told by its headline keeps its shortest cut."""
    cuts = next(item.cuts for item in script.stories if item.story.id == passage.story_id)
    return cuts.index(passage) + 1 if passage in cuts else 1


def _enough(
    kept: Mapping[str, int],
    script: Script,
    expected: Spoken,
    tunes: Mapping[PlacedMusic, PlacedTune],
    aim: LengthAim,
    *,
    may_add: bool,
) -> dict[str, int]:
    """
    How many cuts of each story to speak, so that they can fill the target with an easy breath.

    The next longer cut of a story that airs, or where it `may_add` one story more: whichever adds least,
    until it is enough. Shorter cuts cost nothing, they share their sentences with the longer ones.
    """
    now = dict(kept)
    opened = _opened(script, aim)
    while True:
        choice = _longest(opened, now, expected)
        if longest_s(choice, tunes, aim.wishes) >= aim.wishes.target_s:
            return now
        more = sorted(one for one in _more(script, now, expected) if may_add or one[1] in now)
        if not more:
            return now
        _, story_id = more[0]
        now[story_id] = now.get(story_id, 0) + 1


def _more(script: Script, kept: Mapping[str, int], expected: Spoken) -> Iterator[tuple[float, str]]:
    """What could be spoken besides: the seconds that it adds, and of which story."""
    lasts_s = {clip.passage: clip.duration_s for clip in expected.clips}
    spare = next((item for item in script.stories if item.story.id not in kept), None)
    for item in script.stories:
        number = kept.get(item.story.id, 0)
        if number == len(item.cuts) or (not number and item is not spare):
            continue
        told_s = lasts_s.get(item.cuts[number - 1], 0.0) if number else 0.0
        yield lasts_s.get(item.cuts[number], 0.0) - told_s, item.story.id


def _longest(script: Script, kept: Mapping[str, int], expected: Spoken) -> CutChoice:
    return offer_all(_narrowed(script, kept), expected)


def _narrowed(script: Script, kept: Mapping[str, int]) -> Script:
    stories = (replace(item, cuts=item.cuts[: kept.get(item.story.id, 0)]) for item in script.stories)
    told: tuple[StoryScript, ...] = tuple(item for item in stories if item.cuts)
    return replace(script, stories=told)


def _has(script: Script, clip: Clip) -> bool:
    return clip.passage in script.passages()


def _expect(script: Script, letters_per_s: float, heard: Sequence[Clip] = ()) -> Spoken:
    """Clips as they are, where they were heard, or as they will probably be; those have no sound."""
    known = {clip.passage: clip for clip in heard}
    lengths = {p: _seconds(p, letters_per_s, known) for p in script.passages() if p not in known}
    clips = tuple(
        known.get(passage) or Clip(passage=passage, path=Path(), duration_s=lengths[passage], rate_hz=1)
        for passage in script.passages()
        if passage in known or lengths[passage] > 0
    )
    return Spoken(clips=clips, voice=_NOBODY, attempts=())


def _seconds(passage: Passage, letters_per_s: float, known: Mapping[Passage, Clip]) -> float:
    """Of what nobody has heard; cuts of a story begin alike, so a shorter one that was heard is its beginning."""
    begun = [
        clip
        for other, clip in known.items()
        if other.story_id == passage.story_id and passage.sentences[: len(other.sentences)] == other.sentences
    ]
    longest = max(begun, key=lambda clip: clip.duration_s, default=None)
    letters = count_letters(passage.spoken)
    if not longest:
        return letters / letters_per_s
    return longest.duration_s + (letters - count_letters(longest.passage.spoken)) / letters_per_s
