"""Story -> Script: the station's own passages, headlines, and each story at up to three lengths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulletin.config.profile_options import ScriptOptions
from bulletin.editing.edit_article_for_radio import tell_article
from bulletin.editing.edit_non_english_articles import edits_english
from bulletin.editing.edited_article import Telling, ToldUnit
from bulletin.editing.english.guess_parts_of_speech import lower_first
from bulletin.editing.headlines.write_headline import write_headline
from bulletin.editing.sentence_model.airable_sentence_classifier import THRESHOLDS, Thresholds, stricter
from bulletin.editing.sentences.reword_ages_and_yesterday import Days
from bulletin.editing.title_as_printed import headline_as_printed
from bulletin.language.is_text_in_station_language import language_of_article
from bulletin.language.load_station_phrases import Phrases, episode_title
from bulletin.language.split_sentences import count_words
from bulletin.language.text_in_two_scripts import has_other_script
from bulletin.model import (
    Article,
    Cut,
    Left,
    Origin,
    Passage,
    Rewrite,
    Role,
    Script,
    Section,
    Sentence,
    StationWords,
    Story,
    StoryScript,
)
from bulletin.normalization.pronunciation_lexicon import Lexicon
from bulletin.rewriter.rewrite_request import Outcome, Progress, RewriteJob
from bulletin.script.choose_article_to_tell import choose_version
from bulletin.script.clip_sentences import clip_sentences
from bulletin.script.opening_and_closing import StationPassages
from bulletin.script.script_cache import ScriptCache

if TYPE_CHECKING:
    # Only the type: a station without a model needs no guard.
    from bulletin.rewriter.rewrite_story import StoryRewriter

CUT_S: Mapping[Cut, float] = {Cut.SHORT: 15.0, Cut.NORMAL: 25.0, Cut.LONG: 35.0}
"""Target length of each cut, in seconds."""

OVER = {Cut.SHORT: 1.2, Cut.NORMAL: 1.15, Cut.LONG: 1.03}
"""Length of a cut, in targets, above which its last sentence is left out."""

BRIEF_S: Mapping[Section, float] = {Section.WEATHER: 10.0}
"""Sections whose short cut is shorter than other stories': a forecast at the end of a full bulletin."""

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
    rewriting: StoryRewriter | None = None,
    progress: Progress | None = None,
    thresholds: Thresholds = THRESHOLDS[0],
    script_cache: ScriptCache | None = None,
) -> Script:
    """
    Word a bulletin that goes on air at `at`, for a voice that reads `pace_wps` words a second.

    With `rewriting` a language model may reword stories; each story records the result. A sentence is read
    if the sentence model rates it above `thresholds`. Entries of the `script_cache` are not written again. A
    story that cannot be read is left out, with the reason. Raises ConfigError for a language without phrases,
    and for a field in the profile's own words that does not exist.
    """
    script_cache = script_cache or ScriptCache()
    passages = StationPassages(
        station=station, at=at, options=options, lexicon=lexicon, script_cache=script_cache
    )
    passages_of = {station.language: passages} | {
        other: StationPassages(
            station=replace(station, language=other),
            at=at,
            options=options,
            lexicon=lexicon.of(other),
            script_cache=script_cache,
            is_other=True,
        )
        for other in station.others
    }

    def told_by(story: Story) -> StationPassages:
        return passages_of[language_of_article(story.best, station=station.language, others=station.others)]

    days_of = partial(_days_of, at=at, zone=ZoneInfo(station.time_zone))
    versions = [
        _choose_version(story, told_by(story).phrases, days_of, thresholds, script_cache) for story in stories
    ]
    tellings: list[Outcome] = [(telling, None) for _, telling in versions]
    if rewriting:
        most_words = round(CUT_S[Cut.LONG] * pace_wps)
        jobs = [
            RewriteJob(
                article=story.best,
                telling=telling,
                phrases=told_by(story).phrases,
                days=days_of(story.best),
                most_words=most_words,
            )
            for story, telling in versions
        ]
        tellings = rewriting.retell(jobs, progress=progress)
    written = [
        _write_story(story, telling, rewrite, told_by(story), pace_wps)
        for (story, _), (telling, rewrite) in zip(versions, tellings, strict=True)
    ]
    kept = [item for item in written if isinstance(item, StoryScript)]
    return Script(
        station=station,
        title=episode_title(at, zone=station.time_zone, phrases=passages.phrases),
        at=at,
        ident=passages.ident(),
        opening=passages.opening(is_timed=options.time_check),
        opening_later=passages.opening(is_timed=False)
        if options.time_check and passages.tells_time()
        else None,
        stories=_keep_headlines(kept, most=options.headlines),
        closing=passages.closing(),
        left=tuple(item for item in written if isinstance(item, Left)),
    )


def _days_of(article: Article, *, at: datetime, zone: ZoneInfo) -> Days | None:
    """The days from which "yesterday" is reckoned; None for an article without a date."""
    if not article.is_dated:
        return None
    return Days(written=article.published.astimezone(zone).date(), on_air=at.astimezone(zone).date())


def _choose_version(
    story: Story,
    phrases: Phrases,
    days_of: Callable[[Article], Days | None],
    thresholds: Thresholds,
    script_cache: ScriptCache,
) -> tuple[Story, Telling]:
    """The story with the article that is read first, and its words."""

    def tell(article: Article) -> Telling:
        days, least = days_of(article), stricter(thresholds) if story.is_soft else thresholds
        tell_anew = partial(
            tell_article,
            article,
            phrases=phrases,
            days=days,
            said_before=story.said_before,
            thresholds=least,
        )
        key: tuple[object, ...] = (days, story.said_before, least)
        if article.language != phrases.language:
            key = (*key, phrases.language)
        return script_cache.telling(article, key, tell_anew)

    article, telling = choose_version(story, tell)
    others = tuple(other for other in story.articles if other is not article)
    return replace(story, articles=(article, *others)), telling


def _write_story(
    story: Story, telling: Telling, rewrite: Rewrite | None, passages: StationPassages, pace_wps: float
) -> StoryScript | Left:
    if not telling.pieces:
        return Left(title=story.title, reason=telling.reason, article_id=story.best.id)
    title, headline = _headline(story, telling, passages)
    pieces = (_credited(telling.pieces[0], story, passages), *telling.pieces[1:])
    clip = clip_sentences(story.clip, say=passages.say)
    cuts = tuple(
        Passage(
            role=Role.STORY,
            sentences=sentences,
            story_id=story.id,
            cut=cut,
            title=title,
            language=passages.other_language,
        )
        for cut, sentences in _cuts(
            pieces, passages, pace_wps, lasting_s=_lasting_s(story, pace_wps), clip=clip
        )
    )
    return StoryScript(story=story, cuts=cuts, headline=headline, rewrite=rewrite, unread=telling.unread)


def _headline(story: Story, telling: Telling, passages: StationPassages) -> tuple[str, Passage | None]:
    """The chapter's title, and the spoken headline: from the version that is read, else from another."""
    first = telling.pieces[0].sentences[0]
    for article in story.articles:
        write = partial(_chapter_headline, article.title, first, passages.phrases)
        headline = passages.script_cache.text(article.title, first, write=write)
        if headline:
            sentence = passages.say(f"{headline}.", (Origin.of(article, article.title),))
            passage = Passage(
                role=Role.HEADLINE,
                sentences=(sentence,),
                story_id=story.id,
                title=headline,
                language=passages.other_language,
            )
            return headline, passage
    return telling.title, None


def _chapter_headline(title: str, first_sentence: str, phrases: Phrases) -> str:
    if has_other_script(title):
        return ""
    if edits_english(phrases.language):
        return write_headline(title, first_sentence=first_sentence)
    return headline_as_printed(title, first_sentence=first_sentence, phrases=phrases)


def _lasting_s(story: Story, pace_wps: float) -> Mapping[Cut, float]:
    """Seconds of each cut; a story that has aired is short, and a quarter shorter than last time."""
    shortest_s = BRIEF_S.get(story.section, CUT_S[Cut.SHORT])
    if not story.times_aired:
        return {**CUT_S, Cut.SHORT: shortest_s}
    last_words = count_words(story.last_said)
    last_s = last_words / pace_wps if last_words else CUT_S[Cut.NORMAL]
    return {Cut.SHORT: min(shortest_s, 0.75 * last_s)}


def _cuts(
    pieces: Sequence[ToldUnit],
    passages: StationPassages,
    pace_wps: float,
    *,
    lasting_s: Mapping[Cut, float],
    clip: tuple[Sentence, ...] = (),
) -> Iterator[tuple[Cut, tuple[Sentence, ...]]]:
    """
    Cuts of a telling, each a longer beginning, so that they share speech; each ends with the `clip`.

    A cut that would be no longer than the one before is left out: little text makes a short story.
    """
    clip_words = sum(_words_as_long(sentence, pace_wps) for sentence in clip)
    longest = max(seconds * OVER[cut] for cut, seconds in lasting_s.items()) * pace_wps
    units: list[tuple[Sentence, ...]] = []
    lengths: list[int] = []
    for piece in pieces:
        units.append(tuple(passages.say(text, piece.origins) for text in piece.sentences))
        lengths.append(sum(count_words(sentence.spoken) for sentence in units[-1]))
        if sum(lengths) > longest:
            break
    before = 0
    for cut, seconds in lasting_s.items():
        wanted = max(0.0, seconds * pace_wps - clip_words)
        count = count_fitting(lengths, wanted, most=wanted * OVER[cut])
        if count > before:
            yield cut, (*chain.from_iterable(units[:count]), *clip)
        before = max(before, count)


def _words_as_long(sentence: Sentence, pace_wps: float) -> float:
    """Words that the voice reads in the time of a sentence or a recorded voice."""
    return sentence.recording.duration_s * pace_wps if sentence.recording else count_words(sentence.spoken)


def count_fitting(lengths: Sequence[int], wanted: float, *, most: float) -> int:
    """
    Number of pieces, from the first on, that come nearest to the wanted number of words.

    At least one, if there are any; at most `most` words, unless the first piece is longer.

    >>> count_fitting([20, 20, 30], 45, most=50)
    2
    """
    best, total, nearest = 0, 0, float("inf")
    for count, length in enumerate(lengths, 1):
        total += length
        if count > 1 and (total > most or abs(total - wanted) >= nearest):
            break
        best, nearest = count, abs(total - wanted)
    return best


def _credited(lead: ToldUnit, story: Story, passages: StationPassages) -> ToldUnit:
    """The lead with its publisher, "BBC News reports that ..."; after a colon it keeps its capital."""
    if not passages.options.credit_sources or not story.best.credit:
        return lead
    credit = str(passages.phrases.table["says"]["credit"]).replace("{credit}", story.best.credit)
    first, *rest = lead.sentences
    is_clause = not credit.partition("{sentence}")[0].rstrip().endswith(":")
    credited = credit.replace("{sentence}", lower_first(first) if is_clause else first)
    return replace(lead, sentences=(credited[:1].upper() + credited[1:], *rest))


def _keep_headlines(written: Sequence[StoryScript], *, most: int) -> tuple[StoryScript, ...]:
    """Headlines for the first stories only, in their order; none for a single story."""
    heard = most if len(written) > 1 else 0
    return tuple(
        item if index < heard and item.section not in UNSUNG else replace(item, headline=None)
        for index, item in enumerate(written)
    )
