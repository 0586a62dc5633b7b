"""
Articles of a bulletin in several languages: each language is screened, grouped and sifted by its own words.

Source: design note 0076. Headlines in two languages share names only, so they are never grouped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.archive.record_dataclasses import Aired
from bulletin.config.profile_options import StoriesOptions
from bulletin.language.is_text_in_station_language import language_of_article
from bulletin.model import Article, Section, Story
from bulletin.stories.article_filters import ScreenedArticles, screen_articles
from bulletin.stories.merge_articles import MergedStories, merge_articles
from bulletin.stories.newsworthiness.hard_or_soft_news import SiftedStories, sift_stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """The station's language and the others of its bulletins (BCP 47)."""

    station: str
    others: tuple[str, ...] = ()
    folder: Path | None = None
    """Folder of the station's own languages."""

    def of(self, article: Article) -> str:
        """
        Language in which an article is told.

        >>> from datetime import UTC
        >>> at = datetime(2026, 11, 24, tzinfo=UTC)
        >>> text = "Der Rat der Stadt hat die Brücke nach dem Sturm nicht gesperrt."
        >>> article = Article(id="1", feed="a", title="", summary="", text=text, published=at, language="de")
        >>> Languages(station="en-GB", others=("de",)).of(article), Languages(station="en-GB").of(article)
        ('de', 'en-GB')
        """
        return language_of_article(article, station=self.station, others=self.others)

    def screen(
        self, articles: Iterable[Article], *, now: datetime, options: StoriesOptions
    ) -> ScreenedArticles:
        """`screen_articles` for each language. Example: `take_turns`."""
        parts = [
            screen_articles(group, now=now, options=options, language=language, folder=self.folder)
            for language, group in self._share(articles).items()
        ]
        return ScreenedArticles(
            fit=tuple(article for part in parts for article in part.fit),
            stale=tuple(article for part in parts for article in part.stale),
            hints=tuple(article for part in parts for article in part.hints),
            left=tuple(left for part in parts for left in part.left),
        )

    def merge(
        self,
        articles: Sequence[Article],
        *,
        aired: Mapping[str, Aired],
        hints: Sequence[Article],
        local_words: Collection[str],
    ) -> MergedStories:
        """`merge_articles` for each language; no label belongs to two. Example: `take_turns`."""
        hints_of = self._share(hints)
        merged = MergedStories(stories=(), aired={}, affairs={}, events={}, related=frozenset())
        for language, group in self._share(articles).items():
            own_hints = hints_of.get(language, [])
            part = merge_articles(
                group, aired=aired, hints=own_hints, local_words=local_words, language=language
            )
            merged = _join(merged, part) if merged.stories else part
        return merged

    def sift(self, stories: Sequence[Story], *, options: StoriesOptions) -> SiftedStories:
        """`sift_stories` for each language; a note on lacking news counts only if all lack it. Example: `take_turns`."""
        groups: dict[str, list[Story]] = {}
        for story in stories:
            groups.setdefault(self.of(story.best), []).append(story)
        if len(groups) < 2:
            language = next(iter(groups), self.station)
            return sift_stories(stories, options=options, language=language, folder=self.folder)
        parts = [
            sift_stories(group, options=options, language=language, folder=self.folder)
            for language, group in groups.items()
        ]
        return SiftedStories(
            stories=tuple(sorted((s for part in parts for s in part.stories), key=lambda story: story.id)),
            left=tuple(left for part in parts for left in part.left),
            notes=parts[0].notes if all(part.notes for part in parts) else (),
            doubts={name: why for part in parts for name, why in part.doubts.items()},
        )

    def take_turns(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """
        The running order with the languages of its news in turn, the best of each first; other sections stay in place.

        Scores of two languages are hardly comparable: their words are weighed by different lists.

        >>> from datetime import UTC
        >>> at = datetime(2026, 11, 24, tzinfo=UTC)
        >>> texts = {
        ...     "de": "Der Rat der Stadt hat die Brücke nach dem Sturm nicht gesperrt.",
        ...     "en": "The council has shut the bridge after the storm.",
        ... }
        >>> articles = [
        ...     Article(id=tag, feed=tag, title=text, summary="", text=text, published=at, language=tag)
        ...     for tag, text in texts.items()
        ... ]
        >>> both, options = Languages(station="en-GB", others=("de",)), StoriesOptions()
        >>> fit = both.screen(articles, now=at, options=options).fit
        >>> stories = both.merge(fit, aired={}, hints=(), local_words=()).stories
        >>> [story.best.id for story in both.take_turns(both.sift(stories, options=options).stories)]
        ['de', 'en']
        """
        places = [
            n for n, story in enumerate(stories) if story.section is Section.NEWS and not story.is_light
        ]
        told: Counter[str] = Counter()
        turns: list[tuple[int, int]] = []
        for place in places:
            language = self.of(stories[place].best)
            turns.append((told[language], place))
            told[language] += 1
        moved = dict(zip(places, (stories[place] for _, place in sorted(turns)), strict=True))
        return tuple(moved.get(n, story) for n, story in enumerate(stories))

    def _share(self, articles: Iterable[Article]) -> dict[str, list[Article]]:
        """Articles by language, the station's first. Example: `take_turns`."""
        groups: dict[str, list[Article]] = {self.station: []}
        for article in articles:
            groups.setdefault(self.of(article), []).append(article)
        return groups


def _join(first: MergedStories, second: MergedStories) -> MergedStories:
    """
    Move the labels of the second behind those of the first.

    >>> one = MergedStories(stories=(), aired={}, affairs={"a": 0}, events={"a": 1}, related=frozenset())
    >>> two = MergedStories(stories=(), aired={}, affairs={"b": 0}, events={"b": 0}, related=frozenset({(0, 1)}))
    >>> both = _join(one, two)
    >>> both.affairs, both.events, sorted(both.related)
    ({'a': 0, 'b': 2}, {'a': 1, 'b': 2}, [(2, 3)])
    """
    labels = (*first.affairs.values(), *first.events.values())
    labels += tuple(label for pair in first.related for label in pair)
    behind = max(labels, default=-1) + 1
    return MergedStories(
        stories=(*first.stories, *second.stories),
        aired={**first.aired, **second.aired},
        affairs={**first.affairs, **{name: label + behind for name, label in second.affairs.items()}},
        events={**first.events, **{name: label + behind for name, label in second.events.items()}},
        related=first.related | {(a + behind, b + behind) for a, b in second.related},
    )
