"""choose_stories: articles in, stories in running order out."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.archive.record_dataclasses import Aired
from bulletin.config.profile_options import StoriesOptions
from bulletin.model import Article, Chosen
from bulletin.stories.choose_stories import choose_stories
from tests.support.factories import NOW, make_article

EVENTS = (
    (
        "Corn Bridge to close for six weeks",
        "Cracks in two arches of the bridge must be mended, engineers say.",
    ),
    (
        "Nurses vote to strike over rotas",
        "The union says that four in five of those who voted want a walkout.",
    ),
    (
        "Solar farm refused by seven votes",
        "Villagers cheered when the planning committee turned down the panels.",
    ),
    ("Tortoise found after eleven months", "Gerald was three fields from home and ate half a cucumber."),
    ("Bakery to bring 180 jobs", "The firm Hollinbrook says that its factory will open in eighteen months."),
)


def make_day() -> list[Article]:
    return [
        make_article(
            id=f"n{n}",
            feed=f"feed{n}",
            title=title,
            text=text,
            summary=text,
            published=NOW - timedelta(hours=n),
        )
        for n, (title, text) in enumerate(EVENTS)
    ]


def from_other_publishers(event: int, *papers: str) -> list[Article]:
    """Articles about the same event by other publishers."""
    title, text = EVENTS[event]
    return [
        make_article(id=paper, feed=paper, credit=paper, link="", title=title, text=text, summary=text)
        for paper in papers
    ]


def choose(articles: list[Article], aired: dict[str, Aired] | None = None, **options: object) -> Chosen:
    return choose_stories(articles, now=NOW, options=StoriesOptions(**options), aired=aired or {})


def remember(chosen: Chosen, number: int, *, times: int) -> dict[str, Aired]:
    return {
        story.id: Aired(
            story_id=story.id,
            article_ids=tuple(a.id for a in story.articles),
            title=story.title,
            text=story.best.text,
            times=times,
            first_at=NOW,
            last_at=NOW,
        )
        for story in chosen.stories[:number]
    }


def test_important_news_leads_and_the_light_story_closes() -> None:
    assert [story.id for story in choose(make_day()).stories] == ["n1", "n0", "n4", "n2", "n3"]


def test_no_articles_no_stories() -> None:
    assert choose([]) == Chosen(stories=())


def test_only_unfit_articles_leave_reasons() -> None:
    chosen = choose(
        [make_article(published=NOW - timedelta(days=3)), make_article(id="b", title="Match live: 1-0")]
    )

    assert chosen.stories == ()
    assert [item.reason for item in chosen.left] == [
        "older than 24 hours (72 h)",
        "live blog: the headline has “live:”",
    ]


def test_the_lead_of_an_hour_ago_gives_way_to_equally_important_fresh_news() -> None:
    first = choose(make_day())

    second = choose(make_day(), remember(first, 1, times=3))

    assert [story.id for story in first.stories][:2] == ["n1", "n0"]
    assert [story.id for story in second.stories][:2] == ["n0", "n4"]
    assert next(story for story in second.stories if story.id == "n1").times_aired == 3


def test_the_top_story_stays_and_leads() -> None:
    """Four publishers report the vote: a small story does not go before it only because it is new."""
    day = [*make_day(), *from_other_publishers(1, "t0", "t1", "t2")]

    chosen = choose(day, remember(choose(day), 1, times=5))

    assert (chosen.stories[0].id, chosen.stories[0].times_aired) == ("n1", 5)


def test_a_day_of_repeats_has_them_in_reserve_the_least_aired_first() -> None:
    first = choose(make_day())
    aired = {
        story.id: replace(memory, times=20 - n)
        for n, story in enumerate(first.stories)
        for memory in remember(first, 5, times=20).values()
        if memory.story_id == story.id
    }

    chosen = choose(make_day(), aired)

    assert chosen.stories == ()
    assert [story.times_aired for story in chosen.reserve] == [16, 17, 18, 19, 20]
    assert {left.limit for left in chosen.left} == {"repeats"}


def test_yesterdays_news_is_the_last_reserve() -> None:
    titled = {"title": "Old mill burns down", "text": "The old mill at Oakfold has burnt down, they said."}
    old = [make_article(id="mill", published=NOW - timedelta(hours=30), **titled)]
    same = [
        make_article(id="same", published=NOW - timedelta(hours=30), title=EVENTS[0][0], text=EVENTS[0][1])
    ]

    chosen = choose([*make_day(), *old, *same], most=4)

    assert [story.id for story in chosen.reserve] == ["n2", "mill"]
    assert all(article.id != "same" for story in chosen.stories for article in story.articles)


def test_nine_stories_of_one_feed_are_all_chosen_or_in_reserve() -> None:
    day = [replace(article, feed="gazette") for article in make_day()]

    chosen = choose(day, per_source=3)

    assert len(chosen.stories) == 3
    assert len(chosen.stories) + len(chosen.reserve) == len(EVENTS)


def test_the_kill_list_reaches_every_publisher_of_a_story() -> None:
    day = make_day()
    twin = make_article(
        id="twin", feed="herald", credit="Herald", title=EVENTS[0][0], text=EVENTS[0][1] + " Oakfold pays."
    )

    chosen = choose([*day, twin], kill=("Oakfold",))

    assert "n0" not in {story.id for story in chosen.stories}
    assert "twin" not in {article.id for story in chosen.stories for article in story.articles}


def test_the_worked_example_of_the_documentation() -> None:
    """Table and order of docs/CHOICE.md."""
    more = " Residents spoke of it at length; neighbours and visitors said what they thought of it."
    rows = [
        ("fire", "gazette", "local", 0, 1.0, "Sixty firefighters tackle blaze at Oakfold furniture warehouse",
         "Sixty firefighters are at a blaze in the Oakfold furniture warehouse in Wexcombe."),
        ("fire2", "herald", "region", 2, 0.5, "Oakfold furniture warehouse destroyed by fire in Wexcombe",
         "The Oakfold furniture warehouse in Wexcombe has been destroyed by fire; sixty firefighters are there."),
        ("jobs", "herald", "region", 0, 6.0, "Bakery to bring 180 jobs to Marlbridge",
         "The firm Hollinbrook will build a bakery in Marlbridge with 180 jobs."),
        ("bridge", "gazette", "local", 1, 2.0, "Corn Bridge to close for six weeks",
         "Cracks in two arches of Corn Bridge must be mended."),
        ("goose", "gazette", "local", 5, 3.0, "Doris the goose gets her own road sign",
         "A goose called Doris holds up the school run in Thornley each morning."),
        ("cup", "sport", "sport", 0, 10.0, "Town win the county cup",
         "Wexcombe Town have beaten Marlbridge by two goals to one in the final."),
    ]  # fmt: skip
    articles = [
        make_article(
            id=name,
            feed=feed,
            credit=feed,
            link=f"https://{feed}.example/{name}",
            category=category,
            weight=1.2 if feed == "gazette" else 1.0,
            position=position,
            published=NOW - timedelta(hours=age_h),
            title=title,
            summary=lead,
            text=lead + more * 2,
        )
        for name, feed, category, position, age_h, title, lead in rows
    ]
    aired = Aired(
        story_id="bridge",
        article_ids=("bridge",),
        title="Corn Bridge to close for six weeks",
        text=rows[3][-1],
        times=1,
        first_at=NOW - timedelta(hours=1),
        last_at=NOW - timedelta(hours=1),
    )
    places = ("Wexcombe", "Marlbridge", "Thornley")

    chosen = choose(articles, {"bridge": aired}, local_words=places)

    assert [(story.id, round(story.score, 2)) for story in chosen.stories] == [
        ("fire", 12.36),
        ("jobs", 7.33),
        ("bridge", 4.28),
        ("cup", 4.44),
        ("goose", 5.91),
    ]
    for title, times in (
        ("Corn Bridge will close for six weeks", 1),
        ("Corn Bridge to close for ten weeks", 0),
    ):
        later = [replace(a, title=title, published=NOW) if a.id == "bridge" else a for a in articles]
        stories = choose(later, {"bridge": aired}, local_words=places).stories
        assert next(story for story in stories if story.id == "bridge").times_aired == times


def test_a_sad_day_has_no_light_story_and_says_so() -> None:
    joke = make_article(id="joke", category="jokes", title="Vicar fell off a roof", published=NOW)

    chosen = choose([*make_day(), joke], light=False)

    assert [story.id for story in chosen.stories] == ["n1", "n0", "n4", "n2"]
    assert {(item.article_id, item.reason) for item in chosen.left} == {
        ("n3", "light stories off"),
        ("joke", "light stories off"),
    }


def test_several_publishers_raise_the_score_of_a_story() -> None:
    day = make_day()

    lead = choose([*day, *from_other_publishers(2, "t0", "t1", "t2")]).stories[0]

    assert len(lead.articles) == 4
    assert "4 publishers" in [reason.note for reason in lead.reasons]


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6), st.integers(0, 8))
def test_the_choice_does_not_depend_on_the_order_of_the_articles(
    dice: random.Random, most: int, times: int
) -> None:
    day = make_day()
    aired = remember(choose(day), 2, times=times) if times else {}

    shuffled = dice.sample(day, len(day))

    assert choose(shuffled, aired, most=most).stories == choose(day, aired, most=most).stories


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            make_article,
            id=st.sampled_from("abcdefgh"),
            title=st.text(max_size=40),
            text=st.text(max_size=200),
            link=st.text(max_size=30),
            category=st.sampled_from(["news", "sport", "weather", ""]),
        ),
        max_size=8,
    )
)
def test_every_article_airs_or_has_a_reason(articles: list[Article]) -> None:
    chosen = choose(articles)

    chosen_ids = {article.id for story in chosen.stories for article in story.articles}
    assert {article.id for article in articles} == chosen_ids | {item.article_id for item in chosen.left}
    reserved = {article.id for story in chosen.reserve for article in story.articles}
    assert reserved <= {item.article_id for item in chosen.left if item.limit}
    assert all(item.reason for item in chosen.left)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too few words"),
        ("Bridge", "too few words"),
        ("The council said that the bridge at Wexcombe would close for six weeks. " * 1_400, ""),
        ("a" * 100_000, "too few words"),
        ("." * 100_000, "too few words"),
        ("word " * 20_000, "in another language"),
        ("word\n" * 20_000, "in another language"),
        ("10:42 " * 17_000, ""),
        ("Embargoed until noon. " * 5_000, "under embargo by its own words"),
        ("\u05e9\u05dc\u05d5\u05dd " * 20_000, "in another language"),
        ("\N{FACE SCREAMING IN FEAR}" * 25_000, "too few words"),
        ("\0" * 100_000, "too few words"),
        ("\n".join(f"Item {n}" for n in range(5_000)), "only a list"),
        ("10:42 The bridge is shut.\n\n" * 4_000, "live blog: its paragraphs begin with the time of day"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_a_hostile_text_airs_or_has_a_reason(text: str, reason: str) -> None:
    """For no text, one word or a hundred kilobytes the choice never fails and names the articles it leaves out."""
    article = make_article(text=text, summary="")

    chosen = choose_stories([article], now=NOW, options=StoriesOptions(local_words=("Wexcombe",)))

    assert [left.reason for left in chosen.left] == ([reason] if reason else [])
    assert len(chosen.stories) == (0 if reason else 1)
