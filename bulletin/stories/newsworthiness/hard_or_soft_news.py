"""
Article -> Judgement: hard, doubtful, soft or never, and the reason in words for the editor.

Source: hard news is an event that must be reported today, soft news may wait (Tuchman 1973, "Making news by doing
work", American Journal of Sociology 79). docs/CHOICE.md, "What is news", has the thresholds;
`python -m bench.newsworthiness` measures precision and recall.

`python -m bench.rule_matches` chooses from the 604 fresh articles without local words, own stories and light ones,
so that `_is_local`, `_is_own` and `_is_grave` match none there. They are kept, because stations have all three.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Left, Section, Story
from bulletin.stories.newsworthiness.article_genre import find_byline, find_form, is_filed_as_light
from bulletin.stories.newsworthiness.find_news_value_signals import (
    find_signals,
    find_word,
    find_words,
    headline_of,
    name_sections,
    names_outlet,
    without_quotations,
)
from bulletin.stories.newsworthiness.load_news_word_lists import Genre, NewsTable, read_table

_OUTSIDE = (Section.TRAVEL, Section.WEATHER)
"""
>>> Section.WEATHER in _OUTSIDE, Section.NEWS in _OUTSIDE
(True, False)
"""
_HARD_FROM, _SURELY_SOFT = 1.5, -1.0
"""Scores; a piece between them is doubtful. Example: `_weigh`."""
_OFFBEAT = "offbeat"
"""
>>> any(genre.name == _OFFBEAT for genre in read_table("en").genres)
True
"""
_FIRST_PERSON = "first person"
"""
Genre for which quotations do not count, because their "I" is a speaker's.

>>> any(genre.name == _FIRST_PERSON for genre in read_table("en").genres)
True
"""
NO_HARD_NEWS = "no hard news today: the station's own, local, light and doubtful stories air"


class NewsWorth(StrEnum):
    """Worth of a piece."""

    HARD = "hard"
    DOUBTFUL = "doubtful"
    """Airs after all hard news, if that does not fill the bulletin."""
    SOFT = "soft"
    """Airs as the light story at the end, if at all."""
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Worth of a piece, and its reason."""

    worth: NewsWorth = NewsWorth.HARD
    reason: str = ""
    """ "opinion: the page's type is OpinionNewsArticle"."""
    surely: float = field(default=0.0, compare=False)
    """Points of hard news above the threshold; 0 where nothing was weighed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiftedStories:
    """Stories that may air, and articles that are no news."""

    stories: tuple[Story, ...]
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
    """Id of a doubtful story -> reason against it."""


def why_never(article: Article, *, options: StoriesOptions, language: str, folder: Path | None = None) -> str:
    """
    Reason that an article may not air at all, or nothing.

    >>> from datetime import UTC, datetime
    >>> published = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="Ten ways to cook fish", summary="", text="", published=published)
    >>> why_never(article, options=StoriesOptions(), language="en")
    'guide: the headline has “ways to”'
    """
    judgement = judge_article(article, options=options, language=language, folder=folder)
    return judgement.reason if judgement.worth is NewsWorth.NEVER else ""


def judge_article(
    article: Article, *, options: StoriesOptions, language: str, folder: Path | None = None
) -> Judgement:
    """
    Judge an article by its page's type, its section, the form of its headline and its text, then its lead.

    The station's own stories, travel and weather are always news. `folder` holds the station's own languages.

    The order and its accuracy are in docs/CHOICE.md, "Hard and soft news".

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> text, options = "A ferry sank off Wexcombe on Monday, and two people died, police said.", StoriesOptions()
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks off Wexcombe", summary="", text=text, published=at)
    >>> column = replace(ferry, page_type="OpinionNewsArticle")
    >>> [judge_article(article, options=options, language="en").worth.value for article in (ferry, column)]
    ['hard', 'never']
    """
    if article.is_local or article.section in _OUTSIDE:
        return Judgement()
    own = (options.hard_words, options.soft_words, options.never)
    return _judge(article, language, folder, *own, options.airs)


@lru_cache(maxsize=16_384)
def _judge(
    article: Article,
    language: str,
    folder: Path | None,
    hard_words: tuple[str, ...],
    soft_words: tuple[str, ...],
    never: tuple[str, ...],
    airs: tuple[str, ...],
) -> Judgement:
    """Judge once: a service meets the same entries every hour. Example: `judge_article`."""
    own = {"hard_words": hard_words, "soft_words": soft_words, "never": never}
    table = read_table(language, folder=folder, **own)
    kinds = list(_genres(article, table)) + list(find_form(article, language))
    forbidden = next(((kind, why) for kind, is_soft, why in kinds if not is_soft and kind not in airs), None)
    if forbidden:
        return Judgement(worth=NewsWorth.NEVER, reason=": ".join(forbidden))
    if any(kind in airs for kind, _, _ in kinds):
        return Judgement()
    soft = next(((kind, why) for kind, is_soft, why in kinds if is_soft), None)
    if soft and ("bias" not in table.weights or soft[0] == _OFFBEAT):
        return Judgement(worth=NewsWorth.SOFT, reason=": ".join(soft))
    if article.section is Section.SPORT:
        return Judgement()  # sport has its own section, and a result needs no deed in its headline
    return _weigh(article, table)


def sift_stories(
    stories: Sequence[Story], *, options: StoriesOptions, language: str, folder: Path | None = None
) -> SiftedStories:
    """
    Drop stories that no publisher reports as hard news; in the others, hard versions come first.

    A light story may close the bulletin. Without any hard news, local and doubtful stories air too; without those,
    all soft ones.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> text, options = "A ferry sank off Wexcombe on Monday, and two people died, police said.", StoriesOptions()
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks off Wexcombe", summary="", text=text, published=at)
    >>> column = replace(ferry, id="2", page_type="OpinionNewsArticle")
    >>> stories = [Story(id=article.id, articles=(article,)) for article in (ferry, column)]
    >>> [story.id for story in sift_stories(stories, options=options, language="en").stories]
    ['1']
    """
    kept: list[Story] = []
    soft: list[tuple[Story, Judgement]] = []
    for story in stories:
        judged = [judge_article(a, options=options, language=language, folder=folder) for a in story.articles]
        pairs = zip(story.articles, judged, strict=True)
        hard = [article for article, judgement in pairs if judgement.worth is NewsWorth.HARD]
        if not hard and judged[0].worth is NewsWorth.DOUBTFUL and _is_local(story, options):
            hard = [story.best]  # local events are news to a local station
        if hard:
            others = [article for article in story.articles if article not in hard]
            kept.append(replace(story, articles=(*hard, *others)))
        else:
            soft.append((story, judged[0]))
    has_news = any(s.section is Section.NEWS and not s.is_light and not _is_own(s) for s in kept)
    left: list[Left] = []
    refused: list[Story] = []
    for story, judgement in soft:
        if may := _allow_soft(story, judgement, options, language, has_news=has_news):
            kept.append(may)
        else:
            refused.append(story)
            left += [Left(title=a.title, reason=judgement.reason, article_id=a.id) for a in story.articles]
    if not kept:
        kept, left = [replace(story, is_soft=True) for story in refused], []
    kept.sort(key=lambda story: story.id)
    notes = (NO_HARD_NEWS,) if soft and not has_news else ()
    doubts = {story.id: judged.reason for story, judged in soft if judged.worth is NewsWorth.DOUBTFUL}
    return SiftedStories(stories=tuple(kept), left=tuple(left), notes=notes, doubts=doubts)


def _is_own(story: Story) -> bool:
    """
    Whether a story is the station's own.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="", summary="", text="", published=at, is_local=True)
    >>> _is_own(Story(id="1", articles=(ferry,)))
    True
    """
    return any(article.is_local for article in story.articles)


def _is_local(story: Story, options: StoriesOptions) -> bool:
    """
    Whether a story is local: filed so, or with a word of the patch in headline or summary.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", title="Wexcombe ferry", summary="", text="", published=at)
    >>> story = Story(id="1", articles=(ferry,))
    >>> _is_local(story, StoriesOptions(local_words=("Wexcombe",))), _is_local(story, StoriesOptions())
    (True, False)
    """
    return any(
        article.category.casefold() == "local"
        or bool(find_word(f"{article.title} {article.summary}", options.local_words))
        for article in story.articles
    )


def _allow_soft(
    story: Story, judgement: Judgement, options: StoriesOptions, language: str, *, has_news: bool
) -> Story | None:
    """
    Soft story that may air, marked: a light or doubtful one, or a local one on a day without hard news.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> ferry = Article(id="1", feed="a", category="local", title="", summary="", text="", published=at)
    >>> story, soft = Story(id="1", articles=(ferry,)), Judgement(worth=NewsWorth.SOFT)
    >>> [bool(_allow_soft(story, soft, StoriesOptions(), "en", has_news=has)) for has in (True, False)]
    [False, True]
    """
    filed = any(is_filed_as_light(article) for article in story.articles)
    if filed or (story.is_light and not _is_grave(story.best, language)):
        return replace(story, is_soft=True, is_light=True)
    may = judgement.worth is NewsWorth.DOUBTFUL or (_is_local(story, options) and not has_news)
    return replace(story, is_soft=True, is_light=False) if may else None


def _is_grave(article: Article, language: str) -> bool:
    """
    Whether its headline mentions harm, courts or government, so it cannot be the light story.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"id": "1", "feed": "a", "summary": "", "text": "", "published": at}
    >>> titles = ("Two killed on ferry", "Goat rides ferry")
    >>> [_is_grave(Article(title=title, **row), "en") for title in titles]
    [True, False]
    """
    signals = find_signals(article, read_table(language))
    return bool(signals & {"title harm", "title office"})


def _genres(article: Article, table: NewsTable) -> Iterator[tuple[str, bool, str]]:
    """
    Genres that are no hard news, with name, softness and evidence: by type, then section, then headline.

    That order puts the surest evidence first.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"id": "1", "feed": "a", "summary": "", "text": "", "published": at}
    >>> guide = Article(title="Recipe: fish", page_type="Review", link="https://a.example/opinion/1", **row)
    >>> [why for _, _, why in _genres(guide, read_table("en"))]
    ["the page's type is Review", 'it is in the section “opinion”', 'the headline has “recipe:”']
    """
    sections, title = _sections(article, table), headline_of(article)
    own = without_quotations(title)
    for genre in table.genres:
        if article.page_type.casefold() in genre.types:
            yield genre.name, genre.is_soft, f"the page's type is {article.page_type}"
    for genre in table.genres:
        for name in sections:
            if name in genre.sections:
                yield genre.name, genre.is_soft, f"it is in the section “{name}”"
    for genre in table.genres:
        if words := _headline_words(genre, own if genre.name == _FIRST_PERSON else title):
            yield genre.name, genre.is_soft, f"the headline has “{words}”"
    for genre in table.genres:
        if words := find_byline(genre, article):
            yield genre.name, genre.is_soft, f"its summary or text has “{words}”"


def _sections(article: Article, table: NewsTable) -> tuple[str, ...]:
    """
    Sections of an article; in an unmeasured language without the name of the whole site.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> link, title = "https://temporeal.example/ferry", "Balsa afunda em Wexum - Tempo Real"
    >>> ferry = Article(id="1", feed="a", summary="", text="", published=at, link=link, title=title)
    >>> _sections(ferry, read_table("pt")), _sections(ferry, read_table("en"))
    ((), ('tempo real',))
    """
    named = name_sections(article)
    is_measured = "bias" in table.weights
    return named if is_measured else tuple(name for name in named if not names_outlet(name, article.link))


def _headline_words(genre: Genre, title: str) -> str:
    """
    Words of a headline that show its genre; a quotation's are its speaker's and do not count.

    >>> guide = next(genre for genre in read_table("en").genres if genre.name == "guide")
    >>> _headline_words(guide, "ten ways to cook fish"), _headline_words(guide, "mayor: 'ten ways to cheat'")
    ('ways to', '')
    """
    # a quotation is its speaker's: "You can't do that", says the victim
    match = genre.headlines.search(without_quotations(title)) if genre.headlines else None
    return match[0].strip(" |–—-") if match else ""


def _weigh(article: Article, table: NewsTable) -> Judgement:
    """
    Sum of the signals of headline and lead, which parts hard, doubtful and soft news; it names the worst two.

    A language without weights takes everything for news.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> row = {"id": "1", "feed": "a", "summary": "", "text": "", "published": at}
    >>> why = Article(title="Why is the ferry so lovely?", **row)
    >>> _weigh(why, read_table("en")).worth.value, _weigh(why, read_table("eo")).worth.value
    ('soft', 'hard')
    """
    signals = find_signals(article, table)
    weights = (table.weights.get(name, 0.0) for name in signals | find_words(article))
    # the order of a set changes a plain sum
    score = math.fsum((table.weights.get("bias", _HARD_FROM), *weights))
    if score >= _HARD_FROM:
        return Judgement(surely=round(score - _HARD_FROM, 2))
    against = sorted((table.weights.get(signal, 0.0), signal) for signal in signals)[:2]
    why = [table.meanings.get(signal, signal) for weight, signal in against if weight < 0]
    reason = f"feature: {' and '.join(why) or 'no event in headline or lead'} (score {score:.1f})"
    return Judgement(worth=NewsWorth.SOFT if score < _SURELY_SOFT else NewsWorth.DOUBTFUL, reason=reason)
