"""Story -> Script: what the station says itself, headlines, and each story at up to three lengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulletin.config.options import ScriptOptions
from bulletin.model import (
    Article,
    Cut,
    Left,
    Origin,
    Passage,
    RewriteState,
    Role,
    Script,
    Section,
    Sentence,
    StationWords,
    Story,
    StoryScript,
)
from bulletin.script.edits.days import Days
from bulletin.script.kept_words import KeptWords
from bulletin.script.lexicon import Lexicon
from bulletin.script.own import OwnWords, Wording
from bulletin.script.phrases import Phrases, episode_title, load_phrases
from bulletin.script.rewriter.job import Job, Outcome, Progress
from bulletin.script.telling import Telling
from bulletin.text import count_words

if TYPE_CHECKING:
    # Only the name: who has no model needs no guard.
    from bulletin.script.rewriter.rewrite import Rewriting

CUT_S: Mapping[Cut, float] = {Cut.SHORT: 15.0, Cut.NORMAL: 25.0, Cut.LONG: 35.0}
"""How long each cut should last, in seconds."""

OVER = {Cut.SHORT: 1.2, Cut.NORMAL: 1.15, Cut.LONG: 1.03}
"""How much longer than asked a cut may be before its last sentence is left out."""

BRIEF_S: Mapping[Section, float] = {Section.WEATHER: 10.0}
"""Sections whose short cut is shorter than other stories': a forecast at the end of a full bulletin."""

THIN = 40
"""Words of a story that is told by a few words of the feed, which were written to stand under their headline."""

HEARD = 0.4
"""Share of a headline's weighty words from which a story has told what its headline tells."""

UNSUNG = (Section.WEATHER, Section.TRAVEL)
"""Sections that never make a headline."""


def write_script(
    stories: Sequence[Story],
    *,
    station: StationWords,
    at: datetime,
    options: ScriptOptions,
    lexicon: Lexicon,
    pace_wps: float = 2.9,
    rewriting: Rewriting | None = None,
    progress: Progress | None = None,
    kept: KeptWords | None = None,
) -> Script:
    """
    Word a bulletin that goes on air at `at`, for a voice that reads `pace_wps` words a second.

    With `rewriting` a language model may word stories anew; each says how that ended. What is `kept` from earlier
    runs is not worded again. A story that cannot be told is left out, with the reason. Raises ConfigError for a
    language without phrases and for a field in the profile's own words that does not exist.
    """
    phrases = load_phrases(station.language, folder=station.languages)
    voice = Wording(
        language=station.language, lexicon=lexicon, folder=station.languages, kept=kept or KeptWords()
    )
    told: list[StoryScript] = []
    left: list[Left] = []
    clock = _Clock(at=at, zone=station.time_zone)
    tellings = _tell_all(
        stories,
        phrases=phrases,
        clock=clock,
        rewriting=rewriting,
        pace_wps=pace_wps,
        progress=progress,
        kept=voice.kept,
    )
    for story, (telling, rewrite) in zip(stories, tellings, strict=True):
        credit = _credit(story, phrases, options, voice)
        written = _write_story(story, telling, credit=credit, voice=voice, pace_wps=pace_wps)
        if isinstance(written, Left):
            left.append(written)
        else:
            told.append(replace(written, rewrite=rewrite))
    own = OwnWords(station=station, at=at, options=options, phrases=phrases, voice=voice)
    return Script(
        station=station,
        title=episode_title(at, zone=station.time_zone, phrases=phrases),
        at=at,
        ident=own.ident(),
        opening=own.opening(is_timed=options.time_check),
        opening_later=own.opening(is_timed=False) if options.time_check and own.tells_time() else None,
        stories=_keep_headlines(told, most=options.headlines),
        closing=own.closing(),
        left=tuple(left),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """When the bulletin is on air, and where."""

    at: datetime
    zone: str

    def days(self, story: Story) -> Days | None:
        """What "yesterday" is reckoned from; unknown for an article without a date."""
        if not story.best.is_dated:
            return None
        clock = ZoneInfo(self.zone)
        written = story.best.published.astimezone(clock).date()
        return Days(written=written, on_air=self.at.astimezone(clock).date())


def _tell_all(
    stories: Sequence[Story],
    *,
    phrases: Phrases,
    clock: _Clock,
    rewriting: Rewriting | None,
    pace_wps: float,
    progress: Progress | None,
    kept: KeptWords,
) -> list[Outcome]:
    """Each story by rule, or in a language model's words where there is one that may; as long as the longest cut."""
    most = round(CUT_S[Cut.LONG] * pace_wps)
    jobs = []
    for story in stories:
        days = clock.days(story)
        telling = kept.telling(story.best, days, partial(_tell, story.best, phrases, days))
        jobs.append(Job(article=story.best, telling=telling, phrases=phrases, days=days, most_words=most))
    return rewriting.retell(jobs, progress=progress) if rewriting else [(job.telling, None) for job in jobs]


def _tell(article: Article, phrases: Phrases, days: Days | None) -> Telling:
    # Imported late, as what makes headlines and spoken words: an hour that tells what the last one told needs none.
    from bulletin.script.tell import tell_article

    return tell_article(article, phrases=phrases, days=days)


def _write_story(
    story: Story, telling: Telling, *, credit: tuple[Sentence, ...], voice: Wording, pace_wps: float
) -> StoryScript | Left:
    if not telling.pieces:
        return Left(title=story.title, reason=telling.reason, article_id=story.best.id)
    title, headline = _headline(story, telling, voice)
    cuts = tuple(
        Passage(role=Role.STORY, sentences=(*sentences, *credit), story_id=story.id, cut=cut, title=title)
        for cut, sentences in _cuts(telling, voice, pace_wps, lasting_s=_lasting_s(story, credit, pace_wps))
    )
    return StoryScript(story=story, cuts=cuts, headline=headline)


def _headline(story: Story, telling: Telling, voice: Wording) -> tuple[str, Passage | None]:
    """The chapter's title, and the headline as it is read when there is one fit to be read."""
    first = telling.pieces[0].sentences[0]
    headline = voice.kept.headline(story.title, first, partial(_head, story.title, first, voice))
    title = headline or telling.title
    if not headline:
        return title, None
    sentence = voice.say(f"{headline}.", (_origin(story, story.title),))
    return title, Passage(role=Role.HEADLINE, sentences=(sentence,), story_id=story.id, title=title)


def _head(title: str, first_sentence: str, voice: Wording) -> str:
    from bulletin.script.headline import write_headline
    from bulletin.script.plainly import edits_english, head_plainly

    if edits_english(voice.language):
        return write_headline(title, first_sentence=first_sentence)
    phrases = load_phrases(voice.language, folder=voice.folder)
    return head_plainly(title, first_sentence=first_sentence, phrases=phrases)


def _lasting_s(story: Story, credit: tuple[Sentence, ...], pace_wps: float) -> Mapping[Cut, float]:
    """A story that has aired is told short, and shorter than last time: three words in four."""
    shortest_s = BRIEF_S.get(story.section, CUT_S[Cut.SHORT])
    if not story.times_aired:
        return {**CUT_S, Cut.SHORT: shortest_s}
    words = count_words(story.last_said) - sum(count_words(sentence.text) for sentence in credit)
    last_s = words / pace_wps if words > 0 else CUT_S[Cut.NORMAL]
    return {Cut.SHORT: min(shortest_s, 0.75 * last_s)}


def _cuts(
    telling: Telling, voice: Wording, pace_wps: float, *, lasting_s: Mapping[Cut, float] = CUT_S
) -> list[tuple[Cut, tuple[Sentence, ...]]]:
    """
    Longer and longer beginnings of the same telling, so that speech is shared.

    A cut that would be no longer than the one before is left out: little text makes an honest brief.
    """
    longest = max(seconds * OVER[cut] for cut, seconds in lasting_s.items()) * pace_wps
    said: list[tuple[Sentence, ...]] = []
    lengths: list[int] = []
    for piece in telling.pieces:
        said.append(tuple(voice.say(text, piece.origins) for text in piece.sentences))
        lengths.append(sum(count_words(sentence.spoken) for sentence in said[-1]))
        if sum(lengths) > longest:
            break
    cuts: list[tuple[Cut, tuple[Sentence, ...]]] = []
    before = 0
    for cut, seconds in lasting_s.items():
        wanted = seconds * pace_wps
        count = count_fitting(lengths, wanted, most=wanted * OVER[cut])
        if count > before:
            cuts.append((cut, tuple(sentence for piece in said[:count] for sentence in piece)))
            before = count
    return cuts


def count_fitting(lengths: Sequence[int], wanted: float, *, most: float) -> int:
    """
    How many pieces, from the first on, come nearest to the wanted number of words.

    Never none, when there are any; never over `most` words, but for a first piece that is longer.
    """
    best, total, nearest = 0, 0, float("inf")
    for count, length in enumerate(lengths, 1):
        total += length
        if count > 1 and (total > most or abs(total - wanted) >= nearest):
            break
        best, nearest = count, abs(total - wanted)
    return best


def _credit(story: Story, phrases: Phrases, options: ScriptOptions, voice: Wording) -> tuple[Sentence, ...]:
    if not options.credit_sources or not story.best.credit:
        return ()
    text = phrases.credit.replace("{credit}", story.best.credit)
    return (voice.say(text),)


def _origin(story: Story, text: str) -> Origin:
    article = story.best
    return Origin(article_id=article.id, text=text, credit=article.credit, link=article.link)


def _keep_headlines(told: Sequence[StoryScript], *, most: int) -> tuple[StoryScript, ...]:
    """
    Headlines for the first stories only; none when there is a single story, which would be told twice.

    A thin story whose headline nobody hears begins with it, where it does not tell what the headline told: "Tributes
    were paid to Pike" says not what became of Pike.
    """
    kept: list[StoryScript] = []
    count = 0
    for item in told:
        sung = item.headline is not None and item.section not in UNSUNG and len(told) > 1 and count < most
        count += sung
        kept.append(item if sung else replace(_opened_by_headline(item), headline=None))
    return tuple(kept)


def _opened_by_headline(item: StoryScript) -> StoryScript:
    """
    A thin story with its headline before each cut, where that is news; any other as it is.

    Not one that has aired: it must be shorter than last time; nor a model's, which knew the headline.
    """
    if not item.headline or item.section in UNSUNG or item.story.times_aired:
        return item
    if item.rewrite and item.rewrite.state is RewriteState.REWRITTEN:
        return item
    if count_words(item.cuts[-1].text) >= THIN or _tells(item.cuts[-1].text, item.headline.text):
        return item
    opening = item.headline.sentences
    return replace(item, cuts=tuple(replace(cut, sentences=(*opening, *cut.sentences)) for cut in item.cuts))


def _tells(story: str, headline: str) -> bool:
    from bulletin.script.edits.context import weighty  # imported late: few stories are so thin

    told, headed = ({word[:5] for word in weighty(text)} for text in (story, headline))
    return len(told & headed) >= HEARD * len(headed)
