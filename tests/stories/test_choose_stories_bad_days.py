"""Bad days: one story, headlines alone, another language, thousands of entries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.choice import make_day
from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Chosen
from bulletin.stories.choose_stories import choose_stories
from tests.support.factories import NOW, make_article

NEWS = make_article(
    id="news",
    title="Council votes to close Corn Bridge after crash",
    text="Councillors voted on Monday to close Corn Bridge, where two people were killed, police said.",
)


def choose(*articles: Article) -> Chosen:
    return choose_stories(articles, now=NOW, options=StoriesOptions())


def test_a_day_with_one_story_airs_it() -> None:
    chosen = choose(NEWS)

    assert [story.title for story in chosen.stories] == [NEWS.title]
    assert (chosen.left, chosen.reserve, chosen.notes) == ((), (), ())


def test_a_headline_alone_does_not_air_and_has_a_reason() -> None:
    bare = make_article(
        id="bare", feed="b", title="Nurses vote to strike over new rotas", text="", summary=""
    )

    chosen = choose(NEWS, bare)

    assert [story.title for story in chosen.stories] == [NEWS.title]
    assert [(left.title, left.reason) for left in chosen.left] == [(bare.title, "too few words")]


def test_an_article_in_another_language_is_left_out_whatever_its_feed_declares() -> None:
    foreign = make_article(
        id="foreign",
        title="Der Stadtrat schließt die Brücke nach dem Unfall für sechs Wochen",
        text="Der Stadtrat hat am Montag beschlossen, die Brücke nach dem schweren Unfall für sechs Wochen zu schließen.",
        language="en-GB",
    )

    assert [left.reason for left in choose(NEWS, foreign).left] == ["in another language"]


@pytest.mark.slow
def test_two_thousand_entries_in_an_hour_give_a_bulletin_and_a_reason_for_each_other() -> None:
    articles = [
        make_article(
            id=article.id,
            feed=article.feed,
            credit=article.credit,
            link=article.link,
            title=f"Council votes to close {article.title}",
            text=f"The council voted on Monday to close {article.text} The union said so.",
            published=NOW - timedelta(seconds=n * 1.75),
        )
        for n, article in enumerate(make_day(2_000))
    ]

    chosen = choose(*articles)

    chosen_ids = {article.id for story in chosen.stories for article in story.articles}
    left = {item.article_id for item in chosen.left}
    assert len(chosen.stories) == StoriesOptions().most
    assert len(chosen_ids | left | {a.id for story in chosen.reserve for a in story.articles}) == 2_000
