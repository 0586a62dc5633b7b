"""
Articles -> Chosen: the stories of a bulletin in their order, a reserve, and the reason of every other article.

Source: docs/CHOICE.md has the rules in their order; each step has its own source in its module.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bulletin.archive.record_dataclasses import Aired
from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Chosen, Left, Story
from bulletin.stories.apply_kill_list import kill_stories
from bulletin.stories.article_filters import settle_breaking
from bulletin.stories.grouping.find_related_stories import name_related
from bulletin.stories.languages_of_bulletin import Languages
from bulletin.stories.merge_articles import set_stale_apart
from bulletin.stories.newsworthiness.article_genre import is_filed_as_light
from bulletin.stories.ranking.choose_reserve_stories import order_reserve
from bulletin.stories.ranking.limit_repeated_stories import settle_repeats, tell_airings
from bulletin.stories.ranking.pick_best_event_of_running_story import promote_developing
from bulletin.stories.ranking.running_order import KeptOut, order_stories
from bulletin.stories.ranking.score_stories import rank_story

log = logging.getLogger(__name__)


def choose_stories(
    articles: Sequence[Article],
    *,
    now: datetime,
    options: StoriesOptions,
    language: str = "en-GB",
    others: Sequence[str] = (),
    aired: Mapping[str, Aired] | None = None,
    folder: Path | None = None,
) -> Chosen:
    """
    Choose the stories of a bulletin in their running order, and a reserve for a short one.

    `language` is the station's (BCP 47), `others` are further ones of its bulletins; `aired` holds the aired stories under any keys, `folder` the
    station's own languages. `left` names every other article with its reason. The order of `articles` makes no difference.

    docs/CHOICE.md has the rules and what they were measured on.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> text = "A ferry sank off Wexcombe on Monday, and two people died, police said."
    >>> ferry = Article(id="1", feed="a", title="Ferry sinks off Wexcombe", summary="", text=text, published=at)
    >>> guide = Article(id="2", feed="a", title="Ten ways to cook fish", summary="", text=text, published=at)
    >>> chosen = choose_stories([guide, ferry], now=at, options=StoriesOptions())
    >>> [story.title for story in chosen.stories], chosen.left[0].reason
    (['Ferry sinks off Wexcombe'], 'guide: the headline has “ways to”')
    """
    languages = Languages(station=language, others=tuple(others), folder=folder)
    screened = languages.screen(articles, now=now, options=options)
    fit = settle_breaking((*screened.fit, *screened.stale), now=now)
    merged = languages.merge(fit, aired=aired or {}, hints=screened.hints, local_words=options.local_words)
    merged, old = set_stale_apart(merged, frozenset(screened.stale))
    alive, killed = kill_stories(merged.stories, options.kill, aired=merged.aired)
    sifted = languages.sift(alive, options=options)
    sober, light = _sober(sifted.stories, options)
    scored = [
        rank_story(story, now=now, options=options, language=languages.of(story.best), folder=folder)
        for story in sober
    ]
    hints = (*screened.hints, *_without(alive, sifted.stories))
    ranked, steps = promote_developing(scored, affairs=merged.affairs, hints=hints, owners=options.owners)
    current, spent = settle_repeats(ranked, aired=merged.aired, repeats=options.repeats)
    doubtful = [s for s in current if _waits(s, options) and not sifted.notes]
    set_apart = {story.id for story in doubtful} | old
    offered = [story for story in current if story.id not in set_apart]
    related = name_related((*current, *spent), events=merged.events, pairs=merged.related, steps=steps)
    stories, surplus = order_stories(offered, options=options, steps=steps, related=related)
    if others:
        stories = languages.take_turns(stories)
    in_need = _keep_for_need(current, spent, doubtful, old=old, doubts=sifted.doubts)
    counts = (len(articles), len(screened.fit), len(ranked), len(stories))
    log.info("stories chosen: articles=%d usable=%d stories=%d chosen=%d", *counts)
    kept = (item.left for item in (*in_need, *surplus) if item.story.id not in old)
    return Chosen(
        stories=stories,
        left=(*screened.left, *killed, *sifted.left, *light, *kept),
        ranked=tuple(story for story in ranked if story.id not in old),
        reserve=order_reserve((*surplus, *in_need)),
        steps=steps,
        related=related,
        notes=sifted.notes,
    )


def _without(stories: Sequence[Story], kept: Sequence[Story]) -> list[Article]:
    """
    Articles of the stories that are not in `kept`.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 24, tzinfo=UTC)
    >>> article = Article(id="1", feed="a", title="Ferry", summary="", text="", published=at)
    >>> ferry = Story(id="1", articles=(article,))
    >>> [article.title for article in _without([ferry], [])], _without([ferry], [ferry])
    (['Ferry'], [])
    """
    names = {story.id for story in kept}
    return [article for story in stories if story.id not in names for article in story.articles]


def _waits(story: Story, options: StoriesOptions) -> bool:
    """
    Whether a story may be a feature and waits for hard news; a light story has its own place.

    >>> feature = Story(id="1", articles=(), is_soft=True)
    >>> _waits(feature, StoriesOptions(only_hard=True)), _waits(feature, StoriesOptions(only_hard=False))
    (True, False)
    """
    return options.only_hard and story.is_soft and not story.is_light


def _keep_for_need(
    current: Sequence[Story],
    spent: Sequence[Story],
    doubtful: Sequence[Story],
    *,
    old: Collection[str],
    doubts: Mapping[str, str],
) -> list[KeptOut]:
    """
    Stories that may fill a short bulletin: repeated, doubtful and old ones, with the limit that gives way.

    Of a story's limits its age counts.

    >>> ferry, quay = Story(id="ferry", articles=(), times_aired=4), Story(id="quay", articles=())
    >>> kept = _keep_for_need([quay], [ferry], [], old={"quay"}, doubts={})
    >>> [(item.story.id, item.limits, item.reason) for item in kept]
    [('ferry', ('repeats',), 'aired 4 times'), ('quay', ('max_age_h',), '')]
    """
    tired = [KeptOut(story=s, limits=("repeats",), reason=tell_airings(s.times_aired)) for s in spent]
    waiting = [KeptOut(story=s, limits=("only_hard",), reason=doubts.get(s.id, "")) for s in doubtful]
    fresh = [item for item in (*tired, *waiting) if item.story.id not in old]
    stale = [KeptOut(story=s, limits=("max_age_h",)) for s in current if s.id in old]
    return [*fresh, *stale]


def _sober(stories: Sequence[Story], options: StoriesOptions) -> tuple[Sequence[Story], list[Left]]:
    """
    Light stories, dropped where the profile or the mood asks for that; each article has its reason.

    >>> cat = Story(id="cat", articles=(), is_light=True)
    >>> _sober([cat], StoriesOptions(light=False)), _sober([cat], StoriesOptions(light=True))[0] == [cat]
    (([], []), True)
    """
    if options.light:
        return stories, []
    light = [s for s in stories if s.is_light or any(is_filed_as_light(a) for a in s.articles)]
    left = [
        Left(title=a.title, reason="light stories off", article_id=a.id) for s in light for a in s.articles
    ]
    return [story for story in stories if story not in light], left
