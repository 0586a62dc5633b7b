"""Words of a bulletin: Script, its passages and sentences, and their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bulletin.model.feeds_articles_stories import Article, Left, RecordedClip, Section, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class StationWords:
    """Name, frequencies and language of a station, for scripts and pages."""

    id: str
    name: str
    frequencies: tuple[str, ...] = ()
    """As written: ("103.5", "105.3")."""
    band: str = "FM"
    slogan: str = ""
    language: str = "en-GB"
    time_zone: str = "Europe/London"
    languages: Path | None = None
    """A folder of the station's own languages, one folder each."""
    others: tuple[str, ...] = ()
    """Further languages of its bulletins: their stories are told and read in them."""


class Role(StrEnum):
    """Purpose of a passage."""

    IDENT = "ident"
    """Voice-over of the ident jingle."""
    OPENING = "opening"
    HEADLINE = "headline"
    STORY = "story"
    CLOSING = "closing"


class Cut(StrEnum):
    """Length of a story's passage."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The sentence of an article that a spoken sentence was made from."""

    article_id: str
    text: str
    credit: str = ""
    link: str = ""

    @classmethod
    def of(cls, article: Article, text: str) -> Origin:
        return cls(article_id=article.id, text=text, credit=article.credit, link=article.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: the unit that engines speak and the cache stores."""

    text: str
    """As written, for show notes and transcript: "cuts rates by 0.25%"."""
    spoken: str
    """As read, for the voice: no digits, no symbols, no abbreviations, no markup."""
    origins: tuple[Origin, ...] = ()
    """Empty for the station's own words (opening, closing)."""
    editor: str = ""
    """Name of the editor whose words these are; `origins` are the sources of the sentence that they replaced."""
    replaced: str = ""
    """The program's own sentence, where an editor's stands in its place."""
    recording: RecordedClip | None = None
    """The recorded voice that is heard here; `text` has its words and `spoken` is empty: no engine reads it."""

    @property
    def is_heard(self) -> bool:
        """Whether it has a sound: a word to read, or a recording."""
        return self.recording is not None or any(map(str.isalnum, self.spoken))


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Sentences that are read without interruption, and recorded voices between them."""

    role: Role
    sentences: tuple[Sentence, ...]
    story_id: str = ""
    cut: Cut = Cut.NORMAL
    title: str = ""
    """Title for chapters and the running order."""
    is_timed: bool = False
    """Contains a time check: on air only, never on demand."""
    by_second: bool = False
    """Belongs to the second reader, if there is one."""
    language: str = ""
    """Language if it is not the station's; its own voice reads it."""

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def spoken(self) -> str:
        """The words that a voice engine reads."""
        return " ".join(sentence.spoken for sentence in self.sentences if sentence.spoken)

    @property
    def recordings(self) -> tuple[RecordedClip, ...]:
        """The recorded voices in it, in order."""
        return tuple(sentence.recording for sentence in self.sentences if sentence.recording)

    @property
    def recorded_s(self) -> float:
        """Seconds of recorded voices."""
        return sum(recording.duration_s for recording in self.recordings)


class RewriteState(StrEnum):
    """Outcome of the rewriter for one story."""

    REWRITTEN = "rewritten"
    REFUSED = "refused"
    """The guard refused its answers."""
    FAILED = "failed"
    """No answer, or not asked after earlier failures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """Result of the rewriter for one story."""

    state: RewriteState
    reason: str = ""
    """Why the words made by rule are used."""
    tries: int = 0
    """Requests made; 0 for a cached answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryScript:
    """One story with its headline and one passage for each cut, shortest first."""

    story: Story
    cuts: tuple[Passage, ...]
    headline: Passage | None = None
    rewrite: Rewrite | None = None
    """None: the words were made by rule, without a rewriter."""
    is_required: bool = False
    """An editor pinned or lengthened it: every other story is dropped for want of time before it."""
    unread: tuple[str, ...] = ()
    """Its sentences that no voice can read whole and that were left out, each after the reason."""

    @property
    def section(self) -> Section:
        return self.story.section


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The words of a bulletin in running order: ident, opening, headlines, stories, closing."""

    station: StationWords
    title: str
    """Title of the episode: "7am news, Wednesday 25 November 2026"."""
    at: datetime
    """The moment that the time check names; aware, UTC."""
    ident: Passage | None = None
    opening: Passage
    stories: tuple[StoryScript, ...]
    closing: Passage
    opening_later: Passage | None = None
    """The opening without a time check, for listening on demand; None: `opening` has none."""
    left: tuple[Left, ...] = ()
    """Stories that could not be written, with the reasons."""
    is_approved: bool = False
    """An editor approved the words: for want of time the station's own parts go before a headline."""
    correction: str = ""
    """Note for readers, in the station's language: the story whose words were corrected after they had aired."""

    def passages(self) -> Iterator[Passage]:
        """Every passage that may be spoken, in running order, with all cuts of each story."""
        if self.ident:
            yield self.ident
        yield self.opening
        if self.opening_later:
            yield self.opening_later
        for item in self.stories:
            if item.headline:
                yield item.headline
        for item in self.stories:
            yield from item.cuts
        yield self.closing
