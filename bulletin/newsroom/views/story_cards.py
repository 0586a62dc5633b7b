"""Cards of the page "Next bulletin": a story with its sentences, sources, clip and edits, and the page as a whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bulletin.model import EditState
from bulletin.newsroom.coming_bulletin import ComingBulletin, ComingSentence, ComingStory
from bulletin.newsroom.sentence_hints import Hint


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceCard:
    """One text field with everything beside it."""

    name: str
    """Id on the page: the same as long as the program writes the same sentence."""
    sentence: ComingSentence
    airs: bool
    """False: it is only in a longer cut of the story."""
    words: int
    hints: tuple[Hint, ...]
    is_from_source: bool
    """Made by rule from the sentences of the source, without an editor's hand."""
    edited: str = ""
    """ "Ana, 14:03"."""
    look: str = ""
    """Why an edit of it needs a look."""
    edit_id: int = 0
    """The edit that "Undo" takes back; 0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePanel:
    """One article beside the words."""

    publisher: str
    title: str
    link: str
    """http(s) or empty."""
    published: str
    """Station's time: "06:12", with the day if it is not today."""
    sentences: tuple[tuple[str, bool], ...]
    """Sentence, and whether the bulletin's words were made from it."""
    more: int
    """Further sentences that are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipCard:
    """A recording in the story."""

    sha256: str
    name: str
    duration_s: float
    before: str
    words: str
    after: str
    speaker: str
    credit: str
    rights: str
    notes: tuple[str, ...]
    """What its import changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLine:
    """One edit of a story, as a colleague reads it."""

    id: int
    text: str
    state: EditState
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCard:
    """One story."""

    anchor: str
    """Id on the page."""
    story: ComingStory
    position: int
    """From 0 among the stories that air; -1: it does not air."""
    is_pinned: bool
    is_dropped: bool
    length: str
    """ "lengthened", "shortened" or empty."""
    headline: SentenceCard | None
    sentences: tuple[SentenceCard, ...]
    sources: tuple[SourcePanel, ...]
    clips: tuple[ClipCard, ...]
    edits: tuple[EditLine, ...]
    looks: tuple[str, ...]
    """Edits that need a look, with the reasons."""
    last_editor: str
    last_change: str
    """ "14:03"."""

    @property
    def seconds(self) -> float:
        """Seconds on air, or of its normal cut where it does not air."""
        return self.story.seconds or next(iter(self.story.cuts_s.values()), 0.0)

    @property
    def mark(self) -> str:
        """Changes when anything on the card does."""
        story = self.story
        parts = (
            self.position,
            (story.version, story.title, story.section, story.seconds, story.cut),
            (round(story.score, 2), story.why_not),
            (self.is_pinned, self.is_dropped, self.length),
            [
                (card.sentence.text, card.sentence.spoken, card.airs, card.look, card.hints)
                for card in (*((self.headline,) if self.headline else ()), *self.sentences)
            ],
            [clip.sha256 for clip in self.clips],
            [(panel.title, panel.published, len(panel.sentences), panel.more) for panel in self.sources],
            [(line.id, line.state, line.reason) for line in self.edits],
        )
        return short_name(repr(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class NextView:
    """The page's stories and the bulletin's own words."""

    coming: ComingBulletin
    due_local: str
    """ "07:00"; empty for a station without slots."""
    day_local: str
    """ "Tuesday 24 November"."""
    made_local: str
    """When its feeds were read: "06:41"."""
    stories: tuple[StoryCard, ...]
    others: tuple[StoryCard, ...]
    own_words: tuple[tuple[str, str], ...]
    """Opening and closing: name, words."""

    @property
    def looks(self) -> tuple[StoryCard, ...]:
        """Stories with an edit that needs a look."""
        return tuple(card for card in (*self.stories, *self.others) if card.looks)

    @property
    def last_change(self) -> str:
        """ "Ana at 14:03": the last edit of a story; empty: none."""
        cards = [card for card in (*self.stories, *self.others) if card.last_editor]
        last = max(cards, key=lambda card: card.story.version, default=None)
        return f"{last.last_editor} at {last.last_change}" if last else ""

    def find(self, story_id: str) -> StoryCard | None:
        """The card of a story; None: it is not in the coming bulletin."""
        return next((card for card in (*self.stories, *self.others) if card.story.id == story_id), None)


def short_name(text: str) -> str:
    """A short id for pages: story and article ids may hold any characters."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def sentence_name(story_id: str, original: str) -> str:
    """Id of a sentence on pages: that of the program's own words, which an edit replaces."""
    return short_name(f"{story_id}\n{original}")
