"""Rundown -> Chapter and Cue: the times of stories and sentences in the finished sound. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bulletin.audio.place_sounds_on_timeline import Rundown, VoicedPassage
from bulletin.language.language_folders import read_page_words
from bulletin.language.split_sentences import shorten, split_sentences
from bulletin.model import Chapter, Cue, Passage, RecordedClip, Role, Script, Sentence, StoryScript
from bulletin.runtime.redact_secrets import may_be_published

_MOST_TITLE = 120
"""Longest chapter title in characters: three lines on the display of a car or telephone."""


def make_chapters(script: Script, rundown: Rundown) -> tuple[Chapter, ...]:
    """
    Chapters for the headlines, each story, each recorded voice and the closing, from the first word of one to
    that of the next.

    Titles are shortened here, for all files, pages and lists; the passage keeps the whole title, which
    identifies a story that has aired.
    """
    by_id = {item.story.id: item for item in script.stories}
    has_headlines = any(voiced.clip.passage.role is Role.HEADLINE for voiced in rundown.voiced)
    starts: list[tuple[float, Passage, RecordedClip | None]] = []
    for voiced in rundown.voiced:
        passage = voiced.clip.passage
        opens = passage.role in (Role.OPENING, Role.STORY, Role.CLOSING)
        if opens or (passage.role is Role.HEADLINE and not starts):
            starts.append((voiced.start / rundown.rate_hz, passage, None))
        starts += ((start_s, passage, recording) for start_s, recording in _recorded(voiced, rundown.rate_hz))
    if not starts:
        return ()
    ends = [*(start for start, _, _ in starts[1:]), rundown.duration_s]
    links = {item.story.id: item.story.best.link for item in script.stories}
    station = script.station
    words = read_page_words(station.language, folder=station.languages).get("chapters", {})
    words = {**read_page_words("en")["chapters"], **words}
    public = {story_id: link for story_id, link in links.items() if may_be_published(link)}
    return tuple(
        Chapter(
            start_s=start,
            end_s=end,
            title=_clip_title(recording)
            if recording
            else _title(passage, by_id, words, has_headlines=has_headlines),
            link=public.get(passage.story_id, ""),
            story_id=passage.story_id if passage.role is Role.STORY and not recording else "",
        )
        for (start, passage, recording), end in zip(starts, ends, strict=True)
    )


def _recorded(voiced: VoicedPassage, rate_hz: int) -> Iterator[tuple[float, RecordedClip]]:
    """Start in seconds of each recorded voice of a passage; one at its very start has the story's chapter."""
    passage, times = voiced.clip.passage, voiced.clip.sentence_times
    if len(times) != len(passage.sentences):
        return
    for sentence, (first_s, _) in zip(passage.sentences, times, strict=True):
        if sentence.recording and first_s > 0:
            yield voiced.start / rate_hz + first_s * voiced.stretch, sentence.recording


def _clip_title(recording: RecordedClip) -> str:
    return shorten(recording.speaker or recording.words or recording.source_name, most=_MOST_TITLE)


def make_cues(rundown: Rundown) -> tuple[Cue, ...]:
    """Each sentence and recorded voice that airs, with its times; a voice without a transcript has an empty text."""
    return tuple(cue for voiced in rundown.voiced for cue in _cues(voiced, rundown.rate_hz))


def _cues(voiced: VoicedPassage, rate_hz: int) -> list[Cue]:
    clip, passage = voiced.clip, voiced.clip.passage
    start_s, end_s = voiced.start / rate_hz, voiced.end / rate_hz
    times = tuple((first * voiced.stretch, last * voiced.stretch) for first, last in clip.sentence_times)
    if len(times) != len(passage.sentences):
        times = _shared_times(passage, end_s - start_s)
    return [
        Cue(
            start_s=start_s + first,
            end_s=min(start_s + last, end_s),
            text=text,
            role=passage.role,
            story_id=passage.story_id,
            speaker=sentence.recording.speaker if sentence.recording else "",
            language=passage.language,
        )
        for sentence, span in zip(passage.sentences, times, strict=True)
        if sentence.text or sentence.recording
        for text, (first, last) in _texts(sentence, span)
    ]


def _texts(sentence: Sentence, span: tuple[float, float]) -> list[tuple[str, tuple[float, float]]]:
    """A sentence and its time; of a recorded voice each of its sentences, the time shared by letters."""
    texts = split_sentences(sentence.text) if sentence.recording else []
    if len(texts) < 2:
        return [(sentence.text, span)]
    return list(zip(texts, _share([len(text) + 1 for text in texts], *span), strict=True))


def _shared_times(passage: Passage, duration_s: float) -> tuple[tuple[float, float], ...]:
    """Times of the sentences by their share of the letters, for clips without measured times."""
    return _share([len(sentence.spoken) + 1 for sentence in passage.sentences], 0.0, duration_s)


def _share(weights: Sequence[int], start_s: float, end_s: float) -> tuple[tuple[float, float], ...]:
    """Times from `start_s` to `end_s` divided by weight."""
    marks = [start_s]
    for weight in weights:
        marks.append(marks[-1] + (end_s - start_s) * weight / sum(weights))
    return tuple(pairwise(marks))


def _title(
    passage: Passage, by_id: Mapping[str, StoryScript], words: Mapping[str, str], *, has_headlines: bool
) -> str:
    if passage.role is Role.CLOSING:
        return words["closing"]
    if passage.role is Role.STORY:
        item = by_id.get(passage.story_id)
        title = passage.title or (item.story.title if item else "") or passage.text
        return shorten(title, most=_MOST_TITLE)
    return words["headlines" if has_headlines else "opening"]
