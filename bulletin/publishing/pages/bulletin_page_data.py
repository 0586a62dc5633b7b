"""Bulletin -> PageFacts, the data of its page, kept as JSON beside the sound. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bulletin.model import Bulletin, Chapter, Cue, Rendition, Role
from bulletin.publishing.clean_text_for_feeds import plain_line, plain_title
from bulletin.publishing.podcast.show_notes import credit_line, name_sources

_MOST_SOURCES = 6
"""Sources of one story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """Publisher and link of a story."""

    name: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSentence:
    """A sentence with its time in the sound."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """A chapter with its sentences: a story, or opening, headlines or closing."""

    title: str
    start_s: float
    end_s: float
    said: tuple[PageSentence, ...]
    story_id: str = ""
    """Empty for opening, headlines and closing."""
    section: str = ""
    sources: tuple[PageSource, ...] = ()
    language: str = ""
    """Language if it is not the station's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Content of a bulletin's page; texts are plain, addresses are http or https."""

    guid: str
    page: str
    """Permanent file name of its page, without suffix."""
    title: str
    due: datetime
    """Its slot; UTC."""
    made: datetime
    """First writing of its page; UTC."""
    audio: str
    """File name."""
    media_type: str
    bytes: int
    duration_s: float
    sha256: str
    parts: tuple[PagePart, ...]
    wave: tuple[int, ...] = ()
    """Heights of the waveform, 1 to 100; empty: no picture."""
    music: tuple[int, ...] = ()
    """Heights of the music in it; empty: not measured apart."""
    corrects: str = ""
    """Page of the bulletin that this one corrects."""
    correction: str = ""
    """Note on the story whose words were corrected; empty: a story was withdrawn, or it is no correction."""

    likeness: str = ""
    """Sentence about the person whose voice is imitated; empty: no voice is cloned."""

    @property
    def stories(self) -> tuple[PagePart, ...]:
        """The stories, in running order."""
        return tuple(part for part in self.parts if part.story_id)


_ADAPTER = TypeAdapter(PageFacts)


def facts_to_json(facts: PageFacts) -> bytes:
    """Deterministic JSON."""
    return _ADAPTER.dump_json(facts) + b"\n"


def read_facts(path: Path) -> PageFacts | None:
    """Read the file of `facts_to_json`; None for a missing or other file."""
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def page_parts(bulletin: Bulletin, sound: Rendition) -> tuple[PagePart, ...]:
    """One part for each chapter; without chapters the whole bulletin is one part."""
    chapters = sorted(sound.chapters, key=lambda chapter: chapter.start_s)
    cues = sorted(sound.cues, key=lambda cue: cue.start_s)
    if not chapters:
        chapters = [Chapter(start_s=0.0, end_s=sound.duration_s, title=bulletin.script.title)]
    stories = {item.story.id: item.story for item in bulletin.script.stories}
    languages = {passage.story_id: passage.language for passage in bulletin.aired if passage.language}
    bounds = (float("-inf"), *(chapter.start_s for chapter in chapters[1:]), float("inf"))
    parts = []
    for chapter, (since, until) in zip(chapters, pairwise(bounds), strict=True):
        story = stories.get(chapter.story_id)
        parts.append(
            PagePart(
                title=plain_title(chapter.title),
                start_s=round(max(0.0, chapter.start_s), 3),
                end_s=round(chapter.end_s, 3),
                said=_sentences(cues, since, until),
                story_id=plain_line(chapter.story_id) if story else "",
                section=str(story.section) if story else "",
                sources=_sources(bulletin, chapter) if story else (),
                language=languages.get(chapter.story_id, "") if story else "",
            )
        )
    return tuple(parts)


def _sentences(cues: Sequence[Cue], since: float, until: float) -> tuple[PageSentence, ...]:
    return tuple(
        PageSentence(start_s=round(max(0.0, cue.start_s), 3), end_s=round(cue.end_s, 3), text=text)
        for cue in cues
        if since <= (cue.start_s + cue.end_s) / 2 < until and (text := plain_line(cue.text))
    )


def _sources(bulletin: Bulletin, chapter: Chapter) -> tuple[PageSource, ...]:
    """
    Sources of the sentences read, then the other publishers of the story; each publisher and address once.

    Last come those whose recorded voices are heard, with credit and rights note.
    """
    story = next(item.story for item in bulletin.script.stories if item.story.id == chapter.story_id)
    passages = [
        passage
        for passage in bulletin.aired
        if passage.role is Role.STORY and passage.story_id == chapter.story_id
    ]
    origins = [
        (origin.credit, origin.link)
        for passage in passages
        for sentence in passage.sentences
        for origin in sentence.origins
    ]
    recordings = (recording for passage in passages for recording in passage.recordings)
    recorded = dict.fromkeys(credit_line(one) for one in recordings if one.credit or one.rights)
    others = ((article.credit, article.link) for article in story.articles)
    sources = name_sources((*origins, *others))[:_MOST_SOURCES]
    named = (*sources, *((credit, "") for credit in recorded))
    return tuple(PageSource(name=name, link=link) for name, link in named)
