"""Words and a voice's pace -> the part of a script that is worth speaking: what will air, and hardly more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bulletin.audio.breath import Wishes, longest_s
from bulletin.audio.choice import Choice, offer_all
from bulletin.audio.jingles import Jingles, expect_tunes
from bulletin.audio.layout import Bed, Music, Tune
from bulletin.audio.rundown import plan_rundown
from bulletin.model import Clip, Cut, Left, Passage, Role, Script, Spoken, StoryScript, Voice
from bulletin.text import count_letters

_NOBODY = Voice(name="", engine="", language="")
_RATE_HZ = 1000
_MEASURED_MARGIN, _TOLD_MARGIN = 0.03, 0.1
"""
How much faster a voice may read than its letters tell, as a share: of bulletins read by a voice whose pace was
measured 19 of 20 lie within it; what an engine tells of its voices is a guess.
"""

Place = tuple[Role, str, Cut]
"""By which a passage is found again, whoever reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A script cut down to what may fit."""

    script: Script
    dropped: tuple[Left, ...]
    """Stories that cannot fit, whatever the voice does."""
    lasts_s: float
    """How long the bulletin will probably be."""
    passages_s: Mapping[Place, float]
    """How long each passage that is to be spoken will probably be."""


def foresee_script(
    script: Script,
    *,
    jingles: Jingles,
    target_s: float,
    gap_s: float,
    letters_per_s: float,
    is_measured: bool = False,
    bend: float = 0.0,
    bed: Bed = "headlines",
    is_up_to: bool = False,
    later: bool = False,
) -> Foreseen:
    """
    Leave out what will not fit into `target_s` when it is read at `letters_per_s`.

    Speaking costs the most of all stages, and gTTS asks for little: so only what will probably air is
    spoken, and only as much more as a voice would need that reads faster than it did before. What really
    fits is decided on the measured clips. By letters, not words: of forty bulletins the worst was foretold
    within 5 %, by words within 13 %. `later`: the opening without the time is the one that counts.
    """
    expected = _expect(script, letters_per_s)
    tunes = expect_tunes(jingles)
    planned = replace(script, opening=script.opening_later) if later and script.opening_later else script
    plan = plan_rundown(
        planned,
        expected,
        tunes,
        target_s=target_s,
        gap_s=gap_s,
        rate_hz=_RATE_HZ,
        bend=bend,
        bed=bed,
        is_up_to=is_up_to,
    )
    airs = [passage for passage in plan.aired if passage.role is Role.STORY]
    kept = {passage.story_id: _number(script, passage) for passage in airs}
    if not is_up_to:
        fast = _expect(script, letters_per_s * (1.0 + (_MEASURED_MARGIN if is_measured else _TOLD_MARGIN)))
        wishes = Wishes(target_s=target_s, gap_s=gap_s, rate_hz=_RATE_HZ, bend=bend, bed=bed)
        kept = _enough(kept, planned, fast, tunes, wishes)
    told = _narrowed(script, kept)
    return Foreseen(
        script=told,
        dropped=tuple(
            Left(title=item.story.title, reason="no room", article_id=item.story.best.id)
            for item in script.stories
            if item.story.id not in kept
        ),
        lasts_s=plan.rundown.duration_s,
        passages_s={place_of(clip.passage): clip.duration_s for clip in _expect(told, letters_per_s).clips},
    )


def place_of(passage: Passage) -> Place:
    """Where a passage stands in the script."""
    return passage.role, passage.story_id, passage.cut


def _number(script: Script, passage: Passage) -> int:
    """Of a story's cuts up to this passage; a lead told by its headline keeps its shortest cut."""
    cuts = next(item.cuts for item in script.stories if item.story.id == passage.story_id)
    return cuts.index(passage) + 1 if passage in cuts else 1


def _enough(
    kept: Mapping[str, int], script: Script, fast: Spoken, tunes: Mapping[Music, Tune], wishes: Wishes
) -> dict[str, int]:
    """
    How many cuts of each story to speak, so that a fast voice fills the target too.

    The next longer cut of a story that airs, or one story more: whichever adds least, until it is enough.
    Shorter cuts cost nothing, they share their sentences with the longer ones.
    """
    now = dict(kept)
    while True:
        choice = _longest(script, now, fast)
        if longest_s(choice, tunes, wishes) >= wishes.target_s:
            return now
        more = sorted(_more(script, now, fast))
        if not more:
            return now
        _, story_id = more[0]
        now[story_id] = now.get(story_id, 0) + 1


def _more(script: Script, kept: Mapping[str, int], fast: Spoken) -> Iterator[tuple[float, str]]:
    """What could be spoken besides: the seconds that it adds, and of which story."""
    lasts_s = {clip.passage: clip.duration_s for clip in fast.clips}
    spare = next((item for item in script.stories if item.story.id not in kept), None)
    for item in script.stories:
        number = kept.get(item.story.id, 0)
        if number == len(item.cuts) or (not number and item is not spare):
            continue
        told_s = lasts_s.get(item.cuts[number - 1], 0.0) if number else 0.0
        yield lasts_s.get(item.cuts[number], 0.0) - told_s, item.story.id


def _longest(script: Script, kept: Mapping[str, int], fast: Spoken) -> Choice:
    return offer_all(_narrowed(script, kept), fast)


def _narrowed(script: Script, kept: Mapping[str, int]) -> Script:
    stories = (replace(item, cuts=item.cuts[: kept.get(item.story.id, 0)]) for item in script.stories)
    told: tuple[StoryScript, ...] = tuple(item for item in stories if item.cuts)
    return replace(script, stories=told)


def _expect(script: Script, letters_per_s: float) -> Spoken:
    """Clips as they will probably be; they have lengths, and no sound."""
    lengths = {passage: count_letters(passage.spoken) / letters_per_s for passage in script.passages()}
    clips = tuple(
        Clip(passage=passage, path=Path(), duration_s=seconds, rate_hz=1)
        for passage, seconds in lengths.items()
        if seconds > 0
    )
    return Spoken(clips=clips, voice=_NOBODY, attempts=())
