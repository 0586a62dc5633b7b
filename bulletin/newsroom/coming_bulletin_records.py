"""Records of the coming bulletin: its stories, sentences and approval, for the command, the JSON API and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bulletin.config.tables.newsroom_options import Approval
from bulletin.edits.apply_to_choice import KILLED
from bulletin.edits.approval import air_exactly, fingerprint
from bulletin.edits.reword_passages import origins_of
from bulletin.errors import KilledStoryError, UnknownStoryError
from bulletin.model import (
    AppliedEdit,
    Article,
    Cut,
    EditAction,
    EditState,
    Left,
    Origin,
    Passage,
    Reason,
    RecordedClip,
    Script,
    Section,
    StoryScript,
)
from bulletin.newsroom.nearest_title import find_by_words, nearest_title
from bulletin.pipeline.decisions.preview_file import FeedGlance


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingSentence:
    """A sentence of the coming bulletin, and what an editor should know of it."""

    index: int
    """Position in its longest cut, from 0."""
    text: str
    spoken: str
    origins: tuple[Origin, ...] = ()
    """Sentences of the source beside it."""
    editor: str = ""
    """Whose words these are; empty: the program's."""
    replaced: str = ""
    """The program's sentence, where an editor's stands in its place."""
    version: int = 0
    """Number of the last edit of it: `seen_id` of the next one; 0: none."""
    seconds: float = 0.0
    """At the pace of the first voice."""
    hints: tuple[str, ...] = ()
    recording: RecordedClip | None = None
    """The recorded voice that is heard here; `text` has its words."""

    @property
    def original(self) -> str:
        """The program's sentence: the name by which edits know it."""
        return self.replaced or self.text

    @property
    def is_of_clip(self) -> bool:
        """A recording, or words that an editor attached with it: they are changed by attaching it anew."""
        return self.recording is not None or bool(self.editor and not self.replaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingStory:
    """A story of the coming bulletin, or a candidate for it."""

    number: int
    """Number on the list, from 1; candidates follow the stories that air."""
    id: str
    title: str
    section: Section
    score: float
    reasons: tuple[Reason, ...]
    sources: tuple[Article, ...]
    """Its articles, best first."""
    headline: ComingSentence | None
    sentences: tuple[ComingSentence, ...]
    """Of its longest cut."""
    cuts_s: Mapping[Cut, float]
    """Seconds of each cut."""
    cut: Cut | None
    """The cut that airs; None: the story does not air."""
    seconds: float
    """Planned seconds without headline; 0 for a story that does not air."""
    times_aired: int = 0
    why_not: str = ""
    """Why it does not air."""
    is_required: bool = False
    """Pinned or lengthened: dropped last for want of time."""
    edits: tuple[AppliedEdit, ...] = ()
    version: int = 0
    """Number of the last edit of the story; 0: none."""
    language: str = ""
    """Its language if it is not the station's."""
    unread: tuple[str, ...] = ()
    """Sentences of its source that no voice can read whole and that were left out, each after the reason."""

    @property
    def airs(self) -> bool:
        return self.cut is not None

    @property
    def aired_sentences(self) -> tuple[ComingSentence, ...]:
        """Sentences of the cut that airs."""
        count = self._counts.get(self.cut, 0) if self.cut else 0
        return self.sentences[:count]

    @property
    def left_out(self) -> tuple[ComingSentence, ...]:
        """Sentences that an editor left out, with the index at which they stood; named by the program's words."""
        held = (EditState.APPLIED, EditState.NEEDS_LOOK)
        return tuple(
            ComingSentence(
                index=int(item.edit.details.get("index", 0)),
                text="",
                spoken="",
                origins=origins_of(item.edit),
                editor=item.edit.editor,
                replaced=item.edit.replaced,
                version=item.edit.id,
            )
            for item in self.edits
            if item.edit.action is EditAction.REWORD and not item.edit.text and item.state in held
        )

    sentence_counts: Mapping[Cut, int] | None = None
    """Number of sentences of each cut."""

    @property
    def _counts(self) -> Mapping[Cut, int]:
        return self.sentence_counts or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalState:
    """Whether an editor approved the coming bulletin."""

    mode: Approval
    """ "off", "by-deadline" or "required", as in the profile."""
    deadline: datetime | None = None
    """When it should be approved."""
    number: int = 0
    """Number of the approving edit; 0: there is none."""
    editor: str = ""
    """Who approved it."""
    given_at: datetime | None = None
    withdrawn_by: str = ""
    """Who edited it since, which withdrew the approval."""

    @property
    def holds(self) -> bool:
        """Whether it airs exactly as approved."""
        return self.mode != "off" and self.number > 0 and not self.withdrawn_by


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingBulletin:
    """The next bulletin as it stands."""

    station: str
    due: datetime | None
    """Its slot; None: the next bulletin, of a station without slots."""
    made_at: datetime
    """When its feeds were read."""
    stories: tuple[ComingStory, ...]
    """Stories that air, in running order."""
    others: tuple[ComingStory, ...]
    """Candidates: stories without room, dropped ones, and those that an editor may pin."""
    left: tuple[Left, ...]
    """Articles that no candidate has, with the reasons; an editor may pin them by their id."""
    planned_s: float
    target_s: float
    is_up_to: bool
    missing: tuple[str, ...]
    """What is missing: no weather, too little news."""
    edits: tuple[AppliedEdit, ...]
    script: Script
    """Words of the whole bulletin, with every cut."""
    aired: tuple[Passage, ...]
    """Passages that will air, in running order."""
    approval: ApprovalState
    feeds: tuple[FeedGlance, ...] = ()
    version: int = 0
    """Number of the last edit in it."""
    note: str = ""
    """Why it is a later bulletin than asked for."""

    @property
    def fingerprint(self) -> str:
        """Number of the running order and its words; an approval names it, and it changes with every word."""
        return fingerprint(self.exact_stories)

    @property
    def exact_stories(self) -> tuple[StoryScript, ...]:
        """The stories with exactly the words that will air."""
        return air_exactly(self.script, self.aired)

    @property
    def all_stories(self) -> tuple[ComingStory, ...]:
        return (*self.stories, *self.others)

    def find(self, name: str) -> ComingStory:
        """
        The story with that number, id, article id, or words of its title.

        Raises UnknownStoryError, with the nearest title, and KilledStoryError.
        """
        for story in self.all_stories:
            if name in (str(story.number), story.id) or name in names_of_coming(story):
                return story
        matching = find_by_words(name, self.all_stories)
        if len(matching) == 1:
            return matching[0]
        if matching:
            titles = "; ".join(f"{story.number} {story.title}" for story in matching[:3])
            raise UnknownStoryError(f'"{name}" matches several stories: {titles}; name one by its number')
        for item in self.left:
            if item.article_id == name:
                check_alive(item)
        near = nearest_title(name, self.all_stories)
        hint = f'; the nearest is {near.number} "{near.title}"' if near else ""
        raise UnknownStoryError(f'No story "{name}" in the coming bulletin{hint}; `bulletin next` lists them')


def names_of_coming(story: ComingStory) -> set[str]:
    return {name for article in story.sources for name in (article.id, *article.aliases)}


def check_alive(left: Left) -> None:
    """Raise KilledStoryError for a story that the kill list keeps out."""
    if left.reason.startswith(KILLED):
        raise KilledStoryError(
            f'"{left.title}" is {left.reason}, which beats every edit; unblock the entry, then read the feeds again'
        )
