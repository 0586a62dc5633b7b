"""Rundown -> chapters and cues: when what is said, in the finished sound. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from bulletin.audio.layout import Rundown, VoicedPassage
from bulletin.language.sentences import shorten
from bulletin.model import Chapter, Cue, Passage, Role, Script, Story, StoryScript
from bulletin.runtime.redaction import may_be_published

_HEADLINES = "Headlines"
_OPENING = "Opening"
_CLOSING = "Closing"
_MOST_TITLE = 120
"""Characters. No standard sets a limit; in a car or on a telephone three lines are all that is seen."""


def make_chapters(script: Script, rundown: Rundown) -> tuple[Chapter, ...]:
    """
    Headlines, each story, closing; each starts with its first word and lasts until the next one starts.

    A title is cut here, for all files, pages and lists; that of the passage stays whole, as what has aired
    is known again by it.
    """
    by_id = {item.story.id: item for item in script.stories}
    has_headlines = any(one.clip.passage.role is Role.HEADLINE for one in rundown.voiced)
    starts: list[tuple[float, Passage]] = []
    for one in rundown.voiced:
        passage = one.clip.passage
        opens = passage.role in (Role.OPENING, Role.STORY, Role.CLOSING)
        if opens or (passage.role is Role.HEADLINE and not starts):
            starts.append((one.start / rundown.rate_hz, passage))
    if not starts:
        return ()
    ends = [*(start for start, _ in starts[1:]), rundown.duration_s]
    return tuple(
        Chapter(
            start_s=start,
            end_s=end,
            title=_title(passage, by_id, has_headlines=has_headlines),
            link=_link(by_id[passage.story_id].story) if passage.story_id in by_id else "",
            story_id=passage.story_id if passage.role is Role.STORY else "",
        )
        for (start, passage), end in zip(starts, ends, strict=True)
    )


def _link(story: Story) -> str:
    return story.best.link if may_be_published(story.best.link) else ""


def make_cues(rundown: Rundown) -> tuple[Cue, ...]:
    """Every sentence that airs, with its times."""
    return tuple(cue for one in rundown.voiced for cue in _cues(one, rundown.rate_hz))


def _cues(one: VoicedPassage, rate_hz: int) -> list[Cue]:
    clip, passage = one.clip, one.clip.passage
    start_s, end_s = one.start / rate_hz, one.end / rate_hz
    times = tuple((first * one.stretch, last * one.stretch) for first, last in clip.sentence_times)
    if len(times) != len(passage.sentences):
        times = _shared_times(passage, end_s - start_s)
    return [
        Cue(
            start_s=start_s + first,
            end_s=min(start_s + last, end_s),
            text=sentence.text,
            role=passage.role,
            story_id=passage.story_id,
        )
        for sentence, (first, last) in zip(passage.sentences, times, strict=True)
        if sentence.text
    ]


def _shared_times(passage: Passage, duration_s: float) -> tuple[tuple[float, float], ...]:
    """Sentences by their share of the letters, when nobody measured them."""
    weights = [len(sentence.spoken) + 1 for sentence in passage.sentences]
    marks = [0.0]
    for weight in weights:
        marks.append(marks[-1] + duration_s * weight / sum(weights))
    return tuple(pairwise(marks))


def _title(passage: Passage, by_id: Mapping[str, StoryScript], *, has_headlines: bool) -> str:
    if passage.role is Role.CLOSING:
        return _CLOSING
    if passage.role is Role.STORY:
        told = by_id.get(passage.story_id)
        title = passage.title or (told.story.title if told else "") or passage.text
        return shorten(title, most=_MOST_TITLE)
    return _HEADLINES if has_headlines else _OPENING
