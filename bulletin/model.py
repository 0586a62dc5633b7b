"""What flows: Feed -> Article -> Story -> Script -> Clip -> Bulletin -> Episode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Section(StrEnum):
    """The part of a bulletin that a story belongs to, in the order in which they air."""

    NEWS = "news"
    SPORT = "sport"
    WEATHER = "weather"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A feed that is a file made at a known time; it is read as if it had been made now."""

    made_at: datetime
    """Aware, UTC. Every date of the feed is moved by (now - made_at)."""
    pages: Path | None = None
    """Folder with the article pages as `<last part of the link>.html`, read instead of the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address to read articles from."""

    url: str
    """http(s) address, or the absolute path of a file."""
    name: str
    """Short, unique within the station: "gazette"."""
    credit: str = ""
    """The publisher, as it is credited in words: "the Wexcombe Gazette". Empty: not credited."""
    terms: str = ""
    """What the publisher allows, or where it says so. For the engineer, never spoken."""
    weight: float = 1.0
    """How much the editor trusts it; 1 is usual, 0 never leads."""
    category: str = "news"
    """Free word ("local", "business"); "sport", "travel" and "weather" are sections of their own."""
    language: str = "en-GB"
    """BCP 47, of the articles, unless the feed says otherwise."""
    is_private: bool = False
    """The address may be one of the station's own network (an intranet feed)."""
    fetches_pages: bool = True
    """Whether article pages may be fetched when the feed's own text is short."""
    recording: Recording | None = None
    time_zone: str = "Europe/London"
    """Of the station: what a forecast calls the morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One entry of one feed: plain text, no markup, no page furniture promised away yet."""

    id: str
    """Identity for life: guid, else canonical link, else a hash of title and day."""
    feed: str
    """Name of the feed it came from."""
    title: str
    summary: str
    """The feed's own words, plain text; paragraphs parted by a blank line."""
    text: str
    """The longest honest text known (page or feed), plain; paragraphs parted by a blank line."""
    link: str = ""
    published: datetime
    """Aware, UTC. The fetch time when the feed gave none (see `is_dated`)."""
    is_dated: bool = True
    credit: str = ""
    weight: float = 1.0
    category: str = "news"
    language: str = "en-GB"
    position: int = 0
    """Place in its feed, 0 is the first."""
    aliases: tuple[str, ...] = ()
    """Other identities under which the same entry may come back (guid, link, hash)."""
    expires: datetime | None = None
    """Aware, UTC: never spoken afterwards (the station's own stories)."""
    not_before: datetime | None = None
    """Aware, UTC: an embargo, never spoken earlier."""
    is_breaking: bool = False
    is_local: bool = False
    """Written or marked by the station itself."""
    from_page: bool = False
    """`text` was taken from the article's page."""
    is_forecast: bool = False
    """Worded by ourselves from the figures of a forecast service."""

    @property
    def section(self) -> Section:
        """Sport, travel and weather have sections; every other category is news."""
        try:
            return Section(self.category.casefold())
        except ValueError:
            return Section.NEWS


class FeedState(StrEnum):
    """What became of one feed in one run."""

    OK = "ok"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    FAILED = "failed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """What one feed gave; one bad feed is data, not an exception."""

    feed: Feed
    state: FeedState
    articles: int = 0
    newest: datetime | None = None
    reason: str = ""
    """Why it failed, and what to do."""
    notes: tuple[str, ...] = ()
    """Things repaired or left out: "3 entries without a date"."""
    seconds: float = 0.0
    bytes_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What all feeds gave."""

    articles: tuple[Article, ...]
    reports: tuple[FeedReport, ...]

    @property
    def reached(self) -> int:
        """How many feeds answered at all."""
        return sum(report.state is not FeedState.FAILED for report in self.reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One term of a story's score."""

    name: str
    """ "freshness", "sources", "place" ..."""
    value: float
    note: str = ""
    """For the editor: "3 sources", "published 2 h ago"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell of one event, best first."""

    id: str
    """Stable while the event is in the news: the id of its earliest article."""
    articles: tuple[Article, ...]
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    is_light: bool = False
    """Fit for the end of a bulletin: the "and finally"."""
    times_aired: int = 0
    """How often it has been told already; 0 too for a story that has really changed since."""
    last_said: str = ""
    """What was said of it last, as written; a story that comes back is told in fewer words."""

    @property
    def best(self) -> Article:
        return self.articles[0]

    @property
    def title(self) -> str:
        return self.articles[0].title

    @property
    def section(self) -> Section:
        return self.articles[0].section

    @property
    def published(self) -> datetime:
        """When the newest of its articles came out."""
        return max(article.published for article in self.articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A story or an article that was left out, and why."""

    title: str
    reason: str
    article_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Stories in the order in which they should air, and what was left out."""

    stories: tuple[Story, ...]
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StationWords:
    """What a station is called, for whoever writes or prints it."""

    id: str
    name: str
    frequencies: tuple[str, ...] = ()
    """As written: ("103.5", "105.3")."""
    band: str = "FM"
    slogan: str = ""
    language: str = "en-GB"
    time_zone: str = "Europe/London"


class Role(StrEnum):
    """What a passage is there for."""

    IDENT = "ident"
    """Voice-over of the ident jingle."""
    OPENING = "opening"
    HEADLINE = "headline"
    STORY = "story"
    CLOSING = "closing"


class Cut(StrEnum):
    """How long a story is told."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: the piece that engines say and the cache keeps."""

    text: str
    """As written, for show notes and transcript: "cuts rates by 0.25%"."""
    spoken: str
    """As read, for the voice: no digits, no symbols, no abbreviations, no markup."""
    origins: tuple[Origin, ...] = ()
    """Empty for the station's own words (opening, closing)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words that are read in one go."""

    role: Role
    sentences: tuple[Sentence, ...]
    story_id: str = ""
    cut: Cut = Cut.NORMAL
    title: str = ""
    """For chapters and the running order."""
    is_timed: bool = False
    """Holds a time check: on air only, never on demand."""

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def spoken(self) -> str:
        return " ".join(sentence.spoken for sentence in self.sentences)


class RewriteState(StrEnum):
    """What became of a story that a language model was to put into better words."""

    REWRITTEN = "rewritten"
    REFUSED = "refused"
    """Its answers did not pass the guard."""
    FAILED = "failed"
    """It gave no answer, or was not asked because of what happened before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """How the rewriter ended for one story."""

    state: RewriteState
    reason: str = ""
    """Why the words made by rule stand."""
    tries: int = 0
    """Answers that were asked for; 0 when it was remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryScript:
    """One story as it can be told: its headline and one passage for each cut, shortest first."""

    story: Story
    cuts: tuple[Passage, ...]
    headline: Passage | None = None
    rewrite: Rewrite | None = None
    """None: no rewriter was asked, the words were made by rule."""

    @property
    def section(self) -> Section:
        return self.story.section


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The words of a bulletin in running order: ident, opening, headlines, stories, closing."""

    station: StationWords
    title: str
    """For the episode: "7am news, Wednesday 25 November 2026"."""
    at: datetime
    """The moment that the time check names; aware, UTC."""
    ident: Passage | None = None
    opening: Passage
    stories: tuple[StoryScript, ...]
    closing: Passage
    left: tuple[Left, ...] = ()
    """Stories that could not be written, and why."""

    def passages(self) -> Iterator[Passage]:
        """Every passage that may be spoken, in running order, each story at every cut."""
        if self.ident:
            yield self.ident
        yield self.opening
        for item in self.stories:
            if item.headline:
                yield item.headline
        for item in self.stories:
            yield from item.cuts
        yield self.closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who made a voice, a jingle or a phrase file, and what it may be used for."""

    name: str
    licence: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody who can read, known to one engine."""

    name: str
    """The engine's own name for it: "heart", "bf_emma", "co.uk"."""
    engine: str
    language: str
    description: str = ""
    attribution: Attribution | None = None
    pace_wps: float = 2.9
    """Words a second, as measured; three is a British newsreader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One passage spoken: a mono WAV file (float32 or 16 bit) without silence at either end."""

    passage: Passage
    path: Path
    duration_s: float
    rate_hz: int
    sentence_times: tuple[tuple[float, float], ...] = ()
    """Start and end of each sentence of the passage, in seconds from the clip's start; empty: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An engine that was asked to say the bulletin, and how it ended."""

    engine: str
    voice: str
    ok: bool
    reason: str = ""
    sentences: int = 0
    cached: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The whole script said by one voice."""

    clips: tuple[Clip, ...]
    voice: Voice
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A stretch of the finished sound."""

    start_s: float
    end_s: float
    title: str
    link: str = ""
    story_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A sentence and when it is heard in the finished sound; for transcripts."""

    start_s: float
    end_s: float
    text: str
    role: Role
    story_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One finished file of a bulletin."""

    kind: str
    """ "podcast", "fm", "speaker"."""
    path: Path
    media_type: str
    duration_s: float
    """Decoded length."""
    loudness_lufs: float
    true_peak_dbtp: float
    chapters: tuple[Chapter, ...] = ()
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """The mixed whole."""

    script: Script
    voice: Voice
    renditions: tuple[Rendition, ...]
    aired: tuple[Passage, ...]
    """The passages that fitted, in running order."""
    dropped: tuple[Left, ...] = ()
    """Stories that did not fit."""
    planned_s: float
    notes: tuple[str, ...] = ()
    """What was done without: a missing jingle, a cut at its shortest."""

    @property
    def story_ids(self) -> tuple[str, ...]:
        """Stories that are in it, in running order, each once."""
        told = (p.story_id for p in self.aired if p.role is Role.STORY)
        return tuple(dict.fromkeys(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A bulletin that has gone out somewhere."""

    guid: str
    title: str
    published: datetime
    outlet: str
    places: Mapping[str, Path | str] = field(default_factory=dict)
    """What lies where: {"audio": ..., "latest": ..., "feed": ...}."""
