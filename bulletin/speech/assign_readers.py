"""Script -> which reader reads what: passages of the second reader marked, sentences by reader. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from bulletin.language.split_sentences import count_words
from bulletin.model import Cut, Passage, Role, Script, StoryScript
from bulletin.speech.engine_interface import VoiceReader

Turns = Literal["stories", "headlines"]

Cast = tuple[VoiceReader, ...]
"""The reader of a bulletin, or the first and the second."""


def share_out(script: Script, *, second_reads: Turns) -> Script:
    """
    Mark the passages of the second reader: every other story, or the headlines.

    The first reader always has the opening, the lead and the closing; all cuts of a story have the same
    reader.
    """
    stories = tuple(
        _mark_headline(story) if second_reads == "headlines" else _mark_cuts(story) if number % 2 else story
        for number, story in enumerate(script.stories)
    )
    return replace(script, stories=stories)


def _mark_headline(story: StoryScript) -> StoryScript:
    return replace(story, headline=story.headline and replace(story.headline, by_second=True))


def _mark_cuts(story: StoryScript) -> StoryScript:
    return replace(story, cuts=tuple(replace(cut, by_second=True) for cut in story.cuts))


def reader_of(passage: Passage, cast: Cast) -> VoiceReader:
    """The reader of a passage."""
    return cast[-1] if passage.by_second else cast[0]


def first_texts(
    script: Script,
    *,
    chain: Sequence[VoiceReader],
    second: VoiceReader | None,
    others: Mapping[str, Sequence[VoiceReader]],
    can_read: Callable[[VoiceReader], bool] = lambda reader: True,
) -> tuple[tuple[VoiceReader, str], ...]:
    """
    The sentences that `speak_script` would have spoken, with their readers, urgent ones first.

    The readers are the first ones that `can_read`; none of them fails.
    """
    passages = heard_passages(script)
    own = [passage for passage in passages if not passage.language]
    by_reader: list[tuple[VoiceReader, list[Passage]]] = []
    casts = (cast for cast in casts_of(own, chain, second) if all(map(can_read, cast)))
    for cast in islice(casts, 1):
        by_reader += [(reader, [p for p in own if reader_of(p, cast) == reader]) for reader in cast]
    for language, voices in others.items():
        for reader in islice(filter(can_read, voices), 1):
            by_reader.append((reader, [p for p in passages if p.language == language]))
    return tuple((reader, text) for reader, read in by_reader for text in distinct_texts(read))


def heard_passages(script: Script) -> list[Passage]:
    """Passages with a sound."""
    return [passage for passage in script.passages() if any(s.is_heard for s in passage.sentences)]


def casts_of(own: Sequence[Passage], chain: Sequence[VoiceReader], second: VoiceReader | None) -> list[Cast]:
    """Readers in the order in which they are asked to read a bulletin."""
    casts: list[Cast] = [(reader,) for reader in chain]
    if second and chain and any(passage.by_second for passage in own):
        casts.insert(0, (chain[0], second))
    return casts


def distinct_texts(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Each sentence once, the indispensable ones first: there may not be time for all."""
    first = sorted(passages, key=_urgency)
    spoken = (sentence.spoken for passage in first for sentence in passage.sentences)
    return tuple(dict.fromkeys(text for text in spoken if count_words(text)))


def _urgency(passage: Passage) -> int:
    """Order: the station's own words, the shortest cut of every story, headlines, longer cuts."""
    if passage.role is Role.STORY:
        return 1 if passage.cut is Cut.SHORT else 3
    return 2 if passage.role is Role.HEADLINE else 0
