"""Measured clips -> those that hold all their words: an engine may break off, or say nothing of a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulletin.language.sentences import count_letters
from bulletin.model import Clip, Passage, Role, Spoken

_LEAST_LETTERS = 40
"""Some eight words; shorter sentences are told fast or slowly as they please."""
_LEAST_SAID = 5
"""From fewer sentences nobody knows how fast a voice reads."""
_SHARE = 0.5
"""Of the time that its words take this voice: in less nobody can say them."""


def leave_out_broken(spoken: Spoken) -> tuple[Spoken, tuple[str, ...]]:
    """
    Without clips that last less than half of what their words take the voice that reads them; and a note on each.

    Where a clip's sentences were measured each is looked at, so one that is missing in a long story is
    found. What is left out counts as not spoken: another cut of the story is told.
    """
    broken = {
        clip.passage: clip
        for by_second in (False, True)
        for clip in _broken([clip for clip in spoken.clips if clip.passage.by_second is by_second])
    }
    whole = tuple(clip for clip in spoken.clips if clip.passage not in broken)
    notes = tuple(f"{_name(passage)} was cut short by the voice and is left out" for passage in broken)
    return replace(spoken, clips=whole), notes


def _broken(clips: list[Clip]) -> list[Clip]:
    """Of one reader's clips."""
    rates = [letters / seconds for clip in clips for letters, seconds in _said(clip) if seconds > 0]
    if len(rates) < _LEAST_SAID:
        return []
    usual = sorted(rates)[len(rates) // 2]
    return [
        clip for clip in clips if any(seconds < _SHARE * letters / usual for letters, seconds in _said(clip))
    ]


def _said(clip: Clip) -> Iterator[tuple[int, float]]:
    """Letters and seconds of each sentence that is long enough to tell, or of the whole."""
    passage = clip.passage
    pieces = [(passage.spoken, clip.duration_s)]
    if len(clip.sentence_times) == len(passage.sentences):
        times = zip(passage.sentences, clip.sentence_times, strict=True)
        pieces = [(sentence.spoken, end - start) for sentence, (start, end) in times]
    for text, seconds in pieces:
        letters = count_letters(text)
        if letters >= _LEAST_LETTERS:
            yield letters, seconds


def _name(passage: Passage) -> str:
    title = f' "{passage.title}"' if passage.title else ""
    kind = f"the {passage.cut} cut of the story" if passage.role is Role.STORY else f"the {passage.role}"
    return kind + title
