"""Article -> Story: what is told, in which order, and why the rest is not."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bulletin.archive.records import Aired
from bulletin.config.options import StoriesOptions
from bulletin.model import Article, Chosen, Left, Story
from bulletin.stories.filters import screen_articles, settle_breaking
from bulletin.stories.kill import kill_stories
from bulletin.stories.light import is_filed_as_light
from bulletin.stories.merge import merge_articles
from bulletin.stories.newsworthiness import sift_stories
from bulletin.stories.order import order_stories
from bulletin.stories.rank import rank_story
from bulletin.stories.repeats import settle_repeats

log = logging.getLogger(__name__)

_NOTHING: Mapping[str, Aired] = MappingProxyType({})


def choose_stories(
    articles: Sequence[Article],
    *,
    now: datetime,
    options: StoriesOptions,
    language: str = "en-GB",
    aired: Mapping[str, Aired] = _NOTHING,
) -> Chosen:
    """
    Choose the stories of a bulletin, in the order in which they should air.

    `language` is the station's (BCP 47); `aired` is what has been on air, under any keys. Everything
    that is left out is in `left`, with its reason. The order of `articles` makes no difference.
    """
    fit, unfit = screen_articles(articles, now=now, options=options, language=language)
    merged = merge_articles(settle_breaking(fit, now=now), aired=aired, local_words=options.local_words)
    alive, killed = kill_stories(merged.stories, options.kill, aired=merged.aired)
    sifted = sift_stories(alive, options=options, language=language)
    sober, light = _sober(sifted.stories, options)
    ranked = [rank_story(story, now=now, local_words=options.local_words) for story in sober]
    current, spent = settle_repeats(ranked, aired=merged.aired, repeats=options.repeats)
    stories, surplus = order_stories(current, options=options)
    log.info(
        "stories chosen: articles=%d fit=%d events=%d aired=%d",
        len(articles),
        len(fit),
        len(ranked),
        len(stories),
    )
    return Chosen(
        stories=stories,
        left=(*unfit, *killed, *sifted.left, *light, *spent, *surplus),
        ranked=tuple(ranked),
        notes=sifted.notes,
    )


def _sober(stories: Sequence[Story], options: StoriesOptions) -> tuple[Sequence[Story], list[Left]]:
    """Without the light stories, where the profile or the mood asks for that."""
    if options.light:
        return stories, []
    light = [s for s in stories if s.is_light or any(is_filed_as_light(a) for a in s.articles)]
    left = [
        Left(title=a.title, reason="light, and not today", article_id=a.id) for s in light for a in s.articles
    ]
    return [story for story in stories if story not in light], left
