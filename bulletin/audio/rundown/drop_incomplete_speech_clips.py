"""Spoken -> Spoken without incomplete clips: an engine may break off, or skip a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bulletin.language.split_sentences import count_letters
from bulletin.model import Clip, Passage, Role, Spoken

_LEAST_LETTERS = 40
"""Shortest sentence to judge, some eight words: the speed of shorter ones varies."""
_LEAST_SENTENCES = 5
"""Least number of sentences from which the reading speed is known."""
_SHARE = 0.5
"""Shortest complete clip, as a share of the time that its words take this voice."""


def drop_incomplete_clips(spoken: Spoken) -> tuple[Spoken, tuple[str, ...]]:
    """
    Drop clips shorter than half the time that their words take the voice, with a note on each.

    Sentences are checked one by one where their times were measured, so a sentence missing in a long story is
    found. A dropped clip counts as not spoken: another cut of the story airs.
    """
    incomplete = {
        clip.passage: clip
        for by_second in (False, True)
        for clip in _find_incomplete([clip for clip in spoken.clips if clip.passage.by_second is by_second])
    }
    complete = tuple(clip for clip in spoken.clips if clip.passage not in incomplete)
    notes = tuple(f"{_name(passage)} was cut short by the voice and is left out" for passage in incomplete)
    return replace(spoken, clips=complete), notes


def _find_incomplete(clips: list[Clip]) -> list[Clip]:
    """Incomplete clips of one reader."""
    rates = [
        letters / seconds for clip in clips for letters, seconds in _measure_sentences(clip) if seconds > 0
    ]
    if len(rates) < _LEAST_SENTENCES:
        return []
    usual = sorted(rates)[len(rates) // 2]
    return [
        clip
        for clip in clips
        if any(seconds < _SHARE * letters / usual for letters, seconds in _measure_sentences(clip))
    ]


def _measure_sentences(clip: Clip) -> Iterator[tuple[int, float]]:
    """Letters and seconds of each long sentence, or of the whole clip without sentence times."""
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
